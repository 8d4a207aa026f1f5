#!/usr/bin/env python3
"""Compare one task of an lm_eval run with the same task of an lmeval run, digit by digit.
usage: compare.py LM_EVAL_OUTPUT_FOLDER LMEVAL_OUTPUT_FOLDER TASK
lm_eval's task may be named TASK or TASK_local. Only the standard library is needed."""
import glob
import json
import sys

# What must be equal in a sample, besides the metrics it names.
FIELDS = ("doc", "target", "arguments", "resps", "filtered_resps", "doc_hash", "prompt_hash",
          "target_hash")


def newest(folder, pattern):
    found = sorted(glob.glob(f"{folder}/**/{pattern}", recursive=True))
    if not found:
        sys.exit(f"{folder}: no {pattern}")
    return found[-1]


def samples(path):
    with open(path, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {(row["doc_id"], row["filter"]): row for row in rows}


def results(folder, task):
    for path in sorted(glob.glob(f"{folder}/**/results*.json", recursive=True), reverse=True):
        with open(path, encoding="utf-8") as file:
            found = json.load(file)["results"]
        for name in (task, f"{task}_local"):
            if name in found:
                return found[name]
    sys.exit(f"{folder}: no results of {task}")


def main(theirs, ours, task):
    differences = []
    a = samples(newest(theirs, f"samples_{task}*.jsonl"))
    b = samples(newest(ours, f"samples_{task}*.jsonl"))
    for key in sorted(a.keys() ^ b.keys()):
        differences.append(f"sample {key} is in one only")
    for key in sorted(a.keys() & b.keys()):
        for field in (*FIELDS, *a[key]["metrics"]):
            if json.dumps(a[key].get(field)) != json.dumps(b[key].get(field)):
                differences.append(
                    f"sample {key} {field}:\n  lm_eval {a[key].get(field)!r}\n  lmeval  {b[key].get(field)!r}")
    values = 0
    ra, rb = results(theirs, task), results(ours, task)
    for name, value in ra.items():
        if "," not in name:
            continue
        values += 1
        if repr(value) != repr(rb.get(name)):
            differences.append(f"{name}: lm_eval {value!r}, lmeval {rb.get(name)!r}")
    requests = sum(len(row["resps"]) for row in b.values())
    print(f"{task}: {len(a)} samples, {requests} responses, {values} numbers: "
          f"{len(differences)} differences")
    for line in differences[:40]:
        print(" ", line)
    for name, value in ra.items():
        if "," in name:
            print(f"    {name} = {value!r}")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
