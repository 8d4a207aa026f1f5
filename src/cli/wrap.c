#include "wrap.h"

#include <lmeval/unicode.h>

/* Length of the blanks at the text's begin. */
static size_t blanks(lme_str text)
{
    size_t n = 0;
    while (n < text.len && text.ptr[n] == ' ')
        n++;
    return n;
}

/* Length of the word at the text's begin. */
static size_t word_length(lme_str text)
{
    size_t n = 0;
    while (n < text.len && text.ptr[n] != ' ' && text.ptr[n] != '\n')
        n++;
    return n;
}

void lme_wrap(lme_builder *out, lme_str text, size_t column, size_t indent)
{
    bool begun = false; /* the line has a word */
    while (text.len > 0) {
        if (text.ptr[0] == '\n') {
            lme_builder_char(out, '\n');
            text = lme_str_slice(text, 1, SIZE_MAX);
            column = 0;
            begun = false;
            continue;
        }
        size_t n_blanks = blanks(text);
        lme_str rest = lme_str_slice(text, n_blanks, SIZE_MAX);
        lme_str word = lme_str_slice(rest, 0, word_length(rest));
        size_t width = lme_display_width(word);
        if (begun && column + n_blanks + width > LME_WIDTH) {
            lme_builder_format(out, "\n%*s", (int)indent, "");
            column = indent;
        } else {
            lme_builder_format(out, "%*s", (int)n_blanks, "");
            column += n_blanks;
        }
        lme_builder_add(out, word);
        column += width;
        begun = begun || word.len > 0;
        text = lme_str_slice(rest, word.len, SIZE_MAX);
    }
}

void lme_cut(lme_builder *out, lme_str text, size_t column)
{
    lme_str dots = LME_STR("...");
    if (column + lme_display_width(text) > LME_WIDTH) {
        while (text.len > 0 && column + lme_display_width(text) + dots.len > LME_WIDTH)
            text = lme_utf8_cut(text, text.len - 1);
        lme_builder_add(out, text);
        lme_builder_add(out, dots);
        return;
    }
    lme_builder_add(out, text);
}
