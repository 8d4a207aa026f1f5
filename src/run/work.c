/* The window. A sample enters when its turn comes, its requests become asks (or are answered by the
 * journal at once), and it leaves at the front when its last answer is safe. Memory is the
 * window's.
 */
#include "work.h"

#include "counting.h"
#include "recheck.h"

#include <lmeval/hash.h>

static void add_number(lme_builder *out, size_t number, char end)
{
    lme_builder_int(out, (int64_t)number);
    lme_builder_char(out, end);
}

/* With its length, so that no two lists of texts look alike. */
static void add_text(lme_builder *out, lme_str text)
{
    add_number(out, text.len, ' ');
    lme_builder_add(out, text);
}

lme_str lme_work_key(lme_arena *arena, lme_str fingerprint, const lme_request *request,
                     lme_str body, bool compares)
{
    /* Whether there are alternatives counts on every path: a choice among others need not be known
     * to be the likeliest text (endpoint's score.c). The kind and the continuation are not in every
     * body: an echo request of a context that ends one token later has the same text, and one for
     * the next token has no continuation at all. The repeat keeps sampled answers apart. */
    lme_builder head = {.arena = arena};
    size_t context_len = request->context.len;
    for (size_t i = 0; i < request->n_messages; i++)
        context_len += request->messages[i].content.len;
    lme_builder_add(&head, fingerprint);
    lme_builder_char(&head, '\n');
    add_number(&head, (size_t)request->kind, ' ');
    add_number(&head, context_len, ' ');
    add_number(&head, request->continuation.len, ' ');
    add_number(&head, request->repeat, ' ');
    add_number(&head, request->n_alternatives > 0, '\n');
    add_text(&head, request->continuation);
    for (size_t i = 0; compares && i < request->n_alternatives; i++)
        add_text(&head, request->alternatives[i]);
    if (compares && request->n_alternatives > 0)
        add_number(&head, request->alternative, '\n');
    lme_sha256 *hash = lme_sha256_new(arena);
    lme_sha256_add(hash, lme_builder_finish(&head));
    lme_sha256_add(hash, body);
    return lme_sha256_finish(arena, hash);
}

static void fail_sample(lme_slot *slot, const lme_error *err)
{
    char text[2048];
    lme_error_line(err, text, sizeof text);
    slot->sample.failure = lme_str_copy(slot->arena, lme_str_from(text));
    slot->n_open = 0;
}

static void take_response(lme_slot *slot, size_t index, const lme_response *response)
{
    lme_response *kept = &slot->sample.responses[index];
    LME_BUG(kept->state != LME_RESPONSE_MISSING, "a request was answered twice");
    *kept = *response;
    kept->text = lme_str_copy(slot->arena, response->text);
    kept->finish = lme_str_copy(slot->arena, response->finish);
    kept->failure = lme_str_copy(slot->arena, response->failure);
    slot->n_open--;
}

/* Whether the same question may well be answered otherwise: an answer that others should not take
 * for theirs. A server that takes no temperature draws all its answers. */
static bool is_drawn(const lme_run *run, const lme_request *request)
{
    if (request->kind != LME_REQUEST_GENERATE)
        return false;
    if (request->generation->temperature > 0)
        return true;
    lme_arena *scratch = lme_arena_new();
    bool reworded = lme_endpoint_reworded(scratch, run->endpoint).len > 0;
    lme_arena_free(scratch);
    return reworded;
}

static bool is_cached(const lme_run *run, const lme_request *request)
{
    return run->cache != NULL && (run->options.cache_drawn || !is_drawn(run, request));
}

static bool keep_answer(lme_run *run, const lme_ask *ask, const lme_response *response,
                        lme_error *err)
{
    return lme_journal_put(run->journal, ask->key, response, err) &&
           (!is_cached(run, ask->request) || lme_journal_put(run->cache, ask->key, response, err));
}

/* To all who wait for it. */
static void hand_out(lme_ask *ask, const lme_response *response)
{
    lme_run_work *work = ask->work;
    lme_asks_remove(&work->asks, ask);
    /* The ask lives in its first waiter's arena, so that one goes last. */
    for (const lme_waiter *w = ask->others; w != NULL; w = w->next) {
        work->progress.n_requests_done++;
        take_response(w->slot, w->index, response);
    }
    work->progress.n_requests_done++;
    take_response(ask->first.slot, ask->first.index, response);
}

/* The endpoint's callback: puts the answer into the journal and hands it out. */
static void answered(void *context, const lme_response *response)
{
    lme_ask *ask = context;
    lme_run_work *work = ask->work;
    if (response->state == LME_RESPONSE_OK && !work->broken)
        work->broken = !keep_answer(work->run, ask, response, &work->error);
    lme_witnesses *witnesses = &work->run->witnesses;
    if (response->state == LME_RESPONSE_OK && witnesses->n[ask->request->kind] < LME_WITNESSES &&
        !is_drawn(work->run, ask->request))
        lme_witness_keep(witnesses, ask->request, ask->body, response);
    hand_out(ask, response);
}

