/* Regular expressions: findall, search and sub as CPython's re gives them (regex.cases), what it
 * refuses, and the limits. */
#include "case_file.h"

#include <lmeval/regex.h>

static lme_regex *compiled(lme_arena *arena, lme_str pattern)
{
    lme_regex *regex = NULL;
    lme_error err = {0};
    assert_ok(lme_regex_compile(arena, pattern, &regex, &err), &err);
    return regex;
}

static void check_spans(const lme_value *row, const lme_match *match, const lme_value *spans)
{
    bool same = match->n_groups == (spans->kind == LME_NULL ? 0 : spans->list.len);
    for (size_t i = 0; same && i < match->n_groups; i++) {
        const lme_value *span = spans->list.items[i].list.items;
        same =
            match->start[i] == (size_t)span[0].integer && match->end[i] == (size_t)span[1].integer;
    }
    if (!same)
        assert_case(row, LME_STR("other spans"), LME_STR(""));
}

static void check_find(lme_arena *arena, const lme_value *row)
{
    const lme_regex *regex = compiled(arena, case_text(row, "pattern"));
    lme_str subject = case_text(row, "subject");
    lme_error err = {0};
    lme_value list;
    lme_match match;
    assert_ok(lme_regex_findall(arena, regex, subject, &list, &err), &err);
    assert_case(row, lme_value_repr(arena, &list), case_text(row, "findall"));
    assert_ok(lme_regex_search(arena, regex, subject, 0, &match, &err), &err);
    check_spans(row, &match, lme_value_find(row, "spans"));
}

static void check_sub(lme_arena *arena, const lme_value *row)
{
    const lme_regex *regex = compiled(arena, case_text(row, "pattern"));
    size_t count = (size_t)lme_value_find(row, "count")->integer;
    lme_error err = {0};
    lme_str result;
    assert_ok(lme_regex_sub(arena, regex, case_text(row, "replacement"), case_text(row, "subject"),
                            count, &result, &err),
              &err);
    assert_case(row, result, case_text(row, "sub"));
}

static void check_refused(lme_arena *arena, const lme_value *row)
{
    lme_regex *regex = NULL;
    lme_error err = {0};
    if (lme_regex_compile(arena, case_text(row, "pattern"), &regex, &err))
        assert_case(row, LME_STR("was accepted"), LME_STR(""));
    assert_error(&err, LME_ERR_TASK, "bad regular expression");
}

static void check_case(lme_arena *arena, const lme_value *row)
{
    if (lme_value_find(row, "refused") != NULL)
        check_refused(arena, row);
    else if (lme_value_find(row, "sub") != NULL)
        check_sub(arena, row);
    else
        check_find(arena, row);
}

static void cases_of_the_file(void **state)
{
    (void)state;
    for_each_case("regex.cases", check_case);
}

static void searches_from_a_place(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_match match;
    lme_regex *regex = compiled(arena, LME_STR("(a)|(?<=a)(b)"));
    assert_ok(lme_regex_search(arena, regex, LME_STR("xab"), 2, &match, &err), &err);
    assert_int_equal(match.n_groups, 3);
    assert_int_equal(match.start[0], 2);
    assert_true(match.start[1] == SIZE_MAX && match.end[1] == SIZE_MAX);
    assert_int_equal(match.end[2], 3);
    assert_ok(lme_regex_search(arena, regex, LME_STR("xyz"), 0, &match, &err), &err);
    assert_int_equal(match.n_groups, 0);
    assert_ok(lme_regex_search(arena, regex, LME_STR("a"), 99, &match, &err), &err);
    assert_int_equal(match.n_groups, 0);

    regex = compiled(arena, LME_STR("$"));
    assert_ok(lme_regex_search(arena, regex, LME_STR("a"), 99, &match, &err), &err);
    assert_int_equal(match.start[0], 1);
    assert_ok(lme_regex_search(arena, regex, (lme_str){NULL, 0}, 0, &match, &err), &err);
    assert_int_equal(match.n_groups, 1);
    /* From the middle of a character: from the next one. */
    regex = compiled(arena, LME_STR("."));
    assert_ok(lme_regex_search(arena, regex, LME_STR("\xc3\xa9x"), 1, &match, &err), &err);
    assert_int_equal(match.start[0], 2);
    lme_arena_free(arena);
}

