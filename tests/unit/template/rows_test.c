/* Every filter, test, function and method: it has a name and a line of its own, stands in
 * docs/templates.md as it is here, and is used by a case. */
#include "callable.h"
#include "support.h"

#include <dirent.h>
#include <stdio.h>

typedef struct row_test {
    lme_arena *arena;
    lme_str docs, cases;
} row_test;

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

static lme_str read_cases(lme_arena *arena)
{
    const char *folder = test_source(arena, "tests/unit/template");
    DIR *dir = opendir(folder);
    lme_builder all = {.arena = arena};
    assert_non_null(dir);
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (lme_str_ends(lme_str_from(entry->d_name), LME_STR(".test")))
            lme_builder_add(
                &all, read_file(arena, lme_str_format(arena, "%s/%s", folder, entry->d_name).ptr));
    }
    closedir(dir);
    return lme_builder_finish(&all);
}

static int set_up(void **state)
{
    lme_arena *arena = lme_arena_new();
    row_test *test = LME_NEW(arena, row_test);
    test->arena = arena;
    test->docs = read_file(arena, test_source(arena, "docs/templates.md"));
    test->cases = read_cases(arena);
    *state = test;
    return 0;
}

static int tear_down(void **state)
{
    const row_test *test = *state;
    lme_arena_free(test->arena);
    return 0;
}

/* "join(d, attribute)" */
static void add_signature(lme_builder *line, const lme_callable *row)
{
    size_t n = 0;
    lme_builder_add(line, lme_str_from(row->name));
    for (size_t i = 0; i < LME_MOST_PARAMETERS && row->parameters[i] != NULL; i++) {
        if (row->parameters[i][0] != '\0')
            lme_builder_format(line, "%s%s", n++ == 0 ? "(" : ", ", row->parameters[i]);
    }
    if ((row->takes & (LME_TAKES_REST | LME_TAKES_KEYWORDS)) != 0)
        lme_builder_add(line, lme_str_from(n++ == 0 ? "(..." : ", ..."));
    if (n > 0)
        lme_builder_char(line, ')');
}

static const char *owner(const lme_callable *row)
{
    const unsigned list = 1u << LME_LIST, map = 1u << LME_MAP;
    if ((row->kinds & 1u << LME_STRING) != 0)
        return "text method";
    if ((row->kinds & (list | map)) == (list | map))
        return "list, map method";
    if ((row->kinds & list) != 0)
        return "list method";
    if ((row->kinds & map) != 0)
        return "map method";
    return (row->kinds & 1u << LME_OPAQUE) != 0 ? "loop method" : "number method";
}

static void check_row(const row_test *test, const char *kind, const lme_callable *row)
{
    lme_builder line = {.arena = test->arena};
    assert_non_null(row->name);
    assert_non_null(row->call);
    assert_true(row->summary != NULL && row->summary[0] != '\0');
    lme_builder_format(&line, "| %s | `", kind);
    add_signature(&line, row);
    lme_builder_format(&line, "` | %s |\n", row->summary);
    lme_str expected = lme_builder_finish(&line);
    if (lme_str_find(test->docs, expected, 0) == SIZE_MAX)
        fail_msg("docs/templates.md lacks the line\n%s", expected.ptr);
}

static void check_used(const row_test *test, const char *before, const lme_callable *row)
{
    lme_str use = lme_str_format(test->arena, "%s%s", before, row->name);
    lme_str quoted = lme_str_format(test->arena, "'%s'", row->name);
    if (lme_str_find(test->cases, use, 0) == SIZE_MAX &&
        lme_str_find(test->cases, quoted, 0) == SIZE_MAX)
        fail_msg("no case uses %s", use.ptr);
}

static void check_list(const row_test *test, const char *kind, const char *before,
                       lme_callable_list list)
{
    assert_true(list.len > 0);
    for (size_t i = 0; i < list.len; i++) {
        check_row(test, kind, list.rows[i]);
        check_used(test, before, list.rows[i]);
        for (size_t j = 0; j < i; j++)
            assert_false(lme_str_is(lme_str_from(list.rows[i]->name), list.rows[j]->name));
        assert_ptr_equal(lme_callable_find(list, lme_str_from(list.rows[i]->name)), list.rows[i]);
    }
    assert_null(lme_callable_find(list, LME_STR("nosuch")));
}

static void filters(void **state)
{
    check_list(*state, "filter", "| ", lme_template_filters());
}

static void tests_behind_is(void **state)
{
    check_list(*state, "test", "is ", lme_template_tests());
}

static void functions(void **state)
{
    check_list(*state, "function", "", lme_template_functions());
}

static void methods(void **state)
{
    lme_callable_list list = lme_template_methods();
    for (size_t i = 0; i < list.len; i++) {
        const lme_callable *row = list.rows[i];
        assert_int_not_equal(row->kinds, 0);
        check_row(*state, owner(row), row);
        check_used(*state, ".", row);
        for (size_t j = 0; j < i; j++) {
            bool shared = (row->kinds & list.rows[j]->kinds) != 0;
            assert_false(shared && lme_str_is(lme_str_from(row->name), list.rows[j]->name));
        }
    }
    assert_null(lme_method_find(LME_STRING, LME_STR("keys")));
    assert_non_null(lme_method_find(LME_MAP, LME_STR("keys")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(filters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tests_behind_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(functions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(methods, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
