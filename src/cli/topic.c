/* Markdown as our pages use it: paragraphs and list items are wrapped anew, a table becomes a list
 * of its rows, code stays as it is, comments and link targets are left out. */
#include "topic.h"

#include "rows.h"
#include "wrap.h"

#include <string.h>

#include <lmeval/limits.h>
#include <lmeval/share.h>
#include <lmeval/unicode.h>

typedef struct page {
    lme_builder out;
    lme_builder paragraph; /* under way; its lines joined by blanks */
    size_t indent;         /* of its further lines */
    bool in_code;
    size_t n_table_rows; /* of the table under way */
} page;

static void end_paragraph(page *p)
{
    lme_str text = lme_builder_finish(&p->paragraph);
    if (text.len > 0) {
        lme_wrap(&p->out, text, 0, p->indent);
        lme_builder_char(&p->out, '\n');
    }
    p->paragraph = (lme_builder){.arena = p->out.arena};
    p->indent = 0;
}

/* The text without what only a browser needs: **, ` and the targets of links. */
static lme_str plain(lme_arena *arena, lme_str line)
{
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < line.len; i++) {
        char c = line.ptr[i];
        if (c == '*' && i + 1 < line.len && line.ptr[i + 1] == '*') {
            i++;
            continue;
        }
        if (c == ']' && i + 1 < line.len && line.ptr[i + 1] == '(') {
            size_t end = lme_str_find(line, LME_STR(")"), i);
            i = end == SIZE_MAX ? line.len : end;
            continue;
        }
        bool opens_link = c == '[' && lme_str_find(line, LME_STR("]("), i) != SIZE_MAX;
        if (c != '`' && !opens_link)
            lme_builder_char(&out, c);
    }
    return lme_builder_finish(&out);
}

/* The next cell of "a | b | c |", without it in `rest`. */
static lme_str take_cell(lme_arena *arena, lme_str *rest)
{
    size_t bar = lme_str_find(*rest, LME_STR("|"), 0);
    while (bar != SIZE_MAX && bar > 0 && rest->ptr[bar - 1] == '\\')
        bar = lme_str_find(*rest, LME_STR("|"), bar + 1);
    bar = bar == SIZE_MAX ? rest->len : bar;
    lme_str cell = lme_strip(lme_str_slice(*rest, 0, bar));
    *rest = lme_str_slice(*rest, bar + 1, rest->len);
    return lme_str_replace(arena, plain(arena, cell), LME_STR("\\|"), LME_STR("|"));
}

/* "| a | b | c |": a, and below it "b - c". */
static void add_row(page *p, lme_str line)
{
    lme_arena *arena = p->out.arena;
    lme_str rest = lme_str_slice(line, 1, line.len);
    if (p->n_table_rows++ == 1) /* the line of dashes */
        return;
    lme_str first = take_cell(arena, &rest);
    lme_builder others = {.arena = arena};
    while (rest.len > 0) {
        lme_str cell = take_cell(arena, &rest);
        if (cell.len > 0)
            lme_builder_format(&others, "%s%.*s", others.len > 0 ? " - " : "", LME_STR_ARG(cell));
    }
    lme_builder_add(&p->out, LME_STR("  "));
    lme_wrap(&p->out, first, 2, 2);
    if (others.len > 0) {
        lme_builder_add(&p->out, LME_STR("\n      "));
        lme_wrap(&p->out, lme_builder_finish(&others), 6, 6);
    }
    lme_builder_char(&p->out, '\n');
}

static size_t item_mark(lme_str line)
{
    lme_str text = lme_lstrip(line);
    size_t blanks = line.len - text.len;
    if (lme_str_starts(text, LME_STR("- ")) || lme_str_starts(text, LME_STR("* ")))
        return blanks + 2;
    size_t digits = 0;
    while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9')
        digits++;
    bool numbered =
        digits > 0 && lme_str_starts(lme_str_slice(text, digits, text.len), LME_STR(". "));
    return numbered ? blanks + digits + 2 : 0;
}

