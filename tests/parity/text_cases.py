#!/usr/bin/env python3
"""Writes pairs of texts and what sacrebleu, rouge_score and lm_eval's tasks make of them.

usage: text_cases.py [--pairs N] [--seed S] [FOLDER]
       with a Python that has sacrebleu 2.6.0, rouge_score 0.1.2 and lm_eval 0.4.13

FOLDER (tests/golden) gets:
  text/pairs.jsonl            [hypothesis, [references]]; first line: generator, seed
  sacrebleu/segments.jsonl    header with the settings; then a line a pair: [setting, score, ...]
  sacrebleu/corpora.jsonl     scores, printed lines, intervals and p-values of runs of pairs
  rouge_score/segments.jsonl  header with the settings; then a line a pair: [setting, p, r, f]
  lm_eval_answers/segments.jsonl  squad_f1, squad_em, drop_em, drop_f1 of each pair
  lm_eval_answers/spans.jsonl     [predicted spans, gold spans, em, f1] of DROP
  lm_eval_answers/corpora.jsonl   bleu, chrf, chrf++, ter of runs of pairs with their stderr

All texts are made here. Regenerate, do not edit."""

import argparse
import importlib.util
import json
import logging
import os
import random
import re
import sys
import types
import warnings
from pathlib import Path

import numpy as np
import sacrebleu
import sacrebleu.significance as significance
from rouge_score import rouge_scorer
from sacrebleu.metrics import BLEU, CHRF, TER

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

WORDS = """the a an of river stone Clara walked quickly yesterday because mountains were covered with
fresh snow and nobody had expected it so late in april running runs runner relational conditional
happily happiness organization generalizations adjustable replacement flies dying skies news
innings proceed geology analogies hopefully controlled rolling agreed feed plastered motoring
sing hopping falling fizzed filing syzygy yyyy enjoy spying university teacher letter window open
paper green house bridge seven twelve market Anna Peter Berlin London wrote about cats dogs in
on at under before after they he she it was is are not never always maybe""".split()
SCRIPTS = [
    "der die das Straße ÄRGER größer über schön Häuser fließen naïve café señor Ōsaka İstanbul ILIK "
    "ΟΔΟΣ Σίσυφος λόγος мир Москва слово очень быстро дом вода".split(),
    list("山川水火木金土日月人大小中国北京上海学生先生你好吗我们今天去吃饭。，！？「」"),
    list("ひらがなカタカナとテストです。日本語ー、々〆ヶ・"),
    "שלום עולם ספר טוב مرحبا بالعالم كتاب جيد لا شيء ۱۲۳ ٤٥٦".split(),
    "नमस्ते दुनिया किताब หนังสือ สวัสดี 안녕하세요 세계 책".split(),
    ["e\u0301", "n\u0303o", "Z\u0351\u036b\u0343a\u0313lgo", "o\u0308", "q\u0323\u0307"],
    ["😀", "👩\u200d👩\u200d👧", "🇩🇪", "👍🏽", "❤\ufe0f", "✂", "☎", "⛄", "🤖ok", "a😀b"],
]
NUMBERS = ["1", "2", "3.14", "1,000", "1,000.50", "3-4", "12.", ".5", "0", "007", "1990s", "2e5",
           "-7", "+3", "$5.00", "50%", "1/2", "10:30", "v2.6.0", "²", "½", "Ⅷ", "1_000", "nan",
           "inf", "1e400", "5,", "a.b", "U.S.A.", "3.x", "x.3", "4,y"]
MARKS = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") + [
    "...", "--", "?!", "''", "``", "—", "–", "…", "«", "»", "“", "”", "‘", "’", "„", "¿", "¡", "§",
    "€", "£", "¥", "±", "×", "→", "°", "™", "№", "‰", "†", "·", "、", "。", "，", "．", "：", "！",
    "？", "（", "）", "『", "』", "〜", "・", "㈱", "㍻", "％", "\u2fa0", "\u2010", "\u3007"]
ODD = ["&quot;", "&amp;", "&lt;", "&gt;", "&amp;lt;", "<skipped>", "it's", "dog's ", "don't",
       "(hi)", "(hi", "hi)", "[x]", "well-known", "3-year-old", "state-of-the-art", "http://a.b/c?d=e",
       "mail@host.org", "\u212aelvin", "A\u0130C", "ﬁne", "ß", "ǅ", "a\u00adb", "the_a", "an1", "a",
       "The", "AN", "_", "x\u200by", "\ufeffz", "\u00b5m"]
