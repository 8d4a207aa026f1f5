/* The `attribute` argument of map, sort, join and others: 'a.b.0' is a path, an integer an index.
 */
#ifndef LMEVAL_TEMPLATE_FILTERS_ATTRIBUTE_H
#define LMEVAL_TEMPLATE_FILTERS_ATTRIBUTE_H

#include "arguments.h"

/* The value at the end of the path.
 *   path       NULL or null: the item itself
 *   otherwise  stands in for what is missing; NULL: nothing does */
bool lme_follow_attribute(const lme_invocation *use, const lme_value *item, const lme_value *path,
                          const lme_value *otherwise, lme_value *value,
                          lme_error *err) LME_MUST_CHECK;

/* What sort, unique, min and max compare: a text in lower case unless case counts. */
lme_value lme_fold_case(lme_arena *arena, const lme_value *v, bool case_sensitive);

/* Every item's value at the path. */
bool lme_follow_all(const lme_invocation *use, const lme_items *items, const lme_value *path,
                    lme_items *values, lme_error *err) LME_MUST_CHECK;

#endif
