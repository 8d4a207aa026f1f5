/* Compression of pages. */
#include "page.h"

#include <string.h>

#define ZLIB_CONST /* next_in is const */
#include <snappy-c.h>
#include <zlib.h>
#include <zstd.h>

static const char *copy_plain(lme_str packed, char *bytes, size_t size)
{
    if (packed.len != size)
        return "a page has another size than its header says";
    memcpy(bytes, packed.ptr, size);
    return NULL;
}

static const char *unpack_snappy(lme_str packed, char *bytes, size_t size)
{
    size_t len = size;
    if (snappy_uncompress(packed.ptr, packed.len, bytes, &len) != SNAPPY_OK || len != size)
        return "its Snappy data is broken";
    return NULL;
}

static const char *unpack_gzip(lme_str packed, char *bytes, size_t size)
{
    z_stream stream = {0};
    stream.next_in = (const unsigned char *)packed.ptr;
    stream.avail_in = (unsigned)packed.len;
    stream.next_out = (unsigned char *)bytes;
    stream.avail_out = (unsigned)size;
    /* 32: a gzip or zlib head, whichever is there. */
    if (inflateInit2(&stream, MAX_WBITS + 32) != Z_OK)
        return "zlib cannot start";
    int code = inflate(&stream, Z_FINISH);
    bool whole = code == Z_STREAM_END && stream.total_out == size;
    inflateEnd(&stream);
    return whole ? NULL : "its gzip data is broken";
}

static const char *unpack_zstd(lme_str packed, char *bytes, size_t size)
{
    return ZSTD_decompress(bytes, size, packed.ptr, packed.len) == size ? NULL
                                                                        : "its zstd data is broken";
}

static const struct {
    const char *refusal; /* why it is not read; NULL: it is */
    const char *(*unpack)(lme_str packed, char *bytes, size_t size);
} codecs[] = {
    [LME_COMPRESSION_NONE] = {NULL, copy_plain},
    [LME_COMPRESSION_SNAPPY] = {NULL, unpack_snappy},
    [LME_COMPRESSION_GZIP] = {NULL, unpack_gzip},
    [LME_COMPRESSION_LZO] = {"its compression, LZO, is not read", NULL},
    [LME_COMPRESSION_BROTLI] = {"its compression, Brotli, is not read", NULL},
    [LME_COMPRESSION_LZ4] = {"its compression, LZ4, is not read", NULL},
    [LME_COMPRESSION_ZSTD] = {NULL, unpack_zstd},
    [LME_COMPRESSION_LZ4_RAW] = {"its compression, LZ4, is not read", NULL},
};

const char *lme_unpack_page(int64_t compression, lme_str packed, char *bytes, size_t size)
{
    if (compression < 0 || (size_t)compression >= sizeof codecs / sizeof codecs[0])
        return "its compression is not known";
    if (codecs[compression].refusal != NULL)
        return codecs[compression].refusal;
    return codecs[compression].unpack(packed, bytes, size);
}