/* The answer that the journal or the cache has. What the cache had is the run's own from then on.
 * Returns false when the run cannot go on; work->error says why. */
static bool find_answer(lme_run_work *work, lme_arena *arena, const lme_ask *ask, bool *found,
                        lme_response *response)
{
    lme_run *run = work->run;
    lme_error *err = &work->error;
    if (run->counting != NULL && lme_counting_knows(run->counting, ask->key)) {
        *response = (lme_response){.state = LME_RESPONSE_OK};
        *found = true;
        return true;
    }
    if (!lme_journal_get(arena, run->journal, ask->key, found, response, err))
        return false;
    bool is_own = *found;
    if (!*found && is_cached(run, ask->request) &&
        !lme_journal_get(arena, run->cache, ask->key, found, response, err))
        return false;
    if (!*found || run->options.answers_only)
        return true;
    if ((!is_own || lme_journal_len(run->journal) > 0) &&
        !lme_recheck(run, ask->request, ask->body, response, err))
        return false;
    run->n_cached += !is_own;
    if (run->counting != NULL) {
        lme_counting_keep(run->counting, ask, is_own);
        return true;
    }
    return is_own || lme_journal_put(run->journal, ask->key, response, err);
}

/* One request of a fresh sample: known to the journal, asked already, or a new ask. */
static bool ask_request(lme_run_work *work, lme_slot *slot, size_t index, lme_error *err)
{
    lme_run *run = work->run;
    const lme_request *request = &slot->sample.requests[index];
    lme_str body, key;
    if (!lme_endpoint_encode(slot->arena, run->endpoint, request, &body, err))
        return false;
    key = lme_work_key(slot->arena, run->options.fingerprint, request, body,
                       lme_endpoint_compares(run->endpoint, request));

    lme_ask *same = lme_asks_find(&work->asks, key);
    if (same != NULL) {
        lme_waiter *waiter = LME_NEW(same->first.slot->arena, lme_waiter);
        *waiter = (lme_waiter){.next = same->others, .slot = slot, .index = index};
        same->others = waiter;
        return true;
    }
    bool found;
    lme_response response;
    if (!find_answer(work, slot->arena, &(lme_ask){.key = key, .body = body, .request = request},
                     &found, &response)) {
        work->broken = true;
        return true;
    }
    if (found) {
        take_response(slot, index, &response);
        work->progress.n_requests_done++;
        work->progress.n_from_journal++;
        return true;
    }
    if (run->options.answers_only)
        return lme_fail(err, LME_ERR_DATA, NULL, "the run holds no answer to this request");
    lme_ask *ask = LME_NEW(slot->arena, lme_ask);
    *ask = (lme_ask){
        .work = work,
        .key = key,
        .body = body,
        .request = request,
        .first = {.slot = slot, .index = index},
    };
    lme_asks_add(&work->asks, ask);
    return true;
}

/* Plans one document. What goes wrong here is the document's failure, not the run's. */
static void plan(lme_run_work *work, lme_slot *slot, const lme_doc *doc)
{
    lme_error err = {0};
    slot->sample = (lme_sample){.task = work->task->name, .output = work->task->output};
    slot->sample.doc = *doc;
    slot->n_open = 0;
    if (!lme_task_plan(slot->arena, work->docs, doc, &slot->sample, &err)) {
        slot->sample.n_requests = 0;
        fail_sample(slot, &err);
        return;
    }
    /* Every request gets its response before one can fail: an ask that waits must find its slot. */
    slot->n_open = slot->sample.n_requests;
    for (size_t i = 0; i < slot->sample.n_requests; i++) {
        if (ask_request(work, slot, i, &err))
            continue;
        char text[2048];
        lme_error_line(&err, text, sizeof text);
        lme_response failed = {.state = LME_RESPONSE_FAILED, .failure = lme_str_from(text)};
        take_response(slot, i, &failed);
    }
}

/* Samples that are worth having in the window: some for each request that may be open now. */
static size_t wanted(const lme_run_work *work)
{
    enum {
        EACH = 4,
        FEWEST = 8
    };
    size_t n = EACH * lme_endpoint_concurrency(work->run->endpoint);
    n = n > FEWEST ? n : FEWEST;
    return n < work->n_slots ? n : work->n_slots;
}

bool lme_work_fill(lme_run_work *work, lme_error *err)
{
    size_t n_wanted = wanted(work);
    while (!work->no_more_docs && !work->broken && work->count < n_wanted &&
           work->n_taken < work->n_to_take) {
        lme_slot *slot = &work->slots[(work->first + work->count) % work->n_slots];
        lme_doc doc;
        bool end = false;
        lme_arena_reset(slot->arena);
        if (!lme_docs_next(slot->arena, work->docs, &doc, &end, err))
            return false;
        if (end) {
            work->no_more_docs = true;
            break;
        }
        work->count++;
        work->n_taken++;
        plan(work, slot, &doc);
    }
    return true;
}

