"""Fills in what CPython and PyYAML answer: json_write.cases as a whole, the answers of yaml.cases.

    pip install pyyaml; python3 tests/unit/core/make_text_cases.py
"""
import json
import os
import platform
import random
import struct

import yaml

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


class Function:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"<function {self.name}>"


class Loader(yaml.CSafeLoader):
    yaml_implicit_resolvers = {
        first: [(tag, rule) for tag, rule in rules if not tag.endswith(":timestamp")]
        for first, rules in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


Loader.add_constructor("!function", lambda loader, node: Function(loader.construct_scalar(node)))


def write_yaml():
    path = os.path.join(HERE, "yaml.cases")
    with open(path, encoding="utf-8") as file:
        head, *cases = file.read().split("\n===== ")
    filled = head + "\n"
    for case in cases:
        kind, rest = case.rstrip("\n").split("\n", 1)
        text, answer = (rest + "\n").split("=====>\n")
        if kind == "read":
            answer = repr(yaml.load(text, Loader)) + "\n"
        filled += f"===== {kind}\n{text}=====>\n{answer}"
    with open(path, "w", encoding="utf-8") as out:
        out.write(filled)


if __name__ == "__main__":
    write_json()
    write_yaml()
