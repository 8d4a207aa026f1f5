/* From the lines of a samples file to one sample. */
#include "lines.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include <lmeval/json.h>
#include <lmeval/limits.h>
#include <lmeval/recorded.h>
#include <lmeval/unicode.h>

struct lme_recorded {
    const lme_record_task *task;
    lme_json_reader *json;
    lme_record_lines lines;
};

/* Where the file does not tell the output type: several continuations are choices. */
static bool chooses(const lme_recorded *recorded, const lme_recorded_sample *sample)
{
    lme_str type = recorded->task->output_type;
    if (type.len > 0)
        return lme_str_is(type, "multiple_choice");
    return sample->n_requests > 1 && sample->requests[0].kind == LME_RECORDED_LOGLIKELIHOOD;
}

bool lme_recorded_open(lme_arena *arena, const lme_record_task *task, lme_recorded **recorded,
                       lme_error *err)
{
    lme_recorded *made = LME_NEW(arena, lme_recorded);
    made->task = task;
    if (!lme_record_lines_open(arena, task->samples_path, &made->lines, err))
        return false;
    made->json = lme_json_reader_new();
    *recorded = made;
    return true;
}

void lme_recorded_close(lme_recorded *recorded)
{
    if (recorded == NULL)
        return;
    lme_record_lines_close(&recorded->lines);
    lme_json_reader_free(recorded->json);
    recorded->json = NULL;
}

/* One line on its way into a sample. */
typedef struct reading {
    lme_arena *arena;
    const lme_recorded *recorded;
    lme_value line;
    lme_place at;
    lme_recorded_sample *sample;
} reading;

static bool fail_key(const reading *r, lme_error *err, const char *key, const char *wanted)
{
    return lme_fail(err, LME_ERR_DATA, &r->at, "\"%s\" of a sample must be %s", key, wanted);
}

static lme_str text_at(const reading *r, const char *key)
{
    const lme_value *v = lme_value_find(&r->line, key);
    if (v == NULL || v->kind == LME_NULL)
        return LME_STR("");
    return lme_value_str(r->arena, v); /* some write the target as it is: a number, a list */
}

/* A list; none at all counts as an empty one. */
static bool list_at(const reading *r, const char *key, const lme_value **items, size_t *n,
                    lme_error *err)
{
    const lme_value *v = lme_value_find(&r->line, key);
    *items = NULL;
    *n = 0;
    if (v == NULL || v->kind == LME_NULL)
        return true;
    if (v->kind != LME_LIST)
        return fail_key(r, err, key, "a list");
    *items = v->list.items;
    *n = v->list.len;
    return true;
}

static lme_str text_or_empty(const lme_value *v)
{
    return v != NULL && v->kind == LME_STRING ? v->string : LME_STR("");
}

/* A conversation is a list of one text, the JSON of its messages. One that does not read as such is
 * shown as the text it is. */
static void read_messages(const reading *r, lme_recorded_request *request)
{
    lme_value list;
    if (!lme_json_read(r->arena, NULL, request->prompt, NULL, &list, NULL) || list.kind != LME_LIST)
        return;
    lme_recorded_message *messages = LME_ARRAY(r->arena, lme_recorded_message, list.list.len);
    for (size_t i = 0; i < list.list.len; i++) {
        const lme_value *role = lme_value_find(&list.list.items[i], "role");
        const lme_value *content = lme_value_find(&list.list.items[i], "content");
        if (text_or_empty(role).len == 0 || content == NULL)
            return;
        messages[i] = (lme_recorded_message){role->string, lme_value_str(r->arena, content)};
    }
    request->messages = messages;
    request->n_messages = list.list.len;
}

/*   second  the continuation, the settings of a generation, or NULL */
static bool read_request(const reading *r, const lme_value *first, const lme_value *second,
                         lme_recorded_request *request, lme_error *err)
{
    bool is_chat = first != NULL && first->kind == LME_LIST && first->list.len > 0;
    const lme_value *prompt = is_chat ? &first->list.items[0] : first;
    if (prompt != NULL && prompt->kind != LME_STRING)
        return fail_key(r, err, "arguments", "texts and settings");
    request->prompt = text_or_empty(prompt);
    if (is_chat)
        read_messages(r, request);
    if (second == NULL || second->kind == LME_NULL) {
        request->kind = LME_RECORDED_ROLLING;
    } else if (second->kind == LME_STRING) {
        request->kind = LME_RECORDED_LOGLIKELIHOOD;
        request->continuation = second->string;
    } else {
        request->kind = LME_RECORDED_GENERATE;
        request->generation = *second;
    }
    return true;
}

