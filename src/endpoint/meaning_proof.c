/* The proof that log-probabilities stand at the tokens that they are of.
 *
 * The model is asked for the next token after a text, without echo: what comes is its likeliest
 * token g with log-probability v. Then g is scored as a continuation of that text by the path: the
 * result must be v. A server whose arrays are one place off gives the likelihood of g after g
 * instead (llama-cpp-python without BOS, servers 3.7). Such a pair is decisive when the entry
 * before g does not also read (g, v), as it would on a server that is off by one: one decisive pair
 * excludes it, two are asked for.
 */
#include "answer.h"
#include "generate.h"
#include "path_proof.h"
#include "score.h"

#include <lmeval/json.h>
#include <lmeval/unicode.h>

static const char *const prefixes[] = {
    "Monday, Tuesday, Wednesday, Thursday, Friday,",
    "The children went to the park. They played with a red",
    "one two three four five six",
    "Paris is the capital of France. Rome is the capital of",
    "He opened the door and saw that the",
    "Question: What is 2 + 2?\nAnswer:",
    "In the morning she drinks a cup of",
    "This is a short story about a dog and",
};

enum {
    PAIRS_WANTED = 2
};

/* One text, the token that the model puts behind it, and what echo says of that token. */
typedef struct pair {
    lme_str prefix;
    lme_str next;        /* g */
    bool likeliest;      /* no penalty or sampling chose it */
    bool has_value;      /* the server gave v; else only that g is the likeliest is known */
    double generated;    /* v */
    double scored;       /* by echo */
    bool conclusive;     /* g could be asked for and scored as one token */
    bool agrees;         /* scored is v */
    bool shows_neighbor; /* the entry before g reads (g, v) */
} pair;

static bool is_readable(lme_str token)
{
    return token.len > 0 && lme_utf8_valid(token) &&
           lme_str_find(token, LME_STR("\xEF\xBF\xBD"), 0) >= token.len;
}

/* The next token in a conversation: content's one entry. */
static bool read_chat_next(const lme_value *answer, pair *p)
{
    const lme_value *logprobs = lme_value_find(lme_first_choice(answer), "logprobs");
    const lme_value *content = lme_value_find(logprobs, "content");
    if (content == NULL || content->kind != LME_LIST || content->list.len == 0)
        return false;
    const lme_value *entry = &content->list.items[0];
    const lme_value *token = lme_value_find(entry, "token");
    const lme_value *value = lme_value_find(entry, "logprob");
    if (token == NULL || token->kind != LME_STRING || value == NULL || value->kind != LME_FLOAT)
        return false;
    p->next = token->string;
    p->generated = value->number;
    return true;
}

/* Asks a conversation for its next token; temperature 0, so it is the likeliest. */
static bool ask_chat_next(lme_prober *prober, pair *p, lme_error *err)
{
    lme_endpoint *endpoint = prober->endpoint;
    lme_request request = lme_scored_request(prober, p->prefix.ptr, LME_STR(""));
    lme_map_builder extra = {.arena = prober->arena};
    lme_map_add(&extra, LME_STR("logprobs"), lme_bool(true));
    lme_map_add(&extra, LME_STR("top_logprobs"), lme_int(1));
    lme_generation generation = {.max_tokens = 1, .extra = lme_map_finish(&extra)};
    lme_probed probed;
    request.kind = LME_REQUEST_GENERATE;
    request.generation = &generation;
    lme_form form = lme_endpoint_form(endpoint, &request);
    lme_str body = lme_generate_encode(prober->arena, &form, &request);
    if (!lme_prober_ask(prober, endpoint->url.chat, body, &probed, err))
        return false;
    if (probed.outcome != LME_OUTCOME_OK)
        return lme_prober_refuse(prober, "a chat request with logprobs", &probed, err);
    p->has_value = p->likeliest = read_chat_next(&probed.value, p);
    p->conclusive = p->has_value && is_readable(p->next);
    return true;
}

static bool ask_next(lme_prober *prober, pair *p, lme_error *err)
{
    if (prober->chats)
        return ask_chat_next(prober, p, err);
    const lme_form *form = &prober->endpoint->form;
    lme_probed probed;
    lme_logprobs l;
    double top = 0;
    lme_error why = {0};
    lme_builder body = {.arena = prober->arena};
    lme_builder_add(&body, LME_STR("{\"model\": "));
    lme_json_write_string(&body, form->model, true);
    lme_builder_add(&body, LME_STR(", \"prompt\": "));
    lme_json_write_string(&body, p->prefix, true);
    lme_builder_format(&body,
                       ", \"temperature\": 0, \"max_tokens\": 1, \"logprobs\": 1, \"seed\": %lld}",
                       (long long)form->seed);
    if (!lme_prober_ask(prober, prober->endpoint->url.completions, lme_builder_finish(&body),
                        &probed, err))
        return false;
    if (probed.outcome != LME_OUTCOME_OK)
        return lme_prober_refuse(prober, "a completion request with logprobs", &probed, err);
    const lme_value *text = lme_value_find(lme_first_choice(&probed.value), "text");
    if (text != NULL && text->kind == LME_STRING)
        p->next = text->string;
    p->has_value = lme_logprobs_read(prober->arena, &probed.value, &l, &why) && l.n > 0 &&
                   lme_logprobs_value(&l, 0, &p->generated, &why) &&
                   lme_logprobs_top(&l, 0, NULL, &top, &why);
    p->likeliest = !p->has_value || p->generated >= top;
    p->conclusive = is_readable(p->next);
    return true;
}

