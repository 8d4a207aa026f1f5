/* Rules: pytablewriter 1.2.1 writer/text/_markdown.py, dataproperty 1.1.1 _extractor.py,
 * _column.py. One thing differs: names stay texts, even those that look like numbers. */
#include "grid.h"

#include <math.h>
#include <string.h>

#include <lmeval/unicode.h>

enum {
    MIN_WIDTH = 3,
    MAX_COLUMNS = 16
};

lme_cell lme_cell_text(lme_arena *arena, lme_str text)
{
    if (text.len == 0)
        return (lme_cell){.kind = LME_CELL_BLANK};
    text = lme_str_replace(arena, text, LME_STR("\t"), LME_STR("  "));
    text = lme_str_replace(arena, text, LME_STR("\r\n"), LME_STR(" "));
    text = lme_str_replace(arena, text, LME_STR("\n"), LME_STR(" "));
    return (lme_cell){.kind = LME_CELL_TEXT, .text = text};
}

/* Digits behind the point of the shortest text: 1e-05 has 5. */
static size_t decimals(lme_arena *arena, double number)
{
    lme_str text = lme_double_repr(arena, fabs(number));
    size_t point = lme_str_find(text, LME_STR("."), 0);
    if (point != SIZE_MAX)
        return text.len - point - 1;
    size_t exponent = lme_str_find(text, LME_STR("e-"), 0);
    int64_t n = 0;
    if (exponent == SIZE_MAX || !lme_str_to_int(lme_str_slice(text, exponent + 2, text.len), &n))
        return 0;
    return (size_t)n;
}

lme_cell lme_cell_number(lme_arena *arena, double number)
{
    lme_cell cell = {.kind = LME_CELL_REAL, .number = number};
    if (isnan(number)) {
        cell.kind = LME_CELL_NAN;
    } else if (isinf(number)) {
        cell.kind = LME_CELL_INFINITY;
    } else if (!(floor(number) < number)) {
        cell.kind = LME_CELL_INTEGER;
        cell.number = fabs(number) > 0.0 ? number : 0.0;
    } else {
        cell.decimals = decimals(arena, number);
    }
    return cell;
}

/* The kind that came most often in the rows above, of equals the one seen first. */
static lme_cell_kind usual_kind(const lme_grid_column *column, size_t row)
{
    size_t counts[LME_CELL_KINDS] = {0}, most = 0;
    for (size_t i = 0; i < row; i++)
        counts[column->cells[i].kind]++;
    for (size_t kind = 0; kind < LME_CELL_KINDS; kind++)
        most = counts[kind] > most ? counts[kind] : most;
    for (size_t i = 0; i < row; i++) {
        if (counts[column->cells[i].kind] == most)
            return column->cells[i].kind;
    }
    return LME_CELL_BLANK;
}

/* A sign, digits, and perhaps a point and digits; or what printf writes for the special ones. */
static bool read_number(lme_str text, double *number)
{
    static const char plain[] = "+-.0123456789";
    if (lme_str_is(text, "nan") || lme_str_is(text, "-nan")) {
        *number = (double)NAN;
        return true;
    }
    if (lme_str_is(text, "inf") || lme_str_is(text, "-inf")) {
        *number = text.ptr[0] == '-' ? -(double)INFINITY : (double)INFINITY;
        return true;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (memchr(plain, text.ptr[i], sizeof plain - 1) == NULL)
            return false;
    }
    return lme_str_to_double(text, number);
}

void lme_grid_set(lme_arena *arena, lme_grid_column *column, size_t row, lme_str text)
{
    double number;
    bool stays_text = usual_kind(column, row) == LME_CELL_TEXT && lme_strip(text).len > 0;
    column->cells[row] = !stays_text && read_number(text, &number) ? lme_cell_number(arena, number)
                                                                   : lme_cell_text(arena, text);
}

/* What the cells of a column have in common. */
typedef struct layout {
    lme_cell_kind kind;
    size_t decimals;
    size_t width;
    lme_str *texts; /* of every row */
} layout;

static lme_cell_kind common_kind(const lme_grid_column *column, size_t n_rows)
{
    bool has[LME_CELL_KINDS] = {false};
    for (size_t i = 0; i < n_rows; i++)
        has[column->cells[i].kind] = true;
    if (has[LME_CELL_TEXT])
        return LME_CELL_TEXT;
    int n_special = has[LME_CELL_INFINITY] + has[LME_CELL_NAN];
    if (has[LME_CELL_REAL] + n_special + has[LME_CELL_BLANK] >= 2 ||
        has[LME_CELL_REAL] + n_special + has[LME_CELL_INTEGER] >= 2)
        return LME_CELL_REAL;
    static const lme_cell_kind order[] = {LME_CELL_REAL, LME_CELL_INTEGER, LME_CELL_INFINITY,
                                          LME_CELL_NAN};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (has[order[i]])
            return order[i];
    }
    return LME_CELL_BLANK;
}

