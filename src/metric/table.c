/* The metrics that a task can name, in the order of `lmeval list metrics`. */
#include <lmeval/metric.h>

#define METRIC(name) extern const lme_metric lme_metric_##name;
#include "list.h"
#undef METRIC

#define METRIC(name) &lme_metric_##name,
static const lme_metric *const metrics[] = {
#include "list.h"
};
#undef METRIC

const lme_metric *const *lme_metric_all(size_t *n)
{
    *n = sizeof metrics / sizeof metrics[0];
    return metrics;
}

const lme_metric *lme_metric_find(lme_str name)
{
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++) {
        if (lme_str_is(name, metrics[i]->name))
            return metrics[i];
    }
    return NULL;
}

size_t lme_metric_defaults(lme_output_kind output, const char *names[4])
{
    static const char *const defaults[LME_OUTPUT_KINDS][4] = {
        [LME_OUTPUT_MULTIPLE_CHOICE] = {"acc", "acc_norm"},
        [LME_OUTPUT_LOGLIKELIHOOD] = {"perplexity", "acc"},
        [LME_OUTPUT_LOGLIKELIHOOD_ROLLING] = {"word_perplexity", "byte_perplexity",
                                              "bits_per_byte"},
        [LME_OUTPUT_GENERATE_UNTIL] = {"exact_match"},
    };
    size_t n = 0;
    while (n < 4 && defaults[output][n] != NULL) {
        names[n] = defaults[output][n];
        n++;
    }
    return n;
}
