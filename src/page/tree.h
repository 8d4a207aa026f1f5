/* Single values out of a results file, which may be anybody's. */
#ifndef LMEVAL_PAGE_TREE_H
#define LMEVAL_PAGE_TREE_H

#include <lmeval/value.h>

/* The value under n keys, one within the other; NULL where there is none. */
const lme_value *lme_tree_at(const lme_value *tree, const lme_str *keys, size_t n);

double lme_tree_number(const lme_value *value); /* NAN when it is none, or NULL */

/* As people read it: texts as they are, other things as JSON; "" of NULL and of null. */
lme_str lme_tree_text(lme_arena *arena, const lme_value *value);

#endif
