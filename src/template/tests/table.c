/* The tests that can stand behind `is`, in the order of docs/templates.md. */
#include "callable.h"

#define TEST(name) extern const lme_callable lme_template_test_##name;
#include "list.h"
#undef TEST

#define TEST(name) &lme_template_test_##name,
static const lme_callable *const tests[] = {
#include "list.h"
};
#undef TEST

lme_callable_list lme_template_tests(void)
{
    return (lme_callable_list){tests, sizeof tests / sizeof tests[0]};
}
