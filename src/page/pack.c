#include "pack.h"

#define ZLIB_CONST /* next_in is const */
#include <zlib.h>

#include <lmeval/hash.h>

void lme_base64(lme_builder *out, const unsigned char *bytes, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *to = lme_builder_reserve(out, (n + 2) / 3 * 4);
    size_t len = 0;
    for (size_t i = 0; i < n; i += 3) {
        uint32_t bits = (uint32_t)bytes[i] << 16;
        bits |= i + 1 < n ? (uint32_t)bytes[i + 1] << 8 : 0;
        bits |= i + 2 < n ? bytes[i + 2] : 0;
        to[len++] = digits[bits >> 18];
        to[len++] = digits[(bits >> 12) & 63];
        to[len++] = i + 1 < n ? digits[(bits >> 6) & 63] : '=';
        to[len++] = i + 2 < n ? digits[bits & 63] : '=';
    }
    out->len += len;
}

void lme_pack(lme_builder *out, lme_str text)
{
    enum {
        GZIP = 15 + 16, /* window bits, and zlib's sign for gzip's head and tail */
        LEVEL = 6,
        MEMORY = 8
    };
    LME_BUG(text.len > UINT32_MAX / 2, "a pack of samples is bounded");
    lme_arena *arena = lme_arena_new();
    z_stream z = {0};
    LME_BUG(deflateInit2(&z, LEVEL, Z_DEFLATED, GZIP, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK,
            "zlib does not start");
    size_t room = deflateBound(&z, text.len);
    unsigned char *packed = lme_arena_alloc(arena, room);
    z.next_in = (const unsigned char *)text.ptr;
    z.avail_in = (uInt)text.len;
    z.next_out = packed;
    z.avail_out = (uInt)room;
    LME_BUG(deflate(&z, Z_FINISH) != Z_STREAM_END, "a text that does not pack");
    lme_base64(out, packed, z.total_out);
    deflateEnd(&z);
    lme_arena_free(arena);
}

static unsigned char nibble(char c)
{
    return (unsigned char)(c <= '9' ? c - '0' : c - 'a' + 10);
}

void lme_pack_source(lme_builder *out, lme_str text)
{
    lme_str hex = lme_sha256_hex(out->arena, text);
    unsigned char bytes[32];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(nibble(hex.ptr[2 * i]) << 4 | nibble(hex.ptr[2 * i + 1]));
    lme_builder_add(out, LME_STR("'sha256-"));
    lme_base64(out, bytes, sizeof bytes);
    lme_builder_char(out, '\'');
}
