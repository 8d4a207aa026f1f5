/* The room's face: places of errors, hints, values with their type, plain templates, one template
 * rendered many times. What templates mean is in the .test files. */
#include "support.h"

#include <string.h>

#include <lmeval/json.h>
#include <lmeval/template.h>

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

static lme_value json(lme_arena *arena, const char *text)
{
    lme_value value;
    lme_error err = {0};
    assert_ok(lme_json_read(arena, NULL, lme_str_from(text), NULL, &value, &err), &err);
    return value;
}

static lme_template *compile(lme_arena *arena, const char *source)
{
    lme_template *t = NULL;
    lme_error err = {0};
    assert_ok(lme_template_compile(arena, lme_str_from(source), NULL, &t, &err), &err);
    return t;
}

static lme_error compile_error(lme_arena *arena, const char *source, const lme_place *at)
{
    lme_template *t = NULL;
    lme_error err = {0};
    assert_false(lme_template_compile(arena, lme_str_from(source), at, &t, &err));
    return err;
}

static lme_error render_error(lme_arena *arena, const char *source, const char *row,
                              const lme_place *at)
{
    lme_template *t = NULL;
    lme_value variables = json(arena, row);
    lme_str text;
    lme_error err = {0};
    assert_ok(lme_template_compile(arena, lme_str_from(source), at, &t, &err), &err);
    assert_false(lme_template_render(arena, t, &variables, &text, &err));
    return err;
}

static void errors_have_the_file_and_the_template_place(void **state)
{
    lme_place at = {.file = "my_task.yaml", .line = 12, .column = 15};
    lme_error err = compile_error(*state, "Q: {{ question | uper }}", &at);
    assert_error(&err, LME_ERR_TEMPLATE,
                 "my_task.yaml:12:32: template line 1, column 18, at "
                 "\"uper }}\": there is no filter 'uper'");
    assert_string_equal(err.hint, "did you mean upper?");

    err = compile_error(*state, "Zoë\n日本 {{ 'x }}", &at);
    assert_error(&err, LME_ERR_TEMPLATE, "my_task.yaml:13: template line 2, column 7");
    assert_int_equal(err.column, 0); /* how far the file indents the line is not known */

    err = render_error(*state, "a\n\n{{ b\n  + qustion }}", "{\"b\": 1, \"question\": 2}", &at);
    assert_error(&err, LME_ERR_TEMPLATE,
                 "my_task.yaml:15: template line 4, column 3, at "
                 "\"+ qustion }}\": 'qustion' is undefined");
    assert_string_equal(err.hint, "did you mean question?");

    err = render_error(*state, "{{ b.c }}", "{\"b\": {\"d\": 1, \"e\": 2}}", NULL);
    assert_error(&err, LME_ERR_TEMPLATE,
                 "template line 1, column 5, at \".c }}\": this map has no "
                 "key 'c'");
    assert_string_equal(err.hint, "its keys: d, e");
    assert_string_equal(err.file, "");
}

static void hints_name_what_was_meant(void **state)
{
    lme_error err = compile_error(*state, "{% fro x in y %}", NULL);
    assert_string_equal(err.hint, "did you mean for?");
    err = compile_error(*state, "{{ x is definde }}", NULL);
    assert_string_equal(err.hint, "did you mean defined?");
    err = compile_error(*state, "{{ x | first.name }}", NULL);
    assert_error(&err, LME_ERR_TEMPLATE, "(value | first).attribute");
    err = render_error(*state, "{{ x.strp() }}", "{\"x\": \"a\"}", NULL);
    assert_string_equal(err.hint, "did you mean strip?");
    err = render_error(*state, "{{ rang(2) }}", "{}", NULL);
    assert_string_equal(err.hint, "did you mean range?");
    err = render_error(*state, "{{ x }}", "{\"question\": 1, \"choices\": 2}", NULL);
    assert_string_equal(err.hint, "variables: question, choices");
    err = render_error(*state, "{{ x }}", "{}", NULL);
    assert_string_equal(err.hint, "");
    err = render_error(*state, "{% set total = 1 %}{{ totl }}", "{}", NULL);
    assert_string_equal(err.hint, "did you mean total?");
    err = render_error(*state, "{% set n.a = 1 %}", "{\"n\": 1}", NULL);
    assert_string_equal(err.hint, "make one with {% set n = namespace() %}");
}

static void long_names_are_cut(void **state)
{
    lme_arena *arena = *state;
    lme_builder source = {.arena = arena};
    lme_builder_add(&source, LME_STR("{{ "));
    for (int i = 0; i < 1000; i++)
        lme_builder_add(&source, LME_STR("é"));
    lme_builder_add(&source, LME_STR(" }}"));
    lme_error err = render_error(arena, lme_builder_finish(&source).ptr, "{}", NULL);
    assert_error(&err, LME_ERR_TEMPLATE, "is undefined");
    assert_true(strlen(err.message) < 300);
}

static void bytes_that_are_no_text_are_refused(void **state)
{
    lme_error err = compile_error(*state, "abc\xff{{ x }}", NULL);
    assert_error(&err, LME_ERR_TEMPLATE, "not valid UTF-8 at byte 3");
}

static lme_value value_of(lme_arena *arena, const char *source, const char *row)
{
    lme_value variables = json(arena, row), value;
    lme_error err = {0};
    assert_ok(lme_template_value(arena, compile(arena, source), &variables, &value, &err), &err);
    return value;
}

