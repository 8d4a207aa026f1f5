/* Files of cases beside the tests: what CPython answered, one JSON object a line, "#" begins a
 * comment. make_text_cases.py fills the answers in. */
#ifndef LMEVAL_CORE_CASE_FILE_H
#define LMEVAL_CORE_CASE_FILE_H

#include "support.h"

#include <stdio.h>
#include <string.h>

#include <lmeval/json.h>

static inline lme_str read_case_file(lme_arena *arena, const char *name)
{
    const char *path = test_source(arena, lme_str_format(arena, "tests/unit/core/%s", name).ptr);
    FILE *in = fopen(path, "rb");
    if (in == NULL)
        fail_msg("cannot read %s", path);
    lme_builder text = {.arena = arena};
    size_t n = 0;
    do {
        n = fread(lme_builder_reserve(&text, 65536), 1, 65536, in);
        text.len += n;
    } while (n > 0);
    fclose(in);
    return lme_builder_finish(&text);
}

/* Reads one line at *at and moves behind it; false at the end. */
static inline bool next_line(lme_str text, size_t *at, lme_str *line)
{
    if (*at >= text.len)
        return false;
    size_t end = lme_str_find(text, LME_STR("\n"), *at);
    *line = lme_str_slice(text, *at, end);
    *at = end == SIZE_MAX ? text.len : end + 1;
    return true;
}

/* Calls check for each object of a file of JSON lines. */
static inline void for_each_case(const char *name, void (*check)(lme_arena *, const lme_value *))
{
    lme_arena *file = lme_arena_new(), *arena = lme_arena_new();
    lme_str text = read_case_file(file, name), line;
    size_t n = 0;
    for (size_t at = 0; next_line(text, &at, &line);) {
        lme_value row;
        lme_error err = {0};
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        assert_ok(lme_json_read(arena, NULL, line, NULL, &row, &err), &err);
        check(arena, &row);
        lme_arena_reset(arena);
        n++;
    }
    assert_true(n > 0);
    lme_arena_free(arena);
    lme_arena_free(file);
}

/* A text of the row; fails the test without it. */
static inline lme_str case_text(const lme_value *row, const char *key)
{
    const lme_value *v = lme_value_find(row, key);
    if (v != NULL && v->kind == LME_STRING)
        return v->string;
    fail_msg("a case lacks the text %s", key);
    return (lme_str){NULL, 0};
}

/* As assert_str, for two slices; says which case it is. */
static inline void assert_case(const lme_value *row, lme_str got, lme_str expected)
{
    if (lme_str_equal(got, expected))
        return;
    lme_arena *arena = lme_arena_new();
    lme_builder text = {.arena = arena};
    lme_json_write(&text, row, NULL);
    lme_str whole = lme_builder_finish(&text);
    print_error("case %.*s\ngot %.*s\n", LME_STR_ARG(whole), LME_STR_ARG(got));
    lme_arena_free(arena);
    fail();
}

#endif
