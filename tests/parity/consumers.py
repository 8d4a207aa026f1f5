#!/usr/bin/env python3
"""Feeds runs of lmeval to the code of lm_eval that reads results, and writes what it printed.

usage: consumers.py BIN      with a Python that has lm_eval 0.4.13; BIN is the folder with lmeval

Each run of tests/e2e/lm_eval_consumers is made anew; its results.json and samples_*.jsonl go, as
they are, through
    lm_eval.utils.make_table                tasks, and groups where there are some
    lm_eval.loggers.wandb_logger            summary, flat results, tables (a stand-in for wandb)
    lm_eval.loggers.trackio_logger          flat results, one trace a sample (a stand-in for trackio)
    datasets.load_dataset("json", ...)      as lm_eval's hub cards read both kinds of files
and must come out whole. The tables are written to tests/golden/lm_eval_consumers/<run>.txt, which
the end-to-end case compares with what lmeval prints. Regenerate, do not edit."""

import json
import math
import os
import subprocess
import sys
import tempfile
import types
from importlib.metadata import version
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import datasets
from lm_eval.loggers import trackio_logger, wandb_logger
from lm_eval.utils import make_table

TESTS = Path(__file__).resolve().parent.parent
GOLDEN = TESTS / "golden" / "lm_eval_consumers"
RUNS = {
    "tasks": ["--task", "hellaswag,gsm8k", "--limit", "12"],
    "group": ["--task", str(TESTS / "e2e/group_run/own/pair.yaml"), "--limit", "6"],
}


class Table:
    """wandb.Table: as many cells as columns, or an error."""

    def __init__(self, columns):
        self.columns, self.data = columns, []

    def add_data(self, *cells):
        assert len(cells) == len(self.columns), (self.columns, cells)
        self.data.append(cells)


def through_wandb(results):
    sys.modules["wandb"] = types.SimpleNamespace(Table=Table)
    logged = {}
    logger = object.__new__(wandb_logger.WandbLogger)
    logger.step = None
    logger.run = types.SimpleNamespace(log=lambda what, step: logged.update(what))
    logger.post_init(results)
    assert logger._get_config()["cli_configs"]["model"] == "lmeval"
    _, flat = logger._sanitize_results_dict()
    numbers = [v for v in flat.values() if isinstance(v, float)]
    assert numbers and all(math.isfinite(v) for v in numbers), flat
    logger._log_results_as_table()
    return logged


def through_trackio(results, samples):
    Trace = types.SimpleNamespace
    logger = object.__new__(trackio_logger.TrackioLogger)
    logger.results = results
    assert logger._flatten_results_for_log()
    for task, rows in samples.items():
        output_type = results["configs"][task]["output_type"]
        for row in rows:
            trace = trackio_logger._sample_to_trace(
                types.SimpleNamespace(Trace=Trace), row, task, output_type)
            assert trace.metadata["doc_id"] == row["doc_id"]
            for metric in row["metrics"]:
                assert isinstance(trace.metadata[metric], float), (task, row["doc_id"], metric)


def through_datasets(folder, samples, cache):
    loaded = datasets.load_dataset("json", data_files=str(folder / "results.json"), split="train",
                                   cache_dir=cache)
    assert set(loaded["results"][0]) >= set(samples)
    for task, rows in samples.items():
        name = task.replace(":", "__") + ".jsonl"
        loaded = datasets.load_dataset("json", data_files=str(folder / f"samples_{name}"),
                                       split="train", cache_dir=cache)
        assert loaded["doc_id"][:] == [row["doc_id"] for row in rows]


def consume(folder, cache):
    results = json.loads((folder / "results.json").read_text("utf-8"))
    samples = {}
    for task in results["configs"]:
        path = folder / f"samples_{task.replace(':', '__')}.jsonl"
        samples[task] = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    tables = make_table(results)
    if "groups" in results:
        tables += "\n" + make_table(results, "groups")
    through_wandb(results)
    through_trackio(results, samples)
    through_datasets(folder, samples, cache)
    return tables


def main():
    lmeval = Path(sys.argv[1]).resolve() / "lmeval"
    GOLDEN.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, options in RUNS.items():
            run = Path(folder) / name
            subprocess.run([lmeval, *options, "--demo", "--quiet", "--output-path", run],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            tables = consume(run, str(Path(folder) / "cache"))
            (GOLDEN / f"{name}.txt").write_text(tables, "utf-8")
    (GOLDEN / "README.md").write_text(
        f"Peer: lm_eval {version('lm_eval')}, make_table of lmeval's results.json; written by "
        "`tests/parity/consumers.py BIN`, which\nalso takes the files through lm_eval's W&B and "
        "Trackio loggers and `datasets`. They are made again, never edited.\n", "utf-8")


main()
