/* The data sets of this project: every row has its schema, nothing stands twice, no choice equals
 * another, and no place holds more right answers than chance would give it. */
#include "reading.h"

#include <math.h>

typedef struct shipped shipped;

struct shipped {
    const char *file;
    const char *question; /* columns */
    const char *choices;  /* NULL: a column a letter, or answers are written */
    const char *answer;
    bool answer_is_text; /* "2" instead of 2 */
    size_t n_rows;
    void (*check)(reading *r, const lme_value *rows, const shipped *set);
};

static void assert_choices(reading *r, const lme_value *rows, const shipped *set);
static void assert_lettered(reading *r, const lme_value *rows, const shipped *set);
static void assert_solutions(reading *r, const lme_value *rows, const shipped *set);
static void assert_replies(reading *r, const lme_value *rows, const shipped *set);

static const shipped sets[] = {
    {"datasets/hellaswag-sample/default/validation.jsonl", "ctx", "endings", "label", true, 127,
     assert_choices},
    {"datasets/hellaswag-sample/default/train.jsonl", "ctx", "endings", "label", true, 22,
     assert_choices},
    {"datasets/kitchen-safety/default/test.jsonl", "question", "choices", "answer", false, 44,
     assert_choices},
    {"datasets/policy-quiz/default/test.csv", "question", NULL, "answer", true, 44,
     assert_lettered},
    {"datasets/shop-support/default/test.csv", "message", NULL, "reply", true, 40, assert_replies},
    {"datasets/gsm8k-sample/main/test.jsonl", "question", NULL, "answer", true, 84,
     assert_solutions},
    {"datasets/gsm8k-sample/main/train.jsonl", "question", NULL, "answer", true, 32,
     assert_solutions},
};

static size_t read_set(reading *r, const shipped *set, lme_value *rows)
{
    lme_source source = {.path = lme_str_from(test_source(r->arena, set->file)),
                         .split = LME_STR("test")};
    lme_list_builder list = {.arena = r->arena};
    lme_dataset *dataset;
    bool end = false;
    assert_ok(lme_dataset_open(r->arena, &source, &dataset, &r->err), &r->err);
    while (!end) {
        lme_value row;
        assert_ok(lme_dataset_next(r->arena, dataset, &row, &end, &r->err), &r->err);
        if (!end)
            lme_list_add(&list, row);
    }
    *rows = lme_list_finish(&list);
    return rows->list.len;
}

static lme_str text_of(const lme_value *row, const char *column)
{
    const lme_value *value = lme_value_find(row, column);
    assert_non_null(value);
    assert_int_equal(value->kind, LME_STRING);
    assert_true(value->string.len > 0);
    return value->string;
}

static void assert_no_twins(const lme_value *rows, const shipped *set)
{
    for (size_t i = 0; i < rows->list.len; i++) {
        lme_str question = text_of(&rows->list.items[i], set->question);
        for (size_t j = 0; j < i; j++)
            assert_false(lme_str_equal(question, text_of(&rows->list.items[j], set->question)));
    }
}

static int64_t gold_of(const lme_value *row, const shipped *set)
{
    const lme_value *value = lme_value_find(row, set->answer);
    int64_t gold = -1;
    assert_non_null(value);
    assert_int_equal(value->kind, set->answer_is_text ? LME_STRING : LME_INT);
    if (!set->answer_is_text)
        return value->integer;
    assert_true(lme_str_to_int(value->string, &gold));
    return gold;
}

/* Of n right answers each place has its share, within four standard deviations. */
static void assert_balanced(const size_t *places, size_t n_places, size_t n_rows)
{
    double n = (double)n_rows, share = 1.0 / (double)n_places;
    for (size_t i = 0; i < n_places; i++)
        assert_true(fabs((double)places[i] - n * share) <= 4 * sqrt(n * share * (1 - share)));
}

static void assert_all_differ(const lme_value *choices, size_t n)
{
    for (size_t a = 0; a < n; a++) {
        for (size_t b = 0; b < a; b++)
            assert_false(lme_value_equal(&choices[a], &choices[b]));
    }
}

/* Choices differ, the answer is one of them, and the answers' places are balanced. */
static void assert_choices(reading *r, const lme_value *rows, const shipped *set)
{
    size_t places[8] = {0};
    size_t n_choices = 0;
    (void)r;
    for (size_t i = 0; i < rows->list.len; i++) {
        const lme_value *choices = lme_value_find(&rows->list.items[i], set->choices);
        int64_t gold = gold_of(&rows->list.items[i], set);
        assert_non_null(choices);
        assert_int_equal(choices->kind, LME_LIST);
        n_choices = choices->list.len;
        assert_true(n_choices >= 2 && n_choices <= 8 && gold >= 0 && gold < (int64_t)n_choices);
        places[gold]++;
        assert_all_differ(choices->list.items, n_choices);
    }
    assert_balanced(places, n_choices, rows->list.len);
}

/* The same where each choice has a column, and the answer is its letter. */
static void assert_lettered(reading *r, const lme_value *rows, const shipped *set)
{
    static const char *const letters[] = {"A", "B", "C", "D"};
    size_t places[4] = {0};
    (void)r;
    for (size_t i = 0; i < rows->list.len; i++) {
        const lme_value *row = &rows->list.items[i];
        lme_str answer = text_of(row, set->answer);
        lme_value choices[4];
        for (size_t k = 0; k < 4; k++)
            choices[k] = lme_string(text_of(row, letters[k]));
        assert_all_differ(choices, 4);
        assert_int_equal(answer.len, 1);
        assert_in_range(answer.ptr[0], 'A', 'D');
        places[answer.ptr[0] - 'A']++;
    }
    assert_balanced(places, 4, rows->list.len);
}

/* What is to be done is one of the words that tasks/shop_support_action.yaml looks for. */
static void assert_replies(reading *r, const lme_value *rows, const shipped *set)
{
    const lme_str actions = LME_STR(" refund exchange repair cancel inform decline escalate ");
    for (size_t i = 0; i < rows->list.len; i++) {
        const lme_value *row = &rows->list.items[i];
        lme_str action = text_of(row, "action");
        assert_true(text_of(row, set->answer).len > 40);
        assert_true(text_of(row, "topic").len > 0);
        lme_str word = lme_str_format(r->arena, " %.*s ", LME_STR_ARG(action));
        assert_true(lme_str_find(actions, word, 0) != SIZE_MAX);
    }
}

/* A written solution ends in "#### number". */
static void assert_solutions(reading *r, const lme_value *rows, const shipped *set)
{
    for (size_t i = 0; i < rows->list.len; i++) {
        lme_str answer = text_of(&rows->list.items[i], set->answer);
        size_t mark = lme_str_find(answer, LME_STR("\n#### "), 0);
        double number;
        assert_true(mark != SIZE_MAX);
        /* As GSM8K writes them: 1,250, $6.10. */
        lme_str digits = lme_str_slice(answer, mark + 6, answer.len);
        digits = lme_str_replace(r->arena, digits, LME_STR(","), LME_STR(""));
        if (lme_str_starts(digits, LME_STR("$")))
            digits = lme_str_slice(digits, 1, digits.len);
        assert_true(lme_str_to_double(digits, &number));
    }
}

static void every_row_is_sound(void **state)
{
    reading *r = *state;
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        lme_value rows;
        assert_int_equal(read_set(r, &sets[i], &rows), sets[i].n_rows);
        assert_no_twins(&rows, &sets[i]);
        sets[i].check(r, &rows, &sets[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_row_is_sound, reading_setup, reading_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
