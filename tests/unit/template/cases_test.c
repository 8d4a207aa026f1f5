/* Every case of every .test file in this folder: a template, a row of JSON, and what jinja2 makes
 * of them, or words of the error. The generated files come from tests/parity/template_cases.py,
 * which explains their form; differences.test is written by hand. */
#include "support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lmeval/json.h>
#include <lmeval/template.h>

typedef struct test_case {
    lme_str template, context, output, error; /* error: ptr NULL when there is none */
    bool is_literal;                          /* template holds a Python literal */
} test_case;

static lme_str read_file(lme_arena *arena, const char *path)
{
    FILE *in = fopen(path, "rb");
    lme_builder text = {.arena = arena};
    size_t got = 1;
    assert_non_null(in);
    while (got > 0) {
        got = fread(lme_builder_reserve(&text, 4096), 1, 4096, in);
        text.len += got;
    }
    fclose(in);
    return lme_builder_finish(&text);
}

/* The text of a section; one "as json" stands in quotes. */
static lme_str section_text(lme_arena *arena, lme_str head, lme_str body)
{
    lme_value value;
    lme_error err = {0};
    if (!lme_str_ends(head, LME_STR(" as json")))
        return body;
    assert_ok(lme_json_read(arena, NULL, body, NULL, &value, &err), &err);
    assert_int_equal(value.kind, LME_STRING);
    return value.string;
}

/* The next section from byte *at; false behind the last. */
static bool next_section(lme_str file, size_t *at, lme_str *head, lme_str *body)
{
    size_t start = lme_str_find(file, LME_STR("=== "), *at);
    if (start == SIZE_MAX)
        return false;
    size_t line = lme_str_find(file, LME_STR("\n"), start);
    assert_true(line < file.len);
    size_t end = lme_str_find(file, LME_STR("\n=== "), line);
    if (end == SIZE_MAX)
        end = file.len - 1;
    *head = lme_str_slice(file, start + 4, line);
    *body = lme_str_slice(file, line + 1, end);
    *at = end;
    return true;
}

static bool run(lme_arena *arena, const test_case *c, lme_str *text, lme_error *err)
{
    lme_value row;
    lme_template *t = NULL;
    if (c->is_literal) {
        if (!lme_literal_eval(arena, c->template, &row, err))
            return false;
        *text = lme_value_repr(arena, &row);
        return true;
    }
    assert_ok(lme_json_read(arena, NULL, c->context, NULL, &row, err), err);
    return lme_template_compile(arena, c->template, NULL, &t, err) &&
           lme_template_render(arena, t, &row, text, err);
}

static bool differs(lme_arena *arena, const char *file, const test_case *c)
{
    lme_error err = {0};
    lme_str text = LME_STR("");
    char message[4096];
    bool fine = run(arena, c, &text, &err);
    lme_error_text(&err, message, sizeof message);
    if (fine && c->error.ptr == NULL && lme_str_equal(text, c->output))
        return false;
    lme_str got = lme_str_from(message);
    bool code = err.code == LME_ERR_TEMPLATE || err.code == LME_ERR_LIMIT;
    if (!fine && c->error.ptr != NULL && code && lme_str_find(got, c->error, 0) != SIZE_MAX)
        return false;
    lme_str expected = c->error.ptr != NULL ? c->error : c->output;
    print_error("%s\n  template %.*s\n  context  %.*s\n  got %s %.*s\n  not %s %.*s\n", file,
                LME_STR_ARG(c->template), LME_STR_ARG(c->context), fine ? "text" : "error",
                LME_STR_ARG(fine ? text : got), c->error.ptr != NULL ? "error" : "text",
                LME_STR_ARG(expected));
    return true;
}

typedef struct tally {
    size_t cases, differences;
} tally;

static void run_file(const char *path, tally *sum)
{
    lme_arena *arena = lme_arena_new(), *case_arena = lme_arena_new();
    lme_str file = read_file(arena, path), head, body;
    test_case c = {.template = LME_STR("")};
    for (size_t at = 0; next_section(file, &at, &head, &body);) {
        lme_str text = section_text(arena, head, body);
        bool is_literal = lme_str_starts(head, LME_STR("literal"));
        if (is_literal || lme_str_starts(head, LME_STR("template"))) {
            c = (test_case){.template = text, .is_literal = is_literal};
            continue;
        }
        if (lme_str_starts(head, LME_STR("context"))) {
            c.context = text;
            continue;
        }
        if (lme_str_starts(head, LME_STR("error")))
            c.error = text;
        else
            c.output = text;
        sum->cases++;
        sum->differences += differs(case_arena, path, &c) ? 1 : 0;
        lme_arena_reset(case_arena);
    }
    lme_arena_free(case_arena);
    lme_arena_free(arena);
}

static void cases_agree_with_the_peer(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *folder = test_source(arena, "tests/unit/template");
    DIR *dir = opendir(folder);
    tally sum = {0};
    assert_non_null(dir);
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (lme_str_ends(lme_str_from(entry->d_name), LME_STR(".test")))
            run_file(lme_str_format(arena, "%s/%s", folder, entry->d_name).ptr, &sum);
    }
    closedir(dir);
    lme_arena_free(arena);
    print_message("%zu cases, %zu differences\n", sum.cases, sum.differences);
    assert_int_equal(sum.differences, 0);
    assert_true(sum.cases > 900);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_agree_with_the_peer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
