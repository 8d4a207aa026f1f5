/* What the length of questions rests on: that the server's tokenizer gives a text back whole, what
 * it puts before a text, and that completions take its ids. */
#include "generate.h"
#include "length.h"
#include "probe.h"

#include <lmeval/hash.h>
#include <lmeval/unicode.h>

#define SAMPLE "Anna paid 25 € for the crème in the café."
#define COUNT  "Count: one two three four five six seven eight one two three four"

/* ---- tokens ---- */

/* What a tokenizer made of a text. */
typedef struct attempt {
    const lme_server_tokenizer *tokenizer;
    lme_ids ids;
    lme_str failure; /* "": it works */
} attempt;

static bool ask_tokens(lme_prober *prober, lme_str text, bool special, attempt *a, lme_error *err)
{
    lme_endpoint *endpoint = prober->endpoint;
    lme_error why = {0};
    lme_probed probed;
    a->ids = (lme_ids){0};
    lme_str body = a->tokenizer->encode(prober->arena, &endpoint->form, text, special);
    if (!lme_prober_ask(prober, a->tokenizer->url(&endpoint->url), body, &probed, err))
        return false;
    a->failure = probed.failure;
    if (probed.outcome == LME_OUTCOME_OK &&
        !lme_tokens_read(prober->arena, &probed.value, text, &a->ids, &why))
        a->failure = lme_str_copy(prober->arena, lme_str_from(why.message));
    return true;
}

bool lme_prober_tokens(lme_prober *prober, lme_str text, lme_ids *ids, lme_error *err)
{
    attempt a = {.tokenizer = prober->endpoint->length.tokenizer};
    bool ok = ask_tokens(prober, text, true, &a, err);
    *ids = a.ids;
    return ok;
}

/* SentencePiece's blank in front of a text is not the text's. */
static bool is_back(lme_str text, lme_str back)
{
    return lme_str_equal(text, back) || (lme_str_starts(back, LME_STR(" ")) &&
                                         lme_str_equal(text, lme_str_slice(back, 1, back.len)));
}

static lme_str text_back(const lme_server_tokenizer *tokenizer, const lme_value *answer)
{
    for (size_t i = 0; tokenizer->texts[i] != NULL; i++) {
        const lme_value *text = lme_value_find(answer, tokenizer->texts[i]);
        if (text != NULL && text->kind == LME_STRING)
            return text->string;
    }
    return LME_STR("");
}

static bool try_tokenizer(lme_prober *prober, attempt *a, lme_error *err)
{
    const lme_server_tokenizer *tokenizer = a->tokenizer;
    lme_endpoint *endpoint = prober->endpoint;
    lme_probed probed;
    if (!ask_tokens(prober, LME_STR(SAMPLE), false, a, err))
        return false;
    if (a->failure.len == 0 && a->ids.n == 0)
        a->failure = LME_STR("no tokens for a text");
    if (a->failure.len > 0)
        return true;
    lme_str body = tokenizer->decode(prober->arena, &endpoint->form, &a->ids);
    if (!lme_prober_ask(prober, tokenizer->back_url(&endpoint->url), body, &probed, err))
        return false;
    lme_str back = text_back(tokenizer, &probed.value);
    if (probed.outcome != LME_OUTCOME_OK)
        a->failure = lme_str_format(prober->arena, "its tokens do not come back as text: %.*s",
                                    LME_STR_ARG(probed.failure));
    else if (!is_back(LME_STR(SAMPLE), back))
        a->failure = LME_STR("its tokens come back as another text");
    return true;
}

/* ---- what stands before a text ---- */

static lme_str text_under(const lme_value *map, const char *key)
{
    const lme_value *v = lme_value_find(map, key);
    /* llama-server's and vLLM's are texts; older ones give {"content"}. */
    if (v != NULL && v->kind == LME_MAP)
        v = lme_value_find(v, "content");
    return v != NULL && v->kind == LME_STRING ? v->string : LME_STR("");
}

/* lm_eval's choice: the BOS, else the end-of-text. */
static bool find_prefix(lme_prober *prober, const lme_ids *plain, bool looks, lme_error *err)
{
    lme_length *length = &prober->endpoint->length;
    const lme_server_tokenizer *tokenizer = length->tokenizer;
    lme_probed probed;
    attempt with = {.tokenizer = tokenizer};
    if (!ask_tokens(prober, LME_STR(SAMPLE), true, &with, err))
        return false;
    length->n_special = with.ids.n > plain->n ? with.ids.n - plain->n : 0;
    prober->profile->n_bos = (int64_t)length->n_special;
    if (!lme_prober_ask(prober, tokenizer->about_url(&prober->endpoint->url), LME_STR(""), &probed,
                        err))
        return false;
    lme_find_text_bos(prober, &with.ids, length->n_special);
    if (looks && !lme_prove_own_bos(prober, text_under(&probed.value, "bos_token"), with.ids.n,
                                    LME_STR(SAMPLE), err))
        return false;
    if (length->prefix >= 0)
        return true;
    if (length->n_special > 0 && with.ids.ids != NULL) {
        length->prefix = with.ids.ids[0];
        return true;
    }
    lme_str end = text_under(&probed.value, "eos_token");
    if (end.len == 0)
        return true;
    if (!ask_tokens(prober, end, false, &with, err))
        return false;
    if (with.ids.n == 1 && with.ids.ids != NULL)
        length->prefix = with.ids.ids[0];
    return true;
}

static void find_tokenizer(lme_prober *prober, const attempt *a)
{
    const lme_length *length = &prober->endpoint->length;
    lme_prober_find(prober, "tokenizer", true, "%s: %zu tokens and their text back",
                    length->tokenizer->route, a->ids.n);
    if (length->prefix >= 0)
        lme_prober_find(prober, "prefix token", true, "%lld", (long long)length->prefix);
    else
        lme_prober_find(prober, "prefix token", false, "not told: --prefix-token names it");
}

