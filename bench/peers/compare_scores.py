"""compare_scores.py OURS THEIRS: the scores of two folders of Parquet files, window by window."""
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

rows = differing = 0
worst = 0.0
for path in sorted(Path(sys.argv[1]).glob("*.parquet")):
    ours = pd.read_parquet(path, columns=["end_time", "score"])
    theirs = pd.read_parquet(Path(sys.argv[2]) / path.name, columns=["end_time", "score"])
    assert len(ours) == len(theirs) and np.allclose(ours["end_time"], theirs["end_time"], rtol=0, atol=1e-9), path.name
    difference = np.abs(ours["score"].to_numpy() - theirs["score"].to_numpy())
    rows += len(ours)
    differing += int((difference > 1e-6).sum())
    worst = max(worst, float(difference.max()))
print(json.dumps({"rows": rows, "differing": differing, "worst": worst}))
