/* A samples file read once, line by line: what is kept of a line is a hundred bytes or two. */
#include "lines.h"
#include "older.h"

#include <math.h>
#include <stdlib.h>

#include <lmeval/json.h>
#include <lmeval/limits.h>

/* What is being filled; texts go to the record's arena, a line's tree to one that is reset. */
typedef struct reading {
    lme_arena *arena, *line_arena;
    lme_json_reader *json;
    lme_record_task *task;
    lme_record_pipeline pipelines[LME_RECORD_PIPELINES];
    size_t capacity[LME_RECORD_PIPELINES];
    size_t n_pipelines;
    lme_record_pipeline failed; /* lines alone */
    size_t failed_capacity;
    lme_record_place place; /* of the line under way */
    int64_t first_id;       /* of the first document, and how often it came again, */
    size_t pass;            /* in lines that do not name their filter */
    bool has_first;
} reading;

static bool fail_line(const reading *r, lme_error *err, const char *what)
{
    lme_place at = {.file = r->task->samples_path, .line = r->place.number};
    return lme_fail(err, LME_ERR_DATA, &at, "%s", what);
}

static bool fail_much(const reading *r, lme_error *err, const char *what)
{
    lme_place at = {.file = r->task->samples_path, .line = r->place.number};
    return lme_fail(err, LME_ERR_LIMIT, &at, "%s", what);
}

static lme_str text_of(lme_arena *arena, const lme_value *map, const char *key)
{
    const lme_value *v = lme_value_find(map, key);
    return v != NULL && v->kind == LME_STRING ? lme_str_copy(arena, v->string) : LME_STR("");
}

/* A score as a number. lm_eval writes true and false for some, lists for what is no mean. */
static double number_of(const lme_value *v)
{
    if (v == NULL)
        return (double)NAN;
    if (v->kind == LME_BOOL)
        return v->boolean ? 1.0 : 0.0;
    if (v->kind == LME_INT)
        return (double)v->integer;
    return v->kind == LME_FLOAT ? v->number : (double)NAN;
}

/* Of a line that has none: by the file's passes over the documents. */
static lme_str unnamed_filter(reading *r, const lme_value *line)
{
    const lme_value *id = lme_value_find(line, "doc_id");
    if (id != NULL && id->kind == LME_INT) {
        if (!r->has_first)
            r->first_id = id->integer;
        else if (id->integer == r->first_id)
            r->pass++;
        r->has_first = true;
    }
    return lme_older_filter(r->task, r->pass);
}

static lme_record_pipeline *pipeline_of(reading *r, const lme_value *line, lme_error *err)
{
    bool is_named = lme_value_find(line, "filter") != NULL;
    lme_str name = is_named ? text_of(r->line_arena, line, "filter") : unnamed_filter(r, line);
    for (size_t i = 0; i < r->n_pipelines; i++) {
        if (lme_str_equal(r->pipelines[i].name, name))
            return &r->pipelines[i];
    }
    const lme_value older = lme_older_metrics(r->line_arena, line);
    const lme_value *metrics = is_named ? lme_value_find(line, "metrics") : &older;
    if (metrics == NULL || metrics->kind != LME_LIST) {
        fail_line(r, err, "a samples line has no list \"metrics\"");
        return NULL;
    }
    if (r->n_pipelines == LME_RECORD_PIPELINES) {
        fail_much(r, err, "a samples file of more than 64 filters");
        return NULL;
    }
    if (metrics->list.len > LME_LIMIT_SAMPLE_METRICS) {
        fail_much(r, err, "a samples line of more than 256 metrics");
        return NULL;
    }
    lme_record_pipeline *made = &r->pipelines[r->n_pipelines++];
    lme_str *names = LME_ARRAY(r->arena, lme_str, metrics->list.len);
    for (size_t i = 0; i < metrics->list.len; i++)
        names[i] = lme_str_copy(r->arena, lme_value_str(r->line_arena, &metrics->list.items[i]));
    *made = (lme_record_pipeline){
        .name = lme_str_copy(r->arena, name), .metrics = names, .n_metrics = metrics->list.len};
    return made;
}

