/* From what was tried to what is to come; header preflight.h has the model. Everything is a span:
 * what was measured has equal ends, what was not has the ends of what is possible. */
#include "cost.h"

#include <math.h>

/* What a kind of prompt costs when it is alone: the units that waves are measured in. */
typedef struct lone {
    double request_s, size_s; /* for a request, and for each token of its prompts (or byte) */
} lone;

/* Seconds with so many open: of each lone second of scores and of texts' prompts, and of each
 * generated token. */
typedef struct level {
    size_t open;
    lme_span scores, prompts, token;
} level;

enum {
    MOST_LEVELS = 8,
    AUTO_BEGINS = 4 /* as knee.c */
};

typedef struct estimating {
    const lme_preflight *preflights;
    size_t n;
    const lme_trial *trial;
    const lme_cost_options *options;
    bool in_tokens; /* sizes; else in bytes */
    lone of_scores, of_texts;
    level levels[MOST_LEVELS];
    size_t n_levels;
} estimating;

static lme_span span_of(double low, double high)
{
    return (lme_span){low, high};
}

static lme_span plus(lme_span a, lme_span b)
{
    return span_of(a.low + b.low, a.high + b.high);
}

static lme_span times(lme_span a, lme_span b)
{
    return span_of(a.low * b.low, a.high * b.high);
}

/* ---- paces ---- */

static double size_of(const estimating *e, const lme_outlay *outlay)
{
    return e->in_tokens ? outlay->prompt_tokens : outlay->bytes;
}

static double alone_s(const estimating *e, const lone *of, const lme_outlay *outlay)
{
    return (double)outlay->n_least * of->request_s + size_of(e, outlay) * of->size_s;
}

/* The last one: what came first, the server was not used to. */
static const lme_wave *wave_of(const lme_trial *trial, lme_wave_kind kind, size_t open)
{
    const lme_wave *found = NULL;
    for (size_t i = 0; i < trial->n_waves; i++) {
        const lme_wave *wave = &trial->waves[i];
        if (wave->kind == kind && wave->open == open && wave->n_answered > 0)
            found = wave;
    }
    return found;
}

static lone lone_of(const estimating *e, lme_wave_kind kind)
{
    const lme_wave *wave = wave_of(e->trial, kind, 1);
    double request_s = e->options->pace.quickest_s;
    if (wave == NULL)
        return (lone){request_s, 0};
    double n = (double)wave->outlay.n_least, size = size_of(e, &wave->outlay);
    if (n <= 0)
        return (lone){wave->seconds, 0};
    if (request_s <= 0 || request_s * n >= wave->seconds || size <= 0)
        return (lone){wave->seconds / n, 0};
    return (lone){request_s, (wave->seconds - request_s * n) / size};
}

/* Between all that so many open can bring, and nothing. */
static lme_span unknown(size_t open)
{
    return span_of(1 / (double)open, 1);
}

static lme_span pace_of(const estimating *e, const lone *of, lme_wave_kind kind, size_t open)
{
    const lme_wave *wave = wave_of(e->trial, kind, open);
    double done = wave != NULL ? alone_s(e, of, &wave->outlay) : 0;
    if (done <= 0)
        return unknown(open);
    return span_of(wave->seconds / done, wave->seconds / done);
}

static lme_span token_pace(const estimating *e, size_t open, lme_span prompts)
{
    const lme_wave *wave = wave_of(e->trial, LME_WAVE_TEXTS, open);
    lme_span token =
        times(unknown(open), span_of(e->options->pace.token_s, e->options->pace.token_s));
    if (wave == NULL || wave->n_generated <= 0)
        return token;
    double prompt_s = alone_s(e, &e->of_texts, &wave->outlay);
    token.low = fmax(0, wave->seconds - prompts.high * prompt_s) / wave->n_generated;
    token.high = fmax(0, wave->seconds - prompts.low * prompt_s) / wave->n_generated;
    return token;
}

