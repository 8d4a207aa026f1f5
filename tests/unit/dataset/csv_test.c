/* CSV: RFC 4180 quoting, columns typed as pandas types them, errors with their place. */
#include "reading.h"

static void types_columns(void **state)
{
    reading *r = *state;
    lme_source source = file_source(r, "a.csv",
                                    "question,n,x,flag,gap,empty\n"
                                    "How many?,1,1,True,3,\n"
                                    "Why?,-20,2.5e1,false,,\n");
    assert_rows(r, &source,
                "{\"question\": \"How many?\", \"n\": 1, \"x\": 1.0, \"flag\": true, \"gap\": 3.0, "
                "\"empty\": null}\n"
                "{\"question\": \"Why?\", \"n\": -20, \"x\": 25.0, \"flag\": false, \"gap\": null, "
                "\"empty\": null}\n");
    assert_count(r, &source, 2);
}

/* What makes a column text, and what does not. */
static void types_edges(void **state)
{
    static const struct {
        const char *column, *rows;
    } cases[] = {
        {"1\n 2 \n+3\n007\n", "1\n2\n3\n7\n"},
        {"1\n\"2\"\n", "1\n2\n"},
        {"1\nx\n", "\"1\"\n\"x\"\n"},
        {"1.5\n.5\n5.\n-1E3\n", "1.5\n0.5\n5.0\n-1000.0\n"},
        {"0x1f\n1\n", "\"0x1f\"\n\"1\"\n"},
        {"1_000\n2\n", "\"1_000\"\n\"2\"\n"},
        {"1e\n2\n", "\"1e\"\n\"2\"\n"},
        {"99999999999999999999\n1\n", "\"99999999999999999999\"\n\"1\"\n"},
        {"99999999999999999999\n1.5\n", "1e+20\n1.5\n"},
        {"9223372036854775807\n-9223372036854775808\n",
         "9223372036854775807\n-9223372036854775808\n"},
        {"True\nNA\nFALSE\n", "true\nnull\nfalse\n"},
        {"True\n1\n", "\"True\"\n\"1\"\n"},
        {"yes\nNone\nn/a\n", "\"yes\"\nnull\nnull\n"},
        {" padded \nx\n", "\" padded \"\n\"x\"\n"},
        {"nan\nNULL\n", "null\nnull\n"},
    };
    reading *r = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_str text = lme_str_format(r->arena, "c\n%s", cases[i].column);
        lme_source source = file_source(r, "a.csv", text.ptr);
        lme_str rows;
        assert_ok(read_all(r, &source, &rows), &r->err);
        rows = lme_str_replace(r->arena, rows, LME_STR("{\"c\": "), LME_STR(""));
        assert_str(lme_str_replace(r->arena, rows, LME_STR("}"), LME_STR("")), cases[i].rows);
    }
}

static void quoted_fields_hold_anything(void **state)
{
    reading *r = *state;
    lme_source source = file_source(r, "a.csv",
                                    "a,b\r\n"
                                    "\"one, two\",\"says \"\"hi\"\"\"\r\n"
                                    "\"line\none\",\"\"\r\n"
                                    "caf\xC3\xA9,5\" wide\r\n");
    assert_rows(r, &source,
                "{\"a\": \"one, two\", \"b\": \"says \\\"hi\\\"\"}\n"
                "{\"a\": \"line\\none\", \"b\": null}\n"
                "{\"a\": \"caf\xC3\xA9\", \"b\": \"5\\\" wide\"}\n");
    assert_count(r, &source, 3);
}

static void tolerates_marks_blank_lines_and_no_last_newline(void **state)
{
    reading *r = *state;
    lme_source source = file_source(r, "a.csv",
                                    "\xEF\xBB\xBF"
                                    "a,b\n\n1,2\n\r\n3,4");
    assert_rows(r, &source, "{\"a\": 1, \"b\": 2}\n{\"a\": 3, \"b\": 4}\n");
    lme_source only_header = file_source(r, "b.csv", "a,b\n");
    assert_rows(r, &only_header, "");
    lme_source old_mac = file_source(r, "c.csv", "a,b\r1,2\r3,4\r");
    assert_rows(r, &old_mac, "{\"a\": 1, \"b\": 2}\n{\"a\": 3, \"b\": 4}\n");
}

static void tabs_by_the_name(void **state)
{
    reading *r = *state;
    lme_source source = file_source(r, "a.tsv", "a\tb\n1\t\"x,\ty\"\n");
    assert_rows(r, &source, "{\"a\": 1, \"b\": \"x,\\ty\"}\n");
    lme_value commas = value_of(r, "{\"delimiter\": \",\"}");
    lme_source other = file_source(r, "b.tsv", "a,b\n1,2\n");
    other.kwargs = &commas;
    assert_rows(r, &other, "{\"a\": 1, \"b\": 2}\n");
}

