"""ingest_cases.py SOURCE TARGET PROCESSES: every .tpl below SOURCE to a Parquet file with units in TARGET."""
import json
import os
import sys
from multiprocessing import Pool
from time import perf_counter

import pyarrow as pa
import pyarrow.parquet as pq

from trend import read_trend


def ingest(job):
    source, target = job
    frame, units = read_trend(source)
    table = pa.Table.from_pandas(frame, preserve_index=False)
    fields = [field.with_metadata({"unit": unit}) for field, unit in zip(table.schema, units)]
    pq.write_table(table.cast(pa.schema(fields)), target, compression="zstd")
    return len(frame)


if __name__ == "__main__":
    source, target, processes = sys.argv[1], sys.argv[2], int(sys.argv[3])
    os.makedirs(target, exist_ok=True)
    pa.set_cpu_count(1)
    started = perf_counter()
    jobs = [(os.path.join(source, name), os.path.join(target, f"{name[:-4]}.parquet")) for name in sorted(os.listdir(source)) if name.endswith(".tpl")]
    with Pool(processes) as pool:
        rows = sum(pool.imap_unordered(ingest, jobs, chunksize=5))
    print(json.dumps({"seconds": perf_counter() - started, "cases": len(jobs), "rows": rows}))
