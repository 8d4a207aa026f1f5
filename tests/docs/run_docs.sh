#!/bin/sh
# Runs what a document shows: run_docs.sh FILE.md BIN_FOLDER SOURCE_FOLDER
#   ```sh blocks are run as they stand, except behind a line <!-- not run here: REASON -->
#   a block behind <!-- prints: COMMAND --> must be exactly what COMMAND prints on stdout
#   a block behind <!-- complains: COMMAND --> must be exactly what COMMAND prints on stderr
# http://localhost:8000 is a reference server, http://localhost:8001 one whose model is quantized to
# four bits, and DATA a mirror of sample rows; everything happens in
# a temporary folder that looks like a source tree with a build.
set -u
DOC=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
BIN=$(cd "$2" && pwd)
SRC=$(cd "$3" && pwd)
unset LMEVAL_BASE_URL OPENAI_BASE_URL LMEVAL_DATA_DIR LMEVAL_API_KEY OPENAI_API_KEY
LC_ALL=C.UTF-8
LMEVAL_SHARE=$SRC
HF_HUB_OFFLINE=1
export LC_ALL LMEVAL_SHARE HF_HUB_OFFLINE
work=$(mktemp -d "${TMPDIR:-/tmp}/lmeval-docs-XXXXXX")
servers=
trap '[ -z "$servers" ] || kill $servers 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 1

XDG_CACHE_HOME=$work/.cache
export XDG_CACHE_HOME
mkdir -p build DATA/Rowan DATA/openai blocks
ln -s "$BIN" build/bin
ln -s "$SRC/tasks" tasks
ln -s "$SRC/datasets" datasets
cp "$SRC/tasks/kitchen_safety.yaml" my_task.yaml
sed -i "s|\.\./datasets|datasets|" my_task.yaml
cp -r "$SRC/datasets/hellaswag-sample" DATA/Rowan/hellaswag
cp -r "$SRC/datasets/gsm8k-sample" DATA/openai/gsm8k
PATH=$BIN:$PATH
export PATH

awk '
    /^<!-- not run here:/ { skip = 1; next }
    /^<!-- (prints|complains): / {
        kind = $2; sub(/:$/, "", kind); command = $0
        sub(/^<!-- (prints|complains): /, "", command); sub(/ -->$/, "", command); next
    }
    /^```/ && !inside {
        inside = 1; n++; lang = substr($0, 4)
        if (command != "") { out = sprintf("blocks/%03d.%s", n, kind); print command > (out ".command") }
        else if (lang == "sh" && !skip) out = sprintf("blocks/%03d.sh", n)
        else out = ""
        if (out != "") printf "" > out
        next
    }
    /^```/ { inside = 0; skip = 0; command = ""; if (out != "") close(out); next }
    inside && out != "" { print > out }
' "$DOC"

# start_server PORT OPTIONS...: what is written as localhost:PORT is a reference server.
start_server() {
    shown=$1
    shift
    grep -q "localhost:$shown" blocks/* 2>/dev/null || return 0
    "$BIN/lmeval-refserver" --port-file "port$shown" "$@" >"server$shown.log" 2>&1 &
    servers="$servers $!"
    tries=0
    until [ -s "port$shown" ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 200 ] || { cat "server$shown.log"; exit 1; }
        sleep 0.05
    done
    sed -i "s|http://localhost:$shown|http://127.0.0.1:$(cat "port$shown")|g" blocks/*
}
start_server 8000
start_server 8001 --quantize-bits 4

status=0
for block in blocks/*.sh; do
    [ -f "$block" ] || continue
    sh -e "$block" >out 2>&1 </dev/null || { status=1; echo "FAILED in $DOC:"; cat "$block" out; }
done
for command in blocks/*.command; do
    [ -f "$command" ] || continue
    block=${command%.command}
    sh "$command" >out 2>err </dev/null
    case $block in *.prints) got=out ;; *) got=err ;; esac
    diff -u "$block" $got || { status=1; echo "FAILED in $DOC: that is not what $(cat "$command") prints"; }
done
exit $status
