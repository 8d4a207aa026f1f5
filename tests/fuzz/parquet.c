/* Any bytes as a Parquet file give rows or an error with words, never a crash, and bounded work. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <lmeval/parquet.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    MOST_ROWS = 200
};

static void read_rows(lme_arena *arena, const char *path)
{
    lme_parquet *file;
    lme_error err = {.code = LME_OK};
    lme_value row;
    bool end = false;
    bool ok = lme_parquet_open(arena, path, &file, &err);
    lme_arena *rows = lme_arena_new();
    for (size_t i = 0; ok && !end && i < MOST_ROWS; i++) {
        lme_arena_reset(rows);
        ok = lme_parquet_next(rows, file, &row, &end, &err);
        LME_BUG(ok && !end && row.kind != LME_MAP, "a row that is no map");
    }
    LME_BUG(!ok && (err.code == LME_OK || err.message[0] == 0), "an error without words");
    lme_arena_free(rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[] = "/tmp/lmeval-fuzz-XXXXXX";
    int file = mkstemp(path);
    if (file < 0)
        abort();
    ssize_t written = write(file, data, size);
    close(file);
    lme_arena *arena = lme_arena_new();
    if (written == (ssize_t)size)
        read_rows(arena, path);
    lme_arena_free(arena);
    unlink(path);
    return 0;
}
