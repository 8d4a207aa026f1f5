#!/bin/sh
# A real llama-server asked by lmeval: what the probe finds, whether digits repeat, what a run survives.
#
#   tests/parity/llama_server.sh LLAMA_SERVER FILE.gguf
#
# BIN    folder of the lmeval binary (default build/bin)
# TASKS  a scored and a generated task (default hellaswag gsm8k), LIMIT documents of each (20)
# DATA   a dataset mirror (default: the sample rows that come with lmeval)
# PEER   URL of a server that echoes the same file, such as llama-cpp-python: its numbers are held
#        against those here (default: none). Start it with its --n_batch 1.
# PORT   on loopback (18090); OUT  where the outputs go (a temporary folder)
#
# Prints one line a comparison; exit code 1 when a run fails or files that must be equal are not.
set -eu
[ $# -eq 2 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0"; exit 2; }
program=$1
model=$2
here=$(cd "$(dirname "$0")" && pwd)
BIN=${BIN:-$here/../../build/bin}
OUT=${OUT:-$(mktemp -d)}
mkdir -p "$OUT"
PORT=${PORT:-18090}
LIMIT=${LIMIT:-20}
PEER=${PEER:-}
scored=hellaswag generated=gsm8k
[ -z "${TASKS:-}" ] || { scored=${TASKS%% *} generated=${TASKS##* }; }
if [ -z "${DATA:-}" ]; then
    DATA=$OUT/mirror
    mkdir -p "$DATA/Rowan" "$DATA/openai"
    ln -sfn "$(cd "$here/../../datasets/hellaswag-sample" && pwd)" "$DATA/Rowan/hellaswag"
    ln -sfn "$(cd "$here/../../datasets/gsm8k-sample" && pwd)" "$DATA/openai/gsm8k"
fi
url=http://127.0.0.1:$PORT
server=
trap '[ -z "$server" ] || kill "$server"' EXIT

# Starts the server with these options and waits until it has loaded the model.
start() {
    "$program" -m "$model" --alias parity --host 127.0.0.1 --port "$PORT" "$@" >"$OUT/server.log" 2>&1 &
    server=$!
    for tries in $(seq 300); do
        ! curl -sf "$url/health" >/dev/null || return 0
        [ "$tries" -lt 300 ] && kill -0 "$server" 2>/dev/null || { tail -n 20 "$OUT/server.log"; exit 1; }
        sleep 0.2
    done
}

stop() {
    kill "$server"
    wait "$server" 2>/dev/null || true
    server=
}

# NAME SERVER TASK [options]: a run whose answers are in $OUT/NAME.
ask() {
    name=$1 base=$2 task=$3
    shift 3
    "$BIN/lmeval" --task "$task" --limit "$LIMIT" --data-dir "$DATA" --offline --quiet \
        --base-url "$base" --output_path "$OUT/$name" "$@" >"$OUT/$name.txt" 2>"$OUT/$name.err" ||
        { cat "$OUT/$name.err"; exit 1; }
}

nearness() {
    printf '%s: ' "$1"
    python3 "$here/nearness.py" "$OUT/$2" "$OUT/$3" "$4"
}

requests() {
    sed -n 's/.*"requests_sent": \([0-9]*\).*/\1/p' "$OUT/$1/run.json"
}

"$program" --version 2>&1 | grep -i '^version' || true
status=0

# One slot, one token at a time, no flash attention: the server whose digits depend on nothing else.
start --parallel 1 --ubatch-size 1 --flash-attn off
"$BIN/lmeval" probe --base-url "$url" >"$OUT/probe.txt"
sed -n '/^Scoring/,/^Texts/p' "$OUT/probe.txt" | sed '$d'
ask steady "$url" "$scored" --concurrency 1
ask steady-text "$url" "$generated" --concurrency 1
ask again "$url" "$scored" --concurrency 4
nearness "again, four at once" steady again "$scored" || status=1
echo "$(requests steady) requests for $LIMIT documents of $scored"
# Killed and started again under a run that goes on meanwhile.
ask killed "$url" "$scored" --concurrency 2 &
run=$!
sleep 1
kill -9 "$server"
wait "$server" 2>/dev/null || true
sleep 1
start --parallel 1 --ubatch-size 1 --flash-attn off
wait "$run" || status=1
cmp "$OUT/steady/samples_$scored.jsonl" "$OUT/killed/samples_$scored.jsonl" &&
    echo "killed and started again meanwhile: the same bytes" || status=1
if [ -n "$PEER" ]; then
    ask peer "$PEER" "$scored" --concurrency 1 --scoring echo
    ask peer-text "$PEER" "$generated" --concurrency 1 --gen-kwargs repeat_penalty=1.0
    nearness "beside the peer's echo" peer steady "$scored" || status=1
    nearness "beside the peer" peer-text steady-text "$generated" || status=1
fi
stop

# As most people start it.
start
ask usual "$url" "$scored" --concurrency 4
ask usual-text "$url" "$generated" --concurrency 4
nearness "with the server's defaults, four at once" steady usual "$scored" || status=1
nearness "with the server's defaults, four at once" steady-text usual-text "$generated" || status=1
stop
exit $status
