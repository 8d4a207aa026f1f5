/* Unicode: Python's str methods on the code points where they are not simple. */
#include "support.h"

#include <string.h>

#include <lmeval/unicode.h>

static void cases_are_pythons(void **state)
{
    (void)state;
    /* text, lower, upper, title, capitalize: CPython 3.11 */
    static const char *const cases[][5] = {
        {"", "", "", "", ""},
        {"hello WORLD it's", "hello world it's", "HELLO WORLD IT'S", "Hello World It'S",
         "Hello world it's"},
        {"stra\xc3\x9f"
         "e",
         "stra\xc3\x9f"
         "e",
         "STRASSE",
         "Stra\xc3\x9f"
         "e",
         "Stra\xc3\x9f"
         "e"},
        {"\xc3\x9f", "\xc3\x9f", "SS", "Ss", "Ss"},
        {"\xce\x9f\xce\x94\xce\x9f\xce\xa3 \xce\xa3", "\xce\xbf\xce\xb4\xce\xbf\xcf\x82 \xcf\x83",
         "\xce\x9f\xce\x94\xce\x9f\xce\xa3 \xce\xa3", "\xce\x9f\xce\xb4\xce\xbf\xcf\x82 \xce\xa3",
         "\xce\x9f\xce\xb4\xce\xbf\xcf\x82 \xcf\x83"},
        {"\xef\xac\x81n", "\xef\xac\x81n", "FIN", "Fin", "Fin"},
        {"\xc4\xb0", "i\xcc\x87", "\xc4\xb0", "\xc4\xb0", "\xc4\xb0"},
        {"\xc7\x86x", "\xc7\x86x", "\xc7\x84X", "\xc7\x85x", "\xc7\x85x"},
        {"\xd0\xbe\xd0\xbb\xd0\xb5\xd0\xb3", "\xd0\xbe\xd0\xbb\xd0\xb5\xd0\xb3",
         "\xd0\x9e\xd0\x9b\xd0\x95\xd0\x93", "\xd0\x9e\xd0\xbb\xd0\xb5\xd0\xb3",
         "\xd0\x9e\xd0\xbb\xd0\xb5\xd0\xb3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_arena *arena = lme_arena_new();
        lme_str s = lme_str_from(cases[i][0]);
        assert_str(lme_lower(arena, s), cases[i][1]);
        assert_str(lme_upper(arena, s), cases[i][2]);
        assert_str(lme_title(arena, s), cases[i][3]);
        assert_str(lme_capitalize(arena, s), cases[i][4]);
        lme_arena_free(arena);
    }
}

static void strips_pythons_white_space(void **state)
{
    (void)state;
    lme_str s = LME_STR("\x1c\t \xc2\xa0\xe3\x80\x80 a b \xe2\x80\xa8\xc2\x85\n");
    assert_str(lme_strip(s), "a b");
    assert_str(lme_rstrip(LME_STR("a\xe2\x80\x8b")), "a\xe2\x80\x8b");
    assert_str(lme_lstrip(LME_STR(" \xe1\xa0\x8e")), "\xe1\xa0\x8e");
    assert_str(lme_strip(LME_STR(" \n ")), "");
    /* a broken byte is not white space and ends nothing */
    assert_str(lme_strip(LME_STR(" \xa0 ")), "\xa0");
}

static void counts_code_points(void **state)
{
    (void)state;
    lme_str s = LME_STR("Zo\xc3\xab \xe2\x80\x94 \xf0\x9f\xa7\x88!");
    assert_int_equal(lme_codepoints(s), 8);
    assert_int_equal(lme_codepoint_offset(s, 3), 4);
    assert_int_equal(lme_codepoint_offset(s, 99), s.len);
    assert_true(lme_utf8_valid(s));
    static const char *const bad[] = {"\xff",     "\xc3",         "\xe2\x82",
                                      "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(lme_utf8_valid(lme_str_from(bad[i])));
    lme_arena *arena = lme_arena_new();
    assert_str(lme_utf8_repair(arena, LME_STR("a\xff"
                                              "b")),
               "a\xef\xbf\xbd"
               "b");
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
    assert_int_equal(lme_display_width(LME_STR("a\xe6\xbc\xa2\xcc\x81")), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_are_pythons),
        cmocka_unit_test(strips_pythons_white_space),
        cmocka_unit_test(counts_code_points),
        cmocka_unit_test(classes_are_pythons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
