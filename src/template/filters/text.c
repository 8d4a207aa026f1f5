/* string, lower, upper, capitalize, title, trim, replace, safe: from text to text. */
#include "text.h"

#include <lmeval/unicode.h>

static bool to_string(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_str text;
    if (!lme_subject_text(use, &text, err))
        return false;
    *result = lme_string(text);
    return true;
}

const lme_callable lme_template_filter_string = {
    .name = "string",
    .summary = "the value as text",
    .call = to_string,
};

const lme_callable lme_template_filter_safe = {
    .name = "safe",
    .summary = "the value as text; nothing is escaped here anyway",
    .call = to_string,
};

static bool map_text(const lme_invocation *use, lme_str (*change)(lme_arena *arena, lme_str text),
                     lme_value *result, lme_error *err)
{
    lme_str text;
    if (!lme_subject_text(use, &text, err))
        return false;
    *result = lme_string(change(use->arena, text));
    return true;
}

static bool lower(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return map_text(use, lme_lower, result, err);
}

const lme_callable lme_template_filter_lower = {
    .name = "lower",
    .summary = "in lower case",
    .call = lower,
};

static bool upper(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return map_text(use, lme_upper, result, err);
}

const lme_callable lme_template_filter_upper = {
    .name = "upper",
    .summary = "in upper case",
    .call = upper,
};

static bool capitalize(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return map_text(use, lme_capitalize, result, err);
}

const lme_callable lme_template_filter_capitalize = {
    .name = "capitalize",
    .summary = "first letter in upper case, the rest in lower case",
    .call = capitalize,
};

static bool parts_words(uint32_t c)
{
    return c == '-' || c == '(' || c == '{' || c == '[' || c == '<' || lme_is_space(c);
}

/* Words are what blanks, hyphens and opening brackets part: "it's" stays "It's", unlike the method
 * title(). */
static lme_str title_words(lme_arena *arena, lme_str text)
{
    lme_builder out = {.arena = arena};
    for (size_t at = 0; at < text.len;) {
        size_t first = at, end;
        bool separator = parts_words(lme_codepoint_next(text, &at));
        size_t rest = at;
        for (end = at; at < text.len; end = at) {
            if (parts_words(lme_codepoint_next(text, &at)) != separator)
                break;
        }
        at = end;
        lme_builder_add(&out, lme_upper(arena, lme_str_slice(text, first, rest)));
        lme_builder_add(&out, lme_lower(arena, lme_str_slice(text, rest, end)));
    }
    return lme_builder_finish(&out);
}

static bool title(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return map_text(use, title_words, result, err);
}

const lme_callable lme_template_filter_title = {
    .name = "title",
    .summary = "every word with a capital",
    .call = title,
};

static bool trim(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_str text, characters;
    if (!lme_subject_text(use, &text, err) ||
        (use->given[0] != NULL && use->given[0]->kind != LME_NULL &&
         !lme_take_text(use, 0, LME_STR(""), &characters, err)))
        return false;
    bool given = use->given[0] != NULL && use->given[0]->kind != LME_NULL;
    *result = lme_string(
        lme_text_strip(text, given ? &characters : NULL, LME_STRIP_LEFT | LME_STRIP_RIGHT));
    return true;
}

const lme_callable lme_template_filter_trim = {
    .name = "trim",
    .summary = "without whitespace, or these characters, at both ends",
    .parameters = {"chars"},
    .call = trim,
};

static bool replace(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_str text, pair[2];
    int64_t count;
    if (!lme_subject_text(use, &text, err) ||
        !lme_take_any_text(use, 0, LME_STR(""), &pair[0], err) ||
        !lme_take_any_text(use, 1, LME_STR(""), &pair[1], err) ||
        !lme_take_integer_or_none(use, 2, -1, &count, err) ||
        !lme_text_replace(use, text, pair, count, &text, err))
        return false;
    *result = lme_string(text);
    return true;
}

const lme_callable lme_template_filter_replace = {
    .name = "replace",
    .summary = "with one text in place of another, count times or always",
    .parameters = {"old", "new", "count"},
    .n_required = 2,
    .call = replace,
};
