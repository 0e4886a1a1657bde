"""Reads a .tpl file into a pandas DataFrame: header by hand, numbers by pandas' C reader."""
import pandas as pd


def read_trend(path):
    """The numbers and the units. Files separate numbers by one blank, which the C reader takes faster than any white space."""
    with open(path, "rb") as file:
        return read_trend_from(file)


def read_trend_from(file):
    names, units = read_header(file)
    return pd.read_csv(file, sep=" ", header=None, names=names, dtype="float64", engine="c"), units


def read_header(file):
    """Column names and units; leaves the file at the first row of numbers, so that nothing is read twice."""
    for line in file:
        if line.startswith(b"CATALOG"):
            break
    names, units = ["TIME"], ["S"]
    for _ in range(int(file.readline())):
        key, unit = variable_of(file.readline().decode("latin-1"))
        units.append(unit)
        names.append(key if key not in names else f"{key}#{len(names)}")
    file.readline()
    return names, units


def variable_of(text):
    """Column name and unit from a line of the catalog."""
    name, rest = text.split(" ", 1)
    texts = rest.split("'")[1::2]
    places, unit = texts[:-2], texts[-2]
    return "|".join([name, *(f"{kind.rstrip(':')}={label}" for kind, label in zip(places[::2], places[1::2]))]), unit.strip("()")
