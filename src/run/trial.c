/* Waves of questions, each over before the next begins: what is measured of one is not disturbed by
 * another. Questions go out in the order in which the run has them, document by document, so that
 * what shares a request or a prefix there does so here. */
#include "work.h"

#include <math.h>

#include <lmeval/preflight.h>

enum {
    TURN_MS = 100,
    /* Questions of a wave; two rounds of all that are open are better. Texts are longer; of scores
     * several are of one document. */
    FEWEST_TEXTS = 16,
    FEWEST_SCORES = 32,
    MOST = 64,
    SHARE = 8,          /* a trial asks no more than the run's 8th part, but so many in any case */
    SHORTEST_TEXT = 16, /* tokens that a text is cut to at least */
    USUAL_TEXT = 64     /* the same where the probe did not tell how long one takes */
};

static const double alone_s = 60, wave_s = 10, refill_s = 3, all_s = 20;
/* Of a slow server, in times of the first answer: a wave of a server that takes one question at a
 * time has two answers by then, and of another one all. */
static const double quick_s = 0.5, slow_alone_s = 30, slow_wave = 2.5, slow_all = 5;
/* A text's tokens take so long when it is alone. */
static const double text_s = 1.5;
/* What makes a higher concurrency worth trying, of a raise by 4: between none, and the double of
 * where the server's places end half-way, as far from both as noise may be. */
static const double gain_wanted = 1.4;

typedef struct question {
    const lme_pick *pick;
    size_t task;
} question;

typedef struct queue {
    question *all; /* n, those before `next` were asked */
    size_t n, next;
    size_t n_tasks; /* that they are of */
} queue;

typedef struct trying {
    lme_arena *arena;
    lme_run *run;
    lme_trial *trial;
    lme_task_trial *tasks;
    queue scores, texts;
    double began, slowest_alone_s;
    bool climbs;   /* how many may be open is found while the run goes on */
    bool over;     /* questions are still open, or the time is */
    bool was_slow; /* a wave had not the time for all its questions */
} trying;

/* A question under way. Lives as long as the endpoint, which may hold it. */
typedef struct asked {
    trying *trying;
    lme_wave *wave;
    const question *question;
    lme_request request;
    lme_generation generation; /* of it, cut */
    lme_str body;
    lme_outlay outlay;
    double began; /* of its wave */
} asked;

/* ---- questions ---- */

static bool is_text(const lme_pick *pick)
{
    return pick->request.kind == LME_REQUEST_GENERATE;
}

/* The questions of a task's next document. */
static size_t next_doc(const lme_preflight *task, size_t from)
{
    size_t to = from;
    while (to < task->n_picks && task->picks[to].doc == task->picks[from].doc)
        to++;
    return to;
}

/* One document of each task, then the next one of each, and so on. */
static void fill(trying *t, const lme_preflight *preflights, size_t n)
{
    size_t *at = LME_ARRAY(t->arena, size_t, n), total = 0;
    for (size_t i = 0; i < n; i++) {
        total += preflights[i].n_picks;
        if (preflights[i].n_picks > 0)
            (is_text(preflights[i].picks) ? &t->texts : &t->scores)->n_tasks++;
    }
    t->scores.all = LME_ARRAY(t->arena, question, total);
    t->texts.all = LME_ARRAY(t->arena, question, total);
    /* Of many tasks each document asks less, so that more of them have their turn. */
    size_t most = t->scores.n_tasks > 0 ? MOST / 2 / t->scores.n_tasks : 1;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < n; i++) {
            size_t from = at[i], to = next_doc(&preflights[i], from);
            for (size_t k = from; k < to && k < from + (most > 0 ? most : 1); k++) {
                const lme_pick *pick = &preflights[i].picks[k];
                queue *q = is_text(pick) ? &t->texts : &t->scores;
                q->all[q->n++] = (question){pick, i};
            }
            at[i] = to;
            more = more || to < preflights[i].n_picks;
        }
    }
}

static void bound(queue *q, size_t n)
{
    q->n = q->n < n ? q->n : n;
}

/* ---- answers ---- */

