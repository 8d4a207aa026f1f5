/* Templates that would take for ever, all memory or the whole stack: each ends in LME_ERR_LIMIT. */
#include "support.h"

#include <lmeval/limits.h>
#include <lmeval/template.h>

static const lme_value no_variables = {.kind = LME_MAP};

static void assert_limit(const char *source, const char *part)
{
    lme_arena *arena = lme_arena_new();
    lme_template *t = NULL;
    lme_str text;
    lme_error err = {0};
    bool fine = lme_template_compile(arena, lme_str_from(source), NULL, &t, &err) &&
                lme_template_render(arena, t, &no_variables, &text, &err);
    if (fine)
        fail_msg("no limit for %.80s", source);
    assert_error(&err, LME_ERR_LIMIT, part);
    lme_arena_free(arena);
}

static void work_is_bounded(void **state)
{
    (void)state;
    assert_limit("{% for i in range(1000000000) %}{% endfor %}", "10000000 steps");
    assert_limit("{{ range(9223372036854775807) | list }}", "steps");
    assert_limit("{{ 5 in range(-9223372036854775807, 9223372036854775807) }}", "steps");
    assert_limit("{{ [0] * 1000000000 }}", "steps");
    assert_limit("{% for a in range(5000000) %}{% endfor %}", "steps");
}

static void texts_are_bounded(void **state)
{
    (void)state;
    assert_limit("{{ 'abcdefgh' * 9000000 }}", "67108864 bytes");
    assert_limit("{{ 'a' * 9223372036854775807 }}", "bytes");
    assert_limit("{{ 'a'.ljust(9223372036854775807) }}", "bytes");
    assert_limit("{{ 'a' | center(100000000) }}", "bytes");
    assert_limit("{{ 'a'.zfill(100000000) }}", "bytes");
    assert_limit("{{ '%100000000d' % 1 }}", "more than");
    assert_limit("{{ '%.5000f' % 1 }}", "more than 1000");
    assert_limit("{{ '{:100000000}'.format(1) }}", "bytes");
    assert_limit("{% set a = 'a' * 10000 %}{{ a.replace('a', a) }}", "bytes");
    assert_limit("{% set a = 'a' * 10000 %}{{ a.replace('', a) }}", "bytes");
    assert_limit("{% set a = 'a' * 10000 %}{{ a | regex_replace('a', a) }}", "bytes");
    assert_limit("{% set a = 'a' * 12000 %}{{ a | regex_replace('(?=(a*))', '\\\\1') }}", "bytes");
    assert_limit("{% set a = 'a' * 10000 %}{{ ([a] * 10000) | join }}", "bytes");
    assert_limit("{% set a = 'a' * 10000 %}{{ a.join(['b'] * 10000) }}", "bytes");
    assert_limit("{% set a = 'a' * 10000 %}{{ [a] * 10000 }}", "bytes");
    assert_limit("{% set a = 'a' * 10000 %}{{ ([a] * 10000) | tojson }}", "bytes");
    assert_limit("{% set a = 'a' * 10000 %}{% for i in range(10000) %}{{ a }}{% endfor %}",
                 "bytes");
    assert_limit("{% set a = 'x\n' * 100000 %}{{ a | indent(1000) }}", "bytes");
}

static void memory_is_bounded(void **state)
{
    (void)state;
    assert_limit("{% for i in range(100) %}{% set a = 'a' * 60000000 %}{% endfor %}",
                 "bytes of memory");
    assert_limit("{% for i in range(100) %}{% set a = [0] * 90000 %}{% endfor %}", "");
}

