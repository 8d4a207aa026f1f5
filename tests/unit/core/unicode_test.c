/* Unicode: Python's str methods (unicode.cases), code points, classes of characters. */
#include "case_file.h"

#include <lmeval/unicode.h>

static void check_case(lme_arena *arena, const lme_value *row)
{
    lme_str s = case_text(row, "text");
    assert_case(row, lme_lower(arena, s), case_text(row, "lower"));
    assert_case(row, lme_upper(arena, s), case_text(row, "upper"));
    assert_case(row, lme_title(arena, s), case_text(row, "title"));
    assert_case(row, lme_capitalize(arena, s), case_text(row, "capitalize"));
    assert_case(row, lme_strip(s), case_text(row, "strip"));
    assert_case(row, lme_lstrip(s), case_text(row, "lstrip"));
    assert_case(row, lme_rstrip(s), case_text(row, "rstrip"));
}

static void methods_are_pythons(void **state)
{
    (void)state;
    for_each_case("unicode.cases", check_case);
}

/* Each sigma looks for its neighbours: not through the whole text every time. */
static void many_sigmas(void **state)
{
    (void)state;
    enum {
        MANY = 100000
    };
    lme_arena *arena = lme_arena_new();
    lme_builder text = {.arena = arena};
    for (int i = 0; i < MANY; i++)
        lme_builder_codepoint(&text, 0x3A3);
    lme_str lower = lme_lower(arena, lme_builder_finish(&text));
    assert_int_equal(lower.len, 2 * MANY);
    assert_str(lme_str_slice(lower, 0, 4), "\xcf\x83\xcf\x83");
    assert_str(lme_str_slice(lower, 2 * MANY - 4, SIZE_MAX), "\xcf\x83\xcf\x82");
    lme_arena_free(arena);
}

/* Bytes that are no UTF-8 are no white space, and end nothing. */
static void broken_bytes_stay(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    assert_str(lme_strip(LME_STR(" \xa0 ")), "\xa0");
    assert_str(lme_rstrip(LME_STR("a\x80\x80\x80\x80\x80 ")), "a\x80\x80\x80\x80\x80");
    assert_str(lme_rstrip(LME_STR("\x80")), "\x80");
    assert_str(lme_rstrip(LME_STR("\xe3\x80\x80\x80")), "\xe3\x80\x80\x80");
    assert_str(lme_strip(LME_STR("\xe3\x80")), "\xe3\x80");
    assert_str(lme_lower(arena, LME_STR("A\xff\xce\xa3\xff")), "a\xef\xbf\xbd\xcf\x83\xef\xbf\xbd");
    assert_int_equal(lme_strip((lme_str){NULL, 0}).len, 0);
    lme_arena_free(arena);
}

static void counts_code_points(void **state)
{
    (void)state;
    lme_str s = LME_STR("Zo\xc3\xab \xe2\x80\x94 \xf0\x9f\xa7\x88!");
    assert_int_equal(lme_codepoints(s), 8);
    assert_int_equal(lme_codepoint_offset(s, 0), 0);
    assert_int_equal(lme_codepoint_offset(s, 3), 4);
    assert_int_equal(lme_codepoint_offset(s, 8), s.len);
    assert_int_equal(lme_codepoint_offset(s, 99), s.len);
    /* Wherever eight bytes at a time begin and end; each byte that is no 10xxxxxx counts. */
    for (size_t from = 0; from <= s.len; from++) {
        for (size_t to = from; to <= s.len; to++) {
            size_t n = 0;
            for (size_t i = from; i < to; i++)
                n += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
            assert_int_equal(lme_codepoints(lme_str_slice(s, from, to)), n);
        }
    }
    size_t at = 2;
    assert_int_equal(lme_codepoint_next(s, &at), 0xEB);
    assert_int_equal(at, 4);
    at = 3;
    assert_int_equal(lme_codepoint_next(s, &at), 0xFFFD);
    assert_int_equal(at, 4);
}

