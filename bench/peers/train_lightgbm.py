"""
train_lightgbm.py DATASET ROUNDS THREADS MODEL: trains on a Parquet dataset by pandas and the LightGBM package, and writes the model's
text. Answers seconds from the file to the trained model, and the largest resident set in MB.
"""
import json
import resource
import sys
from time import perf_counter

import lightgbm
import pandas as pd

path, rounds, threads, model_path = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
started = perf_counter()
frame = pd.read_parquet(path)
labels = frame.pop("label")
data = lightgbm.Dataset(frame, labels, free_raw_data=True)
params = {
    "objective": "binary", "num_leaves": 63, "learning_rate": 0.1, "num_threads": threads, "seed": 0, "deterministic": True, "force_col_wise": True,
    "histogram_pool_size": 1024, "verbosity": -1,
}
model = lightgbm.train(params, data, num_boost_round=rounds)
seconds = perf_counter() - started
model.save_model(model_path)
print(json.dumps({"seconds": seconds, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
