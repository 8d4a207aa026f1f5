/* rouge1, rouge2, rougeL, rougeLsum: a document's own score, averaged. */
#include "aggregate.h"
#include "text.h"

static const char *const keys[] = {"use_stemmer", "value", "split_summaries", NULL};

#define ROUGE(id, shown, what)                                                                     \
    const lme_metric lme_metric_##id = {                                                           \
        .name = shown,                                                                             \
        .summary = what,                                                                           \
        .source = "rouge_score 0.1.2 rouge_scorer.py",                                             \
        .output_kinds = 1u << LME_OUTPUT_GENERATE_UNTIL,                                           \
        .higher_is_better = true,                                                                  \
        .width = 1,                                                                                \
        .keys = keys,                                                                              \
        .aggregation = &lme_aggregation_mean,                                                      \
        .prepare = lme_metric_prepare_text,                                                        \
        .score = lme_metric_score_text,                                                            \
    }

ROUGE(rouge1, "rouge1", "F of words in common with the reference, 0 to 1");
ROUGE(rouge2, "rouge2", "F of word pairs in common with the reference, 0 to 1");
ROUGE(rouge_l, "rougeL", "F of the longest common subsequence of words, 0 to 1");
ROUGE(rouge_lsum, "rougeLsum", "rougeL by lines, their unions summed");
