"""Reads three columns of a Hudi table with hudi-rs, some rounds; prints the medians as JSON. Arguments: table, rounds."""

import json
import resource
import statistics
import sys
import time

from hudi import HudiReadOptions, HudiTableBuilder

table_path, rounds = sys.argv[1], int(sys.argv[2])


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


walls, cpus = [], []
for _ in range(rounds):
    started, before = time.perf_counter(), cpu()
    table = HudiTableBuilder.from_base_uri(table_path).build()
    batches = table.read(HudiReadOptions(projection=["region", "ts_us", "energy_wh"]))
    assert sum(batch.num_rows for batch in batches) > 0
    walls.append(time.perf_counter() - started)
    cpus.append(cpu() - before)
print(json.dumps({"wall": statistics.median(walls), "cpu": statistics.median(cpus)}))
