/* A model of a few lines behind the completions API, for tests of the probe: words are tokens, and
 * what follows depends on the last word alone. Traits give it the lacks of real servers.
 */
#ifndef LMEVAL_TEST_FAKE_MODEL_H
#define LMEVAL_TEST_FAKE_MODEL_H

#include "loopback.h"

#include <lmeval/json.h>
#include <lmeval/unicode.h>

enum {
    FAKE_NO_ECHO = 1 << 0,     /* ignores echo: entries for generated tokens only */
    FAKE_CHAT_SHAPE = 1 << 1,  /* logprobs.content, as llama-server */
    FAKE_NO_LOGPROBS = 1 << 2, /* logprobs: null */
    FAKE_SHIFTED = 1 << 3,     /* entry i is the row after token i; the last one is missing */
    FAKE_NO_FIRST = 1 << 4,    /* no entry for the first token */
    FAKE_BYTES = 1 << 5,       /* text_offset in bytes */
    FAKE_NO_OFFSET = 1 << 6,   /* text_offset -1 */
    FAKE_BOS_LISTED = 1 << 7,  /* "<s>" in the arrays, its letters in text_offset */
    FAKE_NO_COMPLETIONS = 1 << 8,
    FAKE_NO_MODELS = 1 << 9,
    FAKE_NEEDS_KEY = 1 << 10,   /* 401 without "Bearer right" */
    FAKE_LOGITS_ALL = 1 << 11,  /* 500 as llama-cpp-python without --logits_all */
    FAKE_NO_STOP = 1 << 12,     /* ignores stop */
    FAKE_UNSTEADY = 1 << 13,    /* another digit every time */
    FAKE_OTHER_MODEL = 1 << 14, /* 404 unless model is "fake" */
    FAKE_STUCK = 1 << 15,       /* the same word for ever, with the same probability */
    FAKE_EMPTY_TEXT = 1 << 16,
    FAKE_LOWER = 1 << 17,     /* token texts in lower case */
    FAKE_NO_TOP = 1 << 18,    /* top_logprobs null */
    FAKE_ONLY_ECHO = 1 << 19, /* log-probabilities with echo alone */
    FAKE_BOS_TWICE = 1 << 20, /* "<s>" listed twice, with FAKE_BOS_LISTED */
};

typedef struct fake_model {
    unsigned traits;
    size_t n_asked;
} fake_model;

static inline uint32_t fake_hash(lme_str a, lme_str b)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < a.len; i++)
        hash = (hash ^ (unsigned char)a.ptr[i]) * 16777619u;
    hash = (hash ^ 255u) * 16777619u;
    for (size_t i = 0; i < b.len; i++)
        hash = (hash ^ (unsigned char)b.ptr[i]) * 16777619u;
    return hash ^ hash >> 15;
}

/* The likeliest word after `last`. */
static inline lme_str fake_next(const fake_model *model, lme_str last)
{
    static const char *const words[] = {" red",  " dog", " house", " seven", " garden", " and",
                                        " then", " the", " was",   " blue",  " river",  " two"};
    size_t n = sizeof words / sizeof words[0];
    if ((model->traits & FAKE_STUCK) != 0)
        return lme_str_from(words[0]);
    return lme_str_from(words[fake_hash(last, LME_STR("")) % n]);
}

static inline double fake_logprob(const fake_model *model, lme_str last, lme_str token)
{
    if ((model->traits & FAKE_STUCK) != 0)
        return lme_str_is(token, " red") ? -0.5 : -3;
    double part = (double)(fake_hash(last, token) % 1024) / 1024;
    double noise = (model->traits & FAKE_UNSTEADY) != 0 ? (double)(model->n_asked % 7) / 1024 : 0;
    bool likeliest = lme_str_equal(token, fake_next(model, last));
    return (likeliest ? -0.25 - part : -4 - 4 * part) - noise;
}

/* Words with the blank before them. */
static inline size_t fake_tokens(lme_str text, lme_str *tokens, size_t max)
{
    size_t n = 0;
    for (size_t at = 0; at < text.len && n < max; n++) {
        size_t to = at + 1;
        while (to < text.len && text.ptr[to] != ' ' && text.ptr[to] != '\n')
            to++;
        tokens[n] = lme_str_slice(text, at, to);
        at = to;
    }
    return n;
}

typedef struct fake_arrays {
    lme_list_builder tokens, values, tops, offsets;
} fake_arrays;

