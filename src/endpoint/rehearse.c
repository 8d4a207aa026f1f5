/* Questions counted instead of sent. What shares a request, what goes out in a batch, what has to
 * go past the tokenizer: all of that is asked of the functions that decide it when a run sends
 * them. */
#include "gather.h"
#include "generate.h"
#include "state.h"

#include <math.h>

struct lme_rehearsal {
    lme_exchange open; /* stands for the last request whose answer serves more than one question */
    const lme_str *alternatives; /* of its first question */
    lme_arena *arena;            /* of that question's body; emptied with each */
    lme_arena *scratch;
    size_t n_gathered; /* questions in batches so far */
};

static struct lme_rehearsal *rehearsal_of(lme_endpoint *endpoint)
{
    if (endpoint->rehearsal == NULL) {
        endpoint->rehearsal = LME_NEW(endpoint->arena, struct lme_rehearsal);
        *endpoint->rehearsal =
            (struct lme_rehearsal){.arena = lme_arena_new(), .scratch = lme_arena_new()};
    }
    return endpoint->rehearsal;
}

void lme_endpoint_rehearsed(lme_endpoint *endpoint)
{
    struct lme_rehearsal *rehearsal = endpoint->rehearsal;
    if (rehearsal == NULL)
        return;
    lme_arena_free(rehearsal->arena);
    lme_arena_free(rehearsal->scratch);
    endpoint->rehearsal = NULL;
    endpoint->open = NULL;
}

/* ---- what a question is made of ---- */

static double generated_by(const lme_request *request)
{
    return request->kind == LME_REQUEST_GENERATE ? (double)request->generation->max_tokens : 0;
}

lme_pace lme_endpoint_pace(const lme_endpoint *endpoint, bool chats)
{
    return lme_timings_pace(&endpoint->timings, chats);
}

size_t lme_endpoint_room(const lme_endpoint *endpoint)
{
    return lme_length_bound(&endpoint->length);
}

/* Texts that are laid into windows are never too long. */
static bool is_laid_out(const lme_endpoint *endpoint, const lme_request *request)
{
    return request->kind == LME_REQUEST_ROLLING && lme_length_concerns(&endpoint->length, request);
}

void lme_endpoint_expect(lme_endpoint *endpoint, double tokens_a_byte)
{
    endpoint->tokens_a_byte = tokens_a_byte;
}

/* The question's own length, whether it shares its request or not. */
static double tokens_of(const lme_endpoint *endpoint, const lme_request *asked)
{
    if (endpoint->tokens_a_byte > 0)
        return endpoint->tokens_a_byte * lme_prompt_bytes(asked);
    lme_pace pace = lme_endpoint_pace(endpoint, lme_is_chat(asked));
    if (pace.tokens_a_byte <= 0)
        return 0;
    return pace.tokens_a_prompt + pace.tokens_a_byte * lme_prompt_bytes(asked);
}

static void add_length(const lme_endpoint *endpoint, const lme_request *asked, double tokens,
                       lme_outlay *outlay)
{
    double room = (double)lme_endpoint_room(endpoint), whole = tokens + generated_by(asked);
    if (tokens <= 0 || is_laid_out(endpoint, asked))
        return;
    outlay->longest = fmax(outlay->longest, whole);
    outlay->n_too_long += room > 0 && whole > room;
}

/* ---- requests ---- */

typedef struct bounds {
    size_t least, most;
} bounds;

static bounds bounds_of_path(const lme_path *path, const lme_request *request)
{
    bounds b = {1, 1};
    if (path != NULL && path->requests != NULL)
        path->requests(request, &b.least, &b.most);
    return b;
}

/* A path that does not take every question may not tell the answer to one that it takes: then the
 * ordinary path is asked as well. */
static size_t most_aside(const lme_endpoint *endpoint, const lme_path *path,
                         const lme_request *request)
{
    if (path == NULL || path->takes == NULL || endpoint->ordinary == NULL ||
        path == endpoint->ordinary)
        return 0;
    return bounds_of_path(endpoint->ordinary, request).most;
}

