/* Bodies that tell of an error, in all the forms seen (servers 3.11). */
#include "answer.h"
#include "support.h"

#include <string.h>

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

static void error_texts(void **state)
{
    lme_arena *arena = *state;
    static const char *const rows[][2] = {
        {"{\"error\": {\"message\": \"no such model\", \"type\": \"x\"}}", "no such model"},
        {"{\"error\": {\"message\": \"\", \"type\": \"internal_server_error\", \"code\": null}}",
         "an error without a message (type internal_server_error)"},
        {"{\"error\": {\"code\": 503}}", "an error without a message (code 503)"},
        {"{\"error\": \"Loading model\"}", "Loading model"},
        {"{\"error\": {}}", "{}"},
        {"{\"object\": \"error\", \"message\": \"The model `x` does not exist.\", \"code\": 404}",
         "The model `x` does not exist."},
        {"{\"object\": \"error\", \"message\": \"\", \"type\": \"InternalServerError\"}",
         "an error without a message (type InternalServerError)"},
        {"{\"detail\": \"Not Found\"}", "Not Found"},
        {"{\"detail\": [{\"loc\": [\"body\", \"stop\", 0], \"msg\": \"wrong type\"}, {\"msg\": "
         "\"too many\"}]}",
         "body.stop.0: wrong type; too many"},
        {"{\"detail\": [\"odd\"]}", "odd"},
        {"{\"message\": \"Unauthorized\"}", "Unauthorized"},
        {"Internal Server Error\n", "Internal Server Error"},
        {"<html>\n<head><title>502 Bad Gateway</title></head>\r\n\t<body>x</body></html>",
         "<html> <head><title>502 Bad Gateway</title></head> <body>x</body></html>"},
        {"", "an empty body"},
        {" \n\t", "an empty body"},
        {"[1, 2]", "[1, 2]"},
        {"{\"error\": {\"message\": \"a\\nb\\u0007  c\"}}", "a b c"},
        {"{\"error\": ", "{\"error\":"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_str(lme_answer_error(arena, NULL, lme_str_from(rows[i][0]), NULL), rows[i][1]);
}

static void long_texts_are_cut_between_characters(void **state)
{
    lme_arena *arena = *state;
    lme_builder text = {.arena = arena};
    for (size_t i = 0; i < 1000; i++)
        lme_builder_add(&text, LME_STR("é"));
    lme_str line = lme_answer_error(arena, NULL, lme_builder_finish(&text), NULL);
    assert_int_equal(line.len, 200 * 2 + 3);
    assert_true(lme_str_ends(line, LME_STR("é…")));
    assert_str(lme_one_line(arena, LME_STR("one two three"), 7), "one two…");
    assert_str(lme_one_line(arena, LME_STR("one two three"), 8), "one two…");
    assert_str(lme_one_line(arena, LME_STR("one two"), 7), "one two");
    assert_str(lme_one_line(arena, LME_STR("bad \xff byte"), 20), "bad \xEF\xBF\xBD byte");
}

static void the_key_is_taken_out(void **state)
{
    lme_arena *arena = *state;
    lme_secret one = {LME_STR("sk-12345"), "[api key]"};
    lme_secrets key = {&one, 1};
    assert_str(lme_answer_error(
                   arena, NULL,
                   LME_STR("{\"error\": {\"message\": \"bad key sk-12345, sk-12345\"}}"), &key),
               "bad key [api key], [api key]");
    assert_str(lme_answer_error(arena, NULL, LME_STR("<p>sk-12345</p>"), &key), "<p>[api key]</p>");
}

static lme_outcome outcome_of(lme_arena *arena, const char *body)
{
    lme_value value;
    return lme_answer_read(arena, NULL, lme_str_from(body), NULL, &value);
}

static void bodies_of_a_200(void **state)
{
    lme_arena *arena = *state;
    assert_int_equal(outcome_of(arena, "{\"choices\": []}"), LME_OUTCOME_OK);
    assert_int_equal(outcome_of(arena, "{\"choices\": [], \"error\": null}"), LME_OUTCOME_OK);
    assert_int_equal(outcome_of(arena, "{\"choices\": [], \"message\": \"hi\"}"), LME_OUTCOME_OK);
    assert_int_equal(outcome_of(arena, "{\"object\": \"list\", \"data\": []}"), LME_OUTCOME_OK);
    assert_int_equal(outcome_of(arena, "{\"error\": {\"message\": \"x\"}}"), LME_OUTCOME_ERROR);
    assert_int_equal(outcome_of(arena, "{\"error\": \"x\", \"choices\": []}"), LME_OUTCOME_ERROR);
    assert_int_equal(outcome_of(arena, "{\"object\": \"error\", \"message\": \"x\"}"),
                     LME_OUTCOME_ERROR);
    assert_int_equal(outcome_of(arena, "{\"object\": \"error\", \"message\": \"\"}"),
                     LME_OUTCOME_ERROR);
    assert_int_equal(outcome_of(arena, "{\"choices\": [{\"text\": \"a\""), LME_OUTCOME_NOT_JSON);
    assert_int_equal(outcome_of(arena, "{\"choices\": [{\"finish_reason\": \"abort\"}]}"),
                     LME_OUTCOME_ERROR);
    assert_int_equal(
        outcome_of(arena, "{\"meta_info\": {\"finish_reason\": {\"type\": \"abort\"}}}"),
        LME_OUTCOME_ERROR);
    assert_int_equal(outcome_of(arena, "{\"choices\": [{\"finish_reason\": null}, 3]}"),
                     LME_OUTCOME_OK);
    assert_int_equal(outcome_of(arena, "<html>"), LME_OUTCOME_NOT_JSON);
    assert_int_equal(outcome_of(arena, ""), LME_OUTCOME_NOT_JSON);
    assert_int_equal(outcome_of(arena, "{\"x\": NaN}"), LME_OUTCOME_NOT_JSON);
}

static void depth_is_bounded(void **state)
{
    lme_arena *arena = *state;
    char deep[2001];
    memset(deep, '[', 1000);
    memset(deep + 1000, ']', 1000);
    deep[2000] = '\0';
    assert_int_equal(outcome_of(arena, deep), LME_OUTCOME_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_texts),
        cmocka_unit_test(long_texts_are_cut_between_characters),
        cmocka_unit_test(the_key_is_taken_out),
        cmocka_unit_test(bodies_of_a_200),
        cmocka_unit_test(depth_is_bounded),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
