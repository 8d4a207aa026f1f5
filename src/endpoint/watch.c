#include "watch.h"

#include "answer.h"
#include "loop.h"
#include "probe.h"

#include <poll.h>
#include <stdio.h>

#include <lmeval/json.h>

enum {
    /* A look is a small question; one that hangs must not hide that the server is back. */
    LOOK_MS = 10000,
    TURN_MS = 200,
    AWAY_AFTER = 3 /* tries at one of several servers that broke off in a row, or its rests */
};

void lme_watch_open(lme_endpoint *endpoint, const lme_endpoint_options *options)
{
    lme_watch *watch = &endpoint->watch;
    size_t n = endpoint->dispatch.pool.n_servers;
    *watch = (lme_watch){
        .patience = {.most_ms = options->wait_ms},
        .looks = LME_ARRAY(endpoint->arena, lme_look, n),
        .n_looks = n,
    };
    for (size_t i = 0; i < n; i++)
        watch->looks[i] = (lme_look){.endpoint = endpoint, .server = i};
}

void lme_watch_know(lme_endpoint *endpoint, lme_str software, bool lists_model)
{
    size_t i = 0;
    while (endpoint->dispatch.urls[i].models != endpoint->url.models)
        i++;
    endpoint->watch.looks[i].software = lme_str_copy(endpoint->arena, software);
    endpoint->watch.looks[i].lists_model = lists_model;
}

void lme_endpoint_on_return(lme_endpoint *endpoint, lme_endpoint_return *on_return, void *context)
{
    endpoint->watch.on_return = on_return;
    endpoint->watch.context = context;
}

/* ---- whom a try met ---- */

/* 502 and 504 are what a gateway says of a server that is not there, 503 what llama-server and
 * gateways say while it loads. */
static bool is_met(const lme_exchange *x)
{
    switch (x->outcome) {
    case LME_OUTCOME_STATUS:
        return x->status < 502 || x->status > 504;
    case LME_OUTCOME_CONNECTION:
    case LME_OUTCOME_TIMEOUT:
    case LME_OUTCOME_TRUNCATED:
        return false;
    case LME_OUTCOME_OK:
    case LME_OUTCOME_NOT_JSON:
    case LME_OUTCOME_ERROR:
    case LME_OUTCOME_TOO_LARGE:
    case LME_OUTCOME_TRANSPORT:
    case LME_OUTCOMES:
        return true;
    }
    return true;
}

void lme_watch_tried(lme_endpoint *endpoint, const lme_exchange *x, bool faulty)
{
    lme_watch *watch = &endpoint->watch;
    lme_look *look = &watch->looks[x->ask.server];
    bool met = is_met(x);
    lme_patience_tried(&watch->patience, met);
    if (x->outcome == LME_OUTCOME_OK)
        lme_patience_answered(&watch->patience);
    look->is_faulty = faulty;
    look->n_missed = met ? 0 : look->n_missed + 1;
    bool is_broken = x->outcome == LME_OUTCOME_CONNECTION || x->outcome == LME_OUTCOME_TRUNCATED;
    look->n_broken = is_broken ? look->n_broken + 1 : 0;
}

/* Nobody listens there, or all that was under way broke off: no chance of the network's. Who says
 * that it is busy, or does not come round to answering, may be so for some rests in a row. */
static bool is_lost(const lme_look *look, const lme_exchange *x, const lme_server_traffic *server)
{
    bool is_refused = x->outcome == LME_OUTCOME_CONNECTION && x->code == CURLE_COULDNT_CONNECT;
    bool all_broke = look->n_broken >= AWAY_AFTER || (look->n_broken > 0 && server->n_open == 0);
    return is_refused || all_broke || (!is_met(x) && server->n_failed_in_row >= AWAY_AFTER);
}

void lme_watch_failed(lme_endpoint *endpoint, const lme_exchange *x)
{
    lme_watch *watch = &endpoint->watch;
    const lme_server_traffic *server = &endpoint->dispatch.pool.servers[x->ask.server];
    lme_look *look = &watch->looks[x->ask.server];
    if (watch->n_looks == 1 || server->is_away || !is_lost(look, x, server))
        return;
    look->met = false;
    lme_pool_away(&endpoint->dispatch.pool, x->ask.server);
}

/* The looks begin, at all servers. */
static void begin(lme_watch *watch)
{
    lme_patience_begin(&watch->patience, lme_now_ms());
    for (size_t i = 0; i < watch->n_looks; i++)
        watch->looks[i].met = false;
    watch->n_met = 0;
    watch->is_round = false;
}