SPACES = [" "] * 30 + ["  ", "\t", "\u00a0", "\u3000", "\u2009", "\u2028", "\x1c", "\x85", "\n", "-\n",
                       "\n-", " \n"]


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def token(self, flavour):
        r = self.r
        pick = r.random()
        if flavour == "plain":
            table = WORDS if pick < 0.93 else NUMBERS
        elif flavour == "script":
            table = SCRIPTS[r.randrange(len(SCRIPTS))]
        elif flavour == "numbers":
            table = NUMBERS if pick < 0.7 else MARKS
        elif flavour == "marks":
            table = MARKS if pick < 0.6 else ODD
        else:
            table = r.choice([WORDS, WORDS, NUMBERS, MARKS, ODD, SCRIPTS[r.randrange(len(SCRIPTS))]])
        word = r.choice(table)
        if flavour in ("plain", "mixed") and r.random() < 0.12:
            word += r.choice([".", ",", "!", "?", ";", ":", ")", "'s", "\"", "..."])
        if r.random() < 0.05:
            word = word.upper()
        return word

    def tokens(self, n, flavour):
        return [self.token(flavour) for _ in range(n)]

    def join(self, tokens, odd_spaces):
        if not odd_spaces:
            return " ".join(tokens)
        out = []
        for t in tokens:
            out += [t, "" if self.r.random() < 0.1 else self.r.choice(SPACES)]
        return "".join(out)

    def vary(self, tokens, strength, flavour):
        r, t = self.r, list(tokens)
        for _ in range(max(1, int(strength * max(1, len(t))))):
            kind = r.random()
            if kind < 0.25 or not t:
                t.insert(r.randint(0, len(t)), self.token(flavour))
            elif kind < 0.45:
                t.pop(r.randrange(len(t)))
            elif kind < 0.7:
                t[r.randrange(len(t))] = self.token(flavour)
            elif kind < 0.95:
                a = r.randrange(len(t))
                n = r.randint(1, 6)
                block = t[a:a + n]
                del t[a:a + n]
                at = r.randint(0, len(t))
                t[at:at] = block
            else:
                a = r.randrange(len(t))
                t[a] = t[a].swapcase()
        return t

    def pair(self):
        r = self.r
        flavour = r.choices(["plain", "script", "numbers", "marks", "mixed"], [50, 15, 8, 8, 19])[0]
        kind = r.random()
        if kind < 0.02:
            return r.choice(["", " ", "\n", "\u3000"]), [r.choice(["", " ", "."])]
        if kind < 0.045:
            return "", [self.join(self.tokens(r.randint(1, 8), flavour), False)]
        if kind < 0.07:
            return self.join(self.tokens(r.randint(1, 8), flavour), False), [r.choice(["", " \n"])]
        length = r.choices([1, 2, 3, 5, 8, 12, 20, 32, 60, 150], [6, 6, 8, 14, 22, 14, 8, 3, .6, .15])[0]
        base = self.tokens(max(1, length + r.randint(-2, 2)), flavour)
        odd = r.random() < 0.25
        n_refs = r.choices([1, 2, 3, 4], [85, 9, 5, 1])[0]
        hypothesis = self.join(base, odd)
        if kind < 0.12:
            return hypothesis, [hypothesis] * n_refs
        if kind < 0.2:
            other = r.choice(["plain", "script", "marks"])
            return hypothesis, [self.join(self.tokens(r.randint(1, 12), other), odd)
                                for _ in range(n_refs)]
        return hypothesis, [self.join(self.vary(base, r.choice([.05, .15, .3, .6]), flavour), odd)
                            for _ in range(n_refs)]


