/* Two records made here: pairing, directions, verdicts, words. */
#include "two_runs.h"

#include <math.h>

static void documents_pair_by_hash_not_by_place(void **state)
{
    (void)state;
    both t;
    begin(&t, "acc", 100);
    compare(&t);
    assert_int_equal(t.c.n_obstacles, 0);
    assert_int_equal(t.c.n_rows, 1);
    const lme_comparison_row *row = &t.c.rows[0];
    assert_int_equal(row->n, 100);
    assert_int_equal(row->flips.lost + row->flips.gained, 0);
    assert_close(row->chance, 0.25, 1e-15);
    assert_close(row->recovery_above_chance.value, 1.0, 1e-12);
    assert_int_equal(row->verdict, LME_VERDICT_UNCLEAR);
    /* equal rows pair in their order */
    t.a->lines[1].doc_hash = t.a->lines[0].doc_hash;
    compare(&t);
    assert_int_equal(t.c.rows[0].n, 99);
    assert_int_equal(t.c.n_notes, 1);
    assert_str(t.c.notes[0], "quiz: 99 documents are in both runs, 1 only in the base, 1 only in "
                             "the other; the numbers are over those in both");
    lme_arena_free(t.arena);
}

static void a_loss_is_seen(void **state)
{
    (void)state;
    both t;
    begin(&t, "acc", 400);
    for (size_t i = 0; i < 400; i++) {
        if (i % 5 == 0)
            t.b->scores[i] = 0.0;
    }
    compare(&t);
    const lme_comparison_row *row = &t.c.rows[0];
    assert_int_equal(row->verdict, LME_VERDICT_DEGRADED);
    assert_int_equal(row->flips.lost, 60);
    assert_int_equal(row->flips.gained, 0);
    assert_true(row->difference.value < 0.0 && row->difference_interval.high < 0.0);
    assert_true(row->recovery_interval.high < 0.9);
    assert_true(row->p < 1e-6);
    assert_str(lme_verdict_sentence(t.arena, row, &usual),
               "quiz acc: degraded: less than 99 % is kept, 95 % sure.");
    lme_arena_free(t.arena);
}

/* Three lost and none gained: p of "equal" is 0.125, and no verdict may be surer than it. */
static void three_losses_are_no_verdict(void **state)
{
    (void)state;
    both t;
    begin(&t, "acc", 44);
    for (size_t i = 0; i < 44; i++) { /* the base has 14 right, three of them lost */
        for (size_t j = 0; j < 44; j++) {
            if (!lme_str_equal(t.a->lines[i].doc_hash, t.b->lines[j].doc_hash))
                continue;
            t.a->scores[i] = i < 14;
            t.b->scores[j] = i >= 3 && i < 14;
        }
    }
    compare(&t);
    const lme_comparison_row *row = &t.c.rows[0];
    assert_int_equal(row->flips.lost, 3);
    assert_int_equal(row->flips.gained, 0);
    assert_close(row->p, 0.125, 1e-12);
    assert_true(row->kept.p > 0.95); /* the score test alone would say it */
    assert_int_equal(row->verdict, LME_VERDICT_UNCLEAR);
    lme_arena_free(t.arena);
}

/* An error rate: more is worse, recovery is base / other. */
static void lower_is_better(void **state)
{
    (void)state;
    both t;
    begin(&t, "error", 400);
    t.a->score.higher_is_better = t.b->score.higher_is_better = false;
    for (size_t i = 0; i < 400; i++)
        t.b->scores[i] = i % 5 == 0 ? 1.0 : t.b->scores[i];
    compare(&t);
    const lme_comparison_row *row = &t.c.rows[0];
    assert_true(row->difference.value > 0.0 && row->difference_interval.low > 0.0);
    assert_true(row->recovery.value < 1.0);
    assert_close(row->recovery.value, row->base.value / row->other.value, 1e-12);
    assert_int_equal(row->flips.lost, 20);
    assert_int_equal(row->flips.gained, 0);
    assert_int_equal(row->verdict, LME_VERDICT_DEGRADED);
    assert_true(isnan(row->chance));
    lme_arena_free(t.arena);
}

