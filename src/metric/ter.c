/* ter: of the whole corpus, as sacrebleu computes it. */
#include "text.h"

static const char *const keys[] = {"normalized", "no_punct", "asian_support", "case_sensitive",
                                   NULL};

static const lme_aggregation lme_aggregation_ter = {
    .name = "ter",
    .width = LME_TEXT_WIDTH_MAX,
    .from_sums = lme_metric_text_from_sums,
    .bootstrap = true,
    .max_replicates = LME_METRIC_CORPUS_REPLICATES,
};

const lme_metric lme_metric_ter = {
    .name = "ter",
    .summary = "edits and shifts per reference word, in percent; lower is better",
    .source = "sacrebleu 2.6.0 metrics/ter.py",
    .output_kinds = 1u << LME_OUTPUT_GENERATE_UNTIL,
    .higher_is_better = false,
    .width = LME_TEXT_WIDTH_MAX,
    .keys = keys,
    .aggregation = &lme_aggregation_ter,
    .prepare = lme_metric_prepare_text,
    .score = lme_metric_score_corpus,
    .restore = lme_metric_restore_corpus,
};
