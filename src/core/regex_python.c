#include "regex_python.h"

#include <string.h>

/* Number of hexadecimal digits that stand at `at`, at most n. */
static size_t hex_digits(lme_str s, size_t at, size_t n)
{
    size_t found = 0;
    while (found < n && at + found < s.len && s.ptr[at + found] != '\0' &&
           strchr("0123456789abcdefABCDEF", s.ptr[at + found]) != NULL)
        found++;
    return found;
}

lme_str lme_regex_to_pcre2(lme_arena *arena, lme_str pattern)
{
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i];
        if (c != '\\' || i + 1 == pattern.len) {
            lme_builder_char(&out, c);
            continue;
        }
        char escaped = pattern.ptr[++i];
        size_t wanted = escaped == 'u' ? 4 : escaped == 'U' ? 8 : 0;
        if (escaped == 'Z') {
            lme_builder_add(&out, LME_STR("\\z"));
        } else if (wanted > 0 && hex_digits(pattern, i + 1, wanted) == wanted) {
            lme_builder_format(&out, "\\x{%.*s}", (int)wanted, pattern.ptr + i + 1);
            i += wanted;
        } else {
            lme_builder_char(&out, '\\');
            lme_builder_char(&out, escaped);
        }
    }
    return lme_builder_finish(&out);
}