static void what_cannot_be_made_again_is_not_judged(void **state)
{
    (void)state;
    both t;
    begin(&t, "perplexity", 100);
    t.a->score.value = 12.5;
    t.b->score.value = 13.0;
    lme_compare_runs(t.arena, &t.a->record, &t.b->record, &usual, &t.c);
    assert_int_equal(t.c.rows[0].verdict, LME_VERDICT_NONE);
    assert_close(t.c.rows[0].base.value, 12.5, 0.0);
    assert_str(lme_verdict_sentence(t.arena, &t.c.rows[0], &usual),
               "quiz perplexity: not judged: it is not known how the score is made of the "
               "documents.");
    /* it is known how, but these documents do not make this score */
    t.a->task.output_type = t.b->task.output_type = LME_STR("loglikelihood");
    lme_compare_runs(t.arena, &t.a->record, &t.b->record, &usual, &t.c);
    assert_string_equal(t.c.rows[0].unsupported,
                        "the samples do not hold what the score is made of");
    /* a gate on it does not pass unseen */
    const lme_gate_rule rule = {.gates = {0.99, (double)NAN, (double)NAN, 0.95, false}};
    size_t n;
    const lme_gate_result *results = lme_gates_check(t.arena, &rule, 1, &t.c, &n);
    assert_int_equal(n, 1);
    assert_false(results[0].met);
    assert_str(results[0].text, "quiz perplexity: cannot be checked: the samples do not hold what "
                                "the score is made of");
    lme_arena_free(t.arena);
}

static void runs_that_differ_are_not_compared(void **state)
{
    (void)state;
    both t;
    begin(&t, "acc", 40);
    lme_pair cold[1] = {{lme_string(LME_STR("temperature")), lme_float(0.0)}};
    lme_pair warm[2] = {{lme_string(LME_STR("temperature")), lme_float(0.5)},
                        {lme_string(LME_STR("top_p")), lme_float(0.9)}};
    t.a->task.generation = (lme_value){.kind = LME_MAP, .map = {cold, 1}};
    t.b->task.generation = (lme_value){.kind = LME_MAP, .map = {warm, 2}};
    t.b->task.n_shot = 5;
    t.a->task.scoring_path = LME_STR("echo");
    t.b->task.scoring_path = LME_STR("letters");
    t.b->task.sample_data = true;
    t.a->task.cut = LME_STR("none");
    t.b->task.cut = LME_STR("cut to 2048");
    t.b->record.n_bos = 1;
    t.a->task.refused_parameters = LME_STR("none");
    t.b->task.refused_parameters = LME_STR("temperature, top_p");
    t.a->task.version = lme_float(1.0);
    t.b->task.version = lme_float(2.0);
    t.b->lines[3].prompt_hash = LME_STR("another");
    t.b->lines[4].target_hash = LME_STR("another");
    compare(&t);
    static const char *const said[] = {
        "the server put 0 special tokens before a text in the base and 1 in the other",
        "quiz: the scoring path is echo in the base and letters in the other",
        "quiz: the task's version is 1.0 in the base and 2.0 in the other",
        "quiz: the number of examples is 0 in the base and 5 in the other",
        "quiz: only one of the runs is over sample rows",
        "quiz: generation setting temperature is 0.0 in the base and 0.5 in the other",
        "quiz: generation setting top_p is absent in the base",
        "quiz: what was done to long prompts is none in the base and cut to 2048 in the other",
        "quiz: what the server refused is none in the base and temperature, top_p in the other",
        "quiz: 1 of 40 documents had another prompt",
        "quiz: 1 of 40 documents had another right answer",
    };
    assert_int_equal(t.c.n_obstacles, sizeof said / sizeof said[0]);
    for (size_t i = 0; i < t.c.n_obstacles; i++)
        assert_str(t.c.obstacles[i], said[i]);
    /* nothing in common at all */
    for (size_t i = 0; i < 40; i++)
        t.b->hashes[i][0] = 'x';
    compare(&t);
    assert_str(t.c.obstacles[t.c.n_obstacles - 1],
               "quiz: no document is in both runs (40 and 40, by doc_hash)");
    t.b->task.n_pipelines = 0;
    compare(&t);
    assert_str(t.c.obstacles[1], "quiz: the other has no samples file (lm_eval: --log_samples)");
    assert_str(t.c.obstacles[2], "the runs have no task and metric in common");
    t.b->task.samples_path = "other/samples_quiz.jsonl";
    t.b->task.n_failed = 40;
    compare(&t);
    assert_str(t.c.obstacles[1], "quiz: no document of the other was scored, 40 failed");
    lme_arena_free(t.arena);
}

