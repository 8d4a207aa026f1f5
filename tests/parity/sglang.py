#!/usr/bin/env python3
"""What docs/servers.md says of SGLang, asked of a running one; and lmeval beside lm_eval on it.

    python3 tests/parity/sglang.py URL                                 the facts alone
    python3 tests/parity/sglang.py URL --bin build/bin --model DIR --rows FILE     both tools, too

URL        of the server, without /v1
--rows     rows with HellaSwag's columns (activity_label, ctx_a, ctx_b, endings, label), JSON lines
--model    the model's folder: its tokenizer for lm_eval, and with --hf its weights
--hf       lm_eval's hf backend on the same weights as well (needs PyTorch; on the CPU, float32)
--limit N  rows (200); --concurrency N (8); --keep DIR keeps the outputs
--empty    asks for an empty text at the end, which ends some servers: docs/servers.md 3.33

Prints a line a fact: what was expected and what came. lm_eval (0.4.13, of the Python that runs this)
asks by its sglang-generate and by local-completions, with token ids; lmeval by `sglang` and by `echo`,
with 1 and with N open requests. Sums must be equal to the last digit, and `is_greedy` but for
sglang-generate's, which has it the wrong way round (docs/parity.md); hf's, of another program on the same
weights, within 1e-4 nats. Generations, windows and cut prompts: tests/parity/lengths.py. Exit code 1
when a fact or a digit differs; versions of SGLang differ in facts, so a difference is news, not always a
fault. Only the standard library is needed for the facts.
"""
import argparse
import glob
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from vllm import TASK, TEXT, Server, timed  # pylint: disable=wrong-import-position

FAR_NATS = 1e-4


def said(answer):
    """The message of /v1/completions, or of /generate."""
    if not isinstance(answer, dict):
        return ""
    error = answer.get("error")
    return error.get("message", "") if isinstance(error, dict) else answer.get("message", "")


class Asked:
    """A server and its ways of being asked."""

    def __init__(self, server):
        self.server = server
        self.entry = server.ask("/v1/models")[1]["data"][0]
        self.context = self.entry.get("max_model_len")
        self.info = server.ask("/server_info")[1] or {}
        if "max_req_input_len" not in self.info:
            self.info = server.ask("/get_server_info")[1] or {}

    def complete(self, **other):
        body = {"model": self.entry["id"], "temperature": 0, "prompt": TEXT, "max_tokens": 1}
        return self.server.ask("/v1/completions", {**body, **other})

    def listed(self, **other):
        return self.complete(echo=True, logprobs=1, **other)[1]["choices"][0]["logprobs"]

    def generate(self, n_new=1, **question):
        body = {"sampling_params": {"temperature": 0, "max_new_tokens": n_new}, "return_logprob": True,
                "logprob_start_len": 0, "top_logprobs_num": 1, "return_text_in_logprobs": True}
        return self.server.ask("/generate", {**body, **question})


def is_part(text, character):
    """Whether a token's text is a part of the character: U+FFFD, or its bytes as characters."""
    return set(text) == {"\ufffd"} or text.encode("latin-1", "replace") in character.encode()


def facts_of_lists(asked):
    """Pairs of a fact's text and whether it holds, with what came."""
    echo = asked.listed()
    info = asked.generate(text=TEXT)[1]["meta_info"]
    own = info["input_token_logprobs"]
    n = len(own)
    yield "the first token has null, echoed or listed", (
        echo["token_logprobs"][0] is None and own[0][0] is None and info["input_top_logprobs"][0] is None), own
    yield "an entry is [log-probability, id, text]", all(len(entry) == 3 for entry in own), own
    yield "/generate lists the prompt's tokens alone, and counts them", info["prompt_tokens"] == n, info
    yield "echo has the same numbers and one entry more, the generated token's", (
        echo["token_logprobs"][:-1] == [entry[0] for entry in own] and len(echo["tokens"]) == n + 1), echo
    yield "text_offset is -1", set(echo["text_offset"]) == {-1}, echo["text_offset"]
    yield "top_logprobs has one entry, the likeliest", all(len(top) == 1 for top in echo["top_logprobs"][1:]), echo
    yield "nothing came out of the prefix cache", info.get("cached_tokens", 0) == 0, info
    again = asked.generate(text=TEXT)[1]["meta_info"]
    yield "asked again it says the same, and again without the cache", (
        again["input_token_logprobs"] == own and again.get("cached_tokens", 0) == 0), again
    ids = [entry[1] for entry in own]
    by_ids = asked.generate(input_ids=ids)[1]["meta_info"]["input_token_logprobs"]
    yield "input_ids have the text's log-probabilities", [e[0] for e in by_ids] == [e[0] for e in own], by_ids
    as_ids = asked.listed(prompt=ids)["token_logprobs"]
    yield "so has a prompt of ids", as_ids == echo["token_logprobs"], as_ids
    rare = "\U00013080"
    texts = [entry[2] for entry in asked.generate(text="a" + rare + "b")[1]["meta_info"]["input_token_logprobs"]]
    yield "/generate prints a part of a character as U+FFFD", all(
        is_part(text, "") or text.isascii() or text == rare for text in texts), texts
    texts = asked.listed(prompt="a" + rare + "b")["tokens"]
    yield "echo prints it by its bytes, as characters, or as U+FFFD (before 0.5.23)", all(
        text.isascii() or text == rare or is_part(text, rare) for text in texts), texts