/* Counted questions take no room; what a trial left open does. */
static bool has_room(const lme_run *run, const lme_ask *ask)
{
    return run->counting != NULL ||
           lme_endpoint_has_room_for(run->endpoint, ask->request, ask->body);
}

bool lme_work_send(lme_run_work *work, lme_error *err)
{
    lme_endpoint *endpoint = work->run->endpoint;
    for (;;) {
        const lme_ask *next = lme_asks_next(&work->asks);
        if (next == NULL || !has_room(work->run, next))
            return true;
        lme_ask *ask = lme_asks_take(&work->asks);
        if (work->run->counting != NULL) {
            lme_counting_ask(work->run, ask);
            hand_out(ask, &(lme_response){.state = LME_RESPONSE_OK});
            continue;
        }
        if (!lme_endpoint_send(endpoint, ask->request, ask->body, answered, ask, err))
            return false;
    }
}

static void count_finish(lme_run_work *work, lme_str reason)
{
    size_t i = 0;
    while (i < work->n_finishes && !lme_str_equal(work->finishes[i].reason, reason))
        i++;
    if (i == LME_FINISHES) {
        i = LME_FINISHES - 1;
        work->finishes[i].reason = LME_STR("other");
    } else if (i == work->n_finishes) {
        work->finishes[work->n_finishes++].reason = lme_str_copy(work->finish_arena, reason);
    }
    work->finishes[i].n++;
}

static bool is_scored(const lme_response *response, const char *how)
{
    return response->state == LME_RESPONSE_OK && lme_str_is(response->finish, how);
}

static void count_scored(lme_run_work *work, const lme_sample *sample, size_t i)
{
    const lme_response *response = &sample->responses[i];
    if (sample->requests[i].kind == LME_REQUEST_GENERATE)
        return;
    work->n_aside += is_scored(response, LME_SCORED_ASIDE);
    work->n_bounded += is_scored(response, LME_SCORED_BOUND);
    work->n_unread += i == 0 && is_scored(response, LME_SCORED_NOTHING);
}

static void count_responses(lme_run_work *work, const lme_sample *sample)
{
    for (size_t i = 0; i < sample->n_requests; i++) {
        const lme_response *response = &sample->responses[i];
        work->n_straddling += response->straddles;
        work->n_floored += lme_is_floored(response);
        count_scored(work, sample, i);
        if (response->state != LME_RESPONSE_OK)
            continue;
        work->n_prompt_tokens += response->n_prompt_tokens;
        work->n_truncated += response->n_truncated > 0;
        work->n_windowed += response->n_windows > 1;
        if (sample->requests[i].kind != LME_REQUEST_GENERATE)
            continue;
        work->n_completion_tokens += response->n_tokens;
        work->n_cut += lme_str_is(response->finish, "length");
        count_finish(work, response->finish);
    }
}

/* Such a document counts as answered wrongly, as lm_eval has it: nobody could have answered it. */
static void count_gold(lme_run_work *work, const lme_sample *sample)
{
    bool names_none = false;
    for (size_t i = 0; i < sample->n_gold; i++)
        names_none = names_none || sample->gold[i] < 0;
    work->n_no_choice += names_none;
}

static bool all_answered(const lme_sample *sample)
{
    for (size_t i = 0; i < sample->n_requests; i++) {
        if (sample->responses[i].state != LME_RESPONSE_OK)
            return false;
    }
    return sample->n_requests > 0;
}

static bool is_too_long(const lme_sample *sample)
{
    for (size_t i = 0; i < sample->n_requests; i++) {
        if (sample->responses[i].too_long)
            return true;
    }
    return false;
}

/* A document that was answered and cannot be scored, or is too long, says nothing against the
 * server. */
static void count_failure(lme_run_work *work, const lme_sample *sample)
{
    bool too_long = is_too_long(sample);
    bool answered_in_full = too_long || all_answered(sample);
    if (answered_in_full)
        work->n_failed_in_row = 0;
    if (sample->failure.len == 0)
        return;
    work->progress.n_failed++;
    work->n_too_long += too_long;
    if (answered_in_full)
        return;
    work->n_failed_in_row++;
    lme_arena_reset(work->failure_arena);
    work->last_failure = lme_str_copy(work->failure_arena, sample->failure);
}

bool lme_work_emit(lme_run_work *work, lme_error *err)
{
    const lme_run_options *options = &work->run->options;
    bool any = false;
    while (work->count > 0 && work->slots[work->first].n_open == 0) {
        lme_slot *slot = &work->slots[work->first];
        count_responses(work, &slot->sample);
        count_gold(work, &slot->sample);
        lme_tally_score(&work->tally, slot->arena, &slot->sample);
        count_failure(work, &slot->sample);
        work->progress.n_docs_done++;
        work->first = (work->first + 1) % work->n_slots;
        work->count--;
        any = true;
        if (options->on_sample != NULL && !options->on_sample(options->context, &slot->sample, err))
            return false;
    }
    return !any || options->on_pause == NULL || options->on_pause(options->context, err);
}