bool lme_watch_hold(void *context, lme_exchange *x, bool last)
{
    lme_endpoint *endpoint = context;
    lme_watch *watch = &endpoint->watch;
    if (endpoint->dispatch.probing || x->passes || is_met(x))
        return false;
    if (watch->patience.presence != LME_PRESENCE_THERE || watch->checks)
        return true;
    bool all_away = watch->patience.most_ms > 0 && lme_pool_all_away(&endpoint->dispatch.pool);
    if (!all_away && !lme_patience_doubts(&watch->patience, last))
        return false;
    begin(watch);
    lme_transport_hold(endpoint->transport);
    return true;
}

/* ---- a look ---- */

static bool lists(const lme_value *models, lme_str id)
{
    for (size_t i = 0; i < models->list.len; i++) {
        if (lme_str_equal(lme_value_text(&models->list.items[i], "id"), id))
            return true;
    }
    return false;
}

/* Is it the server that the probe has seen? */
static void compare(lme_endpoint *endpoint, const lme_exchange *x, const lme_value *models)
{
    lme_watch *watch = &endpoint->watch;
    const lme_look *look = x->owner;
    lme_str root = endpoint->dispatch.urls[look->server].root;
    lme_str software = lme_server_software(x->arena, endpoint->transport, x->server, models);
    bool has_model = !look->lists_model || lists(models, endpoint->form.model);
    bool same = lme_str_equal(software, look->software);
    if (watch->is_first || watch->is_other || (has_model && same))
        return;
    lme_str name = models->list.len > 0 ? lme_value_text(&models->list.items[0], "id")
                                        : LME_STR("none at all");
    name = lme_one_line(x->arena, lme_transport_scrub(x->arena, endpoint->transport, name), 80);
    watch->is_other = true;
    if (!has_model)
        lme_fail(&watch->other, LME_ERR_SERVER, NULL,
                 "another model is at %.*s than before it was away: %.*s, not %.*s",
                 LME_STR_ARG(root), LME_STR_ARG(name), LME_STR_ARG(endpoint->form.model));
    else
        lme_fail(&watch->other, LME_ERR_SERVER, NULL,
                 "another server is at %.*s than before it was away: \"%.*s\", not \"%.*s\"",
                 LME_STR_ARG(root), LME_STR_ARG(software), LME_STR_ARG(look->software));
    lme_hint(&watch->other, "what was answered is kept; start the model again that gave these "
                            "answers, and the same command goes on");
}

/* One token more behind one token. */
static lme_str question(lme_arena *arena, lme_str model)
{
    lme_builder body = {.arena = arena};
    lme_map_builder map = {.arena = arena};
    lme_map_add(&map, LME_STR("model"), lme_string(model));
    lme_map_add(&map, LME_STR("prompt"), lme_string(LME_STR("1")));
    lme_map_add(&map, LME_STR("max_tokens"), lme_int(1));
    lme_value value = lme_map_finish(&map);
    lme_json_write(&body, &value, &(lme_json_style){0});
    return lme_builder_finish(&body);
}

/* The list of models has come, or a refusal of it. False: there is none yet. */
static bool take_models(lme_look *look, lme_exchange *x)
{
    lme_endpoint *endpoint = look->endpoint;
    const lme_value *data = lme_value_find(&x->value, "data");
    lme_str model = endpoint->form.model;
    if (x->outcome == LME_OUTCOME_OK && data != NULL && data->kind == LME_LIST) {
        if (data->list.len == 0 && look->lists_model)
            return false;
        compare(endpoint, x, data);
        if (model.len == 0 && data->list.len > 0)
            model = lme_value_text(&data->list.items[0], "id");
    }
    look->listed = true;
    x->url = endpoint->dispatch.urls[look->server].completions;
    x->body = question(lme_exchange_own(x), model);
    x->goes_on = true;
    return true;
}

/* The transport's callback. */
static void looked(lme_exchange *x)
{
    lme_look *look = x->owner;
    lme_watch *watch = &look->endpoint->watch;
    /* Who takes a question and is slow with it is there. */
    bool met = is_met(x) || (look->listed && x->outcome == LME_OUTCOME_TIMEOUT);
    if (met && !look->listed && take_models(look, x))
        return;
    look->met = met && look->listed;
    look->is_under_way = false;
    if (!look->met && watch->patience.presence == LME_PRESENCE_THERE) {
        lme_pool_away(&look->endpoint->dispatch.pool, look->server);
        lme_pool_missed(&look->endpoint->dispatch.pool, look->server, lme_now_ms());
    }
    if (!met) {
        lme_str failure = lme_exchange_failure(x->arena, look->endpoint->transport, x);
        snprintf(watch->failure, sizeof watch->failure, "%.*s", LME_STR_ARG(failure));
    } else if (!look->met) {
        snprintf(watch->failure, sizeof watch->failure, "it lists no model yet");
    }
    watch->n_met += look->met;
    watch->n_under_way--;
}

