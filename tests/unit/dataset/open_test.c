/* A dataset as a stream: direct paths, slices, counting, closing. */
#include "reading.h"

static const char *const ten = "{\"n\": 0}\n{\"n\": 1}\n{\"n\": 2}\n{\"n\": 3}\n{\"n\": 4}\n"
                               "{\"n\": 5}\n{\"n\": 6}\n{\"n\": 7}\n{\"n\": 8}\n{\"n\": 9}\n";

static void a_relative_path_starts_here_or_at_the_task(void **state)
{
    reading *r = *state;
    test_file(r->arena, r->folder, "own.jsonl", "{\"a\": 1}\n");
    lme_source source = {
        .path = LME_STR("own.jsonl"),
        .split = LME_STR("test"),
        .base_folder = lme_str_from(r->folder),
    };
    assert_rows(r, &source, "{\"a\": 1}\n");
    source.path = LME_STR("other.jsonl");
    assert_refused(r, &source, LME_ERR_DATA, "data file \"other.jsonl\" is not there");
}

static void slices_cut_rows(void **state)
{
    static const struct {
        const char *split, *first;
        size_t n;
    } cases[] = {
        {"test[:3]", "{\"n\": 0}", 3},
        {"test[8:]", "{\"n\": 8}", 2},
        {"test[2:4]", "{\"n\": 2}", 2},
        {"test[-1:]", "{\"n\": 9}", 1},
        {"test[:20%]", "{\"n\": 0}", 2},
        {"test[50%:]", "{\"n\": 5}", 5},
        {"test[5:100]", "{\"n\": 5}", 5},
        {"test[20:]", "", 0},
        {"test[5:2]", "", 0},
    };
    reading *r = *state;
    lme_source source = file_source(r, "ten.jsonl", ten);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_str text;
        source.split = lme_str_from(cases[i].split);
        assert_ok(read_all(r, &source, &text), &r->err);
        assert_true(lme_str_starts(text, lme_str_from(cases[i].first)));
        assert_int_equal(text.len, cases[i].n * strlen("{\"n\": 0}\n"));
        assert_count(r, &source, cases[i].n);
    }
    source.split = LME_STR("test[3]");
    assert_refused(r, &source, LME_ERR_TASK, "has a slice that cannot be read");
}

/* Counting does not move the stream. */
static void counting_is_apart_from_reading(void **state)
{
    reading *r = *state;
    lme_source source = file_source(r, "ten.jsonl", ten);
    lme_dataset *dataset;
    lme_value row;
    bool end;
    size_t n;
    assert_ok(lme_dataset_open(r->arena, &source, &dataset, &r->err), &r->err);
    assert_ok(lme_dataset_next(r->arena, dataset, &row, &end, &r->err), &r->err);
    assert_ok(lme_dataset_count(dataset, &n, &r->err), &r->err);
    assert_int_equal(n, 10);
    assert_ok(lme_dataset_next(r->arena, dataset, &row, &end, &r->err), &r->err);
    assert_int_equal(lme_value_find(&row, "n")->integer, 1);
}

static void the_end_stays_the_end(void **state)
{
    reading *r = *state;
    lme_source source = file_source(r, "one.jsonl", "{\"a\": 1}\n");
    lme_dataset *dataset;
    lme_value row;
    bool end;
    assert_ok(lme_dataset_open(r->arena, &source, &dataset, &r->err), &r->err);
    assert_ok(lme_dataset_next(r->arena, dataset, &row, &end, &r->err), &r->err);
    assert_false(end);
    for (int i = 0; i < 3; i++) {
        assert_ok(lme_dataset_next(r->arena, dataset, &row, &end, &r->err), &r->err);
        assert_true(end);
    }
}

/* A row lives as long as its arena, also when the dataset is gone. */
static void rows_outlive_the_dataset(void **state)
{
    reading *r = *state;
    static const char *const names[] = {"a.jsonl", "a.json", "a.csv"};
    static const char *const texts[] = {"{\"a\": \"text\"}\n", "[{\"a\": \"text\"}]", "a\ntext\n"};
    for (size_t i = 0; i < 3; i++) {
        lme_arena *short_lived = lme_arena_new();
        lme_source source = file_source(r, names[i], texts[i]);
        lme_dataset *dataset;
        lme_value row;
        bool end;
        assert_ok(lme_dataset_open(short_lived, &source, &dataset, &r->err), &r->err);
        assert_ok(lme_dataset_next(r->arena, dataset, &row, &end, &r->err), &r->err);
        lme_arena_free(short_lived);
        assert_int_equal(row.map.len, 1);
        assert_str(row.map.pairs[0].key.string, "a");
        assert_str(row.map.pairs[0].value.string, "text");
    }
}

static void closing_twice_is_fine(void **state)
{
    reading *r = *state;
    lme_arena *arena = lme_arena_new();
    lme_source source = file_source(r, "ten.jsonl", ten);
    lme_dataset *dataset;
    assert_ok(lme_dataset_open(arena, &source, &dataset, &r->err), &r->err);
    lme_dataset_close(dataset);
    lme_dataset_close(dataset);
    lme_dataset_close(NULL);
    lme_arena_free(arena);
}

static void unknown_kinds_of_files_are_errors(void **state)
{
    reading *r = *state;
    test_file(r->arena, r->folder, "rows.parquet", "PAR1");
    lme_value kwargs = value_of(r, "{\"data_files\": \"rows.parquet\"}");
    lme_source source = {
        .path = LME_STR("json"),
        .split = LME_STR("test"),
        .base_folder = lme_str_from(r->folder),
        .kwargs = &kwargs,
    };
    assert_refused(r, &source, LME_ERR_DATA, "rows.parquet");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, reading_setup, reading_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_relative_path_starts_here_or_at_the_task),
        TEST(slices_cut_rows),
        TEST(counting_is_apart_from_reading),
        TEST(the_end_stays_the_end),
        TEST(rows_outlive_the_dataset),
        TEST(closing_twice_is_fine),
        TEST(unknown_kinds_of_files_are_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
