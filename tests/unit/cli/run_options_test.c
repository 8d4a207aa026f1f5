/* What `lmeval run` takes: lm_eval's spellings, and the values that are made of texts. */
#include "run_options.h"
#include "support.h"

#include <string.h>

enum {
    MAX_WORDS = 24
};

static bool read_words(lme_arena *arena, const char *const *words, lme_run_fields *fields,
                       lme_error *err)
{
    char *argv[MAX_WORDS + 1] = {NULL};
    for (size_t i = 0; words[i] != NULL; i++) {
        argv[i] = lme_arena_alloc(arena, strlen(words[i]) + 1);
        memcpy(argv[i], words[i], strlen(words[i]));
    }
    *fields = lme_run_fields_default();
    return lme_run_fields_read(arena, fields, argv, err);
}

static void takes_lm_evals_words(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_run_fields fields;
    static const char *const words[] = {"run",
                                        "--tasks",
                                        "hellaswag,gsm8k",
                                        "--num_fewshot",
                                        "0",
                                        "--limit",
                                        "0.5",
                                        "--output_path",
                                        "out",
                                        "--seed",
                                        "0,1234,1234,7",
                                        "--log_samples",
                                        "--gen_kwargs",
                                        "temperature=0.7,top_p=1",
                                        "until=[\"a\"]",
                                        "--max-errors",
                                        "2.5%",
                                        NULL};
    assert_ok(read_words(arena, words, &fields, &err), &err);
    assert_int_equal(fields.task.tasks.n, 2);
    assert_int_equal(fields.task.num_fewshot, 0);
    assert_true(fields.task.limit == 0.5);
    assert_int_equal(fields.task.fewshot_seed, 7);
    assert_true(lme_run_fields_allowed(&fields, 200) == 5);
    const lme_value *kwargs = &fields.task.gen_kwargs_value;
    assert_true(lme_value_find(kwargs, "temperature")->number == 0.7);
    assert_true(lme_value_find(kwargs, "top_p")->kind == LME_INT);
    assert_str(lme_value_find(kwargs, "until")->list.items[0].string, "a");
    lme_arena_free(arena);
}

static void has_lm_evals_defaults(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_run_fields fields;
    static const char *const words[] = {"run", "--task", "t", NULL};
    assert_ok(read_words(arena, words, &fields, &err), &err);
    assert_int_equal(fields.task.num_fewshot, -1);
    assert_int_equal(fields.task.fewshot_seed, 1234);
    assert_int_equal(fields.server.request_seed, 1234);
    assert_int_equal(fields.server.concurrency, 8);
    assert_true(fields.task.gen_kwargs_value.kind == LME_NULL);
    assert_true(lme_run_fields_allowed(&fields, 200) == 0);
    lme_arena_free(arena);
}

static void says_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *words[6], *message;
    } cases[] = {
        {{"run"}, "no task is named"},
        {{"run", "--limit", "3", "hellaswag"}, "\"hellaswag\" is not an option"},
        {{"run", "--task", "t", "--limit", "0"}, "--limit wants a number from"},
        {{"run", "--task", "t", "--seed", "x"}, "--seed wants a whole number"},
        {{"run", "--task", "t", "--seed", "0,1,2,None"}, "can't be repeated"},
        {{"run", "--task", "t", "--seed", "0,1"}, "or four with commas, got \"0,1\""},
        {{"run", "--task", "t", "--seed", "0,1,2,3,4"}, "or four with commas"},
        {{"run", "--task", "t", "--max-errors", "-1"}, "--max-errors wants a number"},
        {{"run", "--task", "t", "--gen-kwargs", "temperature"}, "key=value pairs"},
        {{"run", "--task", "t", "--gen-kwargs", "{\"a\": "}, "--gen-kwargs"},
        {{"run", "--task", "t", "--num_fewshot", "-1"}, "--num-fewshot wants a number from 0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_arena *arena = lme_arena_new();
        lme_error err = {0};
        lme_run_fields fields;
        assert_false(read_words(arena, cases[i].words, &fields, &err));
        char text[4096];
        lme_error_text(&err, text, sizeof text);
        if (strstr(text, cases[i].message) == NULL)
            fail_msg("\"%s\" lacks \"%s\"", text, cases[i].message);
        lme_arena_free(arena);
    }
}

static void help_fits_a_terminal(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const lme_option_table table = {lme_run_option_rows, LME_RUN_OPTION_ROWS};
    lme_builder out = {.arena = arena};
    lme_options_help(&out, &table);
    lme_str text = lme_builder_finish(&out);
    for (size_t from = 0; from < text.len;) {
        size_t end = lme_str_find(text, LME_STR("\n"), from);
        if (end - from > 80)
            fail_msg("too wide: %.*s", (int)(end - from), text.ptr + from);
        from = end + 1;
    }
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_lm_evals_words),
        cmocka_unit_test(has_lm_evals_defaults),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(help_fits_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