static bool look_at(lme_endpoint *endpoint, size_t server, lme_error *err)
{
    lme_watch *watch = &endpoint->watch;
    lme_look *look = &watch->looks[server];
    lme_exchange *x = lme_transport_take(endpoint->transport);
    look->listed = false;
    x->looks = x->passes = true;
    x->timeout_ms = endpoint->options.timeout_ms < LOOK_MS ? endpoint->options.timeout_ms : LOOK_MS;
    x->url = endpoint->dispatch.urls[server].models;
    x->done = looked;
    x->owner = look;
    x->ask.server = server;
    if (!lme_transport_start(endpoint->transport, x, err))
        return false;
    look->is_under_way = true;
    watch->n_under_way++;
    return true;
}

/* At each server that was not met. */
static bool look_around(lme_endpoint *endpoint, lme_error *err)
{
    lme_watch *watch = &endpoint->watch;
    watch->is_round = true;
    for (size_t i = 0; i < watch->n_looks; i++) {
        if (!watch->looks[i].met && !look_at(endpoint, i, err))
            return false;
    }
    return true;
}

/* ---- what is said of it ---- */

/* Of the servers, the first that was not met; the last where all were. */
static size_t first_missed(const lme_watch *watch)
{
    size_t i = 0;
    while (i + 1 < watch->n_looks && watch->looks[i].met)
        i++;
    return i;
}

static void tell(const lme_endpoint *endpoint, uint64_t waited_ms, bool is_back)
{
    const lme_watch *watch = &endpoint->watch;
    const lme_endpoint_options *options = &endpoint->options;
    size_t missed = first_missed(watch);
    lme_absence absence = {
        .url = endpoint->dispatch.urls[is_back ? 0 : missed].root,
        .n_servers = watch->n_looks,
        .failure = lme_str_from(watch->failure),
        .left_ms = lme_patience_left(&watch->patience, lme_now_ms()),
        .waited_ms = waited_ms,
        .is_first = watch->is_first,
        .is_back = is_back,
    };
    if (options->on_absence != NULL)
        options->on_absence(options->absence_context, &absence);
}

/* The patience is at its end. */
static bool give_up(const lme_endpoint *endpoint, lme_error *err)
{
    const lme_watch *watch = &endpoint->watch;
    size_t missed = first_missed(watch);
    unsigned long seconds = (unsigned long)(watch->patience.most_ms / 1000);
    lme_str root = endpoint->dispatch.urls[missed].root;
    if (watch->is_first || watch->n_looks == 1)
        lme_fail(err, LME_ERR_NETWORK, NULL, "no server answers at %.*s; waited %lu s for it: %s",
                 LME_STR_ARG(root), seconds, watch->failure);
    else
        lme_fail(err, LME_ERR_NETWORK, NULL,
                 "none of the %zu servers answers; waited %lu s for one: %s", watch->n_looks,
                 seconds, watch->failure);
    return lme_hint(err, watch->is_first
                             ? "look whether it is starting and at its log; --wait-for-server "
                               "SECONDS waits longer"
                             : "what was answered is kept; when the server is back, the same "
                               "command goes on; --wait-for-server SECONDS waits longer");
}

/* ---- turns ---- */

/* A round of looks was answered by nobody, or only by some of those that are wanted. */
static void judge(lme_endpoint *endpoint)
{
    lme_watch *watch = &endpoint->watch;
    watch->is_round = false;
    if (lme_patience_missed(&watch->patience, lme_now_ms()))
        tell(endpoint, 0, false);
}

/* A server was met that had been away: old questions say whether it is the one that it was. Nothing
 * else is sent meanwhile.
 *   others  are there: one that fails is left alone for a while
 *   is_in   false: it is away again
 * Returns false when it is another one, or the run was stopped. */
static bool admit(lme_endpoint *endpoint, size_t server, bool others, bool *is_in, lme_error *err)
{
    lme_watch *watch = &endpoint->watch;
    lme_look *look = &watch->looks[server];
    look->met = look->is_faulty = false;
    look->n_missed = look->n_broken = 0;
    lme_transport_hold(endpoint->transport);
    watch->checks = true;
    watch->checked = server;
    watch->others = others;
    *is_in = watch->on_return == NULL || watch->on_return(watch->context, err);
    watch->checks = false;
    watch->checked = 0;
    watch->others = false;
    if (*is_in) {
        lme_pool_back(&endpoint->dispatch.pool, server);
        return true;
    }
    if (err->code == LME_ERR_STOPPED || (look->n_missed == 0 && !(others && look->is_faulty)))
        return false;
    *err = (lme_error){0};
    return true;
}