/* Scores g by echo, with the room's own decode, and looks at the entry before it. */
static bool score_next(lme_prober *prober, pair *p, lme_error *err)
{
    lme_echoed e;
    lme_error why = {0};
    double before = 0;
    lme_str before_text = LME_STR("");
    lme_request request = lme_scored_request(prober, p->prefix.ptr, p->next);
    if (!lme_echoed_ask(prober, &request, &e, err))
        return false;
    lme_question question = {prober->path, &prober->endpoint->form, &request};
    p->conclusive = e.probed.outcome == LME_OUTCOME_OK &&
                    lme_path_decode(prober->arena, &question, &e.probed.value, &e.response, &why) &&
                    lme_echoed_read(prober, &e, &why) &&
                    lme_align(prober->arena, e.prompt, &e.logprobs, 0, &e.alignment, &why) &&
                    e.response.n_tokens == 1 && !e.response.straddles && e.alignment.end >= 2 &&
                    lme_logprobs_top(&e.logprobs, e.alignment.end - 2, &before_text, &before, &why);
    if (!p->conclusive)
        return true;
    p->scored = e.response.logprob_nats;
    p->agrees = p->has_value ? lme_is_close(p->scored, p->generated) : e.response.is_greedy;
    p->shows_neighbor = lme_str_equal(before_text, e.logprobs.tokens[e.alignment.end - 1].string) &&
                        (!p->has_value || lme_is_close(before, p->generated));
    return true;
}

static bool refuse_meaning(lme_prober *prober, const pair *worst, size_t n_agree, lme_error *err)
{
    if (worst->next.len == 0) {
        lme_prober_find(prober, "right token", false, "could not be proved: %zu pairs agree",
                        n_agree);
        lme_fail(err, LME_ERR_SERVER, NULL,
                 "whether echoed log-probabilities stand at the right token could not be proved: "
                 "the model's next tokens after %zu texts tell nothing",
                 sizeof prefixes / sizeof prefixes[0]);
        return lme_hint(err, "is this a language model that continues English text?");
    }
    lme_str next = lme_one_line(prober->arena, worst->next, 30);
    lme_str known = worst->has_value
                        ? lme_str_format(prober->arena, "with %.4f nats", worst->generated)
                        : LME_STR("as the likeliest");
    lme_prober_find(prober, "right token", false,
                    "\"%.*s\" is generated %.*s, and echoed with %.4f%s", LME_STR_ARG(next),
                    LME_STR_ARG(known), worst->scored,
                    worst->shows_neighbor ? "; the entry before it is its own: off by one" : "");
    lme_fail(err, LME_ERR_SERVER, NULL,
             "echoed log-probabilities are not those of their tokens: after \"%.*s\" the model "
             "generates \"%.*s\" %.*s, and by echo the same token has %.4f%s",
             LME_STR_ARG(worst->prefix), LME_STR_ARG(next), LME_STR_ARG(known), worst->scored,
             worst->shows_neighbor ? "; the arrays are off by one token" : "");
    return lme_hint(err,
                    "llama-cpp-python does this for a .gguf with add_bos_token=false: set it to "
                    "true in the file, or serve the model with vLLM or SGLang");
}

static bool is_echo(const lme_path *path)
{
    return path->encode == lme_echo_encode;
}

bool lme_prove_meaning(lme_prober *prober, lme_error *err)
{
    size_t n_agree = 0, n_differ = 0, n_decisive = 0;
    pair worst = {.next = LME_STR("")};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0] && n_decisive < PAIRS_WANTED; i++) {
        pair p = {.prefix = lme_str_from(prefixes[i]), .next = LME_STR("")};
        if (!ask_next(prober, &p, err) || (p.conclusive && !score_next(prober, &p, err)))
            return false;
        if (!p.conclusive)
            continue;
        n_agree += p.agrees;
        n_differ += !p.agrees;
        n_decisive += p.agrees && p.likeliest && !p.shows_neighbor;
        if (!p.agrees && (worst.next.len == 0 || p.shows_neighbor))
            worst = p;
    }
    if (n_decisive == 0 || n_differ >= n_agree)
        return refuse_meaning(prober, &worst, n_agree, err);
    lme_prober_find(prober, "right token", true,
                    "%zu of %zu generated tokens have the same log-probability by %s, %zu where "
                    "an array off by one would show",
                    n_agree, n_agree + n_differ,
                    is_echo(prober->path) ? "echo" : prober->path->name, n_decisive);
    return true;
}
