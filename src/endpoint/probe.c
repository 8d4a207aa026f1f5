/* What a server can do, proved by asking it before a run depends on it. Each need is looked at by
 * the room's own encode and decode, so that what was proved is what will be used. */
#include "probe.h"

#include "advice.h"
#include "answer.h"
#include "finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <lmeval/json.h>
#include <lmeval/unicode.h>

void lme_prober_find(lme_prober *prober, const char *name, bool good, const char *format, ...)
{
    char detail[2560]; /* a server's message of 500 characters, and ours around it */
    va_list args;
    va_start(args, format);
    vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    lme_str told = lme_transport_scrub_answer(prober->arena, prober->endpoint->transport,
                                              lme_str_from(detail));
    lme_profile *profile = prober->profile;
    const lme_finding_row *row = lme_finding_row_of(lme_str_from(name));
    LME_BUG(row == NULL, "a finding has no row in finding.c");
    if (profile->n_findings == prober->capacity) {
        size_t more = prober->capacity * 2 + 8;
        prober->findings = lme_arena_grow(prober->arena, prober->findings,
                                          prober->capacity * sizeof *prober->findings,
                                          more * sizeof *prober->findings);
        prober->capacity = more;
    }
    prober->findings[profile->n_findings++] = (lme_finding){
        .name = lme_str_from(name),
        .part = row->part,
        .good = good,
        .asked = lme_str_from(row->asked),
        .means = lme_str_from(good ? row->yes : row->no),
        .detail = lme_str_copy(prober->arena, lme_utf8_repair(prober->arena, told)),
    };
    profile->findings = prober->findings;
}

/* ---- one request ---- */

typedef struct one_question {
    const char *url;
    lme_str body;
    bool raw; /* the answer need not be JSON */
} one_question;

typedef struct waiting {
    lme_prober *prober;
    lme_probed *probed;
    bool came;
} waiting;

static void take(lme_exchange *x)
{
    waiting *w = x->owner;
    lme_arena *arena = w->prober->arena;
    const lme_transport *transport = w->prober->endpoint->transport;
    *w->probed = (lme_probed){
        .outcome = x->outcome,
        .status = x->status,
        .value = lme_value_copy(arena, &x->value),
        .said = LME_STR(""),
        .body = LME_STR(""),
        .failure = lme_exchange_failure(arena, transport, x),
        .server = lme_str_copy(arena, x->server),
        .advice = lme_exchange_advice(transport, x),
    };
    w->probed->failure = lme_str_copy(arena, w->probed->failure);
    if (x->outcome != LME_OUTCOME_OK || x->raw) {
        w->probed->said = lme_str_copy(arena, lme_answer_error(arena, NULL, x->answer, NULL));
        w->probed->body = lme_str_copy(arena, x->answer);
    }
    w->came = true;
}

static bool nobody(const lme_prober *prober, const lme_probed *probed, lme_error *err)
{
    const lme_endpoint *endpoint = prober->endpoint;
    lme_str socket = endpoint->url.unix_socket;
    lme_fail(err, LME_ERR_NETWORK, NULL, "no server answers at %.*s%s%s%.*s: %.*s",
             LME_STR_ARG(endpoint->url.root),
             endpoint->url.assumed_scheme ? " (http:// was assumed)" : "",
             socket.len > 0 ? " through the socket " : "", LME_STR_ARG(socket),
             LME_STR_ARG(probed->failure));
    if (probed->advice != NULL)
        return lme_hint(err, "%s", probed->advice);
    return lme_hint(err, "start one, for example vllm serve MODEL, or python3 -m llama_cpp.server "
                         "--model FILE.gguf --logits_all true; name it with --base-url; "
                         "--wait-for-server SECONDS waits for one that is starting; or try "
                         "--demo, which needs none");
}

/* An answer took longer than the server: a request may have waited for --max-rps. */
static bool waits_its_turn(const lme_prober *prober)
{
    return prober->endpoint->options.max_rps > 0;
}

