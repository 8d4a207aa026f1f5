#!/usr/bin/env python3
"""Writes tests/unit/template/*.test: what jinja2, set up as lm_eval does, makes of templates.

usage: template_cases.py [FOLDER]     with a Python that has jinja2 3.1.6

Reads template_inputs.jsonl beside this file: one {"group", "template", "context", "error"} a line.
Or {"group", "literal"}: what Python's ast.literal_eval makes of that text.
"error" says that the peer must refuse the template, and which words our message must hold; the
peer's own words are not compared. Regenerate the .test files, do not edit them."""

import ast
import json
import platform
import re
import sys
from pathlib import Path

import jinja2


def environment():
    env = jinja2.Environment(
        loader=jinja2.BaseLoader(),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    env.filters["regex_replace"] = lambda string, pattern, repl, count=0: re.sub(
        pattern, repl, string, count=count
    )
    # Ours; what they must equal is Python's own.
    env.filters["regex_findall"] = lambda string, pattern: re.findall(pattern, string)
    env.filters["literal_eval"] = ast.literal_eval
    return env


def section(name, text):
    """As it is when it can stand in a text file, else as JSON."""
    fine = all(c == "\n" or c.isprintable() for c in text) and "\n===" not in "\n" + text
    if fine:
        return f"=== {name}\n{text}\n"
    return f"=== {name} as json\n{json.dumps(text)}\n"


def literal_case(row):
    try:
        result = section("output", repr(ast.literal_eval(row["literal"])))
    except Exception as why:
        if "error" not in row:
            raise SystemExit(f"the peer refuses {row['literal']!r}: {why!r}")
        result = section("error", row["error"])
    else:
        if "error" in row:
            raise SystemExit(f"the peer accepts {row['literal']!r}")
    return section("literal", row["literal"]) + result


def case(env, row):
    if "literal" in row:
        return literal_case(row)
    template, context = row["template"], row.get("context", {})
    try:
        output = env.from_string(template).render(**context)
    except Exception as why:
        if "error" not in row:
            raise SystemExit(f"the peer refuses {template!r}: {why!r}")
        output = None
    if output is not None and "error" in row:
        raise SystemExit(f"the peer accepts {template!r}: {output!r}")
    result = section("error", row["error"]) if output is None else section("output", output)
    shown = json.dumps(context, ensure_ascii=False)
    return section("template", template) + section("context", shown) + result


def main():
    here = Path(__file__).resolve()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else here.parents[1] / "unit" / "template"
    env = environment()
    files = {}
    for line in (here.parent / "template_inputs.jsonl").read_text(encoding="utf-8").strip().split("\n"):
        row = json.loads(line)
        files.setdefault(row["group"], []).append(case(env, row))
    head = f"# jinja2 {jinja2.__version__}, Python {platform.python_version()}, " \
        "tests/parity/template_cases.py\n"
    for group, cases in files.items():
        path = folder / f"{group}.test"
        path.write_bytes((head + "".join(cases)).encode("utf-8"))
        print(f"{path.name}: {len(cases)}")


if __name__ == "__main__":
    main()
