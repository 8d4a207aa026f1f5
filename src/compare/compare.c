/* The base against one other run: which tasks and metrics, what stands in the way, the rows. */
#include "group.h"
#include "obstacle.h"
#include "row.h"

#include <math.h>
#include <string.h>

typedef struct comparing {
    lme_arena *arena;
    lme_comparison *made;
    lme_sentences obstacles, notes;
    lme_comparison_row *rows;
    size_t n_rows, capacity;
    lme_comparison_row *missing;
    size_t n_missing, missing_capacity;
} comparing;

static bool is_asked(const lme_str *names, size_t n, lme_str name)
{
    for (size_t i = 0; i < n; i++) {
        if (lme_str_equal(names[i], name))
            return true;
    }
    return n == 0;
}

static lme_comparison_row *grow(lme_arena *arena, lme_comparison_row **rows, size_t *n,
                                size_t *capacity)
{
    if (*n == *capacity) {
        size_t more = *capacity == 0 ? 16 : *capacity * 2;
        *rows = lme_arena_grow(arena, *rows, *capacity * sizeof **rows, more * sizeof **rows);
        *capacity = more;
    }
    lme_comparison_row *row = &(*rows)[(*n)++];
    *row = (lme_comparison_row){.chance = (double)NAN, .p = (double)NAN, .p_adjusted = (double)NAN};
    return row;
}

static lme_comparison_row *add_row(comparing *c)
{
    return grow(c->arena, &c->rows, &c->n_rows, &c->capacity);
}

/* A score of the base that the other run does not have. */
static void add_missing(comparing *c, lme_str task, const lme_record_score *score, const char *why)
{
    const lme_compare_options *options = &c->made->options;
    if (!is_asked(options->metrics, options->n_metrics, score->metric))
        return;
    lme_comparison_row *row = grow(c->arena, &c->missing, &c->n_missing, &c->missing_capacity);
    row->task = task;
    row->metric = score->metric;
    row->pipeline = score->pipeline;
    row->higher_is_better = score->higher_is_better;
    row->base = (lme_estimate){score->value, score->stderr_value, (double)INFINITY};
    row->other = (lme_estimate){(double)NAN, (double)NAN, (double)NAN};
    row->verdict = LME_VERDICT_NONE;
    row->unsupported = why;
}

static void add_missing_task(comparing *c, const lme_record_task *task, const char *why)
{
    for (size_t i = 0; i < task->n_scores; i++)
        add_missing(c, task->name, &task->scores[i], why);
}

/* The results file says what the items average to; when it does not, the score is made otherwise
 * (a perplexity, a corpus BLEU): corpus.h. */
static bool is_mean_of(const lme_corpus_side *side)
{
    const lme_record_pipeline *pipeline = side->pipeline;
    double value = side->score->value;
    if (side->column == SIZE_MAX || pipeline->n_lines == 0)
        return false;
    double sum = 0.0;
    for (size_t i = 0; i < pipeline->n_lines; i++)
        sum += pipeline->lines[i].scores[side->column];
    double mean = sum / (double)pipeline->n_lines;
    return fabs(mean - value) <= 1e-6 * fmax(1.0, fabs(value));
}

static lme_corpus_side side_of(const lme_record_task *task, const lme_record_score *score)
{
    const lme_record_pipeline *pipeline = lme_record_find_pipeline(task, score->pipeline);
    return (lme_corpus_side){task, pipeline, score,
                             lme_record_metric_column(pipeline, score->metric)};
}

/* Two guessers recover each other well. */
static void note_guessing(comparing *c, const lme_comparison_row *row)
{
    if (row->pairs == NULL || isnan(row->chance) ||
        row->base.value - 1.645 * row->base.stderr_value > row->chance)
        return;
    lme_sentence_add(&c->notes,
                     "%.*s %.*s: the base is not clearly above guessing (%.1f %%): what it keeps "
                     "says little",
                     LME_STR_ARG(row->task), LME_STR_ARG(row->metric), 100.0 * row->chance);
}

static void note_direction(comparing *c, lme_str task, const lme_record_score *base,
                           const lme_record_score *other)
{
    if (base->direction_known && other->direction_known &&
        base->higher_is_better != other->higher_is_better)
        lme_sentence_add(&c->obstacles,
                         "%.*s: more %.*s is better in one run and worse in the other",
                         LME_STR_ARG(task), LME_STR_ARG(base->metric));
    if (!base->direction_known)
        lme_sentence_add(
            &c->notes, "%.*s: the base does not say whether more %.*s is better; it is taken to be",
            LME_STR_ARG(task), LME_STR_ARG(base->metric));
}