static bool ask(lme_prober *prober, const one_question *question, lme_probed *probed,
                lme_error *err)
{
    enum {
        TURN_MS = 1000
    };
    lme_transport *transport = prober->endpoint->transport;
    waiting w = {.prober = prober, .probed = probed};
    lme_exchange *x = lme_transport_take(transport);
    x->url = question->url;
    x->body = question->body;
    x->raw = question->raw;
    x->done = take;
    x->owner = &w;
    x->once = question->body.len == 0; /* the first question: is anyone there? */
    double began = lme_timings_now();
    if (!lme_transport_start(transport, x, err))
        return false;
    while (!w.came) {
        if (!lme_transport_wait(transport, TURN_MS, err))
            return false;
    }
    if (probed->outcome == LME_OUTCOME_OK && question->body.len > 0 && !question->raw)
        lme_timings_take(&prober->endpoint->timings, question->body, &probed->value,
                         waits_its_turn(prober) ? 0 : lme_timings_now() - began);
    if (probed->status == 0 && probed->outcome != LME_OUTCOME_TOO_LARGE)
        return nobody(prober, probed, err);
    return true;
}

bool lme_prober_ask(lme_prober *prober, const char *url, lme_str body, lme_probed *probed,
                    lme_error *err)
{
    return ask(prober, &(one_question){.url = url, .body = body}, probed, err);
}

bool lme_prober_ask_raw(lme_prober *prober, const char *url, lme_str body, lme_probed *probed,
                        lme_error *err)
{
    return ask(prober, &(one_question){.url = url, .body = body, .raw = true}, probed, err);
}

/* What follows the host, which servers repeat where they have nothing there. */
static lme_str path_of(const char *url)
{
    lme_str text = lme_str_from(url);
    size_t host = lme_str_find(text, LME_STR("://"), 0);
    size_t path = host < text.len ? lme_str_find(text, LME_STR("/"), host + 3) : SIZE_MAX;
    return lme_str_slice(text, path, text.len);
}

lme_remark lme_prober_remark(const lme_prober *prober, const lme_probed *probed)
{
    const lme_endpoint *endpoint = prober->endpoint;
    const char *const urls[] = {endpoint->url.completions, endpoint->url.chat,
                                endpoint->url.models};
    lme_remark remark = lme_remark_of(prober->arena, probed->said, NULL, endpoint->form.model);
    lme_remark_sent(prober->arena, &remark, endpoint->url.root);
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++)
        lme_remark_sent(prober->arena, &remark, path_of(urls[i]));
    return remark;
}

bool lme_prober_refuse(const lme_prober *prober, const char *sent, const lme_probed *probed,
                       lme_error *err)
{
    lme_remark said = lme_prober_remark(prober, probed);
    const char *hint = lme_advice(probed->status, &said, prober->endpoint->has_key);
    lme_str model = prober->endpoint->form.model; /* "" before the list of models has come */
    lme_fail(err, LME_ERR_SERVER, NULL, "%s (%s%.*s%s%.*s) was answered with %.*s", sent,
             model.len > 0 ? "model " : "", LME_STR_ARG(model), model.len > 0 ? ", " : "",
             LME_STR_ARG(prober->endpoint->url.root), LME_STR_ARG(probed->failure));
    if (prober->models.len > 0 && strstr(hint, "--model") != NULL)
        return lme_hint(err, "%s; it lists: %.*s", hint, LME_STR_ARG(prober->models));
    return lme_hint(err, "%s", hint);
}

/* ---- /v1/models ---- */

/* The Server header; with the models' owner where that says more: uvicorn is the web server of
 * vLLM, SGLang and llama-cpp-python alike. */
lme_str lme_server_software(lme_arena *arena, const lme_transport *transport, lme_str header,
                            const lme_value *models)
{
    lme_str owner = LME_STR("");
    if (models != NULL && models->list.len > 0)
        owner = lme_value_text(&models->list.items[0], "owned_by");
    header = lme_one_line(arena, lme_transport_scrub(arena, transport, header), 60);
    bool tells = header.len > 0 && !lme_str_is(header, "uvicorn");
    if (tells || owner.len == 0)
        return header;
    owner = lme_one_line(arena, lme_transport_scrub(arena, transport, owner), 60);
    return header.len > 0
               ? lme_str_format(arena, "%.*s, owner %.*s", LME_STR_ARG(header), LME_STR_ARG(owner))
               : owner;
}

