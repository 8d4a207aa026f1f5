/* Regular expressions: findall and sub as CPython 3.11's re gives them (printed as repr). */
#include "support.h"

#include <string.h>

#include <lmeval/regex.h>

static lme_regex *compiled(lme_arena *arena, const char *pattern)
{
    lme_regex *regex = NULL;
    lme_error err = {0};
    assert_ok(lme_regex_compile(arena, lme_str_from(pattern), &regex, &err), &err);
    return regex;
}

static void finds_what_python_finds(void **state)
{
    (void)state;
    /* pattern, subject, repr(re.findall(pattern, subject)) */
    static const char *const cases[][3] = {
        {"#### (\\-?[0-9\\.\\,]+)", "a #### 1,180\n#### -3.5.", "['1,180', '-3.5.']"},
        {"(-?[$0-9.,]{2,})|(-?[0-9]+)", "pays $1,180 or 7.", "[('$1,180', ''), ('7.', '')]"},
        {"a*", "baac", "['', 'aa', '', '']"},
        {"x*", "\xc3\xa9x", "['', 'x', '']"},
        {"\\[.*?\\]", "a [b] c [d]", "['[b]', '[d]']"},
        {"$", "a\n", "['', '']"},
        {"a\\Z", "a\n", "[]"},
        {"^a", "a\na", "['a']"},
        {"(?s)a.b", "a\nb", "['a\\nb']"},
        {"a.b", "a\nb", "[]"},
        {"\\bcaf\xc3\xa9\\b", "caf\xc3\xa9 caf\xc3\xa9s", "['caf\xc3\xa9']"},
        {"\\w+", "na\xc3\xafve \xd0\x9e\xd0\xbb\xd0\xb5\xd0\xb3",
         "['na\xc3\xafve', '\xd0\x9e\xd0\xbb\xd0\xb5\xd0\xb3']"},
        {"(?P<k>\\d+)=(?P=k)", "1=1 2=3", "['1']"},
        {"\\u00e9|\\U0001F9C8", "\xc3\xa9 \xf0\x9f\xa7\x88", "['\xc3\xa9', '\xf0\x9f\xa7\x88']"},
        {"(?<=: )\\w", "a: b", "['b']"},
        {"(a)|b", "ab", "['a', '']"},
        {"", "ab", "['', '', '']"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_arena *arena = lme_arena_new();
        lme_error err = {0};
        lme_value list;
        assert_ok(lme_regex_findall(arena, compiled(arena, cases[i][0]), lme_str_from(cases[i][1]),
                                    &list, &err),
                  &err);
        assert_str(lme_value_repr(arena, &list), cases[i][2]);
        lme_arena_free(arena);
    }
}

static void replaces_as_python_does(void **state)
{
    (void)state;
    /* pattern, replacement, subject, re.sub(...) */
    static const char *const cases[][4] = {
        {"\\[.*?\\]", "", "a [b]c [d] e", "a c  e"},
        {"(?s).*#### ", "", "x\ny #### 12", "12"},
        {",", "", "1,180,000", "1180000"},
        {"\\.$", "", "12.", "12"},
        {"(\\w)(\\w)", "\\2\\1", "abcd", "badc"},
        {"(?P<first>a)", "<\\g<first>\\g<1>>", "xax", "x<aa>x"},
        {"x*", "-", "abxd", "-a-b--d-"},
        {"b", "\\n\\\\", "abc", "a\n\\c"},
        {"a", "\xc3\xa9", "aa", "\xc3\xa9\xc3\xa9"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_arena *arena = lme_arena_new();
        lme_error err = {0};
        lme_str result;
        assert_ok(lme_regex_sub(arena, compiled(arena, cases[i][0]), lme_str_from(cases[i][1]),
                                lme_str_from(cases[i][2]), 0, &result, &err),
                  &err);
        assert_str(result, cases[i][3]);
        lme_arena_free(arena);
    }
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_str result;
    assert_ok(
        lme_regex_sub(arena, compiled(arena, "a"), LME_STR("b"), LME_STR("aaa"), 2, &result, &err),
        &err);
    assert_str(result, "bba");
    lme_arena_free(arena);
}

static void searches_from_a_place(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_match match;
    lme_regex *regex = compiled(arena, "(a)|(b)");
    assert_ok(lme_regex_search(arena, regex, LME_STR("xab"), 2, &match, &err), &err);
    assert_int_equal(match.n_groups, 3);
    assert_int_equal(match.start[0], 2);
    assert_true(match.start[1] == SIZE_MAX);
    assert_int_equal(match.end[2], 3);
    assert_ok(lme_regex_search(arena, regex, LME_STR("xyz"), 0, &match, &err), &err);
    assert_int_equal(match.n_groups, 0);
    lme_arena_free(arena);
}

static void faults_are_told(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_regex *regex = NULL;
    assert_false(lme_regex_compile(arena, LME_STR("a(b"), &regex, &err));
    assert_error(&err, LME_ERR_TASK, "bad regular expression a(b: missing closing parenthesis");
    assert_false(lme_regex_compile(arena, LME_STR("\xff"), &regex, &err));
    assert_error(&err, LME_ERR_TASK, "not valid UTF-8");
    lme_value list;
    assert_false(lme_regex_findall(arena, compiled(arena, "a"), LME_STR("\xff"), &list, &err));
    assert_error(&err, LME_ERR_DATA, "not valid UTF-8");
    lme_str result;
    static const char *const bad[] = {"\\3", "\\g<none>", "\\q", "\\", "\\g"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(lme_regex_sub(arena, compiled(arena, "(a)"), lme_str_from(bad[i]),
                                   LME_STR("a"), 0, &result, &err));
        assert_error(&err, LME_ERR_TASK, "the replacement");
    }
    lme_arena_free(arena);
}

static void catastrophes_end(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_value list;
    lme_builder text = {.arena = arena};
    for (int i = 0; i < 60; i++)
        lme_builder_char(&text, 'a');
    lme_builder_char(&text, 'b');
    assert_false(lme_regex_findall(arena, compiled(arena, "(a+)+$"), lme_builder_finish(&text),
                                   &list, &err));
    assert_error(&err, LME_ERR_LIMIT, "gave up");
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_python_finds), cmocka_unit_test(replaces_as_python_does),
        cmocka_unit_test(searches_from_a_place),   cmocka_unit_test(faults_are_told),
        cmocka_unit_test(catastrophes_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
