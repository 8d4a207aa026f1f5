#include "model.h"
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <lmeval/share.h>

typedef struct fixture {
    lme_arena *arena;
    const lme_model *exact, *coarse;
    lme_str training, held_out;
} fixture;

static lme_str source_text(lme_arena *arena, const char *path)
{
    lme_error err = {0};
    lme_str text = {0};
    assert_ok(lme_file_read(arena, test_source(arena, path), 1u << 20, &text, &err), &err);
    return text;
}

static int set_up(void **state)
{
    lme_arena *arena = lme_arena_new();
    fixture *f = LME_NEW(arena, fixture);
    f->arena = arena;
    f->training = source_text(arena, "tests/unit/refserver/corpus/village.txt");
    f->held_out = source_text(arena, "tests/unit/refserver/held_out/village.txt");
    f->exact = lme_model_of_texts(arena, &f->training, 1, 0);
    f->coarse = lme_model_of_texts(arena, &f->training, 1, 4);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    const fixture *f = *state;
    lme_arena_free(f->arena);
    return 0;
}

static lme_tokens encode(const fixture *f, const lme_model *model, lme_str text)
{
    lme_tokens tokens = {.arena = f->arena};
    lme_vocab_encode(model->vocab, text, &tokens);
    return tokens;
}

/* Every state along a text: the probabilities are those that steps give, and sum to one. */
static void check_along(const fixture *f, const lme_model *model, lme_str text)
{
    const lme_ngram *ngram = model->ngram;
    lme_tokens tokens = encode(f, model, text);
    double *all = LME_ARRAY(f->arena, double, ngram->n_vocab);
    lme_ngram_state state = LME_NGRAM_START;
    for (size_t i = 0; i < tokens.len; i++) {
        double sum = 0.0;
        lme_ngram_distribution(ngram, state, all);
        for (size_t w = 0; w < ngram->n_vocab; w++) {
            assert_true(all[w] > 0.0 && all[w] < 1.0);
            sum += all[w];
        }
        assert_close(sum, 1.0, 1e-9);
        double p = all[tokens.ids[i]];
        assert_close(lme_ngram_step(ngram, &state, tokens.ids[i]), p, 1e-15);
    }
}

static void probabilities_sum_to_one(void **state)
{
    const fixture *f = *state;
    static const char odd[] = "\xF0\x9F\xA6\x9C zzz " LME_END_TEXT " \xFF the the the";
    check_along(f, f->exact, f->training);
    check_along(f, f->exact, f->held_out);
    check_along(f, f->exact, LME_STR(odd));
    check_along(f, f->coarse, f->held_out);
    check_along(f, f->coarse, LME_STR(odd));
}

static int by_probability(const void *left, const void *right)
{
    const lme_candidate *a = left, *b = right;
    if (a->probability > b->probability || a->probability < b->probability)
        return a->probability > b->probability ? -1 : 1;
    return (int)a->token - (int)b->token;
}

/* The naive twin: sort the whole vocabulary. */
static void check_top(const fixture *f, const lme_ngram *ngram, lme_ngram_state state)
{
    double *all = LME_ARRAY(f->arena, double, ngram->n_vocab);
    lme_candidate *sorted = LME_ARRAY(f->arena, lme_candidate, ngram->n_vocab), top[LME_NGRAM_TOP];
    lme_ngram_distribution(ngram, state, all);
    for (size_t w = 0; w < ngram->n_vocab; w++)
        sorted[w] = (lme_candidate){(uint16_t)w, all[w]};
    qsort(sorted, ngram->n_vocab, sizeof *sorted, by_probability);
    assert_int_equal(lme_ngram_top(ngram, state, LME_NGRAM_TOP, top), LME_NGRAM_TOP);
    for (size_t i = 0; i < LME_NGRAM_TOP; i++)
        assert_close(top[i].probability, sorted[i].probability, 1e-14);
    for (size_t i = 0; i < LME_NGRAM_TOP; i++)
        assert_close(all[top[i].token], top[i].probability, 1e-14);
    assert_close(lme_ngram_best(ngram, state).probability, sorted[0].probability, 1e-14);
    assert_int_equal(lme_ngram_top(ngram, state, 3, top), 3);
    assert_close(top[2].probability, sorted[2].probability, 1e-14);
}

static void top_equals_a_full_sort(void **state)
{
    const fixture *f = *state;
    const lme_model *models[] = {f->exact, f->coarse};
    for (size_t m = 0; m < 2; m++) {
        lme_tokens tokens = encode(f, models[m], f->held_out);
        lme_ngram_state at = LME_NGRAM_START;
        check_top(f, models[m]->ngram, at);
        for (size_t i = 0; i < tokens.len; i++) {
            lme_ngram_step(models[m]->ngram, &at, tokens.ids[i]);
            check_top(f, models[m]->ngram, at);
        }
    }
}

/* exp of the mean negative log-probability of a token.
 *   order  1: without context */
static double perplexity(const fixture *f, const lme_model *model, lme_str text, bool has_context)
{
    lme_tokens tokens = encode(f, model, text);
    lme_ngram_state state = LME_NGRAM_START;
    double sum = 0.0;
    for (size_t i = 0; i < tokens.len; i++) {
        if (!has_context)
            state = LME_NGRAM_START;
        sum -= log(lme_ngram_step(model->ngram, &state, tokens.ids[i]));
    }
    return exp(sum / (double)tokens.len);
}

