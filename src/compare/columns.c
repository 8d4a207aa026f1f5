#include "columns.h"

/* Columns that a text takes: its code points. */
static size_t width_of(lme_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.ptr[i] & 0xc0u) != 0x80u ? 1 : 0;
    return n;
}

static void blanks(lme_builder *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        lme_builder_char(out, ' ');
}

static size_t column_width(const lme_columns *table, size_t column)
{
    size_t widest = 0;
    for (size_t r = 0; r < table->n_rows; r++) {
        size_t width = width_of(table->cells[r * table->n_columns + column]);
        widest = width > widest ? width : widest;
    }
    return widest;
}

void lme_columns_write(lme_arena *arena, const lme_columns *table, lme_builder *out)
{
    size_t *widths = LME_ARRAY(arena, size_t, table->n_columns);
    size_t numbers = 0;
    for (size_t c = 1; c < table->n_columns; c++) {
        widths[c] = column_width(table, c);
        numbers += 2 + widths[c];
    }
    size_t room = numbers + 8 < LME_LINE_WIDTH ? LME_LINE_WIDTH - numbers : 8;
    size_t labels = column_width(table, 0);
    labels = labels > room ? room : labels;
    for (size_t r = 0; r < table->n_rows; r++) {
        const lme_str *cells = table->cells + r * table->n_columns;
        size_t width = width_of(cells[0]);
        lme_builder_add(out, cells[0]);
        if (width > labels) {
            lme_builder_char(out, '\n');
            width = 0;
        }
        blanks(out, labels - width);
        for (size_t c = 1; c < table->n_columns; c++) {
            blanks(out, 2 + widths[c] - width_of(cells[c]));
            lme_builder_add(out, cells[c]);
        }
        lme_builder_char(out, '\n');
    }
}

/* The blank after the word at `from`; "99 %" is one word. */
static size_t end_of_word(lme_str sentence, size_t from)
{
    size_t to = lme_str_find(sentence, LME_STR(" "), from);
    if (to != SIZE_MAX && lme_str_equal(lme_str_slice(sentence, to, to + 2), LME_STR(" %")))
        to = lme_str_find(sentence, LME_STR(" "), to + 1);
    return to == SIZE_MAX ? sentence.len : to;
}

void lme_sentence_write(lme_builder *out, lme_str sentence, size_t indent)
{
    size_t at = 0;
    for (size_t from = 0; from < sentence.len;) {
        size_t to = end_of_word(sentence, from);
        lme_str word = lme_str_slice(sentence, from, to);
        size_t width = width_of(word);
        if (at > indent && at + 1 + width > LME_LINE_WIDTH) {
            lme_builder_char(out, '\n');
            blanks(out, indent);
            at = indent;
        } else if (from > 0) {
            lme_builder_char(out, ' ');
            at++;
        }
        lme_builder_add(out, word);
        at += width;
        from = to + 1;
    }
    lme_builder_char(out, '\n');
}
