/* Compressed files: the same rows, several members, and what is broken is said to be. */
#include "reading.h"
#include "stream.h"

#include <stdio.h>
#include <zlib.h>
#include <zstd.h>

static const char *const rows = "{\"a\": 1}\n{\"a\": 2}\n";

static const char *write_bytes(reading *r, const char *name, const char *bytes, size_t n)
{
    const char *path = lme_str_format(r->arena, "%s/%s", r->folder, name).ptr;
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, n, out), n);
    fclose(out);
    return path;
}

/* gzip members of the text, `times` of them. */
static size_t gzip(const char *text, char *out, size_t size, int times)
{
    z_stream z = {0};
    size_t done = 0;
    for (int i = 0; i < times; i++) {
        assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
        char copy[256];
        z.next_in = (Bytef *)copy;
        z.avail_in = (uInt)snprintf(copy, sizeof copy, "%s", text);
        z.next_out = (Bytef *)out + done;
        z.avail_out = (uInt)(size - done);
        assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
        done += z.total_out;
        deflateEnd(&z);
    }
    return done;
}

static lme_source path_source(const char *path)
{
    return (lme_source){.path = lme_str_from(path), .split = LME_STR("test")};
}

static void reads_gzip(void **state)
{
    reading *r = *state;
    char bytes[512];
    size_t n = gzip(rows, bytes, sizeof bytes, 2);
    lme_source source = path_source(write_bytes(r, "a.jsonl.gz", bytes, n));
    assert_rows(r, &source, "{\"a\": 1}\n{\"a\": 2}\n{\"a\": 1}\n{\"a\": 2}\n");
    assert_count(r, &source, 4);
}

static void broken_gzip_is_an_error(void **state)
{
    reading *r = *state;
    char bytes[512];
    size_t n = gzip(rows, bytes, sizeof bytes, 1);
    lme_source cut = path_source(write_bytes(r, "cut.jsonl.gz", bytes, n - 6));
    assert_refused(r, &cut, LME_ERR_DATA, "cut.jsonl.gz: the gzip data is broken or cut off");
    bytes[n - 6] ^= 0x55; /* the checksum */
    lme_source changed = path_source(write_bytes(r, "changed.jsonl.gz", bytes, n));
    assert_refused(r, &changed, LME_ERR_DATA, "the gzip data is broken or cut off");
}

static void reads_zstd(void **state)
{
    reading *r = *state;
    char bytes[512];
    size_t n = ZSTD_compress(bytes, sizeof bytes, rows, strlen(rows), 3);
    n += ZSTD_compress(bytes + n, sizeof bytes - n, rows, strlen(rows), 3);
    lme_source source = path_source(write_bytes(r, "a.jsonl.zst", bytes, n));
    assert_rows(r, &source, "{\"a\": 1}\n{\"a\": 2}\n{\"a\": 1}\n{\"a\": 2}\n");
    assert_count(r, &source, 4);
}

static void broken_zstd_is_an_error(void **state)
{
    reading *r = *state;
    char bytes[512];
    size_t n = ZSTD_compress(bytes, sizeof bytes, rows, strlen(rows), 3);
    lme_source cut = path_source(write_bytes(r, "cut.jsonl.zst", bytes, n - 4));
    assert_refused(r, &cut, LME_ERR_DATA, "cut.jsonl.zst: the zstd data is cut off");
    lme_source text = path_source(write_bytes(r, "text.jsonl.zst", rows, strlen(rows)));
    assert_refused(r, &text, LME_ERR_DATA, "the zstd data is broken");
}

/* Far more out of the decoder than fits one buffer, so that it holds bytes back. */
static void large_frames_come_out_whole(void **state)
{
    reading *r = *state;
    enum {
        SIZE = 3 * 1024 * 1024
    };
    char *text = lme_arena_alloc(r->arena, SIZE);
    char *bytes = lme_arena_alloc(r->arena, ZSTD_compressBound(SIZE));
    int length = snprintf(text, SIZE, "{\"a\": 1}%*s\n{\"a\": 2}", SIZE - 32, "");
    size_t n = ZSTD_compress(bytes, ZSTD_compressBound(SIZE), text, (size_t)length, 3);
    lme_source source = path_source(write_bytes(r, "a.jsonl.zst", bytes, n));
    assert_rows(r, &source, "{\"a\": 1}\n{\"a\": 2}\n");
}

static void csv_and_json_are_compressed_too(void **state)
{
    reading *r = *state;
    char bytes[512];
    size_t n = gzip("a,b\n1,x\n", bytes, sizeof bytes, 1);
    lme_source csv = path_source(write_bytes(r, "a.csv.gz", bytes, n));
    assert_rows(r, &csv, "{\"a\": 1, \"b\": \"x\"}\n");
    n = gzip("[{\"a\": 1}]", bytes, sizeof bytes, 1);
    lme_source json = path_source(write_bytes(r, "a.json.gz", bytes, n));
    assert_rows(r, &json, "{\"a\": 1}\n");
}

static void names_tell_the_coding(void **state)
{
    (void)state;
    assert_str(lme_stream_stem(LME_STR("a/b.jsonl.gz")), "a/b.jsonl");
    assert_str(lme_stream_stem(LME_STR("a/b.csv.zst")), "a/b.csv");
    assert_str(lme_stream_stem(LME_STR("a/b.json")), "a/b.json");
}

static void what_cannot_be_opened_is_named(void **state)
{
    reading *r = *state;
    static const char *const names[] = {"none.jsonl", "none.jsonl.gz", "none.jsonl.zst"};
    for (size_t i = 0; i < 3; i++) {
        lme_stream *stream;
        lme_str path = lme_str_format(r->arena, "%s/%s", r->folder, names[i]);
        assert_false(lme_stream_open(r->arena, path, &stream, &r->err));
        assert_error(&r->err, LME_ERR_IO, "cannot open: No such file or directory");
        assert_error(&r->err, LME_ERR_IO, names[i]);
    }
    lme_stream *stream;
    assert_false(lme_stream_open(r->arena, lme_str_from(r->folder), &stream, &r->err));
    assert_error(&r->err, LME_ERR_IO, "is a folder, expected a file of rows");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, reading_setup, reading_teardown)
    const struct CMUnitTest tests[] = {
        TEST(reads_gzip),
        TEST(broken_gzip_is_an_error),
        TEST(reads_zstd),
        TEST(broken_zstd_is_an_error),
        TEST(large_frames_come_out_whole),
        TEST(csv_and_json_are_compressed_too),
        cmocka_unit_test(names_tell_the_coding),
        TEST(what_cannot_be_opened_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
