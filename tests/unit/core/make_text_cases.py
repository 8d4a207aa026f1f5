"""Fills in what CPython and PyYAML answer: json_write.cases, regex.cases and unicode.cases as a whole, the answers of yaml.cases.

    pip install pyyaml; python3 tests/unit/core/make_text_cases.py
"""
import json
import os
import platform
import random
import re
import struct
import warnings

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


ANSWER = "She has 3 left.\n#### 1,180\nThe answer is (B), not -7.5%."
WORDS = "na\xefve caf\xe9 \u041e\u043b\u0435\u0433 \u6f22\u5b57\u3002 x_1 \xdf \u1e9e"
BLANKS = "\t a\x1cb\x1f\u180ec\x85d\xa0e\u2028f\u3000 \r\n"
FIND = [
    # What lm_eval's tasks use.
    (r"#### (\-?[0-9\.\,]+)", [ANSWER, "#### -3.5.\n#### x", ""]),
    (r"(-?[$0-9.,]{2,})|(-?[0-9]+)", [ANSWER, "pays $1,180 or 7."]),
    (r"\(([A-D])\)", [ANSWER, "(A)(E) (D"]),
    (r"(?<=The answer is )(.*)(?=.)", [ANSWER, "The answer is (A).\nThe answer is B."]),
    (r"(?i)the answer is \(?\(([A-J])\)?\)?", [ANSWER, "THE ANSWER IS ((c))"]),
    (r"((?<=The answer is )(.*)(?=\.)|(?<=answer: )(.*)(?=.))", ["answer: 12. The answer is 5.", "x"]),
    (r"[\s:]+", ["a: b :\n c", BLANKS]),
    (r"\[.*?\]", ["[header] A man [title] runs [", "[]"]),
    (r"\\boxed\{(.*?)\}", ["\\boxed{12} \\boxed{a}b}"]),
    (r"(?s).*#### ", ["x\ny #### 12", ANSWER]),
    (r"^\s+|\s+$", ["  a b \n", BLANKS]),
    (r"\bcaf\xe9\b|[\u4e00-\u9fff]+", [WORDS, "caf\xe9s"]),
    (r"\b(?:a|an|the)\b", ["the a and an other theft"]),
    (r"(\d+)(?:st|nd|rd|th)\b", ["1st 22nd 3th4th"]),
    # Empty matches, and what follows them.
    ("", ["", "ab", "\xe9\n"]), ("a*", ["baac", "\xe9a"]), ("a*?", ["aa"]), ("x*", ["\xe9x"]), ("(a)|b*", ["abb"]),
    ("(|a)+", ["aab"]), ("(a*)*", ["aab"]), ("(a?)*?b", ["aab"]), (r"\b", ["ab cd", "", " "]), (r"\B", ["ab cd", "", " "]),
    ("(?=a)|a", ["aba"]), ("^", ["a\nb", ""]), ("$", ["a\n", "a", "\n\n"]), ("(?m)^", ["a\nb\n", "\n"]), ("(?m)$", ["a\nb\n", ""]),
    ("(?m)^(.*)$", ["a\n\nb\r\nc"]), ("a$", ["a\n", "a\n\n", "a\r\n"]), (r"a\Z", ["a\n", "a"]), (r"\A", ["ab"]), (r"(?:)|a", ["a"]),
    # Classes of characters.
    (r"\w+", [WORDS, "a\u0301 \u0663 \xb2"]), (r"\W+", [WORDS]), (r"\d+", ["\uff11\uff12 \u0663 \xb2 7"]), (r"\D+", ["\uff11a\u0663"]),
    (r"\s", [BLANKS]), (r"\S", [BLANKS]), (r"[\s]+", [BLANKS]), (r"[^\s]+", [BLANKS]), (r"[\S]+", [BLANKS]), (r"[^\S\n]+", [BLANKS]),
    (r"[^\W\d_]+", [WORDS]), (".", ["a\r\u2028\n\x85"]), ("(?s).", ["a\n"]), ("[^a]", ["a\nb"]),
    ("[]a]+", ["x]a["]), ("[^]a]+", ["x]a["]), ("[[]", ["[["]), ("[a[:alpha:]]", ["a]", "l]:]"]), ("[a-]+", ["a-b"]), (r"[a\-z]+", ["a-mz"]),
    ("[-a]", ["-a"]), ("[a&&b]+", ["a&b"]), ("[+--]", ["+,-."]), (r"[\^x]+", ["^x"]), (r"[\b]", ["\b b"]), ("[\xe9-\xef]+", [WORDS]),
    (r"[\x41-\u0043]+", ["ABCD"]), (r"[\1\12\101]+", ["\x01\nA1"]), (r"[\d-]+", ["1-2"]), (r"[\].\\]+", ["].\\x"]), (r"[\w.-]+@", ["a.b-c@"]),
    # Escapes.
    (r"\u00e9|\U0001F9C8|\x41", ["\xe9 \U0001f9c8 A"]), (r"\v\f\a", ["\v\f\a"]), (r"\0", ["\0"]), (r"\01\012", ["\1\n"]), (r"\101", ["A"]),
    (r"\. \- \# \/ \~ \& \@ \% \= \! \, \; \:", [". - # / ~ & @ % = ! , ; :"]), (r"\_\<\-", ["_<-"]), (r"\{\}", ["{}"]), ("\\\xe9", ["\xe9"]),
    # Repeats and braces.
    ("a{2}", ["aaaaa"]), ("a{,2}", ["aaa"]), ("a{1,}", ["aa b a"]), ("a{,}", ["aab"]), ("a{1,2}?", ["aaa"]), ("a{", ["a{"]), ("a{x}", ["a{x}"]),
    ("a{2}b", ["aab"]), ("{}", ["{}"]), ("a{1", ["a{1"]), ("{{(.*?)}}", ["{{x}} {{y}}"]), ("x{1, 2}", ["x{1, 2}"]), ("a++b", ["aab"]), ("a*+a", ["aa"]),
    ("(?>a+)ab|b", ["aab"]), ("a{1,2}+a", ["aaa", "aa"]),
    # Groups.
    ("(a)(b)?", ["ab a"]), ("((a)|(b))*", ["ab"]), ("(a)|(b)|(c)", ["cab"]), (r"(?P<k>\d)=(?P=k)", ["1=1 1=2"]), (r"(a)(b)\2\1", ["abba"]),
    (r"(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\10", ["abcdefghijj"]), ("(?:a|ab)(?:c|bcd)", ["abcd"]), ("(?P<first_1>a)", ["a"]),
    ("(a)?(?(1)b|c)", ["ab c b"]), ("(?P<q>\")?x(?(q)\"|!)", ['"x" x! "x!']), ("(?P<R>a)?(?(R)b|c)", ["ab c"]), ("(?#comment (x)a", ["a"]), ("a(?#c)*", ["aa"]),
    ("(?=(a+))a*b\\1", ["baaabac"]), ("(?=a)b?a", ["cac"]), ("(?<!a)b", ["ab b"]), ("(?<=[.!?])\\s", ["a. b! c"]), ("(?<=a)", ["aa"]), ("(?!a)\\w", ["ab"]),
    # Flags.
    ("(?i)STRASSE|\xc9", ["stra\xdfe strasse \xe9"]), ("(?i)\u0434", ["\u0414"]), ("(?i)k", ["k\u212aK"]), ("(?i)[^a]", ["aAb"]), ("(?i)(a)\\1", ["aA"]),
    ("(?i:a)b", ["Ab AB"]), ("(?i)a(?-i:b)", ["Ab AB"]), ("(?s:.)a.", ["\na\nxay"]), ("(?im)^a$", ["A\na"]), ("(?u)\\w", ["\xe9"]), ("(?m-s:^.)", ["a\nb"]),
    ("(?x) a b # (comment\n [ #] \\  c", ["ab# c", "ab#c"]), ("(?x: a\n) b", ["a b"]), ("(?x)a {2}", ["aa"]), ("(?xs) . (?-x: )", ["\n "]), ("(?i)(?m)^b", ["a\nB"]),
    ("(?x)\\( ? a", ["(a a"]), ("(?x)a\x85b\u2028", ["a\x85b\u2028"]), ("(?x)(a) # c\n\\1 0", ["aa0"]), ("(?x) (?i) a", ["A"]), ("(?x)a#b", ["ab"]),
]
REFUSED = [
    "(", ")", "a)", "(?", "(?P", "(?P<", "(?P<n", "(?P<>a)", "(?P<1>a)", "(?P<n>a)(?P<n>b)", "(?P=n)", "(?P>n)", "(?<n>a)", "(?'n'a)", "(?|a|b)", "(?R)", "(?1)",
    "(?&n)", "(?C1)a", "(?U)a", "(?J)a", "(?^i)a", "(?xx", "(?i", "(?i-)", "(?-:a)", "(?-)", "a(?i)b", "((?i)b)", "|(?i)b", "(?L)a", "(*ACCEPT)", "(*UTF)a", "(?#",
    "[", "[a", "[]", "[^]", "[z-a]", r"[\w-z]", r"[a-\d]", "[a\\", "\\", r"\Qa\E", r"\h", r"\R", r"\K", r"\G", r"\X", r"\C", r"\e", r"\cA", r"\p{L}", r"\PL", r"\z",
    r"\g<1>", r"\k<n>", r"\i", r"\1", r"(a)\2", r"\8", r"\400", r"[\400]", r"[\8]", r"[\Z]", r"[\B]", r"\x4", r"\x{41}", r"\u12", r"\U0011FFFF", "*", "+a", "?", "{2}",
    "a**", "(*a)", "^*", r"\b+", r"\B*", "a{2,1}", "(?(0)a|b)", "(?(1)a|b)", "(?(n)a|b)", "(a)(?(1)b|c|d)", "(?<=a+)b", "(?<=a*)",
    "(?x)( ?:a)", "(?x)( *a)", "(?x)a ( ?i)", "(?x)a (?i)",
]
REPLACE = [
    (r"\[.*?\]", "", "a [b]c [d] e"), (",", "", "1,180,000"), (r"\.$", "", "12."), (r"(\w)(\w)", r"\2\1", "abcd"), ("(?P<first>a)", r"<\g<first>\g<1>\g<0>>", "xax"),
    ("x*", "-", "abxd"), ("b", r"\n\\\t", "abc"), ("a", "\xe9", "aa"), ("(a)|b", r"[\1]", "ab"), ("", "-", "\xe9a"), (r"\b", "|", "a bc"), ("$", "!", "a\n"), ("(?m)^", "> ", "a\nb\n"),
    ("a", r"\0\07\012\101", "a"), ("(a)", r"\1\g<1>1", "a"), ("(a)", "\\-\\.\\ \\\xe9", "a"), ("a", r"\a\b\f\v\r", "a"), ("z", "x", "abc"), (r"\s+", " ", BLANKS),
    ("(a)(b)?", r"\2", "ab a"), ("(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)", r"\10\1", "abcdefghij"), (r"(?<=\d)(?=(\d{3})+$)", ",", "1234567"), ("a|(b)", r"\g<1>", "xaby"),
]


