/* From columns' triples to rows: Dremel's record assembly, with one triple a column looked ahead.
 */
#ifndef LMEVAL_PARQUET_ROWS_H
#define LMEVAL_PARQUET_ROWS_H

#include "column.h"

#include <lmeval/value.h>

typedef struct lme_assembly {
    const lme_parquet_schema *schema;
    const lme_paged_file *file;
    lme_column *columns; /* n_leaves */
} lme_assembly;

/* The next row; the caller knows that there is one.
 * Errors: LME_ERR_DATA when columns do not fit each other; LME_ERR_LIMIT for a huge row. */
bool lme_assembly_next(lme_arena *arena, lme_assembly *assembly, lme_value *row,
                       lme_error *err) LME_MUST_CHECK;

#endif