/* Some servers are there, and one of those that are away may be back. */
static bool look_for_others(lme_endpoint *endpoint, lme_error *err)
{
    lme_watch *watch = &endpoint->watch;
    const lme_pool *pool = &endpoint->dispatch.pool;
    for (size_t i = 0; i < watch->n_looks; i++) {
        bool is_in;
        if (!pool->servers[i].is_away || watch->looks[i].is_under_way)
            continue;
        if (watch->looks[i].met) {
            if (!admit(endpoint, i, true, &is_in, err))
                return false;
            lme_transport_release(endpoint->transport, true);
        } else if (lme_now_ms() >= pool->servers[i].rested_until_ms && !look_at(endpoint, i, err)) {
            return false;
        }
    }
    return true;
}

/* All were away, and some were met. */
static bool admit_met(lme_endpoint *endpoint, bool *any_in, lme_error *err)
{
    lme_watch *watch = &endpoint->watch;
    *any_in = false;
    for (size_t i = 0; i < watch->n_looks; i++) {
        bool is_in = false;
        if (watch->n_looks > 1)
            lme_pool_away(&endpoint->dispatch.pool, i);
        if (watch->looks[i].met && !admit(endpoint, i, false, &is_in, err))
            return false;
        *any_in = *any_in || is_in;
    }
    return true;
}

/* One server was met. */
static bool come_back(lme_endpoint *endpoint, lme_error *err)
{
    lme_watch *watch = &endpoint->watch;
    uint64_t waited = lme_patience_met(&watch->patience, lme_now_ms());
    bool was_away =
        waited > 0 || (watch->n_looks > 1 && lme_pool_all_away(&endpoint->dispatch.pool));
    bool any_in;
    if (!was_away) {
        lme_transport_release(endpoint->transport, false);
        return true;
    }
    watch->n_absences += waited > 0;
    watch->waited_ms += waited;
    if (!admit_met(endpoint, &any_in, err))
        return false;
    if (any_in) {
        if (waited > 0)
            tell(endpoint, waited, true);
        lme_transport_release(endpoint->transport, true);
    } else {
        begin(watch);
        judge(endpoint);
    }
    return true;
}

bool lme_watch_turn(lme_endpoint *endpoint, lme_error *err)
{
    lme_watch *watch = &endpoint->watch;
    uint64_t now = lme_now_ms();
    if (watch->is_other)
        *err = watch->other;
    if (watch->is_other || watch->checks)
        return !watch->is_other;
    if (watch->patience.presence == LME_PRESENCE_THERE)
        return look_for_others(endpoint, err);
    if (watch->n_met > 0)
        return come_back(endpoint, err);
    if (watch->is_round && watch->n_under_way == 0)
        judge(endpoint);
    if (lme_patience_left(&watch->patience, now) == 0)
        return give_up(endpoint, err);
    /* Those of an earlier round may hang; they end by themselves. */
    if (watch->n_under_way > 0 || now < watch->patience.due_ms)
        return true;
    return look_around(endpoint, err);
}

static bool await_all(lme_endpoint *endpoint, lme_error *err)
{
    lme_watch *watch = &endpoint->watch;
    while (watch->n_met < watch->n_looks) {
        if (watch->is_round && watch->n_under_way == 0)
            judge(endpoint);
        uint64_t now = lme_now_ms();
        if (lme_patience_left(&watch->patience, now) == 0)
            return give_up(endpoint, err);
        bool is_due = watch->n_under_way == 0 && now >= watch->patience.due_ms;
        if (is_due && !look_around(endpoint, err))
            return false;
        if (watch->n_under_way == 0)
            poll(NULL, 0, TURN_MS);
        else if (!lme_transport_wait(endpoint->transport, TURN_MS, err))
            return false;
    }
    return true;
}

bool lme_watch_await(lme_endpoint *endpoint, lme_error *err)
{
    lme_watch *watch = &endpoint->watch;
    if (endpoint->options.wait_first_ms == 0)
        return true;
    watch->patience = (lme_patience){.most_ms = endpoint->options.wait_first_ms};
    watch->is_first = true;
    begin(watch);
    bool ok = await_all(endpoint, err);
    uint64_t waited = lme_patience_met(&watch->patience, lme_now_ms());
    if (ok && waited > 0)
        tell(endpoint, waited, true);
    watch->is_first = false;
    watch->patience = (lme_patience){.most_ms = endpoint->options.wait_ms};
    return ok;
}
