/* uppercase: str.upper() of every response, with Unicode's full mappings. */
#include "responses.h"

#include <lmeval/unicode.h>

static bool apply(lme_arena *arena, const lme_filter_use *use, lme_filtering *filtering,
                  lme_error *err)
{
    return lme_filter_texts(arena, use, lme_upper, filtering, err);
}

static const char *const keys[] = {NULL};

const lme_filter lme_filter_uppercase = {
    .name = "uppercase",
    .summary = "write every response in upper-case letters",
    .keys = keys,
    .apply = apply,
};
