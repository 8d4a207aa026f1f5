/* How long answers are; targets are not looked at. */
#include "aggregate.h"
#include "text.h"

#define ANSWER_LENGTH(id, what)                                                                    \
    const lme_metric lme_metric_##id = {                                                           \
        .name = #id,                                                                               \
        .summary = what,                                                                           \
        .source = "docs/metrics.md",                                                               \
        .output_kinds = 1u << LME_OUTPUT_GENERATE_UNTIL,                                           \
        .width = 1,                                                                                \
        .aggregation = &lme_aggregation_mean,                                                      \
        .prepare = lme_metric_prepare_text,                                                        \
        .score = lme_metric_score_text,                                                            \
    }

ANSWER_LENGTH(answer_words, "words of the answer");
ANSWER_LENGTH(answer_code_points, "code points of the answer");
ANSWER_LENGTH(answer_bytes, "bytes of the answer");