/* As lme_endpoint_send_alone sends it. */
static bounds bounds_alone(const lme_endpoint *endpoint, const lme_path *path,
                           const lme_request *request)
{
    bounds b = bounds_of_path(path, request);
    bool is_put = path != NULL && path->put != NULL;
    if (!is_put && lme_length_concerns(&endpoint->length, request)) {
        bounds passage;
        lme_length_requests(&endpoint->length, request, &passage.least, &passage.most);
        b = (bounds){passage.least, passage.most - 1 + b.most};
    }
    return b;
}

/* What is asked of the server for the question; its own request where that is no score. */
static const lme_request *asked_for(lme_endpoint *endpoint, const lme_path *path,
                                    const lme_request *request, lme_request *generation)
{
    lme_arena *scratch = rehearsal_of(endpoint)->scratch;
    if (path == NULL || path->put == NULL)
        return request;
    lme_arena_reset(scratch);
    return path->put(scratch, &endpoint->form, request, generation, NULL) ? generation : request;
}

static void add_text(const lme_request *asked, double tokens, lme_outlay *outlay)
{
    outlay->bytes += lme_prompt_bytes(asked);
    outlay->prompt_tokens += tokens;
}

static void open_question(lme_endpoint *endpoint, const lme_path *path, const lme_request *request,
                          lme_str body)
{
    struct lme_rehearsal *rehearsal = rehearsal_of(endpoint);
    lme_arena_reset(rehearsal->arena);
    rehearsal->open.ask.path = path;
    rehearsal->open.ask.question = lme_str_copy(rehearsal->arena, body);
    rehearsal->alternatives = request->alternatives;
    endpoint->open = &rehearsal->open;
}

/* Served by the request before; but when that one is of another document, it may be answered
 * already when this one's turn comes. */
static void add_joined(lme_endpoint *endpoint, const lme_path *path, const lme_request *request,
                       lme_outlay *outlay)
{
    bool is_sure = endpoint->rehearsal->alternatives == request->alternatives;
    outlay->n_most += most_aside(endpoint, path, request);
    if (!is_sure) {
        outlay->n_most += bounds_alone(endpoint, path, request).most;
        endpoint->rehearsal->alternatives = request->alternatives;
    }
}

static void add_alone(lme_endpoint *endpoint, const lme_path *path, const lme_request *request,
                      const lme_request *asked, lme_outlay *outlay)
{
    bounds b = bounds_alone(endpoint, path, request);
    outlay->n_least += b.least;
    outlay->n_most += b.most + most_aside(endpoint, path, request);
    outlay->most_generated +=
        asked->kind == LME_REQUEST_GENERATE ? generated_by(asked) : (double)b.most;
}

/* Batches are full as long as questions are waiting; how many are, the answers' order decides. */
static void add_together(lme_endpoint *endpoint, lme_outlay *outlay)
{
    struct lme_rehearsal *rehearsal = rehearsal_of(endpoint);
    outlay->n_least += rehearsal->n_gathered % endpoint->batch == 0;
    outlay->n_most++;
    outlay->most_generated++;
    rehearsal->n_gathered++;
}

void lme_endpoint_rehearse(lme_endpoint *endpoint, const lme_request *request, lme_str body,
                           bool alone, lme_outlay *outlay)
{
    bool generates = request->kind == LME_REQUEST_GENERATE;
    const lme_path *path = generates ? NULL : lme_endpoint_path(endpoint, request);
    lme_request generation;
    const lme_request *asked = asked_for(endpoint, path, request, &generation);
    double tokens = tokens_of(endpoint, asked);
    add_length(endpoint, asked, tokens, outlay);
    if (!alone && lme_endpoint_joins(endpoint, request, body)) {
        add_joined(endpoint, path, request, outlay);
        return;
    }
    add_text(asked, tokens, outlay);
    if (!alone && lme_endpoint_batches(endpoint, request)) {
        add_together(endpoint, outlay);
        return;
    }
    add_alone(endpoint, path, request, asked, outlay);
    if (!alone && path != NULL && path->put != NULL)
        open_question(endpoint, path, request, body);
}
