#!/usr/bin/env python3
"""Writes tests/unit/task/cases/lm_eval_prompts.yaml: the requests that lm_eval's own ConfigurableTask
makes of tasks and rows written here.

usage: prompt_cases.py [FILE [N]]     with a Python that has lm_eval 0.4.13 and datasets;
                                      N random tasks beside those written here (60)

A case holds what it was made of (task, rows, train and the command line's part) and what came out:
requests, target and doc_ids, or refuses: lm_eval's exception. A chat template is not applied: a stub
keeps the messages and add_generation_prompt as they would be given to one. Regenerate, do not edit."""

import contextlib
import io
import itertools
import json
import logging
import math
import os
import random
import sys
import tempfile
import warnings
from pathlib import Path

CACHE = tempfile.mkdtemp()
os.environ.update(HF_HOME=CACHE, HF_DATASETS_OFFLINE="1", HF_HUB_OFFLINE="1", TQDM_DISABLE="1")

import datasets
import lm_eval
import yaml
from lm_eval.api.task import ConfigurableTask

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")
datasets.disable_progress_bars()

HEAD = """task: t
dataset_path: json
dataset_kwargs: {data_files: {test: rows.jsonl, train: train.jsonl}}
test_split: test
"""

BIRDS = [
    {"q": "Which one hunts at night?", "choices": ["owl", "lark"], "a": 0, "word": "owl", "hint": "It is"},
    {"q": "Which one dives?", "choices": ["wren", "gannet"], "a": 1, "word": "gannet", "hint": "That is "},
    {"q": "Which one cannot fly?", "choices": ["emu", "swift"], "a": 0, "word": "emu", "hint": ""},
    {"q": "Which one sings?", "choices": ["robin", "stork"], "a": 0, "word": "robin", "hint": "\tA"},
    {"q": "Which one drums? ", "choices": ["dove", "woodpecker"], "a": 1, "word": "woodpecker", "hint": "The"},
]
POOL = [
    {"q": "Which one mimics?", "choices": ["starling", "gull"], "a": 0, "word": "starling", "hint": "B:"},
    {"q": "Which one waddles?", "choices": ["kite", "duck"], "a": 1, "word": "duck", "hint": "C: "},
    {"q": "Which one hovers?", "choices": ["kestrel", "rook"], "a": 0, "word": "kestrel", "hint": ""},
    {"q": "Which one wades?", "choices": ["heron", "swallow"], "a": 0, "word": "heron", "hint": "D"},
    {"q": "Which one screams?", "choices": ["coot", "swift"], "a": 1, "word": "swift", "hint": "E"},
    {"q": "Which one gathers acorns?", "choices": ["jay", "tern"], "a": 0, "word": "jay", "hint": "F"},
    {"q": "Which one drums? ", "choices": ["dove", "woodpecker"], "a": 1, "word": "woodpecker", "hint": "The"},
]
CHOICE = HEAD + """output_type: multiple_choice
doc_to_text: "Q: {{q}}\\nA:"
doc_to_choice: choices
doc_to_target: a
"""
TEXT = HEAD + """doc_to_text: "{{q}}"
doc_to_target: word
"""
SUMS = [
    {"text": "She put the _ on the shelf.", "options": ["cup", "boat"], "answer": "1"},
    {"text": "He rowed the _ home.", "options": ["cup", "boat"], "answer": "2"},
]
BLANK = HEAD + """output_type: multiple_choice
doc_to_text: "{{answer|int - 1}}"
doc_to_choice: "{{[text.split('_')[0] + options[0], text.split('_')[0] + options[1]]}}"
doc_to_target: "{{text.split('_')[1].strip()}}"
"""

CASES = []


def case(name, task, rows=BIRDS[:3], train=POOL[:4], **given):
    CASES.append({"name": name, "task": task, "rows": rows, "train": train, **given})


def everywhere(name, task, **given):
    """The same task as a text and in both chat forms."""
    case(name, task, **given)
    case(name + ", chat", task, chat="multi", **given)
    case(name + ", chat in one turn", task, chat="single", **given)


