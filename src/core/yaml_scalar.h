/* Private to core's YAML: what a scalar means. */
#ifndef LMEVAL_CORE_YAML_SCALAR_H
#define LMEVAL_CORE_YAML_SCALAR_H

#include <lmeval/value.h>

typedef enum lme_yaml_type {
    LME_YAML_TEXT,
    LME_YAML_NULL,
    LME_YAML_BOOL,
    LME_YAML_INT,
    LME_YAML_FLOAT,
} lme_yaml_type;

/* The type of a plain scalar by PyYAML's implicit resolver (YAML 1.1). */
lme_yaml_type lme_yaml_resolve(lme_str s);

/* The value of a text that was resolved, or said by a tag, to be of a type. False when it cannot be
 * read so. Integers outside int64 become doubles. */
bool lme_yaml_construct(lme_arena *arena, lme_yaml_type type, lme_str s,
                        lme_value *value) LME_MUST_CHECK;

#endif
