/* Methods of texts: case, and padding to a width. */
#include "text.h"

#include <lmeval/unicode.h>

static bool lower(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    *result = lme_string(lme_lower(use->arena, use->subject.string));
    return true;
}

const lme_callable lme_template_method_str_lower = {
    .name = "lower",
    .summary = "in lower case",
    .kinds = 1u << LME_STRING,
    .call = lower,
};

static bool upper(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    *result = lme_string(lme_upper(use->arena, use->subject.string));
    return true;
}

const lme_callable lme_template_method_str_upper = {
    .name = "upper",
    .summary = "in upper case",
    .kinds = 1u << LME_STRING,
    .call = upper,
};

static bool title(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    *result = lme_string(lme_title(use->arena, use->subject.string));
    return true;
}

const lme_callable lme_template_method_str_title = {
    .name = "title",
    .summary = "every run of letters with a capital",
    .kinds = 1u << LME_STRING,
    .call = title,
};

static bool capitalize(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    *result = lme_string(lme_capitalize(use->arena, use->subject.string));
    return true;
}

const lme_callable lme_template_method_str_capitalize = {
    .name = "capitalize",
    .summary = "first letter in upper case, the rest in lower case",
    .kinds = 1u << LME_STRING,
    .call = capitalize,
};

static bool swapcase(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    lme_str text = use->subject.string;
    lme_builder out = {.arena = use->arena};
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        uint32_t c = lme_codepoint_next(text, &at);
        lme_str letter = lme_str_slice(text, from, at);
        if (lme_is_upper(c))
            letter = lme_lower(use->arena, letter);
        else if (lme_is_lower(c))
            letter = lme_upper(use->arena, letter);
        lme_builder_add(&out, letter);
    }
    *result = lme_string(lme_builder_finish(&out));
    return true;
}

const lme_callable lme_template_method_str_swapcase = {
    .name = "swapcase",
    .summary = "upper case for lower case and the other way round",
    .kinds = 1u << LME_STRING,
    .call = swapcase,
};

/* Code points that are missing to the width in argument 0. */
static bool read_room(const lme_invocation *use, size_t *room, lme_error *err)
{
    int64_t width;
    size_t length = lme_codepoints(use->subject.string);
    if (!lme_take_integer(use, 0, 0, &width, err))
        return false;
    *room = width > 0 && (size_t)width > length ? (size_t)width - length : 0;
    return true;
}

/* Argument 1: the one character to fill with. */
static bool read_fill(const lme_invocation *use, uint32_t *fill, lme_error *err)
{
    lme_str text;
    size_t at = 0;
    if (!lme_take_text(use, 1, LME_STR(" "), &text, err))
        return false;
    if (text.len > 0)
        *fill = lme_codepoint_next(text, &at);
    return (at > 0 && at == text.len) ||
           lme_use_fail(use, err, "argument 'fillchar' is not exactly one character");
}

static bool zfill(const lme_invocation *use, lme_value *result, lme_error *err)
{
    size_t room;
    lme_str text = use->subject.string, zeros;
    if (!read_room(use, &room, err) || !lme_text_pad(use, LME_STR(""), room, 0, '0', &zeros, err))
        return false;
    bool sign = lme_str_starts(text, LME_STR("-")) || lme_str_starts(text, LME_STR("+"));
    size_t at = sign ? 1 : 0;
    lme_str front = lme_str_concat(use->arena, lme_str_slice(text, 0, at), zeros);
    *result = lme_string(lme_str_concat(use->arena, front, lme_str_slice(text, at, text.len)));
    return true;
}

const lme_callable lme_template_method_str_zfill = {
    .name = "zfill",
    .summary = "zeros in front, behind a sign, up to a width",
    .parameters = {"width"},
    .n_required = 1,
    .kinds = 1u << LME_STRING,
    .call = zfill,
};

static bool justify(const lme_invocation *use, bool left, lme_value *result, lme_error *err)
{
    size_t room;
    uint32_t fill = ' ';
    lme_str text;
    if (!read_room(use, &room, err) || !read_fill(use, &fill, err) ||
        !lme_text_pad(use, use->subject.string, left ? 0 : room, left ? room : 0, fill, &text, err))
        return false;
    *result = lme_string(text);
    return true;
}

static bool ljust(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return justify(use, true, result, err);
}

static bool rjust(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return justify(use, false, result, err);
}

const lme_callable lme_template_method_str_ljust = {
    .name = "ljust",
    .summary = "filled behind up to a width",
    .parameters = {"width", "fillchar"},
    .n_required = 1,
    .kinds = 1u << LME_STRING,
    .call = ljust,
};

const lme_callable lme_template_method_str_rjust = {
    .name = "rjust",
    .summary = "filled in front up to a width",
    .parameters = {"width", "fillchar"},
    .n_required = 1,
    .kinds = 1u << LME_STRING,
    .call = rjust,
};

static bool center(const lme_invocation *use, lme_value *result, lme_error *err)
{
    int64_t width;
    uint32_t fill = ' ';
    lme_str text;
    if (!lme_take_integer(use, 0, 0, &width, err) || !read_fill(use, &fill, err) ||
        !lme_text_center(use, use->subject.string, width, fill, &text, err))
        return false;
    *result = lme_string(text);
    return true;
}

const lme_callable lme_template_method_str_center = {
    .name = "center",
    .summary = "filled on both sides up to a width",
    .parameters = {"width", "fillchar"},
    .n_required = 1,
    .kinds = 1u << LME_STRING,
    .call = center,
};
