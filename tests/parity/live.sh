#!/bin/sh
# lmeval beside lm_eval 0.4.13 on one live server that nobody here wrote, digit by digit.
#
#   PEER=dir DATA=dir tests/parity/live.sh [f16 q4_0 ...]
#
# PEER  a peer folder that its setup.sh has set up (llama-cpp-python's server, a tiny model, lm_eval)
# DATA  a dataset mirror with Rowan/hellaswag and openai/gsm8k
# BIN   folder of the lmeval binary (default build/bin)
# OUT   where the outputs go (default a temporary folder); lm_eval's are kept there and reused
# N_SWAG, N_SUMS  documents (200, 100)
#
# Prints one line a comparison and every difference; exit code 1 when there is one.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
: "${PEER:?the peer folder}" "${DATA:?the dataset mirror}"
BIN=${BIN:-$here/../../build/bin}
OUT=${OUT:-$(mktemp -d)}
N_SWAG=${N_SWAG:-200}
N_SUMS=${N_SUMS:-100}
PORT=${PORT:-18080}
WORK=${WORK:-$PEER/.work}
export WORK PORT
[ $# -gt 0 ] || set -- f16 q4_0

rows=$OUT/rows
mkdir -p "$rows"
head -n "$N_SWAG" "$DATA/Rowan/hellaswag/default/validation.jsonl" >"$rows/swag_validation.jsonl"
head -n 20 "$DATA/Rowan/hellaswag/default/validation.jsonl" >"$rows/swag_train.jsonl"
head -n "$N_SUMS" "$DATA/openai/gsm8k/main/test.jsonl" >"$rows/math_test.jsonl"
head -n 100 "$DATA/openai/gsm8k/main/train.jsonl" >"$rows/math_train.jsonl"

server=
trap '[ -z "$server" ] || kill "$server"' EXIT
status=0
for model; do
    MODEL=$model "$PEER/serve.sh" >"$OUT/server-$model.log" 2>&1 &
    server=$!
    for tries in $(seq 150); do
        ! curl -sf "http://127.0.0.1:$PORT/v1/models" >/dev/null || break
        [ "$tries" -lt 150 ] || { cat "$OUT/server-$model.log"; exit 1; }
        sleep 0.2
    done

    theirs=$OUT/lm_eval/$model
    if [ ! -f "$theirs/finished" ]; then
        echo "== $model: lm_eval"
        for task in hellaswag_local gsm8k_local; do
            n=$N_SWAG
            [ $task = gsm8k_local ] && n=$N_SUMS
            MODEL=$model OUT=$theirs LIMIT=$n SHOTS=0 DATA=$rows "$PEER/run_lm_eval.sh" $task \
                >"$OUT/lm_eval-$model-$task.log" 2>&1
        done
        touch "$theirs/finished"
    fi
    echo "== $model: lmeval"
    for task in hellaswag gsm8k; do
        n=$N_SWAG
        [ $task = gsm8k ] && n=$N_SUMS
        # Once with lm_eval's own arithmetic, which must give its digits everywhere, and once with
        # ours, which differs where lm_eval drops a token of the prompt (docs/parity.md).
        for scoring in lm_eval echo; do
            [ $task = hellaswag ] || [ $scoring = echo ] || continue
            "$BIN/lmeval" --task $task --limit "$n" --num_fewshot 0 --data-dir "$DATA" --fresh --quiet \
                --base-url "http://127.0.0.1:$PORT" --concurrency 1 --scoring $scoring \
                --output_path "$OUT/lmeval/$model/$task-$scoring" >"$OUT/lmeval-$model-$task-$scoring.txt"
            echo "-- --scoring $scoring"
            python3 "$here/compare.py" "$theirs" "$OUT/lmeval/$model/$task-$scoring" $task \
                "http://127.0.0.1:$PORT" || status=1
        done
    done
    kill "$server"
    wait "$server" 2>/dev/null || true
    server=
done
exit $status
