#!/bin/sh
# Rows a second: lmeval's readers beside Python's, over the same rows in one run.
#   bench/data.sh BUILD PYTHON     a Release build folder; a python with pyarrow (and datasets, when it is there)
# 100,000 rows of a question (40 words), four choices and an answer, as JSON lines, CSV and Parquet. lmeval's time is
# that of bench_read_rows, which makes every row and drops it; Python's
# is that of rows as dicts. The last line is a whole start: a cached set of 10,000 rows, opened and rendered.
set -eu
cd "$(dirname "$0")/.."
BUILD=$1
PYTHON=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$PYTHON" - "$work" <<'PY'
import csv, json, random, sys
import pyarrow as pa
import pyarrow.parquet as pq

r = random.Random(1)
words = "the ferry leaves at nine and harbour question answer north south town".split()
rows = [{"question": " ".join(r.choice(words) for _ in range(40)),
         "choices": [f"{r.choice(words)} {i}" for i in range(4)], "answer": r.randrange(4)} for _ in range(100000)]
folder = sys.argv[1]
with open(f"{folder}/rows.jsonl", "w") as f:
    f.writelines(json.dumps(row) + "\n" for row in rows)
with open(f"{folder}/rows.csv", "w", newline="") as f:
    out = csv.writer(f)
    out.writerow(["question", "a", "b", "c", "d", "answer"])
    out.writerows([row["question"], *row["choices"], row["answer"]] for row in rows)
pq.write_table(pa.Table.from_pylist(rows), f"{folder}/rows.parquet")
PY

for kind in jsonl csv parquet; do
    for _ in 1 2 3; do "$BUILD/bin/bench_read_rows" "$work/rows.$kind"; done | sort | head -1 >"$work/$kind.lmeval"
done

"$PYTHON" - "$work" <<'PY'
import csv, json, sys, time
import pyarrow.parquet as pq

def jsonl(path):
    with open(path) as f:
        return sum(1 for line in f if json.loads(line))

def plain_csv(path):
    with open(path, newline="") as f:
        return sum(1 for _ in csv.DictReader(f))

def parquet(path):
    return len(pq.read_table(path).to_pylist())

print("| rows | lmeval, rows/s | Python, rows/s | ratio | Python's reader |\n|---|---|---|---|---|")
for kind, read, name in (("jsonl", jsonl, "json"), ("csv", plain_csv, "csv.DictReader"), ("parquet", parquet, "pyarrow")):
    best = 1e9
    for _ in range(3):
        start = time.perf_counter()
        n = read(f"{sys.argv[1]}/rows.{kind}")
        best = min(best, time.perf_counter() - start)
    ours = float(open(f"{sys.argv[1]}/{kind}.lmeval").read().split()[0])
    print(f"| {kind} | {n / ours:,.0f} | {n / best:,.0f} | {best / ours:.1f} | {name} |")
try:
    import datasets
    start = time.perf_counter()
    n = sum(1 for _ in datasets.load_dataset("json", data_files=f"{sys.argv[1]}/rows.jsonl", split="train",
                                             cache_dir=f"{sys.argv[1]}/cache"))
    seconds = time.perf_counter() - start
    print(f"\ndatasets.load_dataset of rows.jsonl, into an empty cache, and all rows: {seconds:.2f} s")
except ImportError:
    pass
PY

head -10000 "$work/rows.jsonl" | zstd -q -o "$work/test.jsonl.zst"
mkdir -p "$work/mirror/owner/set/default" && mv "$work/test.jsonl.zst" "$work/mirror/owner/set/default/"
cat >"$work/set.yaml" <<'YAML'
task: set
dataset_path: owner/set
test_split: test
output_type: multiple_choice
doc_to_text: question
doc_to_choice: choices
doc_to_target: answer
YAML
start=$(date +%s%N)
"$BUILD/bin/lmeval" render --task "$work/set.yaml" --data-dir "$work/mirror" --limit 20 --format jsonl >/dev/null
end=$(date +%s%N)
echo "a set of 10,000 rows, from the start of the program to 20 documents' prompts: $(((end - start) / 1000000)) ms"