def settings():
    """metric name as in lmeval, options."""
    bleu = [{}, {"tokenize": "intl"}, {"tokenize": "char"}, {"tokenize": "zh"}, {"tokenize": "none"},
            {"lowercase": True}, {"effective_order": True}, {"smooth_method": "floor"},
            {"smooth_method": "floor", "smooth_value": 0.25, "tokenize": "intl"},
            {"smooth_method": "add-k"}, {"smooth_method": "add-k", "smooth_value": 0.5},
            {"smooth_method": "none"}, {"max_ngram_order": 2}, {"max_ngram_order": 6},
            {"effective_order": True, "lowercase": True, "tokenize": "zh"}]
    chrf = [{}, {"lowercase": True}, {"whitespace": True}, {"eps_smoothing": True}, {"beta": 1},
            {"beta": 3, "char_order": 4}, {"word_order": 1}]
    plus = [{}, {"lowercase": True, "eps_smoothing": True}, {"whitespace": True, "char_order": 3}]
    ter = [{}, {"normalized": True}, {"no_punct": True}, {"asian_support": True, "normalized": True},
           {"case_sensitive": True}, {"normalized": True, "no_punct": True, "asian_support": True},
           {"asian_support": True, "no_punct": True, "case_sensitive": True}]
    rows = [("bleu", o) for o in bleu] + [("chrf", o) for o in chrf]
    return rows + [("chrf++", o) for o in plus] + [("ter", o) for o in ter]


def make_metric(name, options):
    if name == "bleu":
        return BLEU(**options)
    if name == "ter":
        return TER(**options)
    return CHRF(**{**({"word_order": 2} if name == "chrf++" else {}), **options})


class Writer:
    def __init__(self, path, header):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file = path.open("w", encoding="utf-8")
        self.add(header)

    def add(self, row):
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        # A line is a row for every reader, also for those that know more line ends.
        for c in "\x85\u2028\u2029\x1c\x7f":
            text = text.replace(c, "\\u%04x" % ord(c))
        self.file.write(text + "\n")


def head(peer, seed, **more):
    return {"peer": peer, "generator": "tests/parity/text_cases.py", "seed": seed, **more}


def write_sacrebleu(folder, pairs, seed, r):
    rows = settings()
    metrics = [make_metric(*s) for s in rows]
    by_kind = {}
    for i, (name, _) in enumerate(rows):
        by_kind.setdefault(name, []).append(i)
    named = [{"metric": n, "options": o} for n, o in rows]
    out = Writer(folder / "sacrebleu/segments.jsonl",
                 head("sacrebleu " + sacrebleu.__version__, seed, settings=named))
    for hypothesis, references in pairs:
        row = []
        for indices in by_kind.values():
            k = r.choice(indices)
            row += [k, metrics[k].sentence_score(hypothesis, references).score]
        out.add(row)
    write_corpora(folder, pairs, seed, named, metrics, r)


def streams(pairs, n_refs):
    """References as sacrebleu wants them, None where a segment has fewer."""
    return [[refs[k] if k < len(refs) else None for _, refs in pairs] for k in range(n_refs)]


def write_corpora(folder, pairs, seed, named, metrics, r):
    out = Writer(folder / "sacrebleu/corpora.jsonl",
                 head("sacrebleu " + sacrebleu.__version__, seed, settings=named))
    for k, metric in enumerate(metrics):
        for _ in range(3):
            start = r.randrange(0, len(pairs) - 200)
            part = pairs[start:start + r.choice([1, 10, 200])]
            refs = streams(part, max(len(x[1]) for x in part))
            score = metric.corpus_score([x[0] for x in part], refs)
            line = score.format(width=4, signature=str(metric.get_signature()))
            out.add({"setting": k, "from": start, "n": len(part), "score": score.score, "line": line})
    for k, metric in enumerate(metrics):
        if named[k]["options"]:
            continue
        start = r.randrange(0, len(pairs) - 300)
        part = pairs[start:start + 300]
        hyps, refs = [x[0] for x in part], [[x[1][0] for x in part]]
        # The second system: the first's answers, every 25th one of a neighbour.
        other = [hyps[i - 1] if i % 25 == 7 else h for i, h in enumerate(hyps)]
        ci = metric.corpus_score(hyps, refs, n_bootstrap=1000)
        row = {"setting": k, "from": start, "n": 300, "score": ci.score, "mean": float(ci._mean),
               "ci": float(ci._ci)}
        for kind, n in (("bs", 1000), ("ar", 2000)):
            metric._ref_cache = metric._cache_references(refs)
            test = significance.PairedTest([("a", hyps), ("b", other)], {"m": metric}, None,
                                           test_type=kind, n_samples=n)
            _, scores = test()
            values = next(v for name, v in scores.items() if name != "System")
            row["p_" + kind] = float(values[1].p_value)
            row["other"] = float(values[1].score)
        out.add(row)


