#include "support.h"

#include <math.h>
#include <string.h>

#include <lmeval/str.h>

static void comparing(void **state)
{
    (void)state;
    lme_str none = {NULL, 0};
    assert_true(lme_str_equal(none, LME_STR("")));
    assert_true(lme_str_equal(lme_str_from(NULL), none));
    assert_true(lme_str_is(LME_STR("abc"), "abc"));
    assert_false(lme_str_is(LME_STR("abc"), "abcd"));
    assert_false(lme_str_equal(LME_STR("a\0b"), LME_STR("a\0c")));
    assert_true(lme_str_compare(LME_STR("a"), LME_STR("b")) < 0);
    assert_true(lme_str_compare(LME_STR("ab"), LME_STR("a")) > 0);
    assert_true(lme_str_compare(LME_STR("\xc3\xa9"), LME_STR("z")) > 0);
    assert_int_equal(lme_str_compare(none, LME_STR("")), 0);
    assert_true(lme_str_compare(none, LME_STR("a")) < 0);
    assert_true(lme_str_starts(LME_STR("abc"), LME_STR("ab")));
    assert_true(lme_str_starts(LME_STR("abc"), none));
    assert_false(lme_str_starts(LME_STR("ab"), LME_STR("abc")));
    assert_true(lme_str_ends(LME_STR("abc"), LME_STR("bc")));
    assert_true(lme_str_ends(none, none));
    assert_false(lme_str_ends(LME_STR("bc"), LME_STR("abc")));
}

static void slices_are_clamped(void **state)
{
    (void)state;
    assert_str(lme_str_slice(LME_STR("abcdef"), 1, 3), "bc");
    assert_str(lme_str_slice(LME_STR("abc"), 1, SIZE_MAX), "bc");
    assert_str(lme_str_slice(LME_STR("abc"), 9, 12), "");
    assert_str(lme_str_slice(LME_STR("abc"), 2, 1), "");
    assert_int_equal(lme_str_slice((lme_str){NULL, 0}, 0, 5).len, 0);
}

/* The plainest search there is. */
static size_t find_naively(lme_str s, lme_str part, size_t from)
{
    for (size_t at = from; at + part.len <= s.len; at++) {
        if (part.len == 0 || memcmp(s.ptr + at, part.ptr, part.len) == 0)
            return at;
    }
    return SIZE_MAX;
}

static void finding_agrees_with_a_naive_search(void **state)
{
    (void)state;
    char text[400];
    uint32_t seed = 1;
    for (size_t i = 0; i < sizeof text; i++) {
        seed = seed * 1664525u + 1013904223u;
        text[i] = (char)('a' + (seed >> 30) % 2);
    }
    lme_str s = {text, sizeof text};
    for (size_t length = 0; length < 200; length += length < 12 ? 1 : 17) {
        for (size_t start = 0; start + length <= sizeof text; start += 13) {
            lme_str part = {text + start, length};
            assert_int_equal(lme_str_find(s, part, 0), find_naively(s, part, 0));
            assert_int_equal(lme_str_find(s, part, start), start);
            assert_int_equal(lme_str_find(s, part, start + 1), find_naively(s, part, start + 1));
        }
    }
}

static void finding_at_the_edges(void **state)
{
    (void)state;
    assert_int_equal(lme_str_find(LME_STR("abc"), LME_STR(""), 3), 3);
    assert_int_equal(lme_str_find(LME_STR("abc"), LME_STR(""), 4), SIZE_MAX);
    assert_int_equal(lme_str_find(LME_STR("abc"), LME_STR("c"), 2), 2);
    assert_int_equal(lme_str_find(LME_STR("abc"), LME_STR("abcd"), 0), SIZE_MAX);
    assert_int_equal(lme_str_find((lme_str){NULL, 0}, LME_STR("a"), 0), SIZE_MAX);
    assert_int_equal(lme_str_find((lme_str){NULL, 0}, (lme_str){NULL, 0}, 0), 0);
}

