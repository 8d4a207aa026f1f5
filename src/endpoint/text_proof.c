/* The proof that a server writes texts: completions of a text, answers in a conversation, or both.
 *
 * What is asked goes through the room's own encode and decode, refused parameters and all, so a run
 * begins knowing how this server wants to be asked.
 */
#include "answer.h"
#include "generate.h"
#include "logprobs.h"
#include "probe.h"

#include <lmeval/unicode.h>

#define QUESTION "Count: one two three four five six seven eight one two three four"
#define BEGUN    "five six seven"

/* One of the two APIs. */
typedef struct text_api {
    const char *name;    /* of the finding */
    const char *request; /* for errors */
    const char *url;
    bool is_chat;
} text_api;

static const lme_message question[] = {{{"user", 4}, {QUESTION, sizeof QUESTION - 1}}};

static lme_request request_of(const text_api *api, const lme_generation *generation)
{
    lme_request request = {
        .kind = LME_REQUEST_GENERATE,
        .context = LME_STR(""),
        .continuation = LME_STR(""),
        .generation = generation,
    };
    if (api->is_chat) {
        request.messages = question;
        request.n_messages = 1;
    } else {
        request.context = LME_STR(QUESTION);
    }
    return request;
}

/* Asks as the server takes it: what it refuses is left out and asked again. */
static bool ask(lme_prober *prober, const text_api *api, const lme_request *request,
                lme_probed *probed, lme_error *err)
{
    lme_endpoint *endpoint = prober->endpoint;
    lme_dialect *dialect = lme_endpoint_dialect(endpoint, request);
    for (;;) {
        lme_form form = lme_endpoint_form(endpoint, request);
        lme_str body = lme_generate_encode(prober->arena, &form, request);
        if (!lme_prober_ask(prober, api->url, body, probed, err))
            return false;
        lme_refused refused = {probed->body, request, endpoint->form.model, false};
        if ((probed->status != 400 && probed->status != 422) ||
            !lme_dialect_learn(endpoint->arena, dialect, &refused))
            return true;
    }
}

static bool refuse(lme_prober *prober, const text_api *api, const lme_probed *probed,
                   lme_error *err)
{
    lme_prober_refuse(prober, api->request, probed, err);
    lme_remark said = lme_prober_remark(prober, probed);
    bool is_route = probed->status == 404 && !lme_remark_has(&said, "model");
    if (api->is_chat && is_route)
        return lme_hint(err, "there is no /v1/chat/completions there: look at --base-url; without "
                             "--apply_chat_template texts are completed instead");
    return false;
}

static bool generate(lme_prober *prober, const text_api *api, const lme_generation *generation,
                     lme_probed *probed, lme_response *response, lme_error *err)
{
    lme_request request = request_of(api, generation);
    if (!ask(prober, api, &request, probed, err))
        return false;
    if (probed->outcome != LME_OUTCOME_OK)
        return refuse(prober, api, probed, err);
    lme_form form = lme_endpoint_form(prober->endpoint, &request);
    if (!lme_generate_decode(prober->arena, &form, &request, &probed->value, response, err))
        return false;
    /* Before it is cut to be shown: half a key is one, too. */
    response->text =
        lme_transport_scrub_answer(prober->arena, prober->endpoint->transport, response->text);
    return true;
}

bool lme_prober_writes(lme_prober *prober, bool chats, const lme_generation *generation,
                       lme_str *text, lme_str *failure, lme_error *err)
{
    const lme_server_url *url = &prober->endpoint->url;
    const text_api api = {"", "", chats ? url->chat : url->completions, chats};
    lme_request request = request_of(&api, generation);
    lme_response response = {.text = LME_STR("")};
    lme_error why = {0};
    lme_probed probed;
    *failure = LME_STR("");
    if (!ask(prober, &api, &request, &probed, err))
        return false;
    lme_form form = lme_endpoint_form(prober->endpoint, &request);
    if (probed.outcome != LME_OUTCOME_OK)
        *failure = probed.failure;
    else if (!lme_generate_decode(prober->arena, &form, &request, &probed.value, &response, &why))
        *failure = lme_str_copy(prober->arena, lme_str_from(why.message));
    *text = lme_str_copy(prober->arena, response.text);
    return true;
}

bool lme_prober_asks_stream(lme_prober *prober, bool chats, const lme_generation *generation,
                            lme_probed *probed, lme_error *err)
{
    const lme_server_url *url = &prober->endpoint->url;
    const text_api api = {"", "", chats ? url->chat : url->completions, chats};
    lme_request request = request_of(&api, generation);
    lme_form form = lme_endpoint_form(prober->endpoint, &request);
    lme_str body = lme_generate_encode(prober->arena, &form, &request);
    return lme_prober_ask_raw(prober, api.url, body, probed, err);
}

