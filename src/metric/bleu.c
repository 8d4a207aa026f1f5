/* bleu: of the whole corpus, as sacrebleu computes it. A document's item is [reference, answer]. */
#include "text.h"

static const char *const keys[] = {
    "lowercase",       "tokenize",        "smooth_method", "smooth_value",
    "max_ngram_order", "effective_order", "force",         NULL};

static const lme_aggregation lme_aggregation_bleu = {
    .name = "bleu",
    .width = LME_TEXT_WIDTH_MAX,
    .from_sums = lme_metric_text_from_sums,
    .bootstrap = true,
    .max_replicates = LME_METRIC_CORPUS_REPLICATES,
};

const lme_metric lme_metric_bleu = {
    .name = "bleu",
    .summary = "n-gram precision of all answers together, 0 to 100 (sacrebleu)",
    .source = "sacrebleu 2.6.0 metrics/bleu.py",
    .output_kinds = 1u << LME_OUTPUT_GENERATE_UNTIL,
    .higher_is_better = true,
    .width = LME_TEXT_WIDTH_MAX,
    .keys = keys,
    .aggregation = &lme_aggregation_bleu,
    .prepare = lme_metric_prepare_text,
    .score = lme_metric_score_corpus,
    .restore = lme_metric_restore_corpus,
};
