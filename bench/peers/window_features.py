"""
window_features.py MODE WINDOWS [TABLE]: features of 300-sample windows by NumPy and PyWavelets. MODE `vectorised` computes all
windows in whole-array operations, `single` one window after the other, `write` puts the vectorised ones into the file TABLE.
"""
import json
import sys
from time import perf_counter

import numpy as np
import pywt

size, wavelet, level = 300, "db2", 4


def vectorised(x):
    bands = pywt.wavedec(x, wavelet, level=level, axis=1)
    out = list(bands)
    for c in bands:
        square = c * c
        energy = square.sum(axis=1)
        share = square / np.where(energy > 0, energy, 1)[:, None]
        # Products instead of powers: NumPy's integer powers of floats are several times slower.
        entropy = -(share * np.log(share + 1e-300)).sum(axis=1)
        out.append(np.column_stack([energy, c.mean(axis=1), c.std(axis=1), np.abs(c).max(axis=1), entropy]))
    mean = x.mean(axis=1)
    d = x - mean[:, None]
    d2 = d * d
    variance = d2.mean(axis=1)
    std = np.sqrt(variance)
    quartiles = np.percentile(x, [25, 50, 75], axis=1)
    out.append(np.column_stack([
        mean, std, x.min(axis=1), x.max(axis=1), (d2 * d).mean(axis=1) / (variance * std), (d2 * d2).mean(axis=1) / (variance * variance) - 3,
        np.sqrt((x * x).mean(axis=1)), quartiles[0], quartiles[1], quartiles[2], np.abs(np.diff(x, axis=1)).mean(axis=1),
    ]))
    return np.concatenate(out, axis=1)


def single(x):
    bands = pywt.wavedec(x, wavelet, level=level)
    out = list(bands)
    for c in bands:
        square = c * c
        energy = square.sum()
        share = square / (energy if energy > 0 else 1)
        entropy = -(share * np.log(share + 1e-300)).sum()
        out.append([energy, c.mean(), c.std(), np.abs(c).max(), entropy])
    mean = x.mean()
    d = x - mean
    d2 = d * d
    variance = d2.mean()
    std = np.sqrt(variance)
    q25, q50, q75 = np.percentile(x, [25, 50, 75])
    out.append([
        mean, std, x.min(), x.max(), (d2 * d).mean() / (variance * std), (d2 * d2).mean() / (variance * variance) - 3,
        np.sqrt((x * x).mean()), q25, q50, q75, np.abs(np.diff(x)).mean(),
    ])
    return np.concatenate(out)


def windows_per_second(x, mode):
    if mode == "vectorised":
        started = perf_counter()
        vectorised(x)
        return len(x) / (perf_counter() - started)
    some = x[:2000]
    started = perf_counter()
    for window in some:
        single(window)
    return len(some) / (perf_counter() - started)


mode, path = sys.argv[1], sys.argv[2]
x = np.fromfile(path, dtype="<f8").reshape(-1, size)
if mode == "write":
    table = vectorised(x)
    assert np.allclose(table[:50], [single(window) for window in x[:50]], rtol=1e-9, atol=1e-12)
    table.astype("<f8").tofile(sys.argv[3])
    print(json.dumps({"values": table.shape[1]}))
else:
    vectorised(x[:100])
    single(x[0])
    print(json.dumps({"windows_per_second": [windows_per_second(x, mode) for _ in range(3)], "values": len(single(x[0]))}))
