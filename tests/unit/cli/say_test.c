/* What is told on stderr: no line wider than 80 columns, nothing that a terminal would act on. */
#include "say.h"
#include "support.h"

static void wide_lines_go_on_below_and_are_harmless(void **state)
{
    (void)state;
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"samples are in runs/a", "lmeval: samples are in runs/a"},
        {"a model \x1b[31mred\xe2\x80\xae", "lmeval: a model \\x1b[31mred\\u202e"},
        {"what\n  hint: do that", "lmeval: what\n  hint: do that"},
        {"the server refused parameters: max_tokens is sent as max_completion_tokens",
         "lmeval: the server refused parameters: max_tokens is sent as\n    max_completion_tokens"},
    };
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_str(lme_said(arena, lme_str_from(cases[i].text)), cases[i].said);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wide_lines_go_on_below_and_are_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
