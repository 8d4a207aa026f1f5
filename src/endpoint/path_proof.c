/* The proof that listed log-probabilities mean what a scoring path takes them for, by echo or any
 * other list of the prompt's tokens.
 *
 * Shape first: a short text must come back with an entry for each of its tokens, and those must lie
 * in it where they are said to; then the same with letters outside ASCII. Then meaning
 * (meaning_proof.c), and whether the same question is answered alike twice.
 */
#include "path_proof.h"

#include "answer.h"
#include "score.h"

#include <math.h>

#include <lmeval/unicode.h>

/* ---- shape ---- */

bool lme_is_close(double a, double b)
{
    return fabs(a - b) <= 0.05 + 0.05 * fabs(b);
}

static const char *const no_echo_hint =
    "Ollama and servers for chats only do not echo: use vLLM, SGLang or "
    "llama-cpp-python (--logits_all true) for this model, or a generate_until task";

static const char *const no_chat_hint =
    "of conversations vLLM alone lists the tokens: score without --apply_chat_template, or name "
    "generate_until tasks; --scoring letters asks for the letter of a choice, another measure";

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
static bool refuse_tokens(lme_prober *prober, const lme_echoed *e, lme_error *err)
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

lme_request lme_scored_request(const lme_prober *prober, const char *context, lme_str continuation)
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

bool lme_echoed_ask(lme_prober *prober, const lme_request *request, lme_echoed *e, lme_error *err)
{
    lme_endpoint *endpoint = prober->endpoint;
    lme_str body = prober->path->encode(prober->arena, &endpoint->form, request);
    *e = (lme_echoed){.request = *request, .prompt = LME_STR("")};
    if (!prober->chats)
        e->prompt = lme_str_concat(prober->arena, request->context, request->continuation);
    return lme_prober_ask(prober, prober->path->url(&endpoint->url, request), body, &e->probed,
                          err);
}

bool lme_echoed_read(const lme_prober *prober, lme_echoed *e, lme_error *err)
{
    if (!prober->path->read(prober->arena, &e->probed.value, &e->logprobs, err))
        return false;
    if (prober->chats)
        e->prompt = lme_tokens_joined(prober->arena, &e->logprobs);
    return true;
}

static bool refuse_request(lme_prober *prober, const lme_echoed *e, lme_error *err)
{
    lme_prober_refuse(prober, prober->path->asks, &e->probed, err);
    if (e->probed.status == 404 && prober->path->url != lme_url_of_completions &&
        prober->path->url != lme_url_of_openai)
        return lme_hint(err,
                        "the server has no such API; --scoring auto finds the path that it has");
    return false;
}

/* A short ASCII text: whether there is an entry for each token, and which. */
static bool prove_shape(lme_prober *prober, lme_echoed *e, lme_error *err)
{
    const char *name = prober->path->name;
    lme_request request =
        lme_scored_request(prober, "Anna counts the birds in the garden: one, two, three,",
                           LME_STR(" four, five, six, and then she goes home."));
    if (prober->chats)
        request.continuation = lme_lstrip(request.continuation);
    if (!lme_echoed_ask(prober, &request, e, err))
        return false;
    if (e->probed.outcome != LME_OUTCOME_OK) {
        lme_prober_find(prober, name, false, "%.*s", LME_STR_ARG(e->probed.failure));
        return refuse_request(prober, e, err);
    }
    if (!lme_echoed_read(prober, e, err)) {
        lme_prober_find(prober, name, false, "%s", err->message);
        return lme_hint(err, "%s", prober->chats ? no_chat_hint : no_echo_hint);
    }
    if (!lme_align(prober->arena, e->prompt, &e->logprobs, 0, &e->alignment, err))
        return refuse_tokens(prober, e, err);
    lme_question question = {prober->path, &prober->endpoint->form, &request};
    if (!lme_path_decode(prober->arena, &question, &e->probed.value, &e->response, err)) {
        lme_prober_find(prober, name, false, "%s", err->message);
        return lme_hint(err, "docs/servers.md says which servers can be scored by echo");
    }
    return true;
}

static void find_entries(lme_prober *prober, const lme_echoed *e)
{
    const lme_alignment *a = &e->alignment;
    size_t n_generated = e->logprobs.n - a->end;
    int64_t told = e->logprobs.n_prompt_tokens;
    if (!prober->chats)
        prober->profile->n_bos = (int64_t)a->first + (told == (int64_t)a->end + 1);
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
    lme_find_listed_bos(prober, &e->logprobs, a->first);
}

/* Whether a text can be scored from its first token on, which rolling loglikelihoods need. */
static bool scores_first(const lme_echoed *e)
{
    return e->logprobs.values[e->alignment.first].kind != LME_NULL;
}

static void find_first(lme_prober *prober, const lme_echoed *e)
{
    prober->scores_first = scores_first(e);
    lme_prober_find(prober, "first token", scores_first(e),
                    scores_first(e) ? "has a log-probability: empty contexts can be scored"
                                    : "has none: empty contexts need token ids");
}

