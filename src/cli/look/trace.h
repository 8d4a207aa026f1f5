/* What each filter made of a recorded answer: the task's pipelines, out of its configuration in the
 * results file, walked once more over the recorded responses. */
#ifndef LMEVAL_CLI_LOOK_TRACE_H
#define LMEVAL_CLI_LOOK_TRACE_H

#include <lmeval/filter.h>
#include <lmeval/recorded.h>

/* A pipeline of a task, or why it cannot be walked through. */
typedef struct lme_traced {
    lme_pipeline pipeline;
    lme_str failure; /* "": it can; else for people: a filter that is not known here */
} lme_traced;

/* A task's n pipelines: lm_eval's "none", take_first, when its configuration names none. */
const lme_traced *lme_trace_pipelines(lme_arena *arena, const lme_record_task *task, size_t *n);

/* NULL when there is none of that name. */
const lme_traced *lme_trace_named(const lme_traced *traced, size_t n, lme_str name);

/* What one request's responses were after each filter of a pipeline. */
typedef struct lme_trace {
    lme_value given; /* the list of responses */
    const lme_value
        *values; /* one a filter; n_values of them, fewer than filters when one failed */
    size_t n_values;
    bool matched;    /* false: a filter looked for something and did not find it */
    bool agrees;     /* the last value is what the samples file has */
    lme_str failure; /* of the filter after the last value; "" */
} lme_trace;

/*   recorded  what the samples file has for this request; NULL: nothing */
void lme_trace_make(lme_arena *arena, const lme_pipeline *pipeline,
                    const lme_recorded_sample *sample, size_t request, const lme_value *recorded,
                    lme_trace *trace);

/* A value as people read it: JSON, with log-probability pairs as they are. */
lme_str lme_trace_text(lme_arena *arena, const lme_value *value);

#endif
