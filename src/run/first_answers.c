/* From the first answers of a run to the time of all of it; header preflight.h has the model. */
#include "cost.h"

#include <math.h>

/* What a task asks, and how much of it. */
typedef struct load {
    bool texts;
    double n; /* questions; 0: nothing to ask */
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

/* A question of `other` against one of `own`: as much, or so much longer or shorter. */
static lme_span against(const load *own, const load *other)
{
    const double sizes[][2] = {
        {own->bytes / own->n, other->bytes / other->n},
        {own->most_generated / own->n, other->most_generated / other->n},
    };
    lme_span ratio = {1, 1};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        /* What a score generates is thrown away. */
        if (sizes[i][0] <= 0 || sizes[i][1] <= 0 || (i == 1 && !own->texts))
            continue;
        ratio.low = fmin(ratio.low, sizes[i][1] / sizes[i][0]);
        ratio.high = fmax(ratio.high, sizes[i][1] / sizes[i][0]);
    }
    return ratio;
}

/* A task whose kind of question was not asked yet: from all that the concurrency can bring at the
 * probe's pace to one question after the other, with prompts as slow as those that were answered
 * and texts as long as they may be. */
static lme_span of_other_kind(const load *own, const load *other, lme_span question,
                              const lme_cost_options *options)
{
    const lme_pace *pace = &options->pace;
    double open = options->concurrency > 0 ? (double)options->concurrency : 1;
    double prompt_s = question.high, text_s = 0;
    if (own->bytes > 0)
        prompt_s *= fmax(1, other->bytes / other->n / (own->bytes / own->n));
    if (other->texts)
        text_s =
            pace->token_s > 0 ? pace->token_s * other->most_generated / other->n : (double)INFINITY;
    return (lme_span){other->n * (pace->quickest_s + (other->texts ? pace->token_s : 0)) / open,
                      other->n * (prompt_s + text_s)};
}

lme_cost lme_cost_by_first_answers(const lme_preflight *preflights, size_t n,
                                   const lme_first_answers *first, const lme_cost_options *options)
{
    const load own = load_of(&preflights[first->task]);
    double answered = (double)first->n_answered, open = (double)first->n_open;
    lme_cost cost = {.open = options->concurrency};
    double n_requests = 0;
    if (own.n <= 0 || answered + open <= 0)
        return cost;
    cost.known = true;
    /* As if what is open were answered now, and as if none of it were begun. */
    open = fmin(open, fmax(0, own.n - answered));
    lme_span question = {first->seconds / (answered + open),
                         answered > 0 ? first->seconds / answered : (double)INFINITY};
    /* No answer of the probe was quicker. */
    if (answered <= 0 && open > 0)
        question.low = fmax(question.low, options->pace.quickest_s * own.n_requests / own.n / open);
    for (size_t i = 0; i < n; i++) {
        const load one = load_of(&preflights[i]);
        if (one.n <= 0)
            continue;
        lme_span ratio = against(&own, &one);
        lme_span seconds = {one.n * question.low * ratio.low, one.n * question.high * ratio.high};
        if (one.texts != own.texts)
            seconds = of_other_kind(&own, &one, question, options);
        cost.seconds.low += seconds.low;
        cost.seconds.high += seconds.high;
        n_requests += one.n_requests;
    }
    /* More will be open than are now. */
    if (options->concurrency == 0)
        cost.seconds.low = 0;
    lme_cost_heed_rps(&cost, n_requests, options->max_rps);
    return cost;
}
