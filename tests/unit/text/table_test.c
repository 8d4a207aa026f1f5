/* The rows of the text metrics, their options and their properties: identity is best, disjoint is
 * worst, all in range. Their numbers are in golden_test.c. */
#include "support.h"

#include <math.h>
#include <string.h>

#include <lmeval/text.h>

typedef struct fixture {
    lme_arena *arena;
    lme_error err;
} fixture;

static lme_value map_of(lme_arena *arena, const char *key, lme_value value)
{
    lme_map_builder map = {.arena = arena};
    value.line = 7;
    value.column = 9;
    lme_value name = lme_string(lme_str_from(key));
    name.line = 7;
    name.column = 2;
    lme_map_add_pair(&map, name, value);
    return lme_map_finish(&map);
}

/* Opens a metric with one option; NULL when that fails. */
static const lme_text_use *open_with(fixture *f, const char *metric, const char *key,
                                     lme_value value)
{
    lme_value options = map_of(f->arena, key, value);
    lme_text_use *use = LME_NEW(f->arena, lme_text_use);
    f->err = (lme_error){0};
    return lme_text_open(f->arena, lme_str_from(metric), &options, "t.yaml", use, &f->err) ? use
                                                                                           : NULL;
}

static lme_value word(const char *text)
{
    return lme_string(lme_str_from(text));
}

static double score_of(fixture *f, const lme_text_use *use, const char *hypothesis,
                       const char *reference)
{
    double stats[LME_TEXT_WIDTH_MAX];
    lme_str expected = lme_str_from(reference);
    lme_segment segment = {lme_str_from(hypothesis), &expected, 1};
    assert_ok(use->metric->measure(f->arena, use->options, &segment, stats, &f->err), &f->err);
    return use->metric->score(use->options, stats, 1);
}

static fixture start(void)
{
    return (fixture){.arena = lme_arena_new()};
}

static void rows_are_whole(void **state)
{
    (void)state;
    fixture f = start();
    size_t n;
    const lme_text_metric *const *all = lme_text_all(&n);
    assert_true(n >= 18);
    for (size_t i = 0; i < n; i++) {
        assert_ptr_equal(lme_text_find(lme_str_from(all[i]->name)), all[i]);
        assert_true(all[i]->summary[0] != '\0' && all[i]->peer[0] != '\0');
        lme_text_use use;
        assert_ok(lme_text_open(f.arena, lme_str_from(all[i]->name), NULL, NULL, &use, &f.err),
                  &f.err);
        assert_true(use.width >= 1 && use.width <= LME_TEXT_WIDTH_MAX);
    }
    lme_text_use use;
    assert_false(lme_text_open(f.arena, LME_STR("blue"), NULL, NULL, &use, &f.err));
    assert_error(&f.err, LME_ERR_TASK, "text metric \"blue\" is not known");
    lme_arena_free(f.arena);
}

static void identity_is_best(void **state)
{
    (void)state;
    fixture f = start();
    size_t n;
    const lme_text_metric *const *all = lme_text_all(&n);
    const char *text = "The 12 old boats (all of them) left the harbour at 7.30 sharp.";
    for (size_t i = 0; i < n; i++) {
        lme_text_use use;
        assert_ok(lme_text_open(f.arena, lme_str_from(all[i]->name), NULL, NULL, &use, &f.err),
                  &f.err);
        if (strncmp(all[i]->name, "answer_", 7) == 0)
            continue;
        double best = !all[i]->higher_is_better ? 0.0 : all[i]->is_percent ? 100.0 : 1.0;
        assert_close(score_of(&f, &use, text, text), best, 1e-12);
        double apart = score_of(&f, &use, "xq zv", text);
        assert_true(apart >= 0.0 && apart <= 100.0);
        assert_true(all[i]->higher_is_better ? apart < 0.2 * best : apart > 50.0);
    }
    lme_arena_free(f.arena);
}