static void clusters_come_from_the_lines(void **state)
{
    (void)state;
    both t;
    begin(&t, "acc", 400);
    static const char *const passages[] = {"p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7"};
    for (size_t i = 0; i < 400; i++)
        t.a->lines[i].cluster = lme_str_from(passages[i / 50]);
    compare(&t);
    assert_int_equal(t.c.rows[0].pairs->clusters.n, 8);
    assert_close(t.c.rows[0].base.df, 7.0, 0.0);
    t.a->lines[0].cluster = t.a->lines[51].cluster = LME_STR(""); /* these two stand alone */
    compare(&t);
    assert_int_equal(t.c.rows[0].pairs->clusters.n, 10);
    lme_arena_free(t.arena);
}

static void averages_and_holm_span_the_tasks(void **state)
{
    (void)state;
    both t;
    begin(&t, "acc", 200);
    for (size_t i = 0; i < 200; i++)
        t.b->scores[i] = i % 20 == 1 ? 0.0 : t.b->scores[i];
    settle(t.a);
    settle(t.b);
    lme_record_task two_a[2] = {t.a->task, t.a->task}, two_b[2] = {t.b->task, t.b->task};
    two_a[1].name = two_b[1].name = LME_STR("exam");
    t.a->record.tasks = two_a;
    t.b->record.tasks = two_b;
    t.a->record.n_tasks = t.b->record.n_tasks = 2;
    lme_compare_runs(t.arena, &t.a->record, &t.b->record, &usual, &t.c);
    assert_int_equal(t.c.n_rows, 3);
    const lme_comparison_row *one = &t.c.rows[0], *average = &t.c.rows[2];
    assert_close(one->p_adjusted, fmin(1.0, 2.0 * one->p), 1e-12);
    assert_int_equal(t.c.n_tested, 2);
    assert_str(average->task, "average");
    assert_int_equal(average->n, 2);
    assert_close(average->base.value, one->base.value, 1e-12);
    assert_close(average->recovery.value, one->recovery.value, 1e-12);
    assert_close(average->difference.stderr_value, one->difference.stderr_value / sqrt(2.0), 1e-9);
    assert_true(average->is_average && isnan(average->n_if_equal));
    /* an average is shown, not gated, judged or not */
    const lme_gate_rule rule = {.gates = {0.1, (double)NAN, (double)NAN, 0.95, false}};
    size_t n;
    lme_gates_check(t.arena, &rule, 1, &t.c, &n);
    assert_int_equal(n, 2);
    /* chosen ones only */
    lme_str wanted = LME_STR("exam");
    lme_compare_options chosen = usual;
    chosen.tasks = &wanted;
    chosen.n_tasks = 1;
    lme_compare_runs(t.arena, &t.a->record, &t.b->record, &chosen, &t.c);
    assert_int_equal(t.c.n_rows, 1);
    assert_str(t.c.rows[0].task, "exam");
    lme_arena_free(t.arena);
}