def prompt_cases():
    shots = "training_split: train\nnum_fewshot: 2\n"
    first = shots + "fewshot_config: {sampler: first_n}\n"
    everywhere("choices", CHOICE)
    everywhere("choices with examples", CHOICE + shots)
    everywhere("text with examples", TEXT + shots)
    everywhere("description", TEXT + first + "description: \"Birds, document {{word}}.\"\n")
    everywhere("description that ends in white space", TEXT + first + "description: \"Birds.\\n\"\n")
    everywhere("description is a column", TEXT + first + "description: word\n")
    everywhere("system instruction", TEXT + first, system_instruction="Be brief.")
    everywhere("system instruction and description", TEXT + first + "description: Birds.\n",
               system_instruction="Be brief.")
    everywhere("system instruction that ends in white space", TEXT + first + "description: Birds.\n",
               system_instruction="Be brief.\n")
    everywhere("other delimiters", TEXT + first + "target_delimiter: \" -> \"\nfewshot_delimiter: \"\\n##\\n\"\ndescription: Birds.\n",
               system_instruction="Be brief.")
    everywhere("empty delimiters", CHOICE + first + "target_delimiter: \"\"\nfewshot_delimiter: \"\"\n")
    everywhere("gen_prefix", CHOICE + first + "gen_prefix: \"It is\"\n")
    everywhere("gen_prefix with a blank", CHOICE + first + "gen_prefix: \"It is \"\n")
    everywhere("gen_prefix of each document", CHOICE + first + "gen_prefix: \"{{hint}}\"\n")
    everywhere("gen_prefix is a column", TEXT + first + "gen_prefix: hint\n")
    everywhere("gen_prefix of the examples alone", TEXT + first.replace("first_n}", "first_n, gen_prefix: \"So:\"}"))
    everywhere("gen_prefix of the documents alone", TEXT + "gen_prefix: \"So:\"\n" + first.replace("first_n}", "first_n, gen_prefix: null}"))
    everywhere("examples without an answer", TEXT + first.replace("first_n}", "first_n, doc_to_text: \"{{q}} {{word}}.\\n\", doc_to_target: \"\"}"))
    everywhere("examples with only a prefix", TEXT + first.replace("first_n}", "first_n, doc_to_target: \"\", gen_prefix: \"So:\"}"))
    everywhere("examples that ask otherwise", CHOICE + first.replace(
        "first_n}", "first_n, doc_to_text: \"Example: {{q}}\", doc_to_target: word, target_delimiter: \"=\", fewshot_delimiter: \";\"}"))
    everywhere("examples with other choices", CHOICE + first.replace("first_n}", "first_n, doc_to_choice: [first, second]}"))
    everywhere("examples without choices", CHOICE + first.replace("first_n}", "first_n, doc_to_choice: null, doc_to_target: word}"))
    everywhere("empty question", HEAD + "doc_to_text: \"\"\ndoc_to_target: word\ngen_prefix: \"So:\"\n" + first)
    everywhere("multiple inputs", BLANK + first, rows=SUMS, train=SUMS)
    everywhere("multiple inputs with a prefix", BLANK + first + "gen_prefix: \"So:\"\n", rows=SUMS, train=SUMS)
    everywhere("multiple targets", CHOICE.replace("doc_to_target: a", "doc_to_target: \"{{[a, 1 - a]}}\""))
    everywhere("multiple targets of text", TEXT.replace("target: word", "target: choices") + first)
    everywhere("loglikelihood", TEXT + first + "output_type: loglikelihood\n")
    everywhere("rolling", TEXT + "output_type: loglikelihood_rolling\n")
    everywhere("repeats", TEXT + "repeats: 3\n")
    everywhere("mutual information", CHOICE + "metric_list: [{metric: acc}, {metric: acc_mutual_info}]\n")
    everywhere("mutual information of multiple inputs", BLANK + "metric_list: [{metric: acc_mutual_info}]\n", rows=SUMS, train=SUMS)
    everywhere("answers are the choices' numbers", CHOICE.replace("doc_to_target: a", "doc_to_target: \"{{a}}\"") + first)
    everywhere("answers are the choices' texts", CHOICE.replace("doc_to_target: a", "doc_to_target: word") + first)
    everywhere("choices are a map", CHOICE.replace("choice: choices", "choice: {x: owl, y: lark}") + first)


