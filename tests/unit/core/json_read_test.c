/* Reading JSON: values as Python's json.loads gives them; what is broken is refused at its byte. */
#include "support.h"

#include <math.h>
#include <string.h>

#include <lmeval/json.h>
#include <lmeval/limits.h>

/* What a text reads as, printed as Python's repr. */
static void reads_as(const char *text, const char *repr)
{
    lme_arena *arena = lme_arena_new();
    lme_value value;
    lme_error err = {0};
    assert_ok(lme_json_read(arena, NULL, lme_str_from(text), NULL, &value, &err), &err);
    assert_str(lme_value_repr(arena, &value), repr);
    lme_arena_free(arena);
}

static void values_are_pythons(void **state)
{
    (void)state;
    reads_as(" null\n", "None");
    reads_as("[true,false ,null]", "[True, False, None]");
    reads_as("\t{\"a\" : {\"b\":[ ]},\r\n\"\":{}}", "{'a': {'b': []}, '': {}}");
    reads_as("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u6f22\"",
             "'\"\\\\/\\x08\\x0c\\n\\r\\tA\xc3\xa9\xe6\xbc\xa2'");
    reads_as("\"\\ud83e\\uDDC8 \xf0\x9f\xa7\x88\"", "'\xf0\x9f\xa7\x88 \xf0\x9f\xa7\x88'");
    reads_as("\"\x7f\xe2\x80\xa8\"", "'\\x7f\\u2028'");
    reads_as("[0, -0, -1, 1.0, 1E5, 1e-7, -0.0, 5e-324, 1e-400]",
             "[0, 0, -1, 1.0, 100000.0, 1e-07, -0.0, 5e-324, 0.0]");
    reads_as("[0.1, 2.2250738585072011e-308, 123456789.123456789e-5]",
             "[0.1, 2.225073858507201e-308, 1234.567891234568]");
}

static void a_text_may_hold_nul(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_value value;
    lme_error err = {0};
    assert_ok(lme_json_read(arena, NULL, LME_STR("\"a\\u0000b\""), NULL, &value, &err), &err);
    assert_true(lme_str_equal(value.string, LME_STR("a\0b")));
    lme_arena_free(arena);
}

static void duplicate_keys_are_kept(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_value value;
    lme_error err = {0};
    lme_str text = LME_STR("{\"a\": 1, \"b\": 2, \"a\": 3}");
    assert_ok(lme_json_read(arena, NULL, text, NULL, &value, &err), &err);
    assert_int_equal(value.map.len, 3);
    assert_int_equal(lme_value_find(&value, "a")->integer, 3);
    lme_arena_free(arena);
}

static void long_integers_become_doubles(void **state)
{
    (void)state;
    reads_as("[9223372036854775807, -9223372036854775808]",
             "[9223372036854775807, -9223372036854775808]");
    reads_as("[9223372036854775808, 18446744073709551615]",
             "[9.223372036854776e+18, 1.8446744073709552e+19]");
    reads_as("{\"a\": [18446744073709551616, \"\\u00e9\\ud83e\\uddc8\", {\"b\": "
             "-9223372036854775809}, [], {}, true, false, null, 1.5e3]}",
             "{'a': [1.8446744073709552e+19, '\xc3\xa9\xf0\x9f\xa7\x88', {'b': "
             "-9.223372036854776e+18}, [], {}, True, False, None, 1500.0]}");
    reads_as("123456789012345678901234567890", "1.2345678901234568e+29");
}

typedef struct fault {
    const char *text;
    const char *error; /* with its place; the text begins at line 7, column 3 of r.jsonl */
} fault;

static void refuses(lme_json_reader *reader, const fault *f)
{
    lme_arena *arena = lme_arena_new();
    lme_place at = {.file = "r.jsonl", .line = 7, .column = 3};
    lme_value value;
    lme_error err = {0};
    if (lme_json_read(arena, reader, lme_str_from(f->text), &at, &value, &err))
        fail_msg("accepted: %s", f->text);
    char text[4096];
    lme_error_text(&err, text, sizeof text);
    assert_int_equal(err.code, LME_ERR_DATA);
    assert_string_equal(text, f->error);
    lme_arena_free(arena);
}

