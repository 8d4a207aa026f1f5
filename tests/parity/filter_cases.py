#!/usr/bin/env python3
"""Writes tests/unit/filter/*.jsonl: what lm_eval's own filters make of responses.

usage: filter_cases.py [FOLDER]     with a Python that has lm_eval 0.4.13

First line of a file: peer and generator. Every other line: the chain of filters as a task file
writes it, the document, the responses, and what is left. Regenerate, do not edit."""

import json
import random
import sys
from pathlib import Path

import lm_eval
from lm_eval.api.registry import get_filter
import lm_eval.filters  # registers them

GSM8K_STRICT = r"#### (\-?[0-9\.\,]+)"
GSM8K_FLEXIBLE = r"(-?[$0-9.,]{2,})|(-?[0-9]+)"
LETTER = r"\(([A-D])\)"


def run(chain, doc, responses):
    values = [responses]
    for use in chain:
        options = {k: v for k, v in use.items() if k != "function"}
        values = list(get_filter(use["function"])(**options).apply(values, [doc]))
    return values[0]


def use(function, **options):
    return {"function": function, **options}


def regex_cases():
    texts = [
        "The answer is 12.\n#### 12",
        "#### 1,234.50 and #### -7",
        "no number here",
        "",
        "####12",
        "####  12",
        "costs $5, then 10 and 1,000.",
        "7",
        "(B) then (C)",
        "\u00c4pfel: 3 \u00d7 4 = 12\u00a0",
        "line one\nline two (A)\n",
        "\u0663\u0664",
    ]
    uses = [
        use("regex"),
        use("regex", regex_pattern=GSM8K_STRICT),
        use("regex", regex_pattern=GSM8K_FLEXIBLE, group_select=-1),
        use("regex", regex_pattern=GSM8K_FLEXIBLE, group_select=0, fallback="none"),
        use("regex", regex_pattern=LETTER, group_select=-1),
        use("regex", regex_pattern=r"\w+", group_select=0),
        use("regex", regex_pattern=r"\d+", group_select=-1),
        use("regex", regex_pattern=r"(x*)(y*)", fallback="  nothing "),
        use("regex", regex_pattern=r"(x*)"),
        use("regex", regex_pattern=r"^(.*?)(?=\n|$)"),
        use("regex", regex_pattern=r"^(.*?)\s*$"),
        use("regex", regex_pattern=r"(?s)line(.*)two", fallback=""),
        use("regex", regex_pattern=r"[^\n]+$", group_select=-1),
        use("regex", regex_pattern=r"(?<=\()[A-Z](?=\))"),
        use("regex", regex_pattern=r"(?:answer|Antwort) is\s*(\d+)|\b(\d+)\b", group_select=-1),
    ]
    for u in uses:
        yield [u], {}, texts
    yield [use("regex", regex_pattern="a"), use("regex", regex_pattern="b")], {}, ["ab", "b"]
    mmlu = [use("regex", regex_pattern=r"^(.*?)(?=\n|$)"), use("remove_whitespace"),
            use("regex", regex_pattern=r"^(.*?)\s*$"), use("take_first")]
    for text in (" B \nbecause", "\n\nC", "  D\t", "", "A. yes  "):
        yield mmlu, {}, [text]


def choice_cases():
    doc = {"choices": ["Guilty", "Guilty of Romance", "An apple, a day", "Stra\u00dfe (1)"]}
    letters = {"choices": ["yes", "no"]}
    odd = {"choices": ["same", "same", " padded ", "\u00bfqu\u00e9?", "a|b", "$5.00"]}
    texts = [
        "The answer is (C).",
        "I think: Guilty of Romance",
        "guilty OF romance",
        "Guilty",
        "an apple a day keeps",
        "An apple, a day",
        "The answer is: B",
        "the answer is:D",
        "STRASSE (1)",
        "Stra\u00dfe (1)",
        "",
        "nothing at all",
        "yes or no: A",
        "no",
        "same",
        "padded",
        "qu\u00e9",
        "a|b",
        "a",
        "$5.00",
        "5.00",
    ]
    for d in (doc, letters, odd):
        for options in (
            dict(regex_pattern=LETTER),
            dict(regex_pattern=r"(\([A-Z]\))", group_select=-1, ignore_case=True,
                 ignore_punctuation=True),
            dict(regex_pattern=r"(x*)(y*)", ignore_case=True, fallback="?"),
            dict(group_select=-1, ignore_punctuation=True, regexes_to_ignore=["a day", r"\s+$"]),
            dict(regex_pattern=r"answer is \((.)\)", ignore_case=True),
        ):
            yield [use("multi_choice_regex", **options)], d, texts


