/* Compressed bodies, whole and damaged. Sizes past the limit are in hostile_answer_test.c. */
#include "support.h"
#include "wire/http_unpack.h"

#include <curl/curl.h>
#include <string.h>
#define ZLIB_CONST /* next_in is const */
#include <zlib.h>

#include <lmeval/limits.h>

enum {
    GZIP = 15 + 16,
    ZLIB = 15,
    RAW = -15
};

static lme_str pack(lme_arena *arena, lme_str text, int bits, int level)
{
    z_stream z = {.next_in = (const unsigned char *)text.ptr, .avail_in = (unsigned)text.len};
    assert_int_equal(deflateInit2(&z, level, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&z, text.len);
    unsigned char *out = lme_arena_alloc(arena, room);
    z.next_out = out;
    z.avail_out = (unsigned)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t len = z.total_out;
    deflateEnd(&z);
    return (lme_str){(const char *)out, len};
}

/* Not all alike, and longer than a few steps of room. */
static lme_str long_text(lme_arena *arena)
{
    lme_builder text = {.arena = arena};
    for (int i = 0; i < 20000; i++)
        lme_builder_format(&text, "{\"token\": %d}, ", i * i);
    return lme_builder_finish(&text);
}

static int unpack(lme_arena *arena, lme_coding coding, lme_str packed, lme_str *text)
{
    char fault[CURL_ERROR_SIZE] = "";
    bool too_large;
    int code = lme_http_unpack(arena, coding, packed, text, &too_large, fault);
    assert_false(too_large);
    assert_int_equal(code == CURLE_OK, fault[0] == '\0');
    return code;
}

static void what_was_packed_comes_back(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const lme_str texts[] = {LME_STR(""), LME_STR("{}"), long_text(arena)};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        for (int level = 0; level <= 9; level++) {
            lme_str back;
            assert_int_equal(
                unpack(arena, LME_CODING_GZIP, pack(arena, texts[i], GZIP, level), &back),
                CURLE_OK);
            assert_true(lme_str_equal(back, texts[i]));
            assert_int_equal(
                unpack(arena, LME_CODING_DEFLATE, pack(arena, texts[i], ZLIB, level), &back),
                CURLE_OK);
            assert_true(lme_str_equal(back, texts[i]));
            /* Some servers leave zlib's head out. */
            assert_int_equal(
                unpack(arena, LME_CODING_DEFLATE, pack(arena, texts[i], RAW, level), &back),
                CURLE_OK);
            assert_true(lme_str_equal(back, texts[i]));
        }
    }
    lme_arena_free(arena);
}

/* As of an error without a body. */
static void nothing_is_nothing(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_str back;
    assert_int_equal(unpack(arena, LME_CODING_GZIP, LME_STR(""), &back), CURLE_OK);
    assert_int_equal(back.len, 0);
    assert_int_equal(unpack(arena, LME_CODING_DEFLATE, LME_STR(""), &back), CURLE_OK);
    assert_int_equal(back.len, 0);
    lme_arena_free(arena);
}

static void what_is_damaged_is_told(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_str back, whole = pack(arena, LME_STR("{\"text\": \"hello\"}"), GZIP, 6);
    for (size_t len = 1; len < whole.len; len++)
        assert_int_equal(unpack(arena, LME_CODING_GZIP, lme_str_slice(whole, 0, len), &back),
                         CURLE_PARTIAL_FILE);
    lme_str more = lme_str_concat(arena, whole, LME_STR("x"));
    assert_int_equal(unpack(arena, LME_CODING_GZIP, more, &back), CURLE_BAD_CONTENT_ENCODING);
    assert_int_equal(unpack(arena, LME_CODING_GZIP, LME_STR("{\"text\": \"hello\"}"), &back),
                     CURLE_BAD_CONTENT_ENCODING);
    char *bytes = lme_arena_alloc(arena, whole.len);
    memcpy(bytes, whole.ptr, whole.len);
    bytes[whole.len - 6] ^= 1; /* of the checksum */
    assert_int_equal(unpack(arena, LME_CODING_GZIP, (lme_str){bytes, whole.len}, &back),
                     CURLE_BAD_CONTENT_ENCODING);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_packed_comes_back),
        cmocka_unit_test(nothing_is_nothing),
        cmocka_unit_test(what_is_damaged_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
