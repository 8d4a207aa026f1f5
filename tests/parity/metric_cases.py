#!/usr/bin/env python3
"""Writes tests/unit/metric/*.jsonl: what lm_eval's own scoring makes of answers.

usage: metric_cases.py [FOLDER]     with a Python that has lm_eval 0.4.13

documents.jsonl: one document each, through ConfigurableTask.process_results.
summaries.jsonl: lists of items, through the aggregations and their standard errors.
corpora.jsonl: lists of multiple-choice documents, through both; averages of F1 by scikit-learn, and
what no peer has (ece) by a second formula, here in numpy.
attempts.jsonl: several answers to one document, pass@k by exact fractions, maj@k by Counter.
First line of a file: peer and generator. NaN and infinities are texts: JSON has none.
Regenerate, do not edit."""

import json
import math
import os
import random
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

os.environ["DISABLE_MULTIPROC"] = "1"

import numpy as np
import lm_eval
import sklearn
from sklearn.metrics import f1_score, log_loss
from lm_eval.api import metrics
from lm_eval.api.registry import get_aggregation, get_metric
from lm_eval.api.task import ConfigurableTask


def process(output, names, results, target, choices=None, options=None, multiple_target=False,
            with_choices=False):
    kwargs = {n: (options or {}) for n in names}
    task = SimpleNamespace(
        config=SimpleNamespace(process_results=None,
                               doc_to_choice=choices if with_choices else None),
        OUTPUT_TYPE=output,
        _metric_fn_list={n: get_metric(n) for n in names},
        _metric_fn_kwargs=kwargs,
        _aggregation_list={},
        _higher_is_better={},
        multiple_input=False,
        multiple_target=multiple_target,
        doc_to_target=lambda doc: target,
        doc_to_choice=lambda doc: choices,
        count_bytes=ConfigurableTask.count_bytes,
        count_words=ConfigurableTask.count_words,
    )
    return ConfigurableTask.process_results(task, {}, results)


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def choice_case(lls, choices, target, multiple_target=False, unconditional=None):
    rng = random.Random(str(lls))
    results = [(ll, rng.random() < 0.5) for ll in lls]
    names = ["acc", "acc_norm", "acc_bytes", "exact_match"]
    if not multiple_target:
        names += ["f1", "mcc"]
        if target in choices or isinstance(target, int) and target < len(choices):
            names.append("brier_score")
    if unconditional is not None:
        names.append("acc_mutual_info")
        results += [(ll, rng.random() < 0.5) for ll in unconditional]
    items = process("multiple_choice", names, results, target, choices,
                    multiple_target=multiple_target)
    gold = target if isinstance(target, list) else [target]
    gold = [(g if g < len(choices) else -100) if isinstance(g, int)
            else choices.index(g) if g in choices else -100 for g in gold]
    return {"output": "multiple_choice", "choices": choices, "gold": gold, "target": target,
            "multiple_targets": multiple_target, "answers": results, "items": items,
            **({} if unconditional is None else {"n_unconditional": len(unconditional)})}


def choice_cases():
    four = ["one", "twenty", "drei", "\u56db\u5341\u4e8c"]
    nan, inf = float("nan"), float("inf")
    yield choice_case([-3.0, -1.0, -2.0, -4.0], four, 1)
    yield choice_case([-3.0, -1.0, -2.0, -4.0], four, "drei")
    yield choice_case([-3.0, -1.0, -2.0, -4.0], four, "nowhere")
    yield choice_case([-3.0, -1.0, -2.0, -4.0], four, 4)
    yield choice_case([-1.0, -1.0, -1.0, -1.0], four, 0)
    yield choice_case([-1.0, -1.0, -1.0, -1.0], four, 3)
    yield choice_case([-1.0, nan, 0.0, nan], four, 1)
    yield choice_case([-1.0, nan, 0.0, nan], four, 2)
    yield choice_case([-inf, -inf, -inf, -5.0], four, 3)
    yield choice_case([-inf, -inf], ["a", "b"], 0)
    yield choice_case([-1.0, -2.0], ["", "b"], 1)
    yield choice_case([0.0, -2.0], ["", "b"], 0)
    yield choice_case([-1.0, -2.0, -0.5], ["x", "y", "z"], [0, 2], multiple_target=True)
    yield choice_case([-1.0, -2.0, -0.5], ["x", "y", "z"], [0, 7], multiple_target=True)
    yield choice_case([-1.0, -2.0, -0.5], ["x", "y", "z"], [9], multiple_target=True)
    yield choice_case([-1.0], ["only"], 0)
    rng = random.Random(11)
    words = ["a", "bb", "ccc dd", "\u00e9t\u00e9", "\u65e5\u672c\u8a9e", "longer answer here", "\U0001f9c8"]
    for _ in range(60):
        n = rng.randint(2, 5)
        choices = rng.sample(words, n)
        yield choice_case([round(rng.uniform(-9, 0), 2) for _ in range(n)], choices, rng.randrange(n))
    for _ in range(40):
        n = rng.randint(1, 5)
        lls, unconditional = ([rng.uniform(-9, 0) for _ in range(n)] for _ in range(2))
        yield choice_case(lls, rng.sample(words, n), rng.randrange(n), unconditional=unconditional)
    yield choice_case([-1.0, -2.0], ["a", "b"], 0, unconditional=[-inf, -1.0])
    yield choice_case([-inf, -2.0], ["a", "b"], 0, unconditional=[-inf, -5.0])
    yield choice_case([-1.0, -2.0], ["a", "b"], "c", unconditional=[-1.0, -2.0])
    yield choice_case([-1.0, -2.0], ["a", "b"], 1, unconditional=[-1.0, -2.0])


