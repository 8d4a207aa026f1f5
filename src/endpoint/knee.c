#include "knee.h"

enum {
    FIRST = 4,           /* open requests to begin with */
    FEWEST_ANSWERS = 32, /* of an epoch: fewer are noise */
    ROUNDS = 2,          /* an epoch's answers for each open request */
    SHORTEST_MS = 100,   /* an epoch's: the clock counts milliseconds */
    HOLD = 8,            /* epochs before the limit is tried higher again */
    LONGEST_HOLD = 64
};

static const double cut = 0.7;
/* The share of a raise that the answers must follow it by. */
static const double gain_wanted = 0.25;
/* How fast the best rate follows what is measured at its limit. */
static const double follow = 0.3;

lme_knee lme_knee_begin(size_t max, uint64_t now_ms)
{
    return (lme_knee){
        .limit = max < FIRST ? max : FIRST,
        .max = max,
        .hold = HOLD,
        .began_ms = now_ms,
        .epoch_ms = now_ms,
        .course = {.first = max < FIRST ? max : FIRST, .highest = max < FIRST ? max : FIRST},
    };
}

static void new_epoch(lme_knee *knee, uint64_t now_ms)
{
    knee->n_answers = 0;
    knee->work = 0;
    knee->epoch_ms = now_ms;
}

/* Keeps the course: when its list is full, every second step goes. */
static void note(lme_knee *knee, uint64_t now_ms, const char *why)
{
    lme_course *course = &knee->course;
    if (course->n == LME_COURSE_STEPS) {
        for (size_t i = 0; 2 * i < LME_COURSE_STEPS; i++)
            course->steps[i] = course->steps[2 * i];
        course->n = LME_COURSE_STEPS / 2;
    }
    double seconds = (double)(now_ms - knee->epoch_ms) / 1000;
    course->steps[course->n++] = (lme_course_step){
        .seconds = (double)(now_ms - knee->began_ms) / 1000,
        .limit = knee->limit,
        .requests_per_second = seconds > 0 ? (double)knee->n_answers / seconds : 0,
        .why = why,
    };
    if (knee->limit > course->highest)
        course->highest = knee->limit;
}

static void set_limit(lme_knee *knee, uint64_t now_ms, size_t limit, const char *why)
{
    if (limit == knee->limit)
        return;
    knee->limit = limit;
    note(knee, now_ms, why);
    knee->n_skip = limit;
}

static size_t step_of(const lme_knee *knee)
{
    return knee->best_limit / 8 > 0 ? knee->best_limit / 8 : 1;
}

static void hold(lme_knee *knee, uint64_t now_ms, const char *why)
{
    knee->phase = LME_KNEE_HOLD;
    knee->n_held = 0;
    set_limit(knee, now_ms, knee->best_limit, why);
}

/* Higher by doubling or by a step, unless the server is known to refuse that. */
static void raise_limit(lme_knee *knee, uint64_t now_ms)
{
    size_t next =
        knee->phase == LME_KNEE_START ? 2 * knee->best_limit : knee->best_limit + step_of(knee);
    next = next < knee->max ? next : knee->max;
    bool refused_there = knee->ceiling > 0 && next >= knee->ceiling;
    if (next <= knee->best_limit || refused_there) {
        hold(knee, now_ms, "as many as the server takes");
        return;
    }
    set_limit(knee, now_ms, next, "tried");
}

/* The epoch at a limit above the best one: was the raise worth it? */
static void judge(lme_knee *knee, uint64_t now_ms, double rate)
{
    double raised = (double)knee->limit / (double)knee->best_limit - 1;
    /* Below a limit that was refused the way up is open: retries of the refused spoil the rates. */
    bool recovers = knee->ceiling > 0 && knee->phase == LME_KNEE_CLIMB;
    if (recovers || rate > knee->best_rate * (1 + gain_wanted * raised)) {
        knee->best_rate = rate;
        knee->best_limit = knee->limit;
        knee->hold = HOLD;
        raise_limit(knee, now_ms);
    } else if (knee->phase == LME_KNEE_START) {
        knee->phase = LME_KNEE_CLIMB;
        raise_limit(knee, now_ms);
    } else {
        knee->hold = knee->hold < LONGEST_HOLD ? 2 * knee->hold : LONGEST_HOLD;
        hold(knee, now_ms, "more gave no more answers");
    }
}