/* A word that the free answer holds must end the answer when it is a stop text. */
static bool prove_stop(lme_prober *prober, const text_api *api, lme_generation generation,
                       lme_str text, lme_error *err)
{
    const char *name = api->is_chat ? "chat stop" : "stop";
    size_t from = 0;
    while (from < text.len && (unsigned char)text.ptr[from] <= ' ')
        from++;
    size_t to = from;
    while (to < text.len && (unsigned char)text.ptr[to] > ' ')
        to++;
    lme_str stop = lme_str_slice(text, from, to);
    if (stop.len == 0 || !lme_utf8_valid(stop)) {
        lme_prober_find(prober, name, true, "not tried: the answer was blank");
        return true;
    }
    if (lme_str_is(stop, "<think>")) {
        lme_prober_find(prober, name, true, "not tried: the answer was thoughts");
        return true;
    }
    lme_response stopped = {0};
    lme_probed probed;
    generation.until = &stop;
    generation.n_until = 1;
    if (!generate(prober, api, &generation, &probed, &stopped, err))
        return false;
    bool good = lme_str_find(stopped.text, stop, 0) >= stopped.text.len;
    lme_str shown = lme_one_line(prober->arena, stop, 30);
    lme_prober_find(prober, name, good,
                    good ? "ends the answer before \"%.*s\""
                         : "does not end the answer: \"%.*s\" is still in it",
                    LME_STR_ARG(shown));
    return true;
}

/* ---- chats alone ---- */

/* The field in which the server told what the model thought; NULL: none. */
static const char *thought_field(const lme_value *answer)
{
    static const char *const fields[] = {"reasoning_content", "reasoning"};
    const lme_value *message = lme_value_find(lme_first_choice(answer), "message");
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const lme_value *v = lme_value_find(message, fields[i]);
        if (v != NULL && v->kind == LME_STRING && v->string.len > 0)
            return fields[i];
    }
    return NULL;
}

static void find_thoughts(lme_prober *prober, const lme_probed *probed,
                          const lme_response *response)
{
    const char *field = thought_field(&probed->value);
    lme_str mark = prober->endpoint->form.think_end;
    bool is_inline = lme_str_starts(lme_lstrip(response->text), LME_STR("<think>"));
    if (field != NULL)
        lme_prober_find(prober, "thoughts", true,
                        "are told in %s, not in the answer; they count to max_tokens", field);
    else if (is_inline && mark.len == 0)
        lme_prober_find(prober, "thoughts", false,
                        "stand in the answer behind <think>: --think-end-token '</think>' takes "
                        "what follows them");
    else if (is_inline)
        lme_prober_find(prober, "thoughts", true, "stand in the answer; it begins behind \"%.*s\"",
                        LME_STR_ARG(mark));
}

static void find_chat_usage(lme_prober *prober, size_t n_prompt)
{
    if (n_prompt > 0)
        lme_prober_find(prober, "chat usage", true, "tells %zu prompt tokens", n_prompt);
    else
        lme_prober_find(prober, "chat usage", false, "is not told");
}

/* Prompt tokens of a conversation as the server counts them; 0: not told, or refused. */
static bool count_prompt(lme_prober *prober, const text_api *api, const lme_message *messages,
                         size_t n, int64_t *count, lme_error *err)
{
    lme_probed probed;
    lme_generation generation = {.max_tokens = 8, .extra = lme_null()};
    lme_request request = request_of(api, &generation);
    request.messages = messages;
    request.n_messages = n;
    if (!ask(prober, api, &request, &probed, err))
        return false;
    *count = probed.outcome == LME_OUTCOME_OK ? lme_usage(&probed.value, "prompt_tokens") : 0;
    return true;
}

/* Whether an answer that was begun is gone on with, told by the prompt's length alone: a closed
 * turn has the mark of its end and the beginning of the next one behind it. */