def text_case(answer, target, options=None, multiple_target=False, choices=None):
    items = process("generate_until", ["exact_match"], [answer], target, choices,
                    dict(options) if options else None, multiple_target,
                    with_choices=choices is not None)
    case = {"output": "generate_until", "answers": [answer], "target": target,
            "multiple_targets": multiple_target, "options": options or {}, "items": items}
    if choices is not None:
        case["choices"] = choices
    return case


def text_cases():
    gsm8k = {"ignore_case": True, "ignore_punctuation": False,
             "regexes_to_ignore": [",", "\\$", "(?s).*#### ", "\\.$"]}
    sets = [{}, gsm8k, {"ignore_case": True}, {"ignore_punctuation": True},
            {"ignore_numbers": True},
            {"ignore_case": True, "ignore_punctuation": True, "ignore_numbers": True},
            {"regexes_to_ignore": ["^\\s+", "\\s+$"], "ignore_case": True},
            {"regexes_to_ignore": ["\\b(a|an|the)\\b", " "], "ignore_punctuation": True}]
    pairs = [("1,180", "She pays 1100 + 40 = $1,140.\n#### 1,140"), ("1140", "x\n#### 1,140"),
             ("$12.", "#### 12"), ("Yes", "yes"), ("yes.", "yes"), ("yes ", "yes"),
             ("Route 66", "route"), ("the cat", "cat"), ("a the cat.", "an cat"), ("", ""),
             ("", "."), ("\u0130a", "\u0130b"), ("\u0130stanbul", "i\u0307stanbul"),
             ("\u00c9T\u00c9", "\u00e9t\u00e9"), ("\u00bfqu\u00e9?", "qu\u00e9"),
             ("a\u0000", "a"), ("a\u0000.", "a"), ("\u2014", ""), ("\u0664", ""), ("3", 3),
             ("[1, 2]", [1, 2]), ("1.0", 1.0), ("True", True), ("None", None)]
    for answer, target in pairs:
        for options in sets:
            yield text_case(answer, target, options)
    lists = [("Paris", ["Lyon", "paris"]), ("Paris", ["Lyon"]), ("a", ["a", "a"]),
             ("\u0130", ["\u0130x", "i\u0307"]), ("i\u0307", ["\u0130"]), ("\u0130a", ["\u0130a\u0000"]), ("7", ["7", "seven"]),
             ("p", "paris"), ("x.", ["x", "y"])]
    for answer, target in lists:
        for options in sets[:6]:
            yield text_case(answer, target, options, multiple_target=True)
    yield text_case("paris", [], multiple_target=True)
    yield text_case("no", 1, choices=["yes", "no"])
    yield text_case("no", -2, choices=["yes", "no"])
    yield text_case(["a", "b", "a", "c"], "a")
    yield text_case(["a"], ["b", "a"], multiple_target=True)
    yield text_case(4, "4")
    yield text_case(4, 4)
    yield text_case(4, " 5 ")


