/* remove_whitespace: str.strip() of every response. */
#include "responses.h"

#include <lmeval/unicode.h>

static lme_str strip(lme_arena *arena, lme_str text)
{
    (void)arena;
    return lme_strip(text);
}

static bool apply(lme_arena *arena, const lme_filter_use *use, lme_filtering *filtering,
                  lme_error *err)
{
    return lme_filter_texts(arena, use, strip, filtering, err);
}

static const char *const keys[] = {NULL};

const lme_filter lme_filter_remove_whitespace = {
    .name = "remove_whitespace",
    .summary = "remove blanks at both ends of every response",
    .keys = keys,
    .apply = apply,
};
