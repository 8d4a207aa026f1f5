/* .json files: a list, a list inside an object, or lines under the wrong name. */
#include "reading.h"

static void reads_a_list_of_objects(void **state)
{
    reading *r = *state;
    lme_source source =
        file_source(r, "a.json", "\xEF\xBB\xBF[\n  {\"a\": 1},\n  {\"a\": [2]}\n]\n");
    assert_rows(r, &source, "{\"a\": 1}\n{\"a\": [2]}\n");
    assert_count(r, &source, 2);
}

static void reads_the_list_under_data(void **state)
{
    reading *r = *state;
    lme_source source = file_source(r, "a.json", "{\"version\": 2, \"data\": [{\"a\": 1}]}");
    assert_rows(r, &source, "{\"a\": 1}\n");
}

static void field_names_another_key(void **state)
{
    reading *r = *state;
    lme_value kwargs = value_of(r, "{\"field\": \"rows\"}");
    lme_source source = file_source(r, "a.json", "{\"data\": 1, \"rows\": [{\"a\": 1}]}");
    source.kwargs = &kwargs;
    assert_rows(r, &source, "{\"a\": 1}\n");
}

static void reads_lines_under_the_wrong_name(void **state)
{
    reading *r = *state;
    lme_source source = file_source(r, "a.json", "{\"a\": 1}\n{\"a\": 2}\n");
    assert_rows(r, &source, "{\"a\": 1}\n{\"a\": 2}\n");
    assert_count(r, &source, 2);
}

static void an_empty_list_has_no_rows(void **state)
{
    reading *r = *state;
    lme_source source = file_source(r, "a.json", "[]");
    assert_rows(r, &source, "");
}

static void errors_say_what_is_expected(void **state)
{
    reading *r = *state;
    lme_source no_list = file_source(r, "a.json", "{\"rows\": [{\"a\": 1}]}");
    assert_refused(r, &no_list, LME_ERR_DATA, "a.json:1:1: the file has no list \"data\"");
    lme_source text = file_source(r, "b.json", "{\"data\": \"x\"}");
    assert_refused(r, &text, LME_ERR_DATA, "expected list of objects, got text");
    lme_source numbers = file_source(r, "c.json", "[{\"a\": 1}, 2]");
    assert_refused(r, &numbers, LME_ERR_DATA, "a row is an object, got integer");
    assert_error(&r->err, LME_ERR_DATA, "reading row 1");
    lme_source broken = file_source(r, "d.json", "[\n  {\"a\": 1},\n  {\"a\" 2}\n]");
    assert_refused(r, &broken, LME_ERR_DATA, "d.json:3:");
    lme_source empty = file_source(r, "e.json", "");
    assert_refused(r, &empty, LME_ERR_DATA, "e.json");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, reading_setup, reading_teardown)
    const struct CMUnitTest tests[] = {
        TEST(reads_a_list_of_objects),   TEST(reads_the_list_under_data),
        TEST(field_names_another_key),   TEST(reads_lines_under_the_wrong_name),
        TEST(an_empty_list_has_no_rows), TEST(errors_say_what_is_expected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
