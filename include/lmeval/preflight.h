/* What a run will cost, found out before it begins:
 *
 *     counted  lme_run_preflight goes through the run and sends nothing: requests, exactly
 *     tried    lme_run_try asks a few of the run's own questions: tokens a byte, seconds
 *     told     lme_cost_of: the run is so many times what was tried
 *
 * Of a run that is counted once more with what was tried the tokens are the run's own, not the
 * probe's (lme_trial_tokens). One thread, before the first lme_run_begin.
 */
#ifndef LMEVAL_PREFLIGHT_H
#define LMEVAL_PREFLIGHT_H

#include <lmeval/run.h>

/* What is going to be asked, of one kind of request. */
typedef struct lme_forecast {
    size_t n_requests;  /* that the documents have */
    size_t n_kept;      /* of these: answered by the journal or the cache */
    size_t n_new;       /* of these: to be asked. The others ask the same as one of those above, or
                           belong to documents that cannot be asked */
    size_t n_unaskable; /* of these: cannot be put to this server */
    size_t n_rechecked; /* kept answers that are asked for again (docs/output.md) */
    lme_outlay outlay;  /* of the new ones and the rechecked */
} lme_forecast;

/* A question of the run that can be tried. Lives in the arena of the preflight. */
typedef struct lme_pick {
    size_t doc;
    lme_request request;
    lme_str body;
} lme_pick;

enum {
    LME_MARK_QUESTIONS = 8, /* between two marks */
    LME_MARKS = 256
};

/* What a task is going to ask. */
typedef struct lme_preflight {
    /* These four are set by the caller. */
    const lme_task *task;
    const lme_docs *docs; /* not moved on */
    size_t n_wanted;      /* documents whose questions are kept for a trial, at most; 0: none */
    double tokens_a_byte; /* of its prompts; 0: as of the probe's */
    size_t n_docs;
    size_t n_unaskable; /* documents with a prompt or request that cannot be made */
    size_t first_unaskable;
    lme_str unaskable; /* why that one; "" */
    lme_forecast kinds[LME_REQUEST_KINDS];
    const lme_pick *picks; /* n_picks: the questions of documents spread over the task, in an order
                              in which any number of them from the first on is spread so */
    size_t n_picks;
    const double *marks; /* n_marks: prompts' bytes of the first 8 new questions, 16, 24, ... */
    size_t n_marks;
} lme_preflight;

/* Counts what a run of these n tasks, in this order, is going to send: plans their documents, looks
 * for kept answers and takes the same decisions as lme_run_task, and sends nothing. A document that
 * cannot be asked is counted and is no error. should_stop ends it: lme_run_stopped then says so,
 * and the counts are of a part. Texts are in arena; the preflights stay as long as the run, whose
 * progress then tells how much is left by them. Errors: LME_ERR_IO (journal, data),
 * LME_ERR_DATA. */
bool lme_run_preflight(lme_arena *arena, lme_run *run, lme_preflight *preflights, size_t n,
                       lme_error *err) LME_MUST_CHECK;

/* ---- trying ---- */

typedef enum lme_wave_kind {
    LME_WAVE_SCORES,  /* loglikelihoods, as the run asks them */
    LME_WAVE_PROMPTS, /* generations cut to one token */
    LME_WAVE_TEXTS,   /* generations of more */
    LME_WAVE_KINDS
} lme_wave_kind;

/* Questions that were asked at once. */
typedef struct lme_wave {
    lme_wave_kind kind;
    size_t open; /* requests at most */
    size_t n_asked, n_answered, n_failed;
    double seconds;     /* from the first question to the last answer */
    lme_outlay outlay;  /* of the answered ones */
    double n_generated; /* tokens, of LME_WAVE_TEXTS */
} lme_wave;

/* What was seen of one task's questions. */
typedef struct lme_task_trial {
    double bytes, prompt_tokens;     /* of prompts whose tokens the server counted */
    size_t n_texts, n_cut;           /* generations, and those that would have gone on */
    double generated, cut_generated; /* tokens of them; the cut ones' */
} lme_task_trial;

enum {
    LME_TRIAL_WAVES = 16
};