def other_cases():
    for answer in ([-3.5, True], [-0.25, False]):
        items = process("loglikelihood", ["perplexity", "acc"], [tuple(answer)], "x")
        yield {"output": "loglikelihood", "answers": [answer], "target": "x", "items": items}
    for text in ("", "one", "two words", "  lead and trail ", "\u00e9t\u00e9\u00a0\u2003 deux\n\ntrois",
                 "a\x1cb", "\u180ec d"):
        names = ["word_perplexity", "byte_perplexity", "bits_per_byte"]
        items = process("loglikelihood_rolling", names, [-12.5], text)
        yield {"output": "loglikelihood_rolling", "answers": [-12.5], "target": text,
               "items": items}


def summary(metric, aggregation, items, iters=100000):
    function = get_aggregation(aggregation)
    stderr = metrics.stderr_for_metric(function, iters)
    error = stderr(items) if stderr and len(items) > 1 else "N/A"
    return {"metric": metric, "aggregation": aggregation, "items": items, "iters": iters,
            "value": function(items), "stderr": error}


def summaries():
    rng = random.Random(3)
    yield summary("acc", "mean", [1.0])
    yield summary("acc", "mean", [0.0, 0.0])
    yield summary("acc", "mean", [1.0] * 19 + [0.0])
    yield summary("exact_match", "mean", [1.0] * 12 + [0.0] * 8)
    for n in (2, 3, 7, 50, 333):
        yield summary("acc", "mean", [float(rng.random() < 0.6) for _ in range(n)])
        yield summary("exact_match", "mean", [rng.randint(0, 4) / 4 for _ in range(n)])
        yield summary("perplexity", "mean", [rng.uniform(-9, 0) for _ in range(n)])
    for n in (1, 2, 5, 9):
        yield summary("perplexity", "perplexity", [rng.uniform(-9, 0) for _ in range(n)])
    for n in (1, 2, 40):
        items = [(rng.uniform(-900, -1), rng.randint(1, 300)) for _ in range(n)]
        yield summary("word_perplexity", "weighted_perplexity", items)
        yield summary("bits_per_byte", "bits_per_byte", items)
        yield summary("byte_perplexity", "bits_per_byte", items)
    for iters in (0, 1500, 999, 3000):
        yield summary("acc", "mean", [1.0, 0.0, 1.0], iters)
        yield summary("perplexity", "perplexity", [rng.uniform(-9, 0) for _ in range(11)], iters)
    for n in (1, 2, 7, 8, 9, 40, 129, 300):
        values = [rng.uniform(-9, 0) for _ in range(n)]
        gaps = [v if rng.random() < 0.8 else math.nan for v in values]
        yield summary("perplexity", "median", values, 2000)
        yield summary("perplexity", "nanmean", values, 2000)
        yield summary("perplexity", "nanmean", gaps if n > 1 else [math.nan], 500)
        yield summary("exact_match", "median", [rng.randint(0, 4) / 4 for _ in range(n)], 2000)
    for n in (1, 2, 5, 30, 200):
        pairs = [(rng.randint(0, 1), rng.randint(0, 1)) for _ in range(n)]
        yield summary("f1", "f1", pairs, 1000)
        yield summary("mcc", "matthews_corrcoef", pairs, 1000)
        yield summary("mcc", "f1", pairs, 200)
        many = [(rng.choice([-100, 0, 1, 2, 3]), rng.randint(0, 3)) for _ in range(n)]
        yield summary("mcc", "matthews_corrcoef", many, 300)
    yield summary("f1", "f1", [(0, 0), (0, 0)], 100)
    yield summary("f1", "f1", [(1, 1), (1, 1)], 100)
    yield summary("mcc", "matthews_corrcoef", [(1, 1), (1, 1)], 100)
    yield summary("mcc", "matthews_corrcoef", [(1, 0), (0, 1), (1, 0)], 100)


