/* JSON lines: one object a line, whatever ends the lines, and errors with their place. */
#include "reading.h"

static void reads_rows_in_order(void **state)
{
    reading *r = *state;
    lme_source source = file_source(r, "a.jsonl", "{\"a\": 1, \"b\": \"x\"}\n{\"a\": 2.5}\n");
    assert_rows(r, &source, "{\"a\": 1, \"b\": \"x\"}\n{\"a\": 2.5}\n");
}

static void tolerates_line_ends_blanks_and_marks(void **state)
{
    reading *r = *state;
    lme_source source =
        file_source(r, "a.jsonl", "\xEF\xBB\xBF{\"a\": 1}\r\n\r\n   \n{\"a\": 2}\r\n\n{\"a\": 3}");
    assert_rows(r, &source, "{\"a\": 1}\n{\"a\": 2}\n{\"a\": 3}\n");
    assert_count(r, &source, 3);
}

static void an_empty_file_has_no_rows(void **state)
{
    reading *r = *state;
    lme_source empty = file_source(r, "a.jsonl", "");
    lme_source mark = file_source(r, "b.jsonl", "\xEF\xBB\xBF");
    lme_source newlines = file_source(r, "c.jsonl", "\n\n\r\n");
    assert_rows(r, &empty, "");
    assert_rows(r, &mark, "");
    assert_rows(r, &newlines, "");
    assert_count(r, &newlines, 0);
}

static void errors_name_line_and_column(void **state)
{
    reading *r = *state;
    lme_source source = file_source(r, "bad.jsonl", "{\"a\": 1}\n\n{\"a\": }\n");
    assert_refused(r, &source, LME_ERR_DATA, "bad.jsonl:3:7:");
}

static void a_row_is_an_object(void **state)
{
    reading *r = *state;
    lme_source source = file_source(r, "list.jsonl", "{\"a\": 1}\n[1, 2]\n");
    assert_refused(r, &source, LME_ERR_DATA, "list.jsonl:2:1: a row is an object, got list");
    lme_source number = file_source(r, "number.jsonl", "7\n");
    assert_refused(r, &number, LME_ERR_DATA, "hint: a row is {\"column\": value, ...}");
}

static void a_column_stands_once(void **state)
{
    reading *r = *state;
    lme_source source = file_source(r, "a.jsonl", "{\"a\": 1}\n{\"a\": 1, \"b\": 2, \"a\": 3}\n");
    assert_refused(r, &source, LME_ERR_DATA, "a.jsonl:2:1: the row has the column \"a\" twice");
    lme_builder wide = {.arena = r->arena};
    lme_builder_format(&wide, "{\"c0\": 0");
    for (int i = 1; i < 40; i++)
        lme_builder_format(&wide, ", \"c%d\": 0", i);
    lme_str fine = lme_str_format(r->arena, "%.*s}\n", LME_STR_ARG(lme_builder_finish(&wide)));
    lme_source many = file_source(r, "b.jsonl", fine.ptr);
    assert_count(r, &many, 1);
    lme_str rows;
    assert_ok(read_all(r, &many, &rows), &r->err);
    lme_builder_format(&wide, ", \"c7\": 1}\n");
    lme_source again = file_source(r, "c.jsonl", lme_str_cstr(r->arena, lme_builder_finish(&wide)));
    assert_refused(r, &again, LME_ERR_DATA, "c.jsonl:1:1: the row has the column \"c7\" twice");
}

static void bad_utf8_is_an_error(void **state)
{
    reading *r = *state;
    lme_source source = file_source(r, "latin.jsonl", "{\"a\": \"caf\xE9\"}\n");
    assert_refused(r, &source, LME_ERR_DATA, "latin.jsonl:1:");
}

/* Lines far longer than one read of the stream, and one that ends exactly where a read does. */
static void long_lines_are_whole(void **state)
{
    reading *r = *state;
    enum {
        SIZE = 256 * 1024
    };
    lme_builder text = {.arena = r->arena};
    for (size_t length = SIZE - 12; length < SIZE + 12; length += 3) {
        lme_builder_add(&text, LME_STR("{\"a\": \""));
        for (size_t i = 0; i < length; i++)
            lme_builder_char(&text, 'x');
        lme_builder_add(&text, LME_STR("\"}\n"));
    }
    lme_str rows = lme_builder_finish(&text);
    lme_source source = file_source(r, "long.jsonl", rows.ptr);
    assert_rows(r, &source, rows.ptr);
    assert_count(r, &source, 8);
}

/* A row's memory is the caller's: reading many rows keeps nothing of them. */
static void memory_is_bounded_by_the_row(void **state)
{
    reading *r = *state;
    lme_builder text = {.arena = r->arena};
    for (int i = 0; i < 2000; i++)
        lme_builder_format(&text, "{\"n\": %d, \"t\": \"some text that takes room in the row\"}\n",
                           i);
    lme_source source = file_source(r, "many.jsonl", lme_builder_finish(&text).ptr);
    lme_dataset *dataset;
    assert_ok(lme_dataset_open(r->arena, &source, &dataset, &r->err), &r->err);
    size_t before = lme_arena_used(r->arena);
    lme_arena *rows = lme_arena_new();
    bool end = false;
    size_t n = 0, most = 0;
    while (!end) {
        lme_value row;
        lme_arena_reset(rows);
        assert_ok(lme_dataset_next(rows, dataset, &row, &end, &r->err), &r->err);
        most = lme_arena_used(rows) > most ? lme_arena_used(rows) : most;
        n += !end;
    }
    lme_arena_free(rows);
    assert_int_equal(n, 2000);
    assert_true(lme_arena_used(r->arena) == before);
    assert_true(most < 4096);
}

static void deep_nesting_is_a_limit(void **state)
{
    reading *r = *state;
    lme_builder text = {.arena = r->arena};
    lme_builder_add(&text, LME_STR("{\"a\": "));
    for (int i = 0; i < 100000; i++)
        lme_builder_char(&text, '[');
    lme_source source = file_source(r, "deep.jsonl", lme_builder_finish(&text).ptr);
    lme_str rows;
    assert_false(read_all(r, &source, &rows));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, reading_setup, reading_teardown)
    const struct CMUnitTest tests[] = {
        TEST(reads_rows_in_order),       TEST(tolerates_line_ends_blanks_and_marks),
        TEST(an_empty_file_has_no_rows), TEST(errors_name_line_and_column),
        TEST(a_row_is_an_object),        TEST(a_column_stands_once),
        TEST(a_row_is_an_object),        TEST(bad_utf8_is_an_error),
        TEST(long_lines_are_whole),      TEST(memory_is_bounded_by_the_row),
        TEST(deep_nesting_is_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