static lme_str cell_text(lme_arena *arena, const lme_cell *cell, const layout *l)
{
    switch (cell->kind) {
    case LME_CELL_BLANK:
        return LME_STR("");
    case LME_CELL_TEXT:
        return cell->text;
    case LME_CELL_INFINITY:
        return cell->number < 0.0 ? LME_STR("-Infinity") : LME_STR("Infinity");
    case LME_CELL_NAN:
        return LME_STR("NaN");
    case LME_CELL_INTEGER:
        return lme_str_format(arena, "%.*f", l->kind == LME_CELL_REAL ? (int)l->decimals : 0,
                              cell->number);
    case LME_CELL_REAL:
        return lme_str_format(arena, "%.*f", (int)l->decimals, cell->number);
    case LME_CELL_KINDS:
        break;
    }
    LME_BUG(true, "unknown kind of cell");
}

static layout lay_out(lme_arena *arena, const lme_grid_column *column, size_t n_rows)
{
    layout l = {
        .kind = common_kind(column, n_rows),
        .width = MIN_WIDTH,
        .texts = LME_ARRAY(arena, lme_str, n_rows),
    };
    size_t header = lme_display_width(column->header);
    l.width = header > l.width ? header : l.width;
    for (size_t i = 0; i < n_rows; i++) {
        if (column->cells[i].decimals > l.decimals)
            l.decimals = column->cells[i].decimals;
    }
    for (size_t i = 0; i < n_rows; i++) {
        l.texts[i] = cell_text(arena, &column->cells[i], &l);
        size_t width = lme_display_width(l.texts[i]);
        l.width = width > l.width ? width : l.width;
    }
    return l;
}

static void blanks(lme_builder *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        lme_builder_char(out, ' ');
}

/* The text with `left` of the missing blanks before it and a bar behind; bars in it are escaped. */
static void put(lme_builder *out, lme_str text, size_t width, size_t left)
{
    size_t own = lme_display_width(text);
    blanks(out, left);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '|')
            lme_builder_char(out, '\\');
        lme_builder_char(out, text.ptr[i]);
    }
    blanks(out, width - own - left);
    lme_builder_char(out, '|');
}

static bool is_right(const layout *l, lme_cell_kind kind)
{
    lme_cell_kind deciding = l->kind == LME_CELL_TEXT ? kind : l->kind;
    return deciding == LME_CELL_INTEGER || deciding == LME_CELL_REAL;
}

static void write_header(lme_builder *out, const lme_grid_column *columns, const layout *layouts,
                         size_t n_columns)
{
    lme_builder_char(out, '|');
    for (size_t c = 0; c < n_columns; c++) {
        size_t missing = layouts[c].width - lme_display_width(columns[c].header);
        put(out, columns[c].header, layouts[c].width, missing / 2);
    }
    lme_builder_add(out, LME_STR("\n|"));
    for (size_t c = 0; c < n_columns; c++) {
        for (size_t i = 1; i < layouts[c].width; i++)
            lme_builder_char(out, '-');
        lme_builder_char(out, is_right(&layouts[c], LME_CELL_TEXT) ? ':' : '-');
        lme_builder_char(out, '|');
    }
    lme_builder_char(out, '\n');
}

void lme_grid_write(lme_builder *out, const lme_grid_column *columns, size_t n_columns,
                    size_t n_rows)
{
    layout layouts[MAX_COLUMNS];
    LME_BUG(n_columns > MAX_COLUMNS, "too many columns");
    for (size_t c = 0; c < n_columns; c++)
        layouts[c] = lay_out(out->arena, &columns[c], n_rows);
    write_header(out, columns, layouts, n_columns);
    for (size_t row = 0; row < n_rows; row++) {
        lme_builder_char(out, '|');
        for (size_t c = 0; c < n_columns; c++) {
            const layout *l = &layouts[c];
            size_t missing = l->width - lme_display_width(l->texts[row]);
            bool right = is_right(l, columns[c].cells[row].kind);
            put(out, l->texts[row], l->width, right ? missing : 0);
        }
        lme_builder_char(out, '\n');
    }
}
