/* Requests in: joins the transport with the way a request kind is asked. What comes of it is
 * reply.c's. */
#include "gather.h"
#include "generate.h"
#include "state.h"

#include <lmeval/limits.h>

/* The path that `auto` or a name means; NULL when there is no such path. */
static const lme_path *path_named(lme_str name)
{
    size_t n;
    if (name.len == 0 || lme_str_is(name, "auto"))
        return lme_path_all(&n)[0];
    return lme_path_find(name);
}

static bool refuse_path(lme_arena *arena, lme_str name, lme_error *err)
{
    size_t n;
    const lme_path *const *paths = lme_path_all(&n);
    lme_builder names = {.arena = arena};
    for (size_t i = 0; i < n; i++)
        lme_builder_format(&names, ", %s", paths[i]->name);
    lme_fail(err, LME_ERR_USAGE, NULL, "there is no scoring path \"%.*s\"", LME_STR_ARG(name));
    return lme_hint(err, "expected auto%s", lme_builder_finish(&names).ptr);
}

static bool open_in(lme_endpoint *endpoint, const lme_endpoint_options *options, lme_error *err)
{
    if (endpoint->path == NULL)
        return refuse_path(endpoint->arena, options->scoring, err);
    if (!lme_dispatch_open(endpoint, options, err))
        return false;
    lme_watch_open(endpoint, options);
    lme_transport_options transport = {
        .concurrency =
            options->concurrency > 0 ? options->concurrency : endpoint->dispatch.knee.max,
        .connect_ms = options->connect_ms,
        .timeout_ms = options->timeout_ms,
        .max_retries = options->max_retries,
        .backoff_ms = options->backoff_ms,
        .api_key = options->api_key,
        .network = options->network,
        .max_rps = options->max_rps,
        .n_servers = endpoint->dispatch.pool.n_servers,
        .before_try = lme_dispatch_before,
        .after_try = lme_dispatch_after,
        .hold_try = lme_watch_hold,
        .context = endpoint,
    };
    return lme_transport_open(&transport, &endpoint->transport, err);
}

bool lme_endpoint_open(const lme_endpoint_options *options, lme_endpoint **endpoint, lme_error *err)
{
    LME_BUG(options->concurrency > LME_LIMIT_CONCURRENCY, "concurrency out of range");
    lme_arena *arena = lme_arena_new();
    lme_endpoint *made = LME_NEW(arena, lme_endpoint);
    *made = (lme_endpoint){
        .arena = arena,
        .options = *options,
        .has_key = options->api_key.len > 0,
        .batch = 1,
        .path = path_named(options->scoring),
        .ordinary = path_named(LME_STR("auto")),
        .form =
            {
                .model = lme_str_copy(arena, options->model),
                .seed = options->seed,
                .top_limit = LME_TOP_LIMIT,
                .think_end = lme_str_copy(arena, options->think_end),
            },
        .length =
            {
                .asked = options->max_length,
                .truncates = options->truncates,
                .prefix = options->has_prefix_token ? options->prefix_token : -1,
            },
        .completions = lme_dialect_of_completions(),
        .chats = lme_dialect_of_chats(),
    };
    made->options.base_url = lme_str_copy(arena, options->base_url);
    made->options.model = made->form.model;
    made->options.scoring = lme_str_copy(arena, options->scoring);
    made->options.api_key = LME_STR("");
    made->options.network = (lme_network){0};
    if (!open_in(made, options, err)) {
        lme_endpoint_close(made);
        return false;
    }
    *endpoint = made;
    return true;
}

void lme_endpoint_close(lme_endpoint *endpoint)
{
    if (endpoint == NULL)
        return;
    lme_transport_close(endpoint->transport);
    lme_endpoint_rehearsed(endpoint);
    lme_arena_free(endpoint->arena);
}

const lme_path *lme_endpoint_path(const lme_endpoint *endpoint, const lme_request *request)
{
    const lme_path *path = endpoint->path;
    return path != NULL && path->takes != NULL && !path->takes(request) ? endpoint->ordinary : path;
}

