/* The table against lm_eval's make_table (tests/golden/lm_eval_table, written by
 * tests/parity/table_golden.py), and the notes below it. */
#include "support.h"

#include <math.h>
#include <string.h>

#include <lmeval/json.h>
#include <lmeval/report.h>
#include <lmeval/share.h>

static double number(const lme_value *v)
{
    if (v->kind == LME_STRING) {
        if (lme_str_is(v->string, "inf"))
            return (double)INFINITY;
        return lme_str_is(v->string, "-inf") ? -(double)INFINITY : (double)NAN;
    }
    return v->kind == LME_INT ? (double)v->integer : v->number;
}

static lme_result result_of(lme_arena *arena, const lme_value *task)
{
    const lme_value *rows = lme_value_find(task, "rows");
    lme_summary *summaries = LME_ARRAY(arena, lme_summary, rows->list.len);
    for (size_t i = 0; i < rows->list.len; i++) {
        const lme_value *row = &rows->list.items[i];
        summaries[i] = (lme_summary){
            .metric = lme_value_find(row, "metric")->string,
            .pipeline = lme_value_find(row, "pipeline")->string,
            .value = number(lme_value_find(row, "value")),
            .stderr_value = number(lme_value_find(row, "stderr")),
            .higher_is_better = lme_value_find(row, "higher_is_better")->boolean,
        };
    }
    return (lme_result){
        .task = lme_value_find(task, "task")->string,
        .alias = lme_value_find(task, "alias")->string,
        .version = *lme_value_find(task, "version"),
        .n_shot = (size_t)lme_value_find(task, "n_shot")->integer,
        .summaries = summaries,
        .n_summaries = rows->list.len,
    };
}

static void check_case(lme_arena *arena, const lme_value *row, size_t line)
{
    const lme_value *tasks = lme_value_find(row, "tasks");
    lme_result *results = LME_ARRAY(arena, lme_result, tasks->list.len);
    for (size_t i = 0; i < tasks->list.len; i++)
        results[i] = result_of(arena, &tasks->list.items[i]);
    lme_results all = {.tasks = results, .n_tasks = tasks->list.len};
    lme_str got = lme_report_table(arena, &all, true);
    lme_str expected = lme_value_find(row, "table")->string;
    if (!lme_str_equal(got, expected))
        fail_msg("cases.jsonl:%zu\n%.*snot\n%.*s", line, LME_STR_ARG(got), LME_STR_ARG(expected));
}

static void tables_equal_lm_evals(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_str text;
    const char *path = test_source(arena, "tests/golden/lm_eval_table/cases.jsonl");
    assert_ok(lme_file_read(arena, path, 1 << 20, &text, &err), &err);
    size_t line = 0;
    for (size_t from = 0; from < text.len;) {
        size_t end = lme_str_find(text, LME_STR("\n"), from);
        lme_value row;
        assert_ok(lme_json_read(arena, NULL, lme_str_slice(text, from, end), NULL, &row, &err),
                  &err);
        line++;
        if (line > 1)
            check_case(arena, &row, line);
        from = end == SIZE_MAX ? text.len : end + 1;
    }
    assert_true(line > 90);
    lme_arena_free(arena);
}

static lme_str table_of(lme_arena *arena, const lme_result *task, bool utf8)
{
    lme_results all = {.tasks = task, .n_tasks = 1};
    return lme_report_table(arena, &all, utf8);
}

static void a_terminal_without_utf8_gets_ascii(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_summary summaries[2] = {{.metric = LME_STR("acc"),
                                 .pipeline = LME_STR("none"),
                                 .value = 0.5,
                                 .stderr_value = 0.25,
                                 .higher_is_better = true},
                                {.metric = LME_STR("ppl"),
                                 .pipeline = LME_STR("none"),
                                 .value = 2.0,
                                 .stderr_value = (double)NAN}};
    lme_result task = {.task = LME_STR("demo"), .summaries = summaries, .n_summaries = 2};
    assert_str(table_of(arena, &task, false),
               "|Tasks|Version|Filter|n-shot|Metric|   |Value|   |Stderr|\n"
               "|-----|-------|------|-----:|------|---|----:|---|------|\n"
               "|demo |Yaml   |none  |     0|acc   |^  |  0.5|+- |  0.25|\n"
               "|     |       |none  |     0|ppl   |v  |  2.0|+- |   N/A|\n");
    lme_arena_free(arena);
}

/* Where we do not follow lm_eval: it prints 202401 for the task and Infinity for the value. */
static void names_stay_names_and_signs_stay(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_summary summary = {.metric = LME_STR("acc"),
                           .pipeline = LME_STR("1"),
                           .value = -(double)INFINITY,
                           .stderr_value = 0.5};
    lme_result task = {.task = LME_STR("2024_01"), .summaries = &summary, .n_summaries = 1};
    assert_str(table_of(arena, &task, false),
               "| Tasks |Version|Filter|n-shot|Metric|   |  Value  |   |Stderr|\n"
               "|-------|-------|------|-----:|------|---|---------|---|-----:|\n"
               "|2024_01|Yaml   |1     |     0|acc   |v  |-Infinity|+- |   0.5|\n");
    lme_arena_free(arena);
}

