/* The window is filled and emptied as in a run (work.c); only what would go out, or into a file, is
 * counted here instead. So the numbers are those of the run that follows. */
#include "counting.h"

enum {
    WINDOW = 8,     /* samples; nobody is waited for */
    FIRST = 1 << 12 /* slots of keys */
};

/* ---- keys ---- */

/* Keys are SHA-256 in hex. */
static uint64_t bits_of(lme_str key)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < 16 && i < key.len; i++) {
        unsigned char c = (unsigned char)key.ptr[i];
        bits = bits << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return bits != 0 ? bits : 1;
}

/* Where the key is, or would be put. */
static size_t place_of(const uint64_t *slots, size_t n_slots, uint64_t bits)
{
    size_t at = (size_t)bits & (n_slots - 1);
    while (slots[at] != 0 && slots[at] != bits)
        at = (at + 1) & (n_slots - 1);
    return at;
}

bool lme_counting_knows(const lme_counting *counting, lme_str key)
{
    uint64_t bits = bits_of(key);
    return counting->n_slots > 0 &&
           counting->slots[place_of(counting->slots, counting->n_slots, bits)] == bits;
}

static void grow(lme_counting *counting)
{
    size_t n_slots = counting->n_slots > 0 ? 2 * counting->n_slots : FIRST;
    uint64_t *slots = LME_ARRAY(counting->arena, uint64_t, n_slots);
    for (size_t i = 0; i < counting->n_slots; i++) {
        uint64_t bits = counting->slots[i];
        if (bits != 0)
            slots[place_of(slots, n_slots, bits)] = bits;
    }
    counting->slots = slots;
    counting->n_slots = n_slots;
}

static void remember(lme_counting *counting, lme_str key)
{
    if (2 * counting->n_keys >= counting->n_slots)
        grow(counting);
    uint64_t bits = bits_of(key);
    counting->slots[place_of(counting->slots, counting->n_slots, bits)] = bits;
    counting->n_keys++;
}

/* ---- requests ---- */

static lme_forecast *forecast_of(const lme_counting *counting, const lme_request *request)
{
    return &counting->preflight->kinds[request->kind];
}

/* A mark after each so many new questions. */
static void mark(lme_counting *counting)
{
    lme_preflight *preflight = counting->preflight;
    size_t n_new = 0;
    double bytes = 0;
    for (size_t k = 0; k < LME_REQUEST_KINDS; k++) {
        n_new += preflight->kinds[k].n_new;
        bytes += preflight->kinds[k].outlay.bytes;
    }
    if (n_new % LME_MARK_QUESTIONS == 0 && preflight->n_marks < LME_MARKS)
        counting->marks[preflight->n_marks++] = bytes;
}

void lme_counting_ask(lme_run *run, const lme_ask *ask)
{
    lme_counting *counting = run->counting;
    lme_forecast *forecast = forecast_of(counting, ask->request);
    remember(counting, ask->key);
    forecast->n_new++;
    lme_picker_take(counting->picker, ask->first.slot->sample.doc.id, ask->request, ask->body);
    lme_endpoint_rehearse(run->endpoint, ask->request, ask->body, false, &forecast->outlay);
    mark(counting);
}

void lme_counting_keep(lme_counting *counting, const lme_ask *ask, bool is_own)
{
    forecast_of(counting, ask->request)->n_kept++;
    if (!is_own)
        remember(counting, ask->key);
}

void lme_counting_recheck(lme_run *run, const lme_request *request, lme_str body)
{
    lme_forecast *forecast = forecast_of(run->counting, request);
    forecast->n_rechecked++;
    lme_endpoint_rehearse(run->endpoint, request, body, true, &forecast->outlay);
}

/* ---- documents ---- */

static lme_str failure_of(const lme_sample *sample)
{
    for (size_t i = 0; i < sample->n_requests && sample->failure.len == 0; i++) {
        if (sample->responses[i].state == LME_RESPONSE_FAILED)
            return sample->responses[i].failure;
    }
    return sample->failure;
}

