#!/usr/bin/env python3
"""Writes tests/golden/lm_eval_groups/cases.jsonl: what lm_eval makes of groups of tasks.

usage: group_golden.py     with a Python that has lm_eval 0.4.13

Made-up results of tasks in made-up groups go through lm_eval's own aggregation, result dict and
make_table. First line: peer, generator, seed. A case: tasks, groups (in the order of a request),
the parts of the result dict that groups change, and the text that lm_eval prints. Regenerate, do
not edit."""

import json
import logging
import random
from importlib.metadata import version
from pathlib import Path

from lm_eval.api.group import Group
from lm_eval.api.task import Task
from lm_eval.evaluator_utils import EvalAcc, aggregate_groups
from lm_eval.utils import make_table

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "lm_eval_groups" / "cases.jsonl"
SEED = 23


class FakeTask(Task):
    task_name = ""


FakeTask.__abstractmethods__ = frozenset()


def fake_task(name):
    task = object.__new__(FakeTask)
    task.task_name = name
    return task


def row(metric, pipeline, value, stderr, n_docs, higher=True):
    return {"metric": metric, "pipeline": pipeline, "value": value, "stderr": stderr,
            "n_docs": n_docs, "higher_is_better": higher}


def task(name, rows, n_shot=0, task_version=1.0, alias=None):
    return {"task": name, "alias": alias or name, "version": task_version, "n_shot": n_shot,
            "rows": rows}


def group(name, members, metrics=(), metadata=None, alias=None):
    return {"group": name, "alias": alias, "members": list(members), "metrics": list(metrics),
            "metadata": metadata}


def metric(name, weighted=True, filters=None):
    return {"metric": name, "weight_by_size": weighted, "filter_list": filters}


def build(groups, tasks):
    """Group objects with their members, keyed by name in the order of the list."""
    made = {}
    for g in groups:
        config = {"group": g["group"], "group_alias": g["alias"], "metadata": g["metadata"]}
        if g["metrics"]:
            config["aggregate_metric_list"] = g["metrics"]
        made[g["group"]] = Group.from_config(config)
    for g in groups:
        for member in g["members"]:
            made[g["group"]].add(made[member] if member in made else fake_task(member))
    return made


def run(tasks, groups):
    acc = EvalAcc()
    acc.groups = build(groups, tasks)
    for t in tasks:
        name = t["task"]
        metrics = {"name": name, "alias": t["alias"],
                   "sample_len": max((r["n_docs"] for r in t["rows"]), default=0)}
        directions = {}
        for r in t["rows"]:
            metrics[f"{r['metric']},{r['pipeline']}"] = r["value"]
            metrics[f"{r['metric']}_stderr,{r['pipeline']}"] = r["stderr"]
            directions.setdefault(r["metric"], r["higher_is_better"])
        acc.metrics[name] = metrics
        acc.versions[name] = t["version"]
        acc.num_fewshot[name] = t["n_shot"]
        acc.higher_is_better[name] = directions
    return aggregate_groups(acc)._to_eval_results()


def case(tasks, groups):
    results = run(tasks, groups)
    text = make_table(results)
    if "groups" in results:
        text += "\n" + make_table(results, "groups")
    kept = ["results", "groups", "group_subtasks", "versions", "n-shot", "higher_is_better"]
    return {"tasks": tasks, "groups": groups,
            "expected": {key: results[key] for key in kept if key in results}, "table": text}


