/* The arithmetic of forcing, in nats that are added to logits. With c earlier occurrences of a
 * token in the prompt, its bias is c penalties more, so that it starts level with one that is new;
 * the i-th of n then leads by (n - i) steps until it was generated, and lies a penalty behind from
 * then on. Logits differ by far less than a step, and a penalty is more than all steps together.
 * All are single precision at the server: with 10,000 occurrences a bias of 1e9 is exact to 64.
 */
#include "forced.h"

#define STEP_NATS    2000
#define PENALTY_NATS 100000
#define FORCING_NATS 100000 /* of one token alone */

_Static_assert(LME_FORCED_MOST *STEP_NATS < PENALTY_NATS, "a generated token must fall behind");

static bool has(const int64_t *ids, size_t from, size_t to, int64_t id)
{
    for (size_t i = from; i < to; i++) {
        if (ids[i] == id)
            return true;
    }
    return false;
}

size_t lme_forced_run(const int64_t *ids, size_t at, size_t to)
{
    size_t n = 1;
    while (n < LME_FORCED_MOST && at + n < to && !has(ids, at, at + n, ids[at + n]))
        n++;
    return n;
}

static void write_prompt(lme_builder *out, const int64_t *ids, size_t n)
{
    lme_builder_add(out, LME_STR("{\"prompt\": ["));
    for (size_t i = 0; i < n; i++)
        lme_builder_format(out, i > 0 ? ", %lld" : "%lld", (long long)ids[i]);
    lme_builder_char(out, ']');
}

/* response_fields: without it the answer repeats the prompt and all settings. */
static void write_rest(lme_builder *out, const lme_form *form, size_t n_predict, size_t n_probs)
{
    lme_builder_format(out,
                       ", \"n_predict\": %zu, \"n_probs\": %zu, \"temperature\": 0, "
                       "\"cache_prompt\": true, \"seed\": %lld, \"response_fields\": "
                       "[\"completion_probabilities\"]",
                       n_predict, n_probs, (long long)form->seed);
}

static void write_biases(lme_builder *out, const int64_t *ids, size_t at, size_t n)
{
    lme_builder_add(out, LME_STR(", \"logit_bias\": ["));
    for (size_t i = 0; i < n; i++) {
        int64_t bias = (int64_t)(n - i) * STEP_NATS;
        for (size_t k = 0; k < at; k++)
            bias += ids[k] == ids[at + i] ? PENALTY_NATS : 0;
        lme_builder_format(out, "%s[%lld, %lld]", i > 0 ? ", " : "", (long long)ids[at + i],
                           (long long)bias);
    }
    lme_builder_char(out, ']');
}

void lme_forced_ask(lme_builder *out, const lme_form *form, const int64_t *ids, size_t at, size_t n)
{
    write_prompt(out, ids, at);
    write_rest(out, form, n, 1);
    if (n == 1) {
        lme_builder_format(out, ", \"logit_bias\": [[%lld, %d]]}", (long long)ids[at],
                           FORCING_NATS);
        return;
    }
    write_biases(out, ids, at, n);
    lme_builder_format(out,
                       ", \"samplers\": [\"penalties\", \"temperature\"], \"mirostat\": 0, "
                       "\"repeat_last_n\": %zu, \"repeat_penalty\": 1, \"presence_penalty\": 0, "
                       "\"frequency_penalty\": %d}",
                       at + n, PENALTY_NATS);
}

void lme_forced_list(lme_builder *out, const lme_form *form, const int64_t *ids, size_t at,
                     size_t n_listed)
{
    write_prompt(out, ids, at);
    write_rest(out, form, 1, n_listed);
    if (form->has_filler)
        lme_builder_format(out, ", \"logit_bias\": [[%lld, %d]]", (long long)form->filler,
                           FORCING_NATS);
    lme_builder_char(out, '}');
}

/* ---- answers ---- */

static const lme_value *item(const lme_value *map, const char *key, size_t i)
{
    const lme_value *list = map != NULL ? lme_value_find(map, key) : NULL;
    return list != NULL && list->kind == LME_LIST && i < list->list.len ? &list->list.items[i]
                                                                        : NULL;
}

const lme_value *lme_forced_entry(const lme_value *answer, size_t i)
{
    return item(answer, "completion_probabilities", i);
}

const lme_value *lme_forced_likeliest(const lme_value *entry, size_t i)
{
    return item(entry, "top_logprobs", i);
}

static bool read_token(const lme_value *token, int64_t *id, double *nats)
{
    const lme_value *name = token != NULL ? lme_value_find(token, "id") : NULL;
    const lme_value *value = token != NULL ? lme_value_find(token, "logprob") : NULL;
    if (name == NULL || name->kind != LME_INT || value == NULL ||
        (value->kind != LME_FLOAT && value->kind != LME_INT))
        return false;
    *id = name->integer;
    *nats = value->kind == LME_INT ? (double)value->integer : value->number;
    return true;
}

bool lme_forced_told(const lme_value *answer, size_t i, lme_forced *token)
{
    int64_t top;
    const lme_value *entry = lme_forced_entry(answer, i);
    return read_token(entry, &token->id, &token->nats) &&
           read_token(lme_forced_likeliest(entry, 0), &top, &token->top_nats);
}

bool lme_forced_find(const lme_value *answer, int64_t id, lme_forced *token, size_t *n_told)
{
    const lme_value *entry = lme_forced_entry(answer, 0);
    bool found = false;
    for (*n_told = 0;; ++*n_told) {
        int64_t other;
        double nats;
        if (!read_token(lme_forced_likeliest(entry, *n_told), &other, &nats))
            return found;
        if (*n_told == 0)
            token->top_nats = nats;
        if (other != id || found)
            continue;
        token->id = id;
        token->nats = nats;
        found = true;
    }
}

bool lme_ends_within_character(lme_str text)
{
    for (size_t back = 1; back <= 3 && back <= text.len; back++) {
        unsigned char c = (unsigned char)text.ptr[text.len - back];
        if ((c & 0xC0) == 0x80)
            continue;
        size_t needed = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
        return needed > back;
    }
    return false;
}
