/* Foreign texts on a terminal: escapes, folding, widths. */
#include "block.h"
#include "support.h"

#include <string.h>

typedef struct seen {
    const char *text, *shown;
} seen;

static const seen visible[] = {
    {"", ""},
    {"plain \xC3\xA9 \xE6\xBC\xA2", "plain \xC3\xA9 \xE6\xBC\xA2"},
    {"a\tb\nc\rd", "a\\tb\\nc\\rd"},
    {"\x1b[31mred\x07", "\\x1b[31mred\\x07"},
    {"\x7f\xC2\x9b", "\\x7f\\x9b"}, /* a one-byte CSI */
    {"\xE2\x80\xAE"
     "abc\xE2\x81\xA9",
     "\\u202eabc\\u2069"},                          /* turned round */
    {"\xE2\x80\x8B\xEF\xBB\xBF", "\\u200b\\ufeff"}, /* not seen */
    {"\xF3\xA0\x81\xA1", "\\U000e0061"},            /* a tag */
    {"\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9",
     "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9"}, /* joined: as it is */
    {"a\xFF"
     "b",
     "a\xEF\xBF\xBD"
     "b"},
};

static void what_acts_or_hides_is_an_escape(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < sizeof visible / sizeof visible[0]; i++)
        assert_str(lme_visible(arena, lme_str_from(visible[i].text)), visible[i].shown);
    lme_arena_free(arena);
}

static const char fifty[] = "1234567890123456789012345678901234567890123456789 ";

static void lines_fold_at_blanks(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_builder text = {.arena = arena}, out = {.arena = arena}, wanted = {.arena = arena};
    lme_builder_format(&text, "%sand thirty more bytes and the rest\n\x1b", fifty);
    lme_block_write(&out, lme_builder_finish(&text));
    lme_builder_format(&wanted, "  |%sand thirty more bytes and \n  :the rest\n  |\\x1b|\n", fifty);
    assert_str(lme_builder_finish(&out), lme_builder_finish(&wanted).ptr);

    lme_builder folded = {.arena = arena};
    lme_fold(&folded, lme_builder_finish(&text), 10);
    wanted.len = 0;
    lme_builder_format(&wanted, "%sand thirty more\n          bytes and the rest\\n\\x1b\n", fifty);
    assert_str(lme_builder_finish(&folded), lme_builder_finish(&wanted).ptr);
    lme_arena_free(arena);
}

/* 100 wide characters without a blank: 38 to a line of 76 columns. */
static void wide_characters_count_two(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_builder text = {.arena = arena}, out = {.arena = arena};
    for (size_t i = 0; i < 100; i++)
        lme_builder_add(&text, LME_STR("\xE6\xBC\xA2"));
    lme_block_write(&out, lme_builder_finish(&text));
    lme_str made = lme_builder_finish(&out);
    assert_int_equal(lme_str_find(made, LME_STR("\n"), 0), 3 + 38 * 3);
    assert_int_equal(made.len, 3 + 300 + 2 * 4 + 2);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_acts_or_hides_is_an_escape),
        cmocka_unit_test(lines_fold_at_blanks),
        cmocka_unit_test(wide_characters_count_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
