/* The metrics of generated texts in a task: lm_eval's corpus scores and standard errors over the
 * pairs of tests/golden (written by tests/parity/text_cases.py), items, options, references. */
#include "support.h"

#include <math.h>

#include <lmeval/json.h>
#include <lmeval/metric.h>
#include <lmeval/share.h>
#include <lmeval/text.h>

static const lme_value *read_lines(lme_arena *arena, const char *path, size_t *n)
{
    lme_error err = {0};
    lme_str all;
    assert_ok(lme_file_read(arena, test_source(arena, path), 4 << 20, &all, &err), &err);
    lme_list_builder lines = {.arena = arena};
    for (size_t at = 0; at < all.len;) {
        size_t end = lme_str_find(all, LME_STR("\n"), at);
        lme_value line;
        assert_ok(lme_json_read(arena, NULL, lme_str_slice(all, at, end), NULL, &line, &err), &err);
        lme_list_add(&lines, line);
        at = end == SIZE_MAX ? all.len : end + 1;
    }
    *n = lines.len;
    return lines.items;
}

static bool open_entry(lme_arena *arena, const char *entry, lme_metric_use *use, lme_error *err)
{
    lme_value map;
    assert_ok(lme_json_read(arena, NULL, lme_str_from(entry), NULL, &map, err), err);
    return lme_metric_use_read(arena, &map, LME_OUTPUT_GENERATE_UNTIL, "task.yaml", use, err);
}

static lme_score score_text(lme_arena *arena, const lme_metric_use *use, const lme_value *target,
                            lme_value answer_value)
{
    lme_error err = {0};
    lme_sample sample = {.output = LME_OUTPUT_GENERATE_UNTIL, .target = *target};
    sample.multiple_targets = target->kind == LME_LIST;
    lme_value *values = LME_NEW(arena, lme_value);
    *values = answer_value;
    lme_answer answer = {.pipeline = LME_STR("none"), .values = values, .n_values = 1};
    lme_score score;
    assert_ok(lme_metric_score(arena, use, &sample, &answer, &score, &err), &err);
    return score;
}

static double number(const lme_value *v)
{
    return v->kind == LME_INT ? (double)v->integer : v->number;
}

static void check_corpus(lme_arena *arena, const lme_value *row, const lme_value *pairs)
{
    lme_error err = {0};
    lme_str name = lme_value_find(row, "metric")->string;
    lme_str entry = lme_str_format(arena, "{\"metric\": \"%.*s\", \"aggregation\": \"%.*s\"}",
                                   LME_STR_ARG(name), LME_STR_ARG(name));
    lme_metric_use use;
    assert_ok(open_entry(arena, lme_str_cstr(arena, entry), &use, &err), &err);
    size_t from = (size_t)lme_value_find(row, "from")->integer;
    size_t n = (size_t)lme_value_find(row, "n")->integer, width = use.metric->width;
    double *stats = LME_ARRAY(arena, double, n *width);
    for (size_t i = 0; i < n; i++) {
        const lme_value *pair = pairs[1 + from + i].list.items;
        const lme_value *reference = &pair[1].list.items[0];
        lme_score score = score_text(arena, &use, reference, pair[0]);
        assert_true(lme_value_equal(&score.item.list.items[0], reference));
        assert_true(lme_value_equal(&score.item.list.items[1], &pair[0]));
        for (size_t w = 0; w < width; w++)
            stats[i * width + w] = score.stats[w];
    }
    lme_scores scores = {.stats = stats, .n_docs = n};
    lme_summary summary;
    assert_ok(
        lme_metric_summarize(&use, LME_STR("none"), &scores, LME_BOOTSTRAP_ITERS, &summary, &err),
        &err);
    const lme_value *error = lme_value_find(row, "stderr");
    assert_close(summary.value, number(lme_value_find(row, "value")), 1e-15);
    if (error->kind == LME_STRING)
        assert_true(isnan(summary.stderr_value));
    else
        assert_close(summary.stderr_value, number(error), 1e-14);
    assert_int_equal(summary.higher_is_better, !lme_str_is(name, "ter"));
}

static void corpora_score_as_in_lm_eval(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    size_t n, n_pairs;
    const lme_value *rows = read_lines(arena, "tests/golden/lm_eval_answers/corpora.jsonl", &n);
    const lme_value *pairs = read_lines(arena, "tests/golden/text/pairs.jsonl", &n_pairs);
    assert_int_equal(n, 17);
    for (size_t i = 1; i < n; i++)
        check_corpus(arena, &rows[i], pairs);
    lme_arena_free(arena);
}

typedef struct text_case {
    const char *entry, *target, *answer; /* JSON */
    double stat;
    const char *item; /* as repr() shows it */
} text_case;

