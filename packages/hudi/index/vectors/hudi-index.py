"""Bloom filters and bucket ids as Hudi's own classes make them: python hudi-index.py <hudi-spark-bundle.jar> > hudi-index.json"""

import json
import sys

from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.driver.extraClassPath", sys.argv[1])
    .config("spark.ui.enabled", "false")
    .getOrCreate()
)
blooms = spark._jvm.org.apache.hudi.common.bloom.BloomFilterFactory
buckets = spark._jvm.org.apache.hudi.index.bucket.BucketIdentifier

KEYS = {
    "ascii": [f"device:M{i:04d},seq:{i * 7}" for i in range(40)],
    "unicode": ["é", "中文", "😀:😀", "a", "ab", "abc", "abcd", "abcde", "ÿ" * 5, "Zürich,1", "x" * 100],
    "none": [],
}
ASKED = ["device:M0001,seq:7", "device:M9999,seq:1", "é", "中文", "q", "ÿ", "ÿÿÿÿÿ"] + [f"other{i}" for i in range(60)]
SIZES = [("SIMPLE", 50, 0.01, 0), ("SIMPLE", 7, 0.2, 0), ("DYNAMIC_V0", 10, 0.01, 25), ("DYNAMIC_V0", 60, 1e-4, 100)]
BUCKETED = [
    ("M0001", ["M0001"], "id"),
    ("a:b", ["a:b"], "id"),
    ("a,b", ["a,b"], "id"),
    ("-2147483648", ["-2147483648"], "id"),
    ("polygenelubricants", ["polygenelubricants"], "id"),
    ("k" * 300, ["k" * 300], "id"),
    ("__empty__", ["__empty__"], "id"),
    ("a:M0001,b:7", ["M0001", "7"], "a,b"),
    ("a:M0001,b:7", ["M0001", "7"], "b,a"),
    ("a:M0001,b:7", ["M0001", "7"], "a"),
    ("a:M0001,b:7", ["M0001", "7"], "b"),
    ("a:é中😀,b:-3", ["é中😀", "-3"], "a,b"),
    ("a:__empty__,b:7", ["", "7"], "a,b"),
    ("a:x:y,b:7", ["x:y", "7"], "a,b"),
    ("a:2026-01-01 10:00:00,b:7,c:z", ["2026-01-01 10:00:00", "7", "z"], "c,a"),
]


def bloom(name, code, entries, rate, most):
    made = blooms.createBloomFilter(entries, rate, most, code)
    for key in KEYS[name]:
        made.add(key)
    passed = [key for key in ASKED if made.mightContain(key)]
    return {"keys": name, "typeCode": code, "text": made.serializeToString(), "passed": passed}


print(
    json.dumps(
        {
            "keys": KEYS,
            "asked": ASKED,
            "blooms": [bloom(name, *size) for name in KEYS for size in SIZES],
            "buckets": [
                {"values": values, "fields": fields.split(","), "of256": buckets.getBucketId(key, fields, 256),
                 "of7": buckets.getBucketId(key, fields, 7)}
                for key, values, fields in BUCKETED
            ],
        },
        ensure_ascii=False,
    )
)
