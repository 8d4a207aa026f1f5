#!/usr/bin/env python3
"""One corpus score by sacrebleu or rouge_score: its processor time and the number.

usage: text_peer.py FOLDER METRIC [--use-stemmer]"""

import sys
import time
from pathlib import Path


def score(metric, answers, references, stem):
    if metric.startswith("rouge"):
        from rouge_score import rouge_scorer
        scorer = rouge_scorer.RougeScorer([metric], use_stemmer=stem)
        start = time.process_time()
        total = sum(scorer.score(r, a)[metric].fmeasure for a, r in zip(answers, references))
        return start, total / len(answers)
    from sacrebleu.metrics import BLEU, CHRF, TER
    scorer = {"bleu": BLEU, "chrf": CHRF, "chrf++": lambda: CHRF(word_order=2), "ter": TER}[metric]()
    start = time.process_time()
    return start, scorer.corpus_score(answers, [references]).score


def main():
    folder, metric = Path(sys.argv[1]), sys.argv[2]
    texts = [(folder / f"{name}.txt").read_text().rstrip("\n").split("\n")
             for name in ("answers", "references")]
    start, value = score(metric, *texts, "--use-stemmer" in sys.argv)
    print(f"{' '.join(sys.argv[2:]):22} peer   {time.process_time() - start:8.2f} s  {value:.6f}")


if __name__ == "__main__":
    main()