static void nul_is_a_character(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_str result;
    lme_regex *regex = compiled(arena, LME_STR("[\0x]\0"));
    assert_ok(lme_regex_sub(arena, regex, LME_STR("<\0>"), LME_STR("a\0\0b"), 0, &result, &err),
              &err);
    assert_true(lme_str_equal(result, LME_STR("a<\0>b")));
    lme_arena_free(arena);
}

static void faults_are_told(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"a(b", "bad regular expression a(b: missing ), unterminated group (at byte 3)"},
        {"\xc3\xa9)", "bad regular expression \xc3\xa9): unbalanced parenthesis (at byte 2)"},
        {"\\d\\q", "bad regular expression \\d\\q: bad escape \\q (at byte 2)"},
        {"\\s\\s+*?*", "quantifier does not follow a repeatable item (at byte"},
        {"a[b", "bad regular expression a[b: unterminated character set (at byte 1)"},
        {"[\\w-z]", "bad regular expression [\\w-z]: bad character range \\w-z (at byte 1)"},
        {"\\u12", "bad regular expression \\u12: \\u wants 4 hexadecimal digits (at byte 0)"},
        {"(?<n>a)", "bad regular expression (?<n>a): unknown extension ?< (at byte 1)"},
        {"(?P<n>a", "missing ), unterminated group (at byte 7)"},
        {"(?P<na", "missing > behind a group's name (at byte 4)"},
        {"a(?i)", "flags for all stand behind the beginning (at byte 1)"},
        {"(?a)b", "the flag a is not known here (at byte 2)"},
        {"\\N{DASH}", "\\N{name} is not known here, write \\uXXXX (at byte 0)"},
        {"(a)\\2", "there is no group 2 before it (at byte 3)"},
        {"\\777", "octal escape outside of \\0 to \\377 (at byte 0)"},
        {"\\", "a backslash stands at the end (at byte 0)"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        lme_arena *arena = lme_arena_new();
        lme_error err = {0};
        lme_regex *regex = NULL;
        if (lme_regex_compile(arena, lme_str_from(bad[i][0]), &regex, &err))
            fail_msg("accepted: %s", bad[i][0]);
        assert_error(&err, LME_ERR_TASK, bad[i][1]);
        lme_arena_free(arena);
    }
}

/* What PCRE2 finds wrong it finds in the translation: the place is led back to the pattern. */
static void places_are_of_the_pattern(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_regex *regex = NULL;
    assert_false(lme_regex_compile(arena, LME_STR("\\s\\s[\\s]b{2,1}x"), &regex, &err));
    assert_error(&err, LME_ERR_TASK, "numbers out of order in {} quantifier (at byte 13)");
    lme_arena_free(arena);
}

static void texts_that_are_not_utf8(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_regex *regex = NULL;
    lme_value list;
    assert_false(lme_regex_compile(arena, LME_STR("\xff"), &regex, &err));
    assert_error(&err, LME_ERR_TASK, "the regular expression is not valid UTF-8");
    regex = compiled(arena, LME_STR("a"));
    assert_false(lme_regex_findall(arena, regex, LME_STR("\xff"), &list, &err));
    assert_error(&err, LME_ERR_DATA, "the text that a is matched with is not valid UTF-8");
    /* Also in front of where the search begins. */
    lme_match match;
    err = (lme_error){0};
    assert_false(lme_regex_search(arena, regex,
                                  LME_STR("\x9b"
                                          "a"),
                                  1, &match, &err));
    assert_error(&err, LME_ERR_DATA, "is not valid UTF-8");
    lme_str result;
    err = (lme_error){0};
    assert_false(lme_regex_sub(arena, regex, LME_STR(""), LME_STR("\x80"), 0, &result, &err));
    assert_error(&err, LME_ERR_DATA, "is not valid UTF-8");
    lme_arena_free(arena);
}