typedef struct lme_trial {
    lme_wave waves[LME_TRIAL_WAVES]; /* n_waves, in the order they were asked */
    size_t n_waves;
    const lme_task_trial *tasks; /* as the preflights */
    size_t n_tasks;
    size_t n_asked, n_failed; /* questions */
    lme_str failure;          /* of the first that failed; "" */
    int64_t longest;          /* tokens that generations were cut to; 0: none was asked */
    bool guesses_texts; /* the server does not count the tokens of texts: theirs are a guess */
    bool is_gaining;    /* more requests open were not tried, and had perhaps brought more */
    double seconds;     /* that all of it took */
} lme_trial;

typedef struct lme_trial_options {
    const lme_preflight *preflights; /* n_preflights, with their picks */
    size_t n_preflights;
    size_t concurrency; /* of the run; 0: found while it runs */
    size_t batch;       /* questions of a scoring request */
    size_t n_questions; /* of scores, and of texts, at most; nor more than the run's 8th part, but 8
                           in any case */
} lme_trial_options;

/* Documents whose questions such a trial wants of each of n tasks: for lme_preflight.n_wanted. */
size_t lme_trial_wanted(size_t n_questions, size_t n_tasks);

/* Asks picked questions as the run would, but for generations, which are cut: the first alone (and
 * of a quick server two more), then waves with as many open as the run has (found while it runs:
 * with 4, 16 and 64, as long as more bring more). A slow server is asked less: no question goes out
 * after 3 seconds of a wave, and none is waited for longer than 10, or two and a half times what
 * the first one took (for that: 60, and after 30 there is no wave), so that some may still be open
 * when it returns. The answers are thrown away. Texts are in arena, which lives as long as the
 * endpoint. Errors: as lme_endpoint_wait. A question that fails is counted. */
bool lme_run_try(lme_arena *arena, lme_run *run, const lme_trial_options *options, lme_trial *trial,
                 lme_error *err) LME_MUST_CHECK;

/* Tokens a byte of a task's prompts: by its own that were tried, or by all of them; 0: the server
 * told none. */
double lme_trial_tokens(const lme_trial *trial, size_t task);

/* ---- telling ---- */

/* Two numbers where what was tried leaves a range; equal where it does not. */
typedef struct lme_span {
    double low, high; /* high: INFINITY where no number is supported */
} lme_span;

typedef struct lme_cost {
    bool known;              /* else nothing below is */
    lme_span seconds;        /* without a high end where of a wave nothing was answered in time */
    lme_span prompt_seconds; /* of these: for the prompts, and for scores */
    lme_span generated;      /* tokens that generations come to */
    double seconds_most;     /* with every generation as long as it may be */
    bool is_paced;           /* by max_rps */
    bool is_alone;     /* no more than one question at a time was answered: the low end has all the
                          concurrency bring, the high end none of it */
    size_t open;       /* with so many open at once; 0: found while it runs */
    size_t most_tried; /* requests open in a wave */
} lme_cost;

/* What the estimate is made of, beside the trial. */
typedef struct lme_cost_options {
    size_t concurrency; /* 0: found while it runs */
    double max_rps;     /* 0: no bound */
    lme_pace pace;      /* of the probe */
} lme_cost_options;

/* The model: alone a request takes the time of the probe's quickest answer, and more for each token
 * of its prompt, as the first question tried shows. Of such lone seconds a wave did so many a
 * second; the run does as many. A generated token takes what a wave of texts took longer than its
 * prompts, divided by its tokens. Pure arithmetic over n preflights, counted with the trial's
 * tokens. */
lme_cost lme_cost_of(const lme_preflight *preflights, size_t n, const lme_trial *trial,
                     const lme_cost_options *options);

/* What a run that is under way has seen. */
typedef struct lme_first_answers {
    size_t task;       /* their place among the preflights */
    size_t n_answered; /* questions that were asked for; kept answers are none */
    size_t n_open;     /* questions under way */
    double seconds;    /* since the first question */
} lme_first_answers;

/* The time of the whole run by its first answers, with nothing asked for it; `seconds` alone, and
 * what bounds them. The low end takes what is under way as answered, the high end as not begun
 * (none answered: there is no high end, and the low one is no less than the probe's quickest answer
 * allows; a concurrency that is found while it runs: no low one). The questions to come take as
 * long as those, or as much longer or shorter as their prompts and the texts they may have are; of
 * tasks of the other kind (scores, texts) they stand between all that the concurrency can bring at
 * the probe's pace and one after the other. Not known where that task asks nothing. */
lme_cost lme_cost_by_first_answers(const lme_preflight *preflights, size_t n,
                                   const lme_first_answers *first, const lme_cost_options *options);

#endif
