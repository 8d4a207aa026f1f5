/* JSON: what Python's json.dumps wrote reads and writes back to the same bytes; what is broken is
 * refused at its place. The texts marked so are CPython 3.11's output. */
#include "support.h"

#include <math.h>
#include <string.h>

#include <lmeval/json.h>
#include <lmeval/limits.h>

static lme_str rewrite(lme_arena *arena, const char *text, lme_json_style style)
{
    lme_value value;
    lme_error err = {0};
    assert_ok(lme_json_read(arena, NULL, lme_str_from(text), NULL, &value, &err), &err);
    lme_builder out = {.arena = arena};
    lme_json_write(&out, &value, &style);
    return lme_builder_finish(&out);
}

static void python_texts_round_trip(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"a\": [1, -2, 3.5, 1e-07, 1e+16, 0.1, 5e-324, 1.7976931348623157e+308], \"b\": {}}",
        "[]",
        "null",
        "-9223372036854775808",
        "[true, false, null, \"\"]",
        "\"\\\"\\\\\\n\\r\\t\\b\\f\\u0001\\u001f/\x7f\"",
        "{\"caf\xc3\xa9\": \"\xe6\xbc\xa2 \xf0\x9f\xa7\x88 \xe2\x80\xa8\"}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        lme_arena *arena = lme_arena_new();
        assert_str(rewrite(arena, texts[i], (lme_json_style){0}), texts[i]);
        lme_arena_free(arena);
    }
}

static void styles_are_pythons(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *text =
        "{\"q\":\"\xc3\xa9\xf0\x9f\xa7\x88\x7f\",\"l\":[1,[],{}],\"m\":{\"k\":null}}";
    assert_str(
        rewrite(arena, text, (lme_json_style){.indent = 2}),
        "{\n  \"q\": \"\xc3\xa9\xf0\x9f\xa7\x88\x7f\",\n  \"l\": [\n    1,\n    [],\n    {}\n  ],\n"
        "  \"m\": {\n    \"k\": null\n  }\n}");
    assert_str(rewrite(arena, text, (lme_json_style){.ensure_ascii = true}),
               "{\"q\": \"\\u00e9\\ud83e\\uddc8\x7f\", \"l\": [1, [], {}], \"m\": {\"k\": null}}");
    assert_str(rewrite(arena, text, (lme_json_style){.compact = true}), text);
    lme_arena_free(arena);
}

static void writes_what_json_lacks(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_value items[] = {lme_float((double)NAN), lme_float((double)INFINITY),
                         lme_float((double)-INFINITY)};
    lme_value tuple = {.kind = LME_TUPLE, .list = {items, 3}};
    lme_builder out = {.arena = arena};
    lme_json_write(&out, &tuple, NULL);
    assert_str(lme_builder_finish(&out), "[NaN, Infinity, -Infinity]");
    out = (lme_builder){.arena = arena};
    lme_json_write(&out, &tuple, &(lme_json_style){.nan_as_null = true, .compact = true});
    assert_str(lme_builder_finish(&out), "[null,null,null]");
    lme_map_builder map = {.arena = arena};
    lme_map_add_pair(&map, lme_int(1), lme_int(2));
    lme_map_add_pair(&map, lme_bool(true), lme_null());
    lme_value value = lme_map_finish(&map);
    out = (lme_builder){.arena = arena};
    lme_json_write(&out, &value, NULL);
    assert_str(lme_builder_finish(&out), "{\"1\": 2, \"true\": null}");
    lme_arena_free(arena);
}

static void numbers_keep_their_kind(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_value v;
    lme_error err = {0};
    lme_str text =
        LME_STR("[9223372036854775807, 9223372036854775808, 123456789012345678901234567890,"
                " 1.0, -0.0, 1E5]");
    assert_ok(lme_json_read(arena, NULL, text, NULL, &v, &err), &err);
    assert_int_equal(v.list.len, 6);
    assert_true(v.list.items[0].kind == LME_INT && v.list.items[0].integer == INT64_MAX);
    assert_true(v.list.items[1].kind == LME_FLOAT &&
                v.list.items[1].number == 9223372036854775808.0);
    assert_true(v.list.items[2].kind == LME_FLOAT);
    assert_close(v.list.items[2].number, 123456789012345678901234567890.0, 0);
    assert_true(v.list.items[3].kind == LME_FLOAT);
    assert_true(signbit(v.list.items[4].number));
    assert_true(v.list.items[5].kind == LME_FLOAT && v.list.items[5].number == 1e5);
    lme_arena_free(arena);
}

static void one_reader_reads_many(void **state)
{
    (void)state;
    lme_json_reader *reader = lme_json_reader_new();
    lme_arena *arena = lme_arena_new();
    for (int i = 0; i < 300; i++) {
        lme_value v;
        lme_error err = {0};
        lme_str text = i % 3 == 2 ? LME_STR("{\"a\": ")
                                  : lme_str_format(arena, "{\"a\": [%d, \"%0*d\"]}", i, i * 50, i);
        bool ok = lme_json_read(arena, reader, text, NULL, &v, &err);
        assert_int_equal(ok, i % 3 != 2);
        if (ok)
            assert_int_equal(lme_value_find(&v, "a")->list.items[0].integer, i);
    }
    lme_arena_free(arena);
    lme_json_reader_free(reader);
}

static void faults_have_a_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t line;
        const char *message;
    } cases[] = {
        {"", 1, "there is no value"},
        {"   ", 1, "there is no value"},
        {"{\"a\": 1,}", 1, "bad JSON"},
        {"{\n\"a\": tru\n}", 2, "bad JSON"},
        {"[1, 2", 1, "bad JSON"},
        {"[1]\n[2]", 2, "stands behind the value"},
        {"\"\\q\"", 1, "bad escape"},
        {"\"open", 1, "closing quote"},
        {"[\n\n1 2]", 3, "missing or out of place"},
        {"[01]", 1, "bad JSON"},
        {"{\"a\" 1}", 1, "bad JSON"},
        {"\"\xff\"", 1, "not valid UTF-8"},
        {"\"a\nb\"", 1, "control character"},
        {"NaN", 1, "bad JSON"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_arena *arena = lme_arena_new();
        lme_value v;
        lme_error err = {0};
        lme_place at = {.file = "rows.jsonl"};
        bool ok = lme_json_read(arena, NULL, lme_str_from(cases[i].text), &at, &v, &err);
        if (ok)
            fail_msg("accepted: %s", cases[i].text);
        assert_error(&err, LME_ERR_DATA, cases[i].message);
        assert_error(&err, LME_ERR_DATA, "rows.jsonl:");
        assert_int_equal(err.line, cases[i].line);
        lme_arena_free(arena);
    }
}

static void depth_is_bounded(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    char text[2 * 100000 + 1];
    memset(text, '[', 100000);
    memset(text + 100000, ']', 100000);
    text[200000] = '\0';
    lme_value v;
    lme_error err = {0};
    assert_false(lme_json_read(arena, NULL, lme_str_from(text), NULL, &v, &err));
    assert_error(&err, LME_ERR_LIMIT, "nested deeper");
    lme_str fine = lme_str_slice(lme_str_from(text), 100000 - 150, 100000 + 150);
    assert_ok(lme_json_read(arena, NULL, fine, NULL, &v, &err), &err);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(python_texts_round_trip), cmocka_unit_test(styles_are_pythons),
        cmocka_unit_test(writes_what_json_lacks),  cmocka_unit_test(numbers_keep_their_kind),
        cmocka_unit_test(one_reader_reads_many),   cmocka_unit_test(faults_have_a_place),
        cmocka_unit_test(depth_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