/* Half a million letters, searched for 2,000 that almost fit everywhere: linear or minutes. */
static void a_long_part_in_a_repetitive_text_is_quick(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    enum {
        TEXT = 500000,
        PART = 2000
    };
    char *text = lme_arena_alloc(arena, TEXT), *part = lme_arena_alloc(arena, PART);
    memset(text, 'a', TEXT);
    memset(part, 'a', PART);
    part[0] = 'b';
    assert_int_equal(lme_str_find((lme_str){text, TEXT}, (lme_str){part, PART}, 0), SIZE_MAX);
    part[0] = 'a';
    part[PART - 1] = 'b';
    assert_int_equal(lme_str_find((lme_str){text, TEXT}, (lme_str){part, PART}, 0), SIZE_MAX);
    text[TEXT - 1] = 'b';
    assert_int_equal(lme_str_find((lme_str){text, TEXT}, (lme_str){part, PART}, 0), TEXT - PART);
    lme_arena_free(arena);
}

static void copies_end_in_a_nul(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_str copy = lme_str_copy(arena, lme_str_slice(LME_STR("abcdef"), 2, 4));
    assert_str(copy, "cd");
    assert_int_equal(copy.ptr[2], '\0');
    assert_string_equal(lme_str_cstr(arena, (lme_str){NULL, 0}), "");
    assert_str(lme_str_concat(arena, LME_STR("ab"), LME_STR("cd")), "abcd");
    lme_arena_free(arena);
}

static void formatting_short_and_long(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    assert_str(lme_str_format(arena, "%d-%s", 7, "x"), "7-x");
    for (int width = 250; width < 260; width++) {
        lme_str text = lme_str_format(arena, "%*d", width, 1);
        assert_int_equal(text.len, width);
        assert_int_equal(text.ptr[width - 1], '1');
        assert_int_equal(text.ptr[width], '\0');
    }
    lme_arena_free(arena);
}

static void replacing(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    assert_str(lme_str_replace(arena, LME_STR("a.b.c"), LME_STR("."), LME_STR("::")), "a::b::c");
    assert_str(lme_str_replace(arena, LME_STR("aaa"), LME_STR("aa"), LME_STR("b")), "ba");
    assert_str(lme_str_replace(arena, LME_STR("abc"), LME_STR("abc"), LME_STR("")), "");
    assert_str(lme_str_replace(arena, LME_STR("abc"), LME_STR("x"), LME_STR("y")), "abc");
    assert_str(lme_str_replace(arena, LME_STR(""), LME_STR("x"), LME_STR("y")), "");
    assert_str(lme_str_replace(arena, LME_STR("abc"), LME_STR(""), LME_STR("y")), "abc");
    lme_arena_free(arena);
}

static void the_nearest_name(void **state)
{
    (void)state;
    const lme_str names[] = {LME_STR("exact_match"), LME_STR("accuracy"), LME_STR("base-url"),
                             LME_STR("bleu"),        LME_STR("chrf"),     LME_STR("ter")};
    const size_t n = sizeof names / sizeof names[0];
    assert_str(lme_str_nearest(LME_STR("exact_mtach"), names, n), "exact_match");
    assert_str(lme_str_nearest(LME_STR("acuracy"), names, n), "accuracy");
    assert_str(lme_str_nearest(LME_STR("base_url"), names, n), "base-url");
    assert_str(lme_str_nearest(LME_STR("bluee"), names, n), "");
    assert_str(lme_str_nearest(LME_STR("blue"), names, n), "bleu");
    assert_str(lme_str_nearest(LME_STR("BLEU"), names, n), "bleu");
    assert_str(lme_str_nearest(LME_STR("ChrF"), names, n), "chrf");
    assert_str(lme_str_nearest(LME_STR("tr"), names, n), "");
    assert_str(lme_str_nearest(LME_STR("perplexity"), names, n), "");
    assert_str(lme_str_nearest(LME_STR(""), names, n), "");
    assert_str(lme_str_nearest(LME_STR("x"), NULL, 0), "");
    char endless[5000];
    memset(endless, 'a', sizeof endless);
    assert_str(lme_str_nearest((lme_str){endless, sizeof endless}, names, n), "");
    const lme_str hostile = {endless, sizeof endless};
    assert_str(lme_str_nearest(LME_STR("aaaaaaaa"), &hostile, 1), "");
}

