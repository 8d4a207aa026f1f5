/* The traits of list.h, and sets of them. */
#ifndef LMEVAL_REFSERVER_TRAIT_H
#define LMEVAL_REFSERVER_TRAIT_H

#include <lmeval/str.h>

typedef enum lme_trait {
#define TRAIT(id, name, meaning) LME_TRAIT_##id,
#define FAULT(id, name, meaning)
#include "list.h"
#undef TRAIT
#undef FAULT
    LME_TRAITS /* how many; as a trait: none */
} lme_trait;

/* A set: bit i % 64 of word i / 64 is trait i. */
typedef struct lme_traits {
    uint64_t words[2];
} lme_traits;

static inline bool lme_traits_have(lme_traits traits, lme_trait trait)
{
    return trait < LME_TRAITS && (traits.words[trait / 64] >> trait % 64 & 1) != 0;
}

/* The set of a comma list of names; NULL and "" are none.
 * Errors: LME_ERR_USAGE with the nearest name. */
bool lme_traits_read(const char *list, lme_traits *traits, lme_error *err) LME_MUST_CHECK;

/* Index of the row with this name (`-` and `_` alike) of `what`, a table ending in a NULL name.
 * Errors: LME_ERR_USAGE: "unknown WHAT", with the nearest name. */
struct lme_refserver_row;
bool lme_row_find(const struct lme_refserver_row *rows, const char *what, lme_str name,
                  size_t *index, lme_error *err) LME_MUST_CHECK;

/* Next item of a comma list, without the blanks around it; false at the end. */
bool lme_list_next(lme_str *rest, lme_str *item);

#endif
