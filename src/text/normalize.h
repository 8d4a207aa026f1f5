/* What question answering calls a normal answer. */
#ifndef LMEVAL_TEXT_NORMALIZE_H
#define LMEVAL_TEXT_NORMALIZE_H

#include <lmeval/str.h>

/* SQuAD's: lower case, no ASCII punctuation, a, an and the gone, single blanks.
 * Source: the data set's evaluate-v2.0.py; lm_eval 0.4.13 tasks/longbench/metrics.py. */
lme_str lme_normalize_squad(lme_arena *scratch, lme_str text);

/* DROP's: each word for itself, numbers as Python prints them as floats.
 * Source: lm_eval 0.4.13 tasks/drop/utils.py, _normalize. */
lme_str lme_normalize_drop(lme_arena *scratch, lme_str text);

#endif
