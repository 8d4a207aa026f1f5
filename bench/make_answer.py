#!/usr/bin/env python3
"""The bench's rows and the answer that fits them.
usage: make_answer.py FOLDER [N_DOCS [WORDS]]
Writes FOLDER/rows.jsonl (documents in HellaSwag's columns), FOLDER/answer.lua (the body in pieces
around the document's and the choice's number) and FOLDER/body.json (one request, for wrk)."""
import json
import sys
from pathlib import Path

WORDS = ("the gardener carries a heavy bucket along the narrow path and sets it down beside the old "
         "stone wall before she looks at the sky and calls her brother who is still in the kitchen "
         "with a cup of warm tea and the morning paper").split()
DOC, CHOICE = "@DOC@", "@CHOICE@"


def pieces(n_words):
    """Token texts of the prompt: context, then continuation."""
    context = ["Row", " ", DOC, ":"] + [" " + WORDS[i % len(WORDS)] for i in range(n_words)]
    ending = [" Ending", " ", CHOICE, ":"] + [" " + WORDS[(7 * i) % len(WORDS)] for i in range(24)]
    return context, ending


def main(folder, n_docs=1000, n_words=96):
    folder = Path(folder)
    context, ending = pieces(n_words)
    tokens = context + ending
    width = {DOC: 6, CHOICE: 1}
    offsets, at = [], 0
    for token in tokens:
        offsets.append(at)
        at += width.get(token, len(token))
    tokens.append(" then")
    offsets.append(at)
    logprobs = [None] + [-1.25 - (i * 7919 % 1000) / 997 for i in range(1, len(tokens))]
    top = [None]
    for i in range(1, len(tokens)):
        best = {} if i % 3 else {" other": logprobs[i] + 0.5}
        top.append({**best, tokens[i]: logprobs[i]})
    body = {"id": "cmpl-bench", "object": "text_completion", "created": 0, "model": "bench",
            "choices": [{"text": "".join(tokens), "index": 0,
                         "logprobs": {"text_offset": offsets, "token_logprobs": logprobs,
                                      "tokens": tokens, "top_logprobs": top},
                         "finish_reason": "length"}],
            "usage": {"prompt_tokens": len(tokens) - 1, "completion_tokens": 1,
                      "total_tokens": len(tokens)}}
    text = json.dumps(body)
    text = text[:-1] + ", \"padding\": \"" + "x" * max(0, 14336 - len(text)) + "\"}"
    out, rest = [], text
    while DOC in rest or CHOICE in rest:
        found = min((rest.find(m), m) for m in (DOC, CHOICE) if m in rest)
        out.append(json.dumps(rest[:found[0]], ensure_ascii=True).replace("\\/", "/"))
        out.append("doc" if found[1] == DOC else "choice")
        rest = rest[found[0] + len(found[1]):]
    out.append(json.dumps(rest))
    lua = ("return function(doc, choice) return table.concat({"
           + ", ".join(out) + "}) end\n")
    (folder / "answer.lua").write_text(lua, "utf-8")
    with open(folder / "rows.jsonl", "w", encoding="utf-8") as rows:
        for n in range(n_docs):
            rows.write(json.dumps({
                "query": "".join(context).replace(DOC, f"{n:06d}"),
                "choices": ["".join(ending)[1:].replace(CHOICE, str(c)) for c in range(4)],
                "gold": n % 4}) + "\n")
    prompt = "".join(context + ending).replace(DOC, "000000").replace(CHOICE, "0")
    (folder / "body.json").write_text(json.dumps(
        {"model": "bench", "prompt": prompt, "temperature": 0, "max_tokens": 1, "logprobs": 1,
         "seed": 1234, "echo": True}), "utf-8")
    print(f"{len(tokens)} tokens, body {len(text)} bytes, {n_docs} documents")


if __name__ == "__main__":
    main(sys.argv[1], *(int(a) for a in sys.argv[2:]))