static const lme_compare_early *early_of(const lme_compare_options *options, lme_str task)
{
    for (size_t i = 0; i < options->n_early; i++) {
        if (lme_str_equal(options->early[i].task, task))
            return &options->early[i];
    }
    return NULL;
}

/* Who may stop when it looks well is no surer than the bound of that look: the intervals are those
 * of Jennison and Turnbull (2000), chapter 9, and a p of the end says nothing. */
static void fill_at_level(comparing *c, const lme_row_input *input, lme_comparison_row *row)
{
    lme_compare_options options = c->made->options;
    const lme_compare_early *early = early_of(&options, row->task);
    row->is_early = early != NULL;
    options.confidence = early != NULL ? early->confidence : options.confidence;
    row->confidence = options.confidence;
    lme_row_fill(c->arena, &options, input, row);
    if (early != NULL)
        row->p = (double)NAN;
}

static void compare_score(comparing *c, const lme_record_task *a, const lme_record_task *b,
                          const lme_record_score *score, const lme_pairing *pairing)
{
    const lme_record_score *theirs = lme_record_find_score(b, score->metric, score->pipeline);
    if (theirs == NULL) {
        lme_sentence_add(&c->notes, "%.*s: %.*s is only in the base", LME_STR_ARG(a->name),
                         LME_STR_ARG(score->metric));
        add_missing(c, a->name, score, "the other run does not have this metric");
        return;
    }
    lme_row_input input = {
        .pairing = pairing,
        .base = side_of(a, score),
        .other = side_of(b, theirs),
    };
    input.is_mean = is_mean_of(&input.base) && is_mean_of(&input.other);
    lme_comparison_row *row = add_row(c);
    row->task = a->name;
    row->metric = score->metric;
    row->pipeline = score->pipeline;
    row->higher_is_better = score->higher_is_better;
    note_direction(c, a->name, score, theirs);
    fill_at_level(c, &input, row);
    note_guessing(c, row);
}

static void note_pairing(comparing *c, lme_str task, const lme_pairing *pairing)
{
    if (pairing->n > 0 && (pairing->only_base > 0 || pairing->only_other > 0))
        lme_sentence_add(&c->notes,
                         "%.*s: %zu documents are in both runs, %zu only in the base, %zu only in "
                         "the other; the numbers are over those in both",
                         LME_STR_ARG(task), pairing->n, pairing->only_base, pairing->only_other);
}

static void note_looks(comparing *c, lme_str task)
{
    static const char *const allowed =
        "verdict and intervals allow for the looks, and there is no p";
    const lme_compare_early *early = early_of(&c->made->options, task);
    if (early == NULL)
        return;
    if (early->n_docs < early->n_planned_docs)
        lme_sentence_add(&c->notes,
                         "%.*s: stopped after %zu of %zu documents, at look %zu of %zu; %s",
                         LME_STR_ARG(task), early->n_docs, early->n_planned_docs, early->n_looks,
                         early->n_planned_looks, allowed);
    else if (early->n_planned_looks > 1)
        lme_sentence_add(&c->notes, "%.*s: looked at %zu times, up to the end; %s",
                         LME_STR_ARG(task), early->n_planned_looks, allowed);
}

/* Of the same prompts. A model with another tokenizer may be what is compared; one that should have
 * the same may have been served with another template. */
static void note_tokens(comparing *c, const lme_record_task *a, const lme_record_task *b)
{
    bool same = a->n_documents == b->n_documents && a->n_failed == 0 && b->n_failed == 0;
    if (!same || a->n_prompt_tokens == 0 || b->n_prompt_tokens == 0 ||
        a->n_prompt_tokens == b->n_prompt_tokens)
        return;
    lme_sentence_add(
        &c->notes,
        "%.*s: the prompts have %lld tokens in the base and %lld in the other: another "
        "tokenizer, or another template",
        LME_STR_ARG(a->name), (long long)a->n_prompt_tokens, (long long)b->n_prompt_tokens);
}

static void note_task(comparing *c, const lme_record_task *a, const lme_record_task *b)
{
    if (a->n_failed > 0 || b->n_failed > 0)
        lme_sentence_add(&c->notes, "%.*s: %zu documents failed in the base, %zu in the other",
                         LME_STR_ARG(a->name), a->n_failed, b->n_failed);
    note_tokens(c, a, b);
    note_looks(c, a->name);
    if (a->sample_data && b->sample_data)
        lme_sentence_add(&c->notes, "%.*s: sample rows, not the benchmark's", LME_STR_ARG(a->name));
}

