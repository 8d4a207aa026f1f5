#!/usr/bin/env python3
"""Writes tests/golden/lm_eval_tasks: what lm_eval's own tasks make of rows written here.

usage: task_cases.py [--only TASK,...] [FOLDER]     with a Python that has lm_eval 0.4.13
       task_cases.py --peer-examples SOURCE_FOLDER

rows/: the rows (task_rows.py) in the mirror layout, as `lmeval --data-dir` reads them; rows/fewshot:
examples of ours for tasks whose own ones we may not keep (lm_eval gets them as an override).
With --peer-examples those tasks keep their own, below SOURCE_FOLDER/tests/golden/lm_eval_tasks, outside
of this repository; with tasks and docs linked there, LMEVAL_SOURCE_DIR=SOURCE_FOLDER has
shipped_tasks_test compare them (its second test wants all tasks, and fails).
TASK.jsonl: first line peer and generator; then, for each number of examples, one line a document
(requests, target, hashes, scripted answers, metric values) and one with the totals.
lm_eval runs whole (simple_evaluate); only its data sets and its model are ours: datasets.load_dataset
gives the rows, the model answers by a script. Regenerate, do not edit."""

import argparse
import fnmatch
import hashlib
import json
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
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

    def __init__(self, rows, disk=None):
        self.rows, self.disk = rows, disk

    def __call__(self, path, name=None, **kwargs):
        files = kwargs.get("data_files")
        if path == "json":
            return datasets.DatasetDict({split: self.made(self.of_file(url))
                                         for split, url in files.items()})
        if self.disk:
            return self.from_disk(path, name)
        splits = self.rows[(path, name)]
        return datasets.DatasetDict({split: self.made(rows) for split, rows in splits.items()})

    def of_file(self, url):
        folder, _, name = url.rpartition("/")
        return self.rows[(folder, name.removesuffix(".jsonl"))]["rows"]

    def from_disk(self, path, name):
        """As a downloaded data set: what map() makes is kept beside it."""
        folder = Path(self.disk) / path / str(name)
        if not folder.exists():
            splits = {split: self.made(rows) for split, rows in self.rows[(path, name)].items()}
            datasets.DatasetDict(splits).save_to_disk(str(folder))
        return datasets.load_from_disk(str(folder))

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


def letter_answer(doc, r):
    return disguised(r, doc["answer"].strip("()"), [
        "so the answer is (@).", "The answer is @", "@", "(@) or (C)?\nThe answer is (@)", "answer is (@",
        "The answer is (@).\n\nQuestion:", "the answer is B. The answer is (@)..", " (@)"])


def number_answer(doc, r):
    return disguised(r, str(doc["answer_number"]), [
        "@", " @", "$@", "The answer is @.", "Die Antwort lautet @", "La respuesta es @.", "1 + 2 = @.",
        "\u7b54\u6848\u662f @\u3002", "La r\u00e9ponse est @ !", "@.0", "\u0e04\u0e33\u0e15\u0e2d\u0e1a\u0e04\u0e37\u0e2d @"])


def truth_answer(doc, r):
    text = r.choice(doc["correct_answers"] + doc["incorrect_answers"])
    words = text.split(" ")
    return r.choice(["A: " + text, text + " and so on . Then more.", " ".join(words[1:] + words[:1]), "",
                     text.upper(), text, "I have no comment.", words[0] + " . " + words[-1] + " . x"])


def spans_answer(doc, r):
    gold = r.choice(doc["answers"])
    return disguised(r, r.choice([gold[0], " ".join(gold), " and ".join(reversed(gold)), gold[-1].upper()]),
                     ["@", " @", "the @", "@-@", "@ 3", "a @, then", "4.50"])


def reasoned_answer(doc, r):
    return disguised(r, doc["target"], ["So the answer is @.", "the answer is @", "@.", "So the answer is @.\n",
                                        "the answer is 1, no, the answer is @!", "So the answer is  @."])


