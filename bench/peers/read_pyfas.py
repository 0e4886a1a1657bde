"""read_pyfas.py FILE REPEATS: as read_trend.py, by pyfas: all variables of a .tpl file. It reads the file anew for each of them."""
import json
import sys
from time import perf_counter

from pyfas.tpl import Tpl

path, repeats = sys.argv[1], int(sys.argv[2])


def timed():
    started = perf_counter()
    trend = Tpl(path)
    trend.extract(*trend.trends)
    return perf_counter() - started, trend


first, trend = timed()
# A large file is not read again: it takes long enough.
again = [timed()[0] for _ in range(repeats if first < 5 else 0)]
columns = [trend.time, *trend.data.values()]
print(json.dumps({"first": first, "again": again, "rows": len(trend.time), "sums": [float(column.sum()) for column in columns]}))