static void add_line(page *p, lme_str line)
{
    lme_arena *arena = p->out.arena;
    if (lme_str_starts(line, LME_STR("```"))) {
        end_paragraph(p);
        p->in_code = !p->in_code;
        return;
    }
    if (p->in_code) {
        lme_builder_format(&p->out, "    %.*s\n", LME_STR_ARG(line));
        return;
    }
    if (lme_str_starts(line, LME_STR("<!--")))
        return;
    if (lme_str_starts(line, LME_STR("|"))) {
        end_paragraph(p);
        add_row(p, line);
        return;
    }
    p->n_table_rows = 0;
    size_t mark = item_mark(line);
    bool is_heading = lme_str_starts(line, LME_STR("#"));
    if (lme_strip(line).len == 0 || mark > 0 || is_heading)
        end_paragraph(p);
    if (lme_strip(line).len == 0)
        lme_builder_char(&p->out, '\n');
    else if (mark > 0)
        p->indent = mark;
    lme_str text = p->paragraph.len > 0 || mark == 0 ? lme_strip(line) : lme_rstrip(line);
    while (is_heading && lme_str_starts(text, LME_STR("#")))
        text = lme_lstrip(lme_str_slice(text, 1, text.len));
    if (p->paragraph.len > 0)
        lme_builder_char(&p->paragraph, ' ');
    lme_builder_add(&p->paragraph, plain(arena, text));
    if (is_heading)
        end_paragraph(p);
}

static bool pages(lme_arena *arena, lme_str *folder, lme_str **names, size_t *n, lme_error *err)
{
    return lme_share_path(arena, "docs", folder, err) &&
           lme_folder_list(arena, lme_str_cstr(arena, *folder), LME_STR(".md"), names, n, err);
}

/* Without the ending. */
static void cut_endings(lme_str *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        names[i] = lme_str_slice(names[i], 0, names[i].len - 3);
}

bool lme_topic_names(lme_arena *arena, lme_str **names, size_t *n, lme_error *err)
{
    lme_str folder;
    if (!pages(arena, &folder, names, n, err))
        return false;
    cut_endings(*names, *n);
    return true;
}

static bool read_page(lme_arena *arena, lme_str folder, lme_str name, lme_str *text, lme_error *err)
{
    lme_str path = lme_path_join(arena, folder, name);
    return lme_file_read(arena, lme_str_cstr(arena, path), LME_LIMIT_TASK_FILE, text, err);
}

bool lme_topics(lme_arena *arena, lme_builder *out, lme_error *err)
{
    lme_str folder, *names;
    size_t n;
    if (!pages(arena, &folder, &names, &n, err))
        return false;
    lme_row *rows = LME_ARRAY(arena, lme_row, n);
    for (size_t i = 0; i < n; i++) {
        lme_str text;
        if (!read_page(arena, folder, names[i], &text, err))
            return false;
        size_t end = lme_str_find(text, LME_STR("\n"), 0);
        rows[i] = (lme_row){lme_str_slice(names[i], 0, names[i].len - 3),
                            lme_strip(lme_str_slice(text, 1, end))};
    }
    lme_rows_write(out, rows, n, &(lme_rows_style){.indent = 2});
    return true;
}

bool lme_topic(lme_arena *arena, const char *name, lme_str *text, bool *found, lme_str *nearest,
               lme_error *err)
{
    lme_str folder, *names, source;
    size_t n;
    *found = false;
    *nearest = LME_STR("");
    if (!pages(arena, &folder, &names, &n, err))
        return false;
    cut_endings(names, n);
    for (size_t i = 0; i < n; i++)
        *found = *found || lme_str_is(names[i], name);
    *nearest = lme_str_nearest(lme_str_from(name), names, n);
    if (!*found)
        return true;
    if (!read_page(arena, folder, lme_str_format(arena, "%s.md", name), &source, err))
        return false;
    page p = {.out = {.arena = arena}, .paragraph = {.arena = arena}};
    for (size_t from = 0; from < source.len;) {
        size_t to = lme_str_find(source, LME_STR("\n"), from);
        add_line(&p, lme_str_slice(source, from, to));
        from = to == SIZE_MAX ? source.len : to + 1;
    }
    end_paragraph(&p);
    *text = lme_builder_finish(&p.out);
    return true;
}