def text_cases(function):
    texts = ["  a b ", "\u00a0x\u2003", "\t\n", "", "Stra\u00dfe", "\u0130stanbul", "\u03a3\u03a3",
             "\u039f\u0394\u039f\u03a3 \u039f\u0394\u039f\u03a3", "\ufb01n", "\u01c5", "MiXeD 1\u00bd",
             "\x1cz\x1f", "\u180ey", "\u200bw"]
    yield [use(function)], {}, texts
    yield [use(function), use("take_first")], {}, texts
    yield [use("take_first"), use(function)], {}, [" A bC"]


def map_cases():
    table = {"A": 1, "B": 2, "C": None, "": "empty", "d": ["x", 1.5]}
    texts = ["A", "B", "C", "D", "", "d", "a"]
    yield [use("map", mapping_dict=table, default_value=0)], {}, texts
    yield [use("map", mapping_dict=table)], {}, texts
    yield [use("map")], {}, texts
    chain = [use("regex", regex_pattern=r"\b([ABCD])\b"), use("take_first"),
             use("map", mapping_dict={"A": 0, "B": 1}, default_value=-1), use("take_first")]
    for text in ("B is right", "none", "D"):
        yield chain, {}, [text]


def vote_cases():
    rng = random.Random(5)
    yield [use("majority_vote")], {}, ["a", "b", "b", "a"]
    yield [use("majority_vote"), use("take_first")], {}, ["1", "2", "2"]
    yield [use("majority_vote")], {}, ["only"]
    for _ in range(10):
        yield [use("majority_vote")], {}, [rng.choice("abcd") for _ in range(rng.randint(1, 12))]
    yield [use("take_first_k", k=3), use("regex", regex_pattern=r"\d"), use("majority_vote"),
           use("take_first")], {}, ["no", "it is 4", "4", "5", "5"]


def take_cases(function):
    if function == "take_first":
        yield [use("take_first")], {}, ["a", "b"]
        yield [use("take_first"), use("take_first")], {}, ["\u00e4bc"]
    else:
        yield [use("take_first_k", k=2)], {}, ["a", "b", "c"]
        yield [use("take_first_k", k=1)], {}, ["a", "b", "c"]
        yield [use("take_first"), use("take_first_k", k=2)], {}, ["\u00e4bc", "x"]


def tag_cases():
    texts = ["[('He', 'PRON'), ('runs', 'VERB')]", "('a', '')", "nothing", "",
             "('don\\'t', 'X') ('ok', 'Y')", "('a','NOUN')"]
    yield [use("regex_pos")], {}, texts
    yield [use("regex_pos", fallback=["none"], group_select=3, regex_pattern="x")], {}, texts
    yield [use("regex_pos"), use("take_first")], {}, texts


def span_cases():
    texts = [
        "Person: Ada, Grace $$ Location: Paris",
        "PER: none $$ LOC: Nairobi, None, Kisumu\nORG: ACME",
        "people:  \u00c5sa \n date: 3 May",
        "persons: A $$$ time: noon $$",
        "country: Kenya, company: ACME",
        "no labels",
        "",
        "per: x$loc: y,,z",
        "DATE:\u00a0tomorrow $ organization : UN",
    ]
    yield [use("format_span")], {}, texts
    yield [use("format_span"), use("take_first")], {}, texts[:1]


FILES = {
    "regex": regex_cases,
    "multi_choice_regex": choice_cases,
    "remove_whitespace": lambda: text_cases("remove_whitespace"),
    "lowercase": lambda: text_cases("lowercase"),
    "uppercase": lambda: text_cases("uppercase"),
    "map": map_cases,
    "majority_vote": vote_cases,
    "take_first": lambda: take_cases("take_first"),
    "take_first_k": lambda: take_cases("take_first_k"),
    "regex_pos": tag_cases,
    "format_span": span_cases,
}


def main(folder):
    for name, cases in FILES.items():
        with open(folder / f"{name}.jsonl", "w", encoding="utf-8") as out:
            peer = f"lm_eval {lm_eval.__version__}"
            out.write(json.dumps({"peer": peer, "generator": "tests/parity/filter_cases.py"}) + "\n")
            for chain, doc, responses in cases():
                case = {"filter": chain, "doc": doc, "responses": responses,
                        "expected": run(chain, doc, responses)}
                out.write(json.dumps(case, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    here = Path(__file__).resolve().parent.parent / "unit" / "filter"
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else here)