static void context_helps_on_held_out_text(void **state)
{
    const fixture *f = *state;
    double with = perplexity(f, f->exact, f->held_out, true),
           without = perplexity(f, f->exact, f->held_out, false);
    print_message("held-out perplexity a token: %.1f, without context %.1f, training text %.2f\n",
                  with, without, perplexity(f, f->exact, f->training, true));
    assert_true(with < 0.5 * without);
    assert_true(without < (double)f->exact->vocab->n);
    assert_true(perplexity(f, f->exact, f->training, true) < 0.2 * with);
}

static void quantization_coarsens(void **state)
{
    const fixture *f = *state;
    const lme_model *fine = lme_model_of_texts(f->arena, &f->training, 1, 8);
    lme_tokens tokens = encode(f, f->exact, f->held_out);
    lme_ngram_state a = LME_NGRAM_START, b = LME_NGRAM_START, c = LME_NGRAM_START;
    double off_coarse = 0.0, off_fine = 0.0;
    for (size_t i = 0; i < tokens.len; i++) {
        double p = log(lme_ngram_step(f->exact->ngram, &a, tokens.ids[i]));
        off_coarse += fabs(p - log(lme_ngram_step(f->coarse->ngram, &b, tokens.ids[i])));
        off_fine += fabs(p - log(lme_ngram_step(fine->ngram, &c, tokens.ids[i])));
    }
    off_coarse /= (double)tokens.len;
    off_fine /= (double)tokens.len;
    print_message("mean distance in nats a token: 4 bits %.4f, 8 bits %.4f\n", off_coarse,
                  off_fine);
    assert_true(off_fine > 0.0);
    assert_true(off_coarse > 8.0 * off_fine);
    assert_true(off_coarse < 0.5);
}

static void training_is_deterministic(void **state)
{
    const fixture *f = *state;
    const lme_ngram *again = lme_model_of_texts(f->arena, &f->training, 1, 0)->ngram;
    assert_int_equal(again->n_rows, f->exact->ngram->n_rows);
    assert_memory_equal(again->probability, f->exact->ngram->probability,
                        again->n_rows * sizeof *again->probability);
    assert_memory_equal(again->token, f->exact->ngram->token, again->n_rows * sizeof *again->token);
}

static void a_state_needs_only_the_last_tokens(void **state)
{
    const fixture *f = *state;
    lme_tokens tokens = encode(f, f->exact, f->training);
    lme_ngram_state all = LME_NGRAM_START;
    for (size_t i = 0; i < tokens.len; i++) {
        lme_ngram_step(f->exact->ngram, &all, tokens.ids[i]);
        lme_ngram_state last = LME_NGRAM_START;
        for (size_t k = i >= LME_NGRAM_ORDER ? i - LME_NGRAM_ORDER + 1 : 0; k <= i; k++)
            lme_ngram_step(f->exact->ngram, &last, tokens.ids[k]);
        assert_int_equal(last, all);
    }
}

static void nothing_learned_is_uniform(void **state)
{
    const fixture *f = *state;
    const lme_ngram *ngram = lme_ngram_train(f->arena, 300, NULL, 0, 0);
    lme_ngram_state at = LME_NGRAM_START;
    lme_candidate top[LME_NGRAM_TOP];
    assert_close(lme_ngram_step(ngram, &at, 7), 1.0 / 300, 1e-15);
    assert_close(lme_ngram_step(ngram, &at, 299), 1.0 / 300, 1e-15);
    assert_int_equal(lme_ngram_top(ngram, at, 5, top), 5);
    assert_int_equal(top[0].token, 0);
    assert_int_equal(top[4].token, 4);
}

/* Worked by hand: documents "a b" and "a c" with ids 0 1 and 0 2, the end token 256, fixed
 * discounts 0.5 for count 1 and 1 for count 2 (too few counts for estimated ones). */
static void small_example_by_hand(void **state)
{
    const fixture *f = *state;
    uint16_t one[] = {LME_TOKEN_END, 0, 1, LME_TOKEN_END},
             two[] = {LME_TOKEN_END, 0, 2, LME_TOKEN_END};
    lme_tokens documents[] = {{.ids = one, .len = 4}, {.ids = two, .len = 4}};
    const lme_ngram *ngram = lme_ngram_train(f->arena, 260, documents, 2, 0);
    /* Seen before: a after END (1), b after a (1), c after a (1), END after b and c (2). n1 = 3,
     * n2 = 1: Y = 3/5, D1 = 1 - 2 * 0.6 / 3 = 0.6, D2 = 2 - 3 Y * 0 = 2: not below 2, so 1. */
    double backoff = (3 * 0.6 + 1.0) / 5, uniform = 1.0 / 260;
    double b = 0.4 / 5 + backoff * uniform, end = 1.0 / 5 + backoff * uniform;
    lme_ngram_state at = LME_NGRAM_START;
    assert_close(lme_ngram_step(ngram, &at, 1), b, 1e-12);
    at = LME_NGRAM_START;
    assert_close(lme_ngram_step(ngram, &at, LME_TOKEN_END), end, 1e-12);
    at = LME_NGRAM_START;
    assert_close(lme_ngram_step(ngram, &at, 9), backoff * uniform, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(probabilities_sum_to_one),
        cmocka_unit_test(top_equals_a_full_sort),
        cmocka_unit_test(context_helps_on_held_out_text),
        cmocka_unit_test(quantization_coarsens),
        cmocka_unit_test(training_is_deterministic),
        cmocka_unit_test(a_state_needs_only_the_last_tokens),
        cmocka_unit_test(nothing_learned_is_uniform),
        cmocka_unit_test(small_example_by_hand),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
