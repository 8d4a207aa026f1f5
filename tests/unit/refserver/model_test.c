#include "model.h"
#include "support.h"

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

/* Characters complete after each byte. */
static lme_str characters_of(lme_arena *arena, const char *bytes, size_t *n)
{
    lme_characters characters = {0};
    lme_builder text = {.arena = arena};
    lme_str all = lme_str_from(bytes);
    *n = 0;
    for (size_t i = 0; i < all.len; i++)
        *n += lme_characters_add(&characters, lme_str_slice(all, i, i + 1), &text);
    return lme_builder_finish(&text);
}

static void bytes_join_to_characters(void **state)
{
    lme_arena *arena = *state;
    size_t n;
    assert_str(characters_of(arena,
                             "a\xE6\xBC\xA2"
                             "b\xF0\x9F\xA6\x9C",
                             &n),
               "a\xE6\xBC\xA2"
               "b\xF0\x9F\xA6\x9C");
    assert_int_equal(n, 4);
    /* Broken ones are left out: a lone continuation, a cut character before a letter, an overlong
     * form, a surrogate, a byte that never begins one. */
    assert_str(characters_of(arena,
                             "\x80x\xE6\xBC"
                             "y\xC0\xAFz\xED\xA0\x80w\xFF",
                             &n),
               "xyzw");
    assert_int_equal(n, 4);
    assert_str(characters_of(arena, "", &n), "");
    assert_int_equal(n, 0);
}

static void tokens_print_their_complete_characters(void **state)
{
    lme_arena *arena = *state;
    /* Both characters begin with E2 80, which becomes a token of its own. */
    lme_str text = LME_STR("\xE2\x80\x94 \xE2\x80\x9C \xE2\x80\x94 \xE2\x80\x9C \xE2\x80\x93");
    const lme_model *model = lme_model_of_texts(arena, &text, 1, 0);
    assert_str(model->prints['"'].json, "\"\\\"\"");
    assert_str(model->prints['\n'].json, "\"\\n\"");
    assert_str(model->prints['a'].bytes, "[97]");
    assert_str(model->prints[0xE6].text, "");
    assert_false(model->prints[0xE6].is_whole);
    assert_str(model->prints[LME_TOKEN_END].json, "\"<|endoftext|>\"");
    for (size_t i = 0; i < model->vocab->n; i++) {
        const lme_print *print = &model->prints[i];
        assert_true(print->is_whole == lme_str_equal(print->text, model->vocab->bytes[i]));
    }
}

static void documents_are_separated_by_a_line(void **state)
{
    lme_arena *arena = *state;
    lme_str together = LME_STR("one two\n<|endoftext|>\nthree four"),
            apart[] = {LME_STR("one two"), LME_STR("three four")};
    const lme_model *a = lme_model_of_texts(arena, &together, 1, 0);
    const lme_model *b = lme_model_of_texts(arena, apart, 2, 0);
    assert_int_equal(a->n_tokens, b->n_tokens);
    assert_int_equal(a->ngram->n_rows, b->ngram->n_rows);
}

static void trains_on_the_texts_of_a_folder(void **state)
{
    lme_arena *arena = *state;
    lme_error err = {0};
    const lme_model *model;
    const char *folder = test_folder(arena);
    test_file(arena, folder, "a.txt", "some words and more words");
    test_file(arena, folder, "b.txt", "other words");
    test_file(arena, folder, "c.md", "not this");
    assert_ok(lme_model_train(arena, folder, 0, &model, &err), &err);
    assert_int_equal(model->n_texts, 2);
    assert_int_equal(model->n_bytes, 25 + 11);
    test_folder_remove(folder);
}

static void a_folder_without_texts_is_an_error(void **state)
{
    lme_arena *arena = *state;
    lme_error err = {0};
    const lme_model *model;
    const char *folder = test_folder(arena);
    assert_false(lme_model_train(arena, folder, 0, &model, &err));
    assert_error(&err, LME_ERR_IO, "no .txt file to train on");
    test_folder_remove(folder);
    assert_false(lme_model_train(arena, folder, 0, &model, &err));
    assert_error(&err, LME_ERR_IO, folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_join_to_characters),
        cmocka_unit_test(tokens_print_their_complete_characters),
        cmocka_unit_test(documents_are_separated_by_a_line),
        cmocka_unit_test(trains_on_the_texts_of_a_folder),
        cmocka_unit_test(a_folder_without_texts_is_an_error),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
