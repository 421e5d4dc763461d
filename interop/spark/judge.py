"""A Spark session with Hudi that answers requests until its input ends.

Started with the path of Hudi's Spark bundle and a folder for what it may leave behind. Each line of standard input is a
request, each line of standard output its answer: {"id", "ok": true, ...} or {"id", "ok": false, "error", "trace"}.
All that Spark itself says goes to standard error.

  {"op": "sql", "statements": [text], "conf": {}}              run in turn; the rows of the last come back
  {"op": "read", "table", "options": {}, "columns"?, "parts"}  what is seen; of each part, {"where"?, "output"}, a Parquet file
  {"op": "write", "table", "input" or "query", "options": {}}  rows of a Parquet file or a query, through the source
  {"op": "spent"}                                              the seconds of CPU that its JVM has taken

Requests run side by side, some at a time: who asks for one after another waits for the answer.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

answers = os.fdopen(os.dup(1), "w", buffering=1)
# Spark, its JVM and Python's own prints must not talk between the answers
os.dup2(2, 1)

import pyarrow  # noqa: E402
import pyarrow.parquet  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402
from pyspark.sql.pandas.types import to_arrow_schema  # noqa: E402

JAR, SCRATCH = sys.argv[1:3]

# more than processors: much of a request is waiting, for disk and for Spark's scheduler
SIDE_BY_SIDE = 4

# Hudi weighs objects with a tool that starts a JVM beside this one, to look at it
NO_ATTACH = "-Djdk.attach.allowAttachSelf=true -Djol.skipDynamicAttach=true -Djol.skipHotspotSAAttach=true"

CONF = {
    "spark.jars": JAR,
    "spark.driver.memory": "2g",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.local.dir": SCRATCH,
    "spark.sql.warehouse.dir": f"{SCRATCH}/warehouse",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
    "spark.kryo.registrator": "org.apache.spark.HoodieSparkKryoRegistrar",
    "spark.sql.extensions": "org.apache.spark.sql.hudi.HoodieSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.hudi.catalog.HoodieCatalog",
    # hundreds of rows: what Spark does for millions costs more than it gives here
    "spark.driver.extraJavaOptions": f"-Duser.timezone=UTC -XX:TieredStopAtLevel=1 -XX:+UseSerialGC {NO_ATTACH}",
    "spark.default.parallelism": "1",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.shuffle.compress": "false",
    "spark.broadcast.compress": "false",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


def start():
    builder = SparkSession.builder.master("local[2]").appName("gridlake-interop")
    for key, value in CONF.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def save(frame, output):
    # through Arrow: Spark's own Parquet files need a job's commit each
    batches = frame._collect_as_arrow()
    rows = pyarrow.Table.from_batches(batches) if batches else to_arrow_schema(frame.schema).empty_table()
    pyarrow.parquet.write_table(rows, output)


def sql(request):
    # settings of its own: other requests run beside it
    session = spark.newSession()
    for key, value in request.get("conf", {}).items():
        session.conf.set(key, value)
    rows = []
    for statement in request["statements"]:
        rows = session.sql(statement).collect()
    return {"rows": [[str(value) for value in row] for row in rows]}


def read(request):
    frame = spark.read.format("hudi").options(**request["options"]).load(request["table"])
    for part in request["parts"]:
        rows = frame.where(part["where"]) if "where" in part else frame
        save(rows.select(*request["columns"]) if "columns" in request else rows, part["output"])
    return {}


def write(request):
    frame = spark.sql(request["query"]) if "query" in request else spark.read.parquet(request["input"])
    frame.write.format("hudi").options(**request["options"]).mode("append").save(request["table"])
    return {}


def spent(_):
    taken = spark._jvm.java.lang.ProcessHandle.current().info().totalCpuDuration()
    return {"rows": [[str(taken.get().toMillis() / 1000)]]}


OPERATIONS = {"sql": sql, "read": read, "write": write, "spent": spent}

def answer(request):
    try:
        found = {"ok": True, **OPERATIONS[request["op"]](request)}
    except Exception as error:  # whatever Spark refuses is the answer
        found = {"ok": False, "error": type(error).__name__, "trace": str(error)}
    # one write: answers of two threads must not mix
    answers.write(json.dumps({"id": request["id"], **found}) + "\n")


spark = start()
answers.write(json.dumps({"id": 0, "ok": True, "spark": spark.version}) + "\n")
with ThreadPoolExecutor(SIDE_BY_SIDE) as workers:
    for line in sys.stdin:
        workers.submit(answer, json.loads(line))
spark.stop()
