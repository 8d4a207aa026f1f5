/* .gz files, several members in one file included. */
#include "stream.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <zlib.h>

static bool gzip_open(lme_arena *arena, const char *path, void **state, lme_error *err)
{
    (void)arena;
    gzFile file = gzopen(path, "rb");
    if (file == NULL)
        return lme_fail(err, LME_ERR_IO, &(lme_place){.file = path}, "cannot open: %s",
                        strerror(errno));
    *state = file;
    return true;
}

static bool gzip_read(void *state, const char *path, void *bytes, size_t size, size_t *got,
                      lme_error *err)
{
    gzFile file = state;
    unsigned want = size > INT_MAX ? INT_MAX : (unsigned)size;
    int n = gzread(file, bytes, want);
    int code = Z_OK;
    const char *why = gzerror(file, &code);
    lme_place at = {.file = path};
    if (code == Z_ERRNO)
        return lme_fail(err, LME_ERR_IO, &at, "cannot read: %s", strerror(errno));
    /* A file that is cut off reads to its last whole block and then says Z_BUF_ERROR. */
    if (n < 0 || (code != Z_OK && code != Z_STREAM_END))
        return lme_fail(err, LME_ERR_DATA, &at, "the gzip data is broken or cut off: %s", why);
    *got = (size_t)n;
    return true;
}

static void gzip_close(void *state)
{
    gzclose_r(state);
}

const lme_codec lme_codec_gzip = {
    .ending = ".gz",
    .open = gzip_open,
    .read = gzip_read,
    .close = gzip_close,
};
