#!/bin/sh
# What lmeval renders for every task of this folder, beside what lm_eval made of the same rows.
# usage: check.sh FOLDER_OF_LMEVAL
bin=$1
here=$(cd "$(dirname "$0")" && pwd)
made=$(mktemp -d) || exit 1
trap 'rm -rf "$made"' EXIT
wrong=0 cases=0

compare() # FORM FLAGS...
{
    form=$1
    shift
    "$bin/lmeval" render --task "$folder/task.yaml" --format jsonl --limit 4 \
        --data-dir "$folder/data" "$@" >"$made/out" 2>"$made/err"
    cases=$((cases + 1))
    cmp -s "$folder/$form.jsonl" "$made/out" && return
    wrong=$((wrong + 1))
    echo "differs: $(basename "$folder") $form"
    cat "$made/err"
    diff "$folder/$form.jsonl" "$made/out" | head -4
}

for task in "$here"/*/task.yaml; do
    folder=$(dirname "$task")
    compare text
    compare multiturn --apply_chat_template --fewshot_as_multiturn true
    compare singleturn --apply_chat_template --fewshot_as_multiturn false
done
echo "$cases cases, $wrong differ"
[ "$wrong" -eq 0 ] && [ "$cases" -gt 0 ]
