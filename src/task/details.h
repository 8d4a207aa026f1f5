/* What the room keeps of a task beside its public part: compiled once, read by every document. */
#ifndef LMEVAL_TASK_DETAILS_H
#define LMEVAL_TASK_DETAILS_H

#include "field.h"
#include "output/output.h"
#include "step/step.h"

#include <lmeval/task.h>

/* How a row becomes question, choices and answer. A task has two of them: one for the evaluated
 * document, one for few-shot examples. */
typedef struct lme_format {
    lme_field text;
    lme_field choice;
    lme_field target;
    lme_field gen_prefix;
    lme_str target_delimiter;
    lme_str fewshot_delimiter;
} lme_format;

/* Which rows of the data set are for what; "" for a split that the task has not. */
typedef struct lme_splits {
    lme_str training;
    lme_str validation;
    lme_str test;
    lme_str fewshot;
    bool has_test, has_fewshot; /* "" and absent are different splits */
} lme_splits;

typedef enum lme_sampler {
    LME_SAMPLER_DEFAULT,
    LME_SAMPLER_FIRST_N,
} lme_sampler;

struct lme_task_details {
    lme_value metadata; /* map, with the command line's laid over it; null: none */
    /* where the rows are */
    lme_str dataset_path;
    lme_str dataset_name;
    const lme_value *dataset_kwargs; /* map or NULL */
    const char *dataset_file;        /* task file that spells them: relative paths start there */
    lme_place dataset_at;            /* where dataset_path stands */
    lme_splits splits;
    lme_steps steps;      /* of process_docs */
    lme_steps shot_steps; /* of fewshot_config.process_docs, else the same */
    /* few-shot examples */
    lme_sampler sampler;
    const lme_value *samples;      /* fewshot_config.samples: list of maps; NULL: none */
    const lme_value *samples_name; /* fewshot_config.samples_file: text; NULL: none */
    const char *samples_file;      /* task file that spells either */
    /* prompts */
    lme_field description;
    lme_str system_instruction; /* of the command line, before the description; "" for none */
    lme_chat_form chat;
    lme_format format;
    lme_format shot_format;
    /* requests */
    const lme_output_type *output_type;
    lme_generation generation;
};

/* A task of its settings: checked, compiled, its config made (load.c).
 * Errors: LME_ERR_TASK, LME_ERR_TEMPLATE at the value's place. */
bool lme_task_make(lme_arena *arena, const lme_settings *settings, const lme_task_options *options,
                   lme_task **task, lme_error *err) LME_MUST_CHECK;

/* What people write is the path of a file, not a name: it has a slash or ends in .yaml. */
bool lme_task_is_path(const char *name);

/* Reads the settings into the details (compile.c).
 * Errors: LME_ERR_TASK, LME_ERR_TEMPLATE at the value's place. */
bool lme_task_compile(lme_arena *arena, const lme_settings *settings,
                      const lme_task_options *options, lme_task *task,
                      struct lme_task_details *details, lme_error *err) LME_MUST_CHECK;

/* fewshot_config, after the task's own format was read (fewshot_config.c). */
bool lme_fewshot_read(lme_arena *arena, const lme_settings *settings,
                      struct lme_task_details *details, lme_error *err) LME_MUST_CHECK;

/* generation_kwargs with its defaults and the command line's laid over it (generation.c). */
bool lme_generation_read(lme_arena *arena, const lme_settings *settings,
                         const lme_value *gen_kwargs, lme_generation *generation,
                         lme_error *err) LME_MUST_CHECK;

/* metric_list and filter_list (scoring.c). */
bool lme_scoring_read(lme_arena *arena, const lme_settings *settings, lme_task *task,
                      lme_error *err) LME_MUST_CHECK;

/* The resolved config as lm_eval writes it into results (config.c). */
void lme_config_make(lme_arena *arena, const lme_settings *settings, lme_task *task,
                     const struct lme_task_details *details);

#endif