static const text_case text_cases[] = {
    {"{\"metric\": \"rouge1\"}", "\"the cats sat\"", "\"the cat sat\"", 2.0 / 3.0,
     "0.6666666666666666"},
    {"{\"metric\": \"rouge1\", \"use_stemmer\": true}", "\"the cats sat\"", "\"the cat sat\"", 1.0,
     "1.0"},
    {"{\"metric\": \"rougeL\", \"value\": \"recall\"}", "[\"a b\", \"a b c d\"]", "\"a b\"", 1.0,
     "1.0"},
    {"{\"metric\": \"squad_f1\"}", "[\"The Eiffel Tower\", \"tower\"]", "\"a tower.\"", 1.0, "1.0"},
    {"{\"metric\": \"squad_em\"}", "\"Paris\"", "\"the paris!\"", 1.0, "1.0"},
    {"{\"metric\": \"contains\"}", "[\"x\", \"y\"]", "\"why\"", 1.0, "1.0"},
    {"{\"metric\": \"contains\", \"ignore_case\": true}", "\"NO\"", "\"know\"", 1.0, "1.0"},
    {"{\"metric\": \"prefix_match\"}", "\"b\"", "\"a b\"", 0.0, "0.0"},
    {"{\"metric\": \"drop_f1\"}", "[[\"2\", \"red car\"], \"red car\"]", "\"red car\"", 1.0, "1.0"},
    {"{\"metric\": \"drop_f1\"}", "[[\"2\", \"red car\"]]", "\"red car\"", 0.5, "0.5"},
    {"{\"metric\": \"drop_em\"}", "[[\" \"], [\"5\"]]", "\"5.0\"", 1.0, "1.0"},
    {"{\"metric\": \"drop_em\"}", "5", "5", 1.0, "1.0"},
    {"{\"metric\": \"answer_words\"}", "\"\"", "\"one two\"", 2.0, "2.0"},
    {"{\"metric\": \"answer_words\"}", "\"\"", "[\"one two\", \"one\"]", 1.5, "1.5"},
    {"{\"metric\": \"bleu\"}", "[\"a b\", \"c\"]", "\"a\"", 1.0, "[['a b', 'c'], 'a']"},
    {"{\"metric\": \"bleu\"}", "7", "\"7\"", 1.0, "['7', '7']"},
    {"{\"metric\": \"bleu\", \"tokenize\": \"char\"}", "\"ab\"", "\"ab\"", 2.0, "['ab', 'ab']"},
};

static void items_and_statistics(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof text_cases / sizeof text_cases[0]; i++) {
        const text_case *c = &text_cases[i];
        lme_arena *arena = lme_arena_new();
        lme_error err = {0};
        lme_metric_use use;
        lme_value target, answer;
        assert_ok(open_entry(arena, c->entry, &use, &err), &err);
        assert_ok(lme_json_read(arena, NULL, lme_str_from(c->target), NULL, &target, &err), &err);
        assert_ok(lme_json_read(arena, NULL, lme_str_from(c->answer), NULL, &answer, &err), &err);
        lme_score score = score_text(arena, &use, &target, answer);
        assert_close(score.stats[0], c->stat, 1e-15);
        assert_str(lme_value_repr(arena, &score.item), c->item);
        lme_arena_free(arena);
    }
}

static void what_is_refused(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{\"metric\": \"bleu\", \"tokenise\": \"13a\"}", "did you mean tokenize?"},
        {"{\"metric\": \"bleu\", \"tokenize\": \"spm\"}", "needs a SentencePiece model"},
        {"{\"metric\": \"chrf\", \"word_order\": 9}", "expected a whole number from 0 to 4"},
        {"{\"metric\": \"bleu\", \"aggregation\": \"mean\"}", "\"mean\" is not known for metric"},
    };
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_error err = {0};
        lme_metric_use use;
        assert_false(open_entry(arena, cases[i][0], &use, &err));
        assert_error(&err, LME_ERR_TASK, cases[i][1]);
    }
    lme_error err = {0};
    lme_metric_use use;
    assert_ok(open_entry(arena, "{\"metric\": \"rouge1\"}", &use, &err), &err);
    lme_list_builder none = {.arena = arena};
    lme_sample sample = {.output = LME_OUTPUT_GENERATE_UNTIL,
                         .target = lme_list_finish(&none),
                         .multiple_targets = true};
    lme_value text = lme_string(LME_STR("x"));
    lme_answer answer = {.values = &text, .n_values = 1};
    lme_score score;
    assert_false(lme_metric_score(arena, &use, &sample, &answer, &score, &err));
    assert_error(&err, LME_ERR_DATA, "needs a reference, the document's target is an empty list");
    lme_arena_free(arena);
}

/* The rows here name the options that the text room's rows have. */
static void options_are_the_text_rooms(void **state)
{
    (void)state;
    size_t n, n_seen = 0;
    const lme_metric *const *all = lme_metric_all(&n);
    for (size_t i = 0; i < n; i++) {
        const lme_text_metric *text = lme_text_find(lme_str_from(all[i]->name));
        if (text == NULL)
            continue;
        n_seen++;
        assert_int_equal(text->higher_is_better, all[i]->higher_is_better);
        size_t k = 0;
        for (; text->options != NULL && text->options[k].key != NULL; k++)
            assert_string_equal(all[i]->keys[k], text->options[k].key);
        assert_true(k == 0 ? all[i]->keys == NULL : all[i]->keys[k] == NULL);
    }
    lme_text_all(&n);
    assert_int_equal(n_seen, n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(corpora_score_as_in_lm_eval),
        cmocka_unit_test(items_and_statistics),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(options_are_the_text_rooms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
