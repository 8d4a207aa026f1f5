/* Axes that hold their values, whatever these are. */
#include "axis.h"
#include "support.h"

#include <math.h>

static void ends_are_round(void **state)
{
    (void)state;
    lme_axis axis = lme_axis_make(0.873, 1.04, 5);
    assert_close(axis.low, 0.85, 1e-9);
    assert_close(axis.high, 1.05, 1e-9);
    assert_close(axis.step, 0.05, 1e-9);
    assert_close(lme_axis_at(&axis, 0.95), 50.0, 1e-9);
    assert_close(lme_axis_at(&axis, 7.0), 100.0, 0.0);
    assert_close(lme_axis_at(&axis, -7.0), 0.0, 0.0);
}

static void odd_ends_can_be_drawn(void **state)
{
    (void)state;
    const double ends[][2] = {{3.0, 3.0},      {0.0, 0.0},       {(double)NAN, 1.0},
                              {-1e308, 1e308}, {1e-300, 2e-300}, {(double)INFINITY, 1.0}};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        lme_axis axis = lme_axis_make(ends[i][0], ends[i][1], 5);
        assert_true(isfinite(axis.low) && isfinite(axis.high) && axis.step > 0.0);
        assert_true(axis.low < axis.high);
        double at = lme_axis_at(&axis, ends[i][1]);
        assert_true(at >= 0.0 && at <= 100.0);
    }
}

static void what_goes_on_has_an_arrow(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_builder out = {.arena = arena};
    lme_axis axis = lme_axis_make(0.0, 1.0, 4);
    lme_axis_mark mark = {.value = 0.5, .low = 0.25, .high = 4.0, .label = LME_STR("a < b")};
    lme_axis_draw(&out, &axis, &mark);
    lme_str text = lme_builder_finish(&out);
    assert_true(lme_str_find(text, LME_STR("<title>a &lt; b</title>"), 0) != SIZE_MAX);
    assert_true(lme_str_find(text, LME_STR("<svg x=\"100.00%\"><path"), 0) != SIZE_MAX);
    assert_true(lme_str_find(text, LME_STR("cx=\"50.00%\""), 0) != SIZE_MAX);
    mark.value = 2.0; /* beyond the drawing: no point where it is not */
    out = (lme_builder){.arena = arena};
    lme_axis_draw(&out, &axis, &mark);
    assert_true(lme_str_find(lme_builder_finish(&out), LME_STR("<circle"), 0) == SIZE_MAX);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_are_round),
        cmocka_unit_test(odd_ends_can_be_drawn),
        cmocka_unit_test(what_goes_on_has_an_arrow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