static void faults_have_a_place(void **state)
{
    (void)state;
    static const fault faults[] = {
        {"", "r.jsonl:7:3: bad JSON: there is no value, the text is empty"},
        {" \n", "r.jsonl:8:1: bad JSON: there is no value, the text is empty"},
        {"{\"a\": 1,}", "r.jsonl:7:11: bad JSON: expected a key in double quotes, got \"}\""},
        {"{\n\"a\": tru\n}", "r.jsonl:8:6: bad JSON: expected a value, got \"tru\""},
        {"[True]", "r.jsonl:7:4: bad JSON: expected a value, got \"True\""},
        {"[1, 2", "r.jsonl:7:8: bad JSON: expected a comma or ], got the end of the text"},
        {"[1,", "r.jsonl:7:6: bad JSON: expected a value, got the end of the text"},
        {"[1}", "r.jsonl:7:5: bad JSON: expected a comma or ], got \"}\""},
        {"{\"a\" 1}", "r.jsonl:7:8: bad JSON: expected a colon behind the key, got \"1\""},
        {"{\"a\":1 \"b\":2}", "r.jsonl:7:10: bad JSON: expected a comma or }, got \""},
        {"{a: 1}", "r.jsonl:7:4: bad JSON: expected a key in double quotes, got \"a\""},
        {"[1]\n[2]", "r.jsonl:8:1: bad JSON: expected nothing behind the value, got \"[\""},
        {"1 x", "r.jsonl:7:5: bad JSON: expected nothing behind the value, got \"x\""},
        {"<!DOCTYPE html>", "r.jsonl:7:3: bad JSON: expected a value, got \"<\""},
        {"[\"\xc3\xa9\", \xe6\xbc\xa2]",
         "r.jsonl:7:9: bad JSON: expected a value, got \"\xe6\xbc\xa2\""},
        {"\xef\xbb\xbf{}",
         "r.jsonl:7:3: bad JSON: expected a value, got a byte order mark (U+FEFF)"},
        {"[01]", "r.jsonl:7:4: bad JSON: a number begins with a needless 0"},
        {"[-]", "r.jsonl:7:5: bad JSON: expected a digit, got \"]\""},
        {"1.", "r.jsonl:7:5: bad JSON: expected a digit, got the end of the text"},
        {"[1e+]", "r.jsonl:7:7: bad JSON: expected a digit, got \"]\""},
        {"[1e400]", "r.jsonl:7:4: bad JSON: a number is larger than a double can be"},
        {"[NaN]", "r.jsonl:7:4: bad JSON: NaN and Infinity are no JSON numbers"},
        {"-Infinity", "r.jsonl:7:3: bad JSON: NaN and Infinity are no JSON numbers"},
        {"[nan]", "r.jsonl:7:4: bad JSON: expected a value, got \"nan\""},
        {"\"open", "r.jsonl:7:3: bad JSON: a text lacks its closing quote"},
        {"[\"a\nb\"]",
         "r.jsonl:7:6: bad JSON: expected an escape like \\n for it, got control character U+000A"},
        {"\"\\q\"", "r.jsonl:7:5: bad JSON: expected one of \" \\ / b f n r t u behind a "
                    "backslash, got \"q\""},
        {"\"\\u12x4\"",
         "r.jsonl:7:8: bad JSON: expected four hexadecimal digits behind \\u, got \"x\""},
        {"\"a\\ud83e\"", "r.jsonl:7:5: bad JSON: an escape is only half of a surrogate pair"},
        {"\"\\ud83e\\u0041\"", "r.jsonl:7:4: bad JSON: an escape is only half of a surrogate pair"},
        {"\"\\uddc8\"", "r.jsonl:7:4: bad JSON: an escape is only half of a surrogate pair"},
        {"[\"\xc3\xa9\xff\"]", "r.jsonl:7:6: bad JSON: byte 0xff is not valid UTF-8"},
        {"\"\xed\xa0\x80\"", "r.jsonl:7:4: bad JSON: byte 0xed is not valid UTF-8"},
        {"\"\xc0\x80\"", "r.jsonl:7:4: bad JSON: byte 0xc0 is not valid UTF-8"},
        {"[99999999999999999999 1]", "r.jsonl:7:25: bad JSON: expected a comma or ], got \"1\""},
    };
    lme_json_reader *reader = lme_json_reader_new();
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        refuses(reader, &faults[i]);
    lme_json_reader_free(reader);
    lme_json_reader_free(NULL);
}