static void what_is_asked_for_by_name_is_there(void **state)
{
    (void)state;
    both t;
    begin(&t, "acc_norm", 100);
    lme_str task = LME_STR("quiz"), metric = LME_STR("acc_norm");
    lme_compare_options asked = usual;
    asked.tasks = &task;
    asked.metrics = &metric;
    asked.n_tasks = asked.n_metrics = 1;
    lme_error err = {0};
    assert_ok(lme_compare_asked(t.arena, &t.a->record, &asked, &err), &err);
    metric = LME_STR("acc_nrom");
    assert_false(lme_compare_asked(t.arena, &t.a->record, &asked, &err));
    assert_error(&err, LME_ERR_USAGE, "the base has no metric acc_nrom");
    assert_error(&err, LME_ERR_USAGE, "did you mean acc_norm?");
    err = (lme_error){0};
    task = LME_STR("another");
    assert_false(lme_compare_asked(t.arena, &t.a->record, &asked, &err));
    assert_error(&err, LME_ERR_USAGE, "the base has no task another");
    assert_error(&err, LME_ERR_USAGE, "it has quiz");
    err = (lme_error){0};
    asked.n_tasks = asked.n_metrics = 0;
    t.a->task.samples_path = "samples_quiz.jsonl";
    t.a->task.cluster = "pasage";
    t.a->task.n_unclustered = 3;
    t.a->task.unclustered_line = 1;
    t.a->task.nearest_column = LME_STR("passage");
    assert_false(lme_compare_asked(t.arena, &t.a->record, &asked, &err));
    assert_error(&err, LME_ERR_DATA,
                 "samples_quiz.jsonl:1: 3 documents of quiz have nothing in the column \"pasage\"");
    assert_error(&err, LME_ERR_DATA, "did you mean --cluster passage?");
    lme_arena_free(t.arena);
}

static void other_counts_of_the_same_prompts_are_noted(void **state)
{
    (void)state;
    both t;
    begin(&t, "acc", 100);
    t.a->task.n_prompt_tokens = 1000;
    compare(&t);
    size_t n = t.c.n_notes; /* one run tells none */
    t.b->task.n_prompt_tokens = 1000;
    compare(&t);
    assert_int_equal(t.c.n_notes, n);
    t.b->task.n_prompt_tokens = 1007;
    compare(&t);
    assert_int_equal(t.c.n_notes, n + 1);
    assert_str(t.c.notes[0],
               "quiz: the prompts have 1000 tokens in the base and 1007 in the other: "
               "another tokenizer, or another template");
    /* of other documents */
    t.b->task.n_failed = 1;
    compare(&t);
    assert_str(t.c.notes[0], "quiz: 0 documents failed in the base, 1 in the other");
    assert_int_equal(t.c.n_notes, n + 1);
    lme_arena_free(t.arena);
}

static void directions_are_said_or_noted(void **state)
{
    (void)state;
    both t;
    begin(&t, "oddness", 100);
    t.a->score.direction_known = false;
    compare(&t);
    assert_int_equal(t.c.n_obstacles, 0);
    assert_str(t.c.notes[0],
               "quiz: the base does not say whether more oddness is better; it is taken to be");
    t.a->score.direction_known = true;
    t.b->score.higher_is_better = false;
    compare(&t);
    assert_str(t.c.obstacles[0], "quiz: more oddness is better in one run and worse in the other");
    lme_arena_free(t.arena);
}

