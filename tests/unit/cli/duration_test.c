/* Times as people say them. */
#include "duration.h"
#include "support.h"

#include <math.h>

static void assert_says(double seconds, const char *wanted)
{
    lme_arena *arena = lme_arena_new();
    assert_str(lme_duration(arena, seconds), wanted);
    lme_arena_free(arena);
}

static void two_digits_worth(void **state)
{
    (void)state;
    assert_says(0, "under 1 s");
    assert_says(0.99, "under 1 s");
    assert_says(1, "1 s");
    assert_says(6.2, "7 s");
    assert_says(99, "99 s");
    assert_says(99.5, "1 min 40 s");
    assert_says(115, "2 min");
    assert_says(121, "2 min 10 s");
    assert_says(599, "10 min");
    assert_says(601, "11 min");
    assert_says(99 * 60, "99 min");
    assert_says(99 * 60 + 1, "1 h 40 min");
    assert_says(116 * 60, "2 h");
    assert_says(201 * 60, "3 h 25 min");
    assert_says(600 * 60 + 1, "11 h");
    assert_says(52 * 3600.0, "52 h");
    assert_says(1e300, "277777777778 h");
}

static void spans(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    assert_str(lme_duration_span(arena, (lme_span){0.1, 0.2}), "under 1 s");
    assert_str(lme_duration_span(arena, (lme_span){0.1, 12}), "up to 12 s");
    assert_str(lme_duration_span(arena, (lme_span){11.5, 12}), "about 12 s");
    assert_str(lme_duration_span(arena, (lme_span){40, 150}), "between 40 s and 2 min 30 s");
    assert_str(lme_duration_span(arena, (lme_span){40, (double)INFINITY}), "more than 40 s");
    assert_str(lme_duration_span(arena, (lme_span){0.1, (double)INFINITY}), "more than 1 s");
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_digits_worth),
        cmocka_unit_test(spans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