static void options_set_delimiter_and_names(void **state)
{
    reading *r = *state;
    lme_value tabs = value_of(r, "{\"delimiter\": \"\\t\"}");
    lme_source source = file_source(r, "a.csv", "a\tb\n1\tx,y\n");
    source.kwargs = &tabs;
    assert_rows(r, &source, "{\"a\": 1, \"b\": \"x,y\"}\n");

    lme_value names = value_of(r, "{\"column_names\": [\"q\", \"n\"], \"header\": null}");
    lme_source bare = file_source(r, "b.csv", "why,1\nhow,2\n");
    bare.kwargs = &names;
    assert_rows(r, &bare, "{\"q\": \"why\", \"n\": 1}\n{\"q\": \"how\", \"n\": 2}\n");

    lme_value renamed = value_of(r, "{\"column_names\": [\"q\", \"n\"], \"header\": 0}");
    lme_source with_header = file_source(r, "c.csv", "x,y\nwhy,1\n");
    with_header.kwargs = &renamed;
    assert_rows(r, &with_header, "{\"q\": \"why\", \"n\": 1}\n");

    lme_value none = value_of(r, "{\"header\": null}");
    lme_source numbered = file_source(r, "d.csv", "why,1\n");
    numbered.kwargs = &none;
    assert_rows(r, &numbered, "{\"0\": \"why\", \"1\": 1}\n");
}

static void wrong_options_are_errors(void **state)
{
    reading *r = *state;
    lme_value longer = value_of(r, "{\"delimiter\": \"::\"}");
    lme_source source = file_source(r, "a.csv", "a,b\n1,2\n");
    source.kwargs = &longer;
    assert_refused(r, &source, LME_ERR_TASK, "expected one character");
    lme_value names = value_of(r, "{\"column_names\": \"q\"}");
    source.kwargs = &names;
    assert_refused(r, &source, LME_ERR_TASK, "column_names is a list of names, got text");
}

static void ragged_rows_are_errors(void **state)
{
    reading *r = *state;
    lme_source longer = file_source(r, "a.csv", "a,b\n\"x\ny\",2\n1,2,3\n");
    assert_refused(r, &longer, LME_ERR_DATA, "a.csv:4: the row has 3 fields, expected 2");
    lme_source shorter = file_source(r, "b.csv", "a,b\n1,2\n3\n");
    assert_refused(r, &shorter, LME_ERR_DATA, "b.csv:3: the row has 1 fields, expected 2");
    assert_error(&r->err, LME_ERR_DATA, "stands in \"quotes\"");
}

static void broken_quotes_are_errors(void **state)
{
    reading *r = *state;
    lme_source open = file_source(r, "a.csv", "a,b\n1,2\n3,\"four\n5,6\n");
    assert_refused(r, &open, LME_ERR_DATA, "a.csv:3:3: the quote that opens here is not closed");
    lme_source behind = file_source(r, "b.csv", "a,b\n\xC3\xA9,\"four\"x\n");
    assert_refused(r, &behind, LME_ERR_DATA, "b.csv:2:9: text after a closing quote");
}

static void headers_are_checked(void **state)
{
    reading *r = *state;
    lme_source twice = file_source(r, "a.csv", "a,b,a\n1,2,3\n");
    assert_refused(r, &twice, LME_ERR_DATA, "a.csv:1: columns 1 and 3 are both named \"a\"");
    lme_source empty = file_source(r, "b.csv", "");
    assert_refused(r, &empty, LME_ERR_DATA, "the file is empty");
    lme_source unnamed = file_source(r, "c.csv", ",b\n1,2\n");
    assert_rows(r, &unnamed, "{\"Unnamed: 0\": 1, \"b\": 2}\n");
}

static void bad_utf8_is_an_error(void **state)
{
    reading *r = *state;
    lme_source source = file_source(r, "latin.csv", "a\ncaf\xE9\n");
    assert_refused(r, &source, LME_ERR_DATA, "latin.csv:2: the row is not UTF-8");
}

/* Fields that lie across the reader's buffer, quotes and line ends at its very edge. */
static void fields_cross_the_buffer(void **state)
{
    reading *r = *state;
    enum {
        SIZE = 256 * 1024
    };
    for (size_t shift = 0; shift < 6; shift++) {
        lme_builder text = {.arena = r->arena};
        lme_builder_add(&text, LME_STR("a,b\n\""));
        while (text.len < SIZE - shift)
            lme_builder_char(&text, 'x');
        size_t length = text.len - 5;
        lme_builder_add(&text, LME_STR("\"\"\",1\r\ny,2\r\n"));
        lme_source source = file_source(r, "a.csv", lme_builder_finish(&text).ptr);
        lme_str rows = LME_STR("");
        assert_ok(read_all(r, &source, &rows), &r->err);
        assert_int_equal(
            rows.len, length + strlen("{\"a\": \"\\\"\", \"b\": 1}\n{\"a\": \"y\", \"b\": 2}\n"));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, reading_setup, reading_teardown)
    const struct CMUnitTest tests[] = {
        TEST(types_columns),
        TEST(types_edges),
        TEST(quoted_fields_hold_anything),
        TEST(tolerates_marks_blank_lines_and_no_last_newline),
        TEST(tabs_by_the_name),
        TEST(options_set_delimiter_and_names),
        TEST(wrong_options_are_errors),
        TEST(ragged_rows_are_errors),
        TEST(broken_quotes_are_errors),
        TEST(headers_are_checked),
        TEST(bad_utf8_is_an_error),
        TEST(fields_cross_the_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
