/* Writing JSON: byte for byte json.dumps (json_write.cases), and what JSON itself lacks. */
#include "case_file.h"

#include <math.h>

static lme_str written(lme_arena *arena, const lme_value *v, lme_json_style style)
{
    lme_builder out = {.arena = arena};
    lme_json_write(&out, v, &style);
    return lme_builder_finish(&out);
}

/* {"value": anything, then for each style what json.dumps gives} */
static void check_dumps(lme_arena *arena, const lme_value *row)
{
    const lme_value *v = lme_value_find(row, "value");
    assert_non_null(v);
    lme_str plain = written(arena, v, (lme_json_style){.indent = 0});
    assert_case(row, plain, case_text(row, "dumps"));
    lme_str ascii = written(arena, v, (lme_json_style){.ensure_ascii = true});
    assert_case(row, ascii, case_text(row, "ascii"));
    lme_str indented = written(arena, v, (lme_json_style){.indent = 2});
    assert_case(row, indented, case_text(row, "indent 2"));
    lme_str both = written(arena, v, (lme_json_style){.indent = 4, .ensure_ascii = true});
    assert_case(row, both, case_text(row, "indent 4 ascii"));
    lme_str compact = written(arena, v, (lme_json_style){.compact = true});
    assert_case(row, compact, case_text(row, "compact"));

    /* What was written reads back to the same. */
    lme_value again;
    lme_error err = {0};
    assert_ok(lme_json_read(arena, NULL, both, NULL, &again, &err), &err);
    assert_true(lme_value_equal(v, &again));
}

static void writes_what_python_writes(void **state)
{
    (void)state;
    for_each_case("json_write.cases", check_dumps);
}

static void infinities_and_nan(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_value items[] = {lme_float((double)NAN), lme_float((double)INFINITY),
                         lme_float((double)-INFINITY)};
    lme_value list = {.kind = LME_LIST, .list = {items, 3}};
    assert_str(written(arena, &list, (lme_json_style){.indent = 0}), "[NaN, Infinity, -Infinity]");
    assert_str(written(arena, &list, (lme_json_style){.nan_as_null = true, .compact = true}),
               "[null,null,null]");
    lme_arena_free(arena);
}

static lme_str quoted(lme_arena *arena, lme_str text, bool ensure_ascii)
{
    lme_builder out = {.arena = arena};
    lme_json_write_string(&out, text, ensure_ascii);
    return lme_builder_finish(&out);
}

/* Eight bytes are looked at together: wherever a character stands it comes out the same. */
static void the_place_of_a_character_does_not_matter(void **state)
{
    enum {
        LONGEST = 18
    };
    (void)state;
    lme_arena *arena = lme_arena_new();
    for (uint32_t c = 0; c < 0x180; c++) {
        lme_builder one = {.arena = arena};
        lme_builder_codepoint(&one, c);
        lme_str alone = lme_builder_finish(&one);
        for (size_t i = 0; i < (size_t)2 * LONGEST; i++) {
            bool ascii = i % 2 != 0;
            lme_str pad = lme_str_slice(LME_STR("aaaaaaaaaaaaaaaaaa"), 0, i / 2);
            lme_str written_alone = quoted(arena, alone, ascii);
            lme_str bare = lme_str_slice(written_alone, 1, written_alone.len - 1);
            lme_str text = lme_str_concat(arena, lme_str_concat(arena, pad, alone), pad);
            lme_str expected = lme_str_format(arena, "\"%.*s%.*s%.*s\"", LME_STR_ARG(pad),
                                              LME_STR_ARG(bare), LME_STR_ARG(pad));
            assert_str(quoted(arena, text, ascii), expected.ptr);
        }
        lme_arena_reset(arena);
    }
    lme_arena_free(arena);
}

static void tuples_are_lists(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_value items[] = {lme_int(1), lme_string(LME_STR("a"))};
    lme_value tuple = {.kind = LME_TUPLE, .list = {items, 2}};
    lme_value empty = {.kind = LME_TUPLE};
    assert_str(written(arena, &tuple, (lme_json_style){.indent = 0}), "[1, \"a\"]");
    assert_str(written(arena, &empty, (lme_json_style){.indent = 2}), "[]");
    lme_arena_free(arena);
}

/* json.dumps({1: 2, True: None, None: [], 1.5: 0, -7: "x", 1e16: 1, inf: 1}) */
static void keys_become_texts(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_map_builder map = {.arena = arena};
    lme_value empty = {.kind = LME_LIST};
    lme_map_add_pair(&map, lme_int(1), lme_int(2));
    lme_map_add_pair(&map, lme_bool(true), lme_null());
    lme_map_add_pair(&map, lme_null(), empty);
    lme_map_add_pair(&map, lme_float(1.5), lme_int(0));
    lme_map_add_pair(&map, lme_int(-7), lme_string(LME_STR("x")));
    lme_map_add_pair(&map, lme_float(1e16), lme_int(1));
    lme_map_add_pair(&map, lme_float((double)INFINITY), lme_int(1));
    lme_value value = lme_map_finish(&map);
    assert_str(written(arena, &value, (lme_json_style){.indent = 0}),
               "{\"1\": 2, \"true\": null, \"null\": [], \"1.5\": 0, \"-7\": \"x\", \"1e+16\": 1, "
               "\"Infinity\": 1}");
    lme_arena_free(arena);
}

static void what_only_yaml_and_templates_have(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_value function = {.kind = LME_FUNCTION, .string = LME_STR("utils.process")};
    lme_value undefined = {.kind = LME_UNDEFINED, .string = LME_STR("x")};
    assert_str(written(arena, &function, (lme_json_style){.indent = 0}), "\"utils.process\"");
    assert_str(written(arena, &undefined, (lme_json_style){.indent = 0}), "null");
    lme_builder out = {.arena = arena};
    lme_json_write(&out, &function, NULL);
    lme_json_write_string(&out, LME_STR("\xc3\xa9\n"), true);
    lme_json_write_string(&out, (lme_str){NULL, 0}, false);
    assert_str(lme_builder_finish(&out), "\"utils.process\"\"\\u00e9\\n\"\"\"");
    lme_arena_free(arena);
}

/* Templates can nest lists deeper than any stack. */
static void any_depth_is_written(void **state)
{
    (void)state;
    enum {
        DEPTH = 200000
    };
    lme_arena *arena = lme_arena_new();
    lme_value *lists = LME_ARRAY(arena, lme_value, DEPTH);
    for (size_t i = 0; i < DEPTH; i++)
        lists[i] = (lme_value){.kind = LME_LIST, .list = {i > 0 ? &lists[i - 1] : NULL, i > 0}};
    lme_str text = written(arena, &lists[DEPTH - 1], (lme_json_style){.indent = 0});
    assert_int_equal(text.len, 2 * DEPTH);
    assert_true(text.ptr[DEPTH - 1] == '[' && text.ptr[DEPTH] == ']');
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_what_python_writes),
        cmocka_unit_test(infinities_and_nan),
        cmocka_unit_test(the_place_of_a_character_does_not_matter),
        cmocka_unit_test(tuples_are_lists),
        cmocka_unit_test(keys_become_texts),
        cmocka_unit_test(what_only_yaml_and_templates_have),
        cmocka_unit_test(any_depth_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