static const lme_value *find_model(const lme_value *data, lme_str id)
{
    for (size_t i = 0; i < data->list.len; i++) {
        if (lme_str_equal(lme_value_text(&data->list.items[i], "id"), id))
            return &data->list.items[i];
    }
    return NULL;
}

static void list_models(lme_prober *prober, const lme_value *data)
{
    enum {
        MAX_LISTED = 8
    };
    lme_builder ids = {.arena = prober->arena};
    for (size_t i = 0; i < data->list.len && i < MAX_LISTED; i++) {
        lme_str id = lme_one_line(prober->arena, lme_value_text(&data->list.items[i], "id"), 80);
        if (id.len > 0)
            lme_builder_format(&ids, "%s%.*s", ids.len > 0 ? ", " : "", LME_STR_ARG(id));
    }
    if (data->list.len > MAX_LISTED)
        lme_builder_format(&ids, " and %zu more", data->list.len - MAX_LISTED);
    prober->models = lme_builder_finish(&ids);
}

/* What tells servers of one kind from others: but for when they were started. */
static lme_str fingerprint_of(lme_arena *arena, lme_str software, const lme_value *model)
{
    lme_builder out = {.arena = arena};
    lme_builder_add(&out, software);
    for (size_t i = 0; model->kind == LME_MAP && i < model->map.len; i++) {
        const lme_pair *pair = &model->map.pairs[i];
        if (lme_str_is(pair->key.string, "created") || lme_str_is(pair->key.string, "permission"))
            continue;
        lme_builder_format(&out, "\n%.*s ", LME_STR_ARG(pair->key.string));
        lme_json_write(&out, &pair->value, &(lme_json_style){0});
    }
    return lme_builder_finish(&out);
}

/* Takes what the list of models tells; a model that was named stays whatever it says. */
static void use_models(lme_prober *prober, const lme_value *data)
{
    lme_form *form = &prober->endpoint->form;
    list_models(prober, data);
    const lme_value *model = data->list.len > 0 ? &data->list.items[0] : NULL;
    if (form->model.len > 0)
        model = find_model(data, form->model);
    if (model == NULL) {
        lme_prober_find(prober, "model", form->model.len == 0 || data->list.len == 0,
                        "the server lists no %.*s, but: %.*s", LME_STR_ARG(form->model),
                        LME_STR_ARG(prober->models));
        return;
    }
    if (form->model.len == 0)
        form->model = lme_str_copy(prober->endpoint->arena, lme_value_text(model, "id"));
    lme_prober_take_model(prober, model);
    prober->profile->fingerprint = fingerprint_of(prober->arena, prober->profile->server, model);
    lme_prober_find(prober, "model", true, "%.*s", LME_STR_ARG(form->model));
}

static bool ask_models(lme_prober *prober, lme_error *err)
{
    lme_probed probed;
    lme_endpoint *endpoint = prober->endpoint;
    if (!lme_prober_ask(prober, endpoint->url.models, LME_STR(""), &probed, err))
        return false;
    const lme_value *data = lme_value_find(&probed.value, "data");
    bool listed = probed.outcome == LME_OUTCOME_OK && data != NULL && data->kind == LME_LIST;
    prober->profile->server = lme_server_software(prober->arena, endpoint->transport, probed.server,
                                                  listed ? data : NULL);
    if (listed)
        use_models(prober, data);
    else
        lme_prober_find(
            prober, "model", endpoint->form.model.len > 0, "no list of models: %.*s",
            LME_STR_ARG(probed.failure.len > 0 ? probed.failure : LME_STR("it has no `data`")));
    prober->profile->model = lme_str_copy(prober->arena, endpoint->form.model);
    lme_watch_know(endpoint, prober->profile->server,
                   listed && find_model(data, endpoint->form.model) != NULL);
    if (probed.status == 401 || probed.status == 403)
        return lme_prober_refuse(prober, "the request for the list of models", &probed, err);
    if (endpoint->form.model.len > 0)
        return true;
    lme_fail(err, LME_ERR_SERVER, NULL, "the server at %.*s names no model: %.*s",
             LME_STR_ARG(endpoint->url.root),
             LME_STR_ARG(probed.failure.len > 0 ? probed.failure
                                                : LME_STR("its list of models is empty")));
    return lme_hint(err, "name the model with --model, and look whether --base-url is right");
}

