#include "rows.h"

#include "wrap.h"

#include <lmeval/unicode.h>

enum {
    GAP = 2,
    WIDEST_LEFT = 44 /* of the names' column: the texts need room too */
};

static size_t left_width(const lme_row *rows, size_t n)
{
    size_t widest = 0;
    for (size_t i = 0; i < n; i++) {
        size_t width = lme_display_width(rows[i].name);
        widest = width > widest && width <= WIDEST_LEFT ? width : widest;
    }
    return widest;
}

void lme_rows_write(lme_builder *out, const lme_row *rows, size_t n, const lme_rows_style *style)
{
    size_t left = left_width(rows, n), right = style->indent + left + GAP;
    for (size_t i = 0; i < n; i++) {
        const lme_row *row = &rows[i];
        size_t width = lme_display_width(row->name);
        size_t pad = GAP + (width < left ? left - width : 0);
        lme_builder_format(out, "%*s%.*s", (int)style->indent, "", LME_STR_ARG(row->name));
        if (width > left && !style->cut)
            lme_builder_format(out, "\n%*s", (int)right, "");
        else if (row->text.len > 0)
            lme_builder_format(out, "%*s", (int)pad, "");
        if (style->cut)
            lme_cut(out, row->text, style->indent + width + pad);
        else
            lme_wrap(out, row->text, right, right);
        lme_builder_char(out, '\n');
    }
}
