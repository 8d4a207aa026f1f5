/* Methods of texts that give a changed text: strip, replace, case, padding, format. */
#include "format.h"
#include "text.h"

#include <lmeval/unicode.h>

static bool strip_sides(const lme_invocation *use, unsigned sides, lme_value *result,
                        lme_error *err)
{
    lme_str characters;
    bool given = use->given[0] != NULL && use->given[0]->kind != LME_NULL;
    if (given && !lme_take_text(use, 0, LME_STR(""), &characters, err))
        return false;
    *result = lme_string(lme_text_strip(use->subject.string, given ? &characters : NULL, sides));
    return true;
}

static bool strip(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return strip_sides(use, LME_STRIP_LEFT | LME_STRIP_RIGHT, result, err);
}

static bool lstrip(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return strip_sides(use, LME_STRIP_LEFT, result, err);
}

static bool rstrip(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return strip_sides(use, LME_STRIP_RIGHT, result, err);
}

const lme_callable lme_template_method_str_strip = {
    .name = "strip",
    .summary = "without whitespace, or these characters, at both ends",
    .parameters = {"chars"},
    .kinds = 1u << LME_STRING,
    .call = strip,
};

const lme_callable lme_template_method_str_lstrip = {
    .name = "lstrip",
    .summary = "the same at the start",
    .parameters = {"chars"},
    .kinds = 1u << LME_STRING,
    .call = lstrip,
};

const lme_callable lme_template_method_str_rstrip = {
    .name = "rstrip",
    .summary = "the same at the end",
    .parameters = {"chars"},
    .kinds = 1u << LME_STRING,
    .call = rstrip,
};

static bool removeprefix(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_str prefix, text = use->subject.string;
    if (!lme_take_text(use, 0, LME_STR(""), &prefix, err))
        return false;
    *result =
        lme_string(lme_str_starts(text, prefix) ? lme_str_slice(text, prefix.len, text.len) : text);
    return true;
}

const lme_callable lme_template_method_str_removeprefix = {
    .name = "removeprefix",
    .summary = "without this start, when it has it",
    .parameters = {"prefix"},
    .n_required = 1,
    .kinds = 1u << LME_STRING,
    .call = removeprefix,
};

static bool removesuffix(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_str suffix, text = use->subject.string;
    if (!lme_take_text(use, 0, LME_STR(""), &suffix, err))
        return false;
    *result = lme_string(lme_str_ends(text, suffix) ? lme_str_slice(text, 0, text.len - suffix.len)
                                                    : text);
    return true;
}

const lme_callable lme_template_method_str_removesuffix = {
    .name = "removesuffix",
    .summary = "without this end, when it has it",
    .parameters = {"suffix"},
    .n_required = 1,
    .kinds = 1u << LME_STRING,
    .call = removesuffix,
};

static bool replace(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_str text, pair[2];
    int64_t count;
    if (!lme_take_text(use, 0, LME_STR(""), &pair[0], err) ||
        !lme_take_text(use, 1, LME_STR(""), &pair[1], err) ||
        !lme_take_integer(use, 2, -1, &count, err) ||
        !lme_text_replace(use, use->subject.string, pair, count, &text, err))
        return false;
    *result = lme_string(text);
    return true;
}

const lme_callable lme_template_method_str_replace = {
    .name = "replace",
    .summary = "with one text in place of another, count times or always",
    .parameters = {"old", "new", "count"},
    .n_required = 2,
    .kinds = 1u << LME_STRING,
    .call = replace,
};

static bool format(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_value named = {.kind = LME_MAP, .map = {use->keywords, use->n_keywords}};
    lme_format_use values = {
        .rendering = use->rendering,
        .at = use->at,
        .positional = {use->rest, use->n_rest},
        .named = &named,
    };
    lme_str text;
    if (!lme_format_braces(&values, use->subject.string, &text, err))
        return false;
    *result = lme_string(text);
    return true;
}

const lme_callable lme_template_method_str_format = {
    .name = "format",
    .summary = "values put into the text's {} fields",
    .takes = LME_TAKES_REST | LME_TAKES_KEYWORDS,
    .kinds = 1u << LME_STRING,
    .call = format,
};

static bool join(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_items items;
    lme_builder out = {.arena = use->arena};
    if (!lme_argument_items(use, 0, &items, err))
        return false;
    for (size_t i = 0; i < items.len; i++) {
        const lme_value *item = &items.items[i];
        if (item->kind != LME_STRING)
            return lme_use_fail(use, err, "item %zu is %s, expected a text", i,
                                lme_type_name(item));
        if (!lme_text_fits(use->rendering, use->at,
                           out.len + use->subject.string.len + item->string.len, err))
            return false;
        if (i > 0)
            lme_builder_add(&out, use->subject.string);
        lme_builder_add(&out, item->string);
    }
    *result = lme_string(lme_builder_finish(&out));
    return true;
}

const lme_callable lme_template_method_str_join = {
    .name = "join",
    .summary = "the texts of a list with this one between them",
    .parameters = {"iterable"},
    .n_required = 1,
    .kinds = 1u << LME_STRING,
    .call = join,
};

/* Columns count in characters and begin anew behind a line end. */
static bool expandtabs(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_str text = use->subject.string;
    lme_builder out = {.arena = use->arena};
    int64_t size, column = 0;
    if (!lme_take_integer(use, 0, 8, &size, err))
        return false;
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        uint32_t c = lme_codepoint_next(text, &at);
        int64_t blanks = c != '\t' || size <= 0 ? 0 : size - column % size;
        if (!lme_text_fits(use->rendering, use->at, out.len + (size_t)blanks + 4, err))
            return false;
        for (int64_t i = 0; i < blanks; i++)
            lme_builder_char(&out, ' ');
        if (c != '\t')
            lme_builder_add(&out, lme_str_slice(text, from, at));
        column = c == '\n' || c == '\r' ? 0 : column + (c == '\t' ? blanks : 1);
    }
    *result = lme_string(lme_builder_finish(&out));
    return true;
}

const lme_callable lme_template_method_str_expandtabs = {
    .name = "expandtabs",
    .summary = "with blanks for tabs, up to the next multiple of a width (8)",
    .kinds = 1u << LME_STRING,
    .parameters = {"tabsize"},
    .call = expandtabs,
};
