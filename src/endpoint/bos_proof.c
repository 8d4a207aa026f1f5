/* Whether the token that begins a text stands there once.
 *
 * A model that was trained with a BOS has never seen two: what such prompts score is not what the
 * model knows (servers 3.9). Servers put one before a text; a chat template may bring one of its
 * own, and a task's prompt as well. Of texts the tokenizer tells it, or the answer's own list of
 * tokens. Of chats it is told by counting: the template's prompt has so many tokens, and the
 * answer's usage so many; with one more than the template has, the server has added it.
 */
#include "generate.h"
#include "probe.h"

#include <lmeval/json.h>

/* ---- texts ---- */

void lme_find_text_bos(lme_prober *prober, const lme_ids *ids, size_t n_special)
{
    prober->bos = n_special > 0 && ids->n > 0 ? ids->ids[0] : -1;
    bool twice = n_special > 1 && ids->n > 1 && ids->ids[0] == ids->ids[1];
    prober->profile->doubles_bos = prober->profile->doubles_bos || twice;
    if (twice)
        lme_prober_find(prober, "BOS", false, "token %lld stands twice before a text",
                        (long long)prober->bos);
    else if (n_special > 0)
        lme_prober_find(prober, "BOS", true, "%zu token%s put before a text, the first is %lld",
                        n_special, n_special == 1 ? " is" : "s are", (long long)prober->bos);
    else
        lme_prober_find(prober, "BOS", true, "none is put before a text");
}

void lme_find_listed_bos(lme_prober *prober, const lme_logprobs *listed, size_t first)
{
    if (first < 2 || listed->hides_first || prober->profile->doubles_bos)
        return;
    lme_str last = listed->tokens[first - 1].string, before = listed->tokens[first - 2].string;
    if (!lme_str_equal(last, before))
        return;
    prober->profile->doubles_bos = true;
    lme_prober_find(prober, "BOS", false, "\"%.*s\" stands twice before a text", LME_STR_ARG(last));
}

bool lme_prove_own_bos(lme_prober *prober, lme_str bos, size_t n_with, lme_str sample,
                       lme_error *err)
{
    lme_ids ids;
    if (bos.len == 0 || prober->bos < 0)
        return true;
    if (!lme_prober_tokens(prober, lme_str_concat(prober->arena, bos, sample), &ids, err))
        return false;
    bool once = ids.n == n_with;
    bool twice = ids.n == n_with + 1 && ids.n > 1 && ids.ids[0] == ids.ids[1];
    lme_prober_find(prober, "own BOS", once, "a prompt that begins with \"%.*s\" %s",
                    LME_STR_ARG(bos),
                    once    ? "gets no second one"
                    : twice ? "gets a second one"
                            : "has it as letters");
    return true;
}

/* ---- chats ---- */

/* What the template makes of a conversation. */
typedef struct templated {
    lme_ids ids;
    const lme_server_tokenizer *tokenizer; /* that made them; NULL: none tells */
} templated;

static lme_str messages_body(lme_prober *prober, const lme_request *request)
{
    lme_map_builder map = {.arena = prober->arena};
    lme_builder out = {.arena = prober->arena};
    lme_chat_add_messages(&map, &prober->endpoint->form, request);
    lme_value body = lme_map_finish(&map);
    lme_json_write(&out, &body, &(lme_json_style){.ensure_ascii = true});
    return lme_builder_finish(&out);
}

/* vLLM's /tokenize takes a conversation. */
static bool ask_tokens(lme_prober *prober, const lme_request *request, templated *t, lme_error *err)
{
    size_t n;
    lme_probed probed;
    lme_error why = {0};
    const lme_server_tokenizer *const *rows = lme_server_tokenizers(&n);
    if (!lme_prober_ask(prober, prober->endpoint->url.tokenize, messages_body(prober, request),
                        &probed, err))
        return false;
    /* As many as it likes: the template's own text is not known here. */
    lme_str bound = {NULL, 1 << 16};
    bool came = probed.outcome == LME_OUTCOME_OK &&
                lme_tokens_read(prober->arena, &probed.value, bound, &t->ids, &why) && t->ids.n > 0;
    if (came)
        t->tokenizer = rows[0];
    return true;
}

