#!/usr/bin/env python3
"""Compares what lmeval and lm_eval load of lm_eval's own task files.

usage: load_corpus.py LMEVAL TASKS     with a Python that has lm_eval 0.4.13

LMEVAL is the binary, TASKS the folder lm_eval/tasks of the package (its YAML files; nothing of it is
kept here). Compared are names and kinds, members of tags, the tree of every group, and the keys of
every file after its includes; then it is counted which files lmeval would run. Exits 1 when the two
differ in anything that is not listed under KNOWN."""

import collections
import json
import subprocess
import sys
import time
from pathlib import Path

from lm_eval.tasks._index import Kind, TaskIndex
from lm_eval.tasks._yaml_loader import load_yaml

# Groups that lm_eval itself does not load, or that it loads into what nobody means.
KNOWN = {
    "t0_eval": "members with neither task nor group: ValueError there, an error here",
    "flan_held_in": "inline tasks with include: TypeError there; no dataset_path: an error here",
    "afrimgsm-irokobench": "a member that does not exist",
    "openllm": "{task: TAG or GROUP, num_fewshot}: there all tasks get the tag's or group's name",
    "toksuite_abridged": "{group: REGISTERED, task: [...]}: a group written out here",
}


def run(*command):
    begin = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    seconds = time.monotonic() - begin
    return [json.loads(line) for line in done.stdout.splitlines()], seconds


def plain(value):
    """As JSON of lmeval shows it: a function is its name, keys are texts."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value


def same(ours, theirs):
    if isinstance(ours, str) and isinstance(theirs, str) and ours.startswith("!function "):
        return theirs.endswith("/" + ours.removeprefix("!function "))
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return list(ours) == list(theirs) and all(same(ours[k], theirs[k]) for k in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    return type(ours) is type(theirs) and (ours == theirs or ours != ours and theirs != theirs)


def tree(index, name, members):
    """Names of a group's members, as TaskFactory goes through them, without building tasks."""
    made = {}
    for item in members or []:
        if isinstance(item, dict) and "group" in item:
            if item["group"] in index:
                made[item["group"]] = tree(index, item["group"], index[item["group"]].cfg.get("task"))
            else:
                inner = f"{name}::{item['group']}"
                made[inner] = tree(index, inner, item.get("task"))
            continue
        base = item if isinstance(item, str) else item["task"]
        entry = index.get(base)
        if entry is None:
            made[f"{name}::{base}"] = None
        elif entry.kind is Kind.GROUP:
            made[base] = tree(index, base, entry.cfg.get("task"))
        elif entry.kind is Kind.TAG:
            made.update(dict.fromkeys(sorted(entry.tags)))
        else:
            made[base] = None
    return made


def compare_index(binary, folder, index):
    kinds = {Kind.TASK: "task", Kind.PY_TASK: "class", Kind.GROUP: "group", Kind.TAG: "tag"}
    ours, seconds = {}, 0.0
    for kind in ["tasks", "groups", "tags"]:
        entries, taken = run(binary, "list", kind, "--json", "--include_path", folder)
        seconds = max(seconds, taken)
        ours |= {e["name"]: e for e in entries if e["file"] is None or e["file"].startswith(folder)}
    differ = []
    for name in sorted(set(ours) | set(index)):
        entry, mine = index.get(name), ours.get(name)
        if entry is None or mine is None or kinds[entry.kind] != mine["kind"]:
            differ.append(name)
        elif entry.kind is Kind.TAG and sorted(entry.tags) != mine["members"]:
            differ.append(name)
        elif entry.kind is not Kind.TAG and str(entry.yaml_path) != mine["file"]:
            differ.append(name)
    count = collections.Counter(e.kind.name for e in index.values())
    print(f"names: {len(index)} ({dict(count)}), {len(differ)} differ {differ[:5]}; "
          f"the list took {seconds:.2f} s")
    return differ


def compare_files(binary, folder, index):
    found, seconds = run(binary, "validate", "--json", "--settings", folder)
    differ_settings, differ_trees = [], []
    for f in found:
        theirs = load_yaml(f["file"], resolve_func=False)
        if not same(f["settings"], plain(theirs)):
            differ_settings.append(f["file"])
        name = theirs.get("group")
        if f.get("kind") != "group" or name in KNOWN or "members" not in f:
            continue
        if f["members"] != tree(index, name, theirs.get("task")):
            differ_trees.append(name)
    n_trees = sum(1 for f in found if "members" in f)
    print(f"keys after includes: {len(found)} files, {len(differ_settings)} differ {differ_settings[:3]}")
    print(f"trees of groups: {n_trees}, {len(differ_trees)} differ {differ_trees[:3]}")
    print(f"validate took {seconds:.2f} s for {len(found)} files")
    return found, differ_settings + differ_trees


def has_function(value):
    if isinstance(value, dict):
        return any(map(has_function, value.values()))
    if isinstance(value, list):
        return any(map(has_function, value))
    return isinstance(value, str) and value.startswith("!function ")


def count_tasks(found):
    states, reasons = collections.Counter(), collections.Counter()
    free = 0
    for f in found:
        settings = f["settings"] or {}
        if "class" in settings or "group" in settings or "task" not in settings:
            continue
        states[f["status"]] += 1
        free += not has_function(settings)
        if f["status"] == "error":
            reasons[f["error"]["message"]] += 1
    print(f"tasks: {sum(states.values())}, {free} without functions: {dict(states)}")
    for message, n in reasons.most_common():
        print(f"  {n} error(s): {message}")
    bad = [f for f in found if f["status"] == "error" and (f["settings"] or {}).get("group")]
    for f in bad:
        print(f"  group {f['settings']['group']}: {f['error']['message']}")


def main(binary, folder):
    folder = str(Path(folder).resolve())
    index = TaskIndex.build([Path(folder)])
    differ = compare_index(binary, folder, index)
    found, more = compare_files(binary, folder, index)
    count_tasks(found)
    return 1 if differ or more else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