static lme_record_line *add_line(lme_arena *arena, lme_record_pipeline *to, size_t *capacity)
{
    if (to->n_lines == *capacity) {
        size_t more = *capacity == 0 ? 256 : *capacity * 2;
        to->lines = lme_arena_grow(arena, to->lines, *capacity * sizeof(lme_record_line),
                                   more * sizeof(lme_record_line));
        *capacity = more;
    }
    return &to->lines[to->n_lines++];
}

static lme_str nearest_column(const reading *r, const lme_value *doc)
{
    size_t n = 0;
    lme_str *names = LME_ARRAY(r->line_arena, lme_str, doc->map.len);
    for (size_t i = 0; i < doc->map.len; i++) {
        if (doc->map.pairs[i].key.kind == LME_STRING)
            names[n++] = doc->map.pairs[i].key.string;
    }
    return lme_str_copy(r->arena, lme_str_nearest(lme_str_from(r->task->cluster), names, n));
}

/* "" when the line has nothing in the column, which the task then counts. */
static lme_str cluster_of(const reading *r, const lme_value *line)
{
    lme_record_task *task = r->task;
    if (task->cluster == NULL)
        return LME_STR("");
    const lme_value *doc = lme_value_find(line, "doc");
    bool is_map = doc != NULL && doc->kind == LME_MAP;
    const lme_value *v = is_map ? lme_value_find(doc, task->cluster) : NULL;
    lme_str name = LME_STR("");
    if (v != NULL && v->kind != LME_NULL)
        name = lme_str_copy(r->arena, lme_value_str(r->line_arena, v));
    if (name.len == 0 && task->n_unclustered++ == 0) {
        task->unclustered_line = r->place.number;
        if (is_map && v == NULL)
            task->nearest_column = nearest_column(r, doc);
    }
    return name;
}

static size_t requests_of(const lme_value *line)
{
    const lme_value *arguments = lme_value_find(line, "arguments");
    if (arguments != NULL && arguments->kind == LME_MAP)
        return arguments->map.len;
    return arguments != NULL && arguments->kind == LME_LIST ? arguments->list.len : 0;
}

static void fill_line(const reading *r, const lme_value *line, size_t order, lme_record_line *made)
{
    const lme_value *id = lme_value_find(line, "doc_id");
    *made = (lme_record_line){
        .doc_hash = text_of(r->arena, line, "doc_hash"),
        .prompt_hash = text_of(r->arena, line, "prompt_hash"),
        .target_hash = text_of(r->arena, line, "target_hash"),
        .order = order,
        .doc_id = id != NULL && id->kind == LME_INT ? id->integer : (int64_t)order,
        .place = r->place,
        .n_requests = requests_of(line),
    };
}

static bool read_scored(reading *r, const lme_value *line, lme_error *err)
{
    lme_record_pipeline *pipeline = pipeline_of(r, line, err);
    if (pipeline == NULL)
        return false;
    double *scores = LME_ARRAY(r->arena, double, pipeline->n_metrics);
    for (size_t i = 0; i < pipeline->n_metrics; i++)
        scores[i] = number_of(lme_value_get(line, pipeline->metrics[i]));
    lme_record_line *made = add_line(r->arena, pipeline, &r->capacity[pipeline - r->pipelines]);
    fill_line(r, line, pipeline->n_lines - 1, made);
    made->cluster = cluster_of(r, line);
    made->scores = scores;
    if (made->doc_hash.len == 0)
        return fail_line(r, err, "a samples line has no \"doc_hash\"");
    return true;
}

static bool read_line(reading *r, lme_str text, lme_error *err)
{
    lme_place at = {.file = r->task->samples_path, .line = r->place.number, .column = 1};
    lme_value line;
    if (!lme_json_read(r->line_arena, r->json, text, &at, &line, err))
        return lme_while(err, "reading a samples file");
    if (line.kind != LME_MAP)
        return fail_line(r, err, "a samples line must be a JSON object");
    const lme_value *filter = lme_value_find(&line, "filter");
    if (filter == NULL || filter->kind != LME_NULL)
        return read_scored(r, &line, err);
    /* ours: it could not be scored */
    lme_record_line *made = add_line(r->arena, &r->failed, &r->failed_capacity);
    fill_line(r, &line, r->failed.n_lines - 1, made);
    return true;
}