def facts_of_lengths(asked):
    context, most = asked.context, asked.info.get("max_req_input_len", 0)
    some = asked.generate(text=TEXT)[1]["meta_info"]["input_token_logprobs"][-1][1]
    yield "max_model_len and max_req_input_len are told, the second is less", (
        isinstance(context, int) and 0 < most < context), (asked.entry, most)
    fits = asked.complete(prompt=[some] * (most - 1))
    yield "a prompt of max_req_input_len - 1 tokens is answered", fits[0] == 200, fits
    for n, words in ((most, "exceeds the maximum allowed length"), (context - 1, "exceeds the m"),
                     (context, "longer than the model's context length")):
        over = asked.complete(prompt=[some] * n)
        yield "one of %d: 400, %s" % (n, words), over[0] == 400 and words in said(over[1]), over
        over = asked.generate(input_ids=[some] * n)
        yield "the same of /generate", over[0] == 400 and words in said(over[1]), over
    over = asked.complete(prompt=[some] * (most - 4), max_tokens=50)
    yield "max_tokens beyond the context: 400, not cut", (
        over[0] == 400 and "maximum context length" in said(over[1])), over


def facts_of_requests(asked):
    yield "owned_by is sglang", asked.entry["owned_by"] == "sglang", asked.entry
    zero = asked.complete(max_tokens=0)
    yield "max_tokens 0: 400 (0.4.6 generates one)", (
        zero[0] == 400 and "max_tokens must be positive" in said(zero[1])), zero
    zero = asked.generate(0, text=TEXT)
    yield "/generate generates nothing for max_new_tokens 0 (0.4.6 one)", zero[0] == 200 and zero[1]["text"] == "", zero
    stops = asked.complete(stop=["1", "2", "3", "4", "5"])
    yield "five stop texts are taken", stops[0] == 200, stops
    both = asked.complete(prompt=[TEXT, "One"], echo=True, logprobs=1)[1]
    yield "a list of prompts is answered by index", [c["index"] for c in both["choices"]] == [0, 1], both
    yield "usage counts all prompts of a list", both["usage"]["completion_tokens"] == 2, both["usage"]
    status, told = asked.server.ask("/tokenize", {"model": asked.entry["id"], "prompt": TEXT})
    yield "/tokenize tells tokens (0.4.6 has none)", status == 200 and told["count"] == len(told["tokens"]), told
    back = asked.server.ask("/detokenize", {"model": asked.entry["id"], "tokens": (told or {}).get("tokens", [])})
    yield "/detokenize calls the text text", back[0] == 200 and "text" in back[1], back
    yield "/tokenizer_info is not there", asked.server.ask("/tokenizer_info")[0] == 404, None
    yield "any model is answered", asked.complete(model="no-such-model")[0] == 200, None
    wrong = asked.complete(max_tokens=asked.context + 1)
    yield "errors are {object: error, message}", wrong[1].get("object") == "error", wrong
    wrong = asked.generate(asked.context + 1, text=TEXT)
    yield "those of /generate {error: {message}}", "message" in wrong[1].get("error", {}), wrong
    drawn = [asked.complete(temperature=1, seed=7, max_tokens=24)[1]["choices"][0]["text"] for _ in range(3)]
    yield "a seed is not heeded (but with --enable-deterministic-inference)", len(set(drawn)) > 1, drawn


def check_facts(asked):
    n_wrong = 0
    print("SGLang", asked.info.get("version", "(tells no version)"))
    for rows in (facts_of_lists, facts_of_lengths, facts_of_requests):
        for text, holds, came in rows(asked):
            n_wrong += not holds
            print("ok  " if holds else "NO  ", text, "" if holds else "\n     came: %.600r" % (came,), flush=True)
    return n_wrong


