#!/usr/bin/env python3
"""What docs/servers.md says of vLLM, asked of a running one; and lmeval beside lm_eval on it.

    python3 tests/parity/vllm.py URL                                   the facts alone
    python3 tests/parity/vllm.py URL --bin build/bin --tokenizer DIR --rows FILE   both tools, too

URL        of the server, without /v1
--rows     rows with HellaSwag's columns (activity_label, ctx_a, ctx_b, endings, label), JSON lines
--tokenizer  of the model, for lm_eval's token ids
--limit N  rows (100); --concurrency N (8); --keep DIR keeps the outputs

Prints a line a fact: what was expected and what came. lm_eval (0.4.13, of the Python that runs this)
asks with token ids and with texts, lmeval twice with 1 and with N open requests; every number of
every sample must be equal to the last digit. Exit code 1 when a fact or a digit differs; versions of
vLLM differ in facts, so a difference is news, not always a fault. Only the standard library is
needed for the facts.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
TEXT = "Anna counts the birds in the garden"
TASK = """task: {name}
dataset_path: json
dataset_kwargs:
  data_files:
    validation: {rows}
validation_split: validation
output_type: multiple_choice
num_fewshot: 0
doc_to_text: "{{{{activity_label}}}}: {{{{ctx_a}}}} {{{{ctx_b.capitalize()}}}}"
doc_to_target: "{{{{label | int}}}}"
doc_to_choice: "{{{{endings}}}}"
metric_list:
  - metric: acc
    aggregation: mean
    higher_is_better: true
  - metric: acc_norm
    aggregation: mean
    higher_is_better: true
"""


class Server:
    def __init__(self, url, key):
        self.url = url.rstrip("/")
        self.headers = {"Content-Type": "application/json"}
        if key:
            self.headers["Authorization"] = "Bearer " + key

    def ask(self, path, body=None):
        """Status and JSON (None when it is none)."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, self.headers)
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read()
        try:
            return status, json.loads(text)
        except ValueError:
            return status, None


def message(answer):
    return ((answer or {}).get("error") or {}).get("message", "") if isinstance(answer, dict) else ""


def facts(server):
    """Pairs of a fact's text and whether it holds, with what came."""
    _, models = server.ask("/v1/models")
    model, context = models["data"][0]["id"], models["data"][0].get("max_model_len")
    base = {"model": model, "temperature": 0, "prompt": TEXT, "max_tokens": 1}

    def complete(**other):
        return server.ask("/v1/completions", {**base, **other})

    def listed(**other):
        return complete(echo=True, logprobs=1, **other)[1]["choices"][0]

    yield "owned_by is vllm, max_model_len is told", (
        models["data"][0]["owned_by"] == "vllm" and isinstance(context, int)), models["data"][0]
    one, none = listed(), listed(max_tokens=0)
    n = len(none["logprobs"]["tokens"])
    yield "the first echoed token has null", one["logprobs"]["token_logprobs"][0] is None, one["logprobs"]
    yield "max_tokens 1 appends one entry, 0 none", len(one["logprobs"]["tokens"]) == n + 1, one["logprobs"]["tokens"]
    yield "max_tokens 0 without echo: 400", complete(max_tokens=0)[0] == 400, complete(max_tokens=0)
    yield "echo with logprobs fills prompt_logprobs", one.get("prompt_logprobs") is not None, list(one)
    odd = listed(prompt="Zoë — 25 °C \U0001f9c8 漢字")["logprobs"]
    offsets = [len("".join(odd["tokens"][:i])) for i in range(len(odd["tokens"]))]
    yield "text_offset counts the code points of the tokens' texts", odd["text_offset"] == offsets, odd
    first = listed(prompt="\U0001fad6漢 tea")["logprobs"]["tokens"]
    yield "a part of a character at the very beginning is U+FFFD (or it is one token)", (
        first[0].startswith("\ufffd") or first[0].startswith("\U0001fad6") or first[0].startswith("<")), first
    limit = complete(logprobs=21)
    yield "more than 20 logprobs: 400 that names the limit", (
        limit[0] == 400 and "greater than max allowed" in message(limit[1])), limit
    stops = complete(stop=["1", "2", "3", "4", "5"])
    yield "five stop texts: 400 (4 at most)", stops[0] == 400 and "at most 4" in message(stops[1]), stops
    status, told = server.ask("/tokenize", {"model": model, "prompt": TEXT})
    yield "/tokenize tells tokens and max_model_len", (
        status == 200 and told["count"] == len(told["tokens"]) and told["max_model_len"] == context), told
    ids = told["tokens"]
    same = listed(prompt=ids)["logprobs"]["token_logprobs"][:len(ids)]
    yield "token ids have the text's logprobs", same == one["logprobs"]["token_logprobs"][:len(ids)], same
    both = complete(prompt=[TEXT, "One"], echo=True, logprobs=1)[1]
    yield "a list of prompts is answered by index", [c["index"] for c in both["choices"]] == [0, 1], both["usage"]
    yield "usage counts all prompts of a list", (
        both["usage"]["completion_tokens"] == 2), both["usage"]
    back = server.ask("/detokenize", {"model": model, "tokens": ids})
    yield "/detokenize calls the text prompt", back[0] == 200 and "prompt" in back[1], back
    info = server.ask("/tokenizer_info")
    yield "/tokenizer_info is not there unless it was asked for", info[0] == 404, info[0]
    room = complete(prompt=[ids[-1]] * (context - 4), max_tokens=50, ignore_eos=True)
    yield "max_tokens is cut to the context without a word", (
        room[0] == 200 and room[1]["usage"]["completion_tokens"] == 4
        and room[1]["choices"][0]["finish_reason"] == "length"), room
    full = complete(prompt=[ids[-1]] * context)
    yield "a prompt that fills the context: 400, max_tokens must be at least 1", (
        full[0] == 400 and "max_tokens must be at least 1, got 0" in message(full[1])), full
    over = complete(prompt=[ids[-1]] * (context + 1))
    yield "a longer one: 400, maximum context length", (
        over[0] == 400 and "maximum context length" in message(over[1])), over
    asked = complete(max_tokens=context + 1)
    yield "max_tokens above the context: 400", asked[0] == 400 and "max_model_len" in message(asked[1]), asked
    wrong = server.ask("/v1/completions", {**base, "model": "no-such-model"})
    yield "another model: 404", wrong[0] == 404, wrong
    yield "an unknown field is dropped in silence", complete(no_such_field=1)[0] == 200, None
    yield "errors are {error: {message, type, param, code}}", (
        set(wrong[1].get("error", {})) == {"message", "type", "param", "code"}), wrong[1]
    empty = complete(prompt="")
    yield "an empty prompt: 400", empty[0] == 400, empty


