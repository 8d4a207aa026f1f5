/* acc_all: share of questions of which every document is right (MultiRC: each answer of a question
 * is a document of its own). Documents of one question have the same idx.paragraph and
 * idx.question. lm_eval's standard error takes documents of equal idx.question together, of
 * whatever paragraph; so does ours, since the number is to be its. */
#include "aggregate.h"
#include "choice.h"
#include "distinct.h"

#include <math.h>

enum {
    PARAGRAPH,
    QUESTION,
    RIGHT,
    WIDTH
};

static bool read_index(const lme_sample *sample, const char *key, double *number, lme_error *err)
{
    const lme_value *idx = lme_value_find(&sample->doc.row, "idx");
    const lme_value *value = idx == NULL || idx->kind != LME_MAP ? NULL : lme_value_find(idx, key);
    if (value == NULL || value->kind != LME_INT)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "metric \"acc_all\" needs a whole number in the column idx.%s, got %s", key,
                        value == NULL ? "nothing" : lme_kind_name(value->kind));
    *number = (double)value->integer;
    return true;
}

static bool score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    double *logprobs;
    if (!read_index(sample, "paragraph", &made->stats[PARAGRAPH], err) ||
        !read_index(sample, "question", &made->stats[QUESTION], err) ||
        !lme_metric_loglikelihoods(arena, use, sample, answer, &logprobs, err))
        return false;
    size_t chosen = lme_argmax(logprobs, sample->n_choices);
    made->stats[RIGHT] = lme_metric_is_gold(sample, chosen) ? 1.0 : 0.0;
    made->item = lme_float(made->stats[RIGHT]);
    return true;
}

/* 1 or 0 for each group of documents whose columns from `from` up to RIGHT are equal, in the order
 * of the groups' first documents. */
static double *groups(lme_arena *arena, const double *rows, size_t n, size_t from, size_t *n_groups)
{
    const size_t n_keys = RIGHT - from;
    double *keys = lme_arena_array(arena, n, n_keys * sizeof(double));
    for (size_t i = 0; i < n * n_keys; i++)
        keys[i] = rows[i / n_keys * WIDTH + from + i % n_keys];
    lme_distinct distinct = lme_distinct_rows(arena, keys, n_keys, n);
    size_t *place = LME_ARRAY(arena, size_t, distinct.n_rows); /* + 1; 0: not met yet */
    double *all = LME_ARRAY(arena, double, distinct.n_rows);
    *n_groups = 0;
    for (size_t i = 0; i < n; i++) {
        size_t *at = &place[distinct.row_of[i]];
        if (*at == 0) {
            *at = ++*n_groups;
            all[*at - 1] = 1.0;
        }
        all[*at - 1] *= rows[i * WIDTH + RIGHT];
    }
    return all;
}

static double share(const lme_metric_use *use, const double *rows, size_t n)
{
    (void)use;
    lme_arena *arena = lme_arena_new();
    size_t n_groups;
    const double *all = groups(arena, rows, n, PARAGRAPH, &n_groups);
    double value = lme_mean(all, n_groups);
    lme_arena_free(arena);
    return value;
}

static double share_stderr(const lme_metric_use *use, const double *rows, size_t n)
{
    (void)use;
    lme_arena *arena = lme_arena_new();
    size_t n_groups;
    const double *all = groups(arena, rows, n, QUESTION, &n_groups);
    double error = n_groups < 2 ? (double)NAN : lme_mean_stderr(all, n_groups);
    lme_arena_free(arena);
    return error;
}

static const lme_aggregation all_right = {
    .name = "acc_all",
    .width = WIDTH,
    .from_rows = share,
    .standard_error = share_stderr,
};

const lme_metric lme_metric_acc_all = {
    .name = "acc_all",
    .summary = "share of questions (idx.paragraph, idx.question) with all documents right",
    .source = "lm_eval 0.4.13 api/metrics.py, acc_all and acc_all_stderr",
    .output_kinds = 1u << LME_OUTPUT_MULTIPLE_CHOICE,
    .higher_is_better = true,
    .width = WIDTH,
    .keys = lme_metric_choice_keys,
    .aggregation = &all_right,
    .score = score,
};