def sums_of(folder):
    found = sorted(glob.glob(folder + "/**/samples_swag_rows*.jsonl", recursive=True))
    if not found:
        sys.exit(folder + ": no samples")
    with open(found[-1], encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {(row["doc_id"], i): (float(resp[0][0]), str(resp[0][1]))
            for row in rows for i, resp in enumerate(row["resps"])}


def compare(first, second, is_far, inverts):
    a, b = sums_of(first), sums_of(second)
    both = a.keys() & b.keys()
    n_equal = sum(a[key][0] == b[key][0] for key in both)
    n_greedy = sum(a[key][1] == b[key][1] for key in both)
    apart = max(abs(a[key][0] - b[key][0]) for key in both)
    print("%-22s beside %-22s %d sums, %d equal, at most %.3g apart, %d is_greedy equal" % (
        os.path.basename(first), os.path.basename(second), len(both), n_equal, apart, n_greedy), flush=True)
    ok = a.keys() == b.keys() and (apart <= FAR_NATS if is_far else n_equal == len(both))
    return 0 if ok and (inverts or n_greedy == len(both)) else 1


def run_both(asked, args, folder):
    tasks = os.path.join(folder, "tasks")
    os.makedirs(tasks, exist_ok=True)
    task = os.path.join(tasks, "swag_rows.yaml")
    with open(task, "w", encoding="utf-8") as out:
        out.write(TASK.format(name="swag_rows", rows=os.path.abspath(args.rows)))
    environment = {**os.environ, "HF_DATASETS_OFFLINE": "1", "HF_HUB_OFFLINE": "1"}
    url, of_server = asked.server.url, (
        "model=%s,tokenizer_backend=huggingface,tokenizer=%s,num_concurrent=%d,max_length=%d" % (
            asked.entry["id"], args.model, args.concurrency, asked.context))
    peers = [("sglang-generate", "sglang-generate", of_server + ",base_url=%s/generate" % url),
             ("local-completions", "local-completions", of_server + ",base_url=%s/v1/completions" % url)]
    if args.hf:
        peers.append(("hf", "hf", "pretrained=%s,dtype=float32" % args.model))
    ours = []
    for path in ("sglang", "echo"):
        for n in (1, args.concurrency):
            out = os.path.join(folder, "lmeval-%s-%d" % (path, n))
            timed(os.path.basename(out), [
                os.path.join(args.bin, "lmeval"), "--task", task, "--base-url", url, "--limit", str(args.limit),
                "--quiet", "--fresh", "--scoring", path, "--concurrency", str(n), "--output_path", out], out + ".log")
            ours.append(out)
    status = sum(compare(ours[0], other, False, False) for other in ours[1:])
    for name, model, model_args in peers:
        out = os.path.join(folder, "lm_eval-" + name)
        timed(os.path.basename(out), [
            sys.executable, "-m", "lm_eval", "--model", model, "--model_args", model_args, "--device", "cpu",
            "--include_path", tasks, "--tasks", "swag_rows", "--limit", str(args.limit), "--batch_size", "1",
            "--log_samples", "--output_path", out], out + ".log", env=environment)
        status += compare(ours[0], out, name == "hf", name == "sglang-generate")
    return status


def check_empty(asked):
    """What the server does when it is asked for nothing; it may not be there any more then."""
    for name, ask in (("/v1/completions", lambda: asked.complete(prompt="")),
                      ("/generate", lambda: asked.generate(text=""))):
        try:
            came = ask()
        except OSError as error:
            came = error
        print("an empty text of %s:" % name, came)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("url")
    parser.add_argument("--bin")
    parser.add_argument("--rows")
    parser.add_argument("--model")
    parser.add_argument("--hf", action="store_true")
    parser.add_argument("--empty", action="store_true")
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--keep")
    args = parser.parse_args()
    asked = Asked(Server(args.url, os.environ.get("OPENAI_API_KEY", "")))
    status = check_facts(asked)
    if args.bin:
        if not args.rows or not args.model:
            parser.error("--bin needs --rows and --model")
        with tempfile.TemporaryDirectory() as scratch:
            folder = os.path.abspath(args.keep or scratch)
            os.makedirs(folder, exist_ok=True)
            status += run_both(asked, args, folder)
    if args.empty:
        check_empty(asked)
    sys.exit(1 if status else 0)


if __name__ == "__main__":
    main()