def regex_spans(match):
    if match is None:
        return None
    text = match.string
    return [[len(text[:at].encode()) if at >= 0 else -1 for at in match.span(i)] for i in range(match.re.groups + 1)]


def write_regex():
    with open(os.path.join(HERE, "regex.cases"), "w", encoding="utf-8") as out:
        def row(**fields):
            out.write(json.dumps(fields, ensure_ascii=False) + "\n")

        out.write(HEAD)
        for pattern, subjects in FIND:
            for subject in subjects:
                row(pattern=pattern, subject=subject, findall=repr(re.findall(pattern, subject)),
                    spans=regex_spans(re.search(pattern, subject)))
        for pattern, replacement, subject in REPLACE:
            for count in (0, 1):
                row(pattern=pattern, replacement=replacement, subject=subject, count=count,
                    sub=re.sub(pattern, replacement, subject, count))
        for pattern in REFUSED:
            try:
                re.compile(pattern)
            except re.error as error:
                row(pattern=pattern, refused=str(error))
            else:
                raise SystemExit(f"Python takes {pattern!r}")


CASED = [
    "", "hello WORLD it's", "stra\xdfe", "x1y-z a.b", "3rd \xc9COLE \xe9t\xe9", "\u1e9e \ufb01n \u0149a", "\u0130\u0131 iI", "\u01c6x \u01c5X \u01c4x",
    "\u041e\u043b\u0435\u0433 \u043c\u0418\u0440", "\u6f22\u5b57 \U0001f600a", "\u2160\u2170 \u24d0\u24b6", "\U00010400\U00010428", "\u10d0\u1c90 \u13a0\uab70",
    # Final sigma: a cased letter before it, none behind it.
    "\u039f\u0394\u039f\u03a3", "\u03a3", "\u03a3\u03a3 a\u03a3\u03a3", "a\u03a3b", "a\u03a3.", "a\u03a3.b", "a.\u03a3", "1\u03a3", "a1\u03a3", "a\u0301\u03a3", "a\u03a3\u0301 b", "a\u03a3\u0301b",
    "a\u03a3'", "a'\u03a3 '\u03a3", "a\u03a3\u00adb", "a\u03a3:\u0387", "a\u03a3\uff0eb", "a\u02b0\u03a3", "\U0001f600\u03a3", "\u24d0\u03a3",
    # White space that strip removes, and what only looks like it.
    "\x1c\t \xa0\u3000 a b \u2028\x85\n", "a\u200b", " \u180e", " \n ", "\x1fa\x1e", "\x08a\x7f", "\ufeffa",
]


def write_unicode():
    special = [chr(c) for c in range(0x80, 0x110000) if len(chr(c).upper()) > 1 or len(chr(c).title()) > 1]
    with open(os.path.join(HERE, "unicode.cases"), "w", encoding="utf-8") as out:
        out.write(HEAD)
        for text in CASED + special + ["a" + c + "a" for c in special]:
            row = {"text": text, "lower": text.lower(), "upper": text.upper(), "title": text.title(),
                   "capitalize": text.capitalize(), "strip": text.strip(), "lstrip": text.lstrip(), "rstrip": text.rstrip()}
            out.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    write_json()
    write_regex()
    write_unicode()
    write_yaml()
