"""
offline.py SERIES BUNDLE OUT PROCESSES CHARTS RULES: an offline test in Python. Reads the Parquet series of SERIES (an output folder of
tpl_genkey_pipeline) with pandas, computes the features of the bundle for all windows of a case in whole-array operations, scores them with
LightGBM, raises alarms and matches them with the leaks, draws charts with matplotlib, and writes a workbook with openpyxl.
"""
import json
import os
import sys
import warnings
from multiprocessing import Pool
from pathlib import Path
from time import perf_counter

import lightgbm
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import openpyxl
import pandas as pd
import pywt
from numpy.lib.stride_tricks import sliding_window_view
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

warnings.filterwarnings("ignore", message="Level value")
healthy, leaking, warm, recovering = range(4)
state = {}


def prepare(bundle, out, charts, rules):
    """What every process needs once: model, settings, and which feature stands where."""
    preparation = json.loads((bundle / "preparation.json").read_text())
    names = [feature["name"] for feature in json.loads((bundle / "features_schema.json").read_text())]
    plan, windows = preparation["plan"], preparation["windows"]
    options = plan["options"]
    signals = [signal["name"] for signal in plan["signals"]]
    own = [f"{signal}_{name}" for signal in signals for name in feature_names(windows["window_size"], options["wavelet"], options["waveletLevel"])]
    place = {name: at for at, name in enumerate(own)}
    state.update(
        booster=lightgbm.Booster(model_file=str(bundle / "model.txt")), order=np.array([place[name] for name in names]), signals=plan["signals"],
        windows=windows, options=options, out=out, charts=charts, rules=rules,
        threshold=json.loads((bundle / "inference_config.json").read_text())["threshold"],
    )


def feature_names(size, wavelet, level):
    bands = [f"cA{level}", *(f"cD{n}" for n in range(level, 0, -1))]
    lengths = [len(band) for band in pywt.wavedec(np.zeros(size), wavelet, level=level)]
    coefficients = [f"{band}_{k}" for band, length in zip(bands, lengths) for k in range(length)]
    statistics = [f"{band}_{name}" for band in bands for name in ("energy", "mean", "std", "max", "entropy")]
    return [*coefficients, *statistics, "mean", "std", "min", "max", "skew", "kurtosis", "rms", "p25", "median", "p75", "mean_abs_diff"]


