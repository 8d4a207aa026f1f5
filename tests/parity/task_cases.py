#!/usr/bin/env python3
"""Writes tests/golden/lm_eval_tasks: what lm_eval's own tasks make of rows written here.

usage: task_cases.py [--only TASK,...] [FOLDER]     with a Python that has lm_eval 0.4.13

rows/: the rows (task_rows.py) in the mirror layout, as `lmeval --data-dir` reads them.
TASK.jsonl: first line peer and generator; then, for each number of examples, one line a document
(requests, target, hashes, scripted answers, metric values) and one with the totals.
lm_eval runs whole (simple_evaluate); only its data sets and its model are ours: datasets.load_dataset
gives the rows, the model answers by a script. Regenerate, do not edit."""

import argparse
import hashlib
import json
import math
import os
import random
import sys
from pathlib import Path

os.environ["DISABLE_MULTIPROC"] = "1"
os.environ["HF_DATASETS_OFFLINE"] = "1"
os.environ["HF_HUB_OFFLINE"] = "1"

import datasets
import lm_eval
import numpy as np
from lm_eval.api.model import LM
from lm_eval.tasks import TaskManager

import task_rows

datasets.disable_caching()
datasets.disable_progress_bars()


class Served:
    """datasets.load_dataset over our rows."""

    def __init__(self, rows):
        self.rows = rows

    def __call__(self, path, name=None, **kwargs):
        files = kwargs.get("data_files")
        if path == "json" and files:
            return datasets.DatasetDict({split: self.made(self.rows[("json", url)]["rows"])
                                         for split, url in files.items()})
        splits = self.rows[(path, name)]
        return datasets.DatasetDict({split: self.made(rows) for split, rows in splits.items()})

    @staticmethod
    def made(rows):
        return datasets.Dataset.from_list(rows)


def draw(*parts):
    """A number in [0, 1) that hangs on the texts alone."""
    text = "\x00".join(parts).encode("utf-8")
    return int.from_bytes(hashlib.sha256(text).digest()[:6], "big") / 2**48


class Scripted(LM):
    """Answers by a script: log-probabilities from a hash of the texts, some of them equal;
    generations from the gold answer, disguised in ways that filters and metrics must see through."""

    def __init__(self, answer):
        super().__init__()
        self.answer = answer

    def loglikelihood(self, requests, disable_tqdm=False):
        made = []
        for request in requests:
            context, continuation = request.args
            p = draw(context, continuation)
            logprob = -round(p * 4) / 2 if draw(context) < 0.2 else -round(p * 30, 4)
            made.append((logprob, draw(continuation, context) < 0.4))
        return made

    def loglikelihood_rolling(self, requests, disable_tqdm=False):
        return [-round(draw(request.args[0]) * 900, 4) for request in requests]

    def generate_until(self, requests, disable_tqdm=False):
        return [self.answer(request.doc, random.Random(request.args[0])) for request in requests]


def disguised(r, gold, shapes):
    """The gold answer, or a wrong one, in one of the shapes."""
    text = gold if r.random() < 0.6 else r.choice(["41", "the lamp", "", "(B)", "yes"])
    return r.choice(shapes).replace("@", text)


def short_answer(key):
    shapes = ["@", " @", "@ ", "The @", "\n@", "@!", "a @", "'@'", "@ and more"]

    def answer(doc, r):
        gold = r.choice(key(doc))
        return disguised(r, r.choice([gold, gold.upper()]), shapes)
    return answer


def worked_sum(doc, r):
    gold = doc["answer"].split("#### ")[-1]
    return disguised(r, gold, ["so it is 4.\n#### @", "#### @ #### 12", "The answer is @.", "@",
                               "$@.00 in all", "#### $@", "it's 3, 4 and then @.", "####@", "-@"])


def nothing(doc, r):
    return ""


class Case:
    def __init__(self, task, shots=(0, 2), answer=nothing):
        self.task, self.shots, self.answer = task, shots, answer


CASES = [
    *[Case(t) for t in """hellaswag arc_easy arc_challenge piqa winogrande boolq copa rte openbookqa
      sciq commonsense_qa social_iqa medqa_4options medmcqa pubmedqa logiqa mathqa race""".split()],
    Case("lambada_openai", (0,)),
    Case("wikitext", (0,)),
    Case("triviaqa", answer=short_answer(lambda doc: doc["answer"]["aliases"])),
    Case("nq_open", answer=short_answer(lambda doc: doc["answer"])),
    Case("gsm8k", (0, 5), worked_sum),
    Case("gsm8k_platinum", (2, 5), worked_sum),
]


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def answers_of(sample):
    """The first response to each request, as numbers again (a samples file has texts)."""
    return [plain(response[0]) for response in sample["resps"]]


def document(sample, pipelines):
    arguments = [plain(list(a)) for a in sample["arguments"]]
    scores = {p["filter"]: {m: plain(p[m]) for m in p["metrics"]} for p in pipelines}
    return {"doc_id": sample["doc_id"], "requests": arguments, "target": str(sample["target"]),
            "doc_hash": sample["doc_hash"], "answers": answers_of(sample), "scores": scores}


def totals(results, task):
    kept = {}
    for key, value in results["results"][task].items():
        if "," in key and value != "N/A":
            kept[key] = plain(value)
    return kept


def run(manager, case, shots):
    default = shots == "default"
    results = lm_eval.simple_evaluate(
        model=Scripted(case.answer), tasks=[case.task], task_manager=manager, log_samples=True,
        num_fewshot=None if default else shots, verbosity="ERROR")
    samples = results["samples"][case.task]
    by_doc = {}
    for sample in samples:
        by_doc.setdefault(sample["doc_id"], []).append(sample)
    lines = [{"shots": results["n-shot"][case.task], **document(group[0], group)}
             for group in by_doc.values()]
    lines.append({"shots": results["n-shot"][case.task], "results": totals(results, case.task),
                  "version": results["versions"].get(case.task)})
    return lines


def write_lines(path, lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")


def write_rows(folder, rows):
    for (path, config), splits in rows.items():
        for split, made in splits.items():
            write_lines(folder / "rows" / path / (config or "default") / f"{split}.jsonl", made)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    here = Path(__file__).resolve()
    folder = Path(args.folder) if args.folder else here.parents[1] / "golden" / "lm_eval_tasks"
    rows = task_rows.all_rows()
    write_rows(folder, rows)
    datasets.load_dataset = Served(rows)
    manager = TaskManager()
    only = set(args.only.split(",")) - {""}
    for case in CASES:
        if only and case.task not in only:
            continue
        lines = [{"peer": f"lm_eval {lm_eval.__version__}", "by": "tests/parity/task_cases.py",
                  "task": case.task}]
        for shots in case.shots:
            lines += run(manager, case, shots)
        write_lines(folder / f"{case.task}.jsonl", lines)
        print(f"{case.task}: {len(lines) - 1 - len(case.shots)} documents", file=sys.stderr)


if __name__ == "__main__":
    main()
