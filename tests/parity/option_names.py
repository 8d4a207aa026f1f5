#!/usr/bin/env python3
"""Writes tests/golden/lm_eval_options.txt: the long options of `lm_eval run`, one a line, with the
letter where one has it.

usage: option_names.py [FILE]     with a Python that has lm_eval 0.4.13"""

import argparse
import sys
from pathlib import Path

import lm_eval
from lm_eval._cli.run import Run


def main():
    default = Path(__file__).resolve().parents[1] / "golden/lm_eval_options.txt"
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    run = Run(argparse.ArgumentParser().add_subparsers())
    lines = [f"# lm_eval {lm_eval.__version__}, tests/parity/option_names.py: regenerate, do not edit."]
    for action in run._parser._actions:
        if action.dest != "help":
            lines.append(" ".join(sorted(action.option_strings, key=len, reverse=True)))
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