def questions():
    """acc_all: several documents to a question."""
    rng = random.Random(41)
    for n in (1, 2, 12, 90):
        rows = [(rng.randint(0, n // 8), rng.randint(0, n // 4), float(rng.random() < 0.8))
                for _ in range(n)]
        items = [(right == 1.0, {"idx": {"paragraph": p, "question": q}, "label": 1})
                 for p, q, right in rows]
        one_question = len({q for _, q, _ in rows}) == 1
        yield {"metric": "acc_all", "aggregation": "acc_all", "items": rows, "iters": 100000,
               "value": metrics.acc_all(items),
               "stderr": "N/A" if one_question else metrics.acc_all_stderr(items)}


def calibration_error(rows, bins):
    confidence, right = np.array(rows).T
    edges = np.arange(1, bins + 1) / bins
    which = np.searchsorted(edges, confidence, side="left")
    return sum(abs(confidence[which == b].mean() - right[which == b].mean()) * (which == b).sum()
               for b in range(bins) if (which == b).any()) / len(rows)


def corpus(metric, documents, options=None, iters=1000):
    """documents: (loglikelihoods, gold index or list of them)"""
    options = options or {}
    golds = [g for _, g in documents]
    chosen = [int(np.argmax(lls)) for lls, _ in documents]
    shares = [lm_eval.utils.softmax(np.array(lls)) for lls, _ in documents]
    named = {"f1": "f1", "mcc": "matthews_corrcoef", "brier_score": "brier_score"}
    if metric in named and "average" not in options:
        items = list(zip(golds, shares if metric == "brier_score" else chosen))
        one = summary(metric, named[metric], items, iters)
        value, error = one["value"], one["stderr"]
    else:
        if metric == "f1":
            items = list(zip(golds, chosen))
            function = lambda xs: f1_score(*zip(*xs), average=options["average"])
        elif metric == "ece":
            items = [(s.max(), float(c == g)) for s, c, g in zip(shares, chosen, golds)]
            function = lambda xs: calibration_error(xs, options.get("bins", 10))
        elif metric == "log_loss":
            items = [log_loss([g], [s], labels=range(len(s))) for g, s in zip(golds, shares)]
            function = metrics.mean
        else:
            items = [sum(s[i] for i in (g if isinstance(g, list) else [g]))
                     for g, s in zip(golds, shares)]
            function = metrics.mean
        value = function(items)
        error = (metrics.mean_stderr(items) if function is metrics.mean
                 else metrics._bootstrap_internal_no_mp(function, items, iters))
        error = error if isinstance(error, float) else metrics.sample_stddev(error)
    return {"metric": metric, "options": options, "iters": iters, "documents": documents,
            "value": value, "stderr": error}


def corpora():
    rng = random.Random(23)
    for n_choices in (2, 4, 9):
        for n in (2, 30, 150):
            documents = [([round(rng.uniform(-7, 0), 3) for _ in range(n_choices)], rng.randrange(n_choices))
                         for _ in range(n)]
            yield corpus("mcc", documents)
            yield corpus("brier_score", documents)
            yield corpus("log_loss", documents)
            yield corpus("probability_mass", documents)
            yield corpus("ece", documents)
            yield corpus("ece", documents, {"bins": 15})
            for average in ("macro", "micro", "weighted"):
                yield corpus("f1", documents, {"average": average}, 100)
            if n_choices == 2:
                yield corpus("f1", documents)
            several = [(lls, sorted(rng.sample(range(n_choices), 2))) for lls, _ in documents]
            yield corpus("probability_mass", several)


def attempts():
    """Several answers to one document: whole-number binomials, and Python's own vote."""
    rng = random.Random(31)
    for n in (1, 2, 3, 8, 20, 64, 200):
        for k in sorted({1, 2, 5, n // 2, n}):
            if not 1 <= k <= n:
                continue
            answers = [rng.choice(["4", "5", "6", "Four."]) for _ in range(n)]
            right = sum(a in ("4",) for a in answers)
            chance = float(1 - Fraction(math.comb(n - right, k), math.comb(n, k)))
            yield {"metric": "pass@k", "k": k, "answers": answers, "target": "4", "value": chance,
                   "name": f"pass@{k}"}
            voted = Counter(answers[:k]).most_common(1)[0][0]
            yield {"metric": "maj@k", "k": k, "answers": answers, "target": "4",
                   "value": float(voted == "4"), "name": f"maj@{k}"}


def write(path, cases):
    with open(path, "w", encoding="utf-8") as out:
        peer = (f"lm_eval {lm_eval.__version__}, scikit-learn {sklearn.__version__}, "
                f"numpy {np.__version__}, Python {sys.version.split()[0]}")
        out.write(json.dumps({"peer": peer, "generator": "tests/parity/metric_cases.py"}) + "\n")
        for case in cases:
            out.write(json.dumps(plain(case), ensure_ascii=False) + "\n")


def main(folder):
    write(folder / "documents.jsonl", [*choice_cases(), *text_cases(), *other_cases()])
    write(folder / "summaries.jsonl", [*summaries(), *questions()])
    write(folder / "corpora.jsonl", corpora())
    write(folder / "attempts.jsonl", attempts())


if __name__ == "__main__":
    here = Path(__file__).resolve().parent.parent / "unit" / "metric"
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else here)