def made_up():
    a = task("a", [row("acc", "none", 0.5, 0.1, 10)])
    b = task("b", [row("acc", "none", 0.25, 0.05, 31)], 0)
    c = task("c", [row("acc", "none", 0.75, "N/A", 1)], 5)
    d = task("d", [row("ppl", "none", 7.5, 0.5, 20, False)], 5)
    mean, plain = metric("acc"), metric("acc", False)
    yield [a, b], [group("g", ["a", "b"], [mean])]
    yield [a, b], [group("g", ["b", "a"], [plain], {"version": 2.0}, "The group")]
    yield [a, b], [group("g", ["a", "b"])]
    yield [a, b, c], [group("g", ["a", "b", "c"], [mean], {"version": 1})]
    yield [a, b, c, d], [group("g", ["a", "d"], [mean, metric("ppl")]), group("h", ["b", "c"])]
    yield [a, b, d], [group("top", ["low", "a"], [plain], {"version": "2.1"}),
                      group("low", ["b", "d"], [mean])]
    yield [a, b, c], [group("top", ["left", "right"], [mean]), group("left", ["a", "b"], [mean]),
                      group("right", ["b", "c"], [mean])]
    e = task("e", [row("em", "strict", 0.5, 0.1, 12), row("em", "loose", 0.6, 0.2, 12)])
    f = task("f", [row("em", "loose", 0.7, 0.01, 13), row("acc", "loose", 0.1, 0.1, 14)])
    yield [e, f], [group("g", ["e", "f"], [metric("em")])]
    yield [e, f], [group("g", ["e", "f"], [metric("em", True, ["strict", "none"]),
                                           metric("em", False, "loose"), metric("none")])]
    yield [task("x", [row("m", "none", 0.5, 0.1, 9, True)]),
           task("y", [row("m", "none", 0.5, 0.1, 9, False)])], [group("g", ["x", "y"], [metric("m")])]
    yield [a, b], [group("g", [], [mean]), group("h", ["a"], [mean])]
    yield [task("same", [row("acc", "none", 1 / 3, 0.0, 3)], 5)], [group("g", ["same"], [mean])]


def random_case(rng):
    names = rng.sample(["alpha", "beta_long", "c", "d-4", "Epsilon", "f::g", "h2", "i"], rng.randint(2, 8))
    tasks = []
    for name in names:
        rows, n = {}, rng.randint(2, 400)
        for _ in range(rng.randint(1, 3)):
            key = rng.choice(["acc", "acc_norm", "exact_match"]), rng.choice(["none", "none", "strict"])
            rows[key] = row(*key, rng.random(), rng.choice([rng.random() / 9] * 6 + [0.0, "N/A"]),
                            n if rng.random() < 0.8 else rng.randint(1, n), key[0] != "acc_norm" or rng.random() < 0.9)
        first = {}
        for (name_of, _), r in rows.items():
            r["higher_is_better"] = first.setdefault(name_of, r["higher_is_better"])
        tasks.append(task(name, list(rows.values()), rng.choice([0, 0, 5]), rng.choice([1.0, 2, "v1"])))
    free, groups = list(names), []
    for i in range(rng.randint(1, 4)):
        members = rng.sample(free, min(len(free), rng.randint(1, 4)))
        if rng.random() < 0.85:
            free = [n for n in free if n not in members]
        metrics = [metric(m, rng.random() < 0.6, rng.choice([None, None, ["none"]]))
                   for m in rng.sample(["acc", "acc_norm", "exact_match"], rng.randint(0, 2))]
        name = rng.choice(["Group", "group", "zeta"]) + str(i)
        groups.append(group(name, members, metrics,
                            rng.choice([None, {}, {"version": 1.0}, {"version": "0.1"}, {"version": 3}]),
                            rng.choice([None, f"alias {i}"])))
        free.append(name)
    groups.reverse()  # a group before the groups in it, as lm_eval collects them
    return tasks, groups


def main():
    logging.disable(logging.WARNING)
    rng = random.Random(SEED)
    cases = [case(*c) for c in made_up()] + [case(*random_case(rng)) for _ in range(40)]
    peer = f"lm_eval {version('lm_eval')}, pytablewriter {version('pytablewriter')}"
    with open(GOLDEN, "w", encoding="utf-8") as out:
        out.write(json.dumps({"peer": peer, "generator": "tests/parity/group_golden.py", "seed": SEED}) + "\n")
        for c in cases:
            out.write(json.dumps(c, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
