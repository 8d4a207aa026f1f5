/* Limits and output of one rendering. */
#include "rendering.h"

#include <lmeval/limits.h>

/* What a rendering may take in memory, garbage included: a text of the largest size, and a few
 * steps from it to the next. */
#define MOST_MEMORY ((size_t)4 * LME_LIMIT_TEMPLATE_OUTPUT)

/* Expressions inside macros inside loops: more than the parser lets one expression nest, less than
 * a thread's stack holds. */
#define MOST_DEPTH ((size_t)3 * LME_LIMIT_DEPTH)

bool lme_tick(lme_rendering *r, size_t at, size_t steps, lme_error *err)
{
    if (steps > LME_LIMIT_TEMPLATE_STEPS - r->steps)
        return lme_source_fail(r->source, at, LME_ERR_LIMIT, err,
                               "rendering takes more than %u steps", LME_LIMIT_TEMPLATE_STEPS);
    r->steps += steps;
    if (lme_arena_used(r->arena) - r->used_before > MOST_MEMORY)
        return lme_source_fail(r->source, at, LME_ERR_LIMIT, err,
                               "rendering takes more than %zu bytes of memory", MOST_MEMORY);
    return true;
}

bool lme_enter(lme_rendering *r, size_t at, lme_error *err)
{
    if (r->depth == MOST_DEPTH)
        return lme_source_fail(r->source, at, LME_ERR_LIMIT, err,
                               "evaluation is nested deeper than %zu levels: does a macro call "
                               "itself without end?",
                               MOST_DEPTH);
    r->depth++;
    return true;
}

void lme_leave(lme_rendering *r)
{
    r->depth--;
}

bool lme_text_fits(lme_rendering *r, size_t at, size_t bytes, lme_error *err)
{
    if (bytes <= LME_LIMIT_TEMPLATE_OUTPUT)
        return true;
    return lme_source_fail(r->source, at, LME_ERR_LIMIT, err,
                           "this makes a text of more than %u bytes", LME_LIMIT_TEMPLATE_OUTPUT);
}

bool lme_put(lme_rendering *r, size_t at, lme_str text, lme_error *err)
{
    if (!lme_text_fits(r, at, text.len, err) || !lme_text_fits(r, at, r->out->len + text.len, err))
        return false;
    lme_builder_add(r->out, text);
    return true;
}

void *lme_room_for(lme_rendering *r, size_t at, size_t n, size_t size, lme_error *err)
{
    if (!lme_tick(r, at, n, err))
        return NULL;
    return lme_arena_array(r->arena, n, size);
}
