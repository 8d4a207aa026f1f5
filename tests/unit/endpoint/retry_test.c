/* The retry policy as a table. */
#include "retry.h"
#include "support.h"

#include <curl/curl.h>

#include <lmeval/limits.h>

static lme_try failed(lme_outcome outcome, long status)
{
    return (lme_try){
        .outcome = outcome,
        .status = status,
        .n_tries = 1,
        .max_retries = 3,
        .backoff_ms = 100,
        .jitter = 0.5,
    };
}

static void what_is_retried(void **state)
{
    (void)state;
    static const long again[] = {408, 409, 425, 429, 500, 502, 503, 504, 529, 599};
    static const long final[] = {201, 204, 301, 307, 400, 401, 403, 404, 405, 413, 422, 451};
    uint64_t wait;
    for (size_t i = 0; i < sizeof again / sizeof again[0]; i++) {
        lme_try last = failed(LME_OUTCOME_STATUS, again[i]);
        assert_true(lme_retry(&last, &wait));
    }
    for (size_t i = 0; i < sizeof final / sizeof final[0]; i++) {
        lme_try last = failed(LME_OUTCOME_STATUS, final[i]);
        assert_false(lme_retry(&last, &wait));
    }
    static const lme_outcome outcomes[] = {LME_OUTCOME_CONNECTION, LME_OUTCOME_TIMEOUT,
                                           LME_OUTCOME_TRUNCATED, LME_OUTCOME_NOT_JSON,
                                           LME_OUTCOME_ERROR};
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
        lme_try last = failed(outcomes[i], 200);
        assert_true(lme_retry(&last, &wait));
    }
    static const lme_outcome ends[] = {LME_OUTCOME_OK, LME_OUTCOME_TOO_LARGE,
                                       LME_OUTCOME_TRANSPORT};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        lme_try last = failed(ends[i], 200);
        assert_false(lme_retry(&last, &wait));
    }
}

static void retries_are_counted(void **state)
{
    (void)state;
    uint64_t wait;
    lme_try last = failed(LME_OUTCOME_STATUS, 503);
    last.n_tries = 3;
    assert_true(lme_retry(&last, &wait));
    last.n_tries = 4;
    assert_false(lme_retry(&last, &wait));
    last.n_tries = 1;
    last.max_retries = 0;
    assert_false(lme_retry(&last, &wait));
}

static void waits_double_with_jitter(void **state)
{
    (void)state;
    uint64_t wait;
    lme_try last = failed(LME_OUTCOME_TIMEOUT, 0);
    last.max_retries = 1000;
    static const uint64_t shortest[] = {50, 100, 200, 400};
    for (unsigned i = 0; i < 4; i++) {
        last.n_tries = i + 1;
        last.jitter = 0;
        assert_true(lme_retry(&last, &wait));
        assert_int_equal(wait, shortest[i]);
        last.jitter = 0.999999;
        assert_true(lme_retry(&last, &wait));
        assert_in_range(wait, 2 * shortest[i] - 1, 2 * shortest[i]);
    }
    last.n_tries = 900;
    assert_true(lme_retry(&last, &wait));
    assert_in_range(wait, 59000, 60000);
    last.backoff_ms = 0;
    assert_true(lme_retry(&last, &wait));
    assert_int_equal(wait, 0);
}

static void retry_after_is_obeyed(void **state)
{
    (void)state;
    uint64_t wait;
    lme_try last = failed(LME_OUTCOME_STATUS, 429);
    last.has_retry_after = true;
    last.retry_after_ms = 7000;
    assert_true(lme_retry(&last, &wait));
    assert_int_equal(wait, 7050);
    last.retry_after_ms = 0;
    assert_true(lme_retry(&last, &wait));
    assert_int_equal(wait, 50);
    last.retry_after_ms = UINT64_MAX;
    assert_true(lme_retry(&last, &wait));
    assert_int_equal(wait, LME_LIMIT_RETRY_AFTER_MS + 50);
}

/* 2026-11-23 10:00:00 UTC */
static const int64_t now_s = 1795428000;

static void retry_after_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        uint64_t wait;
    } rows[] = {
        {"0", 0},
        {"7", 7000},
        {" 7 ", 7000},
        {"1.5", 1500},
        {"Mon, 23 Nov 2026 10:00:30 GMT", 30000},
        {"Monday, 23-Nov-26 10:00:30 GMT", 30000},
        {"Mon, 23 Nov 2026 09:59:30 GMT", 0},
        {"1e300", 600000000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t wait = 1;
        assert_true(lme_retry_after_ms(lme_str_from(rows[i].header), now_s, &wait));
        assert_int_equal(wait, rows[i].wait);
    }
    static const char *const bad[] = {
        "",
        " ",
        "-1",
        "soon",
        "nan",
        "7 seconds",
        "a text that is far longer than any date and is not one, whatever it says about itself",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint64_t wait = 1;
        assert_false(lme_retry_after_ms(lme_str_from(bad[i]), now_s, &wait));
    }
}

static void outcomes_of_libcurl(void **state)
{
    (void)state;
    assert_int_equal(lme_outcome_of(CURLE_OK, 200), LME_OUTCOME_OK);
    assert_int_equal(lme_outcome_of(CURLE_OK, 201), LME_OUTCOME_STATUS);
    assert_int_equal(lme_outcome_of(CURLE_OK, 503), LME_OUTCOME_STATUS);
    assert_int_equal(lme_outcome_of(CURLE_COULDNT_CONNECT, 0), LME_OUTCOME_CONNECTION);
    assert_int_equal(lme_outcome_of(CURLE_COULDNT_RESOLVE_HOST, 0), LME_OUTCOME_CONNECTION);
    assert_int_equal(lme_outcome_of(CURLE_GOT_NOTHING, 0), LME_OUTCOME_CONNECTION);
    assert_int_equal(lme_outcome_of(CURLE_RECV_ERROR, 200), LME_OUTCOME_CONNECTION);
    assert_int_equal(lme_outcome_of(CURLE_OPERATION_TIMEDOUT, 0), LME_OUTCOME_TIMEOUT);
    assert_int_equal(lme_outcome_of(CURLE_PARTIAL_FILE, 200), LME_OUTCOME_TRUNCATED);
    assert_int_equal(lme_outcome_of(CURLE_PEER_FAILED_VERIFICATION, 0), LME_OUTCOME_TRANSPORT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_retried),          cmocka_unit_test(retries_are_counted),
        cmocka_unit_test(waits_double_with_jitter), cmocka_unit_test(retry_after_is_obeyed),
        cmocka_unit_test(retry_after_is_read),      cmocka_unit_test(outcomes_of_libcurl),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
