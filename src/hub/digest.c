/* What is in a file: its SHA-256, and its lines behind the compression. */
#include "store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zstd.h>

#include <lmeval/hash.h>

enum {
    READ_SIZE = 1u << 17
};

static uint64_t count_lines(const char *bytes, size_t size)
{
    uint64_t n = 0;
    for (size_t i = 0; i < size; i++)
        n += bytes[i] == '\n';
    return n;
}

/* The lines of one piece of the compressed file. */
static bool unpack(ZSTD_DStream *stream, lme_str piece, char *room, uint64_t *n_lines)
{
    ZSTD_inBuffer in = {.src = piece.ptr, .size = piece.len};
    size_t left = 1;
    bool is_full = false;
    while (in.pos < in.size || is_full) {
        ZSTD_outBuffer out = {.dst = room, .size = READ_SIZE};
        left = ZSTD_decompressStream(stream, &out, &in);
        if (ZSTD_isError(left))
            return false;
        *n_lines += count_lines(room, out.pos);
        is_full = out.pos == out.size;
    }
    return true;
}

bool lme_file_digest(lme_arena *arena, const char *path, lme_str *sha256, uint64_t *n_lines,
                     lme_error *err)
{
    lme_place at = {.file = path};
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return lme_fail(err, LME_ERR_IO, &at, "cannot open: %s", strerror(errno));
    lme_arena *scratch = lme_arena_new();
    char *bytes = lme_arena_alloc(scratch, READ_SIZE), *room = lme_arena_alloc(scratch, READ_SIZE);
    lme_sha256 *hash = lme_sha256_new(scratch);
    ZSTD_DStream *stream = ZSTD_createDStream();
    LME_BUG(stream == NULL, "zstd has no memory left");
    bool ok = true;
    if (n_lines != NULL)
        *n_lines = 0;
    for (size_t n; ok && (n = fread(bytes, 1, READ_SIZE, file)) > 0;) {
        lme_sha256_add(hash, (lme_str){bytes, n});
        ok = n_lines == NULL || unpack(stream, (lme_str){bytes, n}, room, n_lines) ||
             lme_fail(err, LME_ERR_DATA, &at, "the zstd data is broken");
    }
    if (ok && ferror(file) != 0)
        ok = lme_fail(err, LME_ERR_IO, &at, "cannot read: %s", strerror(errno));
    *sha256 = lme_sha256_finish(arena, hash);
    ZSTD_freeDStream(stream);
    fclose(file);
    lme_arena_free(scratch);
    return ok;
}
