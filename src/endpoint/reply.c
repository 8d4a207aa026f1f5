/* Responses out: reads an answer the way its request was asked, for all who wait for it. A final
 * failure is a response, so that one bad item stays one bad item. */
#include "generate.h"
#include "state.h"

static bool decode(lme_endpoint *endpoint, const lme_request *request, lme_exchange *x,
                   lme_response *response, lme_error *err)
{
    lme_form form = lme_endpoint_form(endpoint, request);
    if (request->kind == LME_REQUEST_GENERATE)
        return lme_generate_decode(x->arena, &form, request, &x->value, response, err);
    lme_question question = {x->ask.path, &form, request};
    return lme_path_decode(x->arena, &question, &x->value, response, err);
}

bool lme_endpoint_take_step(lme_endpoint *endpoint, lme_exchange *x, lme_response *response,
                            lme_error *err)
{
    lme_steps steps = {
        .arena = lme_exchange_own(x),
        .form = &endpoint->form,
        .url = &endpoint->url,
        .request = x->ask.request,
        .progress = x->ask.progress,
        .next_body = LME_STR(""),
    };
    if (!x->ask.path->step(&steps, &x->value, response, err))
        return false;
    x->ask.progress = steps.progress;
    x->goes_on = steps.next_body.len > 0;
    if (x->goes_on) {
        x->url = steps.next_url;
        x->body = steps.next_body;
        endpoint->n_steps++;
    }
    return true;
}

static bool read_answer(lme_endpoint *endpoint, lme_exchange *x, lme_response *response,
                        lme_error *err)
{
    bool scores = x->ask.request->kind != LME_REQUEST_GENERATE;
    if (x->ask.passage != NULL && x->ask.passage->stage != LME_STAGE_WHOLE)
        return lme_passage_step(endpoint, x, response, err);
    return scores && x->ask.path->step != NULL ? lme_endpoint_take_step(endpoint, x, response, err)
                                               : decode(endpoint, x->ask.request, x, response, err);
}

static lme_str failure_text(lme_arena *arena, const lme_error *err)
{
    if (err->hint[0] == '\0')
        return lme_str_copy(arena, lme_str_from(err->message));
    return lme_str_format(arena, "%s; %s", err->message, err->hint);
}

/* A parameter was refused: the same question in other words. Several are under way when the first
 * refusal comes; those were asked before its lesson and teach nothing new. */
static bool reword(lme_endpoint *endpoint, lme_exchange *x)
{
    const lme_request *generation = lme_endpoint_generation(x);
    if (generation == NULL || x->outcome != LME_OUTCOME_STATUS ||
        (x->status != 400 && x->status != 422))
        return false;
    if (x->ask.passage != NULL && x->ask.passage->stage < LME_STAGE_IDS)
        return false;
    lme_dialect *dialect = lme_endpoint_dialect(endpoint, generation);
    lme_refused refused = {
        .answer = x->answer,
        .request = generation,
        .model = endpoint->form.model,
        .is_score = generation == x->ask.generation,
    };
    if (x->ask.n_lessons == dialect->n_lessons &&
        !lme_dialect_learn(endpoint->arena, dialect, &refused))
        return false;
    lme_endpoint_word(endpoint, x);
    x->goes_on = true;
    return true;
}

static bool is_too_long(const lme_endpoint *endpoint, const lme_exchange *x)
{
    return (x->ask.passage != NULL && x->ask.passage->too_long) || lme_overflows(endpoint, x);
}

static lme_str exchange_failure(const lme_endpoint *endpoint, const lme_exchange *x)
{
    lme_str failure = lme_exchange_failure(x->arena, endpoint->transport, x);
    const char *hint = lme_slots_hint(x);
    return hint == NULL ? failure
                        : lme_str_format(x->arena, "%.*s; %s", LME_STR_ARG(failure), hint);
}

/* What is kept of an answer that was generated: its text and how it ended. */
static void hide_secrets(lme_endpoint *endpoint, const lme_exchange *x, lme_response *response)
{
    const lme_transport *transport = endpoint->transport;
    lme_str told = response->text;
    response->text = lme_transport_scrub_answer(x->arena, transport, told);
    endpoint->n_hidden += !lme_str_equal(response->text, told);
    response->finish = lme_transport_scrub_answer(x->arena, transport, response->finish);
}

/* The response to one request out of the exchange's answer; unless it goes on.
 * Returns whether the path does not tell it and another one is to be asked. */
