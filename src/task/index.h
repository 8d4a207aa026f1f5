/* What the index keeps beside its public part. */
#ifndef LMEVAL_TASK_INDEX_H
#define LMEVAL_TASK_INDEX_H

#include "settings.h"

#include <lmeval/task.h>

/* What a file is, by its keys after includes: `class` before `group` before `task`.
 * Returns false when it has none of them: a file for others to include, or for another program. */
bool lme_settings_kind(const lme_settings *settings, lme_entry_kind *kind);

/* Parsed includes of everything that is loaded through this index. */
lme_includes *lme_index_includes(const lme_index *index);

/* Sets the error for a name that is not in it, with the nearest one. Returns false. */
bool lme_index_unknown(lme_arena *arena, const lme_index *index, lme_str name, const lme_place *at,
                       lme_error *err);

#endif
