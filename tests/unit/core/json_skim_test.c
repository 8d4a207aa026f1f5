/* Skimming JSON: what it leaves is text that opens to what reading gives, all else is read. */
#include "support.h"

#include <string.h>

#include <lmeval/json.h>
#include <lmeval/limits.h>

static const char *const left[] = {"tops", "values", NULL};

/* A copy with just the bytes behind it that may be read, and those are hostile. */
static lme_str padded(lme_arena *arena, lme_str text)
{
    char *copy = lme_arena_alloc(arena, text.len + LME_JSON_PADDING);
    memcpy(copy, text.ptr, text.len);
    memset(copy + text.len, '"', LME_JSON_PADDING);
    return (lme_str){copy, text.len};
}

static bool skim(lme_arena *arena, lme_str text, lme_value *value, lme_error *err)
{
    lme_json_reader *reader = lme_json_reader_new();
    bool ok = lme_json_skim(arena, reader, padded(arena, text), left, value, err);
    lme_json_reader_free(reader);
    return ok;
}

/* The tree with everything in it opened. */
static lme_value opened(lme_arena *arena, const lme_value *v)
{
    lme_value value;
    lme_error err = {0};
    assert_ok(lme_json_open(arena, v, &value, &err), &err);
    if (value.kind == LME_LIST) {
        lme_list_builder list = {.arena = arena};
        for (size_t i = 0; i < value.list.len; i++)
            lme_list_add(&list, opened(arena, &value.list.items[i]));
        return lme_list_finish(&list);
    }
    if (value.kind == LME_MAP) {
        lme_map_builder map = {.arena = arena};
        for (size_t i = 0; i < value.map.len; i++)
            lme_map_add_pair(&map, value.map.pairs[i].key,
                             opened(arena, &value.map.pairs[i].value));
        return lme_map_finish(&map);
    }
    return value;
}

static void opens_to_what_reading_gives(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}",
        " {\"a\" : [ ] , \"b\": {} }\n",
        "{\"values\": []}",
        "{\"values\": [1]}",
        "{\"values\" : [ -1.5e-3 , null,0 ,\ttrue, \"x\", [1,[2]], {\"values\": [3]} ] , \"z\":1}",
        "{\"tops\": [null, {\"a\": -1, \"]\": -2.5}, {\"}\\\"\": {\"b\": [1]}} \n ] }",
        "{\"tops\": {\"values\": [1, 2]}, \"values\": 7}",
        "{\"a\": [\"\", \"x\", \"\\u00e9\\n\", \"\xe6\xbc\xa2 \", \"\\\\\"]}",
        "{\"\\u0062\": \"t\\tt\"}",
        "{\"a\": [\"1234567\\\\\", \"12345678\\\\\", \"123456789\\\\\"]}",
        "{\"a\": [\"\\\\1234567\", \"x\"]}",
        "{\"values\": [-0.5, -0.0, 10.25, 0.1e2, -1.5E-3]}",
        "{\"values\": [1.7976931348623157e308, 5e-324, 1.0e-999]}",
        "{\"a\": 12345678901234567890123456789012345678901234567890123456789012345678901.0}",
        "{\"a\": 0.66666666666666666666660}",
        "{\"a\": 9223372036854775807, \"b\": 9223372036854775808, \"c\": -0.0, \"d\": -0}",
        "{\"a\": 99999999999999999999, \"values\": [99999999999999999999]}",
        "{\"a\": [true, false, null, 1, 2.5], \"a\": 3}",
        "[1, {\"values\": [1]}]",
        "\"text\"",
        "7",
    };
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        lme_value whole, skimmed;
        lme_error err = {0};
        lme_str text = lme_str_from(texts[i]);
        assert_ok(lme_json_read(arena, NULL, text, NULL, &whole, &err), &err);
        assert_ok(skim(arena, text, &skimmed, &err), &err);
        skimmed = opened(arena, &skimmed);
        assert_str(lme_value_repr(arena, &skimmed), lme_value_repr(arena, &whole).ptr);
    }
    lme_arena_free(arena);
}

static void numbers_lists_and_maps_stay_text(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_value value;
    lme_error err = {0};
    lme_str text = LME_STR("{\"values\": [-1.50 , null, {\"a\" : 1} ,\n[ ]\t], \"other\": [1.50]}");
    assert_ok(skim(arena, text, &value, &err), &err);
    const lme_value *items = lme_value_find(&value, "values")->list.items;
    assert_int_equal(lme_value_find(&value, "values")->list.len, 4);
    assert_int_equal(items[0].kind, LME_UNREAD);
    assert_str(items[0].string, "-1.50");
    assert_int_equal(items[1].kind, LME_NULL);
    assert_str(items[2].string, "{\"a\" : 1}");
    assert_str(items[3].string, "[ ]");
    assert_int_equal(lme_value_find(&value, "other")->list.items[0].kind, LME_FLOAT);
    /* In print they are what they are. */
    lme_builder out = {.arena = arena};
    lme_json_style style = {0};
    lme_json_write(&out, &value, &style);
    assert_str(lme_builder_finish(&out),
               "{\"values\": [-1.50, null, {\"a\" : 1}, [ ]], \"other\": [1.5]}");
    lme_value copy = lme_value_copy(arena, &value);
    assert_true(lme_value_equal(&copy, &value));
    assert_string_equal(lme_kind_name(LME_UNREAD), "JSON");
    lme_arena_free(arena);
}

