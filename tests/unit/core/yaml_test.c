/* YAML: the values that PyYAML's safe loader gives and the text of each fault (yaml.cases), places,
 * limits. */
#include "case_file.h"

#include <lmeval/limits.h>
#include <lmeval/yaml.h>

/* What a text reads as, printed as Python's repr, or the whole error. */
static lme_str outcome(lme_arena *arena, lme_str yaml, bool *ok)
{
    lme_value v;
    lme_error err = {0};
    *ok = lme_yaml_read(arena, yaml, "t.yaml", &v, &err);
    if (*ok)
        return lme_value_repr(arena, &v);
    char *text = lme_arena_alloc(arena, 4096);
    lme_error_text(&err, text, 4096);
    return lme_str_from(text);
}

static bool run_case(lme_arena *arena, lme_str kind, lme_str yaml, lme_str answer)
{
    bool ok;
    lme_str got = outcome(arena, yaml, &ok);
    if (ok != lme_str_is(kind, "refuse") && lme_str_equal(got, answer))
        return true;
    print_error("===== %.*s\n%.*s=====>\n%.*s\nbut got\n%.*s\n", LME_STR_ARG(kind),
                LME_STR_ARG(yaml), LME_STR_ARG(answer), LME_STR_ARG(got));
    return false;
}

static void cases_of_the_file(void **state)
{
    (void)state;
    lme_arena *file = lme_arena_new(), *arena = lme_arena_new();
    lme_str text = read_case_file(file, "yaml.cases");
    size_t n = 0, n_failed = 0;
    size_t at = lme_str_find(text, LME_STR("\n===== "), 0);
    while (at != SIZE_MAX) {
        size_t kind_end = lme_str_find(text, LME_STR("\n"), at + 1);
        size_t arrow = lme_str_find(text, LME_STR("\n=====>\n"), kind_end);
        size_t next = lme_str_find(text, LME_STR("\n===== "), arrow);
        lme_str answer = lme_str_slice(text, arrow + 8, next);
        answer.len -= lme_str_ends(answer, LME_STR("\n"));
        n_failed += !run_case(arena, lme_str_slice(text, at + 7, kind_end),
                              lme_str_slice(text, kind_end + 1, arrow + 1), answer);
        lme_arena_reset(arena);
        at = next;
        n++;
    }
    assert_true(n > 80);
    assert_int_equal(n_failed, 0);
    lme_arena_free(arena);
    lme_arena_free(file);
}

static void is(lme_str yaml, bool expect_ok, const char *expected)
{
    lme_arena *arena = lme_arena_new();
    bool ok;
    lme_str got = outcome(arena, yaml, &ok);
    assert_str(got, expected);
    assert_int_equal(ok, expect_ok);
    lme_arena_free(arena);
}

/* What a file of cases cannot hold. */
static void odd_bytes(void **state)
{
    (void)state;
    is((lme_str){NULL, 0}, true, "None");
    is(LME_STR("a: 1\r\nb: 2\r\n"), true, "{'a': 1, 'b': 2}");
    is(LME_STR("a: 1\rb: 2"), true, "{'a': 1, 'b': 2}");
    is(LME_STR("\xef\xbb\xbf"
               "a: 1"),
       true, "{'a': 1}");
    is(LME_STR("\"\\0\""), true, "'\\x00'");
    is(LME_STR("a: 1\n\xc3\xa9: \xff"), false,
       "t.yaml:2:4: bad YAML: invalid leading UTF-8 octet (0xff)");
    is(LME_STR("a: \xed\xa0\x80"), false,
       "t.yaml:1:4: bad YAML: invalid Unicode character (0xd800)");
    is(LME_STR("a: \x01"), false,
       "t.yaml:1:4: bad YAML: control characters are not allowed (0x01)");
    is(LME_STR("ab: c\0d"), false,
       "t.yaml:1:6: bad YAML: control characters are not allowed (0x00)");
}

