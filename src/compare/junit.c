/* JUnit's XML, as build servers read it. */
#include <lmeval/shown.h>
#include <lmeval/unicode.h>

/* Text or attribute: what is markup is escaped; control characters, U+FFFE and U+FFFF, which
 * XML 1.0 has no way to write, become blanks; bytes that are no UTF-8 (a path's) become U+FFFD. */
static void escaped(lme_builder *out, lme_str text)
{
    lme_str s = lme_utf8_repair(out->arena, text);
    s = lme_str_replace(out->arena, s, LME_STR("\xEF\xBF\xBE"), LME_STR(" "));
    s = lme_str_replace(out->arena, s, LME_STR("\xEF\xBF\xBF"), LME_STR(" "));
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '<')
            lme_builder_add(out, LME_STR("&lt;"));
        else if (c == '>')
            lme_builder_add(out, LME_STR("&gt;"));
        else if (c == '&')
            lme_builder_add(out, LME_STR("&amp;"));
        else if (c == '"')
            lme_builder_add(out, LME_STR("&quot;"));
        else
            lme_builder_char(out, c < 0x20 ? ' ' : (char)c);
    }
}

static void attribute(lme_builder *out, const char *name, lme_str value)
{
    lme_builder_format(out, " %s=", name);
    lme_builder_char(out, '"');
    escaped(out, value);
    lme_builder_char(out, '"');
}

static void write_case(lme_arena *arena, const lme_gate_result *result, lme_builder *out)
{
    lme_builder_add(out, LME_STR("    <testcase"));
    attribute(out, "classname", lme_shown_label(arena, result->row));
    attribute(out, "name", lme_str_from(result->gate));
    if (result->met) {
        lme_builder_add(out, LME_STR("/>\n"));
        return;
    }
    lme_builder_add(out, LME_STR(">\n      <failure"));
    attribute(out, "message", result->text);
    lme_builder_add(out, LME_STR("/>\n    </testcase>\n"));
}

lme_str lme_gates_junit(lme_arena *arena, const lme_gate_suite *suites, size_t n)
{
    lme_builder out = {.arena = arena};
    lme_builder_add(&out, LME_STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"));
    for (size_t s = 0; s < n; s++) {
        size_t failures = 0;
        for (size_t i = 0; i < suites[s].n; i++)
            failures += suites[s].results[i].met ? 0 : 1;
        const lme_comparison *c = suites[s].comparison;
        lme_builder_add(&out, LME_STR("  <testsuite"));
        attribute(&out, "name",
                  lme_str_format(arena, "%.*s against %.*s", LME_STR_ARG(c->other->name),
                                 LME_STR_ARG(c->base->name)));
        attribute(&out, "tests", lme_str_format(arena, "%zu", suites[s].n));
        attribute(&out, "failures", lme_str_format(arena, "%zu", failures));
        lme_builder_add(&out, LME_STR(">\n"));
        for (size_t i = 0; i < suites[s].n; i++)
            write_case(arena, &suites[s].results[i], &out);
        lme_builder_add(&out, LME_STR("  </testsuite>\n"));
    }
    lme_builder_add(&out, LME_STR("</testsuites>\n"));
    return lme_builder_finish(&out);
}
