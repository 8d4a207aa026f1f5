#include "select.h"

#include <inttypes.h>
#include <math.h>

#include <lmeval/partner.h>
#include <lmeval/regex.h>

/* A task that is looked at. */
typedef struct seen_task {
    lme_record_task *task;
    lme_headline headline;
    const size_t *order; /* the task's documents as they come */
    const lme_traced *pipelines;
    size_t n_pipelines;
    lme_recorded *samples; /* open while its documents come */
    /* with another run */
    lme_record_task *other;
    lme_headline other_headline;
    lme_recorded *other_samples;
    lme_partners partners;
} seen_task;

struct lme_look {
    lme_arena *arena;
    lme_look_options options;
    lme_regex *grep;
    const lme_record_task **tasks; /* n_tasks */
    seen_task *seen;
    lme_look_counts *counts;
    size_t n_tasks;
    size_t task, document; /* next */
};

static bool holds(const lme_str *names, size_t n, lme_str name)
{
    for (size_t i = 0; i < n; i++) {
        if (lme_str_equal(names[i], name))
            return true;
    }
    return false;
}

static lme_str names_of(lme_arena *arena, const lme_record *record)
{
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < record->n_tasks; i++)
        lme_builder_format(&out, "%s%.*s", i > 0 ? ", " : "", LME_STR_ARG(record->tasks[i].name));
    return lme_builder_finish(&out);
}

static bool fail_task(lme_arena *arena, const lme_record *record, lme_str name, lme_error *err)
{
    lme_str *known = LME_ARRAY(arena, lme_str, record->n_tasks);
    for (size_t i = 0; i < record->n_tasks; i++)
        known[i] = record->tasks[i].name;
    lme_str nearest = lme_str_nearest(name, known, record->n_tasks);
    lme_fail(err, LME_ERR_USAGE, NULL, "%.*s has no task \"%.*s\"", LME_STR_ARG(record->name),
             LME_STR_ARG(name));
    if (nearest.len > 0)
        return lme_hint(err, "did you mean --task %.*s?", LME_STR_ARG(nearest));
    lme_str all = names_of(arena, record);
    return lme_hint(err, "it has %.*s", LME_STR_ARG(all));
}

static bool fail_no_samples(const lme_record *record, lme_error *err)
{
    lme_fail(err, LME_ERR_USAGE, NULL, "%.*s has no samples files: only its scores are known",
             LME_STR_ARG(record->name));
    return lme_hint(err, "lmeval writes them by itself, lm_eval with --log_samples");
}

static bool want_tasks(lme_arena *arena, const lme_record *record, const lme_look_options *options,
                       lme_error *err)
{
    for (size_t i = 0; i < options->n_tasks; i++) {
        const lme_record_task *task = lme_record_find_task(record, options->tasks[i]);
        if (task == NULL)
            return fail_task(arena, record, options->tasks[i], err);
        if (task->samples_path == NULL)
            return fail_no_samples(record, err);
    }
    return true;
}

static lme_record_task *task_of(const lme_record *record, lme_str name)
{
    for (size_t i = 0; i < record->n_tasks; i++) {
        if (lme_str_equal(record->tasks[i].name, name))
            return &record->tasks[i];
    }
    return NULL;
}

static bool pair_task(lme_look *look, seen_task *seen, lme_error *err)
{
    const lme_headline *headline = &seen->headline;
    lme_record *other = look->options.other;
    if (other == NULL)
        return true;
    if (headline->pipeline == NULL)
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "no document of %.*s has a score: nothing can flip",
                        LME_STR_ARG(seen->task->name));
    seen->other = task_of(other, seen->task->name);
    if (seen->other == NULL)
        return fail_task(look->arena, other, seen->task->name, err);
    if (seen->other->samples_path == NULL)
        return fail_no_samples(other, err);
    lme_str asked = lme_str_format(look->arena, "%.*s,%.*s", LME_STR_ARG(headline->metric),
                                   LME_STR_ARG(headline->pipeline->name));
    if (!lme_record_read_lines(look->arena, seen->other, err) ||
        !lme_headline_find(look->arena, seen->other, asked, &seen->other_headline, err))
        return false;
    lme_partners_sort(look->arena, seen->other, &seen->partners);
    return true;
}

