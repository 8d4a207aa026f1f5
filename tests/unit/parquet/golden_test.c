/* Files that pyarrow wrote, over types, encodings, compressions and nulls: every row as JSON is the
 * line that Python's json.dumps made of pyarrow's own reading (tests/parity/parquet_files.py).
 * LMEVAL_PARQUET_FILES names another folder of such files, for a check of more than is kept. */
#include "support.h"

#include <stdlib.h>

#include <lmeval/json.h>
#include <lmeval/parquet.h>
#include <lmeval/share.h>

enum {
    FILE_SIZE = 256u << 20
};

static lme_str next_line(lme_str text, size_t *at)
{
    size_t end = lme_str_find(text, LME_STR("\n"), *at);
    lme_str line = lme_str_slice(text, *at, end);
    *at = end == SIZE_MAX ? text.len : end + 1;
    return line;
}

static void assert_file(lme_arena *arena, lme_str folder, lme_str name)
{
    lme_error err = {0};
    lme_str path = lme_path_join(arena, folder, name);
    lme_str stem = lme_str_slice(path, 0, path.len - LME_STR(".parquet").len);
    lme_str lines;
    assert_ok(lme_file_read(arena, lme_str_concat(arena, stem, LME_STR(".jsonl")).ptr, FILE_SIZE,
                            &lines, &err),
              &err);
    lme_parquet *file;
    assert_ok(lme_parquet_open(arena, path.ptr, &file, &err), &err);
    lme_value row;
    bool end = false;
    size_t at = 0, n = 0;
    for (;; n++) {
        assert_ok(lme_parquet_next(arena, file, &row, &end, &err), &err);
        if (end)
            break;
        lme_builder text = {.arena = arena};
        lme_json_write(&text, &row, &(lme_json_style){0});
        lme_str line = next_line(lines, &at);
        if (!lme_str_equal(lme_builder_finish(&text), line))
            fail_msg("%s row %zu\n   is %.*s\n  not %.*s", path.ptr, n, (int)text.len, text.ptr,
                     LME_STR_ARG(line));
    }
    assert_int_equal(at, lines.len);
    assert_int_equal(n, lme_parquet_rows(file));
    lme_parquet_close(file);
}

static void every_row_is_pyarrows(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    const char *other = getenv("LMEVAL_PARQUET_FILES"); /* NOLINT(concurrency-mt-unsafe) */
    const char *folder = other != NULL ? other : test_source(arena, "tests/golden/pyarrow");
    lme_str *names;
    size_t n;
    assert_ok(lme_folder_list(arena, folder, LME_STR(".parquet"), &names, &n, &err), &err);
    assert_true(n >= 20);
    for (size_t i = 0; i < n; i++) {
        lme_arena *one = lme_arena_new();
        assert_file(one, lme_str_from(folder), names[i]);
        lme_arena_free(one);
    }
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_pyarrows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
