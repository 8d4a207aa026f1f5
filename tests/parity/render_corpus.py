#!/usr/bin/env python3
"""Do lm_eval's own task files render here byte for byte as there?

usage: render_corpus.py FOLDER [--lmeval PROGRAM] [--peer-only] [--family NAME] [--every N]
                              [--form FORM ...]

With a Python that has lm_eval 0.4.13. For every task file of lm_eval that needs no Python function,
rows are made (render_rows.py; seeded by the task's name), lm_eval makes its requests of them
(render_peer.py), and `lmeval render` is to write the same lines: with the task's own number of
examples and with 3, as text and in both chat forms. lm_eval's lines are kept in FOLDER and are made
once; a difference is left beside them as *.got. What it found is printed and in FOLDER/report.json.

Nothing of lm_eval's is copied: its files are read where they are installed."""

import argparse
import collections
import gzip
import json
import subprocess
import sys
import zlib
from pathlib import Path

import lm_eval
import yaml
from lm_eval.tasks import _yaml_loader
from lm_eval.tasks._index import Kind, TaskIndex

from render_peer import FORMS, PeerTask
from render_rows import make_rows

LIMIT = 5
SHOTS = {"own": None, "3": 3}
FUNCTION = "!function "


def find_tasks(root):
    """Task files without a function, hf_evaluate metric or class: [(family, entry)]."""
    _yaml_loader._mk_function_ctor = lambda base, resolve: (
        lambda loader, node: FUNCTION + loader.construct_scalar(node)
    )
    tasks = []
    counts = collections.Counter()
    for entry in TaskIndex.build([root]).values():
        counts[entry.kind.name] += 1
        if entry.kind != Kind.TASK:
            continue
        text = json.dumps(entry.cfg, default=str)
        if FUNCTION in text:
            counts["function"] += 1
        elif '"hf_evaluate": true' in text:
            counts["hf_evaluate"] += 1
        else:
            tasks.append((entry.yaml_path.relative_to(root).parts[0], entry))
    counts["function_free"] = len(tasks)
    return sorted(tasks, key=lambda t: (t[0], t[1].name)), counts


def split_names(config):
    shots = config.get("fewshot_config") or {}
    names = [config.get(k) for k in
             ("training_split", "validation_split", "test_split", "fewshot_split")]
    return sorted({n for n in names + [shots.get("split")] if n is not None})


def make_splits(config, level, flavour, attempt):
    n = max((config.get("num_fewshot") or 0), 3) + LIMIT + 2
    splits = {}
    for name in split_names(config):
        seed = zlib.crc32(f"{config['task']}/{name}/{attempt}".encode())
        splits[name] = make_rows(config, n, seed, level, flavour)
        if seed % 5 == 0:
            splits[name][3] = dict(splits[name][0])
    return splits


def attempts():
    for level in (3, 2, 1):
        for flavour in (3, 0, 1, 2) if level == 3 else (0, 1, 2):
            for attempt in range(2):
                yield level, flavour, attempt


def peer_lines(peer, form, shots):
    try:
        return peer.lines(form, SHOTS[shots], LIMIT), ""
    except Exception as why:  # whatever it raises is its refusal
        return None, f"{type(why).__name__}: {why}"[:300]


def own_examples_work(config, peer):
    lines, why = peer_lines(peer, "text", "own")
    if lines is None:
        return why
    lines, why = peer_lines(peer, "text", "3")
    return why


def find_rows(config):
    """Rows that lm_eval takes, or its last complaint."""
    second_best = None
    why = ""
    for level, flavour, attempt in attempts():
        try:
            splits = make_splits(config, level, flavour, attempt)
            peer = PeerTask(config, splits)
        except Exception as problem:
            why = f"{type(problem).__name__}: {problem}"[:300]
            continue
        why = own_examples_work(config, peer)
        if why == "":
            return splits, peer, ""
        if second_best is None:
            second_best = (splits, peer, why)
    return second_best if second_best is not None else (None, None, why)


def write_rows(folder, config, splits):
    """The mirror's layout; a builder with files gets a task file that names local ones."""
    name = config.get("dataset_name") or "default"
    place = folder / "data" / config["dataset_path"] / name
    place.mkdir(parents=True, exist_ok=True)
    for split, rows in splits.items():
        with open(place / f"{split}.jsonl", "w", encoding="utf-8") as out:
            for row in rows:
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return place


def local_files(folder, entry, config, splits):
    """json and csv read files: a task file beside the rows points them at ours."""
    place = folder / "data" / config["dataset_path"] / (config.get("dataset_name") or "default")
    files = {split: str(place / f"{split}.jsonl") for split in splits}
    path = folder / "task.yaml"
    own = {"include": str(entry.yaml_path), "dataset_path": "json",
           "dataset_kwargs": {"data_files": files}}
    path.write_text(yaml.safe_dump(own))
    return path