static void one_expression_keeps_its_type(void **state)
{
    lme_arena *arena = *state;
    lme_value value = value_of(arena, "{{ choices }}", "{\"choices\": [\"a\", 1]}");
    assert_int_equal(value.kind, LME_LIST);
    assert_str(lme_value_repr(arena, &value), "['a', 1]");
    value = value_of(arena, "{{label}}", "{\"label\": 3}");
    assert_int_equal(value.kind, LME_INT);
    assert_int_equal(value.integer, 3);
    value = value_of(arena, "{{- 'a' -}}", "{}");
    assert_str(value.string, "a");
    value = value_of(arena, "{{ x is none }}", "{\"x\": null}");
    assert_int_equal(value.kind, LME_BOOL);
    value = value_of(arena, "{{ none }}", "{}");
    assert_int_equal(value.kind, LME_NULL);
    value = value_of(arena, "{{ 1, 2 }}", "{}");
    assert_int_equal(value.kind, LME_TUPLE);
}

static void anything_else_is_text(void **state)
{
    lme_arena *arena = *state;
    assert_str(value_of(arena, "{{ x }}\n", "{\"x\": [1]}").string, "[1]\n");
    assert_str(value_of(arena, " {{ x }}", "{\"x\": 5}").string, " 5");
    assert_str(value_of(arena, "{{ x }}{{ x }}", "{\"x\": 5}").string, "55");
    assert_str(value_of(arena, "{% if x %}{{ x }}{% endif %}", "{\"x\": 5}").string, "5");
    assert_str(value_of(arena, "{# c #}{{ x }}", "{\"x\": 5}").string, "5");
    assert_str(value_of(arena, "plain", "{}").string, "plain");
    assert_str(value_of(arena, "", "{}").string, "");
    /* What only templates know has no other form outside. */
    assert_str(value_of(arena, "{{ range(3) }}", "{}").string, "range(0, 3)");
    assert_str(value_of(arena, "{{ 'a' if false }}", "{}").string, "");
}

static void values_hold_nothing_undefined(void **state)
{
    lme_arena *arena = *state;
    lme_value row = json(arena, "{\"a\": 1}"), value;
    const char *const sources[] = {"{{ b }}", "{{ [a, b] }}", "{{ {'k': b} }}"};
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        lme_error err = {0};
        assert_false(lme_template_value(arena, compile(arena, sources[i]), &row, &value, &err));
        assert_error(&err, LME_ERR_TEMPLATE, "'b' is undefined");
    }
    lme_error err = {0};
    assert_false(lme_template_value(arena, compile(arena, "{{ [range(2)] }}"), &row, &value, &err));
    assert_error(&err, LME_ERR_TEMPLATE, "a range inside a list or map cannot be used here");
}

static void plain_text_is_known(void **state)
{
    assert_true(lme_template_is_plain(compile(*state, "")));
    assert_true(lme_template_is_plain(compile(*state, "a { b } %} }} #} {x}\n")));
    assert_false(lme_template_is_plain(compile(*state, "{{ x }}")));
    assert_false(lme_template_is_plain(compile(*state, "{# x #}")));
    assert_false(lme_template_is_plain(compile(*state, "{% raw %}{% endraw %}")));
    assert_false(lme_template_is_plain(compile(*state, "a\r\nb"))); /* renders to a\nb */
}

static void the_source_may_go_after_compiling(void **state)
{
    lme_arena *arena = *state;
    char source[] = "a {{ x }} {{ 'lit' }} b";
    lme_value row = json(arena, "{\"x\": 1}");
    lme_template *t = compile(arena, source);
    memset(source, 'z', sizeof source - 1);
    lme_str text;
    lme_error err = {0};
    assert_ok(lme_template_render(arena, t, &row, &text, &err), &err);
    assert_str(text, "a 1 lit b");
}

static void one_template_renders_many_rows(void **state)
{
    lme_arena *arena = *state, *sample = lme_arena_new();
    lme_template *t = compile(arena, "{% set ns = namespace(n=0) %}{% for c in xs %}{% set ns.n = "
                                     "ns.n + c %}{% endfor %}{{ ns.n }}");
    for (int i = 0; i < 1000; i++) {
        lme_value row = json(sample, i % 2 == 0 ? "{\"xs\": [1, 2, 3]}" : "{\"xs\": []}");
        lme_str text;
        lme_error err = {0};
        assert_ok(lme_template_render(sample, t, &row, &text, &err), &err);
        assert_str(text, i % 2 == 0 ? "6" : "0");
        lme_arena_reset(sample);
    }
    lme_arena_free(sample);
}

static void an_error_is_optional(void **state)
{
    lme_template *t = NULL;
    assert_false(lme_template_compile(*state, LME_STR("{{"), NULL, &t, NULL));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(errors_have_the_file_and_the_template_place),
        TEST(hints_name_what_was_meant),
        TEST(long_names_are_cut),
        TEST(bytes_that_are_no_text_are_refused),
        TEST(one_expression_keeps_its_type),
        TEST(anything_else_is_text),
        TEST(values_hold_nothing_undefined),
        TEST(plain_text_is_known),
        TEST(the_source_may_go_after_compiling),
        TEST(one_template_renders_many_rows),
        TEST(an_error_is_optional),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