static bool has(const estimating *e, bool texts)
{
    for (size_t i = 0; i < e->n; i++) {
        for (size_t k = 0; k < LME_REQUEST_KINDS; k++) {
            if ((k == LME_REQUEST_GENERATE) == texts &&
                e->preflights[i].kinds[k].outlay.n_least > 0)
                return true;
        }
    }
    return false;
}

static bool is_span(lme_span s)
{
    return s.low < s.high;
}

static void add_level(estimating *e, size_t open)
{
    level *l = &e->levels[e->n_levels];
    const level *before = e->n_levels > 0 ? l - 1 : NULL;
    *l = (level){.open = open};
    l->scores = pace_of(e, &e->of_scores, LME_WAVE_SCORES, open);
    l->prompts = pace_of(e, &e->of_texts, LME_WAVE_PROMPTS, open);
    /* A kind whose questions were too few for so many open stays as it was. */
    if (before != NULL && is_span(l->scores))
        l->scores = before->scores;
    if (before != NULL && is_span(l->prompts))
        l->prompts = before->prompts;
    l->token = token_pace(e, open, l->prompts);
    if (before != NULL && wave_of(e->trial, LME_WAVE_TEXTS, open) == NULL)
        l->token = before->token;
    e->n_levels++;
}

static void read_levels(estimating *e)
{
    if (e->options->concurrency > 0) {
        add_level(e, e->options->concurrency);
        return;
    }
    add_level(e, AUTO_BEGINS);
    for (size_t i = 0; i < e->trial->n_waves && e->n_levels < MOST_LEVELS; i++) {
        const lme_wave *wave = &e->trial->waves[i];
        if (wave->open > e->levels[e->n_levels - 1].open && wave->n_answered > 0)
            add_level(e, wave->open);
    }
}

/* ---- what is to come ---- */

/* Tokens that a text of this task has, between those tried as they are and with the cut ones as
 * long as they may be. */
static lme_span length_of(const lme_trial *trial, size_t task, double longest)
{
    const lme_task_trial *own = &trial->tasks[task];
    lme_task_trial all = {0};
    for (size_t i = 0; i < trial->n_tasks; i++) {
        const lme_task_trial *one = &trial->tasks[i];
        all.n_texts += one->n_texts;
        all.n_cut += one->n_cut;
        all.generated += one->generated;
        all.cut_generated += one->cut_generated;
    }
    const lme_task_trial *of = own->n_texts > 0 ? own : &all;
    if (of->n_texts == 0 || of->generated <= 0)
        return span_of(fmin(1, longest), longest);
    double n = (double)of->n_texts;
    double high = (of->generated - of->cut_generated + (double)of->n_cut * longest) / n;
    return span_of(fmin(of->generated / n, longest), fmin(high, longest));
}

/* What the run asks of one kind. */
typedef struct load {
    double scores_s, prompts_s; /* alone */
    lme_span generated;
    double most_generated;
    double n_requests;
} load;

static load load_of(const estimating *e)
{
    load sum = {0};
    for (size_t i = 0; i < e->n; i++) {
        const lme_forecast *kinds = e->preflights[i].kinds;
        for (size_t k = 0; k < LME_REQUEST_KINDS; k++) {
            const lme_outlay *outlay = &kinds[k].outlay;
            sum.n_requests += (double)outlay->n_least;
            if (k != LME_REQUEST_GENERATE)
                sum.scores_s += alone_s(e, &e->of_scores, outlay);
        }
        const lme_forecast *texts = &kinds[LME_REQUEST_GENERATE];
        double n = (double)(texts->n_new + texts->n_rechecked);
        if (n <= 0)
            continue;
        lme_span length = length_of(e->trial, i, texts->outlay.most_generated / n);
        sum.prompts_s += alone_s(e, &e->of_texts, &texts->outlay);
        sum.generated = plus(sum.generated, times(length, span_of(n, n)));
        sum.most_generated += texts->outlay.most_generated;
    }
    return sum;
}

static lme_span prompt_seconds(const load *run, const level *l)
{
    return plus(times(l->scores, span_of(run->scores_s, run->scores_s)),
                times(l->prompts, span_of(run->prompts_s, run->prompts_s)));
}

