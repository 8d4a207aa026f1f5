#!/usr/bin/env python3
"""How far apart the answers of two runs of one task are, document by document.
usage: nearness.py FOLDER_A FOLDER_B TASK
Folders of lmeval or lm_eval. Prints one line; exit code 1 when a document is missing in one of them, or
one was scored and the other was not. Only the standard library is needed."""
import glob
import json
import sys


def samples(folder, task):
    found = sorted(glob.glob(f"{folder}/**/samples_{task}*.jsonl", recursive=True))
    if not found:
        sys.exit(f"{folder}: no samples of {task}")
    with open(found[-1], encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {(row["doc_id"], row["filter"]): row for row in rows}


def main(first, second, task):
    a, b = samples(first, task), samples(second, task)
    pairs = [(x, y) for key in a.keys() & b.keys() for x, y in zip(a[key]["resps"], b[key]["resps"])]
    n_equal = sum(x == y for x, y in pairs)
    sums = [(x[0], y[0]) for x, y in pairs if isinstance(x[0], list) and isinstance(y[0], list)]
    apart = [abs(float(x[0]) - float(y[0])) for x, y in sums]
    n_greedy = sum(str(x[1]) != str(y[1]) for x, y in sums)
    n_lost = len(a.keys() ^ b.keys()) + sum((x[0] is None) != (y[0] is None) for x, y in pairs)
    print(f"{task}: {len(pairs)} answers, {n_equal} equal, {n_lost} on one side only" +
          (f"; at most {max(apart):.3g} nats apart, is_greedy differs {n_greedy} times" if apart else ""))
    return n_lost > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
