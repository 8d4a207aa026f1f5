/* Which documents of a run are shown: by score, flip, number, pattern; what is counted. */
#include "look/select.h"
#include "support.h"

#include <math.h>
#include <stdio.h>

typedef struct looked {
    lme_arena *arena, *item_arena;
    const char *folder[2];
    lme_record record[2];
    lme_look *look;
} looked;

/* A run of "quiz" whose documents have these scores and hashes "a", "b", ...; NAN: not scored. */
static void make_run(looked *l, size_t run, const double *scores, size_t n, const char *higher)
{
    char text[8192];
    size_t len = 0;
    lme_error err = {0};
    l->folder[run] = test_folder(l->arena);
    snprintf(
        text, sizeof text,
        "{\"results\": {\"quiz\": {\"m,none\": 0.5}}, \"configs\": {\"quiz\": {\"output_type\":"
        " \"generate_until\"}}, \"higher_is_better\": {\"quiz\": {\"m\": %s}}}",
        higher);
    test_file(l->arena, l->folder[run], "results.json", text);
    for (size_t i = 0; i < n; i++) {
        int id = (int)i;
        len +=
            (size_t)(isnan(scores[i])
                         ? snprintf(text + len, sizeof text - len,
                                    "{\"doc_id\": %d, \"filter\": null, \"doc_hash\": \"%c\","
                                    " \"failure\": \"refused\"}\n",
                                    id, 'a' + id)
                         : snprintf(text + len, sizeof text - len,
                                    "{\"doc_id\": %d, \"target\": \"t%d\", \"arguments\": [[\"p\","
                                    " {}]], \"resps\": [[\"said %d\"]], \"filtered_resps\": [],"
                                    " \"filter\": \"none\", \"metrics\": [\"m\"], \"doc_hash\":"
                                    " \"%c\", \"m\": %g}\n",
                                    id, id, id, 'a' + id, scores[i]));
    }
    test_file(l->arena, l->folder[run], "samples_quiz.jsonl", text);
    assert_ok(lme_record_open_results(l->arena, l->folder[run], NULL, &l->record[run], &err), &err);
}

static void begin(looked *l)
{
    *l = (looked){.arena = lme_arena_new(), .item_arena = lme_arena_new()};
}

static void finish(looked *l)
{
    lme_look_close(l->look);
    for (size_t i = 0; i < 2; i++) {
        if (l->folder[i] != NULL)
            test_folder_remove(l->folder[i]);
    }
    lme_arena_free(l->item_arena);
    lme_arena_free(l->arena);
}

/* The ids shown as text, "0+ 2-": gained, lost. */
static const char *shown(looked *l, const lme_look_options *options, lme_look_counts *counts)
{
    static const char *const marks[] = {"", "-", "+"};
    lme_error err = {0};
    lme_builder out = {.arena = l->arena};
    size_t n;
    lme_look_close(l->look);
    assert_ok(lme_look_open(l->arena, &l->record[0], options, &l->look, &err), &err);
    for (bool end = false;;) {
        lme_look_item item;
        assert_ok(lme_look_next(l->item_arena, l->look, &item, &end, &err), &err);
        if (end)
            break;
        lme_builder_format(&out, "%s%d%s", out.len > 0 ? " " : "", (int)item.sample->doc_id,
                           marks[item.flip]);
    }
    *counts = lme_look_counted(l->look, &n)[0];
    assert_int_equal(n, 1);
    return lme_str_cstr(l->arena, lme_builder_finish(&out));
}

static void by_score_number_and_pattern(void **state)
{
    (void)state;
    const double scores[] = {1, 0, 0.5, (double)NAN, 0};
    looked l;
    lme_look_counts c;
    begin(&l);
    make_run(&l, 0, scores, 5, "true");
    assert_string_equal(shown(&l, &(lme_look_options){0}, &c), "0 1 2 3 4");
    assert_string_equal(shown(&l, &(lme_look_options){.wrong = true}, &c), "1 2 4");
    assert_string_equal(shown(&l, &(lme_look_options){.failed = true}, &c), "3");
    assert_string_equal(shown(&l, &(lme_look_options){.wrong = true, .limit = 2}, &c), "1 2");
    assert_int_equal(c.n_documents, 5);
    assert_int_equal(c.n_shown, 2);
    assert_int_equal(c.n_met, 3);
    assert_false(c.is_cut);
    assert_string_equal(shown(&l, &(lme_look_options){.order = LME_LOOK_BY_SCORE}, &c),
                        "1 4 2 0 3");
    const int64_t ids[] = {4, 0};
    assert_string_equal(shown(&l, &(lme_look_options){.ids = ids, .n_ids = 2}, &c), "0 4");
    lme_str pattern = LME_STR("said [13]|refused");
    assert_string_equal(shown(&l, &(lme_look_options){.grep = &pattern}, &c), "1 3");
    assert_string_equal(shown(&l, &(lme_look_options){.grep = &pattern, .limit = 1}, &c), "1");
    assert_true(c.is_cut);
    finish(&l);
}

static void flips_go_by_the_metrics_direction(void **state)
{
    (void)state;
    const double base[] = {1, 0, 1, (double)NAN, 0.5, 1}, other[] = {1, 1, 0, 1, 0.25};
    looked l;
    lme_look_counts c;
    begin(&l);
    make_run(&l, 0, base, 6, "true");
    make_run(&l, 1, other, 5, "true");
    assert_string_equal(shown(&l, &(lme_look_options){.other = &l.record[1]}, &c), "1+ 2- 4-");
    assert_int_equal(c.n_lost, 2);
    assert_int_equal(c.n_gained, 1);
    assert_int_equal(c.n_unpaired, 1);
    assert_string_equal(shown(&l, &(lme_look_options){.other = &l.record[1], .wrong = true}, &c),
                        "1+ 4-");
    finish(&l);
    begin(&l);
    make_run(&l, 0, base, 5, "false");
    make_run(&l, 1, other, 5, "false");
    assert_string_equal(shown(&l, &(lme_look_options){.other = &l.record[1]}, &c), "1- 2+ 4+");
    lme_error err = {0};
    lme_look *look;
    assert_false(
        lme_look_open(l.arena, &l.record[0], &(lme_look_options){.wrong = true}, &look, &err));
    assert_error(&err, LME_ERR_USAGE, "m does not tell right from wrong answers of quiz");
    finish(&l);
}

static void scores_out_of_range_are_no_right_or_wrong(void **state)
{
    (void)state;
    const double scores[] = {1, 12.5};
    looked l;
    lme_look *look;
    lme_error err = {0};
    begin(&l);
    make_run(&l, 0, scores, 2, "true");
    assert_false(
        lme_look_open(l.arena, &l.record[0], &(lme_look_options){.wrong = true}, &look, &err));
    assert_error(&err, LME_ERR_USAGE, "does not tell right from wrong");
    finish(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_score_number_and_pattern),
        cmocka_unit_test(flips_go_by_the_metrics_direction),
        cmocka_unit_test(scores_out_of_range_are_no_right_or_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