static bool prove_continuing(lme_prober *prober, const text_api *api, lme_error *err)
{
    const char *name = "begun answer";
    lme_form *form = &prober->endpoint->form;
    static const lme_message begun[] = {{{"user", 4}, {QUESTION, sizeof QUESTION - 1}},
                                        {{"assistant", 9}, {BEGUN, sizeof BEGUN - 1}}};
    static const lme_message in_one[] = {
        {{"user", 4}, {QUESTION " " BEGUN, sizeof QUESTION " " BEGUN - 1}}};
    int64_t plain, told, whole;
    form->continues = false;
    if (!count_prompt(prober, api, begun, 2, &plain, err) ||
        !count_prompt(prober, api, in_one, 1, &whole, err))
        return false;
    form->continues = true;
    if (!count_prompt(prober, api, begun, 2, &told, err))
        return false;
    form->continues = told > 0 && told < plain;
    if (form->continues)
        lme_prober_find(prober, name, true,
                        "is gone on with by continue_final_message: %lld prompt tokens, %lld "
                        "without it",
                        (long long)told, (long long)plain);
    else if (plain > 0 && plain <= whole + 1)
        lme_prober_find(prober, name, true, "is gone on with by itself: %lld prompt tokens",
                        (long long)plain);
    else if (plain > 0)
        lme_prober_find(prober, name, false,
                        "is taken as a closed turn, a gen_prefix is sent so, as lm_eval does: %lld "
                        "prompt tokens",
                        (long long)plain);
    else
        lme_prober_find(prober, name, false,
                        "could not be proved: prompt tokens are not told; a gen_prefix is sent as "
                        "a message, as lm_eval does");
    return true;
}

/* ---- both ---- */

static bool refuse_blank(const text_api *api, lme_str finish, lme_error *err)
{
    lme_fail(err, LME_ERR_SERVER, NULL,
             "%s for 8 tokens was answered with an empty text (finish_reason \"%.*s\")",
             api->request, LME_STR_ARG(finish));
    if (lme_str_is(finish, "tool_calls") || lme_str_is(finish, "function_call"))
        return lme_hint(err, "the server took the answer for a call of a tool: start it without "
                             "its parser of tool calls");
    if (api->is_chat)
        return lme_hint(err, "look at the server's log: is this a model for chats?");
    return lme_hint(err, "the server may be one for chats only: --apply_chat_template asks it so; "
                         "docs/servers.md says which servers complete texts");
}

static bool prove(lme_prober *prober, const text_api *api, bool *proved, lme_error *err)
{
    lme_generation generation = {.max_tokens = 8, .extra = lme_null()};
    lme_response response = {0};
    lme_probed probed;
    if (!generate(prober, api, &generation, &probed, &response, err)) {
        lme_prober_find(prober, api->name, false, "%s", err->message);
        return lme_while(err, "probing whether the server %s",
                         api->is_chat ? "answers chats" : "generates");
    }
    lme_str text = lme_one_line(prober->arena, response.text, 60);
    bool thinks = api->is_chat && thought_field(&probed.value) != NULL;
    bool good = response.text.len > 0 || lme_str_is(response.finish, "stop") || thinks;
    lme_prober_find(prober, api->name, good, "\"%.*s\", finish_reason \"%.*s\"", LME_STR_ARG(text),
                    LME_STR_ARG(response.finish));
    if (!good)
        return refuse_blank(api, response.finish, err);
    *proved = true;
    if (!api->is_chat)
        return prove_stop(prober, api, generation, response.text, err);
    find_thoughts(prober, &probed, &response);
    find_chat_usage(prober, response.n_prompt_tokens);
    lme_request request = request_of(api, &generation);
    return lme_prove_chat_bos(prober, &request, response.n_prompt_tokens, err) &&
           prove_stop(prober, api, generation, response.text, err) &&
           prove_continuing(prober, api, err);
}

static void find_reworded(lme_prober *prober)
{
    lme_str text = lme_endpoint_reworded(prober->arena, prober->endpoint);
    if (text.len > 0)
        lme_prober_find(prober, "parameters", true, "%.*s", LME_STR_ARG(text));
}

bool lme_prove_texts(lme_prober *prober, unsigned needs, lme_error *err)
{
    const lme_server_url *url = &prober->endpoint->url;
    const text_api completions = {"generation", "a completion request", url->completions, false};
    const text_api chats = {"chat", "a chat request", url->chat, true};
    bool generates = (needs & 1u << LME_REQUEST_GENERATE) != 0;
    bool needs_chat = generates && (needs & LME_NEED_CHAT) != 0;
    bool ok = true;
    if (generates && !needs_chat)
        ok = prove(prober, &completions, &prober->profile->generates, err) &&
             lme_prove_generated_ids(prober, err);
    if (needs_chat || (needs & LME_LOOK_AT_CHAT) != 0) {
        lme_error why = {0};
        bool answers = prove(prober, &chats, &prober->profile->chats, &why);
        if (!answers && (needs_chat || (ok && why.code == LME_ERR_NETWORK))) {
            *err = why;
            ok = false;
        }
    }
    find_reworded(prober);
    return ok;
}