class Case:
    """A task and what is particular about it.
    change(config)  keys that lm_eval's task gets in the place of its own
    target  False: our target is another one than lm_eval's, which shows a constant
    kept  1: what datasets.map() gives is kept on disk, as for downloaded data sets; 2: and it is
          the second process over it that counts"""

    def __init__(self, task, shots=(0, 2), answer=nothing, change=None, target=True, kept=0):
        self.task, self.shots, self.answer = task, shots, answer
        self.change, self.target, self.kept = change, target, kept
        self.keeps_own = False


EXAMPLES = task_rows.examples(random.Random("examples 4"))


def with_examples(name):
    samples = EXAMPLES[name]
    return lambda config: {"fewshot_config": {"sampler": "first_n", "samples": samples}}


def with_questions(config):
    """TruthfulQA's six questions stand in its template."""
    text = "\n\n".join(f"Q: {row['question']}\nA: {row['answer']}"
                       for row in EXAMPLES["truthfulqa.jsonl"])
    literal = "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    own = config["doc_to_text"]
    start, end = own.index("prompt_qa = ") + len("prompt_qa = "), own.index("%}")
    return {"doc_to_text": own[:start] + literal + own[end:]}


CASES = [
    *[Case(t) for t in """hellaswag arc_easy arc_challenge piqa winogrande boolq copa rte openbookqa
      sciq commonsense_qa social_iqa medqa_4options medmcqa pubmedqa logiqa mathqa race""".split()],
    Case("lambada_openai", (0,)),
    Case("wikitext", (0,)),
    Case("triviaqa", answer=short_answer(lambda doc: doc["answer"]["aliases"])),
    Case("nq_open", answer=short_answer(lambda doc: doc["answer"])),
    Case("gsm8k", (0, 5), worked_sum),
    Case("gsm8k_platinum", (2, 5), worked_sum),
    Case("gsm8k_cot", (3, 8), worked_sum, with_examples("gsm8k_cot.yaml")),
    *[Case(f"mmlu_{subject}") for subject in task_rows.MMLU],
    *[Case(f"mmlu_pro_{subject.replace(' ', '_')}", (0, 2), letter_answer)
      for subject in task_rows.MMLU_PRO],
    *[Case(f"mgsm_{kind}_{language}", answer=number_answer)
      for kind in ("direct", "native_cot", "en_cot") for language in task_rows.LANGUAGES],
    *[Case(f"bbh_cot_fewshot_{name}", (3,), reasoned_answer, with_examples(f"bbh/{name}.yaml"))
      for name in task_rows.BBH],
    *[Case(f"leaderboard_bbh_{name}", (3,), change=with_examples(f"leaderboard_bbh/{name}.yaml"))
      for name in task_rows.BBH if name not in ("dyck_languages", "multistep_arithmetic_two",
                                                "word_sorting")],
    *[Case(f"leaderboard_musr_{story}") for story in ("murder_mysteries", "object_placements",
                                                      "team_allocation")],
    Case("leaderboard_mmlu_pro", (0, 2)),
    *[Case(f"arithmetic_{name}") for name in task_rows.ARITHMETIC],
    Case("truthfulqa_mc1", (0,), change=with_questions),
    Case("truthfulqa_mc2", (0,), change=with_questions, target=False),
    Case("truthfulqa_gen", (0,), truth_answer, with_questions),
    Case("drop", (0, 2), spans_answer, target=False),
    *[Case(f"gpqa_{subset}_{kind}", shots, letter_answer, kept=kept)
      for subset in ("main", "diamond", "extended")
      for kind, shots, kept in (("zeroshot", (0,), 1), ("n_shot", (0, 2), 2),
                                ("cot_zeroshot", (0,), 1), ("cot_n_shot", (0, 2), 1),
                                ("generative_n_shot", (0, 2), 1))],
    *[Case(f"leaderboard_gpqa_{subset}", (0,), kept=1)
      for subset in ("main", "diamond", "extended")],
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


def briefly(arguments):
    """A prompt that is the same as the one before is null."""
    last = None
    for request in arguments:
        if request[0] == last:
            request[0] = None
        else:
            last = request[0]
    return arguments


def document(case, sample, pipelines):
    arguments = briefly([plain(list(a)) for a in sample["arguments"]])
    scores = {p["filter"]: {m: plain(p[m]) for m in p["metrics"]} for p in pipelines}
    return {"doc_id": sample["doc_id"], "requests": arguments, "target": str(sample["target"]) if case.target else None,
            "doc_hash": sample["doc_hash"], "answers": answers_of(sample), "scores": scores}


def totals(results, task):
    kept = {}
    for key, value in results["results"][task].items():
        if "," in key and value != "N/A":
            kept[key] = plain(value)
    return kept


def run(manager, case, shots):
    task = case.task
    if case.change and not case.keeps_own:
        entry = manager._entry(task)
        config = manager._factory._load_full_config(entry, None)
        task = manager._factory.build(entry, overrides=case.change(config), registry=manager._index)
    results = lm_eval.simple_evaluate(
        model=Scripted(case.answer), tasks=[task], task_manager=manager, log_samples=True,
        num_fewshot=shots, verbosity="ERROR")
    by_doc = {}
    for sample in results["samples"][case.task]:
        by_doc.setdefault(sample["doc_id"], []).append(sample)
    # TruthfulQA's questions are examples for us.
    shots = 6 if case.change is with_questions else results["n-shot"][case.task]
    lines = [{"shots": shots, **document(case, group[0], group)} for group in by_doc.values()]
    lines.append({"shots": shots, "results": totals(results, case.task),
                  "version": results["versions"].get(case.task)})
    return lines


def run_kept(manager, case, shots, served):
    """gpqa shuffles answers in map(): every use of the rows calls it, and only what is kept on disk
    makes two calls give the same."""
    datasets.enable_caching()
    with tempfile.TemporaryDirectory() as served.disk:
        made = run(manager, case, shots)
    served.disk = None
    datasets.disable_caching()
    return made


def run_twice(case, shots):
    """gpqa's n_shot tasks have a generator of their own that goes on from call to call: their first
    run scores one order of answers against another. Each run is a process of its own."""
    with tempfile.TemporaryDirectory() as disk:
        for _ in range(2):
            made = subprocess.run([sys.executable, __file__, "--kept", disk, "--only", case.task,
                                   "--shots", str(shots)], check=True, capture_output=True)
    return [json.loads(line) for line in made.stdout.decode("utf-8").strip().split("\n")]


def write_lines(path, lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")


def write_rows(folder, rows):
    for (path, config), splits in rows.items():
        below = folder / "rows" / path.removeprefix("hf://datasets/")
        for split, made in splits.items():
            is_file = path.startswith("hf://")
            write_lines(below / f"{config}.jsonl" if is_file
                        else below / (config or "default") / f"{split}.jsonl", made)


def write_examples(folder):
    for name, rows in EXAMPLES.items():
        path = folder / "rows" / "fewshot" / name
        write_lines(path, rows)
        if name.endswith(".yaml"):
            text = json.dumps({"fewshot_config": {"samples": rows}}, ensure_ascii=False, indent=1)
            path.write_text(text + "\n", encoding="utf-8")


def write_peer_examples(manager, folder):
    """The files that docs/tasks.md tells people to bring."""
    tasks = Path(lm_eval.__file__).parent / "tasks"
    below = folder / "rows" / "fewshot"
    below.mkdir(parents=True, exist_ok=True)
    shutil.copy(tasks / "gsm8k" / "gsm8k-cot.yaml", below / "gsm8k_cot.yaml")
    shutil.copytree(tasks / "bbh" / "cot_fewshot", below / "bbh", dirs_exist_ok=True)
    shutil.copytree(tasks / "leaderboard" / "bbh_mc", below / "leaderboard_bbh", dirs_exist_ok=True)
    config = manager._factory._load_full_config(manager._entry("truthfulqa_mc1"), None)
    literal = config["doc_to_text"].partition("prompt_qa = '")[2].partition("'%}")[0]
    pairs = re.findall(r"Q: (.*?)\nA: (.*?)(?:\n\n|$)", literal.replace("\\n", "\n").strip(), re.S)
    write_lines(below / "truthfulqa.jsonl", [{"question": q, "answer": a} for q, a in pairs])


GROUPS = """mmlu mmlu_stem mmlu_other mmlu_social_sciences mmlu_humanities mmlu_pro bbh bbh_cot_fewshot
leaderboard_bbh leaderboard_gpqa leaderboard_musr multimedqa""".split()
# Not openllm: there the entries for mmlu and truthfulqa give their name to each task that they stand
# for, and lm_eval is left with one task of that name.

TAGS = """ai2_arc truthfulqa gpqa arithmetic mgsm_direct mgsm_cot_native math_word_problems glue lambada
super-glue-lm-eval-v1 chain_of_thought mmlu_stem_tasks mmlu_other_tasks mmlu_social_sciences_tasks
mmlu_humanities_tasks""".split()


def metric_of(entry):
    return {"metric": entry.metric, "aggregation": str(entry.aggregation),
            "weight_by_size": entry.weight_by_size, "filter_list": entry.filter_list}


def write_groups(manager, folder):
    """The tasks that groups and tags stand for, and what groups sum up."""
    groups = {}
    for name in GROUPS:
        loaded = manager.load([name])
        group = loaded["groups"][name]
        metrics = group._config.aggregate_metric_list or []
        groups[name] = {"alias": group._config.group_alias or name,
                        "version": (group._config.metadata or {}).get("version"),
                        "metrics": [metric_of(m) for m in metrics],
                        "tasks": {task: made.config.num_fewshot or 0
                                  for task, made in loaded["tasks"].items()}}
    members = {tag: sorted(manager._index[tag].tags) for tag in TAGS}
    text = json.dumps({"peer": f"lm_eval {lm_eval.__version__}", "by": "tests/parity/task_cases.py",
                       "groups": groups, "tags": members}, indent=1, ensure_ascii=False)
    (folder / "groups.json").write_text(text + "\n", encoding="utf-8")


def write_case(manager, case, folder, served):
    lines = [{"peer": f"lm_eval {lm_eval.__version__}", "by": "tests/parity/task_cases.py",
              "task": case.task}]
    for shots in case.shots:
        lines += (run_twice(case, shots) if case.kept == 2
                  else run_kept(manager, case, shots, served) if case.kept == 1
                  else run(manager, case, shots))
    write_lines(folder / f"{case.task}.jsonl", lines)
    print(f"{case.task}: {len(lines) - 1 - len(case.shots)} documents", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--only", default="", help="tasks, fnmatch patterns with commas")
    parser.add_argument("--peer-examples", metavar="SOURCE_FOLDER")
    parser.add_argument("--kept", help="for the script's own use: a run over data sets kept here")
    parser.add_argument("--shots", type=int)
    args = parser.parse_args()
    here = Path(__file__).resolve()
    folder = Path(args.folder) if args.folder else here.parents[1] / "golden" / "lm_eval_tasks"
    rows = task_rows.all_rows()
    wanted = args.only.split(",") if args.only else ["*"]
    cases = [c for c in CASES if any(fnmatch.fnmatch(c.task, w) for w in wanted)]
    if args.kept:
        datasets.enable_caching()
        datasets.load_dataset = Served(rows, args.kept)
        # The family's folder alone: looking through all tasks takes most of the time.
        own = Path(lm_eval.__file__).parent / "tasks" / "gpqa"
        manager = TaskManager(include_path=str(own), include_defaults=False)
        for line in run(manager, cases[0], args.shots):
            print(json.dumps(line, ensure_ascii=False))
        return
    served = datasets.load_dataset = Served(rows)
    manager = TaskManager()
    if args.peer_examples:
        folder = Path(args.peer_examples) / "tests" / "golden" / "lm_eval_tasks"
        cases = [c for c in cases if c.change]
        for case in cases:
            case.keeps_own = True
        write_peer_examples(manager, folder)
    else:
        write_examples(folder)
    write_rows(folder, rows)
    if "*" in wanted or "groups" in wanted:
        write_groups(manager, folder)
    for case in cases:
        write_case(manager, case, folder, served)


if __name__ == "__main__":
    main()
