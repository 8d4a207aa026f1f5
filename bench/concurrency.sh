#!/usr/bin/env bash
# How close --concurrency auto comes to the best fixed concurrency.
#   BIN=build/bin  folder of the binaries     N_DOCS=2000  documents, 4 requests each
# The reference server works on so many requests at once (--slots), each for 20 ms, and lets others
# wait; or refuses those above a capacity with 429. Prints one table. Loopback only.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
BIN=$(cd "${BIN:-$here/../build/bin}" && pwd)
N_DOCS=${N_DOCS:-2000}
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

awk -v n="$N_DOCS" 'BEGIN {
    srand(1)
    split("a river stone light garden house walks reads blue slow seven paper window cat", w, " ")
    for (i = 0; i < n; i++) {
        text = ""
        for (k = 0; k < 12; k++) text = text " " w[int(rand() * 14) + 1]
        printf "{\"query\": \"Row %d:%s\", \"choices\": [\"one %s\", \"two %s\", \"three %s\", \"four %s\"], \"gold\": %d}\n",
            i, text, w[i % 14 + 1], w[i % 13 + 1], w[i % 11 + 1], w[i % 7 + 1], i % 4
    }
}' >rows.jsonl
cat >bench.yaml <<'Y'
task: bench
dataset_path: json
dataset_kwargs: {data_files: {test: rows.jsonl}}
test_split: test
output_type: multiple_choice
doc_to_text: "{{query}}"
doc_to_choice: choices
doc_to_target: gold
metric_list: [{metric: acc}]
Y

# Seconds of one run, start and probe included.
seconds() {
    local began
    began=$(date +%s%N)
    "$BIN/lmeval" --task bench.yaml --fresh --quiet --base-url "$1" --concurrency "$2" \
        --max-retries 50 --output_path "out-$2" >/dev/null
    echo "$began $(date +%s%N)" | awk '{printf "%.2f", ($2 - $1) / 1e9}'
}

row() {
    local what=$1
    shift
    rm -f port
    "$BIN/lmeval-refserver" --port-file port --latency-ms 20 "$@" >server.log 2>&1 &
    server=$!
    until [ -s port ]; do sleep 0.05; done
    local url best best_at
    url=http://127.0.0.1:$(cat port)
    best=1000000
    for c in 4 8 16 24 32 48 64 96 128; do
        # Above a capacity a fixed concurrency only makes refusals.
        [ "$1" != --capacity ] || [ "$c" -le "$2" ] || continue
        s=$(seconds "$url" "$c")
        if awk -v a="$s" -v b="$best" 'BEGIN {exit !(a < b)}'; then
            best=$s
            best_at=$c
        fi
    done
    auto=$(seconds "$url" auto)
    kill "$server"
    server=
    last=$(grep -A2 '"mode": "auto"' out-auto/run.json | grep -o '"limit": [0-9]*' | grep -o '[0-9]*$')
    awk -v what="$what" -v b="$best" -v at="$best_at" -v a="$auto" -v n="$((N_DOCS * 4))" -v last="$last" \
        'BEGIN {printf "%-14s best fixed %3d: %6.0f requests/s; auto: %6.0f, limit %3d at the end: %.2f of it\n",
                what, at, n / b, n / a, last, b / a}'
}

row "8 slots" --slots 8
row "24 slots" --slots 24
row "64 slots" --slots 64
row "24, else 429" --capacity 24