/* {"gen_args_0": {"arg_0": ..., "arg_1": ...}, ...}, or of older files [[..., ...], ...] */
static bool read_requests(const reading *r, lme_error *err)
{
    const lme_value *arguments = lme_value_find(&r->line, "arguments");
    if (arguments == NULL || arguments->kind == LME_NULL)
        return true;
    bool is_map = arguments->kind == LME_MAP;
    if (!is_map && arguments->kind != LME_LIST)
        return fail_key(r, err, "arguments", "a map or a list");
    size_t n = is_map ? arguments->map.len : arguments->list.len;
    if (n > LME_LIMIT_SAMPLE_REQUESTS)
        return lme_fail(err, LME_ERR_LIMIT, &r->at, "a sample of %zu requests, more than %u", n,
                        LME_LIMIT_SAMPLE_REQUESTS);
    lme_recorded_request *requests = LME_ARRAY(r->arena, lme_recorded_request, n);
    for (size_t i = 0; i < n; i++) {
        const lme_value *one = is_map ? &arguments->map.pairs[i].value : &arguments->list.items[i];
        bool is_list = one->kind == LME_LIST;
        const lme_value *first = lme_value_find(one, "arg_0"),
                        *second = lme_value_find(one, "arg_1");
        if (is_list) {
            first = one->list.len > 0 ? &one->list.items[0] : NULL;
            second = one->list.len > 1 ? &one->list.items[1] : NULL;
        }
        if (!is_list && one->kind != LME_MAP)
            return fail_key(r, err, "arguments", "maps or lists of what was asked");
        if (!read_request(r, first, second, &requests[i], err))
            return false;
    }
    r->sample->requests = requests;
    r->sample->n_requests = n;
    return true;
}

static bool to_logprob(const lme_value *v, double *logprob)
{
    if (v->kind == LME_STRING)
        return lme_python_float(v->string, logprob);
    if (v->kind != LME_INT && v->kind != LME_FLOAT)
        return false;
    *logprob = v->kind == LME_INT ? (double)v->integer : v->number;
    return true;
}

static bool read_response(const reading *r, lme_recorded_kind kind, const lme_value *v,
                          lme_recorded_response *response, lme_error *err)
{
    *response = (lme_recorded_response){.logprob_nats = (double)NAN};
    response->is_missing = v->kind == LME_NULL;
    if (response->is_missing)
        return true;
    if (kind == LME_RECORDED_GENERATE) {
        response->text = lme_value_str(r->arena, v);
        return true;
    }
    bool is_pair = v->kind == LME_LIST && v->list.len == 2;
    if (is_pair) {
        const lme_value *greedy = &v->list.items[1];
        response->is_greedy = greedy->kind == LME_STRING ? lme_str_is(greedy->string, "True")
                                                         : lme_value_truth(greedy);
    }
    if (!to_logprob(is_pair ? &v->list.items[0] : v, &response->logprob_nats))
        return fail_key(r, err, "resps", "log-probabilities where no text was generated");
    return true;
}

static bool read_repeats(const reading *r, lme_recorded_request *request, const lme_value *repeats,
                         lme_error *err)
{
    if (repeats->kind != LME_LIST)
        return fail_key(r, err, "resps", "a list of lists, one a request");
    size_t n = repeats->list.len;
    lme_recorded_response *responses = LME_ARRAY(r->arena, lme_recorded_response, n);
    for (size_t i = 0; i < n; i++) {
        if (!read_response(r, request->kind, &repeats->list.items[i], &responses[i], err))
            return false;
    }
    request->responses = responses;
    request->n_responses = n;
    return true;
}

static bool read_responses(const reading *r, lme_error *err)
{
    const lme_value *items;
    size_t n;
    if (!list_at(r, "resps", &items, &n, err))
        return false;
    lme_recorded_sample *sample = r->sample;
    lme_recorded_request *requests = LME_ARRAY(r->arena, lme_recorded_request, sample->n_requests);
    for (size_t i = 0; i < sample->n_requests; i++) {
        requests[i] = sample->requests[i];
        if (i < n && !read_repeats(r, &requests[i], &items[i], err))
            return false;
    }
    sample->requests = requests;
    return true;
}

/* The line's pipeline: it is the line at its own place there. */
static const lme_record_pipeline *pipeline_of(const lme_record_task *task,
                                              const lme_record_line *line)
{
    for (size_t i = 0; i < task->n_pipelines; i++) {
        const lme_record_pipeline *pipeline = &task->pipelines[i];
        if (line->order < pipeline->n_lines && &pipeline->lines[line->order] == line)
            return pipeline;
    }
    return NULL;
}

static double number_of(const lme_value *v)
{
    double number = (double)NAN;
    if (v->kind == LME_BOOL)
        return v->boolean ? 1.0 : 0.0;
    return v->kind != LME_STRING && to_logprob(v, &number) ? number : (double)NAN;
}

