/* .zst files, several frames in one file included. zstd itself refuses windows above 128 MiB, so
 * memory is bounded whatever the file asks for. */
#include "stream.h"

#include <zstd.h>

typedef struct zstd {
    ZSTD_DStream *stream;
    void *file; /* the plain codec's state */
    char *bytes;
    size_t size;
    ZSTD_inBuffer in;
    bool in_frame; /* a frame has begun and not ended */
    bool has_more; /* the decoder still holds bytes that did not fit the last buffer */
} zstd;

static bool zstd_open(lme_arena *arena, const char *path, void **state, lme_error *err)
{
    zstd *z = LME_NEW(arena, zstd);
    if (!lme_codec_plain.open(arena, path, &z->file, err))
        return false;
    z->stream = ZSTD_createDStream();
    LME_BUG(z->stream == NULL, "zstd has no memory left");
    z->size = ZSTD_DStreamInSize();
    z->bytes = lme_arena_alloc(arena, z->size);
    z->in.src = z->bytes;
    *state = z;
    return true;
}

static bool zstd_refill(zstd *z, const char *path, bool *end, lme_error *err)
{
    z->in.pos = 0;
    if (!lme_codec_plain.read(z->file, path, z->bytes, z->size, &z->in.size, err))
        return false;
    *end = z->in.size == 0;
    return true;
}

static bool zstd_read(void *state, const char *path, void *bytes, size_t size, size_t *got,
                      lme_error *err)
{
    zstd *z = state;
    lme_place at = {.file = path};
    ZSTD_outBuffer out = {.dst = bytes, .size = size};
    while (out.pos == 0) {
        bool end = false;
        if (z->in.pos == z->in.size && !z->has_more && !zstd_refill(z, path, &end, err))
            return false;
        if (end && z->in_frame)
            return lme_fail(err, LME_ERR_DATA, &at, "the zstd data is cut off");
        if (end)
            break;
        size_t left = ZSTD_decompressStream(z->stream, &out, &z->in);
        if (ZSTD_isError(left))
            return lme_fail(err, LME_ERR_DATA, &at, "the zstd data is broken: %s",
                            ZSTD_getErrorName(left));
        z->in_frame = left != 0;
        z->has_more = left != 0 && out.pos == out.size;
    }
    *got = out.pos;
    return true;
}

static void zstd_close(void *state)
{
    zstd *z = state;
    ZSTD_freeDStream(z->stream);
    lme_codec_plain.close(z->file);
}

const lme_codec lme_codec_zstd = {
    .ending = ".zst",
    .open = zstd_open,
    .read = zstd_read,
    .close = zstd_close,
};
