/* The road in one file: what each room hands to the next. Who knows these structs knows the
 * program.
 *
 *     task + dataset -> doc -> (task) requests -> (endpoint) responses -> (filter) answers
 *                    -> (metric) scores -> (metric) summaries -> (report) files and tables
 *
 * All are plain data in the arena of their lifetime: a sample's in the sample's arena, results in
 * the run's.
 */
#ifndef LMEVAL_SAMPLE_H
#define LMEVAL_SAMPLE_H

#include <lmeval/value.h>

/* What a task asks of a model. The row with its functions is src/task/output/list.h. */
typedef enum lme_output_kind {
    LME_OUTPUT_MULTIPLE_CHOICE,
    LME_OUTPUT_LOGLIKELIHOOD,
    LME_OUTPUT_LOGLIKELIHOOD_ROLLING,
    LME_OUTPUT_GENERATE_UNTIL,
    LME_OUTPUT_KINDS
} lme_output_kind;

/* One row of a dataset, after the task's process_docs. Filled by task (lme_docs_next). */
typedef struct lme_doc {
    size_t id;              /* place in the evaluated split, from 0; lm_eval's doc_id */
    lme_value row;          /* map: column -> value */
    const lme_value *shots; /* n_shots rows: the few-shot examples drawn for this document */
    size_t n_shots;
} lme_doc;

/* How a generation is to be made. Filled by task from generation_kwargs. */
typedef struct lme_generation {
    const lme_str *until; /* n_until stop texts */
    size_t n_until;
    int64_t max_tokens;   /* > 0 */
    double temperature;   /* >= 0 */
    lme_value extra;      /* map: every other key, sent as it is (top_p, ...) */
    lme_value as_written; /* map: the task's own keys, for samples files */
} lme_generation;

typedef enum lme_request_kind {
    LME_REQUEST_LOGLIKELIHOOD, /* log-probability of `continuation` after `context` */
    LME_REQUEST_ROLLING,       /* log-probability of all of `context` */
    LME_REQUEST_GENERATE,      /* text after `context` */
    LME_REQUEST_KINDS
} lme_request_kind;

/* One turn of a conversation. */
typedef struct lme_message {
    lme_str role; /* "system", "user" or "assistant" */
    lme_str content;
} lme_message;

/* One question to the server. Filled by task (lme_task_plan). */
typedef struct lme_request {
    lme_request_kind kind;
    lme_str context;             /* "" when there are messages */
    const lme_message *messages; /* n_messages: the context as a conversation; NULL: it is text.
                                    A last one by the assistant is begun, and to be gone on with */
    size_t n_messages;
    lme_str continuation;             /* loglikelihood only; starts with the delimiter */
    const lme_generation *generation; /* generate only */
    size_t repeat;                    /* which of the task's repeats, from 0 */
    const lme_str *alternatives; /* n_alternatives: the continuations of all the choices that this
                                    one is asked among; NULL: it stands alone */
    size_t n_alternatives;
    size_t alternative; /* which of them it is */
} lme_request;

typedef enum lme_response_state {
    LME_RESPONSE_MISSING, /* not asked yet */
    LME_RESPONSE_OK,
    LME_RESPONSE_FAILED, /* `failure` says why; the sample is not scored */
} lme_response_state;

/* Scores that are not what the run's scoring path tells of itself. */
#define LME_SCORED_ASIDE   "other path" /* the path could not tell it and asked by another one */
#define LME_SCORED_BOUND   "bound"      /* not told: the value is an upper bound */
#define LME_SCORED_NOTHING "no letter"  /* the answer names no choice: all are -INFINITY */
#define LME_SCORED_LETTER  "letter"     /* 0 for the choice that the answer names, else -INFINITY */

/* The server's answer to one request. Filled by endpoint, kept in the journal by run. */
typedef struct lme_response {
    lme_response_state state;
    double logprob_nats; /* sum over the continuation's tokens; <= 0; -INFINITY where one of them
                            is at the floor below which the server tells nothing */
    bool is_greedy;      /* each of these tokens was the likeliest one */
    bool straddles;      /* a token lay across the end of the context (docs/scoring.md) */
    size_t n_tokens;     /* scored or generated tokens; 0 when unknown */
    size_t n_prompt_tokens;
    size_t n_truncated; /* tokens that were cut from the prompt's left (--truncate) */
    size_t n_windows;   /* rolling: requests that the text was asked in by token ids; 0: by text */
    bool too_long;      /* FAILED: it is longer than the server's context or --max-length */
    lme_str text;       /* generate only */
    lme_str finish;  /* "stop", "length", ...; "" when not told. Of a score: "" or LME_SCORED_* */
    lme_str failure; /* complete message; "" when OK */
} lme_response;

/* What a filter pipeline made of one sample's responses. Filled by filter. */
typedef struct lme_answer {
    lme_str pipeline;        /* its name: "none", "strict-match", ... */
    const lme_value *values; /* n_values: for each request (repeats folded) what the filters left */
    size_t n_values;
    bool matched; /* false when every extracting filter fell back */
} lme_answer;

