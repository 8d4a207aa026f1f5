/* The builders json and csv: data_files in all its forms. */
#include "reading.h"

#include <lmeval/share.h>

static lme_source builder(reading *r, const char *name, lme_value *kwargs)
{
    return (lme_source){
        .path = lme_str_from(name),
        .split = LME_STR("test"),
        .kwargs = kwargs,
        .base_folder = lme_str_from(r->folder),
    };
}

static void a_map_names_files_by_split(void **state)
{
    reading *r = *state;
    test_file(r->arena, r->folder, "a.jsonl", "{\"a\": 1}\n");
    test_file(r->arena, r->folder, "b.jsonl", "{\"a\": 2}\n");
    test_file(r->arena, r->folder, "c.json", "[{\"a\": 3}]");
    lme_value kwargs = value_of(
        r, "{\"data_files\": {\"train\": \"a.jsonl\", \"test\": [\"b.jsonl\", \"c.json\"]}}");
    lme_source source = builder(r, "json", &kwargs);
    assert_rows(r, &source, "{\"a\": 2}\n{\"a\": 3}\n");
    assert_count(r, &source, 2);
    source.split = LME_STR("train");
    assert_rows(r, &source, "{\"a\": 1}\n");
    source.split = LME_STR("test[1:]");
    assert_rows(r, &source, "{\"a\": 3}\n");
    assert_count(r, &source, 1);
}

static void one_path_serves_every_split(void **state)
{
    reading *r = *state;
    test_file(r->arena, r->folder, "rows.csv", "a\n1\n2\n");
    lme_value kwargs = value_of(r, "{\"data_files\": \"rows.csv\", \"trust_remote_code\": true}");
    lme_source source = builder(r, "csv", &kwargs);
    assert_rows(r, &source, "{\"a\": 1}\n{\"a\": 2}\n");
    lme_dataset *dataset;
    assert_ok(lme_dataset_open(r->arena, &source, &dataset, &r->err), &r->err);
    assert_true(lme_dataset_any_split(dataset));
    assert_true(lme_str_ends(lme_dataset_file(dataset), LME_STR("/rows.csv")));
}

/* A builder says what the files are when their names do not. */
static void the_builder_decides_for_other_endings(void **state)
{
    reading *r = *state;
    test_file(r->arena, r->folder, "rows.txt", "a;b\n1;x\n");
    lme_value kwargs = value_of(r, "{\"data_files\": \"rows.txt\", \"sep\": \";\"}");
    lme_source source = builder(r, "csv", &kwargs);
    assert_rows(r, &source, "{\"a\": 1, \"b\": \"x\"}\n");
    test_file(r->arena, r->folder, "lines.txt", "{\"a\": 1}\n{\"a\": 2}\n");
    lme_value lines = value_of(r, "{\"data_files\": \"lines.txt\"}");
    lme_source jsonl = builder(r, "json", &lines);
    assert_rows(r, &jsonl, "{\"a\": 1}\n{\"a\": 2}\n");
}

static void a_missing_file_lists_where_it_was_looked_for(void **state)
{
    reading *r = *state;
    lme_value kwargs = value_of(r, "{\"data_files\": {\"test\": \"none.jsonl\"}}");
    lme_source source = builder(r, "json", &kwargs);
    assert_refused(r, &source, LME_ERR_DATA,
                   "data file \"none.jsonl\" is not there; looked for\n    none.jsonl\n    /");
    assert_error(&r->err, LME_ERR_DATA, "starts at the current folder or at the task file's");
}

static void a_file_of_the_hub_is_in_the_mirror(void **state)
{
    reading *r = *state;
    lme_value kwargs =
        value_of(r, "{\"data_files\": {\"test\": \"hf://datasets/own/sums/data/one.jsonl\"}}");
    lme_source source = builder(r, "json", &kwargs);
    assert_refused(r, &source, LME_ERR_DATA,
                   "data file \"hf://datasets/own/sums/data/one.jsonl\" is not there; looked for");
    assert_error(&r->err, LME_ERR_DATA,
                 "put the file at DIR/own/sums/data/one.jsonl and give --data-dir DIR");
    assert_ok(lme_folder_make(lme_str_format(r->arena, "%s/own/sums/data", r->folder).ptr, &r->err),
              &r->err);
    test_file(r->arena, r->folder, "own/sums/data/one.jsonl", "{\"a\": 1}\n");
    source.data_dir = lme_str_from(r->folder);
    assert_rows(r, &source, "{\"a\": 1}\n");
}

static void a_missing_split_lists_those_there_are(void **state)
{
    reading *r = *state;
    lme_value kwargs = value_of(r, "{\"data_files\": {\"train\": \"a\", \"tests\": \"b\"}}");
    lme_source source = builder(r, "json", &kwargs);
    assert_refused(r, &source, LME_ERR_DATA,
                   "data_files has no split \"test\"; it has train, tests");
    assert_error(&r->err, LME_ERR_DATA, "did you mean tests?");
}

static void wrong_kwargs_are_errors(void **state)
{
    static const struct {
        const char *kwargs, *part;
    } cases[] = {
        {"{}", "dataset_path is the builder json, but dataset_kwargs has no data_files"},
        {"{\"data_file\": \"a\"}", "did you mean data_files?"},
        {"{\"data_files\": 3}", "an entry of data_files is a path, got integer"},
        {"{\"data_files\": {\"test\": []}}", "data_files is an empty list"},
        {"{\"data_files\": {\"test\": [{}]}}", "an entry of data_files is a path, got map"},
        {"{\"data_files\": \"a\", \"delimiter\": \",\"}",
         "dataset_kwargs of the json builder has no option \"delimiter\""},
    };
    reading *r = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_value kwargs = value_of(r, cases[i].kwargs);
        lme_source source = builder(r, "json", &kwargs);
        assert_refused(r, &source, LME_ERR_TASK, cases[i].part);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, reading_setup, reading_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_map_names_files_by_split),
        TEST(one_path_serves_every_split),
        TEST(the_builder_decides_for_other_endings),
        TEST(a_missing_file_lists_where_it_was_looked_for),
        TEST(a_missing_split_lists_those_there_are),
        TEST(a_file_of_the_hub_is_in_the_mirror),
        TEST(wrong_kwargs_are_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
