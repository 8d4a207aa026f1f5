/* Every draw against CPython's own answers (random.cases, written by make_cases.py). */
#include "support.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lmeval/random.h>
#include <lmeval/share.h>

enum {
    MOST = 1024
};

typedef struct expected {
    const char *at; /* behind ": " */
} expected;

static void assert_next(expected *e, uint64_t got, int base, const char *call)
{
    char *end;
    uint64_t wanted = strtoull(e->at, &end, base);
    if (end == e->at || wanted != got)
        fail_msg("%s: got %" PRIu64 ", CPython %" PRIu64, call, got, wanted);
    e->at = end;
}

static void check_indices(expected *e, const size_t *got, size_t n, const char *call)
{
    for (size_t i = 0; i < n; i++)
        assert_next(e, got[i], 10, call);
}

static void check_unit(lme_random *r, expected *e, const char *call)
{
    for (int i = 0; i < 4; i++) {
        double unit = lme_random_unit(r);
        uint64_t bits;
        memcpy(&bits, &unit, sizeof bits);
        assert_next(e, bits, 16, call);
    }
}

static void check_choices(lme_random *r, expected *e, size_t n, size_t k, const char *call)
{
    uint32_t drawn[MOST];
    lme_random_choices(r, n, drawn, k);
    for (size_t i = 0; i < k; i++)
        assert_next(e, drawn[i], 10, call);
}

static void check(char *call)
{
    char *colon = strstr(call, ":");
    assert_non_null(colon);
    *colon = '\0';
    expected e = {colon + 1};
    char name[16];
    int64_t seed = 0;
    uint64_t n = 0;
    size_t k = 0;
    /* The case file is ours; sscanf's silence about overflow cannot hurt. */
    int fields = sscanf(call, "%15s %" SCNd64 " %" SCNu64 " %zu", name, &seed, &n, // NOLINT
                        &k);
    assert_true(fields >= 2);

    lme_random r;
    lme_random_seed(&r, seed);
    size_t indices[MOST];
    if (strcmp(name, "u32") == 0) {
        for (int i = 0; i < 5; i++)
            assert_next(&e, lme_random_u32(&r), 10, call);
    } else if (strcmp(name, "unit") == 0) {
        check_unit(&r, &e, call);
    } else if (strcmp(name, "below") == 0) {
        for (int i = 0; i < 6; i++)
            assert_next(&e, lme_random_below(&r, n), 10, call);
    } else if (strcmp(name, "shuffle") == 0) {
        assert_true(n <= MOST);
        for (size_t i = 0; i < n; i++)
            indices[i] = i;
        lme_random_shuffle(&r, indices, (size_t)n);
        check_indices(&e, indices, (size_t)n, call);
    } else if (strcmp(name, "choices") == 0) {
        assert_true(k <= MOST);
        check_choices(&r, &e, (size_t)n, k, call);
    } else {
        assert_string_equal(name, "sample");
        assert_true(k <= MOST);
        lme_random_sample(&r, (size_t)n, k, indices);
        check_indices(&e, indices, k, call);
    }
    assert_true(strspn(e.at, " ") == strlen(e.at));
}

static void draws_what_cpython_draws(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_str text;
    lme_error err = {0};
    const char *path = test_source(arena, "tests/unit/core/random.cases");
    assert_ok(lme_file_read(arena, path, 1u << 20, &text, &err), &err);
    size_t checked = 0;
    for (size_t at = 0; at < text.len;) {
        size_t end = lme_str_find(text, LME_STR("\n"), at);
        assert_true(end != SIZE_MAX);
        lme_str line = lme_str_copy(arena, lme_str_slice(text, at, end));
        at = end + 1;
        if (line.ptr[0] == '#')
            continue;
        char *call = lme_arena_alloc(arena, line.len + 1);
        memcpy(call, line.ptr, line.len);
        check(call);
        checked++;
    }
    assert_true(checked > 100);
    lme_arena_free(arena);
}

/* Facts known outside our case file: the first outputs of Python's random.seed(42). */
static void seed_42_starts_as_everywhere(void **state)
{
    (void)state;
    lme_random r;
    lme_random_seed(&r, 42);
    assert_close(lme_random_unit(&r), 0.6394267984578837, 0.0);
    assert_close(lme_random_unit(&r), 0.025010755222666936, 0.0);
}

static void sign_of_the_seed_is_ignored(void **state)
{
    (void)state;
    lme_random plus, minus;
    lme_random_seed(&plus, 12345);
    lme_random_seed(&minus, -12345);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(lme_random_u32(&plus), lme_random_u32(&minus));
}

static void a_sample_of_all_is_a_permutation(void **state)
{
    (void)state;
    lme_random r;
    for (size_t n = 0; n < 200; n += 7) {
        lme_random_seed(&r, (int64_t)n);
        size_t picked[200];
        bool seen[200] = {false};
        lme_random_sample(&r, n, n, picked);
        for (size_t i = 0; i < n; i++) {
            assert_true(picked[i] < n);
            assert_false(seen[picked[i]]);
            seen[picked[i]] = true;
        }
    }
}

static void units_stay_below_one(void **state)
{
    (void)state;
    lme_random r;
    lme_random_seed(&r, 3);
    for (int i = 0; i < 100000; i++) {
        double unit = lme_random_unit(&r);
        assert_true(unit >= 0.0 && unit < 1.0);
    }
}

/* In blocks of any length, from an odd word on too: the same as one by one. */
static void choices_are_units_times_n(void **state)
{
    (void)state;
    static uint32_t drawn[3000];
    for (size_t k = 1; k < 3000; k = k * 2 + 1) {
        lme_random one, many;
        lme_random_seed(&one, 8);
        lme_random_seed(&many, 8);
        for (size_t round = 0; round < 4; round++) {
            lme_random_choices(&many, 12345, drawn, k);
            for (size_t i = 0; i < k; i++)
                assert_int_equal(drawn[i], (uint32_t)(lme_random_unit(&one) * 12345.0));
            assert_int_equal(lme_random_u32(&many), lme_random_u32(&one));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_what_cpython_draws),
        cmocka_unit_test(seed_42_starts_as_everywhere),
        cmocka_unit_test(sign_of_the_seed_is_ignored),
        cmocka_unit_test(a_sample_of_all_is_a_permutation),
        cmocka_unit_test(units_stay_below_one),
        cmocka_unit_test(choices_are_units_times_n),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
