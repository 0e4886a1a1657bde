"""
compare_features.py OURS THEIRS COLUMNS: OURS holds float32, THEIRS float64. Each of ours must be the float32 of a number within
1e-9 (relative, or 1e-12 for what is zero but for rounding) of theirs. Over 20,000 windows, a column that were off by more would
cross a float32 boundary in some of them.
"""
import json
import sys

import numpy as np

columns = int(sys.argv[3])
ours = np.fromfile(sys.argv[1], dtype="<f4").reshape(-1, columns)
theirs = np.fromfile(sys.argv[2], dtype="<f8").reshape(-1, columns)
tolerance = 1e-9 * np.abs(theirs) + 1e-12
wrong = ~((ours >= (theirs - tolerance).astype("<f4")) & (ours <= (theirs + tolerance).astype("<f4")))
bad = np.flatnonzero(wrong.any(axis=0))
print(json.dumps({"values": int(ours.size), "wrong": int(wrong.sum()), "columns": [int(column) for column in bad[:10]]}))