static void take_text(lme_task_trial *task, lme_wave *wave, const asked *a,
                      const lme_response *response)
{
    const double usual_bytes = 4;
    bool is_cut = lme_str_is(response->finish, "length");
    double n = (double)response->n_tokens;
    if (response->n_tokens == 0) {
        /* For the time alone: it is the same for however many as long as all are so many. */
        a->trying->trial->guesses_texts = true;
        n = is_cut ? (double)a->generation.max_tokens
                   : 1 + (double)response->text.len / usual_bytes;
    }
    wave->n_generated += n;
    task->n_texts++;
    task->generated += n;
    if (is_cut && a->generation.max_tokens < a->question->pick->request.generation->max_tokens) {
        task->n_cut++;
        task->cut_generated += n;
    }
}

static void answered(void *context, const lme_response *response)
{
    asked *a = context;
    trying *t = a->trying;
    lme_wave *wave = a->wave;
    lme_task_trial *task = &t->tasks[a->question->task];
    wave->seconds = lme_run_now() - a->began;
    if (response->state != LME_RESPONSE_OK) {
        if (t->trial->n_failed++ == 0)
            t->trial->failure = lme_str_copy(t->arena, response->failure);
        wave->n_failed++;
        return;
    }
    wave->n_answered++;
    wave->outlay.n_least += a->outlay.n_least;
    wave->outlay.bytes += a->outlay.bytes;
    /* The tokens of a request that several questions share are told to each of them. */
    if (a->outlay.bytes > 0 && response->n_prompt_tokens > 0) {
        double n = (double)response->n_prompt_tokens;
        wave->outlay.prompt_tokens += n;
        task->bytes += a->outlay.bytes;
        task->prompt_tokens += n;
    }
    if (wave->kind == LME_WAVE_TEXTS)
        take_text(task, wave, a, response);
}

/* ---- waves ---- */

/* What is asked instead of the picked question. */
static bool word(trying *t, asked *a)
{
    lme_error err = {0};
    const lme_pick *pick = a->question->pick;
    a->request = pick->request;
    a->body = pick->body;
    if (a->wave->kind == LME_WAVE_SCORES)
        return true;
    int64_t most = a->wave->kind == LME_WAVE_PROMPTS ? 1 : t->trial->longest;
    a->generation = *pick->request.generation;
    a->generation.max_tokens = most < a->generation.max_tokens ? most : a->generation.max_tokens;
    a->request.generation = &a->generation;
    return lme_endpoint_encode(t->arena, t->run->endpoint, &a->request, &a->body, &err);
}

/* The next n of the queue; all of them are rehearsed before the first is sent. */
static asked *prepare(trying *t, lme_wave *wave, queue *q, size_t n)
{
    asked *all = LME_ARRAY(t->arena, asked, n);
    double began = lme_run_now();
    for (size_t i = 0; i < n; i++) {
        asked *a = &all[wave->n_asked];
        *a = (asked){.trying = t, .wave = wave, .question = &q->all[q->next++], .began = began};
        if (!word(t, a))
            continue;
        lme_endpoint_rehearse(t->run->endpoint, &a->request, a->body, false, &a->outlay);
        wave->n_asked++;
    }
    lme_endpoint_rehearsed(t->run->endpoint);
    return all;
}

/* True when the next one can go out now. */
static bool is_next(const trying *t, const asked *a, double until)
{
    return lme_run_now() < until &&
           lme_endpoint_has_room_for(t->run->endpoint, &a->request, a->body);
}

static bool send_wave(trying *t, lme_wave *wave, asked *all, double patience_s, lme_error *err)
{
    lme_endpoint *endpoint = t->run->endpoint;
    double began = all[0].began;
    size_t n = wave->n_asked, next = 0;
    while (next < n || lme_endpoint_in_flight(endpoint) > 0) {
        for (; next < n && is_next(t, &all[next], began + refill_s); next++) {
            asked *a = &all[next];
            if (!lme_endpoint_send(endpoint, &a->request, a->body, answered, a, err))
                return false;
        }
        if (lme_run_now() >= began + refill_s && next < n) {
            t->was_slow = true;
            n = next;
        }
        if (lme_run_now() >= began + patience_s) {
            t->over = true;
            break;
        }
        if (lme_endpoint_in_flight(endpoint) > 0 && !lme_endpoint_wait(endpoint, TURN_MS, err))
            return false;
    }
    wave->n_asked = next;
    t->trial->n_asked += next;
    return true;
}