/* Two tasks that nothing changed in: no variance seen is not no variance. */
static void equal_runs_do_not_prove_an_average(void **state)
{
    (void)state;
    both t;
    begin(&t, "acc", 100);
    settle(t.a);
    settle(t.b);
    lme_record_task two_a[2] = {t.a->task, t.a->task}, two_b[2] = {t.b->task, t.b->task};
    two_a[1].name = two_b[1].name = LME_STR("exam");
    t.a->record.tasks = two_a;
    t.b->record.tasks = two_b;
    t.a->record.n_tasks = t.b->record.n_tasks = 2;
    lme_compare_runs(t.arena, &t.a->record, &t.b->record, &usual, &t.c);
    assert_int_equal(t.c.rows[0].verdict, LME_VERDICT_UNCLEAR);
    const lme_comparison_row *average = &t.c.rows[2];
    assert_int_equal(average->verdict, LME_VERDICT_UNCLEAR);
    assert_true(average->recovery_interval.low < 0.99 && average->recovery_interval.high > 1.0);
    assert_true(average->difference_interval.low < 0.0);
    /* scores of no range have no error at all then */
    for (size_t i = 0; i < 100; i++)
        t.a->scores[i] = t.b->scores[i] = 40.0;
    two_a[0].scores = two_a[1].scores = &t.a->score;
    settle(t.a);
    settle(t.b);
    lme_compare_runs(t.arena, &t.a->record, &t.b->record, &usual, &t.c);
    average = &t.c.rows[2];
    assert_int_equal(average->verdict, LME_VERDICT_NONE);
    assert_str(lme_verdict_sentence(t.arena, average, &usual),
               "average acc: not judged: in one of the tasks no item differs: no error can be "
               "told.");
    const lme_gate_rule rule = {.gates = {0.1, (double)NAN, (double)NAN, 0.95, false}};
    size_t n;
    lme_gates_check(t.arena, &rule, 1, &t.c, &n);
    assert_int_equal(n, 2); /* an average that is not judged is no failed gate */
    lme_arena_free(t.arena);
}

/* 4 of 400 flip against the other model, 2 against itself. */
static void noise_is_told_from_change(void **state)
{
    (void)state;
    both t;
    begin(&t, "acc", 400);
    t.b->scores[1] = t.b->scores[2] = 0.0;
    compare(&t);
    lme_comparison noise = t.c;
    t.b->scores[3] = t.b->scores[5] = 0.0;
    settle(t.b);
    lme_comparison again;
    lme_compare_runs(t.arena, &t.a->record, &t.b->record, &usual, &again);
    assert_str(lme_noise_sentence(t.arena, &again.rows[0], &noise, 0.95),
               "quiz acc: 1.0 % of the answers flipped; the base against itself flips 0.5 % "
               "[0.1, 1.8], which leaves 0.5 [-0.9, 2.1] to the other model (p 0.206).");
    assert_str(lme_noise_sentence(t.arena, &again.rows[0], NULL, 0.95), "");
    lme_arena_free(t.arena);
}

static void guessers_are_named(void **state)
{
    (void)state;
    both t;
    begin(&t, "acc", 100);
    for (size_t i = 0; i < 100; i++)
        t.a->scores[i] = t.b->scores[i] = i % 4 == 0 ? 1.0 : 0.0;
    compare(&t);
    assert_str(t.c.notes[0], "quiz acc: the base is not clearly above guessing (25.0 %): what it "
                             "keeps says little");
    lme_arena_free(t.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_pair_by_hash_not_by_place),
        cmocka_unit_test(a_loss_is_seen),
        cmocka_unit_test(three_losses_are_no_verdict),
        cmocka_unit_test(lower_is_better),
        cmocka_unit_test(what_cannot_be_made_again_is_not_judged),
        cmocka_unit_test(runs_that_differ_are_not_compared),
        cmocka_unit_test(clusters_come_from_the_lines),
        cmocka_unit_test(averages_and_holm_span_the_tasks),
        cmocka_unit_test(what_is_asked_for_by_name_is_there),
        cmocka_unit_test(other_counts_of_the_same_prompts_are_noted),
        cmocka_unit_test(directions_are_said_or_noted),
        cmocka_unit_test(equal_runs_do_not_prove_an_average),
        cmocka_unit_test(noise_is_told_from_change),
        cmocka_unit_test(guessers_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
