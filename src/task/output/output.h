/* What a task asks of a model: one row of list.h turns a document's prompt into requests. */
#ifndef LMEVAL_TASK_OUTPUT_H
#define LMEVAL_TASK_OUTPUT_H

#include <lmeval/sample.h>

/* What stands before an answer: a text, or a conversation. */
typedef struct lme_context {
    lme_str text; /* "" when there are messages */
    const lme_message *messages;
    size_t n_messages;
} lme_context;

/* A document on its way from row to requests. */
typedef struct lme_prompt {
    const lme_context *contexts; /* n_contexts: one, or one a choice where the text is an index */
    size_t n_contexts;
    bool multiple_inputs;
    bool multiple_targets;
    lme_value text; /* doc_to_text's value */
    lme_value target;
    lme_str target_text;    /* the target where a request needs it as text */
    const lme_str *choices; /* n_choices; NULL: the task has none */
    size_t n_choices;
    lme_str target_delimiter;
    const lme_generation *generation;
    size_t repeats;
    bool asks_unconditional; /* multiple choice: each choice is asked without its context, too */
} lme_prompt;

typedef struct lme_output_type {
    const char *name;
    const char *summary; /* one line for the docs */
    lme_output_kind kind;
    bool needs_choices; /* doc_to_choice must be given */
    bool needs_text;    /* doc_to_text must be given */
    /* Fills the sample's requests, and gold where it has one. */
    bool (*plan)(lme_arena *arena, const lme_prompt *prompt, lme_sample *sample, lme_error *err);
} lme_output_type;

const lme_output_type *const *lme_output_types(size_t *n);
const lme_output_type *lme_output_type_find(lme_str name);
const lme_output_type *lme_output_type_default(void); /* lm_eval's: generate_until */

/* A request of that kind after that context. */
lme_request lme_request_after(lme_request_kind kind, const lme_context *context);

/* n different requests, each `repeats` times in a row; set them with lme_requests_set. */
lme_request *lme_requests_new(lme_arena *arena, lme_sample *sample, size_t n, size_t repeats);
void lme_requests_set(lme_request *requests, size_t i, size_t repeats, const lme_request *request);

#endif
