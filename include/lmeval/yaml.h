/* YAML 1.1 as PyYAML's safe loader reads it, plus lm_eval's `!function module.name`.
 *
 * Plain scalars resolve as in PyYAML (yes, no, on, off, 0x1f, 1_000, .inf, ~ ...); time stamps stay
 * text, integers past 64 bits become doubles. Anchors, aliases and merge keys work, within
 * LME_LIMIT_YAML_NODES and LME_LIMIT_DEPTH. Every value carries its line and column.
 */
#ifndef LMEVAL_YAML_H
#define LMEVAL_YAML_H

#include <lmeval/value.h>

/* Reads the one document of `text`.
 *   file  name for errors, must live as long as the arena
 * An empty document gives null. Of keys of one map that are equal in Python (1 and 1.0) the last
 * value counts.
 * Errors: LME_ERR_TASK with file:line:column; LME_ERR_LIMIT. */
bool lme_yaml_read(lme_arena *arena, lme_str text, const char *file, lme_value *value,
                   lme_error *err) LME_MUST_CHECK;

#endif
