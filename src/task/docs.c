/* The documents of a task: the evaluated split behind process_docs, up to the limit, each with its
 * few-shot draw. Document 0 is read when they are opened, so that a missing column or a template
 * that does not fit the rows is an error before anything is sent. */
#include "docs.h"

#include "columns.h"

#include <math.h>
#include <stdlib.h>

#include <lmeval/share.h>

lme_source lme_docs_source(const lme_task *task, const lme_docs_options *options, lme_str split)
{
    const struct lme_task_details *details = task->details;
    return (lme_source){
        .path = details->dataset_path,
        .config = details->dataset_name,
        .split = split,
        .kwargs = details->dataset_kwargs,
        .base_folder = lme_path_folder(lme_str_from(details->dataset_file)),
        .data_dir = options->data_dir,
        .samples = options->samples,
        .hub = options->hub,
    };
}

void lme_docs_place_error(const lme_task *task, lme_error *err)
{
    if (err == NULL || err->file[0] != '\0')
        return;
    /* The dataset room knows the line of a bad option, but not the file that it was read from. */
    lme_place at = {.file = task->details->dataset_file, .line = err->line, .column = err->column};
    if (err->line == 0)
        at = task->details->dataset_at;
    err->line = 0;
    lme_place_error(err, &at);
}

static lme_str evaluated_split(const lme_task *task)
{
    const lme_splits *splits = &task->details->splits;
    return splits->has_test ? splits->test : splits->validation;
}

bool lme_docs_reopen(lme_arena *arena, const lme_docs *docs, lme_rows *rows, lme_error *err)
{
    const lme_steps *steps = &docs->task->details->steps;
    lme_source source = lme_docs_source(docs->task, &docs->options, docs->split);
    /* One more than are evaluated would never be read; a share needs to know the whole. */
    if (docs->options.limit >= 1 && docs->options.limit < 1e15 && !lme_steps_change_count(steps))
        source.most_rows = (size_t)docs->options.limit;
    return lme_rows_open(arena, &source, steps, rows, err);
}

/* Rows in the split. Only steps that may leave rows out make it necessary to go through them. */
static bool count_documents(lme_docs *docs, lme_error *err)
{
    if (!lme_steps_change_count(&docs->task->details->steps))
        return lme_dataset_count(docs->rows.dataset, &docs->total, err);
    lme_arena *scratch = lme_arena_new();
    lme_rows rows;
    bool ok =
        lme_docs_reopen(scratch, docs, &rows, err) && lme_rows_count(&rows, &docs->total, err);
    lme_arena_free(scratch);
    return ok;
}

static size_t within_limit(size_t total, double limit)
{
    double n = (double)total;
    if (limit <= 0)
        return total;
    double wanted = limit < 1 ? ceil(n * limit) : floor(limit);
    return wanted < n ? (size_t)wanted : total;
}

static bool read_first(lme_arena *arena, lme_docs *docs, lme_error *err)
{
    bool end;
    if (!lme_rows_next(arena, &docs->rows, &docs->first, &end, err))
        return false;
    if (!end)
        return true;
    lme_str file = lme_dataset_file(docs->rows.dataset);
    lme_fail(err, LME_ERR_DATA, NULL, "split %.*s has no rows%s: %.*s", LME_STR_ARG(docs->split),
             docs->rows.n_read > 0 ? " left after process_docs" : "", LME_STR_ARG(file));
    return docs->rows.n_read > 0 && lme_hint(err, "look at the keep_if steps");
}

/* A target that is one word is a column, or else one of the choices. */
static bool check_target(lme_arena *arena, const lme_docs *docs, lme_error *err)
{
    const lme_format *format = &docs->task->details->format;
    lme_choices choices;
    if (!lme_field_choices(arena, &format->choice, &docs->rules, &docs->first, &choices, err))
        return false;
    for (size_t i = 0; i < choices.n; i++) {
        if (format->target.written.kind == LME_STRING &&
            lme_str_equal(choices.texts[i], format->target.written.string))
            return true;
    }
    return lme_field_check_column(arena, &format->target, &docs->first, err);
}

/* A prompt for each choice is asked by one output type alone. */
static bool check_inputs(const lme_docs *docs, lme_error *err)
{
    const lme_field *field = &docs->task->details->format.text;
    if (!docs->multiple_inputs || docs->task->output == LME_OUTPUT_MULTIPLE_CHOICE ||
        docs->task->output == LME_OUTPUT_LOGLIKELIHOOD_ROLLING)
        return true;
    lme_fail(err, LME_ERR_TASK, &field->at,
             "doc_to_text gives a number, the index of a choice, in a task of output_type %s",
             docs->task->details->output_type->name);
    return lme_hint(err, "take out doc_to_choice when the number is the question itself; only "
                         "multiple_choice asks a prompt for each choice");
}

