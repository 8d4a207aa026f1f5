/* indent, center, truncate, wordcount, format, escape. */
#include "convert.h"
#include "format.h"
#include "text.h"

#include <lmeval/unicode.h>

/* The indentation: so many blanks, or the text that was given. */
static bool read_indentation(const lme_invocation *use, lme_str *indentation, lme_error *err)
{
    if (use->given[0] != NULL && use->given[0]->kind == LME_STRING) {
        *indentation = use->given[0]->string;
        return true;
    }
    int64_t width;
    if (!lme_take_integer(use, 0, 4, &width, err))
        return false;
    return lme_text_pad(use, LME_STR(""), width > 0 ? (size_t)width : 0, 0, ' ', indentation, err);
}

/* Lines as str.splitlines gives them; a final line end gives an empty last line. */
static bool read_lines(const lme_invocation *use, lme_items *lines, lme_error *err)
{
    lme_list_builder built = {.arena = use->arena};
    if (use->subject.kind != LME_STRING)
        return lme_use_fail(use, err, "got %s, expected a text", lme_type_name(&use->subject));
    lme_str closed = lme_str_concat(use->arena, use->subject.string, LME_STR("\n"));
    if (!lme_text_lines(use, closed, false, &built, err))
        return false;
    *lines = (lme_items){built.items, built.len};
    return true;
}

static bool indent(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_str indentation;
    lme_items lines = {0};
    bool first = false, blank = false;
    if (!read_indentation(use, &indentation, err) || !read_lines(use, &lines, err) ||
        !lme_take_truth(use, 1, false, &first, err) || !lme_take_truth(use, 2, false, &blank, err))
        return false;
    lme_builder out = {.arena = use->arena};
    for (size_t i = 0; i < lines.len; i++) {
        lme_str line = lines.items[i].string;
        if (i > 0)
            lme_builder_char(&out, '\n');
        bool indented = i == 0 ? first : blank || line.len > 0;
        if (!lme_text_fits(use->rendering, use->at, out.len + indentation.len + line.len, err))
            return false;
        if (indented)
            lme_builder_add(&out, indentation);
        lme_builder_add(&out, line);
    }
    *result = lme_string(lme_builder_finish(&out));
    return true;
}

const lme_callable lme_template_filter_indent = {
    .name = "indent",
    .summary = "every line but the first, or all, moved to the right",
    .parameters = {"width", "first", "blank"},
    .call = indent,
};

static bool center(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_str text;
    int64_t width;
    if (!lme_subject_text(use, &text, err) || !lme_take_integer(use, 0, 80, &width, err) ||
        !lme_text_center(use, text, width, ' ', &text, err))
        return false;
    *result = lme_string(text);
    return true;
}

const lme_callable lme_template_filter_center = {
    .name = "center",
    .summary = "in the middle of so many columns",
    .parameters = {"width"},
    .call = center,
};

static lme_str before_last_blank(lme_str text)
{
    for (size_t i = text.len; i > 0; i--) {
        if (text.ptr[i - 1] == ' ')
            return lme_str_slice(text, 0, i - 1);
    }
    return text;
}

/* Jinja2 hands back whatever is short enough, a list too. */
static bool keep_short(const lme_invocation *use, int64_t most, lme_value *result, lme_error *err)
{
    const lme_value *subject = &use->subject;
    bool is_list = subject->kind == LME_LIST || subject->kind == LME_TUPLE;
    size_t n = is_list ? subject->list.len : subject->kind == LME_MAP ? subject->map.len : SIZE_MAX;
    *result = *subject;
    return n <= (size_t)most ||
           lme_use_fail(use, err, "got %s, expected a text", lme_type_name(subject));
}

static bool truncate_text(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_str text = use->subject.string, end;
    int64_t length, leeway;
    bool kill_words;
    if (!lme_take_integer(use, 0, 255, &length, err) ||
        !lme_take_truth(use, 1, false, &kill_words, err) ||
        !lme_take_text(use, 2, LME_STR("..."), &end, err) ||
        !lme_take_integer_or_none(use, 3, 5, &leeway, err))
        return false;
    int64_t end_length = (int64_t)lme_codepoints(end);
    if (length < end_length || leeway < 0)
        return lme_use_fail(use, err,
                            "length %lld is shorter than the end '%.*s', or leeway is "
                            "negative",
                            (long long)length, LME_STR_ARG(end));
    if (use->subject.kind != LME_STRING)
        return keep_short(use, length + leeway, result, err);
    int64_t characters = (int64_t)lme_codepoints(text);
    if (characters <= length || characters - length <= leeway) {
        *result = lme_string(text);
        return true;
    }
    lme_str kept =
        lme_str_slice(text, 0, lme_codepoint_offset(text, (size_t)(length - end_length)));
    if (!kill_words)
        kept = before_last_blank(kept);
    *result = lme_string(lme_str_concat(use->arena, kept, end));
    return true;
}

const lme_callable lme_template_filter_truncate = {
    .name = "truncate",
    .summary = "cut to a length, at a blank unless killwords",
    .parameters = {"length", "killwords", "end", "leeway"},
    .call = truncate_text,
};

static bool wordcount(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_str text;
    if (!lme_subject_text(use, &text, err))
        return false;
    int64_t n = 0;
    bool inside = false;
    for (size_t at = 0; at < text.len;) {
        uint32_t c = lme_codepoint_next(text, &at);
        bool word = c == '_' || lme_is_alpha(c) || lme_is_digit(c) || lme_is_numeral(c);
        n += word && !inside ? 1 : 0;
        inside = word;
    }
    *result = lme_int(n);
    return true;
}

const lme_callable lme_template_filter_wordcount = {
    .name = "wordcount",
    .summary = "how many words",
    .call = wordcount,
};

static bool format(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_str pattern, text;
    if (use->n_rest > 0 && use->n_keywords > 0)
        return lme_use_fail(use, err, "expected values or named values, not both");
    lme_value named = {.kind = LME_MAP, .map = {use->keywords, use->n_keywords}};
    lme_format_use values = {
        .rendering = use->rendering,
        .at = use->at,
        .positional = {use->rest, use->n_rest},
        .named = use->n_keywords > 0 ? &named : NULL,
        .lenient = use->n_keywords > 0,
    };
    if (!lme_subject_text(use, &pattern, err) || !lme_format_percent(&values, pattern, &text, err))
        return false;
    *result = lme_string(text);
    return true;
}

const lme_callable lme_template_filter_format = {
    .name = "format",
    .summary = "values put into a text's %s places",
    .takes = LME_TAKES_REST | LME_TAKES_KEYWORDS,
    .call = format,
};

static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\'':
        return "&#39;";
    case '"':
        return "&#34;";
    default:
        return NULL;
    }
}

static bool escape(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_str text;
    if (!lme_subject_text(use, &text, err))
        return false;
    lme_builder out = {.arena = use->arena};
    for (size_t i = 0; i < text.len; i++) {
        const char *name = entity(text.ptr[i]);
        if (name != NULL)
            lme_builder_add(&out, lme_str_from(name));
        else
            lme_builder_char(&out, text.ptr[i]);
    }
    *result = lme_string(lme_builder_finish(&out));
    return true;
}

const lme_callable lme_template_filter_escape = {
    .name = "escape",
    .summary = "with HTML's special characters as entities",
    .call = escape,
};

const lme_callable lme_template_filter_e = {
    .name = "e",
    .summary = "the same as escape",
    .call = escape,
};
