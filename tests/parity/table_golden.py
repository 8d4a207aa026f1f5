#!/usr/bin/env python3
"""Writes tests/golden/lm_eval_table/cases.jsonl: lm_eval's make_table of results.

usage: table_golden.py [RESULTS.json ...]     with a Python that has lm_eval 0.4.13

The named result files come first (default: tests/golden/lm_eval/f16), then made-up results that
reach every rule of the layout. First line: peer and generator. A case: the tasks, and the table.
Values that JSON cannot hold are texts. Regenerate, do not edit."""

import json
import math
import random
import sys
from importlib.metadata import version
from pathlib import Path

from lm_eval.utils import make_table

GOLDEN = Path(__file__).resolve().parent.parent / "golden"


def row(metric, pipeline, value, stderr, higher=True):
    return {"metric": metric, "pipeline": pipeline, "value": value, "stderr": stderr,
            "higher_is_better": higher}


def task(name, rows, task_version=1.0, n_shot=0, alias=None):
    return {"task": name, "alias": alias or name, "version": task_version, "n_shot": n_shot,
            "rows": rows}


def recorded(path):
    data = json.loads(Path(path).read_text("utf-8"))
    tasks = []
    for name, result in data["results"].items():
        rows = []
        for key, value in result.items():
            metric, _, pipeline = key.partition(",")
            if pipeline and not metric.endswith("_stderr"):
                stderr = result[f"{metric}_stderr,{pipeline}"]
                rows.append(row(metric, pipeline, value, stderr,
                                data["higher_is_better"][name][metric]))
        tasks.append(task(name, rows, data["versions"][name], data["n-shot"][name],
                          result["alias"]))
    return tasks


def made_up():
    inf, nan = math.inf, math.nan
    yield [task("a", [row("acc", "none", 0.5, 0.1)])]
    yield [task("a", [row("acc", "none", 0.5, "N/A")])]
    yield [task("a", [row("acc", "none", 0.0, 0.0)])]
    yield [task("a", [row("acc", "none", 1.0, 0.0)]), task("b", [row("acc", "none", 0.25, 0.0123)])]
    yield [task("a", [row("acc", "none", 0.5, "N/A"), row("ppl", "none", 12345.678, 12.5, False)])]
    yield [task("a", [row("ppl", "none", 12345.678, 12.5, False), row("acc", "none", 0.5, "N/A"),
                      row("zzz", "none", 0.25, 0.125)])]
    yield [task("b", [row("x", "f", -0.25, 3.0)], "Yaml"), task("a", [row("x", "f", 7.0, 1e-9)], 2)]
    yield [task("a", [row("x", "f", nan, "N/A")], "1.0.1"), task("b", [row("x", "f", 1.5, 0.5)], 0.1)]
    yield [task("a", [row("x", "f", nan, "N/A")], "2.5")]
    yield [task("a", [row("x", "f", inf, 0.5)]), task("b", [row("x", "f", inf, 1.0)])]
    yield [task("a", [row("x", "f", inf, 0.5)])]
    yield [task("a", [row("x", "f", 1e20, 1e15)]), task("b", [row("x", "f", 123456789.12345, 0.0)])]
    yield [task("a", [row("x", "f", -0.00001, 0.00004)]), task("b", [row("x", "f", 0.00006, 0.5)])]
    yield [task("wide \u65e5\u672c\u8a9e", [row("acc", "\u53d6", 0.5, 0.1)], alias="\u65e5\u672c\u8a9e")]
    yield [task("bar|name", [row("acc", "a|b", 0.5, 0.1)], "v1", 25)]
    yield [task("acc_order", [row("acc_norm", "none", 0.5, 0.1), row("acc", "none", 0.25, 0.2)])]


def random_tasks(rng):
    tasks = []
    for name in rng.sample(["alpha", "beta_long_name", "c", "delta-4", "Epsilon"], rng.randint(1, 4)):
        rows = {}
        for _ in range(rng.randint(1, 4)):
            metric = rng.choice(["acc", "acc_norm", "exact_match", "perplexity", "bleu"])
            pipeline = rng.choice(["none", "strict-match", "flexible-extract"])
            value = rng.choice([rng.random(), rng.randint(0, 20) / 20, rng.uniform(0, 200), 1.0, 0.0,
                                float(rng.randint(2, 99))])
            stderr = rng.choice([rng.random() / 9, 0.0, "N/A", rng.random(), 0.05, 0.5, 2.0])
            rows[metric, pipeline] = row(metric, pipeline, value, stderr, rng.random() < 0.7)
        directions = {metric: r["higher_is_better"] for (metric, _), r in rows.items()}
        for (metric, _), r in rows.items():
            r["higher_is_better"] = directions[metric]
        tasks.append(task(name, list(rows.values()),
                          rng.choice([1.0, 2.0, 0.1, 3, "Yaml", "1.5", "2", "v2", 0.0, 1.25]),
                          rng.choice([0, 1, 5, 25])))
    return tasks


def table(tasks):
    results = {"results": {}, "versions": {}, "n-shot": {}, "higher_is_better": {}}
    for t in tasks:
        result = {"name": t["task"], "alias": t["alias"], "sample_len": 1}
        for r in t["rows"]:
            result[f"{r['metric']},{r['pipeline']}"] = r["value"]
            result[f"{r['metric']}_stderr,{r['pipeline']}"] = r["stderr"]
            directions = results["higher_is_better"].setdefault(t["task"], {})
            directions[r["metric"]] = r["higher_is_better"]
        results["results"][t["task"]] = result
        results["versions"][t["task"]] = t["version"]
        results["n-shot"][t["task"]] = t["n_shot"]
    return make_table(results)


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def main(paths):
    rng = random.Random(17)
    recorded_tasks = [recorded(p) for p in paths]
    cases = recorded_tasks + [sum(recorded_tasks, [])] + list(made_up())
    cases += [random_tasks(rng) for _ in range(80)]
    peer = f"lm_eval {version('lm_eval')}, pytablewriter {version('pytablewriter')}"
    with open(GOLDEN / "lm_eval_table" / "cases.jsonl", "w", encoding="utf-8") as out:
        head = {"peer": peer, "generator": "tests/parity/table_golden.py", "seed": 17}
        out.write(json.dumps(head) + "\n")
        for tasks in cases:
            case = {"tasks": plain(tasks), "table": table(tasks)}
            out.write(json.dumps(case, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:] or sorted((GOLDEN / "lm_eval" / "f16").glob("results_*.json")))
