#!/usr/bin/env bash
# What --dry-run estimates beside what the runs then took.
#   BIN=build/bin  folder of the binaries     DATA=dir  with HellaSwag and GSM8K, as for --data-dir
#   URL=...        a server of your own; without it reference servers of four kinds
#   DOCS=200       documents of a task              OPEN="1 8 auto"  concurrencies
# Prints one row a run: time and prompt tokens, estimated and real. Loopback only.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
BIN=$(cd "${BIN:-$here/../build/bin}" && pwd)
DATA=$(cd "${DATA:?a folder with HellaSwag and GSM8K}" && pwd)
DOCS=${DOCS:-200}
OPEN=${OPEN:-1 8 auto}
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

awk -v n="$DOCS" 'BEGIN {
    srand(1)
    k = split("今天天气很好，|我们去公园散步。|他昨天买了三本书，|都很有意思。|这个问题的答案在第二页。|图书馆几点开门？|", part, "|")
    for (i = 0; i < n; i++) {
        line = ""
        for (j = 0; j < 3 + int(rand() * 12); j++) line = line part[int(rand() * (k - 1)) + 1]
        printf "{\"text\": \"%d %s\", \"choices\": [\"是\", \"不是\", \"也许明天\"], \"gold\": %d}\n", i, line, i % 3
    }
}' >zh.jsonl
cat >zh.yaml <<'Y'
task: zh
dataset_path: json
dataset_kwargs: {data_files: {test: zh.jsonl}}
test_split: test
output_type: multiple_choice
doc_to_text: "{{text}}"
doc_to_choice: choices
doc_to_target: gold
Y

# row SERVER TASK CONCURRENCY URL
row() {
    local began ended
    rm -rf out
    "$BIN/lmeval" --task "$2" --data-dir "$DATA" --limit "$DOCS" --concurrency "$3" --base-url "$4" --output_path out \
        --dry-run --format json >dry.json
    began=$(date +%s%N)
    "$BIN/lmeval" --task "$2" --data-dir "$DATA" --limit "$DOCS" --concurrency "$3" --base-url "$4" --output_path out \
        --bootstrap-iters 0 >/dev/null 2>said
    ended=$(date +%s%N)
    python3 - "$1" "${2%.yaml}" "$3" "$began" "$ended" <<'P'
import json, re, sys
server, task, concurrency, began, ended = sys.argv[1:]
dry = json.load(open("dry.json"))
total, tried = dry["total"], dry["estimates_rest_on"]["tried"]
text = open("out/results.json").read()
tokens = sum(int(n) for n in re.findall(r'"prompt_tokens": (\d+)', text))
real = (int(ended) - int(began)) / 1e9
low, high = (total["seconds_estimate"][end] for end in ("low", "high"))
told = "%.1f" % high if high < 1.01 * low else "%.1f to %.1f" % (low, high)
ratio = "in it" if low < real < high else "%.2f" % ((low if real <= low else high) / real)
# what the run itself said, by its own first answers
said = re.sub(r"\n +", " ", open("said").read())
first = re.search(r" requests, .*?((?:about|between|under|up to|more than) [0-9][^,\n]*)$", said, re.M)
print("| %s | %s | %s | %d | %.1f s | %s s | %.1f s | %s | %+.1f %% | %s |" % (
    server, task, concurrency, tried["questions"], tried["seconds"], told, real, ratio,
    100 * (total["prompt_tokens_estimate"] / tokens - 1), first[1] if first else "-"), flush=True)
P
}

rows() {
    local task concurrency
    for task in hellaswag gsm8k zh.yaml; do
        for concurrency in $OPEN; do
            row "$1" "$task" "$concurrency" "$2"
        done
    done
}

kind() {
    local what=$1
    shift
    rm -f port
    "$BIN/lmeval-refserver" --port-file port "$@" >server.log 2>&1 &
    server=$!
    until [ -s port ]; do sleep 0.05; done
    rows "$what" "http://127.0.0.1:$(cat port)"
    kill "$server"
    server=
}

echo "| server | task | concurrency | tried | in | estimated | real | ratio | tokens | by the first answers |"
echo "|---|---|---|---|---|---|---|---|---|---|"
if [ -n "${URL:-}" ]; then
    rows "${NAME:-$URL}" "$URL"
    exit
fi
kind "one at a time" --slots 1 --latency-ms 10 --prompt-token-us 50 --token-us 1000
kind "8 places" --slots 8 --latency-ms 50 --prompt-token-us 100 --token-us 4000
kind "24 places" --slots 24 --latency-ms 50 --token-us 4000
kind "any number" --latency-ms 100