/* One entry: `token` as seen after `last`; without `last`, null. */
static inline void fake_entry(lme_arena *arena, const fake_model *model, fake_arrays *arrays,
                              const lme_str *last, lme_str token, size_t offset)
{
    lme_str shown = (model->traits & FAKE_LOWER) != 0 ? lme_lower(arena, token) : token;
    lme_list_add(&arrays->tokens, lme_string(shown));
    lme_list_add(&arrays->offsets,
                 lme_int((model->traits & FAKE_NO_OFFSET) != 0 ? -1 : (int64_t)offset));
    if (last == NULL) {
        lme_list_add(&arrays->values, lme_null());
        lme_list_add(&arrays->tops, lme_null());
        return;
    }
    lme_map_builder top = {.arena = arena};
    lme_str next = fake_next(model, *last);
    lme_map_add(&top, next, lme_float(fake_logprob(model, *last, next)));
    if (!lme_str_equal(next, token))
        lme_map_add(&top, shown, lme_float(fake_logprob(model, *last, token)));
    lme_list_add(&arrays->values, lme_float(fake_logprob(model, *last, token)));
    lme_list_add(&arrays->tops,
                 (model->traits & FAKE_NO_TOP) != 0 ? lme_null() : lme_map_finish(&top));
}

static inline lme_value fake_logprobs(lme_arena *arena, const fake_model *model, lme_str prompt,
                                      lme_str generated, bool echo)
{
    enum {
        MAX = 256
    };
    lme_str tokens[MAX];
    fake_arrays a = {{.arena = arena}, {.arena = arena}, {.arena = arena}, {.arena = arena}};
    size_t n = fake_tokens(prompt, tokens, MAX - 32);
    size_t n_all = n + fake_tokens(generated, tokens + n, 32);
    bool shifted = (model->traits & FAKE_SHIFTED) != 0 && echo;
    bool bos = (model->traits & FAKE_BOS_LISTED) != 0 && echo;
    lme_str begin = LME_STR("<s>");
    size_t bytes = bos ? 3 : 0, codepoints = bytes;
    if (bos)
        fake_entry(arena, model, &a, NULL, begin, 0);
    if (bos && (model->traits & FAKE_BOS_TWICE) != 0) {
        fake_entry(arena, model, &a, &begin, begin, 3);
        bytes = codepoints = 6;
    }
    for (size_t i = 0; i < n_all; i++) {
        const lme_str *last = i > 0 ? &tokens[i - 1] : bos ? &begin : NULL;
        bool listed = (echo || i >= n) && !(shifted && i == n) &&
                      !(i == 0 && (model->traits & FAKE_NO_FIRST) != 0);
        if (shifted && i > 0)
            last = &tokens[i];
        if (listed)
            fake_entry(arena, model, &a, last, tokens[i],
                       (model->traits & FAKE_BYTES) != 0 ? bytes : codepoints);
        bytes += tokens[i].len;
        codepoints += lme_codepoints(tokens[i]);
    }
    lme_map_builder map = {.arena = arena};
    lme_map_add(&map, LME_STR("text_offset"), lme_list_finish(&a.offsets));
    lme_map_add(&map, LME_STR("token_logprobs"), lme_list_finish(&a.values));
    lme_map_add(&map, LME_STR("tokens"), lme_list_finish(&a.tokens));
    lme_map_add(&map, LME_STR("top_logprobs"), lme_list_finish(&a.tops));
    return lme_map_finish(&map);
}

static inline int64_t fake_int(const lme_value *body, const char *key)
{
    const lme_value *v = lme_value_find(body, key);
    return v != NULL && v->kind == LME_INT ? v->integer : 0;
}

static inline lme_str fake_generate(lme_arena *arena, const fake_model *model,
                                    const lme_value *body, lme_str prompt)
{
    lme_str tokens[256];
    size_t n = fake_tokens(prompt, tokens, 256);
    lme_str last = n > 0 ? tokens[n - 1] : LME_STR("");
    lme_builder text = {.arena = arena};
    const lme_value *stop = lme_value_find(body, "stop");
    for (int64_t i = 0; i < fake_int(body, "max_tokens"); i++) {
        last = fake_next(model, last);
        lme_builder_add(&text, last);
    }
    lme_str whole = lme_builder_finish(&text);
    if ((model->traits & FAKE_EMPTY_TEXT) != 0)
        return LME_STR("");
    if (stop == NULL || (model->traits & FAKE_NO_STOP) != 0)
        return whole;
    return lme_str_slice(whole, 0, lme_str_find(whole, stop->list.items[0].string, 0));
}

