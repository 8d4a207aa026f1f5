/* Results as people and programs read them: table, results.json, samples JSONL.
 * Schema: lm_eval 0.4.13, loggers/evaluation_tracker.py, utils.py (make_table); docs/output.md says
 * what differs.
 */
#ifndef LMEVAL_REPORT_H
#define LMEVAL_REPORT_H

#include <lmeval/metric.h>
#include <lmeval/sample.h>

/* What belongs to the run as a whole. */
typedef struct lme_run_info {
    lme_str model;    /* id at the server */
    lme_str base_url; /* without credentials */
    lme_str server;   /* what answered; "" when unknown */
    lme_str version;  /* of lmeval */
    double limit;     /* 0: none */
    int64_t seed;     /* sent to the server */
    int64_t fewshot_seed;
    size_t concurrency;
    size_t bootstrap_iters;     /* 0: no standard errors were asked for */
    lme_value gen_kwargs;       /* map from the command line, or null */
    lme_str system_instruction; /* "" for none */
    bool chat;                  /* prompts were sent as messages, */
    bool multi_turn;            /* each example's parts as ones of their own */
    bool demo;                  /* built-in server and sample rows */
    int64_t n_bos;              /* special tokens that the server puts before a text; -1: unknown */
    lme_str chat_template;      /* the server's, of a run of chats; "": not told, or no chats */
    size_t max_length;          /* tokens that questions are held to; 0: not at all */
    bool truncates;             /* longer ones are cut from their left */
} lme_run_info;

typedef struct lme_results {
    lme_run_info info;
    const lme_result *tasks;
    size_t n_tasks;
    const lme_group_result *groups; /* n_groups, a group before the groups in it */
    size_t n_groups;
} lme_results;

/* lm_eval's table: Tasks, Version, Filter, n-shot, Metric, arrow, Value, ±, Stderr, the members of
 * a group indented below it; the same of groups that have numbers of their own; then one note a
 * line for whatever a reader must know (sample rows, failed documents, cut generations, straddling
 * tokens).
 *   utf8  false: "+-" and "^" instead of "±" and arrows */
lme_str lme_report_table(lme_arena *arena, const lme_results *results, bool utf8);

/* results.json, deterministic: time stamps are in run.json. */
lme_str lme_report_results_json(lme_arena *arena, const lme_results *results);

/* The ids of the documents that were selected, as a list; empty when the first ones were taken. */
lme_value lme_report_doc_ids(lme_arena *arena, const lme_result *task);

/* Hashes as lm_eval writes them: hex SHA-256 of the row (json.dumps, indent 2), of the first
 * request's context (of a conversation: json.dumps of its messages), of str(target). */
typedef struct lme_sample_hashes {
    lme_str doc, prompt, target;
} lme_sample_hashes;

lme_sample_hashes lme_report_sample_hashes(lme_arena *arena, const lme_sample *sample);

/* The lines of one sample in samples_<task>.jsonl: one a pipeline, each with its newline. Returns
 * the hashes that stand in them. */
lme_sample_hashes lme_report_sample_lines(lme_arena *arena, const lme_sample *sample,
                                          lme_builder *out);

#endif
