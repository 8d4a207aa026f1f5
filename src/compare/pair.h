/* Items of two runs that are the same item. */
#ifndef LMEVAL_COMPARE_PAIR_H
#define LMEVAL_COMPARE_PAIR_H

#include <lmeval/record.h>
#include <lmeval/stats.h>

typedef struct lme_pairing {
    const lme_record_line **base; /* n, in base's order; NULL entries never */
    const lme_record_line **other;
    size_t n;
    size_t only_base, only_other;
    size_t other_prompts; /* pairs whose prompts differ */
    size_t other_targets; /* pairs whose right answers differ */
} lme_pairing;

/* By doc_hash; of several equal rows the first with the first. */
lme_pairing lme_pair_lines(lme_arena *arena, const lme_record_pipeline *base,
                           const lme_record_pipeline *other);

/* Cluster numbers of base's items; none when no line names one. A line that names none stands
 * alone.
 */
lme_clusters lme_pair_clusters(lme_arena *arena, const lme_pairing *pairing);

#endif