/* Every column that `cluster` names. */
static bool check_clusters(lme_arena *arena, const lme_docs *docs, lme_error *err)
{
    for (size_t i = 0; i < docs->task->n_metrics; i++) {
        const lme_metric_use *use = &docs->task->metrics[i];
        if (use->cluster.len == 0 || lme_value_get(&docs->first, use->cluster) != NULL)
            continue;
        lme_str nearest = lme_columns_nearest(arena, &docs->first, use->cluster);
        lme_fail(err, LME_ERR_TASK, &use->cluster_at,
                 "`cluster` names \"%.*s\", which the rows have not", LME_STR_ARG(use->cluster));
        if (nearest.len > 0)
            return lme_hint(err, "did you mean \"%.*s\"?", LME_STR_ARG(nearest));
        return lme_hint(err, "it names the column whose equal values make documents depend on each "
                             "other");
    }
    return true;
}

/* What lm_eval finds out from document 0, and every error that it can show. */
static bool try_first(lme_docs *docs, lme_error *err)
{
    const lme_format *format = &docs->task->details->format;
    lme_arena *scratch = lme_arena_new();
    lme_random random = docs->pool.random;
    lme_doc doc = {.row = docs->first};
    lme_sample sample = {0};
    lme_value text = lme_null();
    lme_value target;
    bool ok = lme_field_check_column(scratch, &format->choice, &docs->first, err) &&
              lme_field_check_column(scratch, &format->text, &docs->first, err) &&
              check_target(scratch, docs, err) && check_clusters(scratch, docs, err) &&
              lme_field_text(scratch, &format->text, &docs->rules, &docs->first, &text, err) &&
              lme_field_target(scratch, &format->target, &docs->rules, &docs->first, &target, err);
    if (ok) {
        bool is_index = text.kind == LME_INT || text.kind == LME_BOOL;
        docs->multiple_inputs = docs->rules.has_choices && is_index;
        docs->multiple_targets = target.kind == LME_LIST;
        doc.n_shots = docs->pool.n_shots;
        ok = check_inputs(docs, err) &&
             (doc.n_shots == 0 || lme_pool_draw(scratch, &docs->pool, &doc.row, &doc.shots, err));
    }
    ok = ok && lme_task_plan(scratch, docs, &doc, &sample, err);
    docs->pool.random = random;
    lme_arena_free(scratch);
    return ok;
}

/* Adds to an error of document 0 what the rows look like. */
static bool explain_first(lme_arena *arena, const lme_docs *docs, lme_error *err)
{
    lme_str file = lme_dataset_file(docs->rows.dataset);
    lme_str columns = lme_columns_text(arena, &docs->first);
    if (err == NULL)
        return false;
    lme_str doing = lme_str_copy(arena, lme_str_from(err->while_at));
    err->while_at[0] = '\0';
    return lme_while(err, "%.*s%sreading the first document of %.*s, columns %.*s",
                     LME_STR_ARG(doing), doing.len > 0 ? ", " : "", LME_STR_ARG(file),
                     LME_STR_ARG(columns));
}

static bool open_rows(lme_arena *arena, lme_docs *docs, lme_error *err)
{
    if (!lme_docs_reopen(arena, docs, &docs->rows, err) || !read_first(arena, docs, err) ||
        !count_documents(docs, err)) {
        lme_docs_place_error(docs->task, err);
        return false;
    }
    return true;
}

bool lme_docs_open(lme_arena *arena, const lme_task *task, const lme_docs_options *options,
                   lme_docs **docs, lme_error *err)
{
    lme_docs *d = LME_NEW(arena, lme_docs);
    d->task = task;
    d->split = evaluated_split(task);
    d->options = *options;
    d->options.data_dir = lme_str_copy(arena, options->data_dir);
    if (!open_rows(arena, d, err))
        return false;
    d->planned = within_limit(d->total, options->limit);
    d->rules = (lme_field_rules){
        .columns = &d->first,
        .has_choices = lme_field_given(&task->details->format.choice),
    };
    if (task->num_fewshot > 0 && !lme_pool_open(arena, task, options, &d->pool, err))
        return false;
    if (!try_first(d, err))
        return explain_first(arena, d, err);
    *docs = d;
    return true;
}

