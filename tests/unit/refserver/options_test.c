#include "options.h"
#include "support.h"

#include <string.h>

static int set_up(void **state)
{
    *state = lme_arena_new();
    return 0;
}

static int tear_down(void **state)
{
    lme_arena_free(*state);
    return 0;
}

/* Reads a line of words; getopt needs words that may be changed. */
static bool read_line(lme_arena *arena, const char *line, lme_refserver_arguments *arguments,
                      lme_error *err)
{
    char *words[32], *text = LME_ARRAY(arena, char, strlen(line) + 1);
    int n = 0;
    memcpy(text, line, strlen(line) + 1);
    for (char *at = text; *at != '\0';) {
        words[n++] = at;
        at += strcspn(at, " ");
        if (*at != '\0')
            *at++ = '\0';
    }
    words[n] = NULL;
    *err = (lme_error){0};
    return lme_refserver_arguments_read(n, words, arguments, err);
}

static void options_fill_the_struct(void **state)
{
    lme_arena *arena = *state;
    lme_error err;
    lme_refserver_arguments a;
    assert_ok(read_line(arena,
                        "x --port 81 --port_file=p_f --model m --corpus c --quantize-bits=4 "
                        "--impersonate bos --faults 500=0.5 --fault_seed 7 --latency-ms 9 "
                        "--api-key k --replay r --replay-strict --threads 2 --token-us 8 "
                        "--prompt-token-us 6",
                        &a, &err),
              &err);
    assert_int_equal(a.server.port, 81);
    assert_string_equal(a.port_file, "p_f"); /* `_` in values stays */
    assert_string_equal(a.server.model, "m");
    assert_string_equal(a.server.corpus, "c");
    assert_int_equal(a.server.quantize_bits, 4);
    assert_string_equal(a.server.impersonate, "bos");
    assert_string_equal(a.server.faults, "500=0.5");
    assert_int_equal(a.server.fault_seed, 7);
    assert_int_equal(a.server.latency_ms, 9);
    assert_int_equal(a.server.prompt_token_us, 6);
    assert_int_equal(a.server.token_us, 8);
    assert_string_equal(a.server.api_key, "k");
    assert_string_equal(a.server.replay, "r");
    assert_true(a.server.replay_strict);
    assert_int_equal(a.server.threads, 2);
    assert_ok(read_line(arena, "x", &a, &err), &err);
    assert_int_equal(a.server.port, 0);
    assert_ok(read_line(arena, "x --help --version", &a, &err), &err);
    assert_true(a.wants_help && a.wants_version);
}

static void assert_bad(lme_arena *arena, const char *line, const char *part)
{
    lme_error err;
    lme_refserver_arguments a;
    assert_false(read_line(arena, line, &a, &err));
    assert_error(&err, LME_ERR_USAGE, part);
}

static void wrong_lines_are_errors(void **state)
{
    lme_arena *arena = *state;
    assert_bad(arena, "x --prot 8", "unknown option \"prot\"");
    assert_bad(arena, "x --prot 8", "did you mean port?");
    assert_bad(arena, "x --port eight", "--port: got \"eight\", expected a number from 0 to");
    assert_bad(arena, "x --port -1", "--port: got \"-1\"");
    assert_bad(arena, "x --fault-seed 1e3", "--fault-seed: got \"1e3\"");
    assert_bad(arena, "x --model", "--model needs a value");
    assert_bad(arena, "x --help=yes", "--help takes no value");
    assert_bad(arena, "x serve", "unknown argument \"serve\"");
    assert_bad(arena, "x -p 3", "unknown argument \"-p\"");
    assert_bad(arena, "x --", "unknown");
}

static void help_names_everything(void **state)
{
    lme_arena *arena = *state;
    lme_str help = lme_refserver_help(arena);
    assert_true(lme_str_find(help, LME_STR("--replay-strict"), 0) != SIZE_MAX);
    for (const lme_refserver_row *row = lme_refserver_traits(); row->name != NULL; row++)
        assert_true(lme_str_find(help, lme_str_from(row->name), 0) != SIZE_MAX);
    for (const lme_refserver_row *row = lme_refserver_faults(); row->name != NULL; row++)
        assert_true(lme_str_find(help, lme_str_from(row->name), 0) != SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_fill_the_struct),
        cmocka_unit_test(wrong_lines_are_errors),
        cmocka_unit_test(help_names_everything),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
