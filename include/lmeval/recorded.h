/* One document of a finished run as its samples file holds it, read when it is looked at: what was
 * asked, what was answered, what the filters left, what it scored.
 *
 *     lme_recorded *recorded;
 *     lme_recorded_sample sample;
 *     if (!lme_recorded_open(arena, task, &recorded, err)) ...
 *     for (size_t i = 0; i < task->n_documents; i++) {
 *         if (!lme_recorded_read(sample_arena, recorded, &task->documents[i], &sample, err)) ...
 *         lme_arena_reset(sample_arena);
 *     }
 *     lme_recorded_close(recorded);
 *
 * Reads what this program and lm_eval (0.4.x) write; keys that a file lacks leave their fields
 * empty. Nothing in it is trusted: texts may hold anything that is UTF-8.
 */
#ifndef LMEVAL_RECORDED_H
#define LMEVAL_RECORDED_H

#include <lmeval/record.h>

typedef enum lme_recorded_kind {
    LME_RECORDED_LOGLIKELIHOOD, /* of a continuation */
    LME_RECORDED_ROLLING,       /* of the prompt itself */
    LME_RECORDED_GENERATE
} lme_recorded_kind;

/* The answer to one of a request's repeats. */
typedef struct lme_recorded_response {
    bool is_missing;
    lme_str text;        /* generate only */
    double logprob_nats; /* NAN for generate; -INFINITY: at the floor below which the server tells
                            nothing */
    bool is_greedy;      /* loglikelihood only */
} lme_recorded_response;

typedef struct lme_recorded_message {
    lme_str role, content;
} lme_recorded_message;

typedef struct lme_recorded_request {
    lme_recorded_kind kind;
    lme_str prompt;                       /* as text; of a conversation its JSON */
    const lme_recorded_message *messages; /* n_messages; NULL: it is no conversation */
    size_t n_messages;
    lme_str continuation;                   /* loglikelihood only; starts with the delimiter */
    lme_value generation;                   /* generate only: the task's settings */
    const lme_recorded_response *responses; /* n_responses: one a repeat */
    size_t n_responses;
} lme_recorded_request;

typedef struct lme_recorded_score {
    lme_str metric;
    lme_value item; /* as written: a number, true, a list ... */
    double value;   /* NAN: no number */
} lme_recorded_score;

/* What one filter pipeline made of the responses. */
typedef struct lme_recorded_answer {
    lme_str pipeline;
    const lme_value *values; /* n_values: one a request, what the filters left; numbers are texts */
    size_t n_values;
    const lme_recorded_score *scores; /* n_scores */
    size_t n_scores;
} lme_recorded_answer;

typedef struct lme_recorded_sample {
    int64_t doc_id;
    lme_str doc_hash, prompt_hash, target_hash; /* "" when the file has none */
    lme_value doc;                              /* the row; null when the file has none */
    lme_str target;                             /* Python's str of it */
    const lme_recorded_request *requests;       /* n_requests, repeats folded */
    size_t n_requests;
    size_t n_choices; /* of several answers to choose from: the first so many requests; 0: none. The
                         others ask for the choices without their context (acc_mutual_info) */
    size_t common_prompt; /* bytes that the prompts of all choices begin with (see below) */
    const size_t *gold;   /* n_gold choices that are right; none when the target does not tell */
    size_t n_gold;
    const lme_recorded_answer *answers; /* n_answers: one a pipeline */
    size_t n_answers;
    lme_str failure; /* "" or why it could not be scored; there are no answers then */
    const char *file;
    uint32_t line; /* of its first line */
} lme_recorded_sample;

typedef struct lme_recorded lme_recorded; /* a samples file open for reading */

/*   task  with its lines read, and a samples_path; both stay as long as arena
 * Errors: LME_ERR_IO. */
bool lme_recorded_open(lme_arena *arena, const lme_record_task *task, lme_recorded **recorded,
                       lme_error *err) LME_MUST_CHECK;
void lme_recorded_close(lme_recorded *recorded); /* NULL is a no-op */

/* Errors: LME_ERR_DATA with file:line; LME_ERR_IO. */
bool lme_recorded_read(lme_arena *arena, lme_recorded *recorded,
                       const lme_record_document *document, lme_recorded_sample *sample,
                       lme_error *err) LME_MUST_CHECK;

/* The choice that the model finds likeliest; the first of equals. SIZE_MAX when there are no
 * choices, or one was not answered.
 *   by_length  each log-probability divided by the characters of its choice (acc_norm)
 *   delimiter  what stands before each choice and is no part of it
 * Source: lm_eval 0.4.13 api/task.py, process_results. */
size_t lme_recorded_pick(const lme_recorded_sample *sample, bool by_length, lme_str delimiter);

/* The choice without the delimiter. */
lme_str lme_recorded_choice(const lme_recorded_sample *sample, size_t choice, lme_str delimiter);

/* The choice; where the prompts of the choices differ, with what is its own of them before it. */
lme_str lme_recorded_choice_text(lme_arena *arena, const lme_recorded_sample *sample, size_t choice,
                                 lme_str delimiter);

/* What stands before each choice of a task, and is no part of it. */
lme_str lme_record_delimiter(const lme_record_task *task);

bool lme_recorded_is_gold(const lme_recorded_sample *sample, size_t choice);

/* How far the target's log-probability is above the best of the others', or below (negative).
 * False: the sample has no such thing. */
bool lme_recorded_margin(const lme_recorded_sample *sample, double *margin);

/* Bytes that the prompts of all choices begin with: the whole prompt, where it is one. */
size_t lme_recorded_common_prompt(const lme_recorded_sample *sample);

#endif