static bool read_lines(reading *r, lme_record_lines *lines, lme_error *err)
{
    for (;;) {
        lme_str line;
        bool end = false;
        if (!lme_record_lines_next(lines, &line, &r->place, &end, err))
            return false;
        if (end)
            return true;
        if (r->place.number > LME_LIMIT_SAMPLE_LINES)
            return fail_much(r, err, "a samples file of more than 5,000,000 lines");
        lme_value half;
        if (r->task->is_growing && lines->lines.is_open &&
            !lme_json_read(r->line_arena, r->json, line, NULL, &half, NULL))
            return true; /* the rest of it is not written yet */
        if (line.len > 0 && !read_line(r, line, err))
            return false;
        lme_arena_reset(r->line_arena);
    }
}

static int by_document(const void *a, const void *b)
{
    const lme_record_line *x = *(const lme_record_line *const *)a;
    const lme_record_line *y = *(const lme_record_line *const *)b;
    int order = (x->doc_id > y->doc_id) - (x->doc_id < y->doc_id);
    if (order != 0)
        return order;
    return (x->place.number > y->place.number) - (x->place.number < y->place.number);
}

static size_t point_at(const lme_record_line **pointers, size_t n, const lme_record_line *lines,
                       size_t n_lines)
{
    for (size_t i = 0; i < n_lines; i++)
        pointers[n + i] = &lines[i];
    return n + n_lines;
}

/* Lines with one doc_id are one document: adjacent in our files, one filter after the other in
 * lm_eval's. */
static void group_documents(lme_arena *arena, lme_record_task *task)
{
    size_t n_lines = task->n_failed, n = 0;
    for (size_t i = 0; i < task->n_pipelines; i++)
        n_lines += task->pipelines[i].n_lines;
    const lme_record_line **lines = LME_ARRAY(arena, const lme_record_line *, n_lines);
    n = point_at(lines, n, task->failed, task->n_failed);
    for (size_t i = 0; i < task->n_pipelines; i++)
        n = point_at(lines, n, task->pipelines[i].lines, task->pipelines[i].n_lines);
    qsort(lines, n, sizeof(const lme_record_line *), by_document);
    lme_record_document *documents = LME_ARRAY(arena, lme_record_document, n);
    size_t n_documents = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || lines[i]->doc_id != lines[i - 1]->doc_id)
            documents[n_documents++] =
                (lme_record_document){.id = lines[i]->doc_id, .lines = &lines[i]};
        documents[n_documents - 1].n_lines++;
    }
    task->documents = documents;
    task->n_documents = n_documents;
}

static void hand_out(reading *r)
{
    lme_record_task *task = r->task;
    lme_record_pipeline *made = LME_ARRAY(r->arena, lme_record_pipeline, r->n_pipelines);
    for (size_t i = 0; i < r->n_pipelines; i++)
        made[i] = r->pipelines[i];
    task->pipelines = made;
    task->n_pipelines = r->n_pipelines;
    task->failed = r->failed.lines;
    task->n_failed = r->failed.n_lines;
    group_documents(r->arena, task);
}

bool lme_record_read_lines(lme_arena *arena, lme_record_task *task, lme_error *err)
{
    if (task->samples_path == NULL || task->documents != NULL)
        return true;
    lme_arena *whole = lme_arena_new();
    reading *r = LME_NEW(whole, reading);
    *r = (reading){
        .arena = arena,
        .line_arena = lme_arena_new(),
        .json = lme_json_reader_new(),
        .task = task,
    };
    lme_record_lines lines;
    bool ok =
        lme_record_lines_open(whole, task->samples_path, &lines, err) && read_lines(r, &lines, err);
    if (ok)
        hand_out(r);
    lme_record_lines_close(&lines);
    lme_json_reader_free(r->json);
    lme_arena_free(r->line_arena);
    lme_arena_free(whole);
    return ok;
}
