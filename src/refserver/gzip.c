#include "gzip.h"

#define ZLIB_CONST /* next_in is const */
#include <zlib.h>

lme_str lme_gzip(lme_arena *arena, lme_str text)
{
    enum {
        GZIP = 15 + 16 /* window bits, and zlib's sign for gzip's head and tail */
    };
    z_stream z = {0};
    LME_BUG(deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, GZIP, 8, Z_DEFAULT_STRATEGY) != Z_OK,
            "no memory to compress");
    size_t room = deflateBound(&z, text.len);
    unsigned char *out = lme_arena_alloc(arena, room);
    z.next_in = (const unsigned char *)text.ptr;
    z.avail_in = (unsigned)text.len;
    z.next_out = out;
    z.avail_out = (unsigned)room;
    LME_BUG(deflate(&z, Z_FINISH) != Z_STREAM_END, "an answer that does not compress");
    size_t len = z.total_out;
    deflateEnd(&z);
    return (lme_str){(const char *)out, len};
}