static bool respond(lme_endpoint *endpoint, lme_exchange *x, lme_response *response)
{
    lme_error err = {0};
    *response = (lme_response){
        .state = LME_RESPONSE_OK,
        .text = LME_STR(""),
        .finish = LME_STR(""),
        .failure = LME_STR(""),
    };
    lme_str failure = LME_STR("");
    bool is_ended = false;
    if (x->outcome != LME_OUTCOME_OK) {
        failure = exchange_failure(endpoint, x);
    } else if (!read_answer(endpoint, x, response, &err) ||
               (is_ended = lme_length_ended(&endpoint->length, x->ask.request, response, &err))) {
        failure = lme_transport_scrub(x->arena, endpoint->transport, failure_text(x->arena, &err));
    } else if (response->failure.len > 0) {
        if (endpoint->ordinary != NULL)
            return true;
        failure = lme_str_format(x->arena, "%.*s, and the server has no other path to ask",
                                 LME_STR_ARG(response->failure));
    }
    if (failure.len > 0)
        *response = (lme_response){
            .state = LME_RESPONSE_FAILED,
            .text = LME_STR(""),
            .finish = LME_STR(""),
            .failure = failure,
            .too_long = is_ended || is_too_long(endpoint, x),
        };
    else if (x->ask.path != NULL && x->ask.path != endpoint->path)
        response->finish = LME_STR(LME_SCORED_ASIDE);
    else if (x->ask.request->kind == LME_REQUEST_GENERATE)
        hide_secrets(endpoint, x, response);
    return false;
}

static void set_current(lme_exchange *x, const lme_asking *asking)
{
    x->ask.request = asking->request;
    x->ask.done = asking->done;
    x->ask.context = asking->context;
}

static void put_aside(lme_exchange *x)
{
    lme_asking *asking = LME_NEW(lme_exchange_own(x), lme_asking);
    *asking = (lme_asking){x->ask.aside, x->ask.request, x->ask.done, x->ask.context};
    x->ask.aside = asking;
}

/* Asks what was put aside, one after the other in the same exchange: no more requests are open
 * than may be. */
static void go_on_aside(lme_endpoint *endpoint, lme_exchange *x)
{
    const lme_path *path = endpoint->ordinary;
    set_current(x, x->ask.aside);
    x->ask.aside = x->ask.aside->next;
    x->ask.path = path;
    x->left = path->left;
    x->ask.generation = NULL;
    x->ask.progress = NULL;
    x->url = path->url(&endpoint->url, x->ask.request);
    x->body = path->encode(lme_exchange_own(x), &endpoint->form, x->ask.request);
    x->goes_on = true;
}

void lme_endpoint_answered(lme_exchange *x)
{
    lme_endpoint *endpoint = x->owner;
    if (reword(endpoint, x)) {
        endpoint->n_reworded++;
        return;
    }
    size_t n_told = 0, n_failed = 0;
    lme_asking *joined = x->ask.joined;
    if (endpoint->open == x)
        endpoint->open = NULL;
    x->ask.joined = NULL;
    lme_response response;
    for (bool more = true; more;) {
        bool aside = respond(endpoint, x, &response);
        if (x->goes_on)
            return;
        if (aside) {
            put_aside(x);
        } else {
            n_told++;
            n_failed += response.state != LME_RESPONSE_OK;
            endpoint->delivering = x;
            x->ask.done(x->ask.context, &response);
            endpoint->delivering = NULL;
        }
        more = joined != NULL;
        if (more) {
            set_current(x, joined);
            joined = joined->next;
        }
    }
    endpoint->n_unusable += x->outcome == LME_OUTCOME_OK && n_failed > 0;
    endpoint->n_steps += n_told == 0;
    if (x->ask.aside != NULL)
        go_on_aside(endpoint, x);
    else
        lme_dispatch_end(endpoint, x, &response);
}

void lme_endpoint_answer(lme_endpoint *endpoint, lme_exchange *x, const lme_batch_item *question)
{
    lme_response response;
    set_current(x, &(lme_asking){NULL, question->request, question->done, question->context});
    bool aside = respond(endpoint, x, &response);
    LME_BUG(aside || x->goes_on, "a path that asks in batches asks more than once");
    endpoint->n_unusable += response.state != LME_RESPONSE_OK;
    lme_dispatch_told(endpoint, question->request, &response);
    endpoint->delivering = x;
    x->ask.done(x->ask.context, &response);
    endpoint->delivering = NULL;
}
