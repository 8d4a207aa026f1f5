#!/bin/sh
# The program with the filter of CONTRIBUTING.md: example_test.sh PROGRAM SOURCE_FOLDER
# It is listed, it is offered for a name that is nearly its own, and it does what it says.
set -eu
program=$1
LMEVAL_SHARE=$2
export LMEVAL_SHARE
work=$(mktemp -d "${TMPDIR:-/tmp}/lmeval-example-XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
"$program" list filters | grep -q '^collapse_whitespace  *write every run of white space'

echo '{"question": "Say something.", "answer": "x"}' >row.jsonl
cat >task.yaml <<'Y'
task: example
dataset_path: row.jsonl
test_split: test
output_type: generate_until
doc_to_text: question
doc_to_target: answer
generation_kwargs: {until: ["\n\n"], max_gen_toks: 16}
filter_list:
  - name: collapsed
    filter:
      - {function: regex, regex_pattern: "no such thing", fallback: "  two \t\n words "}
      - {function: collapse_whitespace}
      - {function: take_first}
metric_list:
  - metric: exact_match
Y
"$program" --task task.yaml --demo --output-path out --quiet >table
grep -q '"filtered_resps": \["two words"\]' out/samples_example.jsonl || {
    cat out/samples_example.jsonl
    exit 1
}
sed 's/collapse_whitespace/colapse_whitespace/' task.yaml >typo.yaml
if "$program" validate typo.yaml >report 2>&1; then
    echo "a filter that is not there is taken"
    exit 1
fi
grep -q 'did you mean collapse_whitespace' report