static void lengths_count_the_answer(void **state)
{
    (void)state;
    fixture f = start();
    static const struct {
        const char *name;
        double expected;
    } lengths[] = {{"answer_words", 3}, {"answer_code_points", 8}, {"answer_bytes", 11}};
    for (size_t i = 0; i < 3; i++) {
        lme_text_use use;
        assert_ok(lme_text_open(f.arena, lme_str_from(lengths[i].name), NULL, NULL, &use, &f.err),
                  &f.err);
        assert_close(score_of(&f, &use, " \xc3\xa4 b\xe6\xbc\xa2  c", "x"), lengths[i].expected, 0);
    }
    lme_arena_free(f.arena);
}

static void matches_are_what_they_say(void **state)
{
    (void)state;
    static const struct {
        const char *metric, *answer, *reference;
        double plain, ignoring_case;
    } cases[] = {
        {"contains", "It is Paris.", "Paris", 1, 1},
        {"contains", "It is PARIS.", "Paris", 0, 1},
        {"contains", "It is", "Paris", 0, 0},
        {"prefix_match", " Paris, France", "Paris", 1, 1},
        {"prefix_match", "paris", "Paris ", 0, 1},
        {"prefix_match", "In Paris", "Paris", 0, 0},
        {"prefix_match", "Paris", " ", 0, 0},
    };
    fixture f = start();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const lme_text_use *plain = open_with(&f, cases[i].metric, "ignore_case", lme_bool(false));
        const lme_text_use *folded = open_with(&f, cases[i].metric, "ignore_case", lme_bool(true));
        assert_non_null(plain);
        assert_non_null(folded);
        assert_close(score_of(&f, plain, cases[i].answer, cases[i].reference), cases[i].plain, 0);
        assert_close(score_of(&f, folded, cases[i].answer, cases[i].reference),
                     cases[i].ignoring_case, 0);
    }
    lme_text_use quasi, squad;
    assert_ok(lme_text_open(f.arena, LME_STR("quasi_exact_match"), NULL, NULL, &quasi, &f.err),
              &f.err);
    assert_ok(lme_text_open(f.arena, LME_STR("squad_em"), NULL, NULL, &squad, &f.err), &f.err);
    assert_close(score_of(&f, &quasi, "The Cat!", "cat"), 1, 0);
    assert_close(score_of(&f, &quasi, " ", "the"), 0, 0);
    assert_close(score_of(&f, &squad, " ", "the"), 1, 0);
    lme_arena_free(f.arena);
}

static void options_are_checked(void **state)
{
    (void)state;
    fixture f = start();
    assert_null(open_with(&f, "bleu", "tokeniser", word("13a")));
    assert_error(&f.err, LME_ERR_TASK, "t.yaml:7:2: metric \"bleu\" has no option \"tokeniser\"");
    assert_error(&f.err, LME_ERR_TASK, "it takes: lowercase, tokenize, smooth_method");
    assert_null(open_with(&f, "bleu", "tokenize", word("13b")));
    assert_error(&f.err, LME_ERR_TASK,
                 "t.yaml:7:9: tokenize of metric \"bleu\" is '13b', expected one of 13a, intl");
    assert_null(open_with(&f, "bleu", "tokenize", word("flores200")));
    assert_error(&f.err, LME_ERR_TASK,
                 "t.yaml:7:9: tokenizer \"flores200\" needs a SentencePiece model");
    assert_null(open_with(&f, "bleu", "tokenize", word("ja-mecab")));
    assert_error(&f.err, LME_ERR_TASK, "needs the MeCab analyser");
    assert_null(open_with(&f, "bleu", "max_ngram_order", lme_int(9)));
    assert_error(&f.err, LME_ERR_TASK, "is 9, expected a whole number from 1 to 8");
    assert_null(open_with(&f, "chrf", "beta", lme_float(1.5)));
    assert_error(&f.err, LME_ERR_TASK, "beta of metric \"chrf\" is 1.5, expected a whole number");
    assert_null(open_with(&f, "bleu", "smooth_value", lme_bool(true)));
    assert_error(&f.err, LME_ERR_TASK, "is True, expected a number from 0 to 1000000");
    assert_null(open_with(&f, "ter", "normalized", lme_int(1)));
    assert_error(&f.err, LME_ERR_TASK, "is 1, expected true or false");
    assert_null(open_with(&f, "rougeLsum", "split_summaries", lme_bool(true)));
    assert_error(&f.err, LME_ERR_TASK, "sentence splitter, which is not built in");
    assert_null(open_with(&f, "answer_words", "x", lme_int(1)));
    assert_error(&f.err, LME_ERR_TASK, "metric \"answer_words\" has no option \"x\"");
    /* From the command line all values are texts. */
    assert_non_null(open_with(&f, "chrf", "word_order", word("2")));
    assert_non_null(open_with(&f, "ter", "normalized", word("true")));
    lme_arena_free(f.arena);
}

