/* YAML: the values that PyYAML's safe loader gives (printed as Python's repr), and what each fault
 * is told. */
#include "support.h"

#include <string.h>

#include <lmeval/yaml.h>

static void values_are_pyyamls(void **state)
{
    (void)state;
    /* text, and repr(yaml.safe_load(text)) of PyYAML 6 */
    static const char *const cases[][2] = {
        {"", "None"},
        {"# only a comment\n", "None"},
        {"a: 1", "{'a': 1}"},
        {"[yes, No, on, OFF, true, False, y, n]",
         "[True, False, True, False, True, False, 'y', 'n']"},
        {"[~, null, Null, '', \"\", 'null']", "[None, None, None, '', '', 'null']"},
        {"[010, 0x1F, 0b101, 1_000, -7, +7, 1:30, 0, 00, 08]",
         "[8, 31, 5, 1000, -7, 7, 90, 0, 0, '08']"},
        {"[1.5, 1., .5, -0.25, 1e3, 1.0e+3, 1.0e3, 1_0.5, .inf, -.INF]",
         "[1.5, 1.0, 0.5, -0.25, '1e3', 1000.0, '1.0e3', 10.5, inf, -inf]"},
        {"[1.2.3, 2024-01-01, 'a: b', \"\\u00e9\\n\", 12:30:45]",
         "['1.2.3', '2024-01-01', 'a: b', '\xc3\xa9\\n', 45045]"},
        {"a: |\n  line 1\n  line 2\nb: >\n  folded\n  text\nc: |-\n  no end\n",
         "{'a': 'line 1\\nline 2\\n', 'b': 'folded text\\n', 'c': 'no end'}"},
        {"base: &b {x: 1, y: 2}\nother:\n  <<: *b\n  y: 3\n",
         "{'base': {'x': 1, 'y': 2}, 'other': {'x': 1, 'y': 3}}"},
        {"{1: a, true: b, 2.5: c}", "{1: 'a', True: 'b', 2.5: 'c'}"},
        {"[!!str 1, !!int '3', !!float 2, !!null '', !!bool 'yes']", "['1', 3, 2.0, None, True]"},
        {"f: !function utils.process_docs", "{'f': <function utils.process_docs>}"},
        {"- - 1\n  - 2\n-\n  a: b\n", "[[1, 2], {'a': 'b'}]"},
        {"ignore: true\n  - \".\"\n", "{'ignore': 'true - \".\"'}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_arena *arena = lme_arena_new();
        lme_value v;
        lme_error err = {0};
        assert_ok(lme_yaml_read(arena, lme_str_from(cases[i][0]), "t.yaml", &v, &err), &err);
        assert_str(lme_value_repr(arena, &v), cases[i][1]);
        lme_arena_free(arena);
    }
}

static void values_know_their_place(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_value v;
    lme_error err = {0};
    lme_str text = LME_STR("a: 1\n\xc3\xa9: [x, y]\n");
    assert_ok(lme_yaml_read(arena, text, "t.yaml", &v, &err), &err);
    const lme_value *list = lme_value_find(&v, "\xc3\xa9");
    assert_int_equal(list->line, 2);
    assert_int_equal(list->column, 4);
    assert_int_equal(list->list.items[1].column, 8);
    assert_int_equal(v.map.pairs[1].key.line, 2);
    lme_arena_free(arena);
}

static void faults_have_a_place(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"a: 1\nb: 2\na: 3\n", "t.yaml:3:1: key a stands twice: here and in line 1"},
        {"a: [1, 2\nb: 3", "t.yaml:2:"},
        {"a:\n\t- b", "t.yaml:2:1: bad YAML: found character that cannot start any token"},
        {"a: 'open", "bad YAML"},
        {"a: *nowhere", "alias *nowhere names no anchor"},
        {"a: !unknown x", "the tag !unknown"},
        {"a: !!int x", "\"x\" cannot be read with the tag"},
        {"--- 1\n--- 2\n", "t.yaml:2:1: a second document"},
        {"? [a]\n: b", "a key cannot be a list"},
        {"<<: 3", "<< wants a map"},
        {"a: \xff", "bad YAML"},
        {"a: b: c", "bad YAML: mapping values are not allowed"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_arena *arena = lme_arena_new();
        lme_value v;
        lme_error err = {0};
        if (lme_yaml_read(arena, lme_str_from(cases[i][0]), "t.yaml", &v, &err))
            fail_msg("accepted: %s", cases[i][0]);
        assert_error(&err, LME_ERR_TASK, cases[i][1]);
        lme_arena_free(arena);
    }
}

static void bombs_meet_the_limits(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_builder text = {.arena = arena};
    lme_builder_add(&text, LME_STR("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"));
    for (int i = 1; i < 12; i++) {
        lme_builder_format(&text, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++)
            lme_builder_format(&text, "%s*a%d", k > 0 ? ", " : "", i - 1);
        lme_builder_add(&text, LME_STR("]\n"));
    }
    lme_value v;
    lme_error err = {0};
    assert_false(lme_yaml_read(arena, lme_builder_finish(&text), "t.yaml", &v, &err));
    assert_error(&err, LME_ERR_LIMIT, "aliases counted");

    lme_builder deep = {.arena = arena};
    for (int i = 0; i < 5000; i++)
        lme_builder_char(&deep, '[');
    assert_false(lme_yaml_read(arena, lme_builder_finish(&deep), "t.yaml", &v, &err));
    assert_error(&err, LME_ERR_LIMIT, "nested deeper");
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_pyyamls),
        cmocka_unit_test(values_know_their_place),
        cmocka_unit_test(faults_have_a_place),
        cmocka_unit_test(bombs_meet_the_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
