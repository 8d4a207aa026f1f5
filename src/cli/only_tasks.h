/* --task of the commands that look at finished runs: some of their tasks. */
#ifndef LMEVAL_CLI_ONLY_TASKS_H
#define LMEVAL_CLI_ONLY_TASKS_H

#include "options.h"

/* The option rows; `type` has an lme_option_list `tasks`. */
#define LME_ONLY_TASKS_OPTIONS(type)                                                               \
    {.name = "task",                                                                               \
     .letter = 't',                                                                                \
     .kind = LME_OPTION_LIST,                                                                      \
     .offset = offsetof(type, tasks),                                                              \
     .arg = "TASK",                                                                                \
     .help = "only these tasks"},                                                                  \
    {                                                                                              \
        .name = "tasks", .kind = LME_OPTION_LIST, .offset = offsetof(type, tasks), .arg = "TASK",  \
        .help = "", .is_alias = true                                                               \
    }

#endif
