/* Slices of split names, resolved as the hub's library does it. */
#include "slice.h"
#include "support.h"

static void resolves(void **state)
{
    static const struct {
        const char *text;
        size_t n, from, to;
        bool needs_count;
    } cases[] = {
        {"train", 10, 0, SIZE_MAX, false},        {"train[:10]", 100, 0, 10, false},
        {"train[5:]", 10, 5, SIZE_MAX, false},    {"train[3:7]", 10, 3, 7, false},
        {"train[:]", 10, 0, SIZE_MAX, false},     {"train[-3:]", 10, 7, SIZE_MAX, true},
        {"train[:-3]", 10, 0, 7, true},           {"train[-30:-20]", 10, 0, 0, true},
        {"train[:10%]", 200, 0, 20, true},        {"train[10%:20%]", 200, 20, 40, true},
        {"train[-10%:]", 50, 45, SIZE_MAX, true}, {"train[:50%]", 5, 0, 2, true},
        {"train[:50%]", 7, 0, 4, true},           {"train[:33%]", 10, 0, 3, true},
        {"train[7:3]", 10, 7, 7, false},          {"train[:100%]", 9, 0, 9, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_slice slice;
        lme_error err = {0};
        size_t from, to;
        assert_ok(lme_slice_read(lme_str_from(cases[i].text), &slice, &err), &err);
        assert_str(slice.split, "train");
        assert_int_equal(lme_slice_needs_count(&slice), cases[i].needs_count);
        lme_slice_resolve(&slice, cases[i].n, &from, &to);
        assert_int_equal(from, cases[i].from);
        assert_int_equal(to, cases[i].to);
    }
}

static void refuses_what_is_no_slice(void **state)
{
    static const char *const cases[] = {
        "train[10]",   "train[:10", "train[a:]",  "train[:101%]", "train[1:2]+test",
        "train[:1.5]", "train[]",   "train[::2]", "train[:%]",    "train[:99999999999999999999]",
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_slice slice;
        lme_error err = {0};
        assert_false(lme_slice_read(lme_str_from(cases[i]), &slice, &err));
        assert_error(&err, LME_ERR_TASK, cases[i]);
        assert_error(&err, LME_ERR_TASK, "a slice is [from:to], as in train[:100]");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resolves),
        cmocka_unit_test(refuses_what_is_no_slice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
