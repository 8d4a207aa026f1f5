/* Two records of one task, made here, and what comes of comparing them. */
#ifndef LMEVAL_TEST_TWO_RUNS_H
#define LMEVAL_TEST_TWO_RUNS_H

#include "support.h"

#include <stdio.h>

#include <lmeval/compare.h>

enum {
    MAX_LINES = 400
};

/* A task with one metric and one pipeline. */
typedef struct made {
    lme_record record;
    lme_record_task task;
    lme_record_pipeline pipeline;
    lme_record_line lines[MAX_LINES];
    double scores[MAX_LINES];
    lme_record_score score;
    lme_str metric;
    char hashes[MAX_LINES][32];
} made;

/* n documents; the document k of the file is number (k * step) mod n of the set. */
static inline void make(made *m, const char *metric, size_t n, size_t step)
{
    *m = (made){.metric = lme_str_from(metric)};
    for (size_t i = 0; i < n; i++) {
        size_t document = i * step % n;
        snprintf(m->hashes[i], sizeof m->hashes[i], "doc%04zu", document);
        m->lines[i] = (lme_record_line){
            .doc_hash = lme_str_from(m->hashes[i]),
            .prompt_hash = LME_STR("prompt"),
            .target_hash = LME_STR("target"),
            .order = i,
            .n_requests = 4,
            .scores = &m->scores[i],
        };
        m->scores[i] = document % 4 == 0 ? 0.0 : 1.0;
    }
    m->pipeline = (lme_record_pipeline){LME_STR("none"), &m->metric, 1, m->lines, n};
    m->score = (lme_record_score){m->metric, LME_STR("none"), 0.0, 0.01, true, true};
    m->task = (lme_record_task){
        .name = LME_STR("quiz"),
        .output_type = LME_STR("multiple_choice"),
        .n_shot = 0,
        .scores = &m->score,
        .n_scores = 1,
        .pipelines = &m->pipeline,
        .n_pipelines = 1,
    };
    m->record = (lme_record){.path = "x", .name = LME_STR("run"), .tasks = &m->task, .n_tasks = 1};
}

/* The results file's value is that of the items. */
static inline void settle(made *m)
{
    double sum = 0.0;
    for (size_t i = 0; i < m->pipeline.n_lines; i++)
        sum += m->scores[i];
    m->score.value = sum / (double)m->pipeline.n_lines;
}

static const lme_compare_options usual = {.theta = 0.99, .confidence = 0.95};

typedef struct both {
    lme_arena *arena;
    made *a, *b;
    lme_comparison c;
} both;

static inline void begin(both *t, const char *metric, size_t n)
{
    t->arena = lme_arena_new();
    t->a = LME_NEW(t->arena, made);
    t->b = LME_NEW(t->arena, made);
    make(t->a, metric, n, 1);
    make(t->b, metric, n, 7); /* another order */
}

static inline void compare(both *t)
{
    settle(t->a);
    settle(t->b);
    lme_compare_runs(t->arena, &t->a->record, &t->b->record, &usual, &t->c);
}

#endif
