#include "survey.h"

#include <inttypes.h>
#include <math.h>

#include <lmeval/recorded.h>

enum {
    MOST_COLUMNS = 32, /* of a row that are looked at */
    MOST_VALUES = 40,  /* of a column: a table that a person reads */
    MOST_BYTES = 80    /* of one value */
};

typedef struct surveying {
    const lme_view *view;
    const lme_view_task *task;
    lme_survey *survey;
    lme_arena *arena; /* of one sample */
} surveying;

/* A value that groups can be named by. False: it is none. */
static bool name_value(lme_arena *arena, const lme_value *v, lme_str *text)
{
    if (v->kind == LME_STRING)
        *text = v->string;
    else if (v->kind == LME_INT)
        *text = lme_str_format(arena, "%" PRId64, v->integer);
    else if (v->kind == LME_BOOL)
        *text = v->boolean ? LME_STR("true") : LME_STR("false");
    else
        return false;
    return text->len > 0 && text->len <= MOST_BYTES;
}

static lme_survey_value *find_value(const surveying *s, lme_survey_column *column, lme_str text)
{
    for (size_t i = 0; i < column->n_values; i++) {
        if (lme_str_equal(column->values[i].text, text))
            return &column->values[i];
    }
    if (column->n_values == MOST_VALUES)
        return NULL;
    size_t n_runs = s->view->page->n_records;
    lme_arena *arena = s->view->arena;
    lme_survey_value *made = &column->values[column->n_values++];
    *made = (lme_survey_value){
        .text = lme_str_copy(arena, text),
        .n = LME_ARRAY(arena, size_t, n_runs),
        .sum = LME_ARRAY(arena, double, n_runs),
        .square = LME_ARRAY(arena, double, n_runs),
    };
    return made;
}

static void add_value(const surveying *s, lme_survey_column *column, const lme_value *v,
                      const lme_entry *e)
{
    lme_str text;
    lme_survey_value *value = name_value(s->arena, v, &text) ? find_value(s, column, text) : NULL;
    if (value == NULL) {
        column->is_dropped = true;
        return;
    }
    value->n_documents++;
    for (size_t i = 0; i < s->view->page->n_records; i++) {
        if (isnan(e->scores[i]))
            continue;
        value->n[i]++;
        value->sum[i] += e->scores[i];
        value->square[i] += e->scores[i] * e->scores[i];
    }
}

/* The first row says which columns there are. */
static void begin_columns(const surveying *s, const lme_value *row)
{
    lme_survey *survey = s->survey;
    if (row->kind != LME_MAP)
        return;
    survey->columns = LME_ARRAY(s->view->arena, lme_survey_column, MOST_COLUMNS);
    for (size_t i = 0; i < row->map.len && survey->n_columns < MOST_COLUMNS; i++) {
        if (row->map.pairs[i].key.kind != LME_STRING)
            continue;
        lme_survey_column *column = &survey->columns[survey->n_columns++];
        column->name = lme_str_copy(s->view->arena, row->map.pairs[i].key.string);
        column->values = LME_ARRAY(s->view->arena, lme_survey_value, MOST_VALUES);
    }
}

static void add_row(const surveying *s, const lme_value *row, const lme_entry *e)
{
    if (s->survey->columns == NULL)
        begin_columns(s, row);
    if (s->survey->columns == NULL)
        return;
    for (size_t i = 0; i < s->survey->n_columns; i++) {
        lme_survey_column *column = &s->survey->columns[i];
        const lme_value *v = column->is_dropped ? NULL : lme_value_get(row, column->name);
        if (v != NULL)
            add_value(s, column, v, e);
    }
}

static void add_margin(const surveying *s, size_t run, const lme_recorded_sample *sample,
                       lme_entry *e)
{
    double margin;
    if (!lme_recorded_margin(sample, &margin))
        return;
    if (run == s->task->lead)
        e->margin = margin;
    if (s->survey->margins[run] == NULL)
        s->survey->margins[run] =
            LME_ARRAY(s->view->arena, double, s->task->runs[s->task->lead]->n_documents);
    s->survey->margins[run][s->survey->n_margins[run]++] = margin;
}

static bool survey_run(const surveying *s, size_t run, lme_entry *entries, size_t n, lme_error *err)
{
    lme_arena *arena = lme_arena_new();
    lme_recorded *recorded = NULL;
    bool ok = lme_recorded_open(arena, s->task->runs[run], &recorded, err);
    for (size_t i = 0; ok && i < n; i++) {
        if (entries[i].documents[run] == NULL)
            continue;
        lme_recorded_sample sample;
        lme_arena_reset(s->arena);
        ok = lme_recorded_read(s->arena, recorded, entries[i].documents[run], &sample, err);
        if (!ok)
            break;
        add_margin(s, run, &sample, &entries[i]);
        if (run == s->task->lead)
            add_row(s, &sample.doc, &entries[i]);
    }
    lme_recorded_close(recorded);
    lme_arena_free(arena);
    return ok;
}

bool lme_survey_divides(const lme_survey_column *column, size_t n_documents)
{
    size_t n = 0;
    for (size_t i = 0; i < column->n_values; i++)
        n += column->values[i].n_documents;
    return !column->is_dropped && n == n_documents && column->n_values > 1 &&
           column->n_values * 3 <= n_documents;
}

bool lme_survey_make(const lme_view *view, lme_entries *entries, lme_survey **surveys,
                     lme_error *err)
{
    size_t n_runs = view->page->n_records, at = 0;
    surveying s = {.view = view, .arena = lme_arena_new()};
    *surveys = LME_ARRAY(view->arena, lme_survey, view->n_tasks);
    bool ok = true;
    for (size_t t = 0; ok && t < view->n_tasks; t++) {
        size_t n = view->tasks[t].runs[view->tasks[t].lead]->n_documents;
        s.task = &view->tasks[t];
        s.survey = &(*surveys)[t];
        s.survey->margins = LME_ARRAY(view->arena, double *, n_runs);
        s.survey->n_margins = LME_ARRAY(view->arena, size_t, n_runs);
        for (size_t i = 0; ok && n > 0 && i < n_runs; i++)
            ok = s.task->runs[i] == NULL || s.task->runs[i]->n_documents == 0 ||
                 survey_run(&s, i, entries->items + at, n, err);
        at += n;
    }
    lme_arena_free(s.arena);
    return ok;
}