static bool want_right_or_wrong(const seen_task *seen, lme_error *err)
{
    const lme_headline *headline = &seen->headline;
    if (headline->pipeline == NULL)
        lme_fail(err, LME_ERR_USAGE, NULL, "no document of %.*s has a score: none can be wrong",
                 LME_STR_ARG(seen->task->name));
    else
        lme_fail(err, LME_ERR_USAGE, NULL, "%.*s does not tell right from wrong answers of %.*s",
                 LME_STR_ARG(headline->metric), LME_STR_ARG(seen->task->name));
    return lme_hint(err, "--wrong wants a metric between 0 and 1 where more is better; --metric "
                         "names one");
}

static bool open_task(lme_look *look, lme_record_task *task, lme_error *err)
{
    const lme_look_options *options = &look->options;
    seen_task *seen = &look->seen[look->n_tasks];
    seen->task = task;
    if (!lme_record_read_lines(look->arena, task, err) ||
        !lme_headline_find(look->arena, task, options->metric, &seen->headline, err))
        return false;
    if (options->wrong && !seen->headline.is_share)
        return want_right_or_wrong(seen, err);
    if (!lme_look_sort(look->arena, task, &seen->headline, options->order, &seen->order, err))
        return false;
    seen->pipelines = lme_trace_pipelines(look->arena, task, &seen->n_pipelines);
    look->tasks[look->n_tasks] = task;
    look->counts[look->n_tasks] = (lme_look_counts){
        .task = task, .headline = &seen->headline, .n_documents = task->n_documents};
    look->n_tasks++;
    return pair_task(look, seen, err);
}

static bool has_document(const lme_look *look, int64_t id)
{
    for (size_t i = 0; i < look->n_tasks; i++) {
        const lme_record_task *task = look->tasks[i];
        for (size_t k = 0; k < task->n_documents; k++) {
            if (task->documents[k].id == id)
                return true;
        }
    }
    return false;
}

static bool want_ids(const lme_look *look, lme_error *err)
{
    for (size_t i = 0; i < look->options.n_ids; i++) {
        int64_t id = look->options.ids[i];
        if (has_document(look, id))
            continue;
        const lme_record_task *first = look->tasks[0];
        lme_fail(err, LME_ERR_USAGE, NULL, "no task looked at has a document %" PRId64, id);
        if (first->n_documents == 0)
            return lme_hint(err, "%.*s has no documents", LME_STR_ARG(first->name));
        return lme_hint(err, "%.*s has %zu documents, from %" PRId64 " to %" PRId64,
                        LME_STR_ARG(first->name), first->n_documents, first->documents[0].id,
                        first->documents[first->n_documents - 1].id);
    }
    return true;
}

static bool compile(lme_look *look, lme_error *err)
{
    if (look->options.grep == NULL)
        return true;
    lme_error why = {0};
    if (lme_regex_compile(look->arena, *look->options.grep, &look->grep, &why))
        return true;
    return lme_fail(err, LME_ERR_USAGE, NULL, "--grep: %s", why.message);
}

bool lme_look_open(lme_arena *arena, lme_record *record, const lme_look_options *options,
                   lme_look **look, lme_error *err)
{
    lme_look *made = LME_NEW(arena, lme_look);
    *made = (lme_look){
        .arena = arena,
        .options = *options,
        .tasks = LME_ARRAY(arena, const lme_record_task *, record->n_tasks),
        .seen = LME_ARRAY(arena, seen_task, record->n_tasks),
        .counts = LME_ARRAY(arena, lme_look_counts, record->n_tasks),
    };
    if (!compile(made, err) || !want_tasks(arena, record, options, err))
        return false;
    for (size_t i = 0; i < record->n_tasks; i++) {
        lme_record_task *task = &record->tasks[i];
        bool asked = options->n_tasks == 0 || holds(options->tasks, options->n_tasks, task->name);
        if (asked && task->samples_path != NULL && !open_task(made, task, err))
            return false;
    }
    if (made->n_tasks == 0)
        return fail_no_samples(record, err);
    *look = made;
    return want_ids(made, err);
}

