/* From stored values to values of rows. */
#ifndef LMEVAL_PARQUET_CONVERT_H
#define LMEVAL_PARQUET_CONVERT_H

#include "values.h"

#include <lmeval/value.h>

/* The value in `arena`. Returns NULL, or why it cannot be one. */
const char *lme_parquet_convert(lme_arena *arena, const lme_parquet_node *leaf, const lme_raw *raw,
                                lme_value *value);

#endif