static void of_equally_near_names_the_first(void **state)
{
    (void)state;
    const lme_str names[] = {LME_STR("case_a"), LME_STR("case_b"), LME_STR("case_xy")};
    assert_str(lme_str_nearest(LME_STR("case_c"), names, 3), "case_a");
    assert_str(lme_str_nearest(LME_STR("case_b"), names, 3), "case_b");
}

static void reading_integers(void **state)
{
    (void)state;
    int64_t value = 0;
    assert_true(lme_str_to_int(LME_STR("0"), &value) && value == 0);
    assert_true(lme_str_to_int(LME_STR("-12"), &value) && value == -12);
    assert_true(lme_str_to_int(LME_STR("007"), &value) && value == 7);
    assert_true(lme_str_to_int(LME_STR("9223372036854775807"), &value) && value == INT64_MAX);
    assert_true(lme_str_to_int(LME_STR("-9223372036854775808"), &value) && value == INT64_MIN);
    value = 5;
    const char *const wrong[] = {"",
                                 "-",
                                 "+1",
                                 " 1",
                                 "1 ",
                                 "1.0",
                                 "0x1",
                                 "9223372036854775808",
                                 "--1",
                                 "1_0",
                                 "1e3",
                                 "-9223372036854775809",
                                 "a",
                                 "\xc2\xb2",
                                 "99999999999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(lme_str_to_int(lme_str_from(wrong[i]), &value));
    assert_false(lme_str_to_int((lme_str){NULL, 0}, &value));
    assert_int_equal(value, 5);
}

static void assert_double(const char *text, double wanted)
{
    double value = 7.0;
    assert_true(lme_str_to_double(lme_str_from(text), &value));
    assert_memory_equal(&value, &wanted, sizeof value);
}

static void reading_numbers(void **state)
{
    (void)state;
    assert_double("0", 0.0);
    assert_double("-0", -0.0);
    assert_double("1.5", 1.5);
    assert_double("-12.5e3", -12500.0);
    assert_double(".5", 0.5);
    assert_double("5.", 5.0);
    assert_double("1E5", 1e5);
    assert_double("1e+5", 1e5);
    assert_double("0.1", 0.1);
    assert_double("2.2250738585072011e-308", 2.2250738585072011e-308);
    assert_double("1.7976931348623157e308", 1.7976931348623157e308);
    assert_double("9007199254740993", 9007199254740992.0);
}

static void numbers_too_small_are_zero(void **state)
{
    (void)state;
    assert_double("1e-400", 0.0);
    assert_double("-1e-400", -0.0);
    assert_double("1e-99999999999999999999", 0.0);
    assert_double("0e99999999999", 0.0);
    lme_arena *arena = lme_arena_new();
    lme_builder zeros = {.arena = arena};
    lme_builder_add(&zeros, LME_STR("0."));
    for (int i = 0; i < 400; i++)
        lme_builder_char(&zeros, '0');
    lme_builder_char(&zeros, '1');
    assert_double(lme_builder_finish(&zeros).ptr, 0.0);
    lme_builder_add(&zeros, LME_STR("e410"));
    assert_double(lme_builder_finish(&zeros).ptr, 1e9);
    lme_arena_free(arena);
}

static void what_is_no_number(void **state)
{
    (void)state;
    double value = 7.0;
    const char *const wrong[] = {
        "",         "-",  "+1.5",  "inf", "-inf",  "nan",    "NaN(1)",
        "infinity", " 1", "1 ",    "1,5", "0x1p3", "1e",     "e5",
        ".",        "-.", "1.2.3", "--1", "1e400", "-1e400", "1e99999999999999999999",
        "1_000"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(lme_str_to_double(lme_str_from(wrong[i]), &value));
    assert_false(lme_str_to_double((lme_str){NULL, 0}, &value));
    lme_arena *arena = lme_arena_new();
    lme_builder digits = {.arena = arena};
    for (int i = 0; i < 400; i++)
        lme_builder_char(&digits, '9');
    assert_false(lme_str_to_double(lme_builder_finish(&digits), &value));
    lme_builder_add(&digits, LME_STR("e-20"));
    assert_false(lme_str_to_double(lme_builder_finish(&digits), &value));
    assert_close(value, 7.0, 0.0);
    lme_arena_free(arena);
}

static void a_builder_grows(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_builder b = {.arena = arena};
    assert_str(lme_builder_finish(&b), "");
    assert_int_equal(lme_builder_finish(&b).ptr[0], '\0');
    lme_builder_add(&b, (lme_str){NULL, 0});
    lme_builder_add(&b, LME_STR("x="));
    lme_builder_int(&b, 12);
    lme_builder_char(&b, ';');
    lme_str early = lme_builder_finish(&b);
    assert_str(early, "x=12;");
    for (int i = 0; i < 10000; i++)
        lme_builder_format(&b, "%05d", i);
    lme_str late = lme_builder_finish(&b);
    assert_int_equal(late.len, 5 + 50000);
    assert_str(lme_str_slice(late, 49995, 50005), "0999809999");
    assert_str(early, "x=12;");
    lme_arena_free(arena);
}

static void a_builder_writes_integers(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    static const int64_t numbers[] = {0, 7, -1, 10, -90, INT64_MAX, INT64_MIN};
    lme_builder b = {.arena = arena};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        lme_builder_int(&b, numbers[i]);
        lme_builder_char(&b, ' ');
    }
    assert_str(lme_builder_finish(&b), "0 7 -1 10 -90 9223372036854775807 -9223372036854775808 ");
    lme_arena_free(arena);
}

static void a_builder_takes_its_own_text(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_builder b = {.arena = arena};
    lme_builder_add(&b, LME_STR("abc"));
    for (int i = 0; i < 14; i++)
        lme_builder_add(&b, (lme_str){b.ptr, b.len});
    lme_str text = lme_builder_finish(&b);
    assert_int_equal(text.len, 3 << 14);
    for (size_t i = 0; i < text.len; i++)
        assert_int_equal(text.ptr[i], "abc"[i % 3]);
    lme_arena_free(arena);
}

static void reserving_room(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_builder b = {.arena = arena};
    for (size_t n = 1; n < 300; n++) {
        memset(lme_builder_reserve(&b, n), 'y', n);
        b.len += n;
    }
    assert_int_equal(lme_builder_finish(&b).len, 299 * 300 / 2);
    lme_builder exact = {.arena = arena};
    lme_builder_format(&exact, "%*s", 63, "");
    lme_builder_format(&exact, "%s", "!");
    assert_int_equal(lme_builder_finish(&exact).len, 64);
    lme_arena_free(arena);
}

static void code_points_as_utf8(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_builder b = {.arena = arena};
    const uint32_t points[] = {0x24, 0x7f, 0x80, 0x7ff, 0x800, 0xfffd, 0x10000, 0x10ffff};
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++)
        lme_builder_codepoint(&b, points[i]);
    assert_str(lme_builder_finish(&b), "$\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbd"
                                       "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparing),
        cmocka_unit_test(slices_are_clamped),
        cmocka_unit_test(finding_agrees_with_a_naive_search),
        cmocka_unit_test(finding_at_the_edges),
        cmocka_unit_test(a_long_part_in_a_repetitive_text_is_quick),
        cmocka_unit_test(copies_end_in_a_nul),
        cmocka_unit_test(formatting_short_and_long),
        cmocka_unit_test(replacing),
        cmocka_unit_test(the_nearest_name),
        cmocka_unit_test(of_equally_near_names_the_first),
        cmocka_unit_test(reading_integers),
        cmocka_unit_test(reading_numbers),
        cmocka_unit_test(numbers_too_small_are_zero),
        cmocka_unit_test(what_is_no_number),
        cmocka_unit_test(a_builder_grows),
        cmocka_unit_test(a_builder_writes_integers),
        cmocka_unit_test(a_builder_takes_its_own_text),
        cmocka_unit_test(reserving_room),
        cmocka_unit_test(code_points_as_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