static void close_task(seen_task *seen)
{
    lme_recorded_close(seen->samples);
    lme_recorded_close(seen->other_samples);
    seen->samples = seen->other_samples = NULL;
}

void lme_look_close(lme_look *look)
{
    for (size_t i = 0; look != NULL && i < look->n_tasks; i++)
        close_task(&look->seen[i]);
}

size_t lme_look_tasks(const lme_look *look, const lme_record_task *const **tasks)
{
    *tasks = look->tasks;
    return look->n_tasks;
}

const lme_look_counts *lme_look_counted(const lme_look *look, size_t *n)
{
    *n = look->n_tasks;
    return look->counts;
}

static bool has_id(const lme_look_options *options, int64_t id)
{
    bool found = options->n_ids == 0;
    for (size_t i = 0; i < options->n_ids && !found; i++)
        found = options->ids[i] == id;
    return found;
}

static lme_flip flip_of(const lme_headline *headline, double base, double other)
{
    if (isnan(base) || isnan(other) || base == other)
        return LME_FLIP_NONE;
    return (other > base) == headline->higher_is_better ? LME_FLIP_GAINED : LME_FLIP_LOST;
}

/* What the lines alone tell of a document. */
typedef struct candidate {
    const lme_record_document *document, *partner;
    double score, other_score;
    lme_flip flip;
} candidate;

static bool asked_otherwise(const lme_record_document *a, const lme_record_document *b)
{
    lme_str x = a->lines[0]->prompt_hash, y = b->lines[0]->prompt_hash;
    return x.len > 0 && y.len > 0 && !lme_str_equal(x, y);
}

/* True when the lines do not rule it out. */
static bool may_be_met(const lme_look *look, const seen_task *seen, lme_look_counts *counts,
                       candidate *c)
{
    const lme_look_options *options = &look->options;
    c->score = lme_headline_score(&seen->headline, c->document);
    if (options->other != NULL) {
        c->partner = lme_partners_find(&seen->partners, c->document);
        c->other_score = c->partner != NULL ? lme_headline_score(&seen->other_headline, c->partner)
                                            : (double)NAN;
        c->flip = flip_of(&seen->headline, c->score, c->other_score);
        counts->n_unpaired += c->partner == NULL ? 1 : 0;
        counts->n_other_prompt +=
            c->partner != NULL && asked_otherwise(c->document, c->partner) ? 1 : 0;
        counts->n_lost += c->flip == LME_FLIP_LOST ? 1 : 0;
        counts->n_gained += c->flip == LME_FLIP_GAINED ? 1 : 0;
    }
    return has_id(options, c->document->id) && (!options->wrong || c->score < 1.0) &&
           (!options->failed || c->document->lines[0]->scores == NULL) &&
           (options->other == NULL || c->flip != LME_FLIP_NONE);
}

typedef struct matching {
    lme_arena *arena;
    const lme_regex *regex;
    bool found;
    lme_error *err;
} matching;

/* True unless the search goes on no more: found, or failed. */
static bool look_in(matching *m, lme_str text)
{
    lme_match match;
    if (!lme_regex_search(m->arena, m->regex, text, 0, &match, m->err))
        return false;
    m->found = match.n_groups > 0;
    return !m->found;
}

static bool look_in_request(matching *m, const lme_recorded_request *request)
{
    for (size_t i = 0; i < request->n_messages; i++) {
        if (!look_in(m, request->messages[i].content))
            return false;
    }
    if (request->n_messages == 0 && !look_in(m, request->prompt))
        return false;
    if (!look_in(m, request->continuation))
        return false;
    for (size_t i = 0; i < request->n_responses; i++) {
        if (!look_in(m, request->responses[i].text))
            return false;
    }
    return true;
}

