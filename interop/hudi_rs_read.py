"""Reads a Hudi table with hudi-rs and writes what it saw, meta columns too, as one Parquet file.

Arguments: table, output, then as JSON: {"asOf": instant?, "after": instant?, "upTo": instant?, "filters": [[column, operator, value]]?}
"""

import json
import sys

import pyarrow
import pyarrow.parquet
from hudi import HudiQueryType, HudiReadOptions, HudiTableBuilder

table_path, output, request_text = sys.argv[1:4]
request = json.loads(request_text)
table = HudiTableBuilder.from_base_uri(table_path).build()
options = HudiReadOptions(filters=[tuple(one) for one in request.get("filters", [])])
if "asOf" in request:
    options = options.with_as_of_timestamp(request["asOf"])
if "after" in request:
    options = options.with_query_type(HudiQueryType.Incremental).with_start_timestamp(request["after"])
if "upTo" in request:
    options = options.with_end_timestamp(request["upTo"])
batches = table.read(options)
rows = pyarrow.Table.from_batches(batches) if batches else table.get_schema_with_meta_fields().empty_table()
pyarrow.parquet.write_table(rows, output)
print(json.dumps({"rows": rows.num_rows, "type": table.table_type, "name": table.table_name}))
