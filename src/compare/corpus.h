/* Scores of all documents together: BLEU, a perplexity, F1. */
#ifndef LMEVAL_COMPARE_CORPUS_H
#define LMEVAL_COMPARE_CORPUS_H

#include "pair.h"

/* One metric of one task in both runs. */
typedef struct lme_corpus_side {
    const lme_record_task *task;
    const lme_record_pipeline *pipeline;
    const lme_record_score *score;
    size_t column; /* of the metric in the lines; SIZE_MAX: not there */
} lme_corpus_side;

/* A score over the items that pair, as items: see lme_metric_pseudo_values. */
typedef struct lme_corpus {
    const double *base, *other; /* n each: their means are the scores */
    lme_flips flips; /* lost, gained: documents that make the score worse, better when the base's
                        answer is replaced by the other's */
    bool is_share;   /* a score of classes, 0 to 1 */
} lme_corpus;

/* Makes the statistics again from the items of the samples files, under the metric's options in the
 * task's configuration. What they make of all of a run's items must be the score of its results
 * file. Returns NULL, or why it cannot be judged. */
const char *lme_corpus_restore(lme_arena *arena, const lme_corpus_side *base,
                               const lme_corpus_side *other, const lme_pairing *pairing,
                               lme_corpus *corpus);

#endif
