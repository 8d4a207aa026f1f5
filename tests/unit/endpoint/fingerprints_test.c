/* The system_fingerprint of answers. */
#include "fingerprints.h"
#include "support.h"

#include <lmeval/json.h>

static int set_up(void **state)
{
    *state = lme_arena_new();
    return 0;
}

static int tear_down(void **state)
{
    lme_arena_free(*state);
    return 0;
}

static void count(lme_arena *arena, lme_fingerprints *f, size_t server, lme_str text)
{
    lme_value answer;
    lme_error err = {0};
    assert_ok(lme_json_read(arena, NULL, text, NULL, &answer, &err), &err);
    lme_fingerprints_count(f, server, &answer);
}

static void where_it_stands(void **state)
{
    lme_arena *arena = *state;
    lme_fingerprints f = {0};
    static const char *const none[] = {
        "[]",
        "{}",
        "{\"system_fingerprint\": null}",
        "{\"system_fingerprint\": 3}",
        "{\"system_fingerprint\": \"\"}",
        "{\"system_fingerprint\": \"\\u001b[2J\"}",
        "{\"choices\": [{\"system_fingerprint\": \"fp_1\"}]}",
        "{\"text\": \"\\\"system_fingerprint\\\": \\\"fp_1\\\"\"}",
    };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        count(arena, &f, 0, lme_str_from(none[i]));
    assert_int_equal(f.n, 0);
    lme_str x =
        lme_str_format(arena, "{\"text\": \"%02000d\", \"system_fingerprint\" :\"fp_1\"}", 7);
    count(arena, &f, 0, x);
    count(arena, &f, 0, LME_STR("{\"system_fingerprint\":\n \"fp_1\", \"choices\": []}"));
    assert_int_equal(f.n, 1);
    assert_str(f.seen[0].text, "fp_1");
    assert_int_equal(f.seen[0].n_answers, 2);
}

static void servers_have_their_own(void **state)
{
    lme_arena *arena = *state;
    lme_fingerprints f = {0};
    count(arena, &f, 0, LME_STR("{\"system_fingerprint\": \"a\"}"));
    count(arena, &f, 1, LME_STR("{\"system_fingerprint\": \"a\"}"));
    count(arena, &f, 1, LME_STR("{\"system_fingerprint\": \"b\"}"));
    assert_int_equal(f.n, 3);
    assert_int_equal(f.seen[2].server, 1);
    assert_str(f.seen[2].text, "b");
}

/* A server that gives every answer one of its own fills no memory. */
static void too_many(void **state)
{
    lme_arena *arena = *state;
    lme_fingerprints f = {0};
    for (int i = 0; i < 100; i++)
        count(arena, &f, 0, lme_str_format(arena, "{\"system_fingerprint\": \"fp%d\"}", i));
    assert_int_equal(f.n, LME_FINGERPRINTS);
    assert_int_equal(f.seen[LME_FINGERPRINTS - 1].n_answers, 100 - LME_FINGERPRINTS + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_it_stands),
        cmocka_unit_test(servers_have_their_own),
        cmocka_unit_test(too_many),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
