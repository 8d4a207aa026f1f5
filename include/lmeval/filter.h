/* From raw responses to answers. A pipeline is a named chain of filters; a filter is a row of
 * src/filter/list.h. Semantics: lm_eval 0.4.13 lm_eval/filters.
 */
#ifndef LMEVAL_FILTER_H
#define LMEVAL_FILTER_H

#include <lmeval/sample.h>

typedef struct lme_filter lme_filter;

/* One request's responses on their way through a pipeline. */
typedef struct lme_filtering {
    const lme_value *doc; /* the document's row */
    lme_value value; /* a list of responses, or what the filter before left; changed in place */
    bool matched;    /* set to false by a filter that looked for something and fell back */
} lme_filtering;

/* One use of a filter in a task: the row, its keys read once. */
typedef struct lme_filter_use {
    const lme_filter *filter;
    lme_value options; /* map of the keys as written */
    void *state;       /* what the row's prepare() made of them: compiled regexes ... */
} lme_filter_use;

struct lme_filter {
    const char *name;
    const char *summary;     /* one line for `lmeval list filters` */
    bool extracts;           /* looks for something in the answer, and tells by `matched` */
    const char *const *keys; /* option names, NULL-terminated; others are an error */
    /* Checks the options and compiles what can be compiled. NULL: nothing to do.
     * Errors: LME_ERR_TASK at the option's place. */
    bool (*prepare)(lme_arena *arena, lme_filter_use *use, const char *file, lme_error *err);
    /* One request's responses through the filter.
     * Errors: LME_ERR_DATA, LME_ERR_LIMIT when it cannot work on this document. */
    bool (*apply)(lme_arena *arena, const lme_filter_use *use, lme_filtering *filtering,
                  lme_error *err);
};

typedef struct lme_pipeline {
    lme_str name;
    const lme_filter_use *filters;
    size_t n_filters;
} lme_pipeline;

/* Row of that name; NULL when there is none. */
const lme_filter *lme_filter_find(lme_str name);
const lme_filter *const *lme_filter_all(size_t *n);

/* Reads one `filter:` entry (a map with `function` and options) of a task file.
 * Errors: LME_ERR_TASK with the nearest known name. */
bool lme_filter_use_read(lme_arena *arena, const lme_value *entry, const char *file,
                         lme_filter_use *use, lme_error *err) LME_MUST_CHECK;

/* All responses of a sample through a pipeline. Loglikelihood responses enter as tuples (float,
 * bool), generated ones as texts; the n_repeats responses of one request are one list.
 * Errors: only where a filter cannot work on this document (its message becomes sample->failure).
 */
bool lme_filter_apply(lme_arena *arena, const lme_pipeline *pipeline, const lme_sample *sample,
                      lme_answer *answer, lme_error *err) LME_MUST_CHECK;

#endif
