/* Methods of texts: what all their characters are. */
#include "text.h"

#include <lmeval/unicode.h>

/* False for ''. */
static bool all(const lme_invocation *use, bool (*is)(uint32_t codepoint), lme_value *result)
{
    lme_str text = use->subject.string;
    bool holds = text.len > 0;
    for (size_t at = 0; at < text.len && holds;)
        holds = is(lme_codepoint_next(text, &at));
    *result = lme_bool(holds);
    return true;
}

static bool is_word(uint32_t c)
{
    return lme_is_alpha(c) || lme_is_digit(c) || lme_is_numeral(c);
}

static bool is_decimal_digit(uint32_t c)
{
    return lme_decimal_value(c) >= 0;
}

static bool is_digit(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return all(use, lme_is_digit, result);
}

static bool is_decimal(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return all(use, is_decimal_digit, result);
}

static bool is_alpha(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return all(use, lme_is_alpha, result);
}

static bool is_alnum(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return all(use, is_word, result);
}

static bool is_space(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return all(use, lme_is_space, result);
}

/* All letters that have a case have this one, and there is one. */
static bool cased(const lme_invocation *use, bool upper, lme_value *result)
{
    lme_str text = use->subject.string;
    bool any = false, other = false;
    for (size_t at = 0; at < text.len && !other;) {
        uint32_t c = lme_codepoint_next(text, &at);
        any = any || (upper ? lme_is_upper(c) : lme_is_lower(c));
        other = upper ? lme_is_lower(c) : lme_is_upper(c);
    }
    *result = lme_bool(any && !other);
    return true;
}

/* One of the few letters like U+01C5 that are neither upper nor lower case. */
static bool is_title_letter(lme_arena *arena, lme_str letter)
{
    return !lme_str_equal(lme_lower(arena, letter), letter) &&
           lme_str_equal(lme_title(arena, letter), letter);
}

static bool is_upper(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return cased(use, true, result);
}

static bool is_lower(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return cased(use, false, result);
}

/* Upper case, or title case, where a word begins and only there; one letter at least. */
static bool is_title(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    lme_str text = use->subject.string;
    bool any = false, inside = false, holds = true;
    for (size_t at = 0; at < text.len && holds;) {
        size_t from = at;
        uint32_t c = lme_codepoint_next(text, &at);
        lme_str letter = lme_str_slice(text, from, at);
        bool lower = lme_is_lower(c);
        bool begins = !lower && (lme_is_upper(c) || is_title_letter(use->arena, letter));
        holds = !(begins && inside) && !(lower && !inside);
        inside = begins || lower;
        any = any || inside;
    }
    *result = lme_bool(any && holds);
    return true;
}

static bool is_ascii(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    bool holds = true;
    for (size_t i = 0; i < use->subject.string.len && holds; i++)
        holds = (unsigned char)use->subject.string.ptr[i] < 0x80;
    *result = lme_bool(holds);
    return true;
}

#define QUESTION(method, function, what)                                                           \
    const lme_callable lme_template_method_str_##method = {                                        \
        .name = #method,                                                                           \
        .summary = what,                                                                           \
        .kinds = 1u << LME_STRING,                                                                 \
        .call = function,                                                                          \
    };

QUESTION(isdigit, is_digit, "digits only, superscripts among them")
QUESTION(isdecimal, is_decimal, "decimal digits only, of any script")
QUESTION(isalpha, is_alpha, "letters only")
QUESTION(isalnum, is_alnum, "letters and digits only")
QUESTION(isspace, is_space, "whitespace only")
QUESTION(isupper, is_upper, "all its letters are in upper case")
QUESTION(islower, is_lower, "all its letters are in lower case")
QUESTION(istitle, is_title, "every run of letters begins with a capital, and nothing else has one")
QUESTION(isascii, is_ascii, "ASCII only")
