"""Reads Hudi tables with hudi-rs and writes what it saw of each, meta columns too, as `<its folder's name>.parquet`.

Arguments: the folder to write to, an instant or "" for now, the tables' folders.
"""

import os
import sys

import pyarrow
import pyarrow.parquet
from hudi import HudiReadOptions, HudiTableBuilder

output, as_of, *folders = sys.argv[1:]
for folder in folders:
    table = HudiTableBuilder.from_base_uri(folder).build()
    options = HudiReadOptions()
    if as_of:
        options = options.with_as_of_timestamp(as_of)
    batches = table.read(options)
    rows = pyarrow.Table.from_batches(batches) if batches else table.get_schema_with_meta_fields().empty_table()
    pyarrow.parquet.write_table(rows, os.path.join(output, os.path.basename(folder) + ".parquet"))
