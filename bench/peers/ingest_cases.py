"""ingest_cases.py SOURCE TARGET PROCESSES: every .tpl below SOURCE with its .genkey to a Parquet file with units, roles and leak
labels in TARGET, and a metadata.json beside TARGET with the hashes of all files, rows and leaks of every case."""
import hashlib
import io
import json
import os
import re
import sys
from multiprocessing import Pool
from time import perf_counter

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from trend import read_trend_from

METRES = {"m": 1.0, "cm": 1e-2, "mm": 1e-3, "km": 1e3, "in": 0.0254, "ft": 0.3048}
PAIR = re.compile(r'(\w+)\s*=\s*("[^"]*"|\([^)]*\)|[^\s,]+)(?:\s+([A-Za-z/%]+\d?))?')


def ingest(job):
    source, target = job
    with open(source, "rb") as file:
        text = file.read()
    genkey = read_genkey(f"{source[:-4]}.genkey")
    frame, units = read_trend_from(io.BytesIO(text))
    roles = [role_of(name, genkey["controllers"]) for name in frame.columns]
    leaks = add_labels(frame, genkey["leaks"])
    units += ["", "kg/s", "m", "m"]
    roles += ["truth"] * 4
    table = pa.Table.from_pandas(frame, preserve_index=False)
    fields = [field.with_metadata({"unit": unit, "role": role}) for field, unit, role in zip(table.schema, units, roles)]
    buffer = io.BytesIO()
    pq.write_table(table.cast(pa.schema(fields)), buffer, compression="zstd")
    written = buffer.getbuffer()
    with open(f"{target}.tmp", "wb") as file:
        file.write(written)
    os.replace(f"{target}.tmp", target)
    return {
        "case": os.path.basename(source)[:-4], "rows": len(frame), "leaks": leaks, "sha256": hashlib.sha256(written).hexdigest(),
        "source": {"tpl": hashlib.sha256(text).hexdigest(), "genkey": genkey["sha256"]},
    }


def read_genkey(path):
    """The leaks with place and size, and the controllers that are wired to one."""
    with open(path, "rb") as file:
        data = file.read()
    text = re.sub(r"\\[ \t]*\r?\n", " ", data.decode("latin-1"))
    leaks, labels, wired, tag = {}, {}, set(), ""
    for line in text.splitlines():
        words = line.split(None, 1)
        if not words or line.lstrip().startswith("!"):
            continue
        keyword, rest = words[0], words[1] if len(words) > 1 else ""
        if keyword not in ("NETWORKCOMPONENT", "PARAMETERS", "LEAK", "CONNECTION"):
            continue
        pairs = {name: (value.strip('"'), unit) for name, value, unit in PAIR.findall(rest)}
        if keyword == "NETWORKCOMPONENT":
            tag = pairs["TAG"][0]
        elif keyword == "PARAMETERS" and "LABEL" in pairs:
            labels[tag] = pairs["LABEL"][0].upper()
        elif keyword == "LEAK":
            position, diameter = pairs["ABSPOSITION"], pairs["DIAMETER"]
            leaks[pairs["LABEL"][0].upper()] = (float(position[0]) * METRES[position[1]], float(diameter[0]) * METRES[diameter[1]])
        elif keyword == "CONNECTION":
            ends = pairs["TERMINALS"][0].strip("()").split(",")
            if ends[1].upper().strip().endswith("LEAK@VALVESIG"):
                wired.add(ends[0].split()[0])
    return {"leaks": leaks, "controllers": {labels[tag] for tag in wired if tag in labels}, "sha256": hashlib.sha256(data).hexdigest()}


def role_of(name, controllers):
    parts = name.upper().split("|")
    places = dict(part.split("=", 1) for part in parts[1:] if "=" in part)
    if parts[0] == "TIME" or "GLOBAL" in parts:
        return "clock"
    if "LEAK" in places or places.get("CONTROLLER") in controllers:
        return "truth"
    return "operational" if "CONTROLLER" in places or parts[0] in ("PUMPSPEED", "VALVOP") else "measured"


def add_labels(frame, leaks):
    """State, flow, position and diameter for every row, and the times of flow."""
    rows = len(frame)
    flow, position, diameter = np.zeros(rows), np.full(rows, np.nan), np.zeros(rows)
    found, time = [], frame["TIME"].to_numpy()
    for name, (metres, size) in leaks.items():
        column = next((key for key in frame.columns if key.upper() == f"GTLEAK|LEAK={name}"), None)
        if column is None:
            continue
        own = np.abs(frame[column].to_numpy())
        flows = own > 1e-6
        flow += own
        position[flows], diameter[flows] = metres, size
        edges = np.flatnonzero(np.diff(np.concatenate(([0], flows.astype(np.int8), [0]))))
        found += [{"leak": name, "start": time[first], "end": time[end - 1], "peak": own[first:end].max()} for first, end in zip(edges[::2], edges[1::2])]
    frame["LEAK"] = (flow > 1e-6).astype(np.int32)
    frame["LEAK_FLOW_kg_s"], frame["LEAK_POSITION_m"], frame["LEAK_DIAMETER_m"] = flow, position, diameter
    return found


def cpu_seconds():
    """Of this process and of those of its children that have ended."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    source, target, processes = sys.argv[1], sys.argv[2], int(sys.argv[3])
    os.makedirs(target, exist_ok=True)
    pa.set_cpu_count(1)
    started, used = perf_counter(), cpu_seconds()
    jobs = [(os.path.join(source, name), os.path.join(target, f"{name[:-4]}.parquet")) for name in sorted(os.listdir(source)) if name.endswith(".tpl")]
    pool = Pool(processes) if processes > 1 else None
    cases = list(pool.imap(ingest, jobs, chunksize=5) if pool else map(ingest, jobs))
    with open(f"{target}-metadata.json", "w") as file:
        json.dump({"cases": cases}, file, indent=2)
    seconds = perf_counter() - started
    if pool:
        pool.close()
        pool.join()
    print(json.dumps({"seconds": seconds, "cpu": cpu_seconds() - used, "cases": len(cases), "rows": sum(case["rows"] for case in cases)}))
