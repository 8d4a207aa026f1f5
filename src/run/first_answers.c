/* From the first answers of a run to the time of all of it; header preflight.h has the model. */
#include "cost.h"

#include <math.h>

/* A task's questions, or the first of them, by what may make up their time. */
typedef struct load {
    bool texts;
    double n; /* questions */
    double bytes, most_generated;
    double n_requests;
} load;

static load load_of(const lme_preflight *preflight)
{
    load sum = {0};
    for (size_t k = 0; k < LME_REQUEST_KINDS; k++) {
        const lme_forecast *f = &preflight->kinds[k];
        sum.texts = sum.texts || (k == LME_REQUEST_GENERATE && f->n_new > 0);
        sum.n += (double)f->n_new;
        sum.bytes += f->outlay.bytes;
        sum.most_generated += f->outlay.most_generated;
        sum.n_requests += (double)f->outlay.n_least;
    }
    return sum;
}

static void add(load *sum, const load *one)
{
    sum->n += one->n;
    sum->bytes += one->bytes;
    sum->most_generated += one->most_generated;
    sum->n_requests += one->n_requests;
}

/* Bytes of the first n of all questions: from mark to mark, and evenly after the last one. */
static double bytes_of_first(const lme_preflight *preflight, const load *all, double n)
{
    double from = 0, from_bytes = 0, to = all->n, to_bytes = all->bytes;
    for (size_t i = 0; i < preflight->n_marks; i++) {
        double at = (double)((i + 1) * LME_MARK_QUESTIONS);
        if (at > n) {
            to = at;
            to_bytes = preflight->marks[i];
            break;
        }
        from = at;
        from_bytes = preflight->marks[i];
    }
    return to > from ? from_bytes + (n - from) / (to - from) * (to_bytes - from_bytes) : from_bytes;
}

/* The first n of a task's questions. */
static load first_of(const lme_preflight *preflight, const load *all, double n)
{
    load first = *all;
    first.n = n;
    first.bytes = bytes_of_first(preflight, all, n);
    first.most_generated *= n / all->n;
    return first;
}

/* How many times the one the other is: by the count of questions, by their prompts' bytes, and of
 * texts by how long they may be. INFINITY where there is nothing in the one. */
static lme_span times_of(const load *one, const load *other)
{
    const double sizes[][2] = {
        {one->n, other->n},
        {one->bytes, other->bytes},
        {one->most_generated, other->most_generated},
    };
    size_t n = one->texts ? 3 : 2;
    lme_span times = {(double)INFINITY, 0};
    for (size_t i = 0; i < n; i++) {
        if (other->n <= 0 || (i > 0 && sizes[i][0] <= 0 && one->n > 0))
            continue;
        double ratio = sizes[i][0] > 0 ? sizes[i][1] / sizes[i][0] : (double)INFINITY;
        times.low = fmin(times.low, ratio);
        times.high = fmax(times.high, ratio);
    }
    return times;
}

/* Tasks whose kind of question was not asked yet: from all that the concurrency can bring at the
 * probe's pace to one question after the other, with prompts as slow as the slowest way to take
 * those that were answered, and texts as long as they may be. */
static lme_span of_other_kind(const load *answered, const load *other, double seconds,
                              const lme_cost_options *options)
{
    const lme_pace *pace = &options->pace;
    double open = options->concurrency > 0 ? (double)options->concurrency : 1;
    double quickest_s = pace->quickest_s + (other->texts ? pace->token_s : 0);
    double texts_s = 0;
    if (other->texts)
        texts_s = pace->token_s > 0 ? pace->token_s * other->most_generated : (double)INFINITY;
    load prompts = *answered;
    prompts.texts = false;
    return (lme_span){other->n * quickest_s / open,
                      seconds * times_of(&prompts, other).high + texts_s};
}

lme_cost lme_cost_by_first_answers(const lme_preflight *preflights, size_t n,
                                   const lme_first_answers *first, const lme_cost_options *options)
{
    const lme_preflight *under_way = &preflights[first->task];
    const load own = load_of(under_way);
    double answered = fmin((double)first->n_answered, own.n);
    double begun = fmin(answered + (double)first->n_open, own.n);
    lme_cost cost = {.open = options->concurrency};
    if (own.n <= 0 || begun <= 0)
        return cost;
    load same = {.texts = own.texts}, other = {.texts = !own.texts};
    for (size_t i = 0; i < n; i++) {
        const load one = load_of(&preflights[i]);
        if (one.n > 0)
            add(one.texts == own.texts ? &same : &other, &one);
    }
    /* As if what is open were answered now, and as if none of it were begun. */
    const load least = first_of(under_way, &own, answered), most = first_of(under_way, &own, begun);
    cost.known = true;
    cost.seconds.low = first->seconds * times_of(&most, &same).low;
    cost.seconds.high = first->seconds * times_of(&least, &same).high;
    /* No answer of the probe was quicker. */
    if (answered <= 0)
        cost.seconds.low = fmax(cost.seconds.low,
                                options->pace.quickest_s * same.n_requests / (double)first->n_open);
    if (other.n > 0) {
        lme_span seconds = of_other_kind(&least, &other, first->seconds, options);
        cost.seconds.low += seconds.low;
        cost.seconds.high += seconds.high;
    }
    /* More will be open than are now. */
    if (options->concurrency == 0)
        cost.seconds.low = 0;
    lme_cost_heed_rps(&cost, same.n_requests + other.n_requests, options->max_rps);
    return cost;
}
