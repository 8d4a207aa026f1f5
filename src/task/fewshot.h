/* Few-shot examples: the pool that they come from, and the draw for each document.
 * Source: reference/lm_eval 6, rules 1 to 8. */
#ifndef LMEVAL_TASK_FEWSHOT_H
#define LMEVAL_TASK_FEWSHOT_H

#include "details.h"

#include <lmeval/random.h>

typedef struct lme_pool {
    lme_arena *arena; /* the rows' own */
    const lme_value *rows;
    size_t n;
    lme_str name; /* "split train", for messages */
    size_t n_shots;
    lme_sampler sampler;
    /* The evaluated document is kept out of its own examples: it may be in the pool. */
    bool excludes_document;
    lme_random random;
} lme_pool;

/* Loads the pool of a task with n_shots > 0.
 *   source  the evaluated split's; only its split is replaced
 * Errors: LME_ERR_DATA, also when the pool is too small. */
bool lme_pool_open(lme_arena *arena, const lme_task *task, const lme_docs_options *options,
                   lme_pool *pool, lme_error *err) LME_MUST_CHECK;

/* The rows of fewshot_config.samples_file (samples_file.c).
 * Errors: LME_ERR_DATA; for a file that is not there with every place that was looked at. */
bool lme_samples_file_read(lme_arena *arena, const lme_task *task, const lme_docs_options *options,
                           lme_value *rows, lme_error *err) LME_MUST_CHECK;

/* The examples for one document; draws once. *shots holds pool->n_shots rows of the pool. */
bool lme_pool_draw(lme_arena *arena, lme_pool *pool, const lme_value *row, const lme_value **shots,
                   lme_error *err) LME_MUST_CHECK;

#endif