/* ---- scoring ---- */

static bool refuse_chats(const lme_path *path, lme_error *err)
{
    if (path != NULL)
        lme_fail(err, LME_ERR_SERVER, NULL,
                 "the scoring path %s cannot score what follows a conversation", path->name);
    else
        lme_fail(err, LME_ERR_SERVER, NULL,
                 "no scoring path can score what follows a conversation on this server");
    return lme_hint(err, "score without --apply_chat_template, or name generate_until tasks");
}

static void keep(void *context, const lme_response *response)
{
    lme_prober_score *s = context;
    s->response = *response;
    s->response.failure = lme_str_copy(s->arena, response->failure);
    s->came = true;
}

bool lme_prober_scores(lme_prober *prober, const lme_path *path, const lme_request *request,
                       lme_prober_score *score, lme_error *err)
{
    enum {
        TURN_MS = 1000
    };
    lme_endpoint *endpoint = prober->endpoint;
    lme_str body;
    const lme_path *before = endpoint->path;
    *score = (lme_prober_score){.arena = prober->arena};
    endpoint->path = path;
    bool ok = lme_endpoint_encode(prober->arena, endpoint, request, &body, err) &&
              lme_endpoint_send(endpoint, request, body, keep, score, err);
    while (ok && !score->came)
        ok = lme_endpoint_wait(endpoint, TURN_MS, err);
    endpoint->path = before;
    return ok;
}

const lme_path *lme_prober_ordinary(lme_prober *prober, unsigned needs, lme_error *err)
{
    size_t n;
    const lme_path *const *paths = lme_path_all(&n);
    lme_error first = {0};
    for (size_t i = 0; i < n; i++) {
        lme_error why = {0};
        if (paths[i]->by_name_only || ((needs & LME_NEED_CHAT) != 0 && !paths[i]->scores_chats))
            continue;
        prober->path = paths[i];
        if (paths[i]->probe(prober, needs, &why))
            return paths[i];
        if (first.code == LME_OK)
            first = why;
    }
    if (first.code == LME_OK)
        refuse_chats(NULL, &first);
    *err = first;
    return NULL;
}

/* A question that is cut, and a window, go out as token ids. */
static bool require_ids(const lme_endpoint *endpoint, unsigned needs, lme_error *err)
{
    const lme_length *length = &endpoint->length;
    bool rolls = (needs & 1u << LME_REQUEST_ROLLING) != 0;
    bool cuts = length->truncates || (rolls && length->asked > 0);
    if (!cuts || (length->sends_ids && (!rolls || length->prefix >= 0)))
        return true;
    lme_fail(err, LME_ERR_SERVER, NULL, "%s, and %s cannot be scored so",
             length->sends_ids ? "the server does not tell which token stands before a text"
                               : "the server takes no prompts of token ids by this scoring path",
             rolls ? "windows of a text" : "a cut prompt");
    if (length->sends_ids)
        return lme_hint(err, "--prefix-token ID names it, the model's BOS or its end-of-text; vLLM "
                             "tells it with --enable-tokenizer-info-endpoint");
    return lme_hint(err, "vLLM, SGLang and llama-server take token ids; without --max-length and "
                         "--truncate, texts that are too long fail by themselves and are counted");
}

