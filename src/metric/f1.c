/* f1: of the choices as classes. Without `average`, or where the task names `aggregation: f1`, it
 * is scikit-learn's binary F1 of choice 1, as in lm_eval, which has no other; macro, micro and
 * weighted are scikit-learn's averages over the classes that occur. */
#include "aggregate.h"
#include "choice.h"
#include "classes.h"
#include "option.h"
#include "pairwise.h"

#include <math.h>

/* 2 true positives / (2 true positives + false positives + false negatives); 0 when undefined. */
static double f1(const lme_class_count *count)
{
    double either = count->right + count->chosen;
    return either > 0.0 ? 2.0 * count->both / either : 0.0;
}

/* scikit-learn refuses more than two classes, and two of which none is the positive one, 1. */
static double binary(const lme_metric_use *use, const double *rows, const uint32_t *n_of_rows,
                     size_t n_rows)
{
    (void)use;
    lme_class_counts counts;
    lme_class_counts_make(&counts, rows, n_of_rows, n_rows);
    const lme_class_count *positive = lme_class_counts_of(&counts, 1);
    bool is_there = positive != NULL && positive->right + positive->chosen > 0.0;
    double value = is_there ? f1(positive) : 0.0;
    if (counts.n_classes > 2 || (counts.n_classes == 2 && !is_there))
        value = (double)NAN;
    lme_class_counts_free(&counts);
    return value;
}

/* The classes that occur, at the front. */
static size_t keep_used(lme_class_counts *counts)
{
    size_t n = 0;
    for (size_t i = 0; i < counts->len; i++) {
        if (counts->items[i].right + counts->items[i].chosen > 0.0)
            counts->items[n++] = counts->items[i];
    }
    return n;
}

static double f1_of_class(const void *context, size_t i)
{
    const lme_class_counts *counts = context;
    return f1(&counts->items[i]);
}

static double weighted_f1_of_class(const void *context, size_t i)
{
    const lme_class_counts *counts = context;
    return f1(&counts->items[i]) * counts->items[i].right;
}

static double macro(const lme_metric_use *use, const double *rows, const uint32_t *n_of_rows,
                    size_t n_rows)
{
    (void)use;
    lme_class_counts counts;
    lme_class_counts_make(&counts, rows, n_of_rows, n_rows);
    size_t n = keep_used(&counts);
    double value = lme_pairwise_sum(f1_of_class, &counts, n) / (double)n;
    lme_class_counts_free(&counts);
    return value;
}

static double weighted(const lme_metric_use *use, const double *rows, const uint32_t *n_of_rows,
                       size_t n_rows)
{
    (void)use;
    lme_class_counts counts;
    lme_class_counts_make(&counts, rows, n_of_rows, n_rows);
    size_t n = keep_used(&counts);
    double value = lme_pairwise_sum(weighted_f1_of_class, &counts, n) / counts.n_docs;
    lme_class_counts_free(&counts);
    return value;
}

static double micro(const lme_metric_use *use, const double *rows, const uint32_t *n_of_rows,
                    size_t n_rows)
{
    (void)use;
    lme_class_count all = {0};
    for (size_t i = 0; i < n_rows; i++) {
        bool is_right = !(rows[2 * i] < rows[2 * i + 1] || rows[2 * i] > rows[2 * i + 1]);
        all.right += n_of_rows[i];
        all.both += is_right ? n_of_rows[i] : 0;
    }
    all.chosen = all.right;
    return f1(&all);
}

const lme_aggregation lme_aggregation_f1 = {
    .name = "f1",
    .width = 2,
    .from_counts = binary,
    .bootstrap = true,
    .when_nan = "F1 of choice 1 is for two classes; `average: macro`, `micro` or `weighted` takes "
                "more",
};

const lme_aggregation lme_aggregation_macro_f1 = {
    .name = "macro_f1",
    .width = 2,
    .from_counts = macro,
    .bootstrap = true,
};

const lme_aggregation lme_aggregation_micro_f1 = {
    .name = "micro_f1",
    .width = 2,
    .from_counts = micro,
    .bootstrap = true,
};

const lme_aggregation lme_aggregation_weighted_f1 = {
    .name = "weighted_f1",
    .width = 2,
    .from_counts = weighted,
    .bootstrap = true,
};

static bool prepare(lme_arena *arena, lme_metric_use *use, const char *file, lme_error *err)
{
    static const struct {
        const char *name;
        const lme_aggregation *aggregation;
    } averages[] = {
        {"binary", &lme_aggregation_f1},
        {"macro", &lme_aggregation_macro_f1},
        {"micro", &lme_aggregation_micro_f1},
        {"weighted", &lme_aggregation_weighted_f1},
    };
    (void)arena;
    const lme_value *average = lme_value_find(&use->options, "average");
    if (average == NULL || average->kind == LME_NULL || use->aggregation != NULL)
        return true;
    for (size_t i = 0; i < sizeof averages / sizeof averages[0]; i++) {
        if (average->kind == LME_STRING && lme_str_is(average->string, averages[i].name)) {
            use->aggregation = averages[i].aggregation;
            return true;
        }
    }
    lme_place at = lme_metric_place(file, average);
    return lme_fail(err, LME_ERR_TASK, &at,
                    "average of metric \"f1\" is not known, expected binary, macro, micro or "
                    "weighted");
}

const lme_metric lme_metric_f1 = {
    .name = "f1",
    .summary = "F1 of the choices as classes: binary; average: macro, micro, weighted",
    .source = "scikit-learn 1.9 f1_score; lm_eval 0.4.13 api/metrics.py, f1_score",
    .output_kinds = 1u << LME_OUTPUT_MULTIPLE_CHOICE,
    .higher_is_better = true,
    .width = 2,
    .keys = lme_metric_choice_keys,
    .aggregation = &lme_aggregation_f1,
    .prepare = prepare,
    .score = lme_metric_score_class,
    .restore = lme_metric_restore_class,
};
