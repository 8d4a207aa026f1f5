/* When two answers to one question can be of one model. */
#include "recheck.h"
#include "support.h"

#include <math.h>

static bool agree(double kept, double now)
{
    lme_response a = {.logprob_nats = kept}, b = {.logprob_nats = now};
    return lme_recheck_agrees(LME_REQUEST_LOGLIKELIHOOD, &a, &b, 1e-3);
}

static bool agree_texts(const char *kept, const char *now)
{
    lme_response a = {.text = lme_str_from(kept)}, b = {.text = lme_str_from(now)};
    return lme_recheck_agrees(LME_REQUEST_GENERATE, &a, &b, 1e-3);
}

static void loglikelihoods(void **state)
{
    (void)state;
    assert_true(agree(-0.5, -0.5));
    assert_true(agree(-0.5, -0.5009));
    assert_false(agree(-0.5, -0.502));
    assert_false(agree(-0.502, -0.5));
    assert_true(agree(-2000, -2001.5)); /* a long text, rolling */
    assert_false(agree(-2000, -2003));
    assert_true(agree((double)-INFINITY, (double)-INFINITY));
    assert_false(agree((double)-INFINITY, -3));
    assert_false(agree(-3, (double)-INFINITY));
}

static void texts(void **state)
{
    (void)state;
    assert_true(agree_texts("", ""));
    assert_false(agree_texts("", " 12"));
    assert_true(agree_texts(" 12", " 12"));
    assert_false(agree_texts(" 12", " 123"));
    assert_true(agree_texts("Ann has 12 apples, and Bob has 7 of them.",
                            "Ann has 12 apples, and Bob has 7 pears."));
    assert_false(agree_texts("Ann has 12 apples, and Bob has 7.", "Ann has 12 pears."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loglikelihoods),
        cmocka_unit_test(texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