static bool try_wave(trying *t, lme_wave_kind kind, size_t open, size_t n, lme_error *err)
{
    queue *q = kind == LME_WAVE_SCORES ? &t->scores : &t->texts;
    bool is_alone = n == 1 && q->next == 0;
    double until = t->began + fmax(all_s, slow_all * t->slowest_alone_s);
    if (t->over || n == 0 || lme_run_now() > until || t->trial->n_waves == LME_TRIAL_WAVES)
        return true;
    lme_wave *wave = &t->trial->waves[t->trial->n_waves];
    *wave = (lme_wave){.kind = kind, .open = open};
    asked *all = prepare(t, wave, q, n);
    if (wave->n_asked == 0)
        return true;
    t->trial->n_waves++;
    lme_endpoint_open_at_most(t->run->endpoint, open);
    double patience_s = fmax(wave_s, slow_wave * t->slowest_alone_s);
    if (!send_wave(t, wave, all, is_alone ? alone_s : patience_s, err))
        return false;
    if (is_alone)
        t->slowest_alone_s = fmax(t->slowest_alone_s, wave->seconds);
    t->over = t->over || t->slowest_alone_s > slow_alone_s;
    return true;
}

/* Questions of a wave, of those that are left for so many like it: whole rounds, as the last one of
 * a run is seldom.
 *   round  that go out at once */
static size_t size_of_wave(const trying *t, const queue *q, size_t round, size_t n_waves)
{
    size_t left = (q->n - q->next) / n_waves, n = 2 * round;
    /* A climb has more waves, and the first ones leave something for the others. */
    size_t fewest = q == &t->texts || t->climbs ? FEWEST_TEXTS : FEWEST_SCORES;
    n = n > q->n_tasks ? n : q->n_tasks;
    n = n > fewest ? n : fewest;
    n = n < MOST ? n : MOST;
    n = n < left ? n : left;
    return n > round ? n - n % round : n;
}

static bool try_open(trying *t, size_t open, size_t batch, lme_error *err)
{
    const queue *scores = &t->scores, *texts = &t->texts;
    return try_wave(t, LME_WAVE_SCORES, open, size_of_wave(t, scores, open * batch, 1), err) &&
           try_wave(t, LME_WAVE_PROMPTS, open, size_of_wave(t, texts, open, 2), err) &&
           try_wave(t, LME_WAVE_TEXTS, open, size_of_wave(t, texts, open, 1), err);
}

/* Of so much as would have taken a second alone, how much a wave did in one (preflight.h has the
 * model): questions of one wave may be longer than those of another. */
static double rate_of(const trying *t, const lme_wave *wave)
{
    lme_wave_kind kind = wave->kind == LME_WAVE_TEXTS ? LME_WAVE_PROMPTS : wave->kind;
    lme_pace pace = lme_endpoint_pace(t->run->endpoint, false);
    double request_s = pace.quickest_s, byte_s = 0;
    for (const lme_wave *alone = t->trial->waves; alone < wave; alone++) {
        double n = (double)alone->outlay.n_least, rest_s = alone->seconds - n * pace.quickest_s;
        if (alone->kind != kind || alone->open != 1 || n == 0)
            continue;
        request_s = rest_s > 0 ? pace.quickest_s : alone->seconds / n;
        byte_s = rest_s > 0 ? rest_s / fmax(alone->outlay.bytes, 1) : 0;
    }
    double work_s = (double)wave->outlay.n_least * request_s + wave->outlay.bytes * byte_s +
                    wave->n_generated * pace.token_s;
    return wave->seconds > 0 ? work_s / wave->seconds : 0;
}

/* The wave against each before it with a quarter as many open: what else the machine did may have
 * slowed one of them. */
static bool gains(const trying *t, const lme_wave *wave)
{
    size_t n = 0;
    for (const lme_wave *before = t->trial->waves; before < wave; before++) {
        if (before->kind != wave->kind || before->open != wave->open / 4)
            continue;
        if (rate_of(t, wave) <= gain_wanted * (before->open > 1 ? rate_of(t, before) : 1))
            return false;
        n++;
    }
    return n > 0;
}

static bool has_gained(const trying *t, size_t open)
{
    const lme_trial *trial = t->trial;
    for (size_t i = 0; i < trial->n_waves; i++) {
        if (trial->waves[i].open == open && gains(t, &trial->waves[i]))
            return true;
    }
    return false;
}