/* The whole run with so many open: low, high, and at most. */
static void all_at(const load *run, const level *l, double seconds[3])
{
    lme_span prompts = prompt_seconds(run, l), texts = times(run->generated, l->token);
    seconds[0] = prompts.low + texts.low;
    seconds[1] = prompts.high + texts.high;
    seconds[2] = prompts.high + run->most_generated * l->token.high;
}

/* The same of a run that finds out how many. Where more open requests than were tried may bring
 * more, the low end has them bring as much as there are more of them. */
static void all_climbing(const estimating *e, const load *run, double seconds[3])
{
    const double many = 512;
    for (size_t end = 0; end < 3; end++) {
        lme_throughput rates[MOST_LEVELS + 1] = {{0}};
        size_t n = e->n_levels;
        for (size_t i = 0; i < n; i++) {
            double at[3];
            all_at(run, &e->levels[i], at);
            rates[i] = (lme_throughput){e->levels[i].open, run->n_requests / fmax(at[end], 1e-9)};
        }
        const lme_throughput last = rates[n - 1];
        if (end == 0 && e->trial->is_gaining)
            rates[n++] =
                (lme_throughput){(size_t)many, last.requests_per_second * many / (double)last.open};
        seconds[end] = lme_endpoint_climb(rates, n, run->n_requests);
    }
}

/* Whether nothing came of a wave: what was answered before it took less than others do. */
static bool was_broken_off(const lme_trial *trial)
{
    for (size_t i = 0; i < trial->n_waves; i++) {
        const lme_wave *wave = &trial->waves[i];
        if (wave->n_answered == 0 && wave->n_failed < wave->n_asked)
            return true;
    }
    return false;
}

void lme_cost_heed_rps(lme_cost *cost, double n_requests, double max_rps)
{
    double least = max_rps > 0 ? n_requests / max_rps : 0;
    /* What was measured was held to it as well. */
    const double nearly = 0.8;
    cost->is_paced = least > 0 && least >= nearly * cost->seconds.low;
    cost->seconds.low = fmax(cost->seconds.low, least);
    cost->seconds.high = fmax(cost->seconds.high, least);
    cost->seconds_most = fmax(cost->seconds_most, least);
}

lme_cost lme_cost_of(const lme_preflight *preflights, size_t n, const lme_trial *trial,
                     const lme_cost_options *options)
{
    estimating e = {.preflights = preflights, .n = n, .trial = trial, .options = options};
    lme_cost cost = {.open = options->concurrency};
    e.in_tokens = true;
    for (size_t i = 0; i < trial->n_waves; i++) {
        const lme_wave *wave = &trial->waves[i];
        if (wave->outlay.bytes > 0 && wave->outlay.prompt_tokens <= 0)
            e.in_tokens = false;
        cost.known = cost.known || wave->n_answered > 0;
        if (wave->n_answered > 0 && wave->open > cost.most_tried)
            cost.most_tried = wave->open;
    }
    if (!cost.known)
        return cost;
    e.of_scores = lone_of(&e, LME_WAVE_SCORES);
    e.of_texts = lone_of(&e, LME_WAVE_PROMPTS);
    read_levels(&e);
    load run = load_of(&e);
    const level *highest = &e.levels[e.n_levels - 1];
    double seconds[3];
    if (options->concurrency > 0)
        all_at(&run, highest, seconds);
    else
        all_climbing(&e, &run, seconds);
    cost.seconds = span_of(seconds[0], seconds[1]);
    cost.seconds_most = seconds[2];
    cost.prompt_seconds = prompt_seconds(&run, highest);
    cost.generated = run.generated;
    cost.is_alone = (has(&e, false) && is_span(highest->scores)) ||
                    (has(&e, true) && is_span(highest->prompts));
    if (was_broken_off(trial))
        cost.seconds.high = cost.seconds_most = (double)INFINITY;
    lme_cost_heed_rps(&cost, run.n_requests, options->max_rps);
    return cost;
}