static bool look_in_answer(matching *m, const lme_recorded_answer *answer)
{
    for (size_t i = 0; i < answer->n_values; i++) {
        if (!look_in(m, lme_value_str(m->arena, &answer->values[i])))
            return false;
    }
    return true;
}

/* Prompts, choices, responses, what the filters left, the target, the failure. */
static bool matches(lme_arena *arena, const lme_look *look, const lme_recorded_sample *sample,
                    bool *found, lme_error *err)
{
    lme_error failed = {0};
    matching m = {.arena = arena, .regex = look->grep, .err = &failed};
    bool goes_on =
        look->grep != NULL && look_in(&m, sample->target) && look_in(&m, sample->failure);
    for (size_t i = 0; goes_on && i < sample->n_requests; i++)
        goes_on = look_in_request(&m, &sample->requests[i]);
    for (size_t i = 0; goes_on && i < sample->n_answers; i++)
        goes_on = look_in_answer(&m, &sample->answers[i]);
    *found = m.found || look->grep == NULL;
    if (failed.code == LME_OK)
        return true;
    *err = failed;
    return lme_while(err, "looking for --grep in document %" PRId64, sample->doc_id);
}

static bool read_item(lme_arena *arena, lme_look *look, const candidate *c, lme_look_item *item,
                      lme_error *err)
{
    seen_task *seen = &look->seen[look->task];
    lme_recorded_sample *sample = LME_NEW(arena, lme_recorded_sample);
    lme_recorded_sample *other = c->partner != NULL ? LME_NEW(arena, lme_recorded_sample) : NULL;
    if ((seen->samples == NULL &&
         !lme_recorded_open(look->arena, seen->task, &seen->samples, err)) ||
        (other != NULL && seen->other_samples == NULL &&
         !lme_recorded_open(look->arena, seen->other, &seen->other_samples, err)))
        return false;
    if (!lme_recorded_read(arena, seen->samples, c->document, sample, err) ||
        (other != NULL && !lme_recorded_read(arena, seen->other_samples, c->partner, other, err)))
        return false;
    *item = (lme_look_item){
        .task = seen->task,
        .headline = &seen->headline,
        .sample = sample,
        .score = c->score,
        .pipelines = seen->pipelines,
        .n_pipelines = seen->n_pipelines,
        .flip = c->flip,
        .other = other,
        .other_score = c->other_score,
    };
    return true;
}

/* Takes the next document of the task under way.
 *   met  it is one to show, and item is filled */
static bool take_document(lme_arena *arena, lme_look *look, lme_look_item *item, bool *met,
                          lme_error *err)
{
    seen_task *seen = &look->seen[look->task];
    lme_look_counts *counts = &look->counts[look->task];
    const lme_look_options *options = &look->options;
    candidate c = {.document = &seen->task->documents[seen->order[look->document++]]};
    *met = false;
    if (!may_be_met(look, seen, counts, &c))
        return true;
    bool beyond = options->limit > 0 && counts->n_shown == options->limit;
    if (beyond) {
        counts->is_cut = counts->is_cut || look->grep != NULL;
        counts->n_met += look->grep == NULL ? 1 : 0;
        return true;
    }
    if (!read_item(arena, look, &c, item, err) || !matches(arena, look, item->sample, met, err))
        return false;
    counts->n_met += *met ? 1 : 0;
    counts->n_shown += *met ? 1 : 0;
    return true;
}

bool lme_look_next(lme_arena *arena, lme_look *look, lme_look_item *item, bool *end, lme_error *err)
{
    bool met = false;
    *end = false;
    while (!met && look->task < look->n_tasks) {
        lme_arena_reset(arena);
        seen_task *seen = &look->seen[look->task];
        if (look->document < seen->task->n_documents) {
            if (!take_document(arena, look, item, &met, err))
                return false;
            continue;
        }
        close_task(seen);
        look->task++;
        look->document = 0;
    }
    *end = !met;
    return true;
}
