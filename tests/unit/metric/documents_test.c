/* Documents through the metrics, against what lm_eval's process_results made of the same answers:
 * documents.jsonl, written by tests/parity/metric_cases.py. */
#include "lines.h"

/* What the pipeline left for one request: a pair for loglikelihoods, else the value as it is. */
static lme_value answer_value(lme_arena *arena, const lme_value *v, lme_output_kind output)
{
    if (output == LME_OUTPUT_GENERATE_UNTIL || output == LME_OUTPUT_LOGLIKELIHOOD_ROLLING)
        return *v;
    lme_list_builder pair = {.arena = arena};
    lme_list_add(&pair, lme_float(case_number(&v->list.items[0])));
    lme_list_add(&pair, v->list.items[1]);
    lme_value tuple = lme_list_finish(&pair);
    tuple.kind = LME_TUPLE;
    return tuple;
}

static lme_output_kind output_kind(lme_str name)
{
    static const char *const names[LME_OUTPUT_KINDS] = {"multiple_choice", "loglikelihood",
                                                        "loglikelihood_rolling", "generate_until"};
    for (lme_output_kind kind = 0; kind < LME_OUTPUT_KINDS; kind++) {
        if (lme_str_is(name, names[kind]))
            return kind;
    }
    fail_msg("unknown output");
    return LME_OUTPUT_KINDS;
}

static lme_sample sample_of(lme_arena *arena, const lme_value *row)
{
    lme_sample sample = {
        .output = output_kind(lme_value_find(row, "output")->string),
        .target = *lme_value_find(row, "target"),
    };
    const lme_value *multiple = lme_value_find(row, "multiple_targets");
    sample.multiple_targets = multiple != NULL && multiple->boolean;
    const lme_value *choices = lme_value_find(row, "choices");
    if (choices != NULL) {
        lme_str *texts = LME_ARRAY(arena, lme_str, choices->list.len);
        for (size_t i = 0; i < choices->list.len; i++)
            texts[i] = choices->list.items[i].string;
        sample.choices = texts;
        sample.n_choices = choices->list.len;
    }
    const lme_value *unconditional = lme_value_find(row, "n_unconditional");
    sample.n_unconditional = unconditional == NULL ? 0 : (size_t)unconditional->integer;
    const lme_value *gold = lme_value_find(row, "gold");
    if (gold != NULL) {
        int64_t *indices = LME_ARRAY(arena, int64_t, gold->list.len);
        for (size_t i = 0; i < gold->list.len; i++)
            indices[i] = gold->list.items[i].integer;
        sample.gold = indices;
        sample.n_gold = gold->list.len;
    }
    return sample;
}

static lme_answer answer_of(lme_arena *arena, const lme_value *row, lme_output_kind output)
{
    const lme_value *list = lme_value_find(row, "answers");
    lme_value *values = LME_ARRAY(arena, lme_value, list->list.len);
    for (size_t i = 0; i < list->list.len; i++)
        values[i] = answer_value(arena, &list->list.items[i], output);
    return (lme_answer){
        .pipeline = LME_STR("none"),
        .values = values,
        .n_values = list->list.len,
        .matched = true,
    };
}

/* Equal, up to the last digits of a probability: numpy has an exp() of its own. */
static bool is_close(const lme_value *got, const lme_value *want)
{
    if (want->kind == LME_LIST && got->kind == LME_LIST && got->list.len == want->list.len) {
        bool all = true;
        for (size_t i = 0; i < want->list.len; i++)
            all = all && is_close(&got->list.items[i], &want->list.items[i]);
        return all;
    }
    if (got->kind == LME_FLOAT && want->kind == LME_STRING)
        return isnan(got->number) && lme_str_is(want->string, "nan");
    if (got->kind == LME_FLOAT && want->kind == LME_FLOAT)
        return fabs(got->number - want->number) <= 1e-15;
    return lme_value_equal(got, want) && got->kind == want->kind;
}

/* The statistics say what the item says. */
static void check_stats(const lme_score *score)
{
    const lme_value *item = &score->item;
    const lme_value *first = item->kind == LME_LIST ? &item->list.items[0] : item;
    assert_close(score->stats[0], case_number(first), 0.0);
    if (item->kind == LME_LIST)
        assert_close(score->stats[1], case_number(&item->list.items[1]), 0.0);
}