static void compare_pipeline(comparing *c, const lme_record_task *a, const lme_record_task *b,
                             const lme_record_pipeline *base)
{
    const lme_compare_options *options = &c->made->options;
    const lme_record_pipeline *other = lme_record_find_pipeline(b, base->name);
    lme_pairing pairing = {0};
    if (other == NULL) {
        lme_sentence_add(&c->notes, "%.*s: filter %.*s is only in the base", LME_STR_ARG(a->name),
                         LME_STR_ARG(base->name));
    } else {
        pairing = lme_pair_lines(c->arena, base, other);
        lme_obstacles_of_pairing(&c->obstacles, a->name, &pairing);
        note_pairing(c, a->name, &pairing);
    }
    for (size_t i = 0; i < a->n_scores; i++) {
        const lme_record_score *score = &a->scores[i];
        if (!lme_str_equal(score->pipeline, base->name) ||
            !is_asked(options->metrics, options->n_metrics, score->metric))
            continue;
        if (other == NULL)
            add_missing(c, a->name, score, "the other run does not have this filter");
        else
            compare_score(c, a, b, score, &pairing);
    }
}

/* Without a line that was scored there is nothing to pair. */
static void refuse_bare(comparing *c, const lme_record_task *base, const lme_record_task *bare)
{
    const char *whose = bare == base ? "base" : "other";
    if (bare->samples_path != NULL) {
        lme_sentence_add(&c->obstacles, "%.*s: no document of the %s was scored, %zu failed",
                         LME_STR_ARG(base->name), whose, bare->n_failed);
        add_missing_task(c, base, "no document was scored");
        return;
    }
    lme_sentence_add(&c->obstacles, "%.*s: the %s has no samples file (lm_eval: --log_samples)",
                     LME_STR_ARG(base->name), whose);
    add_missing_task(c, base, "there is no samples file");
}

static void compare_task(comparing *c, const lme_record_task *a, const lme_record_task *b)
{
    if (a->n_pipelines == 0 || b->n_pipelines == 0) {
        refuse_bare(c, a, a->n_pipelines == 0 ? a : b);
        return;
    }
    lme_obstacles_of_task(&c->obstacles, a, b);
    note_task(c, a, b);
    for (size_t p = 0; p < a->n_pipelines; p++)
        compare_pipeline(c, a, b, &a->pipelines[p]);
    for (size_t i = 0; i < a->n_scores; i++) {
        if (lme_record_find_pipeline(a, a->scores[i].pipeline) == NULL)
            add_missing(c, a->name, &a->scores[i], "the base's samples do not have this filter");
    }
}

static void adjust(comparing *c)
{
    double *p = LME_ARRAY(c->arena, double, c->n_rows);
    size_t n = 0;
    for (size_t i = 0; i < c->n_rows; i++) {
        if (c->rows[i].pairs != NULL && !isnan(c->rows[i].p))
            p[n++] = c->rows[i].p;
    }
    lme_stats_holm(p, n, p);
    c->made->n_tested = n;
    n = 0;
    for (size_t i = 0; i < c->n_rows; i++) {
        if (c->rows[i].pairs != NULL && !isnan(c->rows[i].p))
            c->rows[i].p_adjusted = p[n++];
    }
}

static bool is_alike(const lme_comparison_row *a, const lme_comparison_row *b)
{
    return b->pairs != NULL && lme_str_equal(a->metric, b->metric) &&
           lme_str_equal(a->pipeline, b->pipeline) && a->is_share == b->is_share;
}

/* A row for each metric that several tasks have and that can be judged in each of them. */
static void add_averages(comparing *c)
{
    size_t n_rows = c->n_rows;
    const lme_comparison_row **alike = LME_ARRAY(c->arena, const lme_comparison_row *, n_rows);
    bool *done = LME_ARRAY(c->arena, bool, n_rows);
    for (size_t i = 0; i < n_rows; i++) {
        if (done[i] || c->rows[i].pairs == NULL || !c->rows[i].higher_is_better)
            continue;
        lme_comparison_row *average = add_row(c);
        size_t n = 0;
        for (size_t j = i; j < n_rows; j++) {
            if (is_alike(&c->rows[i], &c->rows[j])) {
                alike[n++] = &c->rows[j];
                done[j] = true;
            }
        }
        if (n > 1)
            lme_row_average(c->arena, &c->made->options,
                            &(lme_row_set){LME_STR("average"), alike, NULL, n}, average);
        else
            c->n_rows--;
    }
}

