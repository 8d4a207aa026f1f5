#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct lme_stream {
    const char *path;
    const lme_codec *codec;
    void *state;
};

static const lme_codec *const codecs[] = {&lme_codec_plain, &lme_codec_gzip, &lme_codec_zstd};
enum {
    N_CODECS = sizeof codecs / sizeof codecs[0]
};

const lme_codec *const *lme_codecs(size_t *n)
{
    *n = N_CODECS;
    return codecs;
}

static const lme_codec *codec_of(lme_str path)
{
    for (size_t i = 0; i < N_CODECS; i++) {
        lme_str ending = lme_str_from(codecs[i]->ending);
        if (ending.len > 0 && lme_str_ends(path, ending))
            return codecs[i];
    }
    return &lme_codec_plain;
}

lme_str lme_stream_stem(lme_str path)
{
    return lme_str_slice(path, 0, path.len - strlen(codec_of(path)->ending));
}

bool lme_stream_open(lme_arena *arena, lme_str path, lme_stream **stream, lme_error *err)
{
    lme_stream *s = LME_NEW(arena, lme_stream);
    s->path = lme_str_cstr(arena, path);
    s->codec = codec_of(path);
    if (!s->codec->open(arena, s->path, &s->state, err))
        return false;
    *stream = s;
    return true;
}

bool lme_stream_read(lme_stream *stream, void *bytes, size_t size, size_t *got, lme_error *err)
{
    return stream->codec->read(stream->state, stream->path, bytes, size, got, err);
}

const char *lme_stream_path(const lme_stream *stream)
{
    return stream->path;
}

void lme_stream_close(lme_stream *stream)
{
    if (stream == NULL || stream->state == NULL)
        return;
    stream->codec->close(stream->state);
    stream->state = NULL;
}

/* The plain codec. */

typedef struct plain {
    int fd;
} plain;

static bool plain_open(lme_arena *arena, const char *path, void **state, lme_error *err)
{
    lme_place at = {.file = path};
    plain *p = LME_NEW(arena, plain);
    struct stat info;
    p->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (p->fd < 0)
        return lme_fail(err, LME_ERR_IO, &at, "cannot open: %s", strerror(errno));
    if (fstat(p->fd, &info) == 0 && S_ISDIR(info.st_mode)) {
        close(p->fd);
        return lme_fail(err, LME_ERR_IO, &at, "is a folder, expected a file of rows");
    }
    *state = p;
    return true;
}

static bool plain_read(void *state, const char *path, void *bytes, size_t size, size_t *got,
                       lme_error *err)
{
    const plain *p = state;
    ssize_t n;
    do {
        n = read(p->fd, bytes, size);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return lme_fail(err, LME_ERR_IO, &(lme_place){.file = path}, "cannot read: %s",
                        strerror(errno));
    *got = (size_t)n;
    return true;
}

static void plain_close(void *state)
{
    close(((plain *)state)->fd);
}

const lme_codec lme_codec_plain = {
    .ending = "",
    .open = plain_open,
    .read = plain_read,
    .close = plain_close,
};
