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

/* Included files, each parsed once however many files include it; they live in the arena. */
typedef struct lme_includes lme_includes;
lme_includes *lme_includes_new(lme_arena *arena);

/* Reads a task file and what it includes (resolve.c).
 *   includes  must live as long as the settings
 * Errors: LME_ERR_TASK with file:line:column; LME_ERR_IO; LME_ERR_LIMIT. */
bool lme_settings_read(lme_arena *arena, lme_includes *includes, lme_str path,
                       lme_settings *settings, lme_error *err) LME_MUST_CHECK;

/* The same of a map that stands in a file.
 *   map  its `include` starts at the file's folder */
bool lme_settings_of(lme_arena *arena, lme_includes *includes, const char *file,
                     const lme_value *map, lme_settings *settings, lme_error *err) LME_MUST_CHECK;

/* Puts a setting in the place of one with an equal key, else at the end. */
void lme_settings_put(lme_arena *arena, lme_settings *settings, const lme_setting *item);

/* Setting of that name; NULL when there is none or its value is null. */
const lme_setting *lme_settings_find(const lme_settings *settings, const char *name);

/* The key is there, be its value null. */
bool lme_settings_has(const lme_settings *settings, const char *name);

/* Its value as text; "" when there is none. Kinds were checked before. */
lme_str lme_settings_text(const lme_settings *settings, const char *name);

/* Number of tasks that the file's `variants` make of it; 0 when it has none (variants.c). */
size_t lme_settings_variants(const lme_settings *settings);

/* The settings with ${name} replaced by what a variant says for it. Without `variants` they stay.
 *   which  from 1
 * Errors: LME_ERR_TASK for a name that is not known or not used; LME_ERR_LIMIT. */
bool lme_settings_vary(lme_arena *arena, const lme_settings *settings, size_t which,
                       lme_settings *varied, lme_error *err) LME_MUST_CHECK;

/* Place of a value in a file. */
lme_place lme_place_of(const char *file, const lme_value *value);

/* What of it is Python: "process_docs (utils.f), doc_to_text (utils.g)", "class"; "": nothing. */
lme_str lme_settings_python(lme_arena *arena, const lme_settings *settings);

/* Unknown keys, wrong kinds, Python functions, keys that cannot be used here (validate.c).
 * Errors: LME_ERR_TASK with file:line:column and the nearest known name. */
bool lme_settings_check(lme_arena *arena, const lme_settings *settings,
                        lme_error *err) LME_MUST_CHECK;

#endif
