/* A body is unpacked when it is there as a whole: it is bounded anyway. */
#include "http_unpack.h"

#include <curl/curl.h>
#include <stdio.h>
#define ZLIB_CONST /* next_in is const */
#include <zlib.h>

#include <lmeval/json.h>
#include <lmeval/limits.h>

enum {
    GZIP = 15 + 16, /* window bits, and zlib's sign for gzip's head and tail */
    ZLIB = 15,
    RAW = -15,
    LEAST = 1 << 12 /* bytes of room that a step is worth */
};

/* "deflate" means zlib's form; some servers send it without zlib's head (RFC 9110, 8.4.1.2). A
 * zlib head has 8 in its low bits, which no encoder of deflate begins with. */
static int window_bits(lme_coding coding, lme_str packed)
{
    if (coding == LME_CODING_GZIP)
        return GZIP;
    return (packed.ptr[0] & 0x0f) == Z_DEFLATED ? ZLIB : RAW;
}

static int refuse(char *fault, int code, const char *words)
{
    snprintf(fault, CURL_ERROR_SIZE, "Error while processing content unencoding: %s", words);
    return code;
}

/* Until the end of what is packed, or of what is allowed. Returns zlib's last word. */
static int inflate_all(z_stream *z, lme_builder *out)
{
    int said = Z_OK;
    while (said == Z_OK && out->len <= LME_LIMIT_RESPONSE) {
        size_t room = out->capacity - out->len;
        if (room < LEAST) {
            lme_builder_reserve(out, LEAST);
            room = out->capacity - out->len;
        }
        room--; /* for the NUL */
        z->next_out = (unsigned char *)out->ptr + out->len;
        z->avail_out = (unsigned)room;
        said = inflate(z, Z_NO_FLUSH);
        out->len += room - z->avail_out;
    }
    return said;
}

int lme_http_unpack(lme_arena *arena, lme_coding coding, lme_str packed, lme_str *text,
                    bool *too_large, char *fault)
{
    *text = LME_STR("");
    *too_large = false;
    if (packed.len == 0)
        return CURLE_OK;
    z_stream z = {.next_in = (const unsigned char *)packed.ptr, .avail_in = (unsigned)packed.len};
    LME_BUG(packed.len > LME_LIMIT_RESPONSE, "a body past its limit");
    LME_BUG(inflateInit2(&z, window_bits(coding, packed)) != Z_OK, "no memory to unpack");
    lme_builder out = {.arena = arena};
    size_t guess = packed.len < LME_LIMIT_RESPONSE / 64 ? packed.len * 4 : packed.len;
    lme_builder_reserve(&out, guess + LEAST);
    int said = inflate_all(&z, &out);
    size_t left = z.avail_in;
    inflateEnd(&z);
    lme_builder_reserve(&out, LME_JSON_PADDING);
    *text = lme_builder_finish(&out);
    *too_large = out.len > LME_LIMIT_RESPONSE;
    if (*too_large)
        return refuse(fault, CURLE_WRITE_ERROR, "too large");
    if (said == Z_STREAM_END)
        return left == 0 ? CURLE_OK
                         : refuse(fault, CURLE_BAD_CONTENT_ENCODING, "more than one text");
    if (said == Z_BUF_ERROR || said == Z_OK) {
        snprintf(fault, CURL_ERROR_SIZE, "the compressed answer ends too early");
        return CURLE_PARTIAL_FILE;
    }
    return refuse(fault, CURLE_BAD_CONTENT_ENCODING, "invalid data");
}
