/* Private to core's YAML: what a plain scalar means. */
#ifndef LMEVAL_CORE_YAML_SCALAR_H
#define LMEVAL_CORE_YAML_SCALAR_H

#include <lmeval/value.h>

/* The value of a plain scalar by PyYAML's implicit resolver (YAML 1.1); text when no rule fits. */
lme_value lme_yaml_plain(lme_arena *arena, lme_str s);

/* The same rules one by one, for explicit tags: false when the text is not of that type. */
bool lme_yaml_null(lme_str s);
bool lme_yaml_bool(lme_str s, bool *value);
bool lme_yaml_int(lme_arena *arena, lme_str s, lme_value *value);
bool lme_yaml_float(lme_arena *arena, lme_str s, double *value);

#endif
