/* Which tasks, which documents, which prompts: what `run` and `render` take alike. Names are
 * lm_eval's where it has them. */
#ifndef LMEVAL_CLI_TASK_FLAGS_H
#define LMEVAL_CLI_TASK_FLAGS_H

#include "options.h"

#include <lmeval/task.h>

/* Filled by the options below. */
typedef struct lme_task_flags {
    lme_option_list tasks, include_paths;
    lme_option_list gen_kwargs;
    const char *data_dir, *seed, *samples, *sample_by;
    const char *apply_chat_template, *fewshot_as_multiturn, *system_instruction;
    lme_option_list metadata;
    bool predict_only, offline;
    double limit;
    size_t sample;       /* 0: no draw */
    int64_t num_fewshot; /* -1: as the task says */
    /* made of the above by lme_task_flags_read */
    int64_t fewshot_seed, sample_seed;
    lme_value gen_kwargs_value, metadata_value;
    lme_chat_form chat;
    lme_str data_dir_value;
} lme_task_flags;

#define LME_TASK_DEFAULTS                                                                          \
    {                                                                                              \
        .num_fewshot = -1, .fewshot_seed = 1234                                                    \
    }

#define LME_LIMIT_WANTED "a count from 1, or a share between 0 and 1"

/* The option rows; `type` has a field `task`. */
#define LME_TASK_OPTIONS(type)                                                                     \
    {.name = "task",                                                                               \
     .letter = 't',                                                                                \
     .kind = LME_OPTION_LIST,                                                                      \
     .offset = offsetof(type, task.tasks),                                                         \
     .arg = "NAME",                                                                                \
     .many = true,                                                                                 \
     .help = "task, group, tag, pattern, file or folder; commas"},                                 \
        {.name = "tasks",                                                                          \
         .kind = LME_OPTION_LIST,                                                                  \
         .offset = offsetof(type, task.tasks),                                                     \
         .arg = "NAME",                                                                            \
         .many = true,                                                                             \
         .is_alias = true},                                                                        \
        {.name = "limit",                                                                          \
         .letter = 'L',                                                                            \
         .kind = LME_OPTION_NUMBER,                                                                \
         .offset = offsetof(type, task.limit),                                                     \
         .arg = "N",                                                                               \
         .help = "first N documents, or a share below 1 (all)",                                    \
         .min = 1e-9,                                                                              \
         .max = 1e12,                                                                              \
         .wanted = LME_LIMIT_WANTED},                                                              \
        {.name = "samples",                                                                        \
         .letter = 'E',                                                                            \
         .kind = LME_OPTION_TEXT,                                                                  \
         .offset = offsetof(type, task.samples),                                                   \
         .arg = "JSON",                                                                            \
         .help = "{\"task\": [0, 7]}: these documents; or a file"},                                \
        {.name = "sample",                                                                         \
         .kind = LME_OPTION_SIZE,                                                                  \
         .offset = offsetof(type, task.sample),                                                    \
         .arg = "N",                                                                               \
         .help = "N documents at random, all tasks by their shares",                               \
         .min = 1,                                                                                 \
         .max = 1e12},                                                                             \
        {.name = "sample-by",                                                                      \
         .kind = LME_OPTION_TEXT,                                                                  \
         .offset = offsetof(type, task.sample_by),                                                 \
         .arg = "COLUMN",                                                                          \
         .help = "and its values by their shares, too"},                                           \
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
        {.name = "offline",                                                                        \
         .kind = LME_OPTION_FLAG,                                                                  \
         .offset = offsetof(type, task.offline),                                                   \
         .help = "fetch no rows from the hub"},                                                    \
        {.name = "include-path",                                                                   \
         .kind = LME_OPTION_LIST,                                                                  \
         .offset = offsetof(type, task.include_paths),                                             \
         .arg = "DIR",                                                                             \
         .help = "more folders with task files"},                                                  \
        {.name = "gen-kwargs",                                                                     \
         .kind = LME_OPTION_WORDS,                                                                 \
         .offset = offsetof(type, task.gen_kwargs),                                                \
         .arg = "K=V,...",                                                                         \
         .many = true,                                                                             \
         .help = "over the tasks' generation_kwargs; JSON too"},                                   \
        {.name = "apply-chat-template",                                                            \
         .kind = LME_OPTION_TEXT,                                                                  \
         .offset = offsetof(type, task.apply_chat_template),                                       \
         .arg = "[BOOL]",                                                                          \
         .help = "messages instead of one text",                                                   \
         .bare = "true"},                                                                          \
        {.name = "fewshot-as-multiturn",                                                           \
         .kind = LME_OPTION_TEXT,                                                                  \
         .offset = offsetof(type, task.fewshot_as_multiturn),                                      \
         .arg = "[BOOL]",                                                                          \
         .help = "a message for each example's parts (true)",                                      \
         .bare = "true"},                                                                          \
        {.name = "system-instruction",                                                             \
         .kind = LME_OPTION_TEXT,                                                                  \
         .offset = offsetof(type, task.system_instruction),                                        \
         .arg = "TEXT",                                                                            \
         .help = "before the task's description"},                                                 \
        {.name = "metadata",                                                                       \
         .kind = LME_OPTION_WORDS,                                                                 \
         .offset = offsetof(type, task.metadata),                                                  \
         .arg = "K=V,...",                                                                         \
         .many = true,                                                                             \
         .help = "over the tasks' metadata; JSON too"},                                            \
        {.name = "predict-only",                                                                   \
         .letter = 'x',                                                                            \
         .kind = LME_OPTION_FLAG,                                                                  \
         .offset = offsetof(type, task.predict_only),                                              \
         .help = "no metrics: only what the model answered"},                                      \
    {                                                                                              \
        .name = "seed", .kind = LME_OPTION_TEXT, .offset = offsetof(type, task.seed), .arg = "N",  \
        .help = "of --sample (0) and few-shot draws (1234)"                                        \
    }
enum {
    LME_TASK_OPTION_ROWS = 17
};

/* Checks what was given, after lme_options_read. Errors: LME_ERR_USAGE. */
bool lme_task_flags_read(lme_arena *arena, lme_task_flags *flags, lme_error *err) LME_MUST_CHECK;

/* A text that differs when what is asked does, the names of tasks apart: for the name of a run's
 * folder. */
lme_str lme_task_flags_key(lme_arena *arena, const lme_task_flags *flags);

/* The tasks that are named, with their documents. */
typedef struct lme_opened_tasks {
    lme_task **tasks; /* n */
    lme_docs **docs;  /* of each */
    size_t n;
    lme_task_set set; /* the same tasks, and the groups that were asked for */
} lme_opened_tasks;

/* Loads them and opens their data.
 *   demo  this project's sample rows, when no mirror is named
 * Errors: those of lme_task_set_load and lme_docs_open. */
bool lme_task_flags_open(lme_arena *arena, const lme_task_flags *flags, bool demo,
                         lme_opened_tasks *opened, lme_error *err) LME_MUST_CHECK;

#endif