bool lme_docs_again(lme_arena *arena, const lme_docs *docs, lme_docs **again, lme_error *err)
{
    LME_BUG(docs->n_done > 0, "documents are repeated after the first was taken");
    lme_docs *made = LME_NEW(arena, lme_docs);
    *made = *docs;
    /* Document 0 was read when they were opened: the stream stands behind it. */
    if (!lme_docs_reopen(arena, made, &made->rows, err) || !read_first(arena, made, err)) {
        lme_docs_place_error(docs->task, err);
        return false;
    }
    made->rules.columns = &made->first;
    *again = made;
    return true;
}

static int compare_ids(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

bool lme_docs_select(lme_arena *arena, lme_docs *docs, const size_t *ids, size_t n, lme_error *err)
{
    size_t *sorted = LME_ARRAY(arena, size_t, n);
    size_t n_kept = 0;
    LME_BUG(docs->n_done > 0, "documents are selected after the first was taken");
    if (n == 0)
        return lme_fail(err, LME_ERR_USAGE, NULL, "no document of task %.*s is selected",
                        LME_STR_ARG(docs->task->name));
    for (size_t i = 0; i < n; i++) {
        if (ids[i] >= docs->total)
            return lme_fail(err, LME_ERR_USAGE, NULL,
                            "document %zu of task %.*s is selected, but there are %zu: 0 to %zu",
                            ids[i], LME_STR_ARG(docs->task->name), docs->total, docs->total - 1);
        sorted[i] = ids[i];
    }
    qsort(sorted, n, sizeof *sorted, compare_ids);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || sorted[i] != sorted[i - 1])
            sorted[n_kept++] = sorted[i];
    }
    docs->ids = sorted;
    docs->planned = n_kept;
    return true;
}

const size_t *lme_docs_selected(const lme_docs *docs)
{
    return docs->ids;
}

/* The row at place `id`, which is not behind the next one. */
static bool row_at(lme_arena *arena, lme_docs *docs, size_t id, lme_value *row, bool *end,
                   lme_error *err)
{
    *end = false;
    if (id == 0) {
        *row = lme_value_copy(arena, &docs->first);
        docs->next_id = 1;
        return true;
    }
    /* Document 0 was read when the documents were opened. */
    size_t at = docs->next_id > 0 ? docs->next_id : 1;
    for (; at < id && !*end; at++) {
        if (!lme_rows_skip(&docs->rows, end, err))
            return false;
    }
    docs->next_id = id + 1;
    return *end || lme_rows_next(arena, &docs->rows, row, end, err);
}

bool lme_docs_next(lme_arena *arena, lme_docs *docs, lme_doc *doc, bool *end, lme_error *err)
{
    *end = docs->n_done >= docs->planned;
    if (*end)
        return true;
    *doc = (lme_doc){.id = docs->ids != NULL ? docs->ids[docs->n_done] : docs->n_done};
    if (!row_at(arena, docs, doc->id, &doc->row, end, err))
        return false;
    if (*end)
        return true;
    docs->n_done++;
    if (docs->task->num_fewshot == 0)
        return true;
    doc->n_shots = docs->pool.n_shots;
    return lme_pool_draw(arena, &docs->pool, &doc->row, &doc->shots, err) ||
           lme_while(err, "drawing the examples of document %zu", doc->id);
}

size_t lme_docs_total(const lme_docs *docs)
{
    return docs->total;
}

size_t lme_docs_planned(const lme_docs *docs)
{
    return docs->planned;
}

lme_str lme_docs_name(lme_arena *arena, const lme_docs *docs)
{
    const struct lme_task_details *details = docs->task->details;
    const lme_value *kwargs = details->dataset_kwargs;
    lme_str name = details->dataset_path;
    /* "json" says nothing: the file does. */
    if (kwargs != NULL && lme_value_find(kwargs, "data_files") != NULL)
        name = lme_dataset_file(docs->rows.dataset);
    if (details->dataset_name.len > 0)
        return lme_str_format(arena, "%.*s %.*s (%.*s)", LME_STR_ARG(name),
                              LME_STR_ARG(details->dataset_name), LME_STR_ARG(docs->split));
    return lme_str_format(arena, "%.*s (%.*s)", LME_STR_ARG(name), LME_STR_ARG(docs->split));
}

bool lme_docs_is_sample(const lme_docs *docs)
{
    return lme_dataset_is_sample(docs->rows.dataset);
}
