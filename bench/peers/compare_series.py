"""compare_series.py OURS THEIRS: every column of every file in THEIRS stands in OURS with the same values."""
import json
import os
import sys

import numpy as np
import pyarrow.parquet as pq

ours, theirs = sys.argv[1], sys.argv[2]
worst, columns = 0.0, 0
for name in sorted(os.listdir(theirs)):
    left, right = pq.read_table(os.path.join(ours, name)), pq.read_table(os.path.join(theirs, name))
    for at, key in enumerate(right.column_names):
        # The first column of both is time, under names of their own.
        a = left.column(0 if at == 0 else key).to_numpy()
        b = right.column(key).to_numpy()
        if len(a) != len(b):
            sys.exit(f"{name}: {len(a)} rows against {len(b)}")
        if not np.array_equal(np.isnan(a), np.isnan(b)):
            sys.exit(f"{name}: {key} is missing in other rows")
        worst = max(worst, float(np.nanmax(np.abs(a - b) / np.maximum(np.abs(b), 1e-300), initial=0)))
        columns += 1
print(json.dumps({"columns": columns, "worst": worst}))