def selection_cases():
    layouts = {
        "train": "training_split: train\n",
        "fewshot_split": "fewshot_split: train\n",
        "fewshot split of the config": "fewshot_config: {split: train}\n",
        "no split of its own": "",
        "fewshot split is the test split": "fewshot_split: test\n",
        "samples": "fewshot_config: {samples: [{q: 'a?', word: b}, {q: 'c?', word: d}, {q: 'e?', word: f}, {q: 'Which one sings?', word: robin}]}\n",
        "samples beside a split": "fewshot_split: train\nfewshot_config: {samples: [{q: 'a?', word: b}]}\n",
        "validation only": None,
        "validation only, from itself": None,
    }
    validation = TEXT.replace("test_split", "validation_split").replace("{test:", "{test:")
    for (name, layout), sampler, k in itertools.product(layouts.items(), ("default", "first_n"), (1, 3)):
        task = TEXT + (layout or "")
        if layout is None:
            task = validation + ("fewshot_split: test\n" if "itself" in name else "")
        if "fewshot_config: {" in task:
            task = task.replace("fewshot_config: {", "fewshot_config: {sampler: " + sampler + ", ")
        else:
            task += "fewshot_config: {sampler: " + sampler + "}\n"
        case(f"{name}, {sampler}, {k} examples", task, rows=BIRDS, num_fewshot=k)
    twice = BIRDS + BIRDS[:2]
    for seed in (1234, 7, 0, -3, 2**40):
        case(f"seed {seed}", TEXT + "training_split: train\nnum_fewshot: 3\n", train=POOL, seed=seed)
        case(f"seed {seed}, rows that stand twice", TEXT + "fewshot_split: test\nnum_fewshot: 4\n", rows=twice, seed=seed)
    case("too few rows", TEXT + "fewshot_split: test\nnum_fewshot: 5\n", rows=BIRDS)
    case("too few rows, first_n", TEXT + "fewshot_split: test\nnum_fewshot: 5\nfewshot_config: {sampler: first_n}\n", rows=BIRDS)
    case("just enough rows", TEXT + "fewshot_split: test\nnum_fewshot: 4\n", rows=BIRDS)
    case("just enough rows, first_n", TEXT + "fewshot_split: test\nnum_fewshot: 4\nfewshot_config: {sampler: first_n}\n", rows=BIRDS)
    shots = "training_split: train\n"
    case("the task says 0", TEXT + shots + "num_fewshot: 0\n", num_fewshot=2)
    case("the task says 1", TEXT + shots + "num_fewshot: 1\n", num_fewshot=2)
    case("the task says nothing", TEXT + shots)
    case("0 on the command line", TEXT + shots + "num_fewshot: 2\n", num_fewshot=0)
    many = [{"q": f"What comes after {i}?", "word": str(i + 1)} for i in range(40)]
    task = TEXT + "fewshot_split: test\nnum_fewshot: 1\n"
    for limit in (1, 3, 0.5, 0.01, 0.26, 39.9, 100):
        case(f"limit {limit}", task, rows=many, train=many[:1], limit=limit)
    for k in (5, 6, 8):
        case(f"{k} of many", TEXT + "training_split: train\n", rows=many[:3], train=many, num_fewshot=k)
        case(f"{k} of many and itself", TEXT, rows=many, train=many[:1], num_fewshot=k, limit=3)
    for samples in ([0], [2, 5, 7], [7, 2, 5], [39], [3, 3, 1]):
        case(f"samples {samples}", task, rows=many, train=many[:1], samples=samples)
    case("samples out of range", task, rows=many, train=many[:1], samples=[3, 40])


SPACES = ["", " ", "\n", "\t", "\u00a0", "\u3000", "\x1c", "\n\n", "\u200b"]