static const lme_comparison_row *judged_row(const comparing *c, lme_str task,
                                            const lme_record_score *score)
{
    for (size_t i = 0; i < c->n_rows; i++) {
        const lme_comparison_row *row = &c->rows[i];
        if (row->pairs != NULL && row->higher_is_better && lme_str_equal(row->task, task) &&
            lme_str_equal(row->metric, score->metric) &&
            lme_str_equal(row->pipeline, score->pipeline))
            return row;
    }
    return NULL;
}

/* One number of a group, when each of its tasks has a row of it. */
static void add_group_row(comparing *c, lme_str group, const lme_str *tasks, size_t n,
                          const lme_record_score *score)
{
    lme_row_set set = {.name = group, .n = n};
    const lme_comparison_row **rows = LME_ARRAY(c->arena, const lme_comparison_row *, n);
    double *weights = LME_ARRAY(c->arena, double, n);
    if (!lme_group_weights(c->made->base, group, score, tasks, n, weights))
        return;
    for (size_t i = 0; i < n; i++) {
        const lme_comparison_row *row = judged_row(c, tasks[i], score);
        if (row == NULL)
            return;
        lme_comparison_row *kept = LME_NEW(c->arena, lme_comparison_row);
        *kept = *row; /* the rows move when one is added */
        rows[i] = kept;
    }
    set.rows = rows;
    set.weights = weights;
    lme_row_average(c->arena, &c->made->options, &set, add_row(c));
}

/* A row for each number of each group. They say no more than their tasks' rows do, and so are no
 * further tests: p is not adjusted for them. */
static void add_groups(comparing *c)
{
    const lme_record *base = c->made->base;
    const lme_value *groups =
        base->tree.kind == LME_MAP ? lme_value_find(&base->tree, "group_subtasks") : NULL;
    for (size_t g = 0; groups != NULL && groups->kind == LME_MAP && g < groups->map.len; g++) {
        const lme_value *name = &groups->map.pairs[g].key;
        const lme_str *tasks;
        size_t n =
            name->kind == LME_STRING ? lme_group_tasks(c->arena, base, name->string, &tasks) : 0;
        const lme_record_task *first = n > 0 ? lme_record_find_task(base, tasks[0]) : NULL;
        for (size_t i = 0; first != NULL && i < first->n_scores; i++)
            add_group_row(c, name->string, tasks, n, &first->scores[i]);
    }
}

static void find_strangers(comparing *c, const lme_record *base, const lme_record *other)
{
    const lme_compare_options *options = &c->made->options;
    for (size_t i = 0; i < other->n_tasks; i++) {
        lme_str name = other->tasks[i].name;
        if (is_asked(options->tasks, options->n_tasks, name) &&
            lme_record_find_task(base, name) == NULL)
            lme_sentence_add(&c->notes, "%.*s is only in the other run", LME_STR_ARG(name));
    }
    for (size_t i = 0; i < options->n_tasks; i++) {
        if (lme_record_find_task(base, options->tasks[i]) == NULL)
            lme_sentence_add(&c->obstacles, "the base has no task %.*s",
                             LME_STR_ARG(options->tasks[i]));
    }
}

void lme_compare_runs(lme_arena *arena, const lme_record *base, const lme_record *other,
                      const lme_compare_options *options, lme_comparison *comparison)
{
    *comparison = (lme_comparison){.base = base, .other = other, .options = *options};
    comparing c = {
        .arena = arena,
        .made = comparison,
        .obstacles = {.arena = arena},
        .notes = {.arena = arena},
    };
    lme_obstacles_of_runs(&c.obstacles, base, other);
    for (size_t i = 0; i < base->n_tasks; i++) {
        const lme_record_task *task = &base->tasks[i];
        const lme_record_task *theirs = lme_record_find_task(other, task->name);
        if (!is_asked(options->tasks, options->n_tasks, task->name))
            continue;
        if (theirs == NULL) {
            lme_sentence_add(&c.notes, "%.*s is only in the base", LME_STR_ARG(task->name));
            add_missing_task(&c, task, "the other run does not have this task");
        } else {
            compare_task(&c, task, theirs);
        }
    }
    find_strangers(&c, base, other);
    if (c.n_rows == 0)
        lme_sentence_add(&c.obstacles, "the runs have no task and metric in common");
    adjust(&c);
    add_groups(&c);
    add_averages(&c);
    comparison->obstacles = c.obstacles.items;
    comparison->n_obstacles = c.obstacles.n;
    comparison->notes = c.notes.items;
    comparison->n_notes = c.notes.n;
    comparison->rows = c.rows;
    comparison->n_rows = c.n_rows;
    comparison->missing = c.missing;
    comparison->n_missing = c.n_missing;
}
