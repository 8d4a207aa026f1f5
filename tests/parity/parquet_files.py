#!/usr/bin/env python3
"""Writes Parquet files with pyarrow, and beside each what its rows are: tests/golden/pyarrow.

usage: parquet_files.py FOLDER [--many SEED]    with a Python that has pyarrow (26.0.1 made the golden files)

NAME.parquet and NAME.jsonl: one row a line, dates and times as Python's str() prints them, decimals as
floats, maps as objects. --many writes several hundred files instead, over every encoding, compression,
page version, page size and share of nulls: for a check by hand, too much to keep. Regenerate the golden
files, do not edit them."""

import datetime
import decimal
import json
import random
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

WORDS = ["ferry", "Straße", "橋", "", "a \"quoted\" word", "line\nbreak", "🧭", "naïve", "x" * 300, "0", " lead"]


def text(r):
    return " ".join(r.choice(WORDS) for _ in range(r.randrange(3)))


def when(r):
    return datetime.datetime(r.randrange(1950, 2100), r.randrange(1, 13), r.randrange(1, 29), r.randrange(24),
                             r.randrange(60), r.randrange(60), r.choice([0, 0, r.randrange(1000) * 1000]))


def point(r):
    return {"x": r.randrange(-9, 9), "label": text(r)}


# name: (type, a random value)
TYPES = {
    "flag": (pa.bool_(), lambda r: r.random() < 0.5),
    "tiny": (pa.int8(), lambda r: r.randrange(-128, 128)),
    "small": (pa.int16(), lambda r: r.randrange(-32768, 32768)),
    "int": (pa.int32(), lambda r: r.choice([0, -1, 2**31 - 1, -(2**31), r.randrange(-1000, 1000)])),
    "long": (pa.int64(), lambda r: r.choice([0, -1, 2**63 - 1, -(2**63), r.randrange(-(10**12), 10**12)])),
    "byte": (pa.uint8(), lambda r: r.randrange(256)),
    "word": (pa.uint32(), lambda r: r.choice([0, 2**32 - 1, r.randrange(2**32)])),
    "single": (pa.float32(), lambda r: r.choice([0.0, -0.5, 1.5e10, r.randrange(1000) / 8])),
    "double": (pa.float64(), lambda r: r.choice([0.0, 1e-300, 0.1, r.random()])),
    "half": (pa.float16(), lambda r: r.choice([0.0, 1.5, -2.25, 6e-8, 65504.0])),
    "text": (pa.string(), text),
    "binary": (pa.binary(), lambda r: text(r).encode()),
    "fixed": (pa.binary(4), lambda r: bytes(r.choice(b"abcd") for _ in range(4))),
    "day": (pa.date32(), lambda r: when(r).date()),
    "millis": (pa.timestamp("ms"), when),
    "micros": (pa.timestamp("us"), when),
    "utc": (pa.timestamp("us", tz="UTC"), lambda r: when(r).replace(tzinfo=datetime.timezone.utc)),
    "clock": (pa.time64("us"), lambda r: when(r).time()),
    "money": (pa.decimal128(12, 2), lambda r: decimal.Decimal(r.randrange(-10**6, 10**6)) / 100),
    "choices": (pa.list_(pa.string()), lambda r: [text(r) for _ in range(r.randrange(4))]),
    "holes": (pa.list_(pa.int32()), lambda r: [r.choice([None, r.randrange(9)]) for _ in range(r.randrange(4))]),
    "nested": (pa.list_(pa.list_(pa.int64())),
               lambda r: [r.choice([None, [r.randrange(99) for _ in range(r.randrange(3))]]) for _ in range(r.randrange(4))]),
    "point": (pa.struct([("x", pa.int32()), ("label", pa.string())]), point),
    "points": (pa.list_(pa.struct([("x", pa.int32()), ("label", pa.string())])),
               lambda r: [r.choice([None, point(r)]) for _ in range(r.randrange(3))]),
    "columns": (pa.struct([("text", pa.list_(pa.string())), ("label", pa.list_(pa.string()))]),
                lambda r: {"text": [text(r) for _ in range(r.randrange(3))], "label": r.choice([None, ["A", "B"]])}),
    "counts": (pa.map_(pa.string(), pa.int64()), lambda r: [(f"k{i}", r.randrange(9)) for i in range(r.randrange(3))]),
    "nothing": (pa.null(), lambda r: None),
}
TEXTS = ["text", "binary"]
NUMBERS = ["int", "long"]


def plain(value):
    """A value as its line says it."""
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return str(value)
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        if value and all(isinstance(v, tuple) for v in value):
            return {k: plain(v) for k, v in value}
        return [plain(v) for v in value]
    return value


def rows_of(table, maps):
    for row in table.to_pylist():
        yield {k: ({} if k in maps and v == [] else plain(v)) for k, v in row.items()}


