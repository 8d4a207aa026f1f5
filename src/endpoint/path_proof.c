/* The proof that listed log-probabilities mean what a scoring path takes them for, by echo or any
 * other list of the prompt's tokens.
 *
 * Shape first: a short text must come back with an entry for each of its tokens, and those must lie
 * in it where they are said to; then the same with letters outside ASCII.
 *
 * Then meaning. The model is asked for the next token after a text, without echo: what comes is its
 * likeliest token g with log-probability v. Then g is scored as a continuation of that text by
 * the path: the result must be v. A server whose arrays are one place off gives the likelihood of g
 * after g instead (llama-cpp-python without BOS, servers 3.7). Such a pair is decisive when the
 * entry before g does not also read (g, v), as it would on a server that is off by one: one
 * decisive pair excludes it, two are asked for.
 */
#include "align.h"
#include "answer.h"
#include "generate.h"
#include "probe.h"
#include "score.h"

#include <math.h>

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

/* The same question asked twice may differ by this much: other kernels for one token and for many,
 * other batches. */
static bool is_close(double a, double b)
{
    return fabs(a - b) <= 0.05 + 0.05 * fabs(b);
}

/* An echoed answer that was read as far as it goes. */
typedef struct echoed {
    lme_request request;
    lme_str prompt; /* of a conversation: what the server made of it */
    lme_probed probed;
    lme_logprobs logprobs;
    lme_alignment alignment;
    lme_response response;
} echoed;

/* ---- shape ---- */

static const char *const no_echo_hint =
    "Ollama and servers for chats only do not echo: use vLLM, SGLang or "
    "llama-cpp-python (--logits_all true) for this model, or a generate_until task";

static const char *const no_chat_hint =
    "of conversations vLLM alone lists the tokens: score without --apply_chat_template, or name "
    "generate_until tasks";

/* True when the tokens, joined, are the prompt without its beginning. */
static bool lacks_beginning(lme_arena *arena, const lme_logprobs *l, lme_str prompt)
{
    lme_builder joined = {.arena = arena};
    for (size_t i = 0; i < l->n; i++)
        lme_builder_add(&joined, l->tokens[i].string);
    lme_str text = lme_builder_finish(&joined);
    for (size_t at = 1; at < prompt.len; at++) {
        lme_str rest = lme_str_slice(prompt, at, SIZE_MAX);
        if (rest.len > prompt.len / 2 && lme_str_starts(text, rest))
            return true;
    }
    return false;
}

/* Makes an error out of an answer whose tokens are not the prompt's. */
static bool refuse_tokens(lme_prober *prober, const echoed *e, lme_error *err)
{
    const lme_logprobs *l = &e->logprobs;
    if (lacks_beginning(prober->arena, l, e->prompt)) {
        lme_prober_find(prober, "echo", false, "the first token of the prompt has no entry");
        lme_fail(err, LME_ERR_SERVER, NULL,
                 "an echo request was answered without an entry for the prompt's first token");
        return lme_hint(err, "docs/servers.md says which servers can be scored by echo");
    }
    if (!lme_str_starts(l->text, e->prompt)) {
        lme_prober_find(
            prober, "echo", false, "ignored: %zu entr%s, for generated tokens only; text \"%.*s\"",
            l->n, l->n == 1 ? "y" : "ies", LME_STR_ARG(lme_one_line(prober->arena, l->text, 40)));
        lme_fail(err, LME_ERR_SERVER, NULL,
                 "an echo request was answered without the prompt: the server ignores `echo` and "
                 "gives log-probabilities for generated tokens only");
        return lme_hint(err, "%s", no_echo_hint);
    }
    lme_prober_find(prober, prober->path->name, false, "%s", err->message);
    return lme_hint(err, "docs/servers.md says which servers can be scored by echo");
}

static lme_request scored(const lme_prober *prober, const char *context, lme_str continuation)
{
    lme_request request = {
        .kind = LME_REQUEST_LOGLIKELIHOOD,
        .context = LME_STR(""),
        .continuation = continuation,
    };
    if (!prober->chats) {
        request.context = lme_str_from(context);
        return request;
    }
    lme_message *message = LME_NEW(prober->arena, lme_message);
    *message = (lme_message){.role = LME_STR("user"), .content = lme_str_from(context)};
    request.messages = message;
    request.n_messages = 1;
    return request;
}

