/* Any bytes as a CSV file give rows or an error with words; rows have the same columns throughout,
 * are as many as the count says, and read again they are the same. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <lmeval/dataset.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All rows as a list; false when the file is refused. */
static bool read_all(lme_arena *arena, const char *path, lme_value *rows, size_t *count)
{
    lme_source source = {.path = lme_str_from(path), .split = LME_STR("test")};
    lme_dataset *dataset;
    lme_error err = {.code = LME_OK};
    lme_list_builder list = {.arena = arena};
    bool end = false;
    bool ok = lme_dataset_open(arena, &source, &dataset, &err);
    bool counts = ok && lme_dataset_count(dataset, count, &err);
    while (counts && ok && !end) {
        lme_value row;
        ok = lme_dataset_next(arena, dataset, &row, &end, &err);
        if (ok && !end)
            lme_list_add(&list, row);
    }
    LME_BUG((!ok || !counts) && (err.code == LME_OK || err.message[0] == 0),
            "an error without words");
    *rows = lme_list_finish(&list);
    return ok && counts;
}

static void check_columns(const lme_value *rows)
{
    for (size_t i = 0; i < rows->list.len; i++) {
        const lme_value *row = &rows->list.items[i], *first = &rows->list.items[0];
        LME_BUG(row->kind != LME_MAP || row->map.len != first->map.len, "a row of other columns");
        for (size_t k = 0; k < row->map.len; k++)
            LME_BUG(!lme_value_equal(&row->map.pairs[k].key, &first->map.pairs[k].key),
                    "a column of another name");
    }
}

static void read_twice(lme_arena *arena, const char *path)
{
    lme_value rows, again;
    size_t n = 0, n_again = 0;
    if (!read_all(arena, path, &rows, &n))
        return;
    LME_BUG(n != rows.list.len, "counted otherwise than read");
    check_columns(&rows);
    LME_BUG(!read_all(arena, path, &again, &n_again), "read once, refused twice");
    LME_BUG(n != n_again || rows.list.len != again.list.len, "read twice, differently");
}

/* Runs on the bytes as a file of the right ending. */
static void with_file(lme_arena *arena, const char *folder, const uint8_t *data, size_t size)
{
    lme_str path = lme_str_format(arena, "%s/input.csv", folder);
    FILE *file = fopen(path.ptr, "wb");
    if (file == NULL)
        abort();
    bool written = fwrite(data, 1, size, file) == size;
    if (fclose(file) == 0 && written)
        read_twice(arena, path.ptr);
    unlink(path.ptr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char folder[] = "/tmp/lmeval-fuzz-XXXXXX";
    if (mkdtemp(folder) == NULL)
        abort();
    lme_arena *arena = lme_arena_new();
    with_file(arena, folder, data, size);
    lme_arena_free(arena);
    rmdir(folder);
    return 0;
}
