/* A finished run read back: what it scored, document by document. Reads this program's folders and
 * results files, and those of lm_eval (results_<time>.json with samples_<task>_<time>.jsonl beside
 * it), which have the same schema. Samples files are read line by line, and of a line only hashes,
 * scores and its place are kept; a whole sample is read when it is looked at (recorded.h).
 *
 *     lme_record record;
 *     if (!lme_record_open(arena, "runs/base", NULL, &record, err)) ...
 */
#ifndef LMEVAL_RECORD_H
#define LMEVAL_RECORD_H

#include <lmeval/value.h>

/* Where a line stands in its samples file. */
typedef struct lme_record_place {
    uint64_t offset; /* of its first byte */
    size_t size;     /* bytes, without the newline */
    uint32_t number; /* from 1 */
} lme_record_place;

/* One document under one filter pipeline. */
typedef struct lme_record_line {
    lme_str doc_hash, prompt_hash, target_hash; /* hex SHA-256; "" when the file has none */
    lme_str cluster;                            /* "" when there is no such column */
    size_t order;                               /* among its pipeline's lines */
    int64_t doc_id;                             /* `order` when the file has none */
    lme_record_place place;
    size_t n_requests;    /* entries of `arguments`: the choices */
    const double *scores; /* one a metric of the pipeline; NAN: no number */
} lme_record_line;

typedef struct lme_record_pipeline {
    lme_str name;
    const lme_str *metrics; /* n_metrics */
    size_t n_metrics;
    lme_record_line *lines; /* n_lines */
    size_t n_lines;
} lme_record_pipeline;

/* One document with all that was made of it. */
typedef struct lme_record_document {
    int64_t id;
    const lme_record_line *const *lines; /* n_lines, in the file's order: one a pipeline; one alone
                                            when the document could not be scored */
    size_t n_lines;
} lme_record_document;

/* A number of the results file. */
typedef struct lme_record_score {
    lme_str metric, pipeline;
    double value;
    double stderr_value; /* NAN: "N/A" */
    bool higher_is_better;
    bool direction_known; /* the file says it, or it is a metric whose direction everybody knows */
} lme_record_score;

typedef struct lme_record_task {
    lme_str name, alias;
    lme_str output_type;
    lme_str scoring_path;           /* "" when the file does not tell (lm_eval's) */
    lme_value generation;           /* generation_kwargs; null when there are none */
    lme_str refused_parameters;     /* of these, that the server did not take: "temperature, seed",
                                       "none"; "" when the file does not tell */
    lme_str cut;                    /* what was done to questions that are too long: "cut to 2048",
                                       "in windows of 2048", "none"; "" when the file does not tell */
    int64_t n_prompt_tokens;        /* of all requests, as the server counted; 0: not told */
    lme_value config;               /* the resolved task; null when the file has none */
    lme_value version;              /* null when unknown */
    int64_t n_shot;                 /* -1: unknown */
    bool sample_data;               /* rows written for this project */
    const lme_record_score *scores; /* n_scores */
    size_t n_scores;
    const lme_record_pipeline *pipelines; /* n_pipelines; none without a samples file */
    size_t n_pipelines;
    const char *samples_path;      /* NULL: there is none */
    bool is_growing;               /* its last line may be half written */
    const lme_record_line *failed; /* n_failed: documents that could not be scored */
    size_t n_failed;
    const lme_record_document *documents; /* n_documents by id: scored and failed ones */
    size_t n_documents;
    const char *cluster;     /* column that says what belongs together; NULL: none */
    size_t n_unclustered;    /* lines that have nothing there */
    size_t unclustered_line; /* the first of them */
    lme_str nearest_column;  /* to that name in that line; "": none */
} lme_record_task;

typedef struct lme_record {
    const char *path; /* of the results file */
    lme_str name;     /* what the user called it */
    lme_str model;
    lme_str chat_template_hash; /* "" when there is none */
    int64_t n_bos;              /* special tokens that the server put before texts; -1: not told */
    bool demo;
    bool has_results;       /* false: opened by its samples files alone */
    lme_value tree;         /* the results file as it is, for what else is looked for in it */
    lme_record_task *tasks; /* n_tasks, in the file's order; groups are left out */
    size_t n_tasks;
} lme_record;

/* Opens a run.
 *   path     a folder of ours; a folder of lm_eval's, or the one above it when it is the only one
 *            there (of several results files the last one); a results file
 *   cluster  column of the rows that says what belongs together; NULL: the task's own `cluster`
 * The record lives as long as arena.
 * Errors: LME_ERR_IO when there is no results file, LME_ERR_DATA with file:line when one is broken,
 * LME_ERR_LIMIT when one is too large. */
bool lme_record_open(lme_arena *arena, const char *path, const char *cluster, lme_record *record,
                     lme_error *err) LME_MUST_CHECK;

/* The same without reading samples files: no task has lines or documents yet, `samples_path` says
 * whether it can have them. */
bool lme_record_open_results(lme_arena *arena, const char *path, const char *cluster,
                             lme_record *record, lme_error *err) LME_MUST_CHECK;

/* The same, and where there is no results file the samples files alone: of a run that goes on, or
 * was stopped. Its tasks then have a name and samples, and no more is known of them.
 *   path  may also be one samples file */
bool lme_record_open_samples(lme_arena *arena, const char *path, lme_record *record,
                             lme_error *err) LME_MUST_CHECK;

/* Reads a task's samples file into pipelines, failed and documents: once, and nothing when there is
 * none. Errors: LME_ERR_DATA and LME_ERR_LIMIT with file:line, LME_ERR_IO. */
bool lme_record_read_lines(lme_arena *arena, lme_record_task *task, lme_error *err) LME_MUST_CHECK;

const lme_record_task *lme_record_find_task(const lme_record *record, lme_str name);
const lme_record_pipeline *lme_record_find_pipeline(const lme_record_task *task, lme_str name);
const lme_record_score *lme_record_find_score(const lme_record_task *task, lme_str metric,
                                              lme_str pipeline);
/* Column of a metric in the lines; SIZE_MAX when it has none. */
size_t lme_record_metric_column(const lme_record_pipeline *pipeline, lme_str metric);

#endif