def write_rouge(folder, pairs, seed, r):
    kinds = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
    rows = [(k, stem) for k in kinds for stem in (False, True)]
    scorers = [rouge_scorer.RougeScorer([k], use_stemmer=s) for k, s in rows]
    named = [{"metric": k, "options": {"use_stemmer": s}} for k, s in rows]
    out = Writer(folder / "rouge_score/segments.jsonl", head("rouge_score 0.1.2", seed, settings=named))
    for hypothesis, references in pairs:
        k = r.randrange(len(rows))
        score = scorers[k].score_multi(references, hypothesis)[rows[k][0]]
        out.add([k, score.precision, score.recall, score.fmeasure])


def lm_eval_module(path, name):
    for missing in ("jieba", "fuzzywuzzy", "rouge"):  # imported there for other languages
        module = types.ModuleType(missing)
        module.fuzz = module.Rouge = None
        sys.modules.setdefault(missing, module)
    import lm_eval
    spec = importlib.util.spec_from_file_location(name, Path(lm_eval.__file__).parent / "tasks" / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_answers(folder, pairs, seed, r):
    squad = lm_eval_module("longbench/metrics.py", "longbench_metrics")
    drop = lm_eval_module("drop/utils.py", "drop_utils")

    def f1(a, b):  # SQuAD 2.0: nothing matches nothing
        a, b = squad.normalize_answer(a).split(), squad.normalize_answer(b).split()
        return float(a == b) if not a or not b else float(squad.f1_score(a, b))

    out = Writer(folder / "lm_eval_answers/segments.jsonl", head("lm_eval 0.4.13", seed))
    for hypothesis, references in pairs:
        em = max(float(squad.normalize_answer(hypothesis) == squad.normalize_answer(x))
                 for x in references)
        made = drop.process_results({"answers": [(x,) for x in references]}, [hypothesis])
        out.add([max(f1(hypothesis, x) for x in references), em, float(made["em"]),
                 float(made["f1"])])
    spans = Writer(folder / "lm_eval_answers/spans.jsonl", head("lm_eval 0.4.13", seed))
    maker = Maker(seed + 1)
    for _ in range(600):
        gold = [" ".join(maker.tokens(r.randint(1, 4), r.choice(["plain", "numbers", "mixed"])))
                for _ in range(r.randint(1, 6))]
        said = [x if r.random() < 0.5 else " ".join(maker.tokens(r.randint(0, 4), "mixed"))
                for x in gold[:r.randint(1, 6)]]
        r.shuffle(said)
        em, score = drop.get_metrics(said, gold)
        spans.add([said, gold, float(em), float(score)])


def write_aggregates(folder, pairs, seed):
    """A task's numbers: first reference, 100 replicates, as evaluator_utils.py asks for."""
    os.environ["DISABLE_MULTIPROC"] = "1"
    from lm_eval.api import metrics, registry
    r = random.Random(seed + 2)
    out = Writer(folder / "lm_eval_answers/corpora.jsonl", head("lm_eval 0.4.13", seed))
    for n in (1, 2, 5, 40):
        for name in ("bleu", "chrf", "chrf++", "ter"):
            start = r.randrange(0, len(pairs) - 40)
            part = pairs[start:start + n]
            items = [[x[1][0], x[0]] for x in part]
            function = registry.get_aggregation(name)
            error = metrics.stderr_for_metric(function, min(100000, 100))(items) if n > 1 else "N/A"
            out.add({"metric": name, "from": start, "n": n, "value": function(items),
                     "stderr": error})


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--pairs", type=int, default=5200)
    arguments.add_argument("--seed", type=int, default=20260801)
    arguments.add_argument("folder", nargs="?",
                           default=str(Path(__file__).resolve().parent.parent / "golden"))
    given = arguments.parse_args()
    folder, r = Path(given.folder), random.Random(given.seed)
    maker = Maker(given.seed)
    pairs = [maker.pair() for _ in range(given.pairs)]
    out = Writer(folder / "text/pairs.jsonl", head("none", given.seed))
    for hypothesis, references in pairs:
        out.add([hypothesis, references])
    write_sacrebleu(folder, pairs, given.seed, r)
    write_rouge(folder, pairs, given.seed, r)
    write_answers(folder, pairs, given.seed, r)
    write_aggregates(folder, pairs, given.seed)


if __name__ == "__main__":
    main()