static bool read_answer(const reading *r, const lme_record_pipeline *pipeline,
                        lme_recorded_answer *answer, lme_error *err)
{
    const lme_value missing = lme_null();
    if (!list_at(r, "filtered_resps", &answer->values, &answer->n_values, err))
        return false;
    answer->pipeline = pipeline->name;
    lme_recorded_score *scores = LME_ARRAY(r->arena, lme_recorded_score, pipeline->n_metrics);
    for (size_t i = 0; i < pipeline->n_metrics; i++) {
        lme_str metric = pipeline->metrics[i];
        const lme_value *item = lme_value_get(&r->line, metric);
        item = item != NULL ? item : &missing;
        scores[i] = (lme_recorded_score){metric, *item, number_of(item)};
    }
    answer->scores = scores;
    answer->n_scores = pipeline->n_metrics;
    if (chooses(r->recorded, r->sample) && r->sample->n_choices == 0) {
        size_t n = r->sample->n_requests;
        bool twice = lme_record_metric_column(pipeline, LME_STR("acc_mutual_info")) != SIZE_MAX;
        r->sample->n_choices = twice ? n / 2 : n;
    }
    return true;
}

static bool read_common(const reading *r, lme_error *err)
{
    lme_recorded_sample *sample = r->sample;
    const lme_value *doc = lme_value_find(&r->line, "doc");
    sample->doc_hash = text_at(r, "doc_hash");
    sample->prompt_hash = text_at(r, "prompt_hash");
    sample->target_hash = text_at(r, "target_hash");
    sample->doc = doc != NULL ? *doc : lme_null();
    sample->target = text_at(r, "target");
    sample->failure = text_at(r, "failure");
    sample->file = r->recorded->lines.lines.path;
    sample->line = r->at.line;
    return read_requests(r, err) && read_responses(r, err);
}

/* "2"; "[0, 2]" is what str() makes of several. */
static size_t read_indices(lme_str text, size_t *gold, size_t n_choices)
{
    size_t n = 0;
    bool is_list = text.len >= 2 && text.ptr[0] == '[' && text.ptr[text.len - 1] == ']';
    text = is_list ? lme_str_slice(text, 1, text.len - 1) : text;
    for (size_t from = 0; from < text.len && n < n_choices;) {
        size_t to = is_list ? lme_str_find(text, LME_STR(","), from) : SIZE_MAX;
        to = to == SIZE_MAX ? text.len : to;
        int64_t index;
        if (lme_str_to_int(lme_strip(lme_str_slice(text, from, to)), &index) && index >= 0 &&
            (size_t)index < n_choices)
            gold[n++] = (size_t)index;
        from = to + 1;
    }
    return n;
}

static void find_gold(lme_arena *arena, lme_recorded_sample *sample)
{
    size_t *gold = LME_ARRAY(arena, size_t, sample->n_choices);
    sample->gold = gold;
    sample->n_gold = read_indices(sample->target, gold, sample->n_choices);
    for (size_t i = 0; sample->n_gold == 0 && i < sample->n_choices; i++) {
        lme_str choice = lme_strip(sample->requests[i].continuation);
        if (choice.len > 0 && lme_str_equal(choice, lme_strip(sample->target)))
            gold[sample->n_gold++] = i;
    }
}

/* Reads a document's line again. */
static bool read_line(reading *r, const lme_record_line *line, lme_error *err)
{
    const lme_recorded *recorded = r->recorded;
    lme_str text;
    r->at =
        (lme_place){.file = recorded->lines.lines.path, .line = line->place.number, .column = 1};
    if (!lme_record_lines_read(r->arena, &recorded->lines, &line->place, &text, err))
        return false;
    if (!lme_json_read(r->arena, recorded->json, text, &r->at, &r->line, err))
        return lme_while(err, "reading a samples file");
    r->at.column = 0;
    if (r->line.kind != LME_MAP)
        return lme_fail(err, LME_ERR_DATA, &r->at, "a samples line must be a JSON object");
    return true;
}

bool lme_recorded_read(lme_arena *arena, lme_recorded *recorded,
                       const lme_record_document *document, lme_recorded_sample *sample,
                       lme_error *err)
{
    *sample = (lme_recorded_sample){.doc_id = document->id};
    if (document->n_lines > LME_RECORD_PIPELINES) {
        lme_place at = {.file = recorded->lines.lines.path,
                        .line = document->lines[0]->place.number};
        return lme_fail(err, LME_ERR_LIMIT, &at, "one document, doc_id %" PRId64 ", in %zu lines",
                        document->id, document->n_lines);
    }
    reading r = {.arena = arena, .recorded = recorded, .sample = sample};
    lme_recorded_answer *answers = LME_ARRAY(arena, lme_recorded_answer, document->n_lines);
    for (size_t i = 0; i < document->n_lines; i++) {
        const lme_record_pipeline *pipeline = pipeline_of(recorded->task, document->lines[i]);
        if (!read_line(&r, document->lines[i], err) || (i == 0 && !read_common(&r, err)) ||
            (pipeline != NULL && !read_answer(&r, pipeline, &answers[sample->n_answers], err)))
            return false;
        sample->n_answers += pipeline != NULL ? 1 : 0;
    }
    sample->answers = answers;
    find_gold(arena, sample);
    if (sample->n_choices > 0)
        sample->common_prompt = lme_recorded_common_prompt(sample);
    return true;
}