def check_facts(server):
    n_wrong = 0
    version = server.ask("/version")[1]
    print("vLLM", (version or {}).get("version", "(no /version)"))
    for text, holds, came in facts(server):
        n_wrong += not holds
        print("ok  " if holds else "NO  ", text, "" if holds else "\n     came: %.600r" % (came,))
    return n_wrong


def timed(name, command, log, **other):
    start = time.time()
    with open(log, "w", encoding="utf-8") as out:
        subprocess.run(command, check=True, stdout=out, stderr=subprocess.STDOUT, **other)
    print("%-22s %6.1f s" % (name, time.time() - start), flush=True)


def run_both(server, args, folder):
    rows = os.path.abspath(args.rows)
    tasks = os.path.join(folder, "tasks")
    os.makedirs(tasks, exist_ok=True)
    task = os.path.join(tasks, "swag_rows.yaml")
    with open(task, "w", encoding="utf-8") as out:
        out.write(TASK.format(name="swag_rows", rows=rows))
    model = server.ask("/v1/models")[1]["data"][0]["id"]
    environment = {**os.environ, "HF_DATASETS_OFFLINE": "1", "HF_HUB_OFFLINE": "1"}
    theirs, ours = [], []
    for tokenized in ("True", "False"):
        out = os.path.join(folder, "lm_eval-" + tokenized)
        timed("lm_eval, ids " + tokenized, [
            sys.executable, "-m", "lm_eval", "--model", "local-completions", "--model_args",
            "model=%s,base_url=%s/v1/completions,tokenizer_backend=huggingface,tokenizer=%s,"
            "tokenized_requests=%s,num_concurrent=%d,max_length=%d" % (
                model, server.url, args.tokenizer, tokenized, args.concurrency, args.max_length),
            "--include_path", tasks, "--tasks", "swag_rows", "--limit", str(args.limit), "--batch_size", "1",
            "--log_samples", "--output_path", out], out + ".log", env=environment)
        theirs.append(out)
    for name, options in (("1", ["--concurrency", "1"]), ("n", ["--concurrency", str(args.concurrency)]),
                          ("n-again", ["--concurrency", str(args.concurrency)]),
                          ("batch", ["--batch", "8"]), ("prompt_logprobs", ["--scoring", "prompt_logprobs"])):
        out = os.path.join(folder, "lmeval-" + name)
        timed("lmeval " + name, [
            os.path.join(args.bin, "lmeval"), "--task", task, "--base-url", server.url, "--limit", str(args.limit),
            "--quiet", "--fresh", "--output_path", out, *options], out + ".log")
        ours.append(out)
    status = 0
    for a in theirs:
        for b in ours:
            print("==", os.path.basename(a), os.path.basename(b), flush=True)
            status |= subprocess.run([sys.executable, os.path.join(HERE, "compare.py"), a, b, "swag_rows"],
                                     check=False).returncode
    return status


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("url")
    parser.add_argument("--bin")
    parser.add_argument("--rows")
    parser.add_argument("--tokenizer")
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--max-length", type=int, default=2048)
    parser.add_argument("--keep")
    args = parser.parse_args()
    server = Server(args.url, os.environ.get("OPENAI_API_KEY", ""))
    status = 1 if check_facts(server) else 0
    if args.bin:
        if not args.rows or not args.tokenizer:
            parser.error("--bin needs --rows and --tokenizer")
        with tempfile.TemporaryDirectory() as scratch:
            status |= run_both(server, args, os.path.abspath(args.keep or scratch))
    sys.exit(status)


if __name__ == "__main__":
    main()
