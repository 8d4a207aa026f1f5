/* Looser kinds of exact match: the best over the accepted answers, averaged. */
#include "aggregate.h"
#include "text.h"

static const char *const case_keys[] = {"ignore_case", NULL};

#define ANSWER_MATCH(id, what, where, option_keys)                                                 \
    const lme_metric lme_metric_##id = {                                                           \
        .name = #id,                                                                               \
        .summary = what,                                                                           \
        .source = where,                                                                           \
        .output_kinds = 1u << LME_OUTPUT_GENERATE_UNTIL,                                           \
        .higher_is_better = true,                                                                  \
        .is_right_or_wrong = true,                                                                 \
        .width = 1,                                                                                \
        .keys = option_keys,                                                                       \
        .aggregation = &lme_aggregation_mean,                                                      \
        .prepare = lme_metric_prepare_text,                                                        \
        .score = lme_metric_score_text,                                                            \
    }

ANSWER_MATCH(squad_f1, "F1 of words after SQuAD's normalisation", "SQuAD evaluate-v2.0.py", NULL);
ANSWER_MATCH(squad_em, "equal after SQuAD's normalisation", "SQuAD evaluate-v2.0.py", NULL);
ANSWER_MATCH(contains, "the answer contains the reference", "docs/metrics.md", case_keys);
ANSWER_MATCH(prefix_match, "the answer begins with the reference", "docs/metrics.md", case_keys);
ANSWER_MATCH(quasi_exact_match, "squad_em, but an empty answer is wrong", "docs/metrics.md", NULL);