static bool refuse_encode(const lme_endpoint *endpoint, lme_error *err)
{
    if (endpoint->path == NULL)
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "the server was not proved to score: no scoring path works");
    return lme_fail(err, LME_ERR_SERVER, NULL,
                    "the scoring path %s tells the next token after a context alone, and the "
                    "server has no other path for this request",
                    endpoint->path->name);
}

bool lme_endpoint_encode(lme_arena *arena, const lme_endpoint *endpoint, const lme_request *request,
                         lme_str *body, lme_error *err)
{
    if (request->kind == LME_REQUEST_GENERATE) {
        *body = lme_generate_encode(arena, &endpoint->form, request);
        return true;
    }
    const lme_path *path = lme_endpoint_path(endpoint, request);
    if (path == NULL)
        return refuse_encode(endpoint, err);
    if (lme_is_chat(request) && !path->scores_chats)
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "the scoring path %s cannot score what follows a conversation", path->name);
    /* It would end SGLang, asked by /generate (servers 3.33). */
    if (!lme_is_chat(request) && request->context.len == 0 && request->continuation.len == 0)
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "the text is empty: nothing to score, and nothing was asked");
    if (path->put == NULL) {
        *body = path->encode(arena, &endpoint->form, request);
        return true;
    }
    lme_request generation;
    if (!path->put(arena, &endpoint->form, request, &generation, err))
        return false;
    *body = lme_generate_encode(arena, &endpoint->form, &generation);
    return true;
}

bool lme_endpoint_compares(const lme_endpoint *endpoint, const lme_request *request)
{
    const lme_path *path =
        request->kind != LME_REQUEST_GENERATE ? lme_endpoint_path(endpoint, request) : NULL;
    return path != NULL && path->compares;
}

lme_dialect *lme_endpoint_dialect(lme_endpoint *endpoint, const lme_request *request)
{
    return lme_is_chat(request) ? &endpoint->chats : &endpoint->completions;
}

lme_form lme_endpoint_form(lme_endpoint *endpoint, const lme_request *request)
{
    lme_form form = endpoint->form;
    form.dialect = lme_endpoint_dialect(endpoint, request);
    return form;
}

const lme_request *lme_endpoint_generation(const lme_exchange *x)
{
    return x->ask.request->kind == LME_REQUEST_GENERATE ? x->ask.request : x->ask.generation;
}

const lme_request *lme_exchange_sent(const lme_exchange *x)
{
    return x->ask.generation != NULL ? x->ask.generation : x->ask.request;
}

void lme_endpoint_word(lme_endpoint *endpoint, lme_exchange *x)
{
    const lme_request *generation = lme_endpoint_generation(x);
    if (generation == NULL)
        return;
    lme_form form = lme_endpoint_form(endpoint, generation);
    x->ask.n_lessons = form.dialect->n_lessons;
    if (x->ask.passage != NULL && x->ask.passage->stage == LME_STAGE_IDS)
        form.prompt = &x->ask.passage->sent;
    if (form.dialect->n_lessons > 0 || form.prompt != NULL)
        x->body = lme_generate_encode(lme_exchange_own(x), &form, generation);
}

bool lme_endpoint_joins(const lme_endpoint *endpoint, const lme_request *request, lme_str body)
{
    const lme_exchange *x = endpoint->open;
    return x != NULL && !endpoint->watch.checks && request->kind != LME_REQUEST_GENERATE &&
           x->ask.path == lme_endpoint_path(endpoint, request) &&
           lme_str_equal(x->ask.question, body);
}

/* Puts the request beside that of the open exchange. */
static void join(lme_exchange *x, const lme_asking *asking)
{
    lme_asking **last = &x->ask.joined;
    while (*last != NULL)
        last = &(*last)->next;
    *last = LME_NEW(lme_exchange_own(x), lme_asking);
    **last = *asking;
}