/* llama-server writes the prompt, and makes tokens of it by another request. */
static bool ask_template(lme_prober *prober, const lme_request *request, templated *t,
                         lme_error *err)
{
    size_t n;
    lme_probed probed;
    lme_error why = {0};
    const lme_server_url *url = &prober->endpoint->url;
    const lme_server_tokenizer *const *rows = lme_server_tokenizers(&n);
    if (!lme_prober_ask(prober, url->apply_template, messages_body(prober, request), &probed, err))
        return false;
    const lme_value *prompt = lme_value_find(&probed.value, "prompt");
    if (probed.outcome != LME_OUTCOME_OK || prompt == NULL || prompt->kind != LME_STRING)
        return true;
    lme_builder body = {.arena = prober->arena};
    lme_builder_add(&body, LME_STR("{\"content\": "));
    lme_json_write_string(&body, prompt->string, true);
    lme_builder_add(&body, LME_STR(", \"add_special\": false, \"parse_special\": true}"));
    lme_str text = prompt->string;
    if (!lme_prober_ask(prober, url->tokenize, lme_builder_finish(&body), &probed, err))
        return false;
    if (probed.outcome == LME_OUTCOME_OK &&
        lme_tokens_read(prober->arena, &probed.value, text, &t->ids, &why) && t->ids.n > 0)
        t->tokenizer = rows[1];
    return true;
}

/* The token that the server begins a text with, where the tokenizer was not looked at yet. */
static bool find_bos(lme_prober *prober, const lme_server_tokenizer *tokenizer, lme_error *err)
{
    lme_ids ids[2] = {{0}, {0}};
    lme_str text = LME_STR("One");
    if (prober->bos >= 0 || prober->endpoint->length.tokenizer != NULL)
        return true;
    for (size_t i = 0; i < 2; i++) {
        lme_probed probed;
        lme_error why = {0};
        lme_str body =
            tokenizer->encode(prober->arena, &prober->endpoint->form, text, /* special */ i == 1);
        if (!lme_prober_ask(prober, tokenizer->url(&prober->endpoint->url), body, &probed, err))
            return false;
        if (probed.outcome != LME_OUTCOME_OK ||
            !lme_tokens_read(prober->arena, &probed.value, text, &ids[i], &why))
            return true;
    }
    if (ids[1].n > ids[0].n)
        prober->bos = ids[1].ids[0];
    return true;
}

static void judge_chat(lme_prober *prober, const lme_ids *ids, size_t n_counted)
{
    const char *name = "chat BOS";
    size_t n_own = 0; /* that the template brings */
    while (n_own < ids->n && n_own < 2 && prober->bos >= 0 && ids->ids[n_own] == prober->bos)
        n_own++;
    bool known = n_counted == ids->n || (n_counted == ids->n + 1 && prober->bos >= 0);
    size_t n_all = n_own + (n_counted - ids->n);
    if (!known) {
        lme_prober_find(prober, name, true,
                        "cannot be told: usage counts %zu tokens, and the template makes %zu",
                        n_counted, ids->n);
    } else if (n_all > 1) {
        prober->profile->doubles_bos = true;
        lme_prober_find(prober, name, false,
                        n_own > 1 ? "the template brings token %lld twice: %zu tokens"
                                  : "the template brings token %lld and the server adds another: "
                                    "%zu tokens",
                        (long long)prober->bos, n_counted);
    } else {
        lme_prober_find(prober, name, true, "%s: %zu tokens, as the template makes%s",
                        n_all == 1 ? "stands once before a chat" : "none stands before a chat",
                        n_counted, n_counted > ids->n ? ", and one" : "");
    }
}

bool lme_prove_chat_bos(lme_prober *prober, const lme_request *request, size_t n_counted,
                        lme_error *err)
{
    templated t = {{0}, NULL};
    if (n_counted == 0)
        return true;
    if (!ask_tokens(prober, request, &t, err) ||
        (t.tokenizer == NULL && !ask_template(prober, request, &t, err)))
        return false;
    if (t.tokenizer == NULL)
        return true;
    bool suspicious = n_counted == t.ids.n + 1 || (t.ids.n > 1 && t.ids.ids[0] == t.ids.ids[1]);
    if (suspicious && !find_bos(prober, t.tokenizer, err))
        return false;
    judge_chat(prober, &t.ids, n_counted);
    return true;
}