static void value_chooses_the_number(void **state)
{
    (void)state;
    fixture f = start();
    const lme_text_use *precision = open_with(&f, "rouge1", "value", word("precision"));
    const lme_text_use *recall = open_with(&f, "rouge1", "value", word("recall"));
    assert_close(score_of(&f, precision, "one two", "one two three four"), 1.0, 0);
    assert_close(score_of(&f, recall, "one two", "one two three four"), 0.5, 0);
    lme_arena_free(f.arena);
}

static void long_texts_are_refused(void **state)
{
    (void)state;
    fixture f = start();
    lme_builder many = {.arena = f.arena};
    for (size_t i = 0; i < 40000; i++)
        lme_builder_add(&many, LME_STR("a "));
    lme_str text = lme_builder_finish(&many);
    lme_segment segment = {text, &text, 1};
    double stats[LME_TEXT_WIDTH_MAX];
    static const char *const names[] = {"ter", "rougeLsum"};
    for (size_t i = 0; i < 2; i++) {
        lme_text_use use;
        assert_ok(lme_text_open(f.arena, lme_str_from(names[i]), NULL, NULL, &use, &f.err), &f.err);
        assert_false(use.metric->measure(f.arena, use.options, &segment, stats, &f.err));
        assert_error(&f.err, LME_ERR_LIMIT, "too long for");
    }
    lme_str spans[257];
    for (size_t i = 0; i < 257; i++)
        spans[i] = LME_STR("x");
    double exact, f1;
    assert_false(lme_drop_score(f.arena, (lme_spans){spans, 257}, (lme_spans){spans, 1}, &exact,
                                &f1, &f.err));
    assert_error(&f.err, LME_ERR_LIMIT, "an answer of 257 spans, limit 256");
    lme_arena_free(f.arena);
}

/* The sums of a corpus are all that its score needs: splitting it changes nothing. */
static void statistics_add_up(void **state)
{
    (void)state;
    fixture f = start();
    lme_text_use use;
    assert_ok(lme_text_open(f.arena, LME_STR("bleu"), NULL, NULL, &use, &f.err), &f.err);
    lme_str references[2] = {LME_STR("a b c d e f"), LME_STR("g h i j k")};
    lme_segment segments[2] = {{LME_STR("a b c d e x"), &references[0], 1},
                               {LME_STR("g h i j y"), &references[1], 1}};
    double sums[LME_TEXT_WIDTH_MAX] = {0}, stats[LME_TEXT_WIDTH_MAX];
    for (size_t i = 0; i < 2; i++) {
        assert_ok(use.metric->measure(f.arena, use.options, &segments[i], stats, &f.err), &f.err);
        for (size_t w = 0; w < use.width; w++)
            sums[w] += stats[w];
    }
    /* 9 of 11, 7 of 9, 5 of 7, 3 of 5 n-grams; lengths are equal. */
    double logs = log(9.0 / 11.0) + log(7.0 / 9.0) + log(5.0 / 7.0) + log(3.0 / 5.0);
    assert_close(use.metric->score(use.options, sums, 2), 100.0 * exp(logs / 4.0), 1e-12);
    lme_arena_free(f.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_whole),           cmocka_unit_test(identity_is_best),
        cmocka_unit_test(lengths_count_the_answer), cmocka_unit_test(matches_are_what_they_say),
        cmocka_unit_test(options_are_checked),      cmocka_unit_test(value_chooses_the_number),
        cmocka_unit_test(long_texts_are_refused),   cmocka_unit_test(statistics_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