static void replacements_are_checked(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"\\3", "the replacement names group 3; (?P<n>a) has 1"},
        {"\\g<2>", "the replacement names group 2; (?P<n>a) has 1"},
        {"\\g<none>", "the replacement names group none; (?P<n>a) has none"},
        {"\\g<>", "the replacement names group ; (?P<n>a) has none"},
        {"\\g<n", "the replacement has \\g without <name>"},
        {"\\g", "the replacement has \\g without <name>"},
        {"\\q", "the replacement has the unknown escape \\q"},
        {"\\400", "the replacement has an octal escape outside of \\0 to \\377"},
        {"a\\", "the replacement ends with a backslash"},
    };
    lme_arena *arena = lme_arena_new();
    lme_regex *regex = compiled(arena, LME_STR("(?P<n>a)"));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        lme_error err = {0};
        lme_str result;
        assert_false(
            lme_regex_sub(arena, regex, lme_str_from(bad[i][0]), LME_STR("a"), 0, &result, &err));
        assert_error(&err, LME_ERR_TASK, bad[i][1]);
    }
    lme_arena_free(arena);
}

static lme_str repeated(lme_arena *arena, const char *part, size_t n)
{
    lme_builder text = {.arena = arena};
    for (size_t i = 0; i < n; i++)
        lme_builder_add(&text, lme_str_from(part));
    return lme_builder_finish(&text);
}

static void catastrophes_end(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_value list;
    lme_str text = lme_str_concat(arena, repeated(arena, "a", 60), LME_STR("b"));
    assert_false(lme_regex_findall(arena, compiled(arena, LME_STR("(a+)+$")), text, &list, &err));
    assert_error(&err, LME_ERR_LIMIT, "the regular expression (a+)+$ gave up");
    assert_error(&err, LME_ERR_LIMIT, "hint: nested repeats");
    lme_arena_free(arena);
}

/* More to go back to than compiled code has room for. */
static void long_texts_are_matched(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_value list;
    lme_str text = lme_str_concat(arena, repeated(arena, "ab", 50000), LME_STR("!"));
    lme_regex *regex = compiled(arena, LME_STR("^(?:(a)|(b))*!$"));
    assert_ok(lme_regex_findall(arena, regex, text, &list, &err), &err);
    assert_str(lme_value_repr(arena, &list), "[('a', 'b')]");
    lme_arena_free(arena);
}

/* Looking through the whole text for each match would take minutes. */
static void many_matches(void **state)
{
    (void)state;
    enum {
        MANY = 300000
    };
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_value list;
    lme_str text = repeated(arena, "\xc3\xa9 ", MANY), result;
    lme_regex *regex = compiled(arena, LME_STR("\\w"));
    assert_ok(lme_regex_findall(arena, regex, text, &list, &err), &err);
    assert_int_equal(list.list.len, MANY);
    assert_ok(lme_regex_sub(arena, regex, LME_STR("e"), text, 0, &result, &err), &err);
    assert_int_equal(result.len, 2 * MANY);
    lme_arena_free(arena);
}

static void depth_is_bounded(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_regex *regex = NULL;
    assert_false(lme_regex_compile(arena, repeated(arena, "(", 100000), &regex, &err));
    assert_error(&err, LME_ERR_TASK, "((...: nested deeper than 200 levels (at byte 200)");
    lme_str fine = lme_str_concat(arena, repeated(arena, "(?:", 200), repeated(arena, ")", 200));
    compiled(arena, fine);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_of_the_file),
        cmocka_unit_test(searches_from_a_place),
        cmocka_unit_test(nul_is_a_character),
        cmocka_unit_test(faults_are_told),
        cmocka_unit_test(places_are_of_the_pattern),
        cmocka_unit_test(texts_that_are_not_utf8),
        cmocka_unit_test(replacements_are_checked),
        cmocka_unit_test(catastrophes_end),
        cmocka_unit_test(long_texts_are_matched),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(many_matches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