static void what_is_utf8(void **state)
{
    (void)state;
    static const char *const good[] = {"",
                                       "a",
                                       "\x7f",
                                       "\xc2\x80",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\xef\xbf\xbf",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {"\xff",
                                      "\x80",
                                      "\xc3",
                                      "\xe2\x82",
                                      "\xf0\x9f\xa7",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xe0\x9f\xbf",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xed\xa0\x80",
                                      "\xf4\x90\x80\x80",
                                      "\xf8\x88\x80\x80\x80",
                                      "a\xc3(",
                                      "\xc3\xa9\xa9"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(lme_utf8_valid(lme_str_from(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(lme_utf8_valid(lme_str_from(bad[i])));
    assert_true(lme_utf8_valid(LME_STR("a\0b")));
}

static void repairs(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_str fine = LME_STR("caf\xc3\xa9");
    assert_ptr_equal(lme_utf8_repair(arena, fine).ptr, fine.ptr);
    assert_str(lme_utf8_repair(arena, LME_STR("a\xff"
                                              "b\xc3")),
               "a\xef\xbf\xbd"
               "b\xef\xbf\xbd");
    assert_str(lme_utf8_repair(arena, LME_STR("\xed\xa0\x80")),
               "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    lme_arena_free(arena);
}

static void classes_are_pythons(void **state)
{
    (void)state;
    assert_true(lme_str_is_digit(LME_STR("12\xc2\xb2\xd9\xa3")));
    assert_false(lme_str_is_digit(LME_STR("")));
    assert_false(lme_str_is_digit(LME_STR("1.5")));
    assert_false(lme_str_is_digit(LME_STR("\xc2\xbd"))); /* one half is numeric, not a digit */
    assert_true(lme_is_alpha(0x6F22) && !lme_is_alpha('_') && !lme_is_alpha('1'));
    assert_true(lme_is_punctuation(0x2014) && lme_is_punctuation('!') && !lme_is_punctuation('$'));
    assert_true(lme_is_upper('A') && lme_is_upper(0x2160) && !lme_is_upper(0x1C5));
    assert_true(lme_is_lower(0xAA) && lme_is_lower('a') && !lme_is_lower('1'));
    assert_true(lme_is_space(0x1C) && lme_is_space(0x85) && lme_is_space(0x3000));
    assert_true(lme_decimal_value('7') == 7 && lme_decimal_value('a') == -1);
    assert_true(lme_decimal_value(0x0664) == 4 && lme_decimal_value(0x1D7FF) == 9);
    assert_true(lme_decimal_value(0xB2) == -1);
    assert_false(lme_is_space(0x180E) || lme_is_space(0x200B) || lme_is_space(0xFEFF));
}

/* How many code points of each class CPython 3.11 counts below U+10FC, where it and every later
 * version agree, and in all for the classes that no version changed. */
static void classes_are_complete(void **state)
{
    (void)state;
    size_t spaces = 0, digits = 0, alphas = 0, uppers = 0, lowers = 0, punctuations = 0;
    size_t symbols = 0, numerals = 0;
    for (uint32_t c = 0; c < 0x110000; c++) {
        bool early = c < 0x10FC;
        spaces += lme_is_space(c);
        digits += early && lme_is_digit(c);
        alphas += early && lme_is_alpha(c);
        uppers += lme_is_upper(c);
        lowers += early && lme_is_lower(c);
        punctuations += early && lme_is_punctuation(c);
        symbols += early && lme_is_symbol(c);
        numerals += early && lme_is_numeral(c);
    }
    assert_int_equal(spaces, 29);
    assert_int_equal(digits, 193);
    assert_int_equal(alphas, 2455);
    assert_int_equal(uppers, 1951);
    assert_int_equal(lowers, 634);
    assert_int_equal(punctuations, 139);
    assert_int_equal(symbols, 146);
    assert_int_equal(numerals, 244);
}

static void columns_of_a_terminal(void **state)
{
    (void)state;
    assert_int_equal(lme_display_width(LME_STR("")), 0);
    assert_int_equal(lme_display_width(LME_STR("a\xe6\xbc\xa2\xcc\x81")), 3);
    assert_int_equal(lme_display_width(LME_STR("\xf0\x9f\xa7\x88|\t")), 3);
}

static void cuts_end_where_a_character_does(void **state)
{
    (void)state;
    static const char text[] = "a\xc3\xa4\xf0\x9f\xa7\x88";
    static const size_t lengths[] = {0, 1, 1, 3, 3, 3, 3, 7, 7};
    for (size_t len = 0; len < sizeof lengths / sizeof lengths[0]; len++)
        assert_int_equal(lme_utf8_cut(LME_STR(text), len).len, lengths[len]);
    /* Nothing but the middle of one. */
    assert_int_equal(lme_utf8_cut(LME_STR("\x9f\xa7\x88"), 1).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(methods_are_pythons),   cmocka_unit_test(many_sigmas),
        cmocka_unit_test(broken_bytes_stay),     cmocka_unit_test(counts_code_points),
        cmocka_unit_test(what_is_utf8),          cmocka_unit_test(repairs),
        cmocka_unit_test(classes_are_pythons),   cmocka_unit_test(classes_are_complete),
        cmocka_unit_test(columns_of_a_terminal), cmocka_unit_test(cuts_end_where_a_character_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