/* Where a score is asked for; what is asked instead of it. */
static bool prepare_score(lme_endpoint *endpoint, lme_exchange *x, lme_error *err)
{
    const lme_request *request = x->ask.request;
    const lme_path *path = lme_endpoint_path(endpoint, request);
    x->ask.path = path;
    x->left = path->left;
    if (path->put == NULL) {
        x->url = path->url(&endpoint->url, request);
        return true;
    }
    lme_request *generation = LME_NEW(lme_exchange_own(x), lme_request);
    if (!path->put(lme_exchange_own(x), &endpoint->form, request, generation, err))
        return false;
    x->ask.generation = generation;
    x->url = lme_url_of_openai(&endpoint->url, generation);
    endpoint->open = x;
    return true;
}

bool lme_endpoint_send_alone(lme_endpoint *endpoint, const lme_batch_item *question, lme_error *err)
{
    const lme_request *request = question->request;
    lme_exchange *x = lme_transport_take(endpoint->transport);
    x->body = x->ask.question = question->body;
    x->done = lme_endpoint_answered;
    x->owner = endpoint;
    x->ask.request = request;
    x->ask.done = question->done;
    x->ask.context = question->context;
    x->passes = question->passes;
    x->single = question->passes && endpoint->watch.others;
    x->ask.server = endpoint->watch.checked;
    if (request->kind == LME_REQUEST_GENERATE)
        x->url = lme_url_of_openai(&endpoint->url, request);
    else if (!prepare_score(endpoint, x, err))
        LME_BUG(true, "a request was sent that cannot be put");
    lme_endpoint_word(endpoint, x);
    lme_dispatch_begin(endpoint, x);
    if (x->ask.generation == NULL && lme_length_concerns(&endpoint->length, request))
        lme_passage_begin(endpoint, x);
    if (lme_transport_start(endpoint->transport, x, err))
        return true;
    endpoint->open = NULL;
    lme_dispatch_end(endpoint, x, NULL);
    return false;
}

bool lme_endpoint_batches(const lme_endpoint *endpoint, const lme_request *request)
{
    return lme_gather_takes(endpoint, request) && !lme_length_concerns(&endpoint->length, request);
}

bool lme_endpoint_send(lme_endpoint *endpoint, const lme_request *request, lme_str body,
                       lme_endpoint_done *done, void *context, lme_error *err)
{
    LME_BUG(body.len == 0, "a request has no body");
    LME_BUG(request->kind != LME_REQUEST_GENERATE && lme_endpoint_path(endpoint, request) == NULL,
            "a scoring request was sent without a scoring path");
    if (lme_endpoint_joins(endpoint, request, body)) {
        join(endpoint->open, &(lme_asking){NULL, request, done, context});
        return true;
    }
    LME_BUG(!lme_endpoint_has_room(endpoint), "a request was sent past the concurrency");
    lme_batch_item question = {request, body, done, context, endpoint->watch.checks};
    return !question.passes && lme_endpoint_batches(endpoint, request)
               ? lme_gather(endpoint, &question, err)
               : lme_endpoint_send_alone(endpoint, &question, err);
}

size_t lme_endpoint_in_flight(const lme_endpoint *endpoint)
{
    return lme_transport_in_flight(endpoint->transport) + (endpoint->gathering != NULL);
}

bool lme_endpoint_wait(lme_endpoint *endpoint, unsigned timeout_ms, lme_error *err)
{
    if (!lme_gather_flush(endpoint, err) || !lme_watch_turn(endpoint, err) ||
        !lme_transport_wait(endpoint->transport, timeout_ms, err))
        return false;
    if (endpoint->is_broken)
        *err = endpoint->broken;
    return !endpoint->is_broken;
}

size_t lme_endpoint_paths(const char **names, const char **meanings, size_t max)
{
    size_t n;
    const lme_path *const *paths = lme_path_all(&n);
    for (size_t i = 0; i < n && i < max; i++) {
        names[i] = paths[i]->name;
        meanings[i] = paths[i]->meaning;
    }
    return n;
}