/* The named path, or the first that proves itself. The error is that of the first one. */
static bool prove_scoring(lme_prober *prober, unsigned needs, lme_error *err)
{
    lme_endpoint *endpoint = prober->endpoint;
    const lme_path *named = lme_path_find(endpoint->options.scoring);
    endpoint->path = NULL;
    if (named == NULL) {
        endpoint->path = lme_prober_ordinary(prober, needs, err);
    } else if ((needs & LME_NEED_CHAT) != 0 && !named->scores_chats) {
        return refuse_chats(named, err);
    } else {
        prober->path = named;
        if (named->probe(prober, needs, err))
            endpoint->path = named;
    }
    if (endpoint->path == NULL)
        return false;
    prober->profile->scoring_path = lme_str_from(endpoint->path->name);
    prober->profile->scoring_caution = lme_str_from(endpoint->path->caution);
    /* That path sends nothing but ids, so its own proof is theirs. */
    if (endpoint->path->begin_ids != NULL) {
        endpoint->length.sends_ids = true;
        endpoint->length.rolls_by_ids = endpoint->length.n_special == 0;
        prober->scores_first = endpoint->length.n_special > 0;
    }
    prober->profile->rolls =
        endpoint->path->caution == NULL &&
        (prober->scores_first || (endpoint->length.sends_ids && endpoint->length.prefix >= 0));
    return require_ids(endpoint, needs, err);
}

lme_prober lme_prober_of(lme_arena *arena, lme_endpoint *endpoint, lme_profile *profile)
{
    /* What the profile holds already is kept: the list is copied when it grows. */
    lme_prober prober = {
        .arena = arena,
        .endpoint = endpoint,
        .profile = profile,
        .bos = -1,
        .models = LME_STR(""),
    };
    if (profile->n_findings == 0)
        return prober;
    prober.capacity = profile->n_findings;
    prober.findings = LME_ARRAY(arena, lme_finding, prober.capacity);
    for (size_t i = 0; i < profile->n_findings; i++)
        prober.findings[i] = profile->findings[i];
    profile->findings = prober.findings;
    return prober;
}

lme_profile lme_profile_unknown(void)
{
    return (lme_profile){
        .model = LME_STR(""),
        .server = LME_STR(""),
        .fingerprint = LME_STR(""),
        .scoring_path = LME_STR(""),
        .scoring_caution = LME_STR(""),
        .n_bos = -1,
        .prefix_token = -1,
        .chat_template = LME_STR(""),
    };
}

bool lme_probe_meet(lme_prober *prober, lme_error *err)
{
    lme_endpoint *endpoint = prober->endpoint;
    *prober->profile = lme_profile_unknown();
    *prober = lme_prober_of(prober->arena, endpoint, prober->profile);
    endpoint->form.model = endpoint->options.model;
    return ask_models(prober, err);
}

bool lme_probe_prove(lme_prober *prober, unsigned needs, lme_error *err)
{
    lme_endpoint *endpoint = prober->endpoint;
    lme_profile *profile = prober->profile;
    unsigned scoring = 1u << LME_REQUEST_LOGLIKELIHOOD | 1u << LME_REQUEST_ROLLING;
    unsigned texts = 1u << LME_REQUEST_GENERATE | LME_LOOK_AT_CHAT;
    if (!lme_prove_context(prober, needs, err) || !lme_prove_tokenizer(prober, needs, err))
        return false;
    /* Both are looked at, so that the profile is whole; the first failure is the one that counts.
     */
    lme_error scores = {0}, generates = {0};
    bool ok = (needs & scoring) == 0 || prove_scoring(prober, needs, &scores);
    bool also = (needs & texts) == 0 || lme_prove_texts(prober, needs, &generates);
    also = also && (!profile->chats || lme_prove_template(prober, &generates));
    lme_length_tell(&endpoint->length, profile);
    bool looks = (needs & LME_LOOK_AT_ALL) != 0;
    if (looks && !lme_find_agreement(prober, err))
        return false;
    if (looks && profile->generates && !lme_find_extras(prober, err))
        return false;
    if (looks && (!lme_find_repeats(prober, err) || !lme_find_streams(prober, err)))
        return false;
    if (!ok || !also)
        *err = ok ? generates : scores;
    return ok && also;
}
