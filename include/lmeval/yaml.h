/* YAML 1.1 as PyYAML's safe loader reads it, plus lm_eval's `!function module.name`.
 *
 * Plain scalars resolve as in PyYAML (yes, no, on, off, 0x1f, 1_000, .inf, ~ ...); time stamps stay
 * text. Anchors, aliases and merge keys work, within LME_LIMIT_YAML_NODES. Every value carries its
 * line and column.
 */
#ifndef LMEVAL_YAML_H
#define LMEVAL_YAML_H

#include <lmeval/value.h>

/* Reads the one document of `text`.
 *   file  name for errors, must live as long as the arena
 * An empty document gives null. Duplicate keys in one map are an error that names both lines.
 * Errors: LME_ERR_TASK with file:line:column; LME_ERR_LIMIT. */
bool lme_yaml_read(lme_arena *arena, lme_str text, const char *file, lme_value *value,
                   lme_error *err) LME_MUST_CHECK;

#endif
