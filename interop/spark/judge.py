"""A Spark session with Hudi that answers requests until its input ends.

Started with the path of Hudi's Spark bundle and a folder for what it may leave behind. Each line of standard input is a
request, each line of standard output its answer: {"id", "ok": true, ...} or {"id", "ok": false, "error", "trace"}.
All that Spark itself says goes to standard error.

  {"op": "sql", "statements": [text], "conf": {}}                        run in turn; the rows of the last come back
  {"op": "read", "table", "options": {}, "where"?, "columns"?, "output"} what is seen, as one Parquet file
  {"op": "write", "table", "input" or "query", "options": {}}            rows of a Parquet file or a query, through the source
"""

import glob
import json
import os
import shutil
import sys

answers = os.fdopen(os.dup(1), "w", buffering=1)
# Spark, its JVM and Python's own prints must not talk between the answers
os.dup2(2, 1)

from pyspark.sql import SparkSession  # noqa: E402

JAR, SCRATCH = sys.argv[1:3]

CONF = {
    "spark.jars": JAR,
    "spark.driver.memory": "2g",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.extraJavaOptions": "-Duser.timezone=UTC -XX:TieredStopAtLevel=1",
    "spark.ui.enabled": "false",
    "spark.local.dir": SCRATCH,
    "spark.sql.warehouse.dir": f"{SCRATCH}/warehouse",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
    "spark.kryo.registrator": "org.apache.spark.HoodieSparkKryoRegistrar",
    "spark.sql.extensions": "org.apache.spark.sql.hudi.HoodieSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.hudi.catalog.HoodieCatalog",
}


def start():
    builder = SparkSession.builder.master("local[2]").appName("gridlake-interop")
    for key, value in CONF.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def save(frame, output):
    folder = f"{output}.parts"
    frame.coalesce(1).write.mode("overwrite").parquet(folder)
    (part,) = glob.glob(f"{folder}/part-*.parquet")
    shutil.move(part, output)
    shutil.rmtree(folder)


def sql(request):
    conf = request.get("conf", {})
    for key, value in conf.items():
        spark.conf.set(key, value)
    try:
        rows = []
        for statement in request["statements"]:
            rows = spark.sql(statement).collect()
        return {"rows": [[str(value) for value in row] for row in rows]}
    finally:
        for key in conf:
            spark.conf.unset(key)


def read(request):
    frame = spark.read.format("hudi").options(**request["options"]).load(request["table"])
    if "where" in request:
        frame = frame.where(request["where"])
    if "columns" in request:
        frame = frame.select(*request["columns"])
    save(frame, request["output"])
    return {}


def write(request):
    frame = spark.sql(request["query"]) if "query" in request else spark.read.parquet(request["input"])
    frame.write.format("hudi").options(**request["options"]).mode("append").save(request["table"])
    return {}


OPERATIONS = {"sql": sql, "read": read, "write": write}

spark = start()
print(json.dumps({"id": 0, "ok": True, "spark": spark.version}), file=answers)
for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"ok": True, **OPERATIONS[request["op"]](request)}
    except Exception as error:  # whatever Spark refuses is the answer
        answer = {"ok": False, "error": type(error).__name__, "trace": str(error)}
    print(json.dumps({"id": request["id"], **answer}), file=answers)
spark.stop()
