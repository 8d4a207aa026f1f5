/* Which tasks, which documents, which prompts: what `run` and `render` take alike. Names are
 * lm_eval's where it has them. */
#ifndef LMEVAL_CLI_TASK_FLAGS_H
#define LMEVAL_CLI_TASK_FLAGS_H

#include "options.h"

#include <lmeval/task.h>

/* Filled by the options below. */
typedef struct lme_task_flags {
    lme_option_list tasks, include_paths;
    const char *data_dir, *gen_kwargs, *seed;
    double limit;
    int64_t num_fewshot; /* -1: as the task says */
    /* made of the above by lme_task_flags_read */
    int64_t fewshot_seed;
    lme_value gen_kwargs_value;
    lme_str data_dir_value;
} lme_task_flags;

#define LME_TASK_DEFAULTS                                                                          \
    {                                                                                              \
        .num_fewshot = -1, .fewshot_seed = 1234                                                    \
    }

/* The option rows; `type` has a field `task`. */
#define LME_TASK_OPTIONS(type)                                                                     \
    {.name = "task",                                                                               \
     .letter = 't',                                                                                \
     .kind = LME_OPTION_LIST,                                                                      \
     .offset = offsetof(type, task.tasks),                                                         \
     .arg = "NAME",                                                                                \
     .help = "task name or YAML file; several with commas"},                                       \
        {.name = "tasks",                                                                          \
         .kind = LME_OPTION_LIST,                                                                  \
         .offset = offsetof(type, task.tasks),                                                     \
         .arg = "NAME",                                                                            \
         .is_alias = true},                                                                        \
        {.name = "limit",                                                                          \
         .letter = 'L',                                                                            \
         .kind = LME_OPTION_NUMBER,                                                                \
         .offset = offsetof(type, task.limit),                                                     \
         .arg = "N",                                                                               \
         .help = "first N documents, or a share below 1 (all)",                                    \
         .min = 1e-9,                                                                              \
         .max = 1e12},                                                                             \
        {.name = "num-fewshot",                                                                    \
         .letter = 'f',                                                                            \
         .kind = LME_OPTION_INT,                                                                   \
         .offset = offsetof(type, task.num_fewshot),                                               \
         .arg = "N",                                                                               \
         .help = "examples in the prompt (the task's)",                                            \
         .min = 0,                                                                                 \
         .max = 10000},                                                                            \
        {.name = "data-dir",                                                                       \
         .kind = LME_OPTION_TEXT,                                                                  \
         .offset = offsetof(type, task.data_dir),                                                  \
         .arg = "DIR",                                                                             \
         .help = "dataset mirror; else $LMEVAL_DATA_DIR"},                                         \
        {.name = "include-path",                                                                   \
         .kind = LME_OPTION_LIST,                                                                  \
         .offset = offsetof(type, task.include_paths),                                             \
         .arg = "DIR",                                                                             \
         .help = "more folders with task files"},                                                  \
        {.name = "gen-kwargs",                                                                     \
         .kind = LME_OPTION_TEXT,                                                                  \
         .offset = offsetof(type, task.gen_kwargs),                                                \
         .arg = "K=V,...",                                                                         \
         .help = "over the tasks' generation_kwargs; JSON too"},                                   \
    {                                                                                              \
        .name = "seed", .kind = LME_OPTION_TEXT, .offset = offsetof(type, task.seed), .arg = "N",  \
        .help = "of few-shot draws (1234); lm_eval's 4 numbers too"                                \
    }
enum {
    LME_TASK_OPTION_ROWS = 8
};

/* Checks what was given, after lme_options_read. Errors: LME_ERR_USAGE. */
bool lme_task_flags_read(lme_arena *arena, lme_task_flags *flags, lme_error *err) LME_MUST_CHECK;

/* The tasks that are named, with their documents. */
typedef struct lme_opened_tasks {
    lme_task **tasks; /* n */
    lme_docs **docs;  /* of each */
    size_t n;
} lme_opened_tasks;

/* Loads them and opens their data.
 *   demo  this project's sample rows, when no mirror is named
 * Errors: those of lme_task_load and lme_docs_open; LME_ERR_USAGE for a task named twice. */
bool lme_task_flags_open(lme_arena *arena, const lme_task_flags *flags, bool demo,
                         lme_opened_tasks *opened, lme_error *err) LME_MUST_CHECK;

#endif
