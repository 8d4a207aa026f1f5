/* Lines no wider than 80 columns: wrapped messages, cut summaries, two columns. */
#include "rows.h"
#include "support.h"
#include "wrap.h"

#define TEN     "123456789 "
#define SEVENTY TEN TEN TEN TEN TEN TEN TEN

static void words_go_on_below(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t column;
        const char *wrapped;
    } cases[] = {
        {"", 0, ""},
        {"short", 8, "short"},
        {SEVENTY "1234567890", 0, SEVENTY "1234567890"},
        {SEVENTY "12345678901", 0,
         "123456789 123456789 123456789 123456789 123456789 123456789 "
         "123456789\n    12345678901"},
        {SEVENTY "x", 9, SEVENTY "x"},
        {SEVENTY "xy", 9,
         "123456789 123456789 123456789 123456789 123456789 123456789 "
         "123456789\n    xy"},
        {"a\n  hint: b", 79, "a\n  hint: b"},
        {"see http://localhost/"
         "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggg/ b",
         8,
         "see\n    http://localhost/"
         "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggg/\n    b"},
        /* A wide character takes two columns. */
        {"\xe6\xb0\xb4 \xe6\xb0\xb4", 75, "\xe6\xb0\xb4 \xe6\xb0\xb4"},
        {"\xe6\xb0\xb4 \xe6\xb0\xb4", 76, "\xe6\xb0\xb4\n    \xe6\xb0\xb4"},
    };
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_builder out = {.arena = arena};
        lme_wrap(&out, lme_str_from(cases[i].text), cases[i].column, 4);
        assert_str(lme_builder_finish(&out), cases[i].wrapped);
    }
    lme_arena_free(arena);
}

static void what_is_too_wide_is_cut(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_builder out = {.arena = arena};
    lme_cut(&out, LME_STR("12345"), 75);
    lme_builder_char(&out, '|');
    lme_cut(&out, LME_STR("123456"), 75);
    lme_builder_char(&out, '|');
    lme_cut(&out, LME_STR("1\xe6\xb0\xb4\xe6\xb0\xb4\xe6\xb0\xb4"), 75);
    assert_str(lme_builder_finish(&out), "12345|12...|1...");
    lme_arena_free(arena);
}

static void the_left_column_is_as_wide_as_its_names(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *wide = "a_name_that_is_wider_than_the_left_column_may_be";
    const lme_row rows[] = {{LME_STR("a"), LME_STR("one")},
                            {LME_STR("validate"), LME_STR(SEVENTY "end")},
                            {lme_str_from(wide), LME_STR("w")}};
    lme_builder out = {.arena = arena};
    lme_rows_write(&out, rows, 3, &(lme_rows_style){.indent = 2});
    assert_str(lme_builder_finish(&out),
               "  a         one\n"
               "  validate  123456789 123456789 123456789 123456789 123456789 123456789\n"
               "            123456789 end\n"
               "  a_name_that_is_wider_than_the_left_column_may_be\n"
               "            w\n");
    out = (lme_builder){.arena = arena};
    lme_rows_write(&out, rows, 3, &(lme_rows_style){.cut = true});
    assert_str(lme_builder_finish(&out),
               "a         one\n"
               "validate  123456789 123456789 123456789 123456789 123456789 123456789 1234567...\n"
               "a_name_that_is_wider_than_the_left_column_may_be  w\n");
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_go_on_below),
        cmocka_unit_test(what_is_too_wide_is_cut),
        cmocka_unit_test(the_left_column_is_as_wide_as_its_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
