/* Answers that would take for ever or all memory end, and say why. */
#include "exchange.h"

#define ZLIB_CONST /* next_in is const */
#include <zlib.h>

#include <lmeval/limits.h>

static void an_answer_that_drips_ends_with_the_timeout(void **state)
{
    (void)state;
    char slow[400];
    memset(slow, ' ', sizeof slow);
    loopback_reply reply = {.body = {slow, sizeof slow}, .drip_ms = 10};
    lme_transport_options options = usual;
    options.timeout_ms = 100;
    options.max_retries = 0;
    outcome o = exchange_by(&options, answer_always, &reply, NULL);
    assert_int_equal(o.outcome, LME_OUTCOME_TIMEOUT);
    assert_true(o.n_bytes < sizeof slow);
    assert_non_null(strstr(o.failure, "timed out"));
}

/* gzip of so many blanks, a few hundred times smaller. */
static lme_str bomb(lme_arena *arena, size_t n)
{
    z_stream z = {0};
    static unsigned char blanks[1 << 20];
    size_t room = n / 100, left = n;
    unsigned char *out = lme_arena_alloc(arena, room);
    memset(blanks, ' ', sizeof blanks);
    assert_int_equal(deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    z.next_out = out;
    z.avail_out = (unsigned)room;
    while (left > 0) {
        size_t part = left < sizeof blanks ? left : sizeof blanks;
        z.next_in = blanks;
        z.avail_in = (unsigned)part;
        left -= part;
        assert_true(deflate(&z, left == 0 ? Z_FINISH : Z_NO_FLUSH) >= 0 && z.avail_in == 0);
    }
    size_t len = z.total_out;
    deflateEnd(&z);
    return (lme_str){(const char *)out, len};
}

static void a_compressed_answer_is_measured_unpacked(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    loopback_reply reply = {
        .headers = "Content-Encoding: gzip\r\n",
        .body = bomb(arena, LME_LIMIT_RESPONSE + 1),
    };
    assert_true(reply.body.len < LME_LIMIT_RESPONSE / 100);
    loopback server;
    loopback_start(&server, answer_always, &reply);
    lme_transport_options options = usual;
    options.timeout_ms = 60000;
    lme_transport *transport = open_transport(&options);
    outcome o = exchange(transport, server.url);
    lme_transport_close(transport);
    loopback_stop(&server);
    lme_arena_free(arena);
    assert_int_equal(o.outcome, LME_OUTCOME_TOO_LARGE);
    assert_int_equal(o.n_tries, 1);
    assert_non_null(strstr(o.failure, "larger than 256 MB"));
    assert_true(o.n_held < 1 << 20);
}

static void what_is_no_gzip_is_no_answer(void **state)
{
    (void)state;
    loopback_reply reply = {
        .headers = "Content-Encoding: gzip\r\n",
        .body = LME_STR("{\"text\": \"hello\"}"),
    };
    outcome o = exchange_with(answer_always, &reply, NULL);
    assert_true(o.outcome != LME_OUTCOME_OK);
    assert_string_not_equal(o.failure, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_that_drips_ends_with_the_timeout),
        cmocka_unit_test(a_compressed_answer_is_measured_unpacked),
        cmocka_unit_test(what_is_no_gzip_is_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
