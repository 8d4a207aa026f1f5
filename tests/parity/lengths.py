#!/usr/bin/env python3
"""Writes tests/golden/lm_eval_lengths: how lm_eval lays windows over long texts, cuts long prompts, and
scores what has no context.

    python3 tests/parity/lengths.py BIN_FOLDER

windows.jsonl holds get_rolling_token_windows and make_disjoint_window over many lengths; the other
files hold what lm_eval's local-completions makes of the rows of tests/e2e/lm_eval_lengths against
the reference server, token ids by the server's /tokenize. Needs lm_eval[api] 0.4.13.
"""
import json
import logging
import os
import subprocess
import sys
import tempfile
import time

from lm_eval import __version__, utils
from lm_eval.api.instance import Instance
from lm_eval.models.openai_completions import LocalCompletionsAPI

HERE = os.path.dirname(os.path.abspath(__file__))
CASE = os.path.join(HERE, "..", "e2e", "lm_eval_lengths")
GOLDEN = os.path.join(HERE, "..", "golden", "lm_eval_lengths")
MAX_LENGTH = 40  # as tests/e2e/lm_eval_lengths/cmd has it
GENERATED = 12


def windows_of(n, most):
    """[prefixed, from, scored, to] of each window over n tokens."""
    rows = []
    pairs = utils.get_rolling_token_windows(list(range(n)), -1, most, 1)
    for context, scored in map(utils.make_disjoint_window, pairs):
        whole = context + scored
        prefixed = whole[0] == -1
        tokens = whole[1:] if prefixed else whole
        assert tokens == list(range(tokens[0], tokens[0] + len(tokens)))
        rows.append([int(prefixed), tokens[0], scored[0], tokens[-1] + 1])
    return rows


def write_windows(out):
    sizes = [(n, most) for most in range(1, 10) for n in range(0, 41)]
    sizes += [(n, 2046) for n in (1, 2045, 2046, 2047, 2048, 4091, 4092, 4093, 9999)]
    for n, most in sizes:
        out.write(json.dumps({"n": n, "most": most, "windows": windows_of(n, most)}) + "\n")


def start_server(folder, binary, *options):
    port = os.path.join(folder, "port")
    if os.path.exists(port):
        os.remove(port)
    server = subprocess.Popen([os.path.join(binary, "lmeval-refserver"), "--port-file", port, *options])
    while not os.path.exists(port) or not open(port).read():
        time.sleep(0.05)
    return server, "http://127.0.0.1:%s" % open(port).read().strip()


def model(url, bos):
    # the reference server takes its BOS's name in a text for letters, so lm_eval is told the id
    prefix = {"custom_prefix_token_id": 257} if bos else {}
    return LocalCompletionsAPI(
        base_url=url + "/v1/completions", model="lmeval-ngram", tokenizer_backend="remote",
        max_length=MAX_LENGTH, num_concurrent=1, **prefix)


def requests(kind, arguments):
    return [Instance(request_type=kind, doc={}, arguments=a, idx=i) for i, a in enumerate(arguments)]


def rows(name):
    return [json.loads(line) for line in open(os.path.join(CASE, name), encoding="utf-8")]


def write(name, lines):
    with open(os.path.join(GOLDEN, name), "w", encoding="utf-8") as out:
        out.writelines(line + "\n" for line in lines)


def main():
    logging.disable(logging.WARNING)
    binary = sys.argv[1]
    os.makedirs(GOLDEN, exist_ok=True)
    with open(os.path.join(GOLDEN, "windows.jsonl"), "w", encoding="utf-8") as out:
        write_windows(out)
    with tempfile.TemporaryDirectory() as folder:
        for bos in (False, True):
            server, url = start_server(folder, binary, *(["--impersonate", "bos"] if bos else []))
            lm = model(url, bos)
            texts = [(row["text"],) for row in rows("pages.jsonl")]
            rolled = lm.loglikelihood_rolling(requests("loglikelihood_rolling", texts), disable_tqdm=True)
            write("rolling_bos.txt" if bos else "rolling.txt", map(repr, rolled))
            if not bos:
                pairs = [(row["context"], row["continuation"]) for row in rows("pairs.jsonl")]
                scored = lm.loglikelihood(requests("loglikelihood", pairs), disable_tqdm=True)
                write("scored.txt", ("%r %r" % pair for pair in scored))
                alone = [("", row["continuation"]) for row in rows("alone.jsonl")]
                scored = lm.loglikelihood(requests("loglikelihood", alone), disable_tqdm=True)
                write("alone.txt", ("%r %r" % pair for pair in scored))
                asks = [(row["question"], {"until": ["."], "max_gen_toks": GENERATED, "temperature": 0.0})
                        for row in rows("questions.jsonl")]
                answers = lm.generate_until(requests("generate_until", asks), disable_tqdm=True)
                write("generated.txt", (json.dumps(text) for text in answers))
            server.terminate()
            server.wait()
    write("README.md", [
        "Peer: lm_eval %s, local-completions with tokenizer_backend=remote and max_length=%d; written by"
        % (__version__, MAX_LENGTH),
        "`tests/parity/lengths.py BIN`. The files are made again, never edited."])


if __name__ == "__main__":
    main()
