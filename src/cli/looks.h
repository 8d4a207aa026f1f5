/* Looking at two runs before all documents are in: at which documents, how sure one must be there,
 * and whether the verdicts are clear. */
#ifndef LMEVAL_CLI_LOOKS_H
#define LMEVAL_CLI_LOOKS_H

#include "measuring.h"

#include <lmeval/compare.h>

enum {
    LME_MOST_LOOKS = 10
};

typedef struct lme_looks {
    size_t n;                          /* 1: at the end alone */
    size_t n_docs;                     /* planned */
    double confidence[LME_MOST_LOOKS]; /* of a verdict at each look, one side */
} lme_looks;

/* Looks at every tenth of the documents, at fewer where a tenth is less than 10 of them; verdicts
 * are then wrong as seldom as `confidence` says, for all looks together.
 * Source: lme_stats_group_sequential. */
lme_looks lme_looks_plan(size_t n_docs, double confidence);

/* Documents that are in at a look (from 0), and whether so many are a look's. */
size_t lme_looks_docs(const lme_looks *looks, size_t look);

/* What a comparison is told of the look that ended a task. */
lme_compare_early lme_looks_taken(const lme_looks *looks, size_t look, lme_str task);

/* Compares what both have of their task under way. Clear: there are verdicts, and all of them are
 * recovered or degraded. */
bool lme_looks_clear(const lme_measuring *base, const lme_measuring *other,
                     const lme_compare_options *options, const lme_compare_early *taken,
                     bool *clear, lme_error *err) LME_MUST_CHECK;

#endif