def features(x, wavelet, level):
    """The features of window_features.py, one row per window."""
    bands = pywt.wavedec(x, wavelet, level=level, axis=1)
    out = list(bands)
    for c in bands:
        square = c * c
        energy = square.sum(axis=1)
        share = square / np.where(energy > 0, energy, 1)[:, None]
        entropy = -(share * np.log(share + 1e-300)).sum(axis=1)
        out.append(np.column_stack([energy, c.mean(axis=1), c.std(axis=1), np.abs(c).max(axis=1), entropy]))
    mean = x.mean(axis=1)
    d = x - mean[:, None]
    d2 = d * d
    variance = d2.mean(axis=1)
    std = np.sqrt(variance)
    quartiles = np.percentile(x, [25, 50, 75], axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        skew, kurtosis = (d2 * d).mean(axis=1) / (variance * std), (d2 * d2).mean(axis=1) / (variance * variance) - 3
    out.append(np.column_stack([
        mean, std, x.min(axis=1), x.max(axis=1), skew, kurtosis, np.sqrt((x * x).mean(axis=1)), quartiles[0], quartiles[1], quartiles[2],
        np.abs(np.diff(x, axis=1)).mean(axis=1),
    ]))
    return np.concatenate(out, axis=1)


def work(task):
    place, path, case = task
    frame = pd.read_parquet(path)
    windows, options, rules = state["windows"], state["options"], state["rules"]
    size, step = windows["window_size"], windows["step_size"]
    time = frame["time"].to_numpy()
    ends = np.arange(size - 1, len(time), step)
    values = [frame[signal["name"]].to_numpy(dtype=float) for signal in state["signals"]]
    table = np.concatenate([features(sliding_window_view(x, size)[::step], options["wavelet"], options["waveletLevel"]) for x in values], axis=1)
    score = state["booster"].predict(table[:, state["order"]].astype(np.float32), num_threads=1)
    at = time[ends]
    intervals = [(interval["start"], interval["end"], interval["peakFlow"], leak["name"]) for leak in case["leaks"] for interval in leak["intervals"]]
    recovery = windows["recovery_seconds"] + size * windows["resample_seconds"]
    phase = np.full(len(at), healthy)
    for start, end, *_ in intervals:
        phase[(at > end) & (at <= end + recovery)] = recovering
    for start, end, *_ in intervals:
        phase[(at >= start) & (at <= end)] = leaking
    phase[at - time[0] < windows["warmup_seconds"]] = warm
    alarms = raise_alarms(at, score, phase, state["threshold"], rules)
    events = match(at, phase, intervals, alarms, rules["grace_seconds"])
    flow = np.abs(frame["LEAK_FLOW_kg_s"].to_numpy()) if "LEAK_FLOW_kg_s" in frame else np.zeros(len(time))
    for event in events:
        until = event["alarm"] if event["alarm"] is not None else event["end"]
        inside = (time >= event["onset"]) & (time <= until)
        event["released"] = float(np.trapezoid(flow[inside], time[inside]))
    out = state["out"]
    pd.DataFrame({"end_time": at, "phase": phase, "score": score}).to_parquet(out / "scores" / f"{case['case_id']}.parquet")
    if place < state["charts"]:
        chart(out / "plots" / f"{case['case_id']}.png", case["case_id"], time, values, at, score, intervals, alarms)
    scored = (phase == healthy) | (phase == leaking)
    found = [event["delay"] for event in events if event["outcome"] == "detected"]
    return {
        "case": case["case_id"], "group": case["case_group"], "seconds": float(time[-1] - time[0]), "leaks": sum(event["outcome"] != "excluded" for event in events), "found": len(found),
        "median_delay": float(np.median(found)) if found else None, "false_alarms": sum(alarm["kind"] == "false" for alarm in alarms),
        "leak_free_seconds": float((phase == healthy).sum() * step * windows["resample_seconds"]),
        "events": [{"case": case["case_id"], **event} for event in events], "alarms": [{"case": case["case_id"], **alarm} for alarm in alarms],
        "score": score[scored], "label": (phase[scored] == leaking).astype(np.int8),
    }


def raise_alarms(at, score, phase, threshold, rules):
    over = score >= threshold
    persistence = rules["persistence"]
    on = over if persistence == 1 else np.concatenate([np.zeros(persistence - 1, bool), sliding_window_view(over, persistence).all(axis=1)])
    on = on & (phase != warm)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(np.int8), [0]])))
    merged = []
    for first, last in zip(edges[::2], edges[1::2] - 1):
        if merged and at[first] - merged[-1]["until"] <= rules["hold_off_seconds"]:
            merged[-1]["until"] = float(at[last])
            merged[-1]["peak"] = max(merged[-1]["peak"], float(score[first:last + 1].max()))
        else:
            merged.append({"time": float(at[first]), "until": float(at[last]), "peak": float(score[first:last + 1].max()), "phase": int(phase[first])})
    return merged


def match(at, phase, intervals, alarms, grace):
    warm_end = at[phase == warm].max(initial=-np.inf)
    events = [{"leak": name, "onset": start, "end": end, "peak_flow": peak, "alarm": None, "delay": None,
               "outcome": "excluded" if start <= warm_end or start > at[-1] else "missed"} for start, end, peak, name in sorted(intervals)]
    for alarm in alarms:
        open_events = [event for event in events if event["outcome"] == "missed" and event["onset"] <= alarm["time"] <= event["end"] + grace]
        if open_events:
            event = min(open_events, key=lambda one: one["end"])
            event.update(outcome="detected", alarm=alarm["time"], delay=alarm["time"] - event["onset"])
            alarm["kind"] = "detection"
        else:
            alarm["kind"] = "false" if alarm["phase"] == healthy else "other"
    return events


def chart(path, title, time, values, at, score, intervals, alarms):
    figure, axes = plt.subplots(3, 1, figsize=(10, 6.64), sharex=True)
    for axis, quantity in zip(axes, ("pressure", "flow")):
        for signal, x in zip(state["signals"], values):
            if signal["quantity"] == quantity:
                axis.plot(time, x, linewidth=1, label=signal["name"])
        axis.set_ylabel(quantity)
        axis.legend(fontsize=6, ncols=5, loc="upper left")
    axes[2].plot(at, score, color="0.2", linewidth=1.2)
    axes[2].axhline(state["threshold"], color="purple", linestyle="--", linewidth=1)
    axes[2].set_ylim(0, 1)
    axes[2].set_xlabel("time (s)")
    for axis in axes:
        for start, end, *_ in intervals:
            axis.axvspan(start, end, color="orange", alpha=0.25)
        for alarm in alarms:
            axis.axvline(alarm["time"], color="red" if alarm["kind"] == "false" else "green", linewidth=1)
        axis.grid(alpha=0.3)
    axes[0].set_title(title)
    figure.savefig(path, dpi=150)
    plt.close(figure)


