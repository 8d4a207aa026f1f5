#!/bin/sh
# Rows a second of one core: templates here and in jinja2, compiled once and, as lm_eval does it, for
# each row. Both sides have to make equally many bytes.
#   usage: bench/render.sh BUILD      PEER=python with jinja2; without it ours alone
set -eu
here=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
rounds=20
for name in $(python3 "$here/render_peer.py" make "$folder"); do
    best=0
    for _ in 1 2 3; do
        line=$("$1/bin/bench_render" "$folder/$name.jinja" "$folder/rows.jsonl" $rounds)
        [ "${line% *}" -le "$best" ] || best=${line% *}
    done
    printf '%-10s lmeval %9s rows/s' "$name" "$best"
    if [ -n "${PEER:-}" ]; then
        "$PEER" "$here/render_peer.py" run "$folder" "$name" $rounds >"$folder/peer"
        read -r once each made <"$folder/peer"
        [ "$made" = "${line#* }" ] || { echo " differs from jinja2 in bytes"; exit 1; }
        printf '  jinja2 %8s (%s times)  compiled for each row %6s (%s times)' "$once" \
            $((best / once)) "$each" $((best / each))
    fi
    echo
done