/* The same text as token ids must have the same continuation, token by token. */
static bool find_ids(lme_prober *prober, const lme_echoed *e, lme_error *err)
{
    lme_endpoint *endpoint = prober->endpoint;
    lme_ids ids;
    lme_probed probed;
    lme_error why = {0};
    lme_response response = {0};
    if (endpoint->length.tokenizer == NULL || prober->path->encode_ids == NULL || prober->chats)
        return true;
    if (!lme_prober_tokens(prober, e->prompt, &ids, err))
        return false;
    size_t n = e->response.n_tokens;
    lme_str body = prober->path->encode_ids(prober->arena, &endpoint->form, &ids);
    if (!lme_prober_ask(prober, prober->path->url(&endpoint->url, &e->request), body, &probed, err))
        return false;
    bool good = probed.outcome == LME_OUTCOME_OK && ids.n > n &&
                lme_score_ids(prober->arena, prober->path, &probed.value,
                              (lme_entries){.from = ids.n - n, .to = ids.n}, &response, &why) &&
                lme_is_close(response.logprob_nats, e->response.logprob_nats);
    endpoint->length.sends_ids = good;
    if (good)
        lme_prober_find(prober, "token ids", true,
                        "a prompt of the tokenizer's %zu has the text's score", ids.n);
    else if (probed.outcome != LME_OUTCOME_OK || why.message[0] != '\0')
        lme_prober_find(prober, "token ids", false, "%.*s",
                        LME_STR_ARG(probed.outcome != LME_OUTCOME_OK ? probed.failure
                                                                     : lme_str_from(why.message)));
    else
        lme_prober_find(prober, "token ids", false, "scored %.4f, and the text %.4f",
                        response.logprob_nats, e->response.logprob_nats);
    return true;
}

/* A server that does not score a text's first token can be told what stands before it, where it
 * takes token ids. */
static bool require_first(const lme_prober *prober, const lme_echoed *e, lme_error *err)
{
    const lme_length *length = &prober->endpoint->length;
    if (scores_first(e) || (length->sends_ids && length->prefix >= 0))
        return true;
    if (length->sends_ids) {
        lme_fail(err, LME_ERR_SERVER, NULL,
                 "a rolling loglikelihood needs a token before the text's first one, and the "
                 "server does not tell which: it puts no BOS there and names no end-of-text");
        return lme_hint(err, "--prefix-token ID names it, the model's BOS or its end-of-text; vLLM "
                             "tells it with --enable-tokenizer-info-endpoint");
    }
    lme_fail(err, LME_ERR_SERVER, NULL,
             "a rolling loglikelihood needs the first token of a text scored, and the server gives "
             "null for it");
    return lme_hint(err,
                    "servers that put a BOS before the text and list it can do this, and those "
                    "with /tokenize that take token ids: docs/scoring.md");
}

/* What text_offset is worth; the tokens' texts are used where it is worth nothing. */
static bool find_offsets(lme_prober *prober, lme_error *err)
{
    lme_echoed e;
    lme_error why = {0};
    lme_request request = lme_scored_request(prober, "Zoë paid 25 € for the crème 🧈 in",
                                             LME_STR(" the café of 漢字 town."));
    if (!lme_echoed_ask(prober, &request, &e, err))
        return false;
    if (e.probed.outcome != LME_OUTCOME_OK) {
        lme_prober_find(prober, "text_offset", false, "letters outside ASCII: %.*s",
                        LME_STR_ARG(e.probed.failure));
        return true;
    }
    if (!lme_echoed_read(prober, &e, &why) ||
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

static bool find_repeatable(lme_prober *prober, const lme_echoed *first, lme_error *err)
{
    lme_echoed again;
    lme_error why = {0};
    if (!lme_echoed_ask(prober, &first->request, &again, err))
        return false;
    if (again.probed.outcome != LME_OUTCOME_OK || !lme_echoed_read(prober, &again, &why) ||
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
        lme_prober_find(prober, "repeatable", lme_is_close(most, 0),
                        "the same request differs by up to %.2g nats", most);
    else
        lme_prober_find(prober, "repeatable", true, "the same request gives the same digits");
    return true;
}

bool lme_list_probe(lme_prober *prober, unsigned needs, lme_error *err)
{
    lme_echoed e;
    prober->chats = (needs & LME_NEED_CHAT) != 0 && prober->path->scores_chats;
    bool rolls = (needs & 1u << LME_REQUEST_ROLLING) != 0;
    if (!prove_shape(prober, &e, err))
        return false;
    find_entries(prober, &e);
    find_first(prober, &e);
    prober->endpoint->length.rolls_by_ids = !scores_first(&e);
    return find_offsets(prober, err) && lme_prove_meaning(prober, err) &&
           find_repeatable(prober, &e, err) && find_ids(prober, &e, err) &&
           (!rolls || require_first(prober, &e, err));
}
