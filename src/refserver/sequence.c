/* Scoring the prompt and generating behind it. The state after a prompt depends on its last tokens
 * alone, so without prompt log-probabilities a long prompt costs nothing.
 */
#include "sequence.h"

#include <math.h>
#include <stdlib.h>

typedef struct making {
    lme_arena *arena;
    const lme_model *model;
    const lme_sampling *sampling;
    lme_sequence *out;
    size_t scored_from;
    lme_ngram_state state;
    double *weights; /* n_vocab; NULL when greedy */
    lme_candidate *candidates;
    uint64_t random;
} making;

/* The model knows the begin token as the end of what was before. */
static uint16_t as_trained(uint16_t token)
{
    return token == LME_TOKEN_BEGIN ? LME_TOKEN_END : token;
}

/* Notes the likeliest tokens and the token's own log-probability, and moves on. */
static void take(making *m, size_t at, uint16_t token)
{
    lme_sequence *out = m->out;
    bool is_scored = at >= m->scored_from && (at > 0 || out->n_prompt == 0);
    if (is_scored && out->n_top > 0)
        lme_ngram_top(m->model->ngram, m->state, out->n_top, out->top + at * out->n_top);
    double p = lme_ngram_step(m->model->ngram, &m->state, as_trained(token));
    if (is_scored)
        out->logprobs[at] = log(p);
    out->tokens[at] = token;
}

/* SplitMix64 (Steele, Lea, Flood 2014): uniform in [0, 1). */
static double next_unit(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
}

static int by_weight(const void *left, const void *right)
{
    const lme_candidate *a = left, *b = right;
    if (a->probability > b->probability || a->probability < b->probability)
        return a->probability > b->probability ? -1 : 1;
    return (a->token > b->token) - (a->token < b->token);
}

static uint16_t draw(making *m)
{
    size_t n = m->model->ngram->n_vocab;
    lme_candidate *candidates = m->candidates;
    double best = lme_ngram_best(m->model->ngram, m->state).probability, sum = 0.0, kept = 0.0;
    lme_ngram_distribution(m->model->ngram, m->state, m->weights);
    for (size_t i = 0; i < n; i++) {
        double weight = exp(log(m->weights[i] / best) / m->sampling->temperature);
        candidates[i] = (lme_candidate){(uint16_t)i, weight};
        sum += weight;
    }
    qsort(candidates, n, sizeof *candidates, by_weight);
    size_t n_kept = 0;
    while (n_kept < n && (n_kept == 0 || kept < m->sampling->top_p * sum))
        kept += candidates[n_kept++].probability;
    double left = next_unit(&m->random) * kept;
    size_t at = 0;
    while (at + 1 < n_kept && left >= candidates[at].probability)
        left -= candidates[at++].probability;
    return candidates[at].token;
}

/* Earliest stop text that ends after byte `from`; SIZE_MAX when there is none. */
static size_t find_stop(const lme_sampling *sampling, lme_str text, size_t from)
{
    size_t first = SIZE_MAX;
    for (size_t i = 0; i < sampling->n_stops; i++) {
        lme_str stop = sampling->stops[i];
        if (stop.len == 0)
            continue;
        size_t at = lme_str_find(text, stop, from >= stop.len ? from - stop.len + 1 : 0);
        if (at < first)
            first = at;
    }
    return first;
}

/* Leaves the text before the stop and the tokens that begin in it. */
static void cut_at(lme_sequence *out, lme_str text, size_t stop)
{
    size_t n = out->n - out->n_prompt;
    while (n > 0 && (n == 1 ? 0 : out->text_ends[n - 2]) >= stop)
        n--;
    if (n > 0)
        out->text_ends[n - 1] = stop;
    out->n = out->n_prompt + n;
    out->text = lme_str_slice(text, 0, stop);
    out->finish = "stop";
}

static void generate(making *m)
{
    lme_sequence *out = m->out;
    lme_builder text = {.arena = m->arena};
    lme_characters characters = {0};
    out->finish = "length";
    for (size_t k = 0; k < m->sampling->max_tokens; k++) {
        uint16_t token =
            m->weights != NULL ? draw(m) : lme_ngram_best(m->model->ngram, m->state).token;
        if (token == LME_TOKEN_END || token == LME_TOKEN_BEGIN) {
            out->finish = "stop";
            break;
        }
        take(m, out->n, token);
        size_t before = text.len;
        lme_characters_add(&characters, m->model->vocab->bytes[token], &text);
        out->text_ends[k] = text.len;
        out->n++;
        out->n_completion++;
        lme_str so_far = {text.ptr, text.len};
        size_t stop = text.len > before ? find_stop(m->sampling, so_far, before) : SIZE_MAX;
        if (stop != SIZE_MAX) {
            cut_at(out, so_far, stop);
            return;
        }
    }
    out->text = lme_builder_finish(&text);
}

/* Brings the model to the end of the prompt. An empty prompt is the beginning of a document. */
static void read_prompt(making *m, const lme_tokens *prompt)
{
    lme_sequence *out = m->out;
    size_t from = 0;
    if (m->scored_from >= prompt->len && prompt->len > LME_NGRAM_ORDER)
        from = prompt->len - LME_NGRAM_ORDER;
    for (size_t i = 0; i < from; i++)
        out->tokens[i] = prompt->ids[i];
    for (size_t i = from; i < prompt->len; i++)
        take(m, i, prompt->ids[i]);
    if (prompt->len == 0)
        lme_ngram_step(m->model->ngram, &m->state, LME_TOKEN_END);
}

lme_sequence lme_sequence_make(lme_arena *arena, const lme_model *model, const lme_tokens *prompt,
                               const lme_sampling *sampling, size_t scored_from, size_t n_top)
{
    lme_sequence out = {.n_prompt = prompt->len, .n = prompt->len, .n_top = n_top};
    size_t room = prompt->len + sampling->max_tokens;
    making m = {.arena = arena,
                .model = model,
                .sampling = sampling,
                .out = &out,
                .scored_from = scored_from,
                .state = LME_NGRAM_START,
                .random = sampling->seed};
    out.tokens = LME_ARRAY(arena, uint16_t, room);
    out.text_ends = LME_ARRAY(arena, size_t, sampling->max_tokens);
    if (scored_from != SIZE_MAX) {
        out.logprobs = LME_ARRAY(arena, double, room);
        out.top = LME_ARRAY(arena, lme_candidate, room * n_top);
    }
    if (sampling->temperature > 0.0) {
        m.weights = LME_ARRAY(arena, double, model->ngram->n_vocab);
        m.candidates = LME_ARRAY(arena, lme_candidate, model->ngram->n_vocab);
    }
    read_prompt(&m, prompt);
    generate(&m);
    return out;
}
