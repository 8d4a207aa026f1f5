/* What `lmeval run` takes: lm_eval's spellings, and the values that are made of texts. */
#include "run_options.h"
#include "support.h"

#include <string.h>

#include <lmeval/share.h>

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
        const char *words[9], *message;
    } cases[] = {
        {{"run"}, "no task is named"},
        {{"run", "--limit", "3", "hellaswag"}, "\"hellaswag\" is not an option"},
        {{"run", "--task", "t", "--limit", "0"},
         "--limit wants a count from 1, or a share between 0 and 1, got \"0\""},
        {{"run", "--task", "t", "--limit", "1.5"},
         "--limit wants a count from 1, or a share between 0 and 1, got 1.5"},
        {{"run", "--task", "t", "--seed", "x"}, "--seed wants a whole number"},
        {{"run", "--task", "t", "--seed", "0,1,2,None"}, "can't be repeated"},
        {{"run", "--task", "t", "--seed", "0,1"}, "or four with commas, got \"0,1\""},
        {{"run", "--task", "t", "--seed", "0,1,2,3,4"}, "or four with commas"},
        {{"run", "-t", "t", "--fewshot_as_multiturn"}, "goes with --apply-chat-template"},
        {{"run", "-t", "t", "--apply_chat_template", "chatml"}, "the model's own template"},
        {{"run", "-t", "t", "--model", "hf"}, "here a model is behind a server"},
        {{"run", "-t", "t", "--model", "local-chat-completions"}, "add --apply_chat_template"},
        {{"run", "-t", "t", "-a", "max_gen_toks=3"}, "write --gen_kwargs max_gen_toks=N"},
        {{"run", "-t", "t", "-a", "num_concurent=3"}, "did you mean num_concurrent?"},
        {{"run", "-t", "t", "-a", "foo=3"}, "base_url, model, num_concurrent"},
        {{"run", "-t", "t", "-a", "timeout=0"}, "timeout of --model_args is a whole number from 1"},
        {{"run", "-t", "t", "--check_integrity"}, "checked in every run"},
        {{"run", "-t", "t", "--rescore"}, "--rescore wants --output_path"},
        {{"run", "-t", "t", "-o", "d", "--rescore", "--fresh"}, "--fresh does not go with it"},
        {{"run", "-t", "t", "-o", "d", "--rescore", "--use_cache", "p"},
         "--cache does not go with it"},
        {{"run", "-t", "t", "--cache-sampled"}, "name its FILE"},
        {{"run", "-t", "t", "--resume-tolerance", "-1"}, "--resume-tolerance wants"},
        {{"run", "-t", "t", "--wandb_args", "project=p"}, "results.json"},
        {{"run", "-t", "t", "--metadata", "x"}, "--metadata wants key=value pairs"},
        {{"run", "--task", "t", "--max-errors", "-1"}, "--max-errors wants a number"},
        {{"run", "--task", "t", "--max-errors", "100.5%"},
         "--max-errors wants a share of the documents up to 100%, got \"100.5%\""},
        {{"run", "--task", "t", "--max-errors", "200%"},
         "--max-errors wants a share of the documents up to 100%, got \"200%\""},
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

/* Letters that mean something else here, by long usage; both have long names in lm_eval, too. */
static bool is_other_letter(char letter)
{
    return letter == 'c';
}

static const lme_option *row_named(lme_str name)
{
    for (size_t i = 0; i < LME_RUN_OPTION_ROWS; i++) {
        if (lme_str_is(name, lme_run_option_rows[i].name))
            return &lme_run_option_rows[i];
    }
    return NULL;
}

static bool has_letter(const lme_option *option, char letter)
{
    for (size_t i = 0; i < LME_RUN_OPTION_ROWS; i++) {
        const lme_option *row = &lme_run_option_rows[i];
        if (row->letter == letter && row->offset == option->offset && row->kind == option->kind)
            return true;
    }
    return false;
}

/* Every option of lm_eval's `run` is taken, noted or refused with what to do; none is unknown. */
static void knows_every_option_of_lm_eval(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_str text;
    size_t n = 0;
    const char *path = test_source(arena, "tests/golden/lm_eval_options.txt");
    assert_ok(lme_file_read(arena, path, 1u << 16, &text, &err), &err);
    text = lme_str_replace(arena, text, LME_STR("_"), LME_STR("-"));
    for (size_t from = 0, end; from < text.len; from = end + 1) {
        end = lme_str_find(text, LME_STR("\n"), from);
        lme_str line = lme_str_slice(text, from, end);
        size_t blank = lme_str_find(line, LME_STR(" "), 0);
        if (line.ptr[0] == '#')
            continue;
        const lme_option *option = row_named(lme_str_slice(line, 2, blank));
        n++;
        if (option == NULL)
            fail_msg("%.*s is unknown", (int)line.len, line.ptr);
        char letter = blank == SIZE_MAX ? (char)0 : line.ptr[line.len - 1];
        if (option != NULL && letter != 0 && !is_other_letter(letter) &&
            !has_letter(option, letter))
            fail_msg("-%c is not --%s", letter, option->name);
    }
    assert_true(n >= 30);
    lme_arena_free(arena);
}

/* Every row has a name: the number of rows is written by hand. */
static void rows_are_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < LME_RUN_OPTION_ROWS; i++)
        assert_non_null(lme_run_option_rows[i].name);
}

