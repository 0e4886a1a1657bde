"""read_trend.py FILE REPEATS: seconds of the first read of this process and of each of REPEATS further ones."""
import json
import sys
from time import perf_counter

from trend import read_trend

path, repeats = sys.argv[1], int(sys.argv[2])


def timed():
    started = perf_counter()
    frame, _ = read_trend(path)
    return perf_counter() - started, frame


first, frame = timed()
again = [timed()[0] for _ in range(repeats)]
print(json.dumps({
    "first": first, "again": again, "rows": len(frame), "sums": [float(total) for total in frame.sum()],
}))
