/* mteval-v14's international tokenizer: sacrebleu 2.6.0 tokenizers/tokenizer_intl.py. Its \p{N},
 * \p{P} and \p{S} come from the newest Unicode there and from utf8proc's here; they differ in
 * characters that only the newer one knows. */
#include "tokenizer.h"

#include <lmeval/unicode.h>

/* (\P{N})(\p{P}) -> "\1 \2 " */
static lme_str after_nonnumber(lme_arena *scratch, lme_str line)
{
    lme_builder out = {.arena = scratch};
    for (size_t at = 0; at < line.len;) {
        size_t first = at;
        uint32_t c = lme_codepoint_next(line, &at);
        size_t second = at, end = at;
        lme_builder_add(&out, lme_str_slice(line, first, second));
        if (at == line.len || lme_is_numeral(c))
            continue;
        if (!lme_is_punctuation(lme_codepoint_next(line, &end)))
            continue;
        lme_builder_char(&out, ' ');
        lme_builder_add(&out, lme_str_slice(line, second, end));
        lme_builder_char(&out, ' ');
        at = end;
    }
    return lme_builder_finish(&out);
}

/* (\p{P})(\P{N}) -> " \1 \2" */
static lme_str before_nonnumber(lme_arena *scratch, lme_str line)
{
    lme_builder out = {.arena = scratch};
    for (size_t at = 0; at < line.len;) {
        size_t first = at;
        uint32_t c = lme_codepoint_next(line, &at);
        size_t second = at, end = at;
        lme_str mark = lme_str_slice(line, first, second);
        if (at == line.len || !lme_is_punctuation(c) ||
            lme_is_numeral(lme_codepoint_next(line, &end))) {
            lme_builder_add(&out, mark);
            continue;
        }
        lme_builder_char(&out, ' ');
        lme_builder_add(&out, mark);
        lme_builder_char(&out, ' ');
        lme_builder_add(&out, lme_str_slice(line, second, end));
        at = end;
    }
    return lme_builder_finish(&out);
}

/* (\p{S}) -> " \1 " */
static lme_str symbols_apart(lme_arena *scratch, lme_str line)
{
    lme_builder out = {.arena = scratch};
    for (size_t at = 0; at < line.len;) {
        size_t start = at;
        bool is_symbol = lme_is_symbol(lme_codepoint_next(line, &at));
        if (is_symbol)
            lme_builder_char(&out, ' ');
        lme_builder_add(&out, lme_str_slice(line, start, at));
        if (is_symbol)
            lme_builder_char(&out, ' ');
    }
    return lme_builder_finish(&out);
}

lme_str lme_separate_intl(lme_arena *scratch, lme_str line)
{
    line = after_nonnumber(scratch, line);
    line = before_nonnumber(scratch, line);
    return symbols_apart(scratch, line);
}