class Chance(random.Random):
    """Random tasks: every key that makes a prompt, with white space of all kinds at the seams."""

    def space(self):
        return self.choice(SPACES) if self.random() < 0.5 else ""

    def maybe(self, share, table, key, values):
        if self.random() < share:
            table[key] = self.choice(values)

    def text(self):
        words = ["Birds", "Q:", "A:", "[1]", "3", "\u00b2", "It is", "{{q}}", "{{hint}}", "", "\u00c4"]
        return self.space() + self.choice(words) + self.space()

    def rows(self, n):
        rows = []
        for _ in range(n):
            names = ["owl", "lark", "emu", "3", " x", "\u00dc", "a'b", '"']
            choices = self.sample(names, self.choice([2, 3]))
            a = self.randrange(len(choices))
            q = self.choice(["Why?", "What ", " ", "3", "\u00dc?", "a\nb"]) + self.space()
            hint = self.space() + self.choice(["So:", "", "It is"]) + self.space()
            rows.append({"q": q, "choices": choices, "a": a, "word": choices[a], "hint": hint})
        return rows + (rows[: self.randrange(1, n + 1)] if self.random() < 0.4 else [])

    def examples(self):
        config = {}
        self.maybe(0.6, config, "sampler", ["default", "first_n"])
        self.maybe(0.2, config, "split", ["train", "test", None])
        self.maybe(0.2, config, "samples", [self.rows(3)])
        self.maybe(0.2, config, "doc_to_text", ["q", "Ex: {{q}}", None, "{{q}}{{word}}"])
        self.maybe(0.2, config, "doc_to_target", ["", "word", "{{a}}", None, "a"])
        self.maybe(0.15, config, "doc_to_choice", [None, ["x", "y", "z"], "choices"])
        self.maybe(0.2, config, "gen_prefix", [None, self.text(), "hint"])
        self.maybe(0.15, config, "target_delimiter", ["", " ", "\n", "->"])
        self.maybe(0.15, config, "fewshot_delimiter", ["", " ", "\n", "->"])
        self.maybe(0.1, config, "fewshot_indices", [[0]])
        return config

    def task(self):
        files = {"test": "rows.jsonl", "train": "train.jsonl"}
        task = {"task": "t", "dataset_path": "json", "dataset_kwargs": {"data_files": files}}
        task[self.choice(["test_split", "test_split", "validation_split"])] = "test"
        self.maybe(0.3, task, "training_split", ["train"])
        self.maybe(0.3, task, "fewshot_split", ["train", "test"])
        kind = self.choice(["multiple_choice", "multiple_choice", "generate_until", "loglikelihood", "loglikelihood_rolling"])
        chooses = kind == "multiple_choice"
        task["output_type"] = kind
        texts = ["q", "{{q}}", "Q: {{q}}\nA:", "{{q}} ", ""]
        task["doc_to_text"] = self.choice(texts + (["{{a}}", " {{a}}"] if chooses else ["'{{a}}'"]))
        choices = ["choices", "{{choices}}", ["owl", "lark", "emu"], {"a": "owl", "b": "lark", "c": "emu"}, "{{[word, q]}}"]
        self.maybe(1 if chooses else 0.2, task, "doc_to_choice", choices)
        targets = ["word", "{{word}}", "{{a}} "] + (["a", "{{a}}", "{{[a]}}", 0] if chooses else [])
        task["doc_to_target"] = self.choice(targets)
        self.maybe(0.35, task, "description", [self.text(), "word", "hint"])
        self.maybe(0.35, task, "gen_prefix", [self.text(), "word", "hint"])
        self.maybe(0.3, task, "target_delimiter", ["", " ", "\n", "->", " = "])
        self.maybe(0.3, task, "fewshot_delimiter", ["", " ", "\n", "\n\n##"])
        self.maybe(0.6, task, "fewshot_config", [self.examples()])
        self.maybe(0.5, task, "num_fewshot", [0, 1, 2, 3])
        self.maybe(0.1, task, "repeats", [2])
        if chooses:
            self.maybe(0.1, task, "metric_list", [[{"metric": "acc_mutual_info"}]])
        return task

    def command_line(self):
        given = {}
        self.maybe(0.5, given, "chat", ["multi", "single"])
        self.maybe(0.3, given, "system_instruction", ["Be brief.", "Be brief.\n", " x"])
        self.maybe(0.4, given, "num_fewshot", [0, 1, 2, 3])
        self.maybe(0.2, given, "seed", [0, 7, 2**33])
        self.maybe(0.2, given, "limit", [1, 2, 0.5])
        return given


