#!/bin/sh
# lm_eval's bootstrap standard errors, here and there, over the same documents: the last column has to
# be equal, the columns before it tell the time.
#   usage: bench/bootstrap.sh BUILD [REPLICATES]      PEER=python with lm_eval; without it ours alone
set -eu
here=$(dirname "$0")
build=$1
echo "lmeval, ${2:-100000} replicates"
"$build/bin/bench_bootstrap" "${2:-100000}"
if [ -n "${PEER:-}" ]; then
    echo "the same, 2000 replicates: lmeval, then lm_eval"
    "$build/bin/bench_bootstrap" 2000
    "$PEER" "$here/bootstrap_peer.py" 2000
fi
