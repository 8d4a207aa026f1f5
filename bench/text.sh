#!/bin/sh
# Corpus scores of 20,000 pairs: seconds of processor time of the whole process here, and of scoring
# alone (its start and imports left out) in sacrebleu and rouge_score. The numbers have to be equal.
#   usage: bench/text.sh BUILD [N]      PEER=python with sacrebleu and rouge_score; without it ours alone
set -eu
here=$(dirname "$0")
lmeval=$1/bin/lmeval
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 "$here/text_pairs.py" "$folder" "${2:-20000}"

best_of_3() {
    for _ in 1 2 3; do
        { LC_ALL=C bash -c 'TIMEFORMAT="%U %S"; time "$@" >'"$folder/out" - "$@"; } 2>&1
    done | awk '{ t = $1 + $2; if (NR == 1 || t < best) best = t } END { printf "%.2f", best }'
}

for metric in bleu chrf chrf++ ter rouge1 rouge2 rougeL rougeLsum "rougeL --use-stemmer"; do
    # shellcheck disable=SC2086 # the options of a metric are words
    seconds=$(best_of_3 "$lmeval" score --score-only --width 6 --hyp "$folder/answers.txt" \
        --ref "$folder/references.txt" --metric $metric)
    printf '%-22s lmeval %8s s  %s\n' "$metric" "$seconds" "$(cat "$folder/out")"
    [ -z "${PEER:-}" ] || "$PEER" "$here/text_peer.py" "$folder" $metric
done