static void takes_lm_evals_model(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_run_fields fields;
    static const char *const words[] = {"run",
                                        "--model",
                                        "local-completions",
                                        "--model_args",
                                        "model=a/b,base_url=http://h:8000/v1/completions",
                                        "num_concurrent=16,max_retries=3,timeout=60,seed=7",
                                        "tokenizer=a/b,tokenized_requests=False",
                                        "--batch_size",
                                        "auto",
                                        "--tasks",
                                        "t",
                                        NULL};
    assert_ok(read_words(arena, words, &fields, &err), &err);
    assert_string_equal(fields.server.model, "a/b");
    assert_string_equal(fields.server.base_url, "http://h:8000/v1/completions");
    assert_int_equal(fields.server.concurrency, 16);
    assert_int_equal(fields.server.max_retries, 2); /* after the first of 3 tries */
    assert_int_equal(fields.server.timeout_s, 60);
    assert_int_equal(fields.server.request_seed, 7);
    assert_int_equal(fields.notes.n, 3);
    assert_non_null(strstr(fields.notes.items[0], "--batch-size has no effect"));
    assert_non_null(strstr(fields.notes.items[1], "--model_args tokenizer has no effect"));
    static const char *const chat[] = {
        "run", "--model", "openai-chat-completions", "-t", "t", "--apply_chat_template", NULL};
    assert_ok(read_words(arena, chat, &fields, &err), &err);
    assert_null(fields.server.model);
    assert_string_equal(fields.server.base_url, "https://api.openai.com/v1");
    lme_arena_free(arena);
}

static void reads_chat_forms(void **state)
{
    (void)state;
    static const struct {
        const char *words[9];
        lme_chat_form form;
    } cases[] = {
        {{"run", "-t", "t"}, LME_CHAT_NONE},
        {{"run", "-t", "t", "--fewshot_as_multiturn=false"}, LME_CHAT_NONE},
        {{"run", "-t", "t", "--apply_chat_template=false"}, LME_CHAT_NONE},
        {{"run", "-t", "t", "--apply_chat_template"}, LME_CHAT_MULTI_TURN},
        {{"run", "--apply_chat_template", "-t", "t"}, LME_CHAT_MULTI_TURN},
        {{"run", "-t", "t", "--apply_chat_template", "--fewshot_as_multiturn"},
         LME_CHAT_MULTI_TURN},
        {{"run", "-t", "t", "--apply_chat_template", "--fewshot_as_multiturn=False"},
         LME_CHAT_SINGLE_TURN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_arena *arena = lme_arena_new();
        lme_error err = {0};
        lme_run_fields fields;
        assert_ok(read_words(arena, cases[i].words, &fields, &err), &err);
        assert_int_equal(fields.task.chat, cases[i].form);
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
        cmocka_unit_test(takes_lm_evals_words), cmocka_unit_test(has_lm_evals_defaults),
        cmocka_unit_test(says_what_is_wrong),   cmocka_unit_test(knows_every_option_of_lm_eval),
        cmocka_unit_test(rows_are_whole),       cmocka_unit_test(takes_lm_evals_model),
        cmocka_unit_test(reads_chat_forms),     cmocka_unit_test(help_fits_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