def make_task(folder, entry):
    """lm_eval's side of one task. Returns what is to be known of it."""
    config = {**entry.cfg}
    info = {"file": str(entry.yaml_path)}
    if config.get("dataset_path") is None:
        return {**info, "skipped": "no dataset_path"}
    splits, peer, why = find_rows(config)
    if splits is None:
        return {**info, "skipped": f"lm_eval takes no rows of ours: {why}"}
    folder.mkdir(parents=True, exist_ok=True)
    write_rows(folder, config, splits)
    if config["dataset_path"] in ("json", "csv", "text", "parquet"):
        info["file"] = str(local_files(folder, entry, config, splits))
    info["refused"] = {}
    for form in FORMS:
        for shots in SHOTS:
            lines, why = peer_lines(peer, form, shots)
            if lines is None:
                info["refused"][f"{form}.{shots}"] = why
                continue
            with gzip.open(folder / f"{form}.{shots}.gz", "wt", 1, encoding="utf-8") as out:
                out.write("".join(line + "\n" for line in lines))
    return info


def make_peer(root, tasks):
    for family, entry in tasks:
        folder = root / family / entry.name
        done = folder / "info.json"
        if done.exists():
            continue
        try:
            info = make_task(folder, entry)
        except Exception as why:
            info = {"file": str(entry.yaml_path), "skipped": f"{type(why).__name__}: {why}"[:300]}
        folder.mkdir(parents=True, exist_ok=True)
        done.write_text(json.dumps(info))


FLAGS = {
    "text": [],
    "multiturn": ["--apply_chat_template", "--fewshot_as_multiturn", "true"],
    "singleturn": ["--apply_chat_template", "--fewshot_as_multiturn", "false"],
}


def render(program, folder, info, form, shots):
    command = [program, "render", "--task", info["file"], "--format", "jsonl", "--limit",
               str(LIMIT), "--data-dir", str(folder / "data")] + FLAGS[form]
    if SHOTS[shots] is not None:
        command += ["--num_fewshot", str(SHOTS[shots])]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


def compare_one(program, folder, info, form, shots):
    """"equal", "both refuse", or what is different."""
    key = f"{form}.{shots}"
    code, out, err = render(program, folder, info, form, shots)
    if key in info["refused"]:
        return "both refuse" if code != 0 else f"only lm_eval refuses: {info['refused'][key]}"
    if code != 0:
        return f"only lmeval refuses: {err.strip()}"
    with gzip.open(folder / f"{key}.gz", "rb") as expected:
        if expected.read() == out:
            return "equal"
    (folder / f"{key}.got").write_bytes(out)
    return "differs"


def compare(program, root, tasks, forms):
    counts = collections.Counter()
    wrong = {}
    for family, entry in tasks:
        folder = root / family / entry.name
        info = json.loads((folder / "info.json").read_text())
        if "skipped" in info:
            counts["skipped"] += 1
            wrong[entry.name] = {"skipped": info["skipped"]}
            continue
        results = {f"{form}.{shots}": compare_one(program, folder, info, form, shots)
                   for form in forms for shots in SHOTS}
        bad = {k: v for k, v in results.items() if v not in ("equal", "both refuse")}
        for value in results.values():
            counts["requests: " + value.split(":")[0]] += 1
        counts["tasks that differ" if bad else "tasks that are equal"] += 1
        if bad:
            wrong[entry.name] = {"family": family, **bad}
    return counts, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lmeval", default="lmeval")
    parser.add_argument("--peer-only", action="store_true")
    parser.add_argument("--family")
    parser.add_argument("--every", type=int, default=1, help="only each Nth task: a quick look")
    parser.add_argument("--form", nargs="*", default=list(FORMS), choices=list(FORMS))
    given = parser.parse_args()
    tasks, counts = find_tasks(Path(lm_eval.__file__).parent / "tasks")
    if given.family is not None:
        tasks = [t for t in tasks if t[0] == given.family]
    tasks = tasks[:: given.every]
    print(json.dumps(counts), f"{len(tasks)} tasks to do", flush=True)
    make_peer(given.folder, tasks)
    if given.peer_only:
        return 0
    result, wrong = compare(given.lmeval, given.folder, tasks, given.form)
    report = {"corpus": counts, "result": result, "wrong": wrong}
    (given.folder / "report.json").write_text(json.dumps(report, indent=1, ensure_ascii=False))
    for name, why in wrong.items():
        print(name, json.dumps(why, ensure_ascii=False)[:400])
    print(json.dumps(result, indent=1))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
