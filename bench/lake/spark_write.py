"""Bulk inserts readings and upserts late ones with PySpark and Hudi; prints wall and CPU seconds as JSON.

Arguments: Hudi's Spark bundle, the readings (Parquet folder), the late readings (Parquet), the table to make.
"""

import json
import os
import sys
import time

from pyspark.sql import SparkSession

jar, readings, late, table = sys.argv[1:5]
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.jars", jar)
    .config("spark.driver.memory", "3g")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
    .config("spark.sql.extensions", "org.apache.spark.sql.hudi.HoodieSparkSessionExtension")
    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.hudi.catalog.HoodieCatalog")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
pid = int(spark._jvm.java.lang.ProcessHandle.current().pid())
ticks = os.sysconf("SC_CLK_TCK")


def cpu() -> float:
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / ticks


def write(source, operation: str, mode: str) -> dict:
    started, before = time.perf_counter(), cpu()
    (
        source.write.format("hudi")
        .option("hoodie.table.name", "readings")
        .option("hoodie.datasource.write.recordkey.field", "reading")
        .option("hoodie.datasource.write.partitionpath.field", "day")
        .option("hoodie.datasource.write.precombine.field", "seq")
        .option("hoodie.datasource.write.operation", operation)
        .option("hoodie.write.table.version", "6")
        .option("hoodie.write.auto.upgrade", "false")
        .mode(mode)
        .save(table)
    )
    return {"wall": time.perf_counter() - started, "cpu": cpu() - before}


# Spark is warm before it is timed: it has read the readings once
spark.read.parquet(readings).selectExpr("sum(energy_wh)").collect()
result = {
    "insert": write(spark.read.parquet(readings), "bulk_insert", "overwrite"),
    "upsert": write(spark.read.parquet(late), "upsert", "append"),
}
spark.stop()
print(json.dumps(result))