static void held(lme_knee *knee, uint64_t now_ms, double rate)
{
    knee->best_rate += follow * (rate - knee->best_rate);
    if (++knee->n_held < knee->hold)
        return;
    /* Long held: what was refused once may be taken now. */
    knee->ceiling = 0;
    knee->phase = LME_KNEE_CLIMB;
    raise_limit(knee, now_ms);
}

static void end_epoch(lme_knee *knee, uint64_t now_ms)
{
    double rate = knee->work / ((double)(now_ms - knee->epoch_ms) / 1000);
    if (knee->best_rate <= 0) {
        knee->best_rate = rate;
        knee->best_limit = knee->limit;
        raise_limit(knee, now_ms);
    } else if (knee->phase == LME_KNEE_HOLD) {
        held(knee, now_ms, rate);
    } else {
        judge(knee, now_ms, rate);
    }
    new_epoch(knee, now_ms);
}

/* One of those that were open at the cut is no more. True when it was one. */
static bool was_before_cut(lme_knee *knee)
{
    if (knee->n_before_cut == 0)
        return false;
    knee->n_before_cut--;
    return true;
}

/* With fewer open than allowed (the run's end, questions still in the making) the answers say
 * nothing about the limit. Answers come in crowds, so that it is full at the first of a crowd. */
static bool is_full(lme_knee *knee, size_t open)
{
    knee->n_not_full = open < knee->limit ? knee->n_not_full + 1 : 0;
    return knee->n_not_full < knee->limit;
}

/* Whole rounds of all open requests: with answers in crowds a part of a round would be off by a
 * crowd. */
static size_t wanted_answers(const lme_knee *knee)
{
    size_t rounds = (FEWEST_ANSWERS + knee->limit - 1) / knee->limit;
    return knee->limit * (rounds > ROUNDS ? rounds : ROUNDS);
}

void lme_knee_answered(lme_knee *knee, uint64_t now_ms, size_t open, double work)
{
    was_before_cut(knee);
    if (!is_full(knee, open)) {
        new_epoch(knee, now_ms);
        return;
    }
    if (knee->n_skip > 0) {
        if (--knee->n_skip == 0)
            new_epoch(knee, now_ms);
        return;
    }
    knee->n_answers++;
    knee->work += work;
    if (knee->n_answers >= wanted_answers(knee) && now_ms - knee->epoch_ms >= SHORTEST_MS)
        end_epoch(knee, now_ms);
}

void lme_knee_refused(lme_knee *knee, uint64_t now_ms, size_t open)
{
    static const char refused[] = "the server refused or timed out";
    if (was_before_cut(knee))
        return;
    knee->course.n_cuts++;
    knee->n_before_cut = open > 0 ? open - 1 : 0;
    knee->ceiling = knee->limit;
    size_t lower = (size_t)((double)knee->limit * cut);
    /* One step too high: the step before was taken, and is not far. */
    bool was_tried = knee->limit > knee->best_limit && knee->best_limit >= lower;
    if (was_tried) {
        knee->hold = knee->hold < LONGEST_HOLD ? 2 * knee->hold : LONGEST_HOLD;
        hold(knee, now_ms, refused);
    } else {
        knee->best_limit = lower > 0 ? lower : 1;
        knee->best_rate = 0;
        knee->phase = LME_KNEE_CLIMB;
        set_limit(knee, now_ms, knee->best_limit, refused);
    }
    new_epoch(knee, now_ms);
}
