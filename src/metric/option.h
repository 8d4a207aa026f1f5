/* Reading a metric's options. Each reader leaves *value alone when the key is absent. Errors:
 * LME_ERR_TASK at the option's place. */
#ifndef LMEVAL_METRIC_OPTION_H
#define LMEVAL_METRIC_OPTION_H

#include <lmeval/metric.h>
#include <lmeval/regex.h>

lme_place lme_metric_place(const char *file, const lme_value *at);

/* true or false. A text that begins with "true" is true: 90 tasks of lm_eval's corpus write
 * `ignore_punctuation: true` and go on with a list on the lines below, which YAML reads as one
 * text, and lm_eval counts as true. */
bool lme_metric_option_bool(const lme_metric_use *use, const char *key, const char *file,
                            bool *value, lme_error *err) LME_MUST_CHECK;

typedef struct lme_int_range {
    int64_t least, most;
} lme_int_range;

/* A whole number in a range. */
bool lme_metric_option_int(const lme_metric_use *use, const char *key, const char *file,
                           lme_int_range range, int64_t *value, lme_error *err) LME_MUST_CHECK;

typedef struct lme_regex_list {
    lme_regex **items;
    size_t len;
} lme_regex_list;

/* A list of patterns, compiled. */
bool lme_metric_option_regexes(lme_arena *arena, const lme_metric_use *use, const char *key,
                               const char *file, lme_regex_list *regexes,
                               lme_error *err) LME_MUST_CHECK;

#endif
