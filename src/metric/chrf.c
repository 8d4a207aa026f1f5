/* chrf and chrf++: of the whole corpus, as sacrebleu computes them. */
#include "text.h"

static const char *const keys[] = {"char_order", "word_order",    "beta", "lowercase",
                                   "whitespace", "eps_smoothing", NULL};

static const lme_aggregation lme_aggregation_chrf = {
    .name = "chrf",
    .width = LME_TEXT_WIDTH_MAX,
    .from_sums = lme_metric_text_from_sums,
    .bootstrap = true,
    .max_replicates = LME_METRIC_CORPUS_REPLICATES,
};

static const lme_aggregation lme_aggregation_chrf_plus_plus = {
    .name = "chrf++",
    .width = LME_TEXT_WIDTH_MAX,
    .from_sums = lme_metric_text_from_sums,
    .bootstrap = true,
    .max_replicates = LME_METRIC_CORPUS_REPLICATES,
};

const lme_metric lme_metric_chrf = {
    .name = "chrf",
    .summary = "F2 of character 6-grams of all answers together, 0 to 100",
    .source = "sacrebleu 2.6.0 metrics/chrf.py",
    .output_kinds = 1u << LME_OUTPUT_GENERATE_UNTIL,
    .higher_is_better = true,
    .width = LME_TEXT_WIDTH_MAX,
    .keys = keys,
    .aggregation = &lme_aggregation_chrf,
    .prepare = lme_metric_prepare_text,
    .score = lme_metric_score_corpus,
    .restore = lme_metric_restore_corpus,
};

const lme_metric lme_metric_chrf_plus_plus = {
    .name = "chrf++",
    .summary = "chrf with word 2-grams beside the characters'",
    .source = "sacrebleu 2.6.0 metrics/chrf.py",
    .output_kinds = 1u << LME_OUTPUT_GENERATE_UNTIL,
    .higher_is_better = true,
    .width = LME_TEXT_WIDTH_MAX,
    .keys = keys,
    .aggregation = &lme_aggregation_chrf_plus_plus,
    .prepare = lme_metric_prepare_text,
    .score = lme_metric_score_corpus,
    .restore = lme_metric_restore_corpus,
};
