/* Parquet among the readers: by a file's ending, by the builder's name, and in a mirror's folder.
 * What is in such files is the parquet room's test. */
#include "reading.h"

#include <lmeval/limits.h>
#include <lmeval/share.h>

static const char *const flags = "tests/golden/pyarrow/flags_rle.parquet";

/* The golden file's rows as its neighbour says them. */
static const char *expected_rows(reading *r)
{
    lme_str text;
    const char *lines = test_source(r->arena, "tests/golden/pyarrow/flags_rle.jsonl");
    assert_ok(lme_file_read(r->arena, lines, LME_LIMIT_TASK_FILE, &text, &r->err), &r->err);
    return lme_str_cstr(r->arena, text);
}

static void a_file_is_known_by_its_ending(void **state)
{
    reading *r = *state;
    lme_source source = {
        .path = lme_str_from(test_source(r->arena, flags)),
        .split = LME_STR("test"),
    };
    assert_rows(r, &source, expected_rows(r));
    assert_count(r, &source, 500);
    source.split = LME_STR("test[490:]");
    assert_count(r, &source, 10);
}

static void a_builder_reads_data_files(void **state)
{
    reading *r = *state;
    const char *path = test_source(r->arena, flags);
    lme_str json =
        lme_str_format(r->arena, "{\"data_files\": {\"test\": [\"%s\", \"%s\"]}}", path, path);
    lme_value kwargs = value_of(r, json.ptr);
    lme_source source = {.path = LME_STR("parquet"), .split = LME_STR("test"), .kwargs = &kwargs};
    assert_count(r, &source, 1000);
    lme_str once = lme_str_from(expected_rows(r));
    assert_rows(r, &source, lme_str_concat(r->arena, once, once).ptr);
}

static void a_mirror_may_hold_it(void **state)
{
    reading *r = *state;
    lme_str bytes;
    const char *file = test_source(r->arena, flags);
    lme_str folder = lme_str_format(r->arena, "%s/owner/set/default", r->folder);
    assert_ok(lme_file_read(r->arena, file, LME_LIMIT_TASK_FILE, &bytes, &r->err), &r->err);
    assert_ok(lme_folder_make(folder.ptr, &r->err), &r->err);
    lme_str path = lme_path_join(r->arena, folder, LME_STR("test.parquet"));
    assert_ok(lme_file_write(path.ptr, bytes, &r->err), &r->err);
    lme_source source = {
        .path = LME_STR("owner/set"),
        .split = LME_STR("test"),
        .data_dir = lme_str_from(r->folder),
    };
    assert_rows(r, &source, expected_rows(r));
}

static void what_is_none_says_so(void **state)
{
    reading *r = *state;
    lme_source source = file_source(r, "rows.parquet", "{\"a\": 1, \"b\": \"text\"}\n");
    assert_refused(r, &source, LME_ERR_DATA, "rows.parquet: this is no Parquet file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_is_known_by_its_ending, reading_setup,
                                        reading_teardown),
        cmocka_unit_test_setup_teardown(a_builder_reads_data_files, reading_setup,
                                        reading_teardown),
        cmocka_unit_test_setup_teardown(a_mirror_may_hold_it, reading_setup, reading_teardown),
        cmocka_unit_test_setup_teardown(what_is_none_says_so, reading_setup, reading_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
