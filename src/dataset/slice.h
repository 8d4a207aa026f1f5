/* "train[:10]": the split and which of its rows. */
#ifndef LMEVAL_DATASET_SLICE_H
#define LMEVAL_DATASET_SLICE_H

#include <lmeval/str.h>

/* One end of a slice. */
typedef struct lme_slice_end {
    bool given;
    int64_t value; /* a row, from the end when negative; or a percentage */
    bool is_percent;
} lme_slice_end;

typedef struct lme_slice {
    lme_str split; /* without the brackets */
    bool given;
    lme_slice_end from, to;
} lme_slice;

/* Reads "split", "split[from:to]"; each end is a number, a number with %, or absent.
 * Errors: LME_ERR_TASK. */
bool lme_slice_read(lme_str text, lme_slice *slice, lme_error *err) LME_MUST_CHECK;

/* True when the rows' number is needed to know where it lies: percentages and negative ends. */
bool lme_slice_needs_count(const lme_slice *slice);

/* The rows [from, to) of a split of n rows; *to is SIZE_MAX when it is open and n is not needed. */
void lme_slice_resolve(const lme_slice *slice, size_t n, size_t *from, size_t *to);

#endif
