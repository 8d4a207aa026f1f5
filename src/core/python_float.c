/* Python's float(text). */
#include <math.h>

#include <lmeval/unicode.h>
#include <lmeval/value.h>

/* Case does not count; `word` is in lower case. */
static bool is_word(lme_str text, const char *word)
{
    size_t n = 0;
    while (n < text.len && word[n] != '\0' && (text.ptr[n] | 0x20) == word[n])
        n++;
    return word[n] == '\0' && n == text.len;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t skip_decimals(lme_str text, size_t at)
{
    while (at < text.len && is_digit(text.ptr[at]))
        at++;
    return at;
}

/* 12.5e-3, .5, 5. */
static bool is_decimal(lme_str text)
{
    size_t at = skip_decimals(text, 0);
    size_t digits = at;
    if (at < text.len && text.ptr[at] == '.') {
        size_t end = skip_decimals(text, at + 1);
        digits += end - (at + 1);
        at = end;
    }
    if (digits == 0)
        return false;
    if (at < text.len && (text.ptr[at] | 0x20) == 'e') {
        at++;
        if (at < text.len && (text.ptr[at] == '+' || text.ptr[at] == '-'))
            at++;
        size_t end = skip_decimals(text, at);
        if (end == at)
            return false;
        at = end;
    }
    return at == text.len;
}

/* Drops underscores that stand between digits; false when one stands elsewhere. */
static bool drop_underscores(lme_str *text, char *plain, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < text->len; i++) {
        char c = text->ptr[i];
        if (c == '_') {
            bool between = i > 0 && i + 1 < text->len && is_digit(text->ptr[i - 1]) &&
                           is_digit(text->ptr[i + 1]);
            if (!between)
                return false;
            continue;
        }
        if (n == size)
            return false;
        plain[n++] = c;
    }
    *text = (lme_str){plain, n};
    return true;
}

/* Writes decimal digits of every script as ASCII. False when the text is too long or has another
 * character beyond ASCII, which no number has. */
static bool to_ascii(lme_str *text, char *plain, size_t size)
{
    size_t n = 0;
    for (size_t at = 0; at < text->len;) {
        uint32_t c = lme_codepoint_next(*text, &at);
        int digit = lme_decimal_value(c);
        if (n == size || (digit < 0 && c >= 0x80))
            return false;
        plain[n++] = digit < 0 ? (char)c : (char)('0' + digit);
    }
    *text = (lme_str){plain, n};
    return true;
}

/* U+001C to U+001F are blanks to strip(), but not to float(). */
static bool has_separator(lme_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] >= 0x1C && text.ptr[i] <= 0x1F)
            return true;
    }
    return false;
}

bool lme_python_float(lme_str text, double *value)
{
    enum {
        LONGEST = 1024 /* digits that a number may have */
    };
    char ascii[LONGEST], plain[LONGEST];
    if (has_separator(text))
        return false;
    text = lme_strip(text);
    if (!to_ascii(&text, ascii, sizeof ascii))
        return false;
    bool negative = lme_str_starts(text, LME_STR("-"));
    if (negative || lme_str_starts(text, LME_STR("+")))
        text = lme_str_slice(text, 1, text.len);
    if (is_word(text, "inf") || is_word(text, "infinity")) {
        *value = negative ? -HUGE_VAL : HUGE_VAL;
        return true;
    }
    if (is_word(text, "nan")) {
        *value = (double)NAN;
        return true;
    }
    if (!drop_underscores(&text, plain, sizeof plain) || !is_decimal(text))
        return false;
    if (!lme_str_to_double(text, value))
        *value = HUGE_VAL; /* the only decimals that it does not read are too large */
    if (negative)
        *value = -*value;
    return true;
}
