"""ingest_plain.py SOURCE TARGET: the job of ingest_cases.py as it is mostly written: one process, one case after the other, pandas'
`read_csv` with any white space between numbers, `to_parquet`. What is read from the input files is the same code."""
import hashlib
import json
import os
import sys
from pathlib import Path
from time import perf_counter

import pandas as pd

from ingest_cases import add_labels, cpu_seconds, read_genkey, role_of
from trend import variable_of


def ingest(source, target):
    with open(source, encoding="latin-1") as file:
        names, units, skip = read_header(file)
    frame = pd.read_csv(source, sep=r"\s+", skiprows=skip, header=None, names=names)
    genkey = read_genkey(source.with_suffix(".genkey"))
    roles = [role_of(name, genkey["controllers"]) for name in frame.columns]
    leaks = add_labels(frame, genkey["leaks"])
    frame.attrs = {
        "units": dict(zip(frame.columns, [*units, "", "kg/s", "m", "m"])),
        "roles": dict(zip(frame.columns, [*roles, *["truth"] * 4])),
    }
    frame.to_parquet(target, compression="zstd", index=False)
    return {
        "case": source.stem, "rows": len(frame), "leaks": leaks, "sha256": digest(target),
        "source": {"tpl": digest(source), "genkey": genkey["sha256"]},
    }


def read_header(file):
    """Column names, units, and how many lines stand before the numbers."""
    lines = 1
    for line in file:
        lines += 1
        if line.startswith("CATALOG"):
            break
    names, units = ["TIME"], ["S"]
    for _ in range(int(file.readline())):
        lines += 1
        key, unit = variable_of(file.readline())
        units.append(unit)
        names.append(key if key not in names else f"{key}#{len(names)}")
    return names, units, lines + 1


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    os.makedirs(target, exist_ok=True)
    started, used = perf_counter(), cpu_seconds()
    cases = [ingest(path, target / f"{path.stem}.parquet") for path in sorted(source.glob("*.tpl"))]
    with open(f"{target}-metadata.json", "w") as file:
        json.dump({"cases": cases}, file, indent=2)
    print(json.dumps({"seconds": perf_counter() - started, "cpu": cpu_seconds() - used, "cases": len(cases), "rows": sum(case["rows"] for case in cases)}))