/* What lm_eval's columns have no room for stands below. */
static void notes_say_how_sure_a_number_is(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_summary summaries[3] = {
        {.metric = LME_STR("acc"),
         .pipeline = LME_STR("strict"),
         .n_docs = 20,
         .cluster = LME_STR("passage"),
         .cluster_stderr = 0.03125,
         .n_clusters = 6,
         .extracts = true,
         .n_unextracted = 3},
        {.metric = LME_STR("f1"),
         .pipeline = LME_STR("strict"),
         .value = (double)NAN,
         .n_docs = 20,
         .extracts = true,
         .n_unextracted = 3,
         .remark = "it takes two classes"},
        {.metric = LME_STR("acc"), .pipeline = LME_STR("loose"), .extracts = true},
    };
    lme_str left_out = LME_STR("bleu");
    lme_result task = {.task = LME_STR("demo"),
                       .summaries = summaries,
                       .n_summaries = 3,
                       .left_out = &left_out,
                       .n_left_out = 1};
    lme_str table = table_of(arena, &task, false);
    size_t notes = lme_str_find(table, LME_STR("note: "), 0);
    assert_str(lme_str_slice(table, notes, table.len),
               "note: demo: bleu cannot score what was asked and is left out\n"
               "note: demo: strict found nothing to extract in 3 of 20 answers\n"
               "note: demo: acc,strict: standard error 0.0312 by the 6 clusters of passage\n"
               "note: demo: f1,strict is no number: it takes two classes\n");
    lme_arena_free(arena);
}

static void nothing_scored_is_an_empty_table(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_result task = {.task = LME_STR("demo"), .n_failed = 2, .n_effective = 2};
    assert_str(table_of(arena, &task, true),
               "|Tasks|Version|Filter|n-shot|Metric|   |Value|   |Stderr|\n"
               "|-----|-------|------|------|------|---|-----|---|------|\n"
               "note: demo: 2 of 2 documents failed and are not in the score\n");
    lme_arena_free(arena);
}

/* The notes alone. */
static lme_str notes_of(lme_arena *arena, const lme_result *task)
{
    lme_str text = table_of(arena, task, true);
    size_t at = lme_str_find(text, LME_STR("note: "), 0);
    return at == SIZE_MAX ? LME_STR("") : lme_str_slice(text, at, text.len);
}

static void notes_say_what_a_reader_must_know(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_result task = {.task = LME_STR("hellaswag"), .n_effective = 200, .n_cut = 2};
    assert_str(notes_of(arena, &task), "");
    task.n_cut = 3;
    task.n_failed = 1;
    task.n_no_choice = 1;
    task.n_straddling = 4;
    task.n_floored = 5;
    task.sample_data = true;
    assert_str(notes_of(arena, &task),
               "note: hellaswag: sample data written for lmeval, not the hellaswag benchmark\n"
               "note: hellaswag: 1 of 200 documents failed and are not in the score\n"
               "note: hellaswag: 1 document names a right answer that is none of the choices\n"
               "note: hellaswag: 3 of 200 answers were cut at the token limit (max_gen_toks)\n"
               "note: hellaswag: 4 requests have a token across the end of the prompt\n"
               "note:   (docs/scoring.md)\n"
               "note: hellaswag: 5 answers rest on a log-probability that the server does not\n"
               "note:   tell (below its floor)\n");
    lme_arena_free(arena);
}

static void cut_answers_count_against_all_repeats(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_map_builder config = {.arena = arena};
    lme_map_add(&config, LME_STR("repeats"), lme_int(10));
    lme_result task = {
        .task = LME_STR("t"),
        .config = lme_map_finish(&config),
        .n_effective = 20,
        .n_cut = 2,
    };
    assert_str(notes_of(arena, &task), "");
    task.n_cut = 3;
    assert_str(notes_of(arena, &task),
               "note: t: 3 of 200 answers were cut at the token limit (max_gen_toks)\n");
    lme_arena_free(arena);
}

static void notes_fit_a_terminal(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_result task = {
        .task = LME_STR("a_task_with_a_rather_long_name_that_somebody_wrote_down"),
        .alias = LME_STR("an alias that is no shorter than the name of the task in its file, "
                         "and one_word_that_is_longer_than_any_terminal_that_is_eighty_columns_"
                         "wide_can_show"),
        .n_effective = 9,
        .n_failed = 1,
        .sample_data = true,
    };
    lme_str notes = notes_of(arena, &task);
    for (size_t from = 0; from < notes.len;) {
        size_t end = lme_str_find(notes, LME_STR("\n"), from);
        lme_str line = lme_str_slice(notes, from, end);
        assert_true(lme_str_starts(line, LME_STR("note: ")));
        bool one_word = lme_str_find(line, LME_STR("one_word"), 0) != SIZE_MAX;
        assert_true(line.len <= 80 || one_word);
        from = end + 1;
    }
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_equal_lm_evals),
        cmocka_unit_test(a_terminal_without_utf8_gets_ascii),
        cmocka_unit_test(names_stay_names_and_signs_stay),
        cmocka_unit_test(notes_say_how_sure_a_number_is),
        cmocka_unit_test(nothing_scored_is_an_empty_table),
        cmocka_unit_test(notes_say_what_a_reader_must_know),
        cmocka_unit_test(cut_answers_count_against_all_repeats),
        cmocka_unit_test(notes_fit_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
