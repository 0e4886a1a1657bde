"""1,000 trials of six uniform parameters under TPE, Optuna's defaults: two processes that share a SQLite file."""
import json
import subprocess
import sys
import tempfile
import time

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)


def objective(trial):
    return sum(trial.suggest_float(f"x{i}", 0, 1) for i in range(6))


if len(sys.argv) > 2:
    optuna.load_study(study_name="bench", storage=sys.argv[2]).optimize(objective, n_trials=int(sys.argv[1]) // 2)
    sys.exit()

trials = int(sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    storage = f"sqlite:///{folder}/study.db"
    study = optuna.create_study(study_name="bench", storage=storage)
    started = time.perf_counter()
    workers = [subprocess.Popen([sys.executable, __file__, str(trials), storage]) for _ in range(2)]
    assert all(worker.wait() == 0 for worker in workers)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "trials": len(study.trials), "best": study.best_value}))
