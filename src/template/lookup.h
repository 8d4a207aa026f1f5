/* a.b, a['b'], a[1], a[1:2]: what is looked for, in which order. */
#ifndef LMEVAL_TEMPLATE_LOOKUP_H
#define LMEVAL_TEMPLATE_LOOKUP_H

#include "rendering.h"

/* a.b: Python's attribute (a method), then the item. UNDEFINED when there is neither. */
bool lme_attribute(lme_rendering *r, size_t at, const lme_value *object, lme_str name,
                   lme_value *value, lme_error *err) LME_MUST_CHECK;

/* a[b]: the item, then the attribute. */
bool lme_item(lme_rendering *r, size_t at, const lme_value *object, const lme_value *index,
              lme_value *value, lme_error *err) LME_MUST_CHECK;

typedef struct lme_slice_bounds {
    lme_value start, stop, step; /* null: left out */
} lme_slice_bounds;

bool lme_slice(lme_rendering *r, size_t at, const lme_value *object, const lme_slice_bounds *bounds,
               lme_value *value, lme_error *err) LME_MUST_CHECK;

/* Text of one code point, from 0. */
lme_str lme_character(lme_str text, size_t index);

/* Start and end as str.find and list.index take them: negative ones count from the end, both are
 * brought within 0 and length. */
void lme_clamp_range(int64_t start, int64_t stop, size_t length, size_t *from, size_t *to);

#endif
