/* float(text) of CPython 3.11: what it printed, or that it refused. */
#include "support.h"

#include <math.h>

#include <lmeval/value.h>

typedef struct reading {
    const char *text, *repr; /* NULL: refused */
} reading;

static const reading readings[] = {
    {"1_000", "1000.0"},
    {"1__0", NULL},
    {"_1", NULL},
    {"1_", NULL},
    {" 2.5\n", "2.5"},
    {"\x1c"
     "1",
     NULL},
    {"\xc2\x85"
     "1",
     "1.0"},
    {"\xe3\x80\x80\xd9\xa1\xd9\xa2.\xd9\xa5", "12.5"},
    {"1e400", "inf"},
    {"-1e400", "-inf"},
    {"iNf", "inf"},
    {"-Infinity", "-inf"},
    {"+nan", "nan"},
    {"0x10", NULL},
    {"1e", NULL},
    {"1e5", "100000.0"},
    {".5", "0.5"},
    {"5.", "5.0"},
    {".", NULL},
    {"", NULL},
    {"\xef\xbc\x91\xef\xbc\x92", "12.0"},
    {"\xc2\xb2", NULL},
    {"1e-400", "0.0"},
    {"1_0.0_1e1_0", "100100000000.0"},
    {"- 1", NULL},
    {"--1", NULL},
};

static void reads_as_python(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++) {
        double value;
        bool is_number = lme_python_float(lme_str_from(readings[i].text), &value);
        assert_int_equal(is_number, readings[i].repr != NULL);
        if (is_number)
            assert_str(lme_double_repr(arena, value), readings[i].repr);
    }
    lme_arena_free(arena);
}

static void refuses_what_is_too_long(void **state)
{
    (void)state;
    char digits[1025];
    for (size_t i = 0; i < sizeof digits; i++)
        digits[i] = '0';
    double value;
    assert_true(lme_python_float((lme_str){digits, 1024}, &value));
    assert_false(lme_python_float((lme_str){digits, 1025}, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_as_python),
        cmocka_unit_test(refuses_what_is_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