static void bytes_behind_the_value_are_refused(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_value value;
    lme_error err = {0};
    assert_false(lme_json_read(arena, NULL, LME_STR("[1]\0"), NULL, &value, &err));
    assert_error(&err, LME_ERR_DATA,
                 "line 1:4: bad JSON: expected nothing behind the value, got control character "
                 "U+0000");
    lme_arena_free(arena);
}

/* Buffers are kept: shorter and longer texts in turn, broken ones between them, and a text that
 * ends where its memory ends. */
static void one_reader_reads_many(void **state)
{
    (void)state;
    lme_json_reader *reader = lme_json_reader_new();
    lme_arena *arena = lme_arena_new();
    for (int i = 0; i < 300; i++) {
        lme_value v;
        lme_error err = {0};
        int width = i % 2 == 0 ? i * 50 : 1;
        lme_str text = i % 3 == 2 ? LME_STR("{\"a\": ")
                                  : lme_str_format(arena, "{\"a\": [%d, \"%0*d\"]}", i, width, i);
        char *exact = lme_arena_alloc(arena, text.len);
        memcpy(exact, text.ptr, text.len);
        bool ok = lme_json_read(arena, reader, (lme_str){exact, text.len}, NULL, &v, &err);
        assert_int_equal(ok, i % 3 != 2);
        memset(exact, 'x', text.len);
        if (ok) {
            assert_int_equal(lme_value_find(&v, "a")->list.items[0].integer, i);
            assert_true(lme_value_find(&v, "a")->list.items[1].string.ptr[0] != 'x');
        }
    }
    lme_arena_free(arena);
    lme_json_reader_free(reader);
}

/* n lists or maps around a 1. */
static lme_str nested(lme_arena *arena, size_t n, const char *open, char close)
{
    lme_builder text = {.arena = arena};
    for (size_t i = 0; i < n; i++)
        lme_builder_add(&text, lme_str_from(open));
    lme_builder_char(&text, '1');
    for (size_t i = 0; i < n; i++)
        lme_builder_char(&text, close);
    return lme_builder_finish(&text);
}

static void depth_is_bounded(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_value v;
    lme_error err = {0};
    for (size_t n = LME_LIMIT_DEPTH - 3; n <= LME_LIMIT_DEPTH; n++) {
        assert_ok(lme_json_read(arena, NULL, nested(arena, n, "[", ']'), NULL, &v, &err), &err);
        assert_ok(lme_json_read(arena, NULL, nested(arena, n, "{\"a\":", '}'), NULL, &v, &err),
                  &err);
    }
    static const size_t too_deep[] = {LME_LIMIT_DEPTH + 1, LME_LIMIT_DEPTH + 2, 100000};
    for (size_t i = 0; i < 3; i++) {
        lme_str lists = nested(arena, too_deep[i], "[", ']');
        lme_str maps = nested(arena, too_deep[i], "{\"a\":", '}');
        assert_false(lme_json_read(arena, NULL, lists, NULL, &v, &err));
        assert_error(&err, LME_ERR_LIMIT, "line 1:201: JSON nested deeper than 200 levels");
        assert_false(lme_json_read(arena, NULL, maps, NULL, &v, &err));
        assert_error(&err, LME_ERR_LIMIT, "line 1:1001: JSON nested deeper than 200 levels");
    }
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_pythons),
        cmocka_unit_test(a_text_may_hold_nul),
        cmocka_unit_test(duplicate_keys_are_kept),
        cmocka_unit_test(long_integers_become_doubles),
        cmocka_unit_test(faults_have_a_place),
        cmocka_unit_test(bytes_behind_the_value_are_refused),
        cmocka_unit_test(one_reader_reads_many),
        cmocka_unit_test(depth_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
