/* Reading is strict here so that path/echo.c can be arithmetic: a shape that is not understood is
 * refused with what came, never guessed. */
#include "logprobs.h"

#include "answer.h"

#include <math.h>

#include <lmeval/json.h>

const char *const lme_logprobs_left[] = {"token_logprobs", "top_logprobs", NULL};

/* vLLM writes -9999 for minus infinity, llama.cpp the lowest float (servers 3.3). */
static const double floor_nats = -9998.0;

/* Rounding can leave a sure token a hair above 0. */
static const double rounding_nats = 1e-6;

/* A count above is none, and would overflow the sum of a run's. */
static const int64_t most_tokens = (int64_t)1 << 40;

const lme_value *lme_first_choice(const lme_value *answer)
{
    const lme_value *choices = lme_value_find(answer, "choices");
    if (choices == NULL || choices->kind != LME_LIST || choices->list.len == 0)
        return NULL;
    return &choices->list.items[0];
}

int64_t lme_tokens_told(const lme_value *map, const char *key)
{
    const lme_value *n = lme_value_find(map, key);
    return n != NULL && n->kind == LME_INT && n->integer > 0 && n->integer <= most_tokens
               ? n->integer
               : 0;
}

int64_t lme_usage(const lme_value *answer, const char *key)
{
    return lme_tokens_told(lme_value_find(answer, "usage"), key);
}

static bool is_number(const lme_value *v)
{
    return v->kind == LME_INT || v->kind == LME_FLOAT;
}

/* What was left unread is a number when it begins as one: JSON has nothing else that does. */
static bool looks_like_number(const lme_value *v)
{
    return v->kind == LME_UNREAD
               ? v->string.ptr[0] == '-' || (v->string.ptr[0] >= '0' && v->string.ptr[0] <= '9')
               : is_number(v);
}

static double number_of(const lme_value *v)
{
    return v->kind == LME_INT ? (double)v->integer : v->number;
}

static bool is_set(const lme_value *v)
{
    return v != NULL && v->kind != LME_NULL;
}

/* What a logprobs object that is not ours looks like, for the message. */
static bool refuse_shape(const lme_value *choice, const lme_value *object, lme_error *err)
{
    if (!is_set(object)) {
        lme_fail(err, LME_ERR_SERVER, NULL,
                 "the answer has no log-probabilities: choices[0].logprobs is %s",
                 lme_value_find(choice, "logprobs") != NULL ? "null" : "missing");
        return false;
    }
    if (lme_value_find(object, "content") != NULL)
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "the answer's logprobs hold `content`: the shape of chat answers, with "
                        "entries for generated tokens only");
    return lme_fail(err, LME_ERR_SERVER, NULL,
                    "the answer's logprobs hold no `tokens` and `token_logprobs` lists (it is %s)",
                    lme_kind_name(object->kind));
}

/* One of the arrays: NULL items when it is not there and need not be. */
static bool take_list(const lme_value *object, const char *key, bool needed, lme_logprobs *out,
                      const lme_value **items, lme_error *err)
{
    const lme_value *list = lme_value_find(object, key);
    *items = NULL;
    if (!is_set(list) && !needed)
        return true;
    if (!is_set(list) || list->kind != LME_LIST) {
        lme_fail(err, LME_ERR_SERVER, NULL, "the answer's logprobs.%s is %s, expected a list", key,
                 list == NULL ? "missing" : lme_kind_name(list->kind));
        return false;
    }
    if (list->list.len != out->n) {
        lme_fail(err, LME_ERR_SERVER, NULL,
                 "the answer's logprobs.%s has %zu entries, but there are %zu tokens", key,
                 list->list.len, out->n);
        return false;
    }
    *items = list->list.items;
    return true;
}

static bool check_entries(const lme_logprobs *l, lme_error *err)
{
    for (size_t i = 0; i < l->n; i++) {
        if (l->tokens[i].kind != LME_STRING)
            return lme_fail(err, LME_ERR_SERVER, NULL,
                            "the answer's token %zu is %s, expected text", i,
                            lme_kind_name(l->tokens[i].kind));
        if (l->values[i].kind != LME_NULL && !looks_like_number(&l->values[i]))
            return lme_fail(err, LME_ERR_SERVER, NULL,
                            "the answer's token_logprobs[%zu] is %s, expected a number or null", i,
                            lme_kind_name(l->values[i].kind));
        if (l->starts != NULL && l->starts[i].kind != LME_INT)
            return lme_fail(err, LME_ERR_SERVER, NULL,
                            "the answer's text_offset[%zu] is %s, expected an integer", i,
                            lme_kind_name(l->starts[i].kind));
    }
    return true;
}

/* SGLang writes -1 for every text_offset (servers 3.6). */
static bool all_negative(const lme_value *starts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (starts[i].kind != LME_INT || starts[i].integer >= 0)
            return false;
    }
    return true;
}