def write(folder, name, names, seed, n_rows, nulls, **options):
    r = random.Random(seed)
    columns = {}
    for key in names:
        kind, make = TYPES[key]
        columns[key] = pa.array([None if r.random() < nulls else make(r) for _ in range(n_rows)], type=kind)
    table = pa.table(columns)
    path = Path(folder) / f"{name}.parquet"
    pq.write_table(table, path, **options)
    maps = [k for k in names if pa.types.is_map(TYPES[k][0])]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows_of(pq.read_table(path), maps)]
    path.with_suffix(".jsonl").write_text("".join(line + "\n" for line in lines))


def golden(folder):
    everything = list(TYPES)
    for compression in ("none", "snappy", "gzip", "zstd"):
        for version in ("1.0", "2.0"):
            write(folder, f"all_{compression}_v{version[0]}", everything, f"{compression}{version}", 40, 0.2,
                  compression=compression, data_page_version=version)
    write(folder, "no_nulls", everything[:-1], "no nulls", 30, 0.0, use_dictionary=False)
    write(folder, "all_null", everything, "all null", 12, 1.0)
    write(folder, "no_rows", everything, "no rows", 0, 0.0)
    write(folder, "one_dictionary_entry", ["text", "int"], "one", 20, 0.0, row_group_size=1)
    write(folder, "many_pages", ["text", "choices", "nested", "int", "flag"], "pages", 400, 0.1, data_page_size=64,
          row_group_size=150, write_batch_size=8)
    for encoding in ("DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY", "PLAIN"):
        write(folder, f"texts_{encoding.lower()}", TEXTS, encoding, 300, 0.1, use_dictionary=False,
              column_encoding={k: encoding for k in TEXTS})
    for encoding in ("DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT"):
        write(folder, f"numbers_{encoding.lower()}", NUMBERS, encoding, 500, 0.1, use_dictionary=False,
              column_encoding={k: encoding for k in NUMBERS})
    write(folder, "floats_byte_stream_split", ["single", "double"], "split", 50, 0.1, use_dictionary=False,
          column_encoding={"single": "BYTE_STREAM_SPLIT", "double": "BYTE_STREAM_SPLIT"})
    write(folder, "flags_rle", ["flag"], "rle", 500, 0.1, use_dictionary=False, data_page_version="2.0",
          column_encoding={"flag": "RLE"})
    write(folder, "old_timestamps", ["micros"], "int96", 20, 0.1, use_deprecated_int96_timestamps=True)
    write(folder, "old_lists", ["choices", "nested", "points"], "old lists", 20, 0.2, use_compliant_nested_type=False)


def hub(folder):
    """What the hub's replica of the tests has as Parquet: the rows that it also makes itself."""
    rows = [{"id": i, "text": f"row {i} of the replica", "label": i % 4} for i in range(2500)]
    pq.write_table(pa.Table.from_pylist(rows), Path(folder) / "replica.parquet", compression="zstd", row_group_size=1000)


def refused(folder):
    """Files that cannot be read here; the unit test says what is told."""
    pq.write_table(pa.table({"a": [1, 2]}), Path(folder) / "lz4.parquet", compression="lz4")
    pq.write_table(pa.table({"a": ["b", "c"]}), Path(folder) / "brotli.parquet", compression="brotli")
    image = pa.array([{"bytes": b"\x89PNG\r\n\xff", "path": "a.png"}])
    pq.write_table(pa.table({"id": [1], "image": image}), Path(folder) / "image.parquet")
    pq.write_table(pa.table({"a": pa.array([2**63], pa.uint64())}), Path(folder) / "huge_integer.parquet")


def many(folder, seed):
    r = random.Random(seed)
    for i in range(400):
        names = r.sample(list(TYPES), r.randrange(1, len(TYPES)))
        options = {
            "compression": r.choice(["none", "snappy", "gzip", "zstd"]),
            "data_page_version": r.choice(["1.0", "2.0"]),
            "data_page_size": r.choice([16, 100, 1000, 1 << 20]),
            "row_group_size": r.choice([1, 7, 100, 10**6]),
            "write_batch_size": r.choice([1, 5, 1024]),
            "use_compliant_nested_type": r.random() < 0.7,
            "version": r.choice(["1.0", "2.4", "2.6"]),
        }
        if r.random() < 0.5:
            options["use_dictionary"] = False
            pick = {k: r.choice(["PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"]) for k in names if k in TEXTS}
            pick |= {k: r.choice(["PLAIN", "DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT"]) for k in names if k in NUMBERS}
            if pick:
                options["column_encoding"] = pick
        write(folder, f"many_{i:03}", names, f"{seed} {i}", r.choice([0, 1, 5, 80, 400]), r.choice([0, 0, 0.1, 0.9]),
              **options)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 4):
        raise SystemExit(__doc__)
    for name in ("refused", "hub"):
        (Path(sys.argv[1]) / name).mkdir(parents=True, exist_ok=True)
    if len(sys.argv) == 4:
        many(sys.argv[1], sys.argv[3])
    else:
        golden(sys.argv[1])
        hub(Path(sys.argv[1]) / "hub")
        refused(Path(sys.argv[1]) / "refused")
