/* Private to core's JSON reading: the path for texts that the fast one refuses. */
#ifndef LMEVAL_CORE_JSON_SLOW_H
#define LMEVAL_CORE_JSON_SLOW_H

#include <lmeval/json.h>

/* As lme_json_read. */
bool lme_json_read_slowly(lme_arena *arena, lme_str text, const lme_place *at, lme_value *value,
                          lme_error *err) LME_MUST_CHECK;

#endif