static bool ask_path(lme_prober *prober, const lme_request *request, echoed *e, lme_error *err)
{
    lme_endpoint *endpoint = prober->endpoint;
    lme_str body = prober->path->encode(prober->arena, &endpoint->form, request);
    *e = (echoed){.request = *request, .prompt = LME_STR("")};
    if (!prober->chats)
        e->prompt = lme_str_concat(prober->arena, request->context, request->continuation);
    return lme_prober_ask(prober, prober->path->url(&endpoint->url, request), body, &e->probed,
                          err);
}

static bool read_path(const lme_prober *prober, echoed *e, lme_error *err)
{
    if (!prober->path->read(prober->arena, &e->probed.value, &e->logprobs, err))
        return false;
    if (prober->chats)
        e->prompt = lme_tokens_joined(prober->arena, &e->logprobs);
    return true;
}

static bool refuse_request(lme_prober *prober, const echoed *e, lme_error *err)
{
    lme_prober_refuse(prober, prober->path->asks, &e->probed, err);
    if (e->probed.status == 404 && prober->path->url != lme_url_of_completions &&
        prober->path->url != lme_url_of_openai)
        return lme_hint(err,
                        "the server has no such API; --scoring auto finds the path that it has");
    return false;
}

/* A short ASCII text: whether there is an entry for each token, and which. */
static bool prove_shape(lme_prober *prober, echoed *e, lme_error *err)
{
    const char *name = prober->path->name;
    lme_request request = scored(prober, "Anna counts the birds in the garden: one, two, three,",
                                 LME_STR(" four, five, six, and then she goes home."));
    if (prober->chats)
        request.continuation = lme_lstrip(request.continuation);
    if (!ask_path(prober, &request, e, err))
        return false;
    if (e->probed.outcome != LME_OUTCOME_OK) {
        lme_prober_find(prober, name, false, "%.*s", LME_STR_ARG(e->probed.failure));
        return refuse_request(prober, e, err);
    }
    if (!read_path(prober, e, err)) {
        lme_prober_find(prober, name, false, "%s", err->message);
        return lme_hint(err, "%s", prober->chats ? no_chat_hint : no_echo_hint);
    }
    if (!lme_align(prober->arena, e->prompt, &e->logprobs, 0, &e->alignment, err))
        return refuse_tokens(prober, e, err);
    if (!prober->path->decode(prober->arena, &request, &e->probed.value, &e->response, err)) {
        lme_prober_find(prober, name, false, "%s", err->message);
        return lme_hint(err, "docs/servers.md says which servers can be scored by echo");
    }
    return true;
}

static void find_entries(lme_prober *prober, const echoed *e)
{
    const lme_alignment *a = &e->alignment;
    size_t n_generated = e->logprobs.n - a->end;
    int64_t told = e->logprobs.n_prompt_tokens;
    lme_prober_find(prober, prober->path->name, true,
                    "%zu prompt tokens with log-probabilities, %zu generated", a->end - a->first,
                    n_generated);
    if (told > 0 && told != (int64_t)a->end)
        lme_prober_find(prober, "token count", told == (int64_t)a->end + 1,
                        "usage names %lld prompt tokens for %zu entries%s", (long long)told, a->end,
                        told == (int64_t)a->end + 1 ? ": a BOS that is not listed" : "");
    if (a->first > 0 && e->logprobs.hides_first)
        lme_prober_find(prober, "special tokens", true,
                        "one stands before the prompt, its text is not told");
    else if (a->first > 0)
        lme_prober_find(
            prober, "special tokens", true, "\"%.*s\" stands before the prompt",
            LME_STR_ARG(lme_one_line(prober->arena, e->logprobs.tokens[a->first - 1].string, 30)));
}

/* Whether a text can be scored from its first token on, which rolling loglikelihoods need. */
static bool scores_first(const echoed *e)
{
    return e->logprobs.values[e->alignment.first].kind != LME_NULL;
}

static void find_first(lme_prober *prober, const echoed *e, bool needed)
{
    lme_prober_find(prober, "first token", scores_first(e) || !needed,
                    scores_first(e) ? "has a log-probability: empty contexts can be scored"
                                    : "has none: empty contexts cannot be scored");
}

static bool require_first(const echoed *e, lme_error *err)
{
    if (scores_first(e))
        return true;
    lme_fail(err, LME_ERR_SERVER, NULL,
             "a rolling loglikelihood needs the first token of a text scored, and the server gives "
             "null for it");
    return lme_hint(err, "servers that put a BOS before the text and list it can do this: "
                         "docs/scoring.md");
}

