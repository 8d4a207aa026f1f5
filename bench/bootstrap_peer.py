#!/usr/bin/env python3
"""lm_eval's own bootstrap over the documents of bench/bootstrap.c, in the same columns.

usage: bootstrap_peer.py REPLICATES     with a Python that has lm_eval"""

import os
import random
import sys
import time
import warnings

os.environ["DISABLE_MULTIPROC"] = "1"
warnings.filterwarnings("ignore")

from lm_eval.api import metrics
from lm_eval.api.registry import get_aggregation


def documents(n, width):
    draw = random.Random(1)
    units = [draw.random() for _ in range(n * width)]
    if width == 1:
        return [-9.0 * u for u in units]
    return [(int(units[2 * i] < 0.5), int(units[2 * i + 1] < 0.5)) for i in range(n)]


def measure(aggregation, n, replicates):
    items = documents(n, 2 if aggregation in ("f1", "matthews_corrcoef") else 1)
    stderr = metrics.stderr_for_metric(get_aggregation(aggregation), replicates)
    wall, cpu = time.monotonic(), time.process_time()
    value = stderr(items)
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    print(f"{aggregation:18} {n:6} {replicates:8} {wall:8.3f} {cpu:8.3f} "
          f"{1e9 * cpu / (n * replicates):6.2f}  {value!r}", flush=True)


if __name__ == "__main__":
    import contextlib
    import io

    for n in (100, 1000):
        for name in ("perplexity", "median", "nanmean", "f1", "matthews_corrcoef"):
            out = io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
                measure(name, n, int(sys.argv[1]))
            print(out.getvalue().splitlines()[-1], flush=True)
