/* The one table of a task file's keys: what validates them, what fills the defaults of the resolved
 * config, and what docs/task-format.md lists. */
#ifndef LMEVAL_TASK_KEYS_H
#define LMEVAL_TASK_KEYS_H

#include <lmeval/value.h>

typedef struct lme_task_key {
    const char *name;
    unsigned kinds;       /* bit (1u << lme_kind) for each that the value may be; null always may */
    const char *fallback; /* the default as JSON; NULL: none, the key is left out of the config */
    const char *help;     /* one line */
    const char *refusal;  /* why it cannot be used here; NULL: it can */
} lme_task_key;

/* Top-level keys: those of lm_eval's TaskConfig in its order, which is the order of `config`. */
const lme_task_key *lme_task_keys(size_t *n);

/* Keys of fewshot_config, in lm_eval's order. */
const lme_task_key *lme_fewshot_keys(size_t *n);

/* Keys of an entry of filter_list. */
const lme_task_key *lme_pipeline_keys(size_t *n);

const lme_task_key *lme_task_key_find(const lme_task_key *keys, size_t n, lme_str name);

/* Key of that name nearest to `name`; "" when none is near. */
lme_str lme_task_key_nearest(lme_arena *arena, const lme_task_key *keys, size_t n, lme_str name);

/* "text, integer or list" */
lme_str lme_kinds_text(lme_arena *arena, unsigned kinds);

#endif
