/* The number that says whether a document's answer was right. */
#ifndef LMEVAL_HEADLINE_H
#define LMEVAL_HEADLINE_H

#include <lmeval/record.h>

typedef struct lme_headline {
    const lme_record_pipeline *pipeline; /* NULL: the task has no number for its documents */
    size_t column;                       /* of its scores */
    lme_str metric;
    bool higher_is_better;
    bool is_share; /* each score is between 0 and 1 and more is better: 1 is right, less is wrong */
} lme_headline;

/* The one asked for, else the first that tells right from wrong, else the first that has numbers.
 *   asked  "acc", or "exact_match,strict-match"; "": none
 * Errors: LME_ERR_USAGE with the nearest name, and what there is. */
bool lme_headline_find(lme_arena *arena, const lme_record_task *task, lme_str asked,
                       lme_headline *headline, lme_error *err) LME_MUST_CHECK;

/* "acc"; "exact_match (strict-match)" where the task has several pipelines. */
lme_str lme_metric_label(lme_arena *arena, const lme_record_task *task, lme_str metric,
                         lme_str pipeline);

/* The document's line in the headline's pipeline; NULL when it has none. */
const lme_record_line *lme_headline_line(const lme_headline *headline,
                                         const lme_record_document *document);

/* The document's score; NAN when it has none. */
double lme_headline_score(const lme_headline *headline, const lme_record_document *document);

#endif