/* What text_offset is worth; the tokens' texts are used where it is worth nothing. */
static bool find_offsets(lme_prober *prober, lme_error *err)
{
    echoed e;
    lme_error why = {0};
    lme_request request = scored(prober, "Zoë paid 25 € for the crème 🧈 in",
                                 LME_STR(" the café of 漢字 town."));
    if (!ask_path(prober, &request, &e, err))
        return false;
    if (e.probed.outcome != LME_OUTCOME_OK) {
        lme_prober_find(prober, "text_offset", false, "letters outside ASCII: %.*s",
                        LME_STR_ARG(e.probed.failure));
        return true;
    }
    if (!read_path(prober, &e, &why) ||
        !lme_align(prober->arena, e.prompt, &e.logprobs, 0, &e.alignment, &why)) {
        lme_prober_find(prober, "text_offset", false,
                        "texts outside ASCII cannot be cut, such items will fail: %s", why.message);
        return true;
    }
    const char *how = e.logprobs.starts == NULL ? "not told" : "does not fit the text";
    if (e.alignment.how == LME_PLACED_BY_OFFSET)
        how = "counts code points";
    else if (lme_offsets_are_bytes(e.prompt, &e.logprobs, &e.alignment))
        how = "counts bytes";
    const char *instead = "";
    if (e.alignment.how == LME_PLACED_BY_TEXT)
        instead = ": the tokens' texts are used instead";
    else if (e.alignment.how == LME_PLACED_LOOSELY)
        instead = ": the tokens' texts are used instead, and some cannot be read";
    lme_prober_find(prober, "text_offset", true, "%s%s", how, instead);
    return true;
}

static bool find_repeatable(lme_prober *prober, const echoed *first, lme_error *err)
{
    echoed again;
    lme_error why = {0};
    if (!ask_path(prober, &first->request, &again, err))
        return false;
    if (again.probed.outcome != LME_OUTCOME_OK || !read_path(prober, &again, &why) ||
        again.logprobs.n < first->alignment.end) {
        lme_prober_find(prober, "repeatable", false, "the same request was answered otherwise: %s",
                        why.message);
        return true;
    }
    double most = 0;
    for (size_t i = first->alignment.first; i < first->alignment.end; i++) {
        double a, b;
        if (lme_logprobs_value(&first->logprobs, i, &a, &why) &&
            lme_logprobs_value(&again.logprobs, i, &b, &why) && fabs(a - b) > most)
            most = fabs(a - b);
    }
    if (most > 0)
        lme_prober_find(prober, "repeatable", is_close(most, 0),
                        "the same request differs by up to %.2g nats", most);
    else
        lme_prober_find(prober, "repeatable", true, "the same request gives the same digits");
    return true;
}

/* ---- meaning ---- */

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
    lme_request request = scored(prober, p->prefix.ptr, LME_STR(""));
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
    echoed e;
    lme_error why = {0};
    double before = 0;
    lme_str before_text = LME_STR("");
    lme_request request = scored(prober, p->prefix.ptr, p->next);
    if (!ask_path(prober, &request, &e, err))
        return false;
    p->conclusive =
        e.probed.outcome == LME_OUTCOME_OK &&
        prober->path->decode(prober->arena, &request, &e.probed.value, &e.response, &why) &&
        read_path(prober, &e, &why) &&
        lme_align(prober->arena, e.prompt, &e.logprobs, 0, &e.alignment, &why) &&
        e.response.n_tokens == 1 && !e.response.straddles && e.alignment.end >= 2 &&
        lme_logprobs_top(&e.logprobs, e.alignment.end - 2, &before_text, &before, &why);
    if (!p->conclusive)
        return true;
    p->scored = e.response.logprob_nats;
    p->agrees = p->has_value ? is_close(p->scored, p->generated) : e.response.is_greedy;
    p->shows_neighbor = lme_str_equal(before_text, e.logprobs.tokens[e.alignment.end - 1].string) &&
                        (!p->has_value || is_close(before, p->generated));
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

static bool prove_meaning(lme_prober *prober, lme_error *err)
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

bool lme_list_probe(lme_prober *prober, unsigned needs, lme_error *err)
{
    echoed e;
    prober->chats = (needs & LME_NEED_CHAT) != 0 && prober->path->scores_chats;
    bool rolls = (needs & 1u << LME_REQUEST_ROLLING) != 0;
    if (!prove_shape(prober, &e, err))
        return false;
    find_entries(prober, &e);
    find_first(prober, &e, rolls);
    return find_offsets(prober, err) && prove_meaning(prober, err) &&
           find_repeatable(prober, &e, err) && (!rolls || require_first(&e, err));
}
