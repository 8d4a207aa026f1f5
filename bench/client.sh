#!/usr/bin/env bash
# The client's own speed: lmeval beside wrk (the limit) and lm_eval (the peer) on one fast server.
#   BIN=build/bin  folder of the binaries          N_DOCS=1000  documents, 4 requests each
#   PEER=dir       peer folder with lm_eval (optional)   PORT=18200  nginx; the refserver takes the next
#   RUNS=3         runs of each, in turns; medians count    OPEN="1 32"  requests open at once
#   WORDS=96       words of a prompt's context: 96 are 0.7 KB and an answer of 14 KB; 600 are 3 KB and 52 KB
# Prints one table. Loopback only; everything is in a temporary folder and ends with the script.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
BIN=$(cd "${BIN:-$here/../build/bin}" && pwd)
PORT=${PORT:-18200}
N_DOCS=${N_DOCS:-1000}
RUNS=${RUNS:-3}
WORDS=${WORDS:-96}
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$work"' EXIT
cd "$work"
# Started by root, nginx works as another user.
chmod 755 "$work"
touch first
chmod 666 first

python3 "$here/make_answer.py" "$work" "$N_DOCS" "$WORDS"
echo 'return {}' >state.lua
cat >bench.yaml <<'Y'
task: bench
dataset_path: json
dataset_kwargs: {data_files: {test: rows.jsonl}}
test_split: test
output_type: multiple_choice
doc_to_text: "{{query}}"
doc_to_choice: choices
doc_to_target: gold
metric_list: [{metric: acc}, {metric: acc_norm}]
Y
"$BIN/lmeval-refserver" --port $((PORT + 1)) --model bench >refserver.log 2>&1 &
modules=/usr/lib/nginx/modules
cat >nginx.conf <<N
load_module $modules/ndk_http_module.so;
load_module $modules/ngx_http_lua_module.so;
daemon off;
worker_processes 1;
pid $work/nginx.pid;
error_log $work/error.log;
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path $work/body;
    proxy_temp_path $work/proxy;
    fastcgi_temp_path $work/fastcgi;
    uwsgi_temp_path $work/uwsgi;
    scgi_temp_path $work/scgi;
    keepalive_requests 10000000;
    client_body_buffer_size 64k;
    lua_package_path "$work/?.lua;;";
    log_format stamp '\$msec';
    server {
        listen 127.0.0.1:$PORT;
        location = /v1/completions {
            content_by_lua_block {
                ngx.req.read_body()
                local doc, choice = (ngx.req.get_body_data() or ""):match("Row (%d+):.-Ending (%d):")
                if not doc then return ngx.exec("@refserver") end
                local state = require("state")
                if not state.first then
                    state.first = true
                    ngx.update_time()
                    local f = io.open("$work/first", "a") f:write(ngx.now(), "\n") f:close()
                end
                local text = require("answer")(doc, choice)
                ngx.header["Content-Type"] = "application/json"
                ngx.header["Content-Length"] = #text
                ngx.print(text)
            }
        }
        location = /forget { content_by_lua_block { require("state").first = nil ngx.say("ok") } }
        location @refserver { proxy_pass http://127.0.0.1:$((PORT + 1)); }
        location / { proxy_pass http://127.0.0.1:$((PORT + 1)); }
    }
}
N
nginx -p "$work" -c nginx.conf 2>nginx.log &
for tries in $(seq 100); do
    ! curl -sf "http://127.0.0.1:$PORT/v1/models" >/dev/null || break
    [ "$tries" -lt 100 ] || { cat refserver.log nginx.log >&2; exit 1; }
    sleep 0.1
done

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

# One lmeval run: wall, CPU, memory from GNU time; milliseconds to the first scoring request; the rate between
# the first question and the last answer.
lmeval_once() {
    curl -sf "http://127.0.0.1:$PORT/forget" >/dev/null
    : >first
    rm -rf out
    local began
    began=$(date +%s.%N)
    /usr/bin/time -f '%e %U %S %M' -o time "$BIN/lmeval" --task bench.yaml --quiet --fresh \
        --base-url "http://127.0.0.1:$PORT" --concurrency "$1" --output_path out >table 2>lmeval.err ||
        { cat lmeval.err >&2; exit 1; }
    local asking
    asking=$(python3 -c 'import json; print(json.load(open("out/run.json"))["client"]["seconds"])')
    awk -v first="$(head -n 1 first)" -v began="$began" -v n="$((N_DOCS * 4))" -v asking="$asking" \
        '{printf "%.0f %.1f %.1f %.1f %.0f\n", n / $1, ($2 + $3) / n * 1e6, $4 / 1024, (first - began) * 1e3, n / asking}' time
}

# wrk for three seconds: requests a second.
wrk_once() {
    wrk -t1 -c"$1" -d3s -s post.lua "http://127.0.0.1:$PORT/v1/completions" | awk '/Requests\/sec/ {print $2}'
}

# The host's pace changes from minute to minute, so the two take turns and a run is beside the wrk before it.
rows() {
    printf 'wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\nlocal f = io.open("%s") wrk.body = f:read("*a") f:close()\n' \
        "$work/body.json" >post.lua
    : >"wrk-$1"
    : >"lmeval-$1"
    for _ in $(seq "$RUNS"); do
        wrk_once "$1" >>"wrk-$1"
        lmeval_once "$1" >>"lmeval-$1"
    done
    printf 'wrk      c=%-3d %8.0f requests/s\n' "$1" "$(median <"wrk-$1")"
    printf 'lmeval   c=%-3d %8s requests/s %7s us CPU/request %6s MB %6s ms to first, %s/s while it asks\n' "$1" \
        "$(cut -d' ' -f1 "lmeval-$1" | median)" "$(cut -d' ' -f2 "lmeval-$1" | median)" \
        "$(cut -d' ' -f3 "lmeval-$1" | median)" "$(cut -d' ' -f4 "lmeval-$1" | median)" \
        "$(cut -d' ' -f5 "lmeval-$1" | median)"
}

# Of each pair lmeval's share of wrk's rate: the median, and the lowest and the highest.
shares() { # CONCURRENCY COLUMN
    paste -d' ' "wrk-$1" "lmeval-$1" | awk -v at="$2" '{printf "%.2f\n", $(at + 1) / $1}' | sort -n |
        awk '{v[NR] = $1} END {printf "%s (%s to %s)", v[int((NR + 1) / 2)], v[1], v[NR]}'
}

lm_eval_row() {
    local python=${WORK:-$PEER/.work}/srv-eval/bin/python
    export HF_HOME="$work/hf" HF_HUB_OFFLINE=1 HF_DATASETS_OFFLINE=1 TOKENIZERS_PARALLELISM=false
    curl -sf "http://127.0.0.1:$PORT/forget" >/dev/null
    : >first
    local began
    began=$(date +%s.%N)
    /usr/bin/time -f '%e %U %S %M' -o time "$python" -m lm_eval --model local-completions \
        --model_args "model=bench,base_url=http://127.0.0.1:$PORT/v1/completions,tokenizer_backend=huggingface,tokenizer=$PEER/model/tokenizer,tokenized_requests=False,num_concurrent=$1,max_length=4096" \
        --include_path "$work" --tasks bench --batch_size 1 >lm_eval.log 2>&1 || { tail -5 lm_eval.log >&2; return; }
    awk -v c="$1" -v first="$(head -n 1 first)" -v began="$began" -v n="$((N_DOCS * 4))" \
        '{printf "lm_eval  c=%-3d %8.0f requests/s after its start %7.1f us CPU/request %6.1f MB %6.0f ms to first\n",
          c, n / ($1 - (first - began)), ($2 + $3) / n * 1e6, $4 / 1024, (first - began) * 1e3}' time
}

for c in ${OPEN:-1 32}; do
    rows "$c"
    [ -z "${PEER:-}" ] || lm_eval_row "$c"
    printf '         c=%-3d lmeval at %s of wrk, start, probe and files included; %s while it asks\n' "$c" \
        "$(shares "$c" 1)" "$(shares "$c" 5)"
done
