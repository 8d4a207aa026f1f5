/* What is kept of a command line that holds secrets. */
#include "network.h"
#include "support.h"

static void secrets_are_hidden_and_the_rest_stands(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    char w[][64] = {"run",
                    "--header",
                    "X: s3cret",
                    "--header=Y: s3cret",
                    "--header",
                    "@file",
                    "--header",
                    "s3cret",
                    "--proxy",
                    "http://anna:s3c@ret@host:1",
                    "--proxy=socks5h://host:1",
                    "--task",
                    "a",
                    "--header"};
    static const char *const kept[] = {"run",
                                       "--header",
                                       "X: [hidden]",
                                       "--header=Y: [hidden]",
                                       "--header",
                                       "@file",
                                       "--header",
                                       "[hidden]",
                                       "--proxy",
                                       "http://[hidden]@host:1",
                                       "--proxy=socks5h://host:1",
                                       "--task",
                                       "a",
                                       "--header"};
    enum {
        N = sizeof kept / sizeof kept[0]
    };
    char *words[N];
    for (size_t i = 0; i < N; i++)
        words[i] = w[i];
    const char *const *got = lme_network_command(arena, words, N);
    for (size_t i = 0; i < N; i++)
        assert_string_equal(got[i], kept[i]);
    assert_null(got[N]);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(secrets_are_hidden_and_the_rest_stands)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