static void count_sample(lme_arena *arena, lme_preflight *preflight, const lme_sample *sample)
{
    lme_str failure = failure_of(sample);
    preflight->n_docs++;
    for (size_t i = 0; i < sample->n_requests; i++) {
        lme_forecast *forecast = &preflight->kinds[sample->requests[i].kind];
        forecast->n_requests++;
        forecast->n_unaskable += sample->responses[i].state == LME_RESPONSE_FAILED;
    }
    if (failure.len == 0)
        return;
    if (preflight->n_unaskable++ == 0) {
        preflight->unaskable = lme_str_copy(arena, failure);
        preflight->first_unaskable = sample->doc.id;
    }
}

void lme_counting_emit(lme_arena *arena, lme_run_work *work)
{
    while (work->count > 0 && work->slots[work->first].n_open == 0) {
        count_sample(arena, work->run->counting->preflight, &work->slots[work->first].sample);
        work->first = (work->first + 1) % work->n_slots;
        work->count--;
    }
}

static bool is_stopped(lme_run *run)
{
    const lme_run_options *options = &run->options;
    run->stopped =
        run->stopped || (options->should_stop != NULL && options->should_stop(options->context));
    return run->stopped;
}

/* One task from its first document to its last. */
static bool count_task(lme_arena *arena, lme_run *run, lme_error *err)
{
    lme_preflight *preflight = run->counting->preflight;
    lme_arena *task_arena = lme_arena_new();
    lme_docs *again = NULL;
    lme_run_work *work = NULL;
    run->counting->picker = lme_picker_new(preflight->n_wanted);
    lme_endpoint_expect(run->endpoint, preflight->tokens_a_byte);
    bool ok = lme_docs_again(task_arena, preflight->docs, &again, err);
    if (ok) {
        lme_run_begin(task_arena, run, preflight->task, again, &work);
        work->n_to_take = SIZE_MAX;
    }
    while (ok && !is_stopped(run) && (!work->no_more_docs || work->count > 0)) {
        ok = lme_work_fill(work, err) && lme_work_send(work, err);
        if (ok && work->broken) {
            *err = work->error;
            ok = false;
        }
        lme_counting_emit(arena, work);
    }
    lme_run_leave(work);
    lme_arena_free(task_arena);
    lme_picker_tell(arena, run->counting->picker, &preflight->picks, &preflight->n_picks);
    lme_picker_free(run->counting->picker);
    return ok;
}

/* What the counting itself has used up: the run begins as if it had not been. */
static void restore(lme_run *run, size_t window)
{
    run->counting = NULL;
    lme_endpoint_expect(run->endpoint, 0);
    run->options.window = window;
    run->n_cached = 0;
    for (size_t i = 0; i < LME_REQUEST_KINDS; i++)
        run->n_rechecked[i] = 0;
}

bool lme_run_preflight(lme_arena *arena, lme_run *run, lme_preflight *preflights, size_t n,
                       lme_error *err)
{
    lme_arena *keys = lme_arena_new();
    lme_counting *counting = LME_NEW(keys, lme_counting);
    size_t window = run->options.window;
    bool ok = true;
    *counting = (lme_counting){.arena = keys};
    run->counting = counting;
    run->options.window = WINDOW;
    for (size_t i = 0; i < n; i++) {
        lme_preflight *one = &preflights[i];
        *one = (lme_preflight){
            .task = one->task,
            .docs = one->docs,
            .n_wanted = one->n_wanted,
            .tokens_a_byte = one->tokens_a_byte,
            .unaskable = LME_STR(""),
        };
    }
    for (size_t i = 0; ok && i < n; i++) {
        counting->preflight = &preflights[i];
        counting->marks = LME_ARRAY(arena, double, LME_MARKS);
        preflights[i].marks = counting->marks;
        ok = count_task(arena, run, err);
        /* No batch and no shared request goes from one task into the next. */
        lme_endpoint_rehearsed(run->endpoint);
    }
    restore(run, window);
    run->preflights = preflights;
    run->n_preflights = n;
    lme_arena_free(keys);
    return ok;
}