static bool require_tokenizer(const lme_length *length, lme_str failure, lme_error *err)
{
    if (length->asked == 0 && !length->truncates)
        return true;
    lme_fail(err, LME_ERR_SERVER, NULL,
             "%s needs the server's tokenizer, and it has none that works: %.*s",
             length->truncates ? "--truncate" : "--max-length", LME_STR_ARG(failure));
    return lme_hint(
        err, "vLLM, SGLang and llama-server have POST /tokenize; without the option, prompts "
             "that are too long for the server fail by themselves and are counted");
}

bool lme_prove_tokenizer(lme_prober *prober, unsigned needs, lme_error *err)
{
    lme_length *length = &prober->endpoint->length;
    size_t n;
    const lme_server_tokenizer *const *rows = lme_server_tokenizers(&n);
    attempt a = {0};
    lme_str first = LME_STR("");
    bool asked = length->asked > 0 || length->truncates;
    length->tokenizer = NULL;
    bool looks = (needs & LME_LOOK_AT_ALL) != 0;
    if (!asked && !looks && length->prefix < 0 &&
        (needs & (1u << LME_REQUEST_ROLLING | (unsigned)LME_NEED_UNCONDITIONAL)) == 0)
        return true;
    for (size_t i = 0; i < n && length->tokenizer == NULL; i++) {
        a.tokenizer = rows[i];
        if (!try_tokenizer(prober, &a, err))
            return false;
        if (a.failure.len == 0)
            length->tokenizer = rows[i];
        else if (first.len == 0)
            first = a.failure;
    }
    if (length->tokenizer == NULL) {
        lme_prober_find(prober, "tokenizer", false, "none: %.*s", LME_STR_ARG(first));
        return require_tokenizer(length, first, err);
    }
    if (!find_prefix(prober, &a.ids, looks, err))
        return false;
    find_tokenizer(prober, &a);
    if (!length->truncates || lme_length_bound(length) > 0)
        return true;
    lme_fail(err, LME_ERR_USAGE, NULL, "the server does not tell how long its context is");
    return lme_hint(err, "--truncate left needs --max-length N then");
}

/* ---- completions ---- */

bool lme_prove_generated_ids(lme_prober *prober, lme_error *err)
{
    lme_endpoint *endpoint = prober->endpoint;
    const lme_generation few = {.max_tokens = 4, .extra = {.kind = LME_NULL}};
    const lme_request request = {
        .kind = LME_REQUEST_GENERATE, .context = LME_STR(COUNT), .generation = &few};
    lme_form form = lme_endpoint_form(endpoint, &request);
    lme_response response[2];
    lme_probed probed;
    lme_ids ids;
    if (!endpoint->length.truncates || endpoint->length.tokenizer == NULL)
        return true;
    if (!lme_prober_tokens(prober, request.context, &ids, err))
        return false;
    for (size_t i = 0; i < 2; i++) {
        form.prompt = i == 0 ? NULL : &ids;
        lme_str body = lme_generate_encode(prober->arena, &form, &request);
        if (!lme_prober_ask(prober, endpoint->url.completions, body, &probed, err))
            return false;
        response[i] = (lme_response){0};
        if (probed.outcome != LME_OUTCOME_OK) {
            lme_prober_find(prober, "prompts as ids", false, "%.*s", LME_STR_ARG(probed.failure));
            lme_prober_refuse(prober, "a completion request with token ids as prompt", &probed,
                              err);
            return lme_hint(err,
                            "vLLM, SGLang and llama-server take token ids; without --truncate, "
                            "prompts that are too long fail by themselves and are counted");
        }
        if (!lme_generate_decode(prober->arena, &form, &request, &probed.value, &response[i], err))
            return false;
    }
    bool same = lme_str_equal(response[0].text, response[1].text) &&
                response[0].n_prompt_tokens == response[1].n_prompt_tokens;
    lme_prober_find(prober, "prompts as ids", same,
                    same ? "a prompt of %zu token ids is answered as its text"
                         : "a prompt of %zu token ids is answered otherwise than its text",
                    ids.n);
    if (same)
        return true;
    return lme_fail(err, LME_ERR_SERVER, NULL,
                    "--truncate sends cut prompts as token ids, and a prompt of token ids was "
                    "answered otherwise than the same text");
}

/* ---- template ---- */

bool lme_prove_template(lme_prober *prober, lme_error *err)
{
    const lme_server_url *url = &prober->endpoint->url;
    const char *const places[] = {url->props, url->tokenizer_info};
    lme_probed probed;
    for (size_t i = 0; i < 2 && prober->profile->chat_template.len == 0; i++) {
        if (!lme_prober_ask(prober, places[i], LME_STR(""), &probed, err))
            return false;
        if (probed.outcome == LME_OUTCOME_OK)
            prober->profile->chat_template = text_under(&probed.value, "chat_template");
    }
    lme_str text = prober->profile->chat_template;
    if (text.len > 0)
        lme_prober_find(prober, "chat template", true, "%zu characters, SHA-256 %.12s...",
                        lme_codepoints(text), lme_sha256_hex(prober->arena, text).ptr);
    return true;
}

/* ---- what it comes to ---- */

void lme_length_tell(const lme_length *length, lme_profile *profile)
{
    bool rolls = length->sends_ids && length->prefix >= 0;
    profile->context = length->context;
    profile->truncates = length->truncates;
    if (length->tokenizer == NULL || (length->asked == 0 && !length->truncates && !rolls))
        return;
    profile->max_length = length->asked > 0 ? length->asked : length->context;
    profile->prefix_token = length->prefix;
}
