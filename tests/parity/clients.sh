#!/bin/sh
# lmeval's own HTTP client beside libcurl on one live server: the same bytes, however it is asked.
#
#   tests/parity/clients.sh URL TASK [lmeval options]
#
# URL   of the server, without /v1; TASK a name or a file
# BIN   folder of the lmeval binary (default build/bin)
# OPEN  requests open at once (1 8); BATCH  prompts in a request, besides one (none; 8 asks both)
# OUT   where the outputs go (default a temporary folder)
# PAUSE and RESUME  shell commands that end the server and start it again; with them, one more run of
#       each client loses its server in the middle
#
# Prints one line a run; exit code 1 when samples or results are not those of the first, byte for byte.
set -eu
[ $# -ge 2 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0"; exit 2; }
url=$1 task=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
BIN=${BIN:-$here/../../build/bin}
OUT=${OUT:-$(mktemp -d)}
first=
status=0

# NAME [options]: a run; fails when its samples and results are not those of the first.
ask() {
    name=$1
    shift
    "$BIN/lmeval" --task "$task" --base-url "$url" --quiet --fresh --output_path "$OUT/$name" \
        "$@" >"$OUT/$name.txt" 2>"$OUT/$name.err" || { cat "$OUT/$name.err"; exit 1; }
    held "$name"
}

held() {
    [ -n "$first" ] || first=$1
    for file in "$OUT/$first"/samples_*.jsonl "$OUT/$first/results.json"; do
        cmp "$file" "$OUT/$1/${file##*/}" || { echo "$1: not the same"; return 1; }
    done
    echo "$1: $(cat "$OUT/$1"/samples_*.jsonl | wc -l) samples, $(sed -n \
        's/.*"requests_sent": \([0-9]*\).*/\1/p' "$OUT/$1/run.json") requests: the same bytes"
}

mkdir -p "$OUT"
for client in auto libcurl; do
    for open in ${OPEN:-1 8}; do
        for batch in 1 ${BATCH:-}; do
            ask "$client-$open-$batch" "$@" --http "$client" --concurrency "$open" --batch "$batch" || status=1
        done
    done
    [ -n "${PAUSE:-}" ] || continue
    ask "$client-restarted" "$@" --http "$client" --wait-for-server 300 &
    run=$!
    sleep "${AFTER:-2}"
    eval "$PAUSE"
    sleep 1
    eval "$RESUME"
    wait "$run" || status=1
done
exit $status
