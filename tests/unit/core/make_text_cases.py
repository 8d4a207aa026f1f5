"""Fills in what CPython answers: json_write.cases.

    python3 tests/unit/core/make_text_cases.py
"""
import json
import os
import platform
import random
import struct

HERE = os.path.dirname(os.path.abspath(__file__))
HEAD = f"# CPython {platform.python_version()}; written by make_text_cases.py, not by hand\n"

CONTROLS = "".join(chr(c) for c in range(0x20))

JSON_VALUES = [
    None, True, False, 0, -1, 2**63 - 1, -(2**63), "", "plain", [], {}, [[]], [{}], {"a": []}, {"a": {}}, [[], [[]], {}],
    CONTROLS, 'say "no" \\ / \x7f', "caf\xe9 \u6f22\u5b57 \u2028\u2029 \ufeff \ufffd \uffff \x80\x9f\xa0",
    "\U0001f600 \U00010000 \U0010ffff", "\xe9", "a\U0001f9c8b", {"\xe9\n\U0001f600": "\x00"},
    [1, [2, [3, [4, {"five": [6, {"seven": None}]}]]], "x"],
    {"doc_id": 0, "doc": {"q": "2+2?", "a": ["4", 4, 4.0], "meta": {}, "none": None}, "target": "4", "resps": [["four"]]},
    [0.0, -0.0, 1.0, 0.1, 1 / 3, 1e15, 1e16, 1e17, 1e22, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308, 123456.789, -2.5e-10],
]


def write_json():
    draw = random.Random(11)
    values = list(JSON_VALUES)
    values.append([x for x in (struct.unpack("<d", struct.pack("<Q", draw.getrandbits(64)))[0] for _ in range(60)) if x == x])
    with open(os.path.join(HERE, "json_write.cases"), "w", encoding="utf-8") as out:
        out.write(HEAD)
        for value in values:
            row = {
                "value": value,
                "dumps": json.dumps(value, ensure_ascii=False),
                "ascii": json.dumps(value),
                "indent 2": json.dumps(value, indent=2, ensure_ascii=False),
                "indent 4 ascii": json.dumps(value, indent=4),
                "compact": json.dumps(value, ensure_ascii=False, separators=(",", ":")),
            }
            out.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    write_json()
