"""Writes repr.cases and random.cases: what CPython itself answers.

    python3 tests/unit/core/make_cases.py

repr.cases    str HEX-OF-UTF-8 TAB REPR, and float HEX-OF-BITS TAB REPR
random.cases  a call, its seed and arguments, ": ", the results
"""
import os
import platform
import random
import struct

HERE = os.path.dirname(os.path.abspath(__file__))
HEAD = f"# CPython {platform.python_version()}; written by make_cases.py, not by hand\n"

TEXTS = [
    "", "plain", "it's", 'say "so"', "both ' and \"", "'", '"', "\\", "a\\'b", "\n\r\t", "\0", "\x01\x1b\x1f",
    "\x7f", "\x80\x9f", "\xa0", "\xad", "\xe9", "stra\xdfe", "\u0300", "e\u0301", "\u200b", "\u200d", "\u2028", "\u2029",
    "\u202e", "\u3000", "\ufeff", "\ufffd", "\uffff", "\ue000", "\ufdd0", "\u0378", "\u4e2d\u6587", "\U0001f600",
    "\U0001f468\u200d\U0001f469", "\U000e0001", "\U000f0000", "\U0010ffff", "mixed \u00a0\u4e2d'\n end", "\u2009x", "\u0600",
    "\u180e", "\u061c", "\u1680", "\u0085",
]

FLOATS = [
    0.0, -0.0, 1.0, -1.0, 0.1, 0.2, 0.1 + 0.2, 1 / 3, 2 / 3, 100.0, 1e15, 1e16, 1e17, 123456789012345680.0,
    9999999999999998.0, 9007199254740993.0, 1e22, 1e23, 1.5e16, 0.0001, 0.00012345, 0.00001, 1.5e-5, 1e-7, 5e-324,
    2.2250738585072014e-308, 1.7976931348623157e308, float("inf"), float("-inf"), float("nan"), 3.141592653589793,
    -2.5e-10, 1e100, 1e-100, 12345.678, 4.35, 2.675, 1e21, 72057594037927936.0,
]

SEEDS = [0, 1, 2, 42, 1234, -1, -42, 2**31, 2**32 - 1, 2**32, 2**40 + 17, 2**63 - 1, -(2**63), -(2**63) + 1]


def line(call, results):
    return call + ": " + " ".join(str(r) for r in results) + "\n"


def write_repr():
    draw = random.Random(7)
    floats = list(FLOATS)
    for _ in range(120):
        floats.append(struct.unpack("<d", struct.pack("<Q", draw.getrandbits(64)))[0])
    for _ in range(60):
        floats.append(draw.random() * 10 ** draw.randint(-6, 18))
    with open(os.path.join(HERE, "repr.cases"), "w", encoding="utf-8") as out:
        out.write(HEAD)
        for text in TEXTS:
            out.write(f"str {text.encode().hex()}\t{text!r}\n")
        for number in floats:
            out.write(f"float {struct.pack('>d', number).hex()}\t{number!r}\n")


def write_random():
    with open(os.path.join(HERE, "random.cases"), "w", encoding="utf-8") as out:
        out.write(HEAD)
        for seed in SEEDS:
            r = random.Random(seed)
            out.write(line(f"u32 {seed}", [r.getrandbits(32) for _ in range(5)]))
            r = random.Random(seed)
            out.write(line(f"unit {seed}", [struct.pack(">d", r.random()).hex() for _ in range(4)]))
            r = random.Random(seed)
            out.write(line(f"shuffle {seed} 12", shuffled(r, 12)))
            for n, k in [(10, 3), (1000, 5), (1000, 6), (21, 21)]:
                out.write(line(f"sample {seed} {n} {k}", random.Random(seed).sample(range(n), k)))
        for n, k in [(0, 0), (1, 1), (5, 0), (20, 2), (21, 2), (22, 2), (22, 22), (84, 5), (85, 6), (86, 6), (100, 21),
                     (276, 21), (277, 21), (278, 22), (100, 100), (300, 64), (2000, 100), (100000, 10), (10**12, 8)]:
            out.write(line(f"sample 1234 {n} {k}", random.Random(1234).sample(range(n), k)))
        for n in [1, 2, 3, 7, 64, 1000, 2**31, 2**32 - 1, 2**32, 2**32 + 1, 2**40, 2**53 + 1, 2**63, 2**64 - 1]:
            r = random.Random(99)
            out.write(line(f"below 99 {n}", [r._randbelow(n) for _ in range(6)]))
        for n, k in [(1, 3), (2, 9), (7, 700), (1000, 1000), (2**31 - 1, 320), (99991, 625)]:
            out.write(line(f"choices 17 {n} {k}", random.Random(17).choices(range(n), k=k)))
        r = random.Random(5)
        out.write(line("shuffle 5 0", shuffled(r, 0)))
        out.write(line("shuffle 5 1", shuffled(random.Random(5), 1)))
        out.write(line("shuffle 5 700", shuffled(random.Random(5), 700)))


def shuffled(r, n):
    items = list(range(n))
    r.shuffle(items)
    return items


if __name__ == "__main__":
    write_repr()
    write_random()