def random_cases(n):
    """Tasks that lm_eval itself refuses, or that only its client would, are drawn again."""
    chance = Chance(5)
    while n > 0:
        task = yaml.safe_dump(chance.task(), sort_keys=False)
        rows, train = chance.rows(chance.choice([2, 3])), chance.rows(chance.choice([2, 3]))
        made = {"task": task, "rows": rows, "train": train, **chance.command_line()}
        if not usable(outcome(made), yaml.safe_load(task)):
            continue
        case(f"random {n}", **made)
        n -= 1


def usable(made, task):
    def is_prompt(context):
        return isinstance(context, (str, dict))

    def is_request(request):
        if task["output_type"] in ("generate_until", "loglikelihood_rolling"):
            return is_prompt(request)
        return is_prompt(request[0]) and isinstance(request[1], str)

    return "refuses" not in made and all(is_request(r) for d in made["requests"] for r in d)


def chat_template(history, add_generation_prompt):
    return {"messages": [dict(m) for m in history], "add_generation_prompt": add_generation_prompt}


def arguments(instance):
    args = list(instance.args)
    return args[:2] if instance.request_type == "loglikelihood" else args[0]


def build(c):
    """lm_eval 0.4.13 evaluator.py, simple_evaluate and evaluate, up to the requests."""
    Path("rows.jsonl").write_text("".join(json.dumps(r) + "\n" for r in c["rows"]))
    Path("train.jsonl").write_text("".join(json.dumps(r) + "\n" for r in c["train"]))
    task = ConfigurableTask(config=yaml.safe_load(c["task"]))
    if c.get("num_fewshot") is not None:
        if task.get_config("num_fewshot") != 0:
            task.set_config(key="num_fewshot", value=c["num_fewshot"])
    elif task.get_config("num_fewshot") is None:
        task.set_config(key="num_fewshot", value=0)
    task.set_fewshot_seed(seed=c.get("seed", 1234))
    limit = c.get("limit")
    if limit is not None:
        limit = int(math.ceil(len(task.eval_docs) * limit)) if limit < 1.0 else int(limit)
    task.build_all_requests(
        limit=limit,
        samples=c.get("samples"),
        system_instruction=c.get("system_instruction"),
        apply_chat_template="chat" in c,
        fewshot_as_multiturn=c.get("chat") == "multi",
        chat_template=chat_template if "chat" in c else None,
    )
    documents = {}
    for instance in task.instances:
        documents.setdefault(instance.doc_id, []).append(instance)
    # lm_eval numbers the documents of --samples from 0; the true place of each is what we compare.
    ids = sorted(set(c["samples"])) if "samples" in c else sorted(documents)
    return {
        "requests": [[arguments(i) for i in d for _ in range(i.repeats)] for d in documents.values()],
        "target": [task.doc_to_target(d[0].doc) for d in documents.values()],
        "doc_ids": ids,
    }


def outcome(c):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            return build(c)
        except Exception as error:
            return {"refuses": f"{type(error).__name__}: {error}"[:120]}


def write(path):
    made = []
    for c in CASES:
        lines = {k: "".join(json.dumps(r) + "\n" for r in c[k]) for k in ("rows", "train")}
        made.append({**c, **lines, **outcome(c)})
    head = f"# lm_eval {lm_eval.__version__}, tests/parity/prompt_cases.py: regenerate, do not edit.\n"
    lines = "".join("- " + json.dumps(m, ensure_ascii=False) + "\n" for m in made)
    path.write_text(head + lines, encoding="utf-8")
    print(f"{len(made)} cases, {sum('refuses' in m for m in made)} refused, {path}")
    for m in made:
        if "refuses" in m:
            print(" ", m["name"], "-", m["refuses"])


if __name__ == "__main__":
    default = Path(__file__).resolve().parents[1] / "unit/task/cases/lm_eval_prompts.yaml"
    target = (Path(sys.argv[1]) if len(sys.argv) > 1 else default).resolve()
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        prompt_cases()
        selection_cases()
        random_cases(int(sys.argv[2]) if len(sys.argv) > 2 else 60)
        write(target)
        os.chdir("/")
