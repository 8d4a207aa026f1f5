/* What a file that cannot be read says, and that a damaged one never does worse than that. */
#include "support.h"

#include <stdio.h>

#include <lmeval/limits.h>
#include <lmeval/parquet.h>
#include <lmeval/share.h>

/* Reads all rows. */
static bool read_all(const char *path, lme_error *err)
{
    lme_arena *arena = lme_arena_new();
    lme_parquet *file;
    lme_value row;
    bool end = false;
    bool ok = lme_parquet_open(arena, path, &file, err);
    while (ok && !end)
        ok = lme_parquet_next(arena, file, &row, &end, err);
    lme_arena_free(arena);
    return ok;
}

static void assert_refused(const char *name, lme_code code, const char *part)
{
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_str path =
        lme_str_format(arena, "%s/%s", test_source(arena, "tests/golden/pyarrow/refused"), name);
    assert_false(read_all(path.ptr, &err));
    assert_error(&err, code, part);
    assert_error(&err, code, name);
    lme_arena_free(arena);
}

static void what_is_not_read_says_so(void **state)
{
    (void)state;
    assert_refused("lz4.parquet", LME_ERR_DATA, "column a: its compression, LZ4, is not read");
    assert_refused("lz4.parquet", LME_ERR_DATA, "hint: convert it: python3");
    assert_refused("brotli.parquet", LME_ERR_DATA, "its compression, Brotli, is not read");
    assert_refused("image.parquet", LME_ERR_DATA,
                   "column image.bytes: it holds bytes that are no text (an image or sound?)");
    assert_refused("huge_integer.parquet", LME_ERR_DATA,
                   "column a: it holds an integer above 9223372036854775807");
}

static void assert_text_refused(const char *text, size_t len, const char *part)
{
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    const char *folder = test_folder(arena);
    lme_str path = lme_str_format(arena, "%s/rows.parquet", folder);
    assert_ok(lme_file_write(path.ptr, (lme_str){text, len}, &err), &err);
    assert_false(read_all(path.ptr, &err));
    assert_error(&err, LME_ERR_DATA, part);
    assert_error(&err, LME_ERR_DATA, "rows.parquet: ");
    test_folder_remove(folder);
    lme_arena_free(arena);
}

static void what_is_no_parquet_file_says_so(void **state)
{
    (void)state;
    assert_text_refused("", 0, "this is no Parquet file: it is too short");
    assert_text_refused("{\"a\": 1, \"b\": 2}\n", 17, "it does not end in PAR1, or was cut off");
    assert_text_refused("PAR1\xff\xff\0\0PAR1", 12, "its footer would begin before the file does");
    assert_text_refused("PAR1\0\0\0\0PARE", 12, "is encrypted, which is not read");
    assert_text_refused("PAR1\0\0\0\0PAR1", 12, "its footer cannot be read");
    lme_error err = {0};
    assert_false(read_all("/nowhere/rows.parquet", &err));
    assert_error(&err, LME_ERR_IO, "cannot open: No such file");
    assert_false(read_all("/", &err));
    assert_error(&err, LME_ERR_IO, "this is no file");
}

/* Files that are made to harm: a page without bytes behind one with values, a second schema behind
 * the row groups, lengths that count to 2^62, a row count of 2^40. */
static void hostile_files_are_errors(void **state)
{
    (void)state;
    static const struct {
        const char *name, *part;
        lme_code code;
    } files[] = {
        {"empty_page.parquet", "its values are broken or end too early", LME_ERR_DATA},
        {"two_schemas.parquet", "it has two schemas", LME_ERR_DATA},
        {"endless_delta.parquet", "the lengths of its texts cannot be read", LME_ERR_DATA},
        {"endless_rows.parquet", "has 1099511627776 rows; at most 134217728 are read",
         LME_ERR_LIMIT},
    };
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        lme_error err = {0};
        const char *folder = test_source(arena, "tests/fuzz/corpus/parquet");
        lme_str path = lme_str_format(arena, "%s/%s", folder, files[i].name);
        assert_false(read_all(path.ptr, &err));
        assert_error(&err, files[i].code, files[i].part);
    }
    lme_arena_free(arena);
}

/* Each damaged copy gives rows or an error; the sanitizers see the rest. */
typedef struct damage {
    lme_arena *arena;
    const char *path;
    lme_str whole;
    size_t n_refused, n_tried;
} damage;

static void try_bytes(damage *d, lme_str bytes)
{
    lme_error err = {0};
    FILE *file = fopen(d->path, "wb"); /* lme_file_write would sync each */
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
    fclose(file);
    d->n_tried++;
    if (read_all(d->path, &err))
        return;
    d->n_refused++;
    assert_true(err.code == LME_ERR_DATA || err.code == LME_ERR_LIMIT);
    assert_true(err.message[0] != '\0');
}

static void damage_file(lme_arena *arena, const char *folder, const char *name)
{
    lme_error err = {0};
    damage d = {.arena = arena, .path = lme_str_format(arena, "%s/d.parquet", folder).ptr};
    lme_str path = lme_str_format(arena, "%s/%s", test_source(arena, "tests/golden/pyarrow"), name);
    assert_ok(lme_file_read(arena, path.ptr, LME_LIMIT_TASK_FILE, &d.whole, &err), &err);
    for (size_t i = 0; i < d.whole.len; i++) {
        lme_str copy = lme_str_copy(arena, d.whole);
        char *bytes = lme_arena_alloc(arena, copy.len);
        for (size_t k = 0; k < copy.len; k++)
            bytes[k] = copy.ptr[k];
        bytes[i] = (char)(bytes[i] ^ (1 << i % 8));
        try_bytes(&d, (lme_str){bytes, copy.len});
        if (i % 4 == 0)
            try_bytes(&d, lme_str_slice(d.whole, 0, i));
    }
    /* Some bits are statistics or padding that nobody reads; a cut file is always seen. */
    assert_true(d.n_refused > d.n_tried / 4);
}

static void damaged_files_are_errors(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *folder = test_folder(arena);
    damage_file(arena, folder, "old_timestamps.parquet");
    damage_file(arena, folder, "old_lists.parquet");
    damage_file(arena, folder, "flags_rle.parquet");
    test_folder_remove(folder);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_read_says_so),
        cmocka_unit_test(what_is_no_parquet_file_says_so),
        cmocka_unit_test(hostile_files_are_errors),
        cmocka_unit_test(damaged_files_are_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