def report(cases, out):
    """Workbook with five sheets, and the charts of the whole."""
    score, label = (np.concatenate([case[key] for case in cases]) for key in ("score", "label"))
    order = np.argsort(-score, kind="stable")
    hits, misses = np.cumsum(label[order]), np.cumsum(1 - label[order])
    auc = float(np.trapezoid(hits / hits[-1], misses / misses[-1]))
    events = [event for case in cases for event in case["events"] if event["outcome"] != "excluded"]
    delays = np.array([event["delay"] for event in events if event["outcome"] == "detected"])
    alarms = [alarm for case in cases for alarm in case["alarms"]]
    false = sum(case["false_alarms"] for case in cases)
    said = score >= state["threshold"]
    confusion = np.array([[np.sum(~said & (label == 0)), np.sum(said & (label == 0))], [np.sum(~said & (label == 1)), np.sum(said & (label == 1))]])
    pictures = [picture(out / "plots" / name, draw) for name, draw in (
        ("confusion.png", lambda axis: [axis.imshow(confusion / confusion.sum(axis=1, keepdims=True), cmap="Blues"), *(axis.text(j, i, confusion[i, j], ha="center") for i in range(2) for j in range(2))]),
        ("roc.png", lambda axis: axis.plot(misses / misses[-1], hits / hits[-1])),
        ("delays.png", lambda axis: axis.step(np.sort(delays), np.arange(1, len(delays) + 1) / len(events))),
        ("sizes.png", lambda axis: axis.scatter(delays, [event["peak_flow"] for event in events if event["outcome"] == "detected"])),
    )]
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheet(book, "Summary", [{"name": name, "value": value} for name, value in (
        ("events", len(events)), ("found", len(delays)), ("median delay", float(np.median(delays))), ("P90 delay", float(np.percentile(delays, 90))), ("false alarms", false), ("AUC", auc))])
    sheet(book, "Cases", [{key: value for key, value in case.items() if key not in ("events", "alarms", "score", "label")} for case in cases], marked="false_alarms")
    sheet(book, "Events", events, marked="outcome")
    sheet(book, "Alarms", alarms, marked="kind")
    page = book.create_sheet("Charts")
    for n, path in enumerate(pictures):
        image = Image(path)
        image.width, image.height = image.width / 2, image.height / 2
        page.add_image(image, f"A{1 + 25 * n}")
    book.save(out / "offline_report.xlsx")
    return {"events": len(events), "events_found": len(delays), "false_alarms": false, "roc_auc": auc}


def picture(path, draw):
    figure, axis = plt.subplots(figsize=(7, 5))
    draw(axis)
    figure.savefig(path, dpi=150)
    plt.close(figure)
    return path


def sheet(book, name, rows, marked=None):
    page = book.create_sheet(name)
    page.freeze_panes = "A2"
    keys = list(rows[0]) if rows else []
    page.append(keys)
    bad = PatternFill("solid", fgColor="FADFD9")
    for cell in page[1]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="24405C")
        cell.alignment = Alignment(wrap_text=True)
        page.column_dimensions[get_column_letter(cell.column)].width = 14
    for row in rows:
        page.append([row[key] for key in keys])
    for column, key in enumerate(keys, 1):
        for cells in page.iter_rows(min_row=2, min_col=column, max_col=column):
            cell = cells[0]
            if isinstance(cell.value, float):
                cell.number_format = "#,##0.0"
            if key == marked and cell.value not in (0, "detected", "detection", None):
                cell.fill = bad


def main():
    series, bundle, out = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    processes, charts, rules = int(sys.argv[4]), int(sys.argv[5]), json.loads(sys.argv[6])
    started = perf_counter()
    for name in ("scores", "plots"):
        os.makedirs(out / name, exist_ok=True)
    cases = json.loads((series / "metadata" / "tpl_genkey_metadata.json").read_text())["cases"]
    tasks = [(place, series / case["files"][0]["path"], case) for place, case in enumerate(cases)]
    prepare(bundle, out, charts, rules)
    with Pool(processes, prepare, (bundle, out, charts, rules)) as pool:
        results = list(pool.imap(work, tasks, chunksize=8))
    scored = perf_counter()
    metrics = report(results, out)
    ended = perf_counter()
    print(json.dumps({"seconds": ended - started, "parts": {"score": scored - started, "report": ended - scored}, "metrics": metrics}))


if __name__ == "__main__":
    main()
