/* A file as a stream of bytes, decompressed on the way when its name ends in .gz or .zst. */
#ifndef LMEVAL_DATASET_STREAM_H
#define LMEVAL_DATASET_STREAM_H

#include <lmeval/str.h>

typedef struct lme_stream lme_stream;

/* How the bytes of a file are coded: one row of stream.c's table, told by the name's ending. */
typedef struct lme_codec {
    const char *ending; /* "" for a plain file */
    bool (*open)(lme_arena *arena, const char *path, void **state, lme_error *err);
    /* At most `size` bytes; *got 0 is the end. */
    bool (*read)(void *state, const char *path, void *bytes, size_t size, size_t *got,
                 lme_error *err);
    void (*close)(void *state);
} lme_codec;

extern const lme_codec lme_codec_plain, lme_codec_gzip, lme_codec_zstd;

/* The path without the ending of a codec: "rows.jsonl" of "rows.jsonl.zst". */
lme_str lme_stream_stem(lme_str path);

/* Every ending that a codec adds, "" first; n of them. */
const lme_codec *const *lme_codecs(size_t *n);

/* Errors: LME_ERR_IO with the system's reason. */
bool lme_stream_open(lme_arena *arena, lme_str path, lme_stream **stream,
                     lme_error *err) LME_MUST_CHECK;

/* Errors: LME_ERR_IO; LME_ERR_DATA when the compressed data is broken or cut off. */
bool lme_stream_read(lme_stream *stream, void *bytes, size_t size, size_t *got,
                     lme_error *err) LME_MUST_CHECK;

const char *lme_stream_path(const lme_stream *stream);

void lme_stream_close(lme_stream *stream); /* NULL is a no-op */

#endif
