#include "say.h"

#include "block.h"
#include "wrap.h"

#include <stdarg.h>
#include <stdio.h>

/* What came from files and servers may not reach the terminal's own commands; newlines are ours. */
static lme_str harmless(lme_arena *arena, lme_str text)
{
    lme_builder out = {.arena = arena};
    for (size_t from = 0; from <= text.len;) {
        size_t to = lme_str_find(text, LME_STR("\n"), from);
        lme_builder_add(&out, lme_visible(arena, lme_str_slice(text, from, to)));
        if (to == SIZE_MAX)
            break;
        lme_builder_char(&out, '\n');
        from = to + 1;
    }
    return lme_builder_finish(&out);
}

lme_str lme_said(lme_arena *arena, lme_str text)
{
    lme_builder out = {.arena = arena};
    lme_builder_add(&out, LME_STR("lmeval: "));
    lme_wrap(&out, harmless(arena, text), out.len, 4);
    return lme_builder_finish(&out);
}

void lme_say(const char *format, ...)
{
    lme_arena *arena = lme_arena_new();
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    char *text = LME_ARRAY(arena, char, n > 0 ? (size_t)n + 1 : 1);
    vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    va_end(args);
    fprintf(stderr, "%s\n", lme_said(arena, lme_str_from(text)).ptr);
    lme_arena_free(arena);
}
