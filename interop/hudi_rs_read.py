"""Reads Hudi tables with hudi-rs and writes what it saw, meta columns too, each as one Parquet file, until its input ends.

Each line of standard input is a request: {"id", "table", "output", "asOf"?, "after"?, "upTo"?, "filters"?: [[column, operator,
value]]}; each line of standard output its answer: {"id", "ok": true, "count"} or {"id", "ok": false, "error", "trace"}. The first
answer, number 0, says that it is ready.
"""

import json
import os
import sys

# what a library prints must not stand between the answers
answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)

import pyarrow  # noqa: E402
import pyarrow.parquet  # noqa: E402
from hudi import HudiQueryType, HudiReadOptions, HudiTableBuilder  # noqa: E402


def read(request):
    table = HudiTableBuilder.from_base_uri(request["table"]).build()
    options = HudiReadOptions(filters=[tuple(one) for one in request.get("filters", [])])
    if "asOf" in request:
        options = options.with_as_of_timestamp(request["asOf"])
    if "after" in request:
        options = options.with_query_type(HudiQueryType.Incremental).with_start_timestamp(request["after"])
    if "upTo" in request:
        options = options.with_end_timestamp(request["upTo"])
    batches = table.read(options)
    rows = pyarrow.Table.from_batches(batches) if batches else table.get_schema_with_meta_fields().empty_table()
    pyarrow.parquet.write_table(rows, request["output"])
    return {"count": rows.num_rows}


def say(answer):
    print(json.dumps(answer), file=answers)


say({"id": 0, "ok": True})
for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"ok": True, **read(request)}
    except BaseException as error:  # a panic of Rust is no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        answer = {"ok": False, "error": type(error).__name__, "trace": str(error)}
    say({"id": request["id"], **answer})
