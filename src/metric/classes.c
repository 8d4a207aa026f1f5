#include "classes.h"

#include "choice.h"
#include "restore.h"

#include <math.h>
#include <string.h>

enum {
    OFFSET = 100, /* of a class's place, so that -100 has one */
    MOST_CLASSES = 100000
};

bool lme_metric_score_class(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                            const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    double *logprobs;
    int64_t gold = 0;
    if (!lme_metric_gold(use, sample, &gold, err) ||
        !lme_metric_loglikelihoods(arena, use, sample, answer, &logprobs, err))
        return false;
    size_t chosen = lme_argmax(logprobs, sample->n_choices);
    made->stats[0] = (double)gold;
    made->stats[1] = (double)chosen;
    lme_list_builder pair = {.arena = arena};
    lme_list_add(&pair, lme_int(gold));
    lme_list_add(&pair, lme_int((int64_t)chosen));
    made->item = lme_list_finish(&pair);
    return true;
}

/* A file can name any number, and a number is a place. */
static bool is_class(double number)
{
    return number >= -OFFSET && number <= MOST_CLASSES && floor(number) >= number;
}

bool lme_metric_restore_class(lme_arena *arena, const lme_metric_use *use, const lme_value *item,
                              double *stats)
{
    (void)arena;
    (void)use;
    return lme_restore_numbers(item, stats, 2) && is_class(stats[0]) && is_class(stats[1]);
}

static size_t place(double class_number)
{
    return (size_t)(class_number + OFFSET);
}

void lme_class_counts_make(lme_class_counts *counts, const double *rows, const uint32_t *n_of_rows,
                           size_t n_rows)
{
    counts->many = NULL;
    counts->len = counts->n_classes = 0;
    counts->n_docs = 0.0;
    for (size_t i = 0; i < 2 * n_rows; i++)
        counts->len = place(rows[i]) >= counts->len ? place(rows[i]) + 1 : counts->len;
    counts->items = counts->few;
    if (counts->len > sizeof counts->few / sizeof counts->few[0]) {
        counts->many = lme_arena_new();
        counts->items = LME_ARRAY(counts->many, lme_class_count, counts->len);
    } else {
        memset(counts->few, 0, counts->len * sizeof counts->few[0]);
    }
    for (size_t i = 0; i < n_rows; i++) {
        size_t right = place(rows[2 * i]), chosen = place(rows[2 * i + 1]);
        double n = n_of_rows[i];
        counts->items[right].right += n;
        counts->items[chosen].chosen += n;
        counts->items[right].both += right == chosen ? n : 0.0;
        counts->n_docs += n;
    }
    for (size_t i = 0; i < counts->len; i++)
        counts->n_classes += counts->items[i].right + counts->items[i].chosen > 0 ? 1 : 0;
}

void lme_class_counts_free(lme_class_counts *counts)
{
    lme_arena_free(counts->many);
}

const lme_class_count *lme_class_counts_of(const lme_class_counts *counts, int64_t number)
{
    size_t at = (size_t)(number + OFFSET);
    return number >= -OFFSET && at < counts->len ? &counts->items[at] : NULL;
}
