/* A task file after its includes: keys with their values, each with the file that spells it. */
#ifndef LMEVAL_TASK_SETTINGS_H
#define LMEVAL_TASK_SETTINGS_H

#include <lmeval/value.h>

typedef struct lme_setting {
    lme_value key;
    lme_value value;
    const char *file;
} lme_setting;

typedef struct lme_settings {
    const char *file; /* the task file itself */
    lme_setting *items;
    size_t len;
} lme_settings;

/* Reads a task file and what it includes (resolve.c).
 * Errors: LME_ERR_TASK with file:line:column; LME_ERR_IO; LME_ERR_LIMIT. */
bool lme_settings_read(lme_arena *arena, lme_str path, lme_settings *settings,
                       lme_error *err) LME_MUST_CHECK;

/* Setting of that name; NULL when there is none or its value is null. */
const lme_setting *lme_settings_find(const lme_settings *settings, const char *name);

/* Its value as text; "" when there is none. Kinds were checked before. */
lme_str lme_settings_text(const lme_settings *settings, const char *name);

/* Place of a value in a file. */
lme_place lme_place_of(const char *file, const lme_value *value);

/* Unknown keys, wrong kinds, Python functions, keys that cannot be used here (validate.c).
 * Errors: LME_ERR_TASK with file:line:column and the nearest known name. */
bool lme_settings_check(lme_arena *arena, const lme_settings *settings,
                        lme_error *err) LME_MUST_CHECK;

#endif