static void check_metric(lme_arena *arena, const lme_value *row, const lme_pair *expected,
                         size_t line)
{
    lme_error err = {0};
    lme_sample sample = sample_of(arena, row);
    lme_answer answer = answer_of(arena, row, sample.output);
    const lme_value *options = lme_value_find(row, "options");
    lme_map_builder none = {.arena = arena};
    lme_value entry = options == NULL ? lme_map_finish(&none) : *options;
    entry = lme_value_with(arena, &entry, LME_STR("metric"), expected->key);
    lme_metric_use use;
    assert_ok(lme_metric_use_read(arena, &entry, sample.output, "task.yaml", &use, &err), &err);
    lme_score score;
    assert_ok(lme_metric_score(arena, &use, &sample, &answer, &score, &err), &err);
    if (!is_close(&score.item, &expected->value)) {
        lme_str got = lme_value_repr(arena, &score.item);
        lme_str want = lme_value_repr(arena, &expected->value);
        fail_msg("documents.jsonl:%zu: %.*s is %.*s, not %.*s", line,
                 LME_STR_ARG(expected->key.string), LME_STR_ARG(got), LME_STR_ARG(want));
    }
    assert_true(lme_str_equal(score.metric, expected->key.string));
    assert_str(score.pipeline, "none");
    if (!lme_str_is(score.metric, "brier_score"))
        check_stats(&score);
}

static void check_line(lme_arena *arena, const lme_value *row, size_t line)
{
    const lme_value *items = lme_value_find(row, "items");
    for (size_t i = 0; i < items->map.len; i++)
        check_metric(arena, row, &items->map.pairs[i], line);
}

static void documents_score_as_in_lm_eval(void **state)
{
    (void)state;
    assert_true(for_each_line("documents.jsonl", check_line) > 350);
}

/* What lm_eval ends its run at is an error of this document here. */
static void answers_of_the_wrong_kind_say_why(void **state)
{
    (void)state;
    static const struct {
        const char *row, *metric, *text;
    } cases[] = {
        {"{\"output\": \"multiple_choice\", \"choices\": [], \"gold\": [0], \"target\": 0, "
         "\"answers\": []}",
         "acc", "metric \"acc\" got no choices, expected at least one"},
        {"{\"output\": \"multiple_choice\", \"choices\": [\"a\"], \"gold\": [0, 0], "
         "\"target\": [0, 0], \"multiple_targets\": true, \"answers\": [[-1.0, true]]}",
         "mcc", "metric \"mcc\" needs one right choice, the target names 2"},
        {"{\"output\": \"multiple_choice\", \"choices\": [\"a\"], \"gold\": [-100], "
         "\"target\": \"b\", \"answers\": [[-1.0, true]]}",
         "brier_score", "metric \"brier_score\" needs a right choice, the target is none of the 1"},
        {"{\"output\": \"multiple_choice\", \"choices\": [\"a\"], \"gold\": [0], "
         "\"target\": 0, \"answers\": [[-1.0, true]]}",
         "acc_mutual_info", "needs each choice without its context, which was not asked"},
        {"{\"output\": \"multiple_choice\", \"choices\": [\"a\"], \"gold\": [0], "
         "\"target\": 0, \"answers\": [[-1.0, true]]}",
         "acc_all", "needs a whole number in the column idx.paragraph, got nothing"},
        {"{\"output\": \"generate_until\", \"target\": \"a\", \"answers\": [[]]}", "exact_match",
         "needs an answer, filter pipeline \"none\" left none"},
        {"{\"output\": \"loglikelihood_rolling\", \"target\": \"a\", \"answers\": [\"b\"]}",
         "byte_perplexity", "metric \"byte_perplexity\" needs a loglikelihood"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_arena *arena = lme_arena_new();
        lme_error err = {0};
        lme_value row;
        assert_ok(lme_json_read(arena, NULL, lme_str_from(cases[i].row), NULL, &row, &err), &err);
        lme_sample sample = sample_of(arena, &row);
        lme_answer answer = answer_of(arena, &row, sample.output);
        lme_metric_use use = {.metric = lme_metric_find(lme_str_from(cases[i].metric))};
        if (use.metric->prepare != NULL)
            assert_ok(use.metric->prepare(arena, &use, "task.yaml", &err), &err);
        lme_score score;
        assert_false(lme_metric_score(arena, &use, &sample, &answer, &score, &err));
        assert_error(&err, LME_ERR_DATA, cases[i].text);
        lme_arena_free(arena);
    }
}

static void a_filtered_loglikelihood_is_refused(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_value text = lme_string(LME_STR("[invalid]"));
    lme_str choice = LME_STR("a");
    int64_t gold = 0;
    lme_sample sample = {.choices = &choice, .n_choices = 1, .gold = &gold, .n_gold = 1};
    lme_answer answer = {.pipeline = LME_STR("strict"), .values = &text, .n_values = 1};
    lme_metric_use use = {.metric = lme_metric_find(LME_STR("acc_norm"))};
    lme_score score;
    assert_false(lme_metric_score(arena, &use, &sample, &answer, &score, &err));
    assert_error(&err, LME_ERR_DATA,
                 "metric \"acc_norm\" needs a loglikelihood, filter pipeline \"strict\" left text");
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_score_as_in_lm_eval),
        cmocka_unit_test(answers_of_the_wrong_kind_say_why),
        cmocka_unit_test(a_filtered_loglikelihood_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