/* Numbers that nobody looks at are not looked at; who opens one is told. */
static void what_is_left_is_refused_when_it_is_opened(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_value value, item;
    lme_error err = {0};
    assert_ok(skim(arena, LME_STR("{\"values\": [-1.2.3, -1]}"), &value, &err), &err);
    const lme_value *items = lme_value_find(&value, "values")->list.items;
    assert_false(lme_json_open(arena, &items[0], &item, &err));
    assert_error(&err, LME_ERR_DATA,
                 "line 1:5: bad JSON: expected nothing behind the value, got \".\"");
    assert_ok(lme_json_open(arena, &items[1], &item, &err), &err);
    assert_int_equal(item.integer, -1);
    static const char *const no_numbers[] = {"01.5", "-01.5", "1.",    "-.5",   "1.e5",   "1.5e",
                                             "1.5x", "1.5 2", "-1..5", "1.5e+", "1.5e400"};
    for (size_t i = 0; i < sizeof no_numbers / sizeof no_numbers[0]; i++) {
        lme_value unread = {.kind = LME_UNREAD, .string = lme_str_from(no_numbers[i])};
        if (lme_json_open(arena, &unread, &item, &err))
            fail_msg("opened: %s", no_numbers[i]);
    }
    lme_arena_free(arena);
}

static void faults_are_those_of_reading(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "{",
        "{\"a\": 1,}",
        "{\"a\": tru}",
        "{\"a\": nan}",
        "{\"a\": \"\\q\"}",
        "{\"a\": \"\\ud83e\"}",
        "{\"a\": [\"\xff\"]}",
        "{\"a\": [01]}",
        "{\"a\": 1} x",
        "{\"a\": [1}",
        "{\"values\": [1, NaN]}",
        "{\"values\": [1 2]}",
        "{\"values\": [1, ]}",
        "{\"values\": [{\"a\": \"\xff\"}]}",
        "{\"values\": [\"a\nb\"]}",
        "{\"values\": [[1, 2}",
        "{\"values\": [1, 2",
        "{\"values\": [1, {\"a\": 1}",
        "<html>",
    };
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        lme_value value;
        lme_error wanted = {0}, err = {0};
        lme_str text = lme_str_from(texts[i]);
        assert_false(lme_json_read(arena, NULL, text, NULL, &value, &wanted));
        if (skim(arena, text, &value, &err))
            fail_msg("accepted: %s", texts[i]);
        assert_error(&err, wanted.code, wanted.message);
        assert_int_equal(err.line, wanted.line);
        assert_int_equal(err.column, wanted.column);
    }
    lme_arena_free(arena);
}

/* A cut answer is none, wherever it is cut. */
static void no_beginning_is_a_whole(void **state)
{
    (void)state;
    static const char text[] =
        "{\"choices\": [{\"text\": \"a \\\"b\\\"\", \"tops\": [null, {\"x\": -1.5, \"]}\": -2}, "
        "{\"y\": -0.25}], \"values\": [null, -1.5, -0.25], \"n\": [0, 1, 12]}], \"u\": {\"n\": 3}}";
    lme_arena *arena = lme_arena_new();
    lme_value value;
    lme_error err = {0};
    for (size_t len = 0; len + 1 < sizeof text; len++) {
        if (skim(arena, (lme_str){text, len}, &value, &err))
            fail_msg("accepted: %.*s", (int)len, text);
    }
    assert_ok(skim(arena, LME_STR(text), &value, &err), &err);
    lme_arena_free(arena);
}

static void depth_is_bounded(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_value value;
    lme_error err = {0};
    lme_builder text = {.arena = arena};
    for (size_t i = 0; i < LME_LIMIT_DEPTH + 1; i++)
        lme_builder_add(&text, LME_STR("{\"a\":"));
    lme_builder_char(&text, '1');
    for (size_t i = 0; i < LME_LIMIT_DEPTH + 1; i++)
        lme_builder_char(&text, '}');
    assert_false(skim(arena, lme_builder_finish(&text), &value, &err));
    assert_int_equal(err.code, LME_ERR_LIMIT);
    lme_arena_free(arena);
}

/* Whatever comes, memory stays within what reading takes. */
static void memory_is_that_of_reading(void **state)
{
    (void)state;
    static const char *const items[] = {"[1]", "{\"values\":[1]}", "[]", "{}", "{\"\":{}}"};
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
        lme_arena *text_arena = lme_arena_new(), *read = lme_arena_new(), *skims = lme_arena_new();
        lme_json_reader *reader = lme_json_reader_new();
        lme_builder text = {.arena = text_arena};
        lme_value value;
        lme_error err = {0};
        lme_builder_add(&text, LME_STR("{\"values\": [1, 1, 1, 1, 1, 1, 1, 1, 1], \"a\": [[]"));
        for (size_t k = 0; k < 20000; k++)
            lme_builder_format(&text, ",%s", items[i]);
        lme_builder_add(&text, LME_STR("]}"));
        lme_str whole = padded(text_arena, lme_builder_finish(&text));
        assert_ok(lme_json_read(read, reader, whole, NULL, &value, &err), &err);
        assert_ok(lme_json_skim(skims, reader, whole, left, &value, &err), &err);
        if (lme_arena_used(skims) > 3 * lme_arena_used(read))
            fail_msg("%s: %zu bytes skimmed, %zu read", items[i], lme_arena_used(skims),
                     lme_arena_used(read));
        lme_json_reader_free(reader);
        lme_arena_free(text_arena);
        lme_arena_free(read);
        lme_arena_free(skims);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_to_what_reading_gives),
        cmocka_unit_test(numbers_lists_and_maps_stay_text),
        cmocka_unit_test(what_is_left_is_refused_when_it_is_opened),
        cmocka_unit_test(faults_are_those_of_reading),
        cmocka_unit_test(no_beginning_is_a_whole),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(memory_is_that_of_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