bool lme_logprobs_read(lme_arena *arena, const lme_value *answer, lme_logprobs *logprobs,
                       lme_error *err)
{
    *logprobs = (lme_logprobs){.arena = arena, .text = LME_STR(""), .finish = LME_STR("")};
    const lme_value *choice = lme_first_choice(answer);
    if (choice == NULL)
        return lme_fail(err, LME_ERR_SERVER, NULL, "the answer has no choices[0]");
    const lme_value *object = lme_value_find(choice, "logprobs");
    const lme_value *tokens = lme_value_find(object, "tokens");
    const lme_value *text = lme_value_find(choice, "text");
    const lme_value *finish = lme_value_find(choice, "finish_reason");
    if (tokens == NULL || tokens->kind != LME_LIST)
        return refuse_shape(choice, object, err);
    logprobs->n = tokens->list.len;
    logprobs->n_prompt_tokens = lme_usage(answer, "prompt_tokens");
    if (text != NULL && text->kind == LME_STRING)
        logprobs->text = text->string;
    if (finish != NULL && finish->kind == LME_STRING)
        logprobs->finish = finish->string;
    if (!take_list(object, "tokens", true, logprobs, &logprobs->tokens, err) ||
        !take_list(object, "token_logprobs", true, logprobs, &logprobs->values, err) ||
        !take_list(object, "top_logprobs", false, logprobs, &logprobs->tops, err) ||
        !take_list(object, "text_offset", false, logprobs, &logprobs->starts, err))
        return false;
    if (logprobs->starts != NULL && all_negative(logprobs->starts, logprobs->n))
        logprobs->starts = NULL;
    return check_entries(logprobs, err);
}

/* An entry of `what`, read now where it was left. */
static bool open_entry(const lme_logprobs *l, const char *what, const lme_value *entry, size_t i,
                       lme_value *value, lme_error *err)
{
    if (lme_json_open(l->arena, entry, value, err))
        return true;
    lme_str shown = lme_one_line(l->arena, entry->string, 40);
    return lme_fail(err, LME_ERR_SERVER, NULL, "the answer's %s[%zu] is %.*s: %s", what, i,
                    LME_STR_ARG(shown), err->message);
}

bool lme_logprobs_value(const lme_logprobs *logprobs, size_t i, double *value, lme_error *err)
{
    lme_value v;
    if (!open_entry(logprobs, "token_logprobs", &logprobs->values[i], i, &v, err))
        return false;
    if (!is_number(&v))
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "token %zu of %zu has no log-probability (%s), and it is to be scored", i,
                        logprobs->n, lme_kind_name(v.kind));
    double x = number_of(&v);
    if (isnan(x) || x > rounding_nats)
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "token %zu of %zu has the log-probability %g, expected one <= 0", i,
                        logprobs->n, x);
    *value = x <= floor_nats ? (double)-INFINITY : x;
    return true;
}

/* The likeliest of a map that is not empty. */
static bool find_best(const lme_value *top, size_t i, size_t *best, double *value, lme_error *err)
{
    *best = SIZE_MAX;
    for (size_t k = 0; k < top->map.len; k++) {
        const lme_pair *pair = &top->map.pairs[k];
        if (!is_number(&pair->value) || isnan(number_of(&pair->value)))
            return lme_fail(err, LME_ERR_SERVER, NULL,
                            "top_logprobs[%zu] holds %s, expected numbers", i,
                            lme_kind_name(pair->value.kind));
        if (*best == SIZE_MAX || number_of(&pair->value) > *value) {
            *best = k;
            *value = number_of(&pair->value);
        }
    }
    return true;
}

bool lme_logprobs_top(const lme_logprobs *logprobs, size_t i, lme_str *text, double *value,
                      lme_error *err)
{
    lme_value top = lme_null();
    size_t best;
    if (logprobs->tops != NULL &&
        !open_entry(logprobs, "top_logprobs", &logprobs->tops[i], i, &top, err))
        return false;
    if (top.kind != LME_MAP || top.map.len == 0)
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "token %zu of %zu has no top_logprobs (%s): whether it is the likeliest "
                        "cannot be told",
                        i, logprobs->n,
                        logprobs->tops == NULL ? "missing" : lme_kind_name(top.kind));
    if (!find_best(&top, i, &best, value, err))
        return false;
    if (text != NULL)
        *text = top.map.pairs[best].key.string;
    return true;
}

size_t lme_logprobs_n_tops(const lme_logprobs *logprobs, size_t i)
{
    lme_value top = lme_null();
    lme_error why = {0};
    bool is_map = logprobs->tops != NULL &&
                  lme_json_open(logprobs->arena, &logprobs->tops[i], &top, &why) &&
                  top.kind == LME_MAP;
    return is_map ? top.map.len : 0;
}