static void values_know_their_place(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_value v;
    lme_error err = {0};
    lme_str text = LME_STR("a: 1\n\xc3\xa9: [x, &y {z: w}, *y]\n");
    assert_ok(lme_yaml_read(arena, text, "t.yaml", &v, &err), &err);
    assert_int_equal(v.line, 1);
    assert_int_equal(v.column, 1);
    assert_int_equal(v.map.pairs[1].key.line, 2);
    const lme_value *list = lme_value_find(&v, "\xc3\xa9");
    assert_int_equal(list->line, 2);
    assert_int_equal(list->column, 4);
    assert_int_equal(list->list.items[0].column, 5);
    assert_int_equal(list->list.items[1].column, 8);
    assert_int_equal(list->list.items[1].map.pairs[0].value.column, 15);
    /* An alias stands where it is written, what is in it where that was written. */
    assert_int_equal(list->list.items[2].column, 19);
    assert_int_equal(list->list.items[2].map.pairs[0].value.column, 15);
    assert_ok(lme_yaml_read(arena, LME_STR("# nothing\n"), "t.yaml", &v, &err), &err);
    assert_true(v.kind == LME_NULL && v.line == 1 && v.column == 1);
    lme_arena_free(arena);
}

static void alias_bombs_meet_the_limit(void **state)
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
    is(lme_builder_finish(&text), false, "t.yaml:7:10: more than 2000000 values, aliases counted");
    lme_arena_free(arena);
}

static void depth_is_bounded(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_value v;
    lme_error err = {0};
    lme_builder deep = {.arena = arena};
    for (int i = 0; i < 5000; i++)
        lme_builder_char(&deep, '[');
    is(lme_builder_finish(&deep), false, "t.yaml:1:201: nested deeper than 200 levels");
    lme_builder fine = {.arena = arena};
    lme_builder_add(&fine, lme_str_slice(lme_builder_finish(&deep), 0, LME_LIMIT_DEPTH));
    for (int i = 0; i < LME_LIMIT_DEPTH; i++)
        lme_builder_char(&fine, ']');
    assert_ok(lme_yaml_read(arena, lme_builder_finish(&fine), "t.yaml", &v, &err), &err);

    /* Aliases pile up depth that no line shows. */
    lme_builder piled = {.arena = arena};
    lme_builder_add(&piled, LME_STR("- &a0 []\n"));
    for (int i = 1; i < 300; i++)
        lme_builder_format(&piled, "- &a%d [*a%d]\n", i, i - 1);
    is(lme_builder_finish(&piled), false, "t.yaml:200:10: nested deeper than 200 levels");
    lme_arena_free(arena);
}

/* Searching each among all before it would take minutes. */
static void many_keys_and_anchors(void **state)
{
    (void)state;
    enum {
        MANY = 60000
    };
    lme_arena *arena = lme_arena_new();
    lme_value v;
    lme_error err = {0};
    lme_builder text = {.arena = arena};
    for (int i = 0; i < MANY; i++)
        lme_builder_format(&text, "%s%d: &a%d x\n", i % 2 == 0 ? "k" : "", i, i);
    for (int i = 0; i < MANY; i++)
        lme_builder_format(&text, "r%d: *a%d\n", i, i);
    assert_ok(lme_yaml_read(arena, lme_builder_finish(&text), "t.yaml", &v, &err), &err);
    assert_int_equal(v.map.len, 2 * MANY);
    lme_builder_add(&text, LME_STR("7.0: again\n"));
    assert_ok(lme_yaml_read(arena, lme_builder_finish(&text), "t.yaml", &v, &err), &err);
    assert_int_equal(v.map.len, 2 * MANY);
    assert_str(v.map.pairs[7].value.string, "again");
    lme_arena_free(arena);
}

/* More keys than are compared one by one, merged over as many. */
static void many_merged_keys(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_value v;
    lme_error err = {0};
    lme_builder text = {.arena = arena};
    lme_builder_add(&text, LME_STR("- &all\n"));
    for (int i = 0; i < 40; i++)
        lme_builder_format(&text, "  k%d: %d\n", i, i);
    lme_builder_add(&text, LME_STR("- <<: *all\n  k39: a\n  k3: b\n  new: c\n"));
    assert_ok(lme_yaml_read(arena, lme_builder_finish(&text), "t.yaml", &v, &err), &err);
    const lme_value *merged = &v.list.items[1];
    assert_int_equal(merged->map.len, 41);
    assert_str(merged->map.pairs[3].value.string, "b");
    assert_int_equal(merged->map.pairs[4].value.integer, 4);
    assert_str(merged->map.pairs[39].value.string, "a");
    assert_str(merged->map.pairs[40].key.string, "new");
    assert_int_equal(v.list.items[0].map.pairs[3].value.integer, 3);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_of_the_file),       cmocka_unit_test(odd_bytes),
        cmocka_unit_test(values_know_their_place), cmocka_unit_test(alias_bombs_meet_the_limit),
        cmocka_unit_test(depth_is_bounded),        cmocka_unit_test(many_keys_and_anchors),
        cmocka_unit_test(many_merged_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
