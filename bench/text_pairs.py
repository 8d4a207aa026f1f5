#!/usr/bin/env python3
"""Writes FOLDER/answers.txt and FOLDER/references.txt: N pairs of sentences, seeded, in the lengths of
news translation (about 25 words), a third of the words of an answer changed or moved.

usage: text_pairs.py FOLDER [N]"""

import itertools
import random
import sys
from pathlib import Path

LETTERS = "etaoinshrdlucmfwypvbgk"


def main():
    folder, n = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20000
    r = random.Random(5)
    words = ["".join(r.choices(LETTERS, range(22, 0, -1), k=r.choice([2, 3, 3, 4, 5, 6, 7, 8, 10])))
             for _ in range(20000)]
    weights = list(itertools.accumulate(1 / (i + 3) for i in range(len(words))))
    with (folder / "answers.txt").open("w") as answers, \
            (folder / "references.txt").open("w") as references:
        for _ in range(n):
            reference = r.choices(words, cum_weights=weights, k=max(3, int(r.gauss(25, 9))))
            answer = list(reference)
            for _ in range(len(answer) // 5):
                kind, at = r.random(), r.randrange(len(answer))
                if kind < 0.6:
                    answer[at] = r.choices(words, cum_weights=weights)[0]
                elif kind < 0.8:
                    block = answer[at:at + r.randint(1, 4)]
                    del answer[at:at + len(block)]
                    where = r.randint(0, len(answer))
                    answer[where:where] = block
                else:
                    answer.insert(at, r.choices(words, cum_weights=weights)[0])
            for sentence, file in ((answer, answers), (reference, references)):
                if len(sentence) > 8:
                    sentence[6] += ","
                file.write((" ".join(sentence)).capitalize() + ".\n")


if __name__ == "__main__":
    main()
