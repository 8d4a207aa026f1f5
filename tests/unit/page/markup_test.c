/* Whatever a text holds, it is text in the page. */
#include "markup.h"
#include "support.h"

static void check(const char *text, size_t len, const char *expected)
{
    lme_arena *arena = lme_arena_new();
    lme_builder out = {.arena = arena};
    lme_page_text(&out, (lme_str){text, len});
    assert_str(lme_builder_finish(&out), expected);
    lme_arena_free(arena);
}

static void markup_is_escaped(void **state)
{
    (void)state;
    check("</script><b a='\"'>&amp;", 23, "&lt;/script&gt;&lt;b a=&#39;&quot;&#39;&gt;&amp;amp;");
    check("a\tb\n", 4, "a\tb\n");
    check("", 0, "");
}

static void controls_are_pictures(void **state)
{
    (void)state;
    check("\0\x1b\x7f\r", 4, "\xe2\x90\x80\xe2\x90\x9b\xe2\x90\xa1\xe2\x90\x8d");
    check("\xc2\x85", 2, "\xef\xbf\xbd");         /* U+0085 */
    check("\xef\xb7\x90", 3, "\xef\xbf\xbd");     /* U+FDD0 is no character */
    check("\xf0\x9f\xbf\xbf", 4, "\xef\xbf\xbd"); /* nor U+1FFFF */
    check("a\xff", 2, "a\xef\xbf\xbd");           /* a bad byte */
    check("\xef\xbf\xbd\xc3\xa9", 5, "\xef\xbf\xbd\xc3\xa9");
}

static void places_are_filled(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_builder out = {.arena = arena};
    LME_PUT(&out, "<p class=\"%\">%</p>", LME_STR("a\"b"), LME_STR("<i>%"));
    assert_str(lme_builder_finish(&out), "<p class=\"a&quot;b\">&lt;i&gt;%</p>");
    lme_arena_free(arena);
}

static void json_cannot_end_its_script(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_builder out = {.arena = arena};
    lme_value text = lme_string(LME_STR("</script><!--&\xe2\x80\xa8\xc3\xa9\""));
    lme_page_json(&out, &text);
    assert_str(lme_builder_finish(&out),
               "\"\\u003c/script\\u003e\\u003c!--\\u0026\\u2028\\u00e9\\\"\"");
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_is_escaped),
        cmocka_unit_test(controls_are_pictures),
        cmocka_unit_test(places_are_filled),
        cmocka_unit_test(json_cannot_end_its_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