/* A list of itself, doubled: small to make, endless to walk. */
static void repeated_lists_are_bounded(void **state)
{
    (void)state;
    const char *const uses[] = {
        "{{ ns.a }}",          "{{ ns.a == ns.b }}",        "{{ ns.a < ns.b }}",
        "{{ ns.a | tojson }}", "{{ [ns.a, ns.b] | sort }}", "{{ ns.a in [ns.b] }}"};
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        lme_str source = lme_str_format(
            arena,
            "{%% set ns = namespace(a=[1], b=[1]) %%}{%% for i in range(150) %%}"
            "{%% set ns.a = [ns.a, ns.a] %%}{%% set ns.b = [ns.b, ns.b] %%}{%% endfor %%}%s",
            uses[i]);
        assert_limit(source.ptr, "steps");
    }
    lme_arena_free(arena);
    assert_limit("{% set ns = namespace(a=1) %}{% for i in range(1000) %}{% set ns.a = [ns.a] %}"
                 "{% endfor %}{{ ns.a }}",
                 "nested deeper than 200");
}

static const char *repeated(lme_arena *arena, const char *before, const char *part, int n,
                            const char *after)
{
    lme_builder text = {.arena = arena};
    lme_builder_add(&text, lme_str_from(before));
    for (int i = 0; i < n; i++)
        lme_builder_add(&text, lme_str_from(part));
    lme_builder_add(&text, lme_str_from(after));
    return lme_builder_finish(&text).ptr;
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    assert_limit(repeated(arena, "{{ ", "(", 100000, ""), "nested deeper than 200");
    assert_limit(repeated(arena, "{{ ", "[", 100000, ""), "nested deeper than 200");
    assert_limit(repeated(arena, "{{ ", "not ", 100000, "1 }}"), "nested deeper than 200");
    assert_limit(repeated(arena, "{{ ", "-", 100000, "1 }}"), "nested deeper than 200");
    assert_limit(repeated(arena, "{{ 1", " if 1 else 1", 100000, " }}"), "nested deeper");
    assert_limit(repeated(arena, "{{ 1", " + 1", 100000, " }}"), "more than 200 steps");
    assert_limit(repeated(arena, "{{ 1", " or 1", 100000, " }}"), "more than 200 steps");
    assert_limit(repeated(arena, "{{ x", ".a", 100000, " }}"), "more than 200 steps");
    assert_limit(repeated(arena, "{{ x", "()", 100000, " }}"), "more than 200 steps");
    assert_limit(repeated(arena, "{{ 1", " | abs", 100000, " }}"), "more than 200 steps");
    assert_limit(repeated(arena, "", "{% if 1 %}", 100000, ""), "nested deeper than 200");
    assert_limit("{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}", "call itself");
    assert_limit("{% for x in [[1]] recursive %}{{ loop([x]) }}{% endfor %}", "nested deeper");
    assert_limit("{{ 'a' | map(*(['map'] * 100000)) | list }}", "nested deeper");
    lme_arena_free(arena);
}

static void what_people_write_is_far_from_the_limits(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_template *t = NULL;
    lme_str text;
    lme_error err = {0};
    const char *source = repeated(arena, "{{ 1", " + 1", 150, " }}");
    assert_ok(lme_template_compile(arena, lme_str_from(source), NULL, &t, &err), &err);
    assert_ok(lme_template_render(arena, t, &no_variables, &text, &err), &err);
    assert_str(text, "151");
    source = repeated(arena, "{{ ''", " ~ 'x'", 5000, " }}");
    assert_ok(lme_template_compile(arena, lme_str_from(source), NULL, &t, &err), &err);
    assert_ok(lme_template_render(arena, t, &no_variables, &text, &err), &err);
    assert_int_equal(text.len, 5000);
    source = repeated(arena, "", "{{ 'abc' | upper }}\n", 20000, "");
    assert_ok(lme_template_compile(arena, lme_str_from(source), NULL, &t, &err), &err);
    assert_ok(lme_template_render(arena, t, &no_variables, &text, &err), &err);
    assert_int_equal(text.len, 80000);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_is_bounded),
        cmocka_unit_test(texts_are_bounded),
        cmocka_unit_test(memory_is_bounded),
        cmocka_unit_test(repeated_lists_are_bounded),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(what_people_write_is_far_from_the_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
