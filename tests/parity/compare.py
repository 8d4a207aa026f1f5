#!/usr/bin/env python3
"""Compare one task of an lm_eval run with the same task of an lmeval run, digit by digit.
usage: compare.py LM_EVAL_OUTPUT_FOLDER LMEVAL_OUTPUT_FOLDER TASK [SERVER_URL]
lm_eval's task may be named TASK or TASK_local. Only the standard library is needed.

With the server's URL, a loglikelihood that differs is asked again to see whether it is the one known
difference (docs/parity.md): lm_eval drops the last entry of every answer as the generated token, but
a server that generated the end of text appended none, so lm_eval drops a token of the prompt. It is
counted as explained only when lm_eval's number is the sum without that token, and ours the one with
it, both to the last digit."""
import glob
import json
import sys
import urllib.request

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


def ask(server, model, prompt):
    body = {"model": model, "prompt": prompt, "temperature": 0, "max_tokens": 1, "logprobs": 1,
            "seed": 1234, "echo": True}
    request = urllib.request.Request(f"{server}/v1/completions", json.dumps(body).encode(),
                                     {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=300) as answer:
        return json.load(answer)["choices"][0]["logprobs"]


def is_dropped_token(server, arguments, a, b):
    """lm_eval's sum lacks the prompt's last token, ours has it, and nothing was generated."""
    context, continuation = arguments["arg_0"], arguments["arg_1"]
    logprobs = ask(server, "", context + continuation)
    cut = len(context.rstrip())
    first = next(i for i, at in enumerate(logprobs["text_offset"]) if at >= cut)
    with_last = sum(logprobs["token_logprobs"][first:])
    without = sum(logprobs["token_logprobs"][first:-1])
    return repr(without) == a and repr(with_last) == b


def explain(server, a, b):
    """Of the two samples' responses that differ, how many are the known difference; None if any is
    not."""
    n = 0
    for i, (x, y) in enumerate(zip(a["resps"], b["resps"])):
        if x == y:
            continue
        if not isinstance(x[0], list) or not is_dropped_token(
                server, a["arguments"][f"gen_args_{i}"], x[0][0], y[0][0]):
            return None
        n += 1
    return n


def main(theirs, ours, task, server=None):
    differences, explained = [], 0
    a = samples(newest(theirs, f"samples_{task}*.jsonl"))
    b = samples(newest(ours, f"samples_{task}*.jsonl"))
    for key in sorted(a.keys() ^ b.keys()):
        differences.append(f"sample {key} is in one only")
    for key in sorted(a.keys() & b.keys()):
        known = explain(server, a[key], b[key]) if server and a[key]["resps"] != b[key]["resps"] else None
        if known:
            explained += known
            a[key]["resps"] = b[key]["resps"]
            a[key]["filtered_resps"] = b[key]["filtered_resps"]
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
          f"{len(differences)} differences"
          + (f", {explained} responses of the known difference" if explained else ""))
    for line in differences[:40]:
        print(" ", line)
    for name, value in ra.items():
        if "," in name:
            print(f"    {name} = {value!r}")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:5]))
