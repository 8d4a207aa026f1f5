#!/bin/sh
# One end-to-end case: the real binary, usually against the reference server, in a folder of its own.
#   run_case.sh CASE_FOLDER BIN_FOLDER SOURCE_FOLDER
# A case folder holds
#   cmd      shell lines; $LMEVAL is the binary, $URL the server, $SRC the source tree, $CASE this folder
#   server   options of lmeval-refserver, one or more a line (absent: no server is started)
#   stdout   what must stand on stdout, exactly (absent: not looked at)
#   stderr   texts that must stand somewhere on stderr, one a line (absent: not looked at); where a
#            message went on on the next line does not matter
#   exit     exit code of cmd (absent: 0); 77 skips the case: say on stderr what is missing
#   check    shell lines run afterwards in the same folder; each must succeed. What must fail is
#            written "not COMMAND": the shell goes on after a "! COMMAND" whatever comes out
set -u
CASE=$(cd "$1" && pwd)
BIN=$(cd "$2" && pwd)
SRC=$(cd "$3" && pwd)
LMEVAL=$BIN/lmeval
export CASE BIN SRC LMEVAL
unset LMEVAL_BASE_URL OPENAI_BASE_URL LMEVAL_DATA_DIR LMEVAL_API_KEY OPENAI_API_KEY
unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY SSL_CERT_FILE
LC_ALL=C.UTF-8
XDG_CACHE_HOME=.cache
HF_HUB_OFFLINE=1 # a case asks for a hub of its own by start_hub
export LC_ALL XDG_CACHE_HOME HF_HUB_OFFLINE

work=$(mktemp -d "${TMPDIR:-/tmp}/lmeval-e2e-XXXXXX")
server=
# A cmd runs in a shell of its own, so the servers it starts are known by the file alone.
cleanup() {
    for pid in $(cat "$work/servers.pid" 2>/dev/null); do
        [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != lmeval-refserve ] || kill "$pid" 2>/dev/null
    done
    for pid in $(cat "$work/ports.pid" 2>/dev/null); do kill "$pid" 2>/dev/null; done
    [ -z "$server" ] || wait "$server" 2>/dev/null
    for file in hub.pid helper*.pid; do
        [ ! -s "$file" ] || kill "$(cat "$file")" 2>/dev/null
    done
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM
cd "$work" || exit 1

fail() {
    echo "FAILED: $*"
    echo "--- stdout"
    cat out
    echo "--- stderr"
    cat err
    [ ! -s server.log ] || { echo "--- the server's log" && tail -n 50 server.log; }
    exit 1
}

# A port that is the case's own until its end, in OWN_PORT: no other test's server gets it while ours
# is away, and no second server of ours does by chance (a run's default folder is named by the URL).
own_port() {
    rm -f own.port
    "$BIN/own_port" own.port &
    echo "$!" >>"$work/ports.pid"
    until [ -s own.port ]; do
        kill -0 $! 2>/dev/null || { echo "no port of its own"; exit 1; }
        sleep 0.01
    done
    OWN_PORT=$(cat own.port)
}

# Starts a reference server; sets URL. For cmd files too: start_server [options].
start_server() {
    case " $*" in
    *" --port "*) ;;
    *)
        own_port
        set -- --port "$OWN_PORT" "$@"
        ;;
    esac
    rm -f port
    "$BIN/lmeval-refserver" --port-file port "$@" >server.log 2>&1 &
    server=$!
    echo "$server" >>"$work/servers.pid"
    tries=0
    until [ -s port ]; do
        tries=$((tries + 1))
        if [ "$tries" -gt 200 ] || ! kill -0 "$server" 2>/dev/null; then
            echo "the reference server did not start:"
            cat server.log
            exit 1
        fi
        sleep 0.05
    done
    URL=http://127.0.0.1:$(cat port)
    export URL
}

# Starts a program that ends with the case: start_helper NUMBER READY_FILE COMMAND ...; it is ready
# when it has written that file.
start_helper() {
    number=$1
    ready=$2
    shift 2
    rm -f "$ready"
    "$@" >"helper$number.log" 2>&1 &
    echo $! >"helper$number.pid"
    tries=0
    until [ -s "$ready" ]; do
        tries=$((tries + 1))
        [ "$tries" -le 200 ] || { cat "helper$number.log"; return 1; }
        sleep 0.05
    done
}

# Starts a replica of the hub with its one data set, "owner/set" of so many rows; lmeval asks it.
start_hub() {
    rm -f hub.url
    "$BIN/hub_replica" "$1" hub.url >hub.log 2>&1 &
    echo $! >hub.pid
    until [ -s hub.url ]; do sleep 0.05; done
    LMEVAL_HUB_URL=$(cat hub.url)
    export LMEVAL_HUB_URL
    unset HF_HUB_OFFLINE
}

if [ -f "$CASE/server" ]; then
    # shellcheck disable=SC2046 # options are words
    start_server $(eval "echo $(grep -v '^#' "$CASE/server" | tr '\n' ' ')")
fi

(. "$CASE/cmd") >out 2>err
code=$?
[ "$code" != 77 ] || { cat err; exit 77; } # what the case needs is not on this machine
wanted=0
[ -f "$CASE/exit" ] && wanted=$(cat "$CASE/exit")
[ "$code" = "$wanted" ] || fail "exit code $code, not $wanted"
if [ -f "$CASE/stdout" ]; then
    diff -u "$CASE/stdout" out >diff.txt || { cat diff.txt; fail "stdout differs"; }
fi
not() { ! "$@"; }

# What a wide message goes on with stands four blanks in: joined, so that texts are found whole.
joined() {
    sed -e ':more' -e '$!N' -e 's/\n    \([^ ]\)/ \1/' -e 'tmore' -e 'P' -e 'D' "$1"
}
if [ -f "$CASE/stderr" ]; then
    { cat err; joined err; } >err.lines
    while IFS= read -r line; do
        [ -z "$line" ] || grep -qF -- "$line" err.lines || fail "stderr lacks: $line"
    done <"$CASE/stderr"
fi
if [ -f "$CASE/check" ]; then
    # Not ( ... ) || fail: there a shell takes -e back, and the last command alone would count.
    (set -e; . "$CASE/check") >check.txt 2>&1
    code=$?
    [ "$code" = 0 ] || { cat check.txt; fail "check"; }
fi
exit 0
