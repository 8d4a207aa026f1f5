/* Compiling and rendering any text ends in a text or an error: no crash, no hang, no text that is
 * not UTF-8. What lies before the first NUL byte is the template, what lies behind it is read as a
 * Python literal. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <lmeval/limits.h>
#include <lmeval/template.h>
#include <lmeval/unicode.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static lme_value list_of(lme_arena *arena, const char *const *texts, size_t n)
{
    lme_list_builder list = {.arena = arena};
    for (size_t i = 0; i < n; i++)
        lme_list_add(&list, lme_string(lme_str_from(texts[i])));
    return lme_list_finish(&list);
}

/* A row with a value of every kind. */
static lme_value make_row(lme_arena *arena)
{
    static const char *const texts[] = {"three", "four", " 5 é\n"};
    lme_map_builder inner = {.arena = arena}, row = {.arena = arena};
    lme_map_add(&inner, LME_STR("a"), lme_int(1));
    lme_map_add(&inner, LME_STR("items"), lme_string(LME_STR("x")));
    lme_map_add(&row, LME_STR("s"), lme_string(LME_STR("What is 2 + 2?")));
    lme_map_add(&row, LME_STR("l"), list_of(arena, texts, 3));
    lme_map_add(&row, LME_STR("m"), lme_map_finish(&inner));
    lme_map_add(&row, LME_STR("i"), lme_int(-3));
    lme_map_add(&row, LME_STR("f"), lme_float(2.5));
    lme_map_add(&row, LME_STR("n"), lme_null());
    lme_map_add(&row, LME_STR("b"), lme_bool(true));
    return lme_map_finish(&row);
}

static void check_failure(const lme_error *err)
{
    bool code = err->code == LME_ERR_TEMPLATE || err->code == LME_ERR_LIMIT;
    LME_BUG(!code || err->message[0] == '\0', "a failure without words");
    LME_BUG(!lme_utf8_valid(lme_str_from(err->message)), "a message that cannot be shown");
}

static void render(lme_arena *arena, lme_str source)
{
    lme_template *t = NULL;
    lme_value row = make_row(arena), value;
    lme_str text;
    lme_error err = {0};
    if (!lme_template_compile(arena, source, NULL, &t, &err)) {
        check_failure(&err);
        return;
    }
    if (!lme_template_render(arena, t, &row, &text, &err)) {
        check_failure(&err);
        return;
    }
    LME_BUG(text.len > LME_LIMIT_TEMPLATE_OUTPUT, "a text past the limit");
    LME_BUG(!lme_utf8_valid(text), "a text that is not UTF-8");
    LME_BUG(lme_template_is_plain(t) && !lme_str_equal(text, source), "plain text that changed");
    err = (lme_error){0};
    if (!lme_template_value(arena, t, &row, &value, &err))
        check_failure(&err);
    else
        LME_BUG(value.kind == LME_UNDEFINED || value.kind == LME_OPAQUE, "a value of ours got out");
}

/* A literal's repr reads back to an equal value. */
static void read_literal(lme_arena *arena, lme_str source)
{
    lme_value value, again;
    lme_error err = {0};
    if (!lme_literal_eval(arena, source, &value, &err)) {
        check_failure(&err);
        return;
    }
    lme_str text = lme_value_repr(arena, &value);
    if (lme_str_find(text, LME_STR("inf"), 0) != SIZE_MAX)
        return; /* 1e999 is read, and its repr is no literal, in Python too */
    LME_BUG(!lme_literal_eval(arena, text, &again, &err), "a literal's repr is none");
    LME_BUG(!lme_value_equal(&value, &again), "a literal's repr is another value");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    lme_arena *arena = lme_arena_new();
    lme_str whole = {size > 0 ? (const char *)data : "", size};
    const char *nul = memchr(whole.ptr, '\0', size);
    size_t end = nul != NULL ? (size_t)(nul - whole.ptr) : size;
    render(arena, lme_str_slice(whole, 0, end));
    read_literal(arena, lme_str_slice(whole, nul != NULL ? end + 1 : 0, size));
    lme_arena_free(arena);
    return 0;
}