/* One metric of one pipeline on one sample. Filled by metric. */
typedef struct lme_score {
    lme_str metric;
    lme_str pipeline;
    const double *stats; /* the metric's sufficient statistics, `width` doubles */
    size_t width;
    lme_value item; /* what lm_eval writes for it in the samples file */
} lme_score;

/* One document on its way: the unit that is written, resumed and compared. */
typedef struct lme_sample {
    lme_str task;
    lme_output_kind output;
    lme_doc doc;
    /* what is right; filled by task */
    lme_value target;       /* doc_to_target's value: int, text or list */
    const lme_str *choices; /* n_choices answer texts, without delimiter; multiple choice */
    size_t n_choices;
    const int64_t *gold; /* n_gold indices of right choices; -100 where the target names none */
    size_t n_gold;
    bool multiple_targets; /* target is a list of accepted answers */
    /* what is asked and answered; n_requests each */
    const lme_request *requests;
    lme_response *responses;
    size_t n_requests;
    size_t n_repeats;       /* n_requests is a multiple of it */
    size_t n_unconditional; /* the last answers are of the choices without their context: n_choices
                               of them when a metric needs them (lme_metric), else 0 */
    /* what it is worth */
    const lme_answer *answers; /* one a pipeline */
    size_t n_answers;
    const lme_score *scores; /* pipelines x metrics, in the task's order */
    size_t n_scores;
    lme_str failure; /* "" or why this document could not be scored */
} lme_sample;

/* A number that is reported: never without its uncertainty. Filled by metric. */
typedef struct lme_summary {
    lme_str metric;
    lme_str pipeline;
    double value;
    double stderr_value; /* NAN: lm_eval's "N/A" (one document, or no formula) */
    size_t n_docs;       /* scored documents */
    bool higher_is_better;
    /* what lm_eval does not tell */
    double low, high;      /* 95 % interval of the value; NAN where there is no standard error */
    lme_str cluster;       /* column whose equal values make documents depend; "": none */
    double cluster_stderr; /* standard error by these clusters; NAN without */
    size_t n_clusters;
    bool extracts;        /* the pipeline looks for something in the answer ... */
    size_t n_unextracted; /* ... and did not find it in so many of the n_docs documents */
    const char *remark;   /* what a value that is no number means; NULL: nothing to say */
} lme_summary;

/* How often generations ended for a reason that the server gave. */
typedef struct lme_finish_count {
    lme_str reason; /* finish_reason; "" where none was told */
    size_t n;
} lme_finish_count;

/* All that is known of one task after its run. Filled by run. */
typedef struct lme_result {
    lme_str task;
    lme_str alias;
    lme_value version; /* metadata.version; null when the task has none */
    lme_value config;  /* map: the resolved task as lm_eval writes it */
    lme_str dataset;   /* what was read, for people: "Rowan/hellaswag (validation)" */
    bool sample_data;  /* rows written for this project: the number is not the benchmark's */
    size_t n_shot;
    size_t n_original;       /* documents in the split */
    size_t n_effective;      /* documents asked for (limit) */
    const size_t *doc_ids;   /* n_effective: the documents selected; NULL: the first ones */
    size_t n_failed;         /* of these: not scored */
    size_t n_straddling;     /* scored requests with a token across the boundary */
    size_t n_floored;        /* scored requests whose sum rests on a token at the server's floor */
    size_t n_aside;          /* scored requests that the path left to another one */
    size_t n_bounded;        /* scored requests whose value is an upper bound alone */
    size_t n_unread;         /* documents whose answer named none of the lettered choices */
    size_t n_cut;            /* generations that ended by length */
    size_t n_thoughts;       /* answers in chats that hold inline thoughts (<think>) */
    size_t n_maybe_cut;      /* prompts of very different lengths with the same count of tokens, the
                                most of all: the server seems to have cut them */
    size_t n_longest_tokens; /* that count */
    size_t n_no_choice;      /* documents with a right answer that is none of their choices */
    size_t n_too_long;       /* failed documents with a question longer than the context */
    size_t n_truncated;      /* requests whose prompt was cut from its left */
    size_t n_windowed;       /* rolling: texts that took more than one window */
    size_t n_prompt_tokens, n_completion_tokens; /* of all answers, as far as the server told; a
                                                    question that several documents share counts
                                                    for each of them */
    const lme_finish_count *finishes;            /* n_finishes, in the order of their first */
    size_t n_finishes;
    const lme_str *refused; /* n_refused keys of generations that the server refused: they were left
                               out */
    size_t n_refused;
    lme_str scoring_path; /* "echo", ...: how loglikelihoods were got; "" when none were */
    lme_str
        scoring_caution; /* what the scores are where they are no loglikelihoods; "": they are */
    lme_str hash;        /* lm_eval's task hash: over doc, prompt and target hashes */
    const lme_str *left_out; /* n_left_out metrics of the task that cannot score what it asks */
    size_t n_left_out;
    const lme_summary *summaries;
    size_t n_summaries;
} lme_result;

#endif