static inline lme_str fake_completion(lme_arena *arena, const fake_model *model,
                                      const lme_value *body)
{
    lme_str prompt = lme_value_find(body, "prompt")->string;
    bool echo = lme_value_find(body, "echo") != NULL && (model->traits & FAKE_NO_ECHO) == 0;
    bool logprobs = lme_value_find(body, "logprobs") != NULL;
    lme_str generated = fake_generate(arena, model, body, prompt);
    lme_map_builder choice = {.arena = arena};
    lme_map_builder empty = {.arena = arena};
    lme_map_add(&choice, LME_STR("text"),
                lme_string(echo ? lme_str_concat(arena, prompt, generated) : generated));
    lme_value values = lme_null();
    if (logprobs && (model->traits & FAKE_CHAT_SHAPE) != 0) {
        lme_map_add(&empty, LME_STR("content"), (lme_value){.kind = LME_LIST});
        values = lme_map_finish(&empty);
    } else if (logprobs && (model->traits & FAKE_NO_LOGPROBS) == 0 &&
               (echo || (model->traits & FAKE_ONLY_ECHO) == 0)) {
        values = fake_logprobs(arena, model, prompt, generated, echo);
    }
    lme_map_add(&choice, LME_STR("logprobs"), values);
    lme_map_add(&choice, LME_STR("finish_reason"), lme_string(LME_STR("length")));
    lme_list_builder choices = {.arena = arena};
    lme_list_add(&choices, lme_map_finish(&choice));
    lme_map_builder answer = {.arena = arena};
    lme_map_add(&answer, LME_STR("choices"), lme_list_finish(&choices));
    lme_value whole = lme_map_finish(&answer);
    lme_json_style style = {0};
    lme_builder out = {.arena = arena};
    lme_json_write(&out, &whole, &style);
    return lme_builder_finish(&out);
}

/* What this model's server answers instead of a completion; status 0: nothing of the kind. */
static inline loopback_reply fake_refusal(const fake_model *model, const loopback_request *request,
                                          const lme_value *body)
{
    const lme_value *name = lme_value_find(body, "model");
    if ((model->traits & FAKE_NEEDS_KEY) != 0 && strstr(request->head, "Bearer right") == NULL)
        return (loopback_reply){.status = 401,
                                .body = LME_STR("{\"error\": {\"message\": \"no such key\"}}")};
    if ((model->traits & FAKE_NO_COMPLETIONS) != 0)
        return (loopback_reply){.status = 404, .body = LME_STR("{\"detail\": \"Not Found\"}")};
    if ((model->traits & FAKE_OTHER_MODEL) != 0 && name != NULL &&
        !lme_str_is(name->string, "fake"))
        return (loopback_reply){
            .status = 404,
            .body = LME_STR("{\"object\": \"error\", \"message\": \"The model does not exist.\"}")};
    if ((model->traits & FAKE_LOGITS_ALL) != 0 && lme_value_find(body, "logprobs") != NULL)
        return (loopback_reply){
            .status = 500,
            .body = LME_STR("{\"error\": {\"message\": \"logprobs is not supported for models "
                            "created with logits_all=False\"}}")};
    return (loopback_reply){0};
}

/* The loopback's answer; context is a fake_model. */
static inline void fake_answer(void *context, const loopback_request *request, lme_arena *arena,
                               loopback_reply *reply)
{
    fake_model *model = context;
    lme_value body = lme_null();
    lme_error err = {0};
    model->n_asked++;
    bool models = strncmp(request->head, "GET /v1/models ", 15) == 0;
    if (!models && strncmp(request->head, "POST /v1/completions ", 21) != 0) {
        *reply = (loopback_reply){.status = 404, .body = LME_STR("no such path")};
        return;
    }
    if (request->body[0] != '\0')
        assert_true(lme_json_read(arena, NULL, lme_str_from(request->body), NULL, &body, &err));
    loopback_reply refusal = fake_refusal(model, request, &body);
    if (models && (model->traits & FAKE_NO_MODELS) != 0)
        *reply = (loopback_reply){.status = 404, .body = LME_STR("nothing here")};
    else if (refusal.status == 401 || (refusal.status != 0 && !models))
        *reply = refusal;
    else if (models)
        reply->body = LME_STR("{\"data\": [{\"id\": \"fake\", \"owned_by\": \"tests\", "
                              "\"max_model_len\": 256}]}");
    else
        reply->body = fake_completion(arena, model, &body);
    reply->headers = "Server: uvicorn\r\n";
}

#endif