/* Higher as long as it brings more, and there are questions to fill a wave with. */
static bool climb(trying *t, size_t batch, lme_error *err)
{
    for (size_t open = 4; open <= MOST; open *= 4) {
        bool fills = open == 4 || t->scores.n - t->scores.next >= open ||
                     t->texts.n - t->texts.next >= 2 * open;
        if (!fills || t->over || t->was_slow)
            break;
        if (!try_open(t, open, batch, err))
            return false;
        t->trial->is_gaining = has_gained(t, open);
        if (!t->trial->is_gaining)
            break;
    }
    return true;
}

/* One question alone. Of a quick server two more: the first one paid for what the others find. */
static bool try_alone(trying *t, lme_wave_kind kind, lme_error *err)
{
    const queue *q = kind == LME_WAVE_SCORES ? &t->scores : &t->texts;
    if (q->n == 0)
        return true;
    if (!try_wave(t, kind, 1, 1, err))
        return false;
    bool again = q->n > FEWEST_TEXTS && t->slowest_alone_s < quick_s;
    return !again || try_wave(t, kind, 1, 2, err);
}

/* Each kind alone, then the waves. */
static bool try_all(trying *t, const lme_trial_options *options, lme_error *err)
{
    return try_alone(t, LME_WAVE_SCORES, err) && try_alone(t, LME_WAVE_PROMPTS, err) &&
           (options->concurrency > 0 ? try_open(t, options->concurrency, options->batch, err)
                                     : climb(t, options->batch, err));
}

size_t lme_trial_wanted(size_t n_questions, size_t n_tasks)
{
    const size_t all = 256, least = 2;
    if (n_questions == 0)
        return 0;
    return all / n_tasks > least ? all / n_tasks : least;
}

/* No more than a part of the run, and than is allowed. */
static size_t share_of(size_t n, const lme_trial_options *options)
{
    size_t share = n / SHARE > SHARE ? n / SHARE : SHARE;
    return share < options->n_questions ? share : options->n_questions;
}

/* Tokens that texts are cut to: those of text_s, and no more than any may have. */
static int64_t longest_text(const trying *t, double token_s)
{
    double longest = token_s > 0 ? text_s / token_s : USUAL_TEXT, most = 0;
    for (size_t i = 0; i < t->texts.n; i++)
        most = fmax(most, (double)t->texts.all[i].pick->request.generation->max_tokens);
    return (int64_t)fmin(fmax(longest, SHORTEST_TEXT), most);
}

bool lme_run_try(lme_arena *arena, lme_run *run, const lme_trial_options *options, lme_trial *trial,
                 lme_error *err)
{
    size_t n = options->n_preflights, n_scores = 0, n_texts = 0;
    trying *t = LME_NEW(arena, trying);
    *t = (trying){.arena = arena,
                  .run = run,
                  .trial = trial,
                  .began = lme_run_now(),
                  .climbs = options->concurrency == 0};
    t->tasks = LME_ARRAY(arena, lme_task_trial, n);
    *trial = (lme_trial){.tasks = t->tasks, .n_tasks = n, .failure = LME_STR("")};
    for (size_t i = 0; i < n; i++) {
        const lme_forecast *kinds = options->preflights[i].kinds;
        n_texts += kinds[LME_REQUEST_GENERATE].n_new;
        n_scores += kinds[LME_REQUEST_LOGLIKELIHOOD].n_new + kinds[LME_REQUEST_ROLLING].n_new;
    }
    fill(t, options->preflights, n);
    bound(&t->scores, share_of(n_scores, options));
    bound(&t->texts, share_of(n_texts, options));
    trial->longest = longest_text(t, lme_endpoint_pace(run->endpoint, false).token_s);
    bool ok = try_all(t, options, err);
    lme_endpoint_open_at_most(run->endpoint, 0);
    trial->seconds = lme_run_now() - t->began;
    return ok;
}

double lme_trial_tokens(const lme_trial *trial, size_t task)
{
    const lme_task_trial *own = &trial->tasks[task];
    double bytes = 0, tokens = 0;
    if (own->bytes > 0)
        return own->prompt_tokens / own->bytes;
    for (size_t i = 0; i < trial->n_tasks; i++) {
        bytes += trial->tasks[i].bytes;
        tokens += trial->tasks[i].prompt_tokens;
    }
    return bytes > 0 ? tokens / bytes : 0;
}
