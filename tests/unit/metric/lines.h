/* Cases as JSON lines; the first line names peer and generator. */
#ifndef LMEVAL_TEST_METRIC_LINES_H
#define LMEVAL_TEST_METRIC_LINES_H

#include "support.h"

#include <math.h>
#include <string.h>

#include <lmeval/json.h>
#include <lmeval/metric.h>
#include <lmeval/share.h>

/* Calls check(arena, row, line) for each line of tests/unit/metric/NAME after the first; the arena
 * is the line's. Returns the number of lines. */
static inline size_t
for_each_line(const char *name, void (*check)(lme_arena *arena, const lme_value *row, size_t line))
{
    lme_arena *arena = lme_arena_new();
    lme_arena *scratch = lme_arena_new();
    lme_error err = {0};
    lme_str text;
    const char *folder = test_source(arena, "tests/unit/metric/");
    const char *path = lme_str_cstr(arena, lme_str_format(arena, "%s%s", folder, name));
    assert_ok(lme_file_read(arena, path, 4 << 20, &text, &err), &err);
    size_t line = 0;
    for (size_t from = 0; from < text.len;) {
        size_t end = lme_str_find(text, LME_STR("\n"), from);
        lme_value row;
        assert_ok(lme_json_read(scratch, NULL, lme_str_slice(text, from, end), NULL, &row, &err),
                  &err);
        if (++line > 1)
            check(scratch, &row, line);
        from = end == SIZE_MAX ? text.len : end + 1;
        lme_arena_reset(scratch);
    }
    lme_arena_free(scratch);
    lme_arena_free(arena);
    return line;
}

/* NaN and infinities are texts in the cases: "nan", "-inf". */
static inline double case_number(const lme_value *v)
{
    if (v->kind == LME_STRING)
        return lme_str_is(v->string, "nan") ? (double)NAN : -(double)INFINITY;
    return v->kind == LME_INT ? (double)v->integer : v->number;
}

#endif
