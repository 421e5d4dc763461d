"""Reads Hudi tables with hudi-rs and prints their rows as `./gridlake query --format json` would.

Arguments: the tables' folders. Output: {"<folder>": [row, ...], ...}, each row an object without Hudi's meta columns.
"""

import datetime
import decimal
import json
import sys

import pyarrow
from hudi import HudiReadOptions, HudiTableBuilder

# beyond it a double does not hold every integer, and the platform's JSON has text
MAX_SAFE_INTEGER = 2**53 - 1


def value(cell):
    if isinstance(cell, bool) or cell is None:
        return cell
    if isinstance(cell, int):
        return cell if abs(cell) <= MAX_SAFE_INTEGER else str(cell)
    if isinstance(cell, decimal.Decimal):
        return f"{cell:f}"
    if isinstance(cell, datetime.datetime):
        instant = cell.astimezone(datetime.timezone.utc)
        # none, milliseconds or microseconds: what is there
        digits = f"{instant.microsecond:06d}".removesuffix("000").removesuffix("000")
        fraction = f".{digits}" if digits else ""
        return f"{instant:%Y-%m-%dT%H:%M:%S}{fraction}Z"
    return cell


def rows(folder):
    batches = HudiTableBuilder.from_base_uri(folder).build().read(HudiReadOptions())
    if not batches:
        return []
    table = pyarrow.Table.from_batches(batches)
    names = [name for name in table.column_names if not name.startswith("_hoodie_")]
    return [{name: value(row[name]) for name in names} for row in table.select(names).to_pylist()]


print(json.dumps({folder: rows(folder) for folder in sys.argv[1:]}))
