/* The slow path of JSON reading: a plain recursive descent that knows at every byte what was
 * expected there. json_read.cpp comes here only with texts that simdjson refuses: to say exactly
 * where and why, or to take an integer of more than 64 bits as the nearest double.
 */
#include "json_slow.h"

#include <string.h>

#include <lmeval/limits.h>
#include <lmeval/unicode.h>

typedef struct scan {
    lme_arena *arena;
    lme_str text;
    size_t at;
    const lme_place *begin; /* of the text's first byte; may be NULL */
    bool stays;             /* the text lives as long as the value: strings may point into it */
    lme_error *err;
} scan;

/* Line and column of a byte, counted on from where the text begins. */
static lme_place place_of(const scan *s, size_t byte)
{
    lme_place place = {.line = 1, .column = 1};
    if (s->begin != NULL) {
        place.file = s->begin->file;
        place.line = s->begin->line > 0 ? s->begin->line : 1;
        place.column = s->begin->column > 0 ? s->begin->column : 1;
    }
    for (size_t i = 0; i < byte; i++) {
        unsigned char c = (unsigned char)s->text.ptr[i];
        if (c == '\n') {
            place.line++;
            place.column = 1;
        } else if ((c & 0xC0) != 0x80) {
            place.column++;
        }
    }
    return place;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* What stands at a byte, for people. */
static lme_str found_at(const scan *s, size_t byte)
{
    if (byte >= s->text.len)
        return LME_STR("the end of the text");
    unsigned char c = (unsigned char)s->text.ptr[byte];
    if (c < 0x20 || c == 0x7F)
        return lme_str_format(s->arena, "control character U+%04X", c);
    size_t end = byte;
    uint32_t codepoint = lme_codepoint_next(s->text, &end);
    if (codepoint == 0xFEFF)
        return LME_STR("a byte order mark (U+FEFF)");
    /* A whole word, for None or nan. */
    while (is_letter(s->text.ptr[byte]) && end < s->text.len && end < byte + 20 &&
           is_letter(s->text.ptr[end]))
        end++;
    return lme_str_format(s->arena, c == '"' ? "%.*s" : "\"%.*s\"", (int)(end - byte),
                          s->text.ptr + byte);
}

static bool fail(const scan *s, size_t byte, const char *expected)
{
    lme_place place = place_of(s, byte);
    lme_str found = found_at(s, byte);
    return lme_fail(s->err, LME_ERR_DATA, &place, "bad JSON: expected %s, got %.*s", expected,
                    LME_STR_ARG(found));
}

static bool fail_plainly(const scan *s, size_t byte, const char *what)
{
    lme_place place = place_of(s, byte);
    return lme_fail(s->err, LME_ERR_DATA, &place, "bad JSON: %s", what);
}

/* The next byte; 0 at the end, where a NUL in the text is told apart by s->at. */
static char peek(const scan *s)
{
    if (s->at >= s->text.len)
        return '\0';
    return s->text.ptr[s->at];
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static void skip_blanks(scan *s)
{
    while (is_blank(peek(s)))
        s->at++;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool skip_digits(scan *s)
{
    size_t at = s->at;
    while (at < s->text.len && is_digit(s->text.ptr[at]))
        at++;
    if (at == s->at)
        return fail(s, at, "a digit");
    s->at = at;
    return true;
}

static bool read_number(scan *s, lme_value *value)
{
    size_t from = s->at;
    bool integer = true;
    s->at += peek(s) == '-';
    if (peek(s) == '0') {
        s->at++;
        if (is_digit(peek(s)))
            return fail_plainly(s, from, "a number begins with a needless 0");
    } else if (!skip_digits(s)) {
        return false;
    }
    if (peek(s) == '.') {
        integer = false;
        s->at++;
        if (!skip_digits(s))
            return false;
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        integer = false;
        s->at++;
        s->at += peek(s) == '-' || peek(s) == '+';
        if (!skip_digits(s))
            return false;
    }
    lme_str number = lme_str_slice(s->text, from, s->at);
    int64_t whole;
    double real;
    if (integer && lme_str_to_int(number, &whole))
        *value = lme_int(whole);
    else if (lme_str_to_double(number, &real))
        *value = lme_float(real);
    else
        return fail_plainly(s, from, "a number is larger than a double can be");
    return true;
}

/* Four hexadecimal digits at byte `at`. */
static bool read_hex(const scan *s, size_t at, uint32_t *value)
{
    *value = 0;
    for (size_t i = at; i < at + 4; i++) {
        const char *digits = "0123456789abcdef0123456789ABCDEF";
        const char *digit =
            i < s->text.len && s->text.ptr[i] != '\0' ? strchr(digits, s->text.ptr[i]) : NULL;
        if (digit == NULL)
            return fail(s, i, "four hexadecimal digits behind \\u");
        *value = *value * 16 + (uint32_t)((digit - digits) % 16);
    }
    return true;
}

/* \uXXXX, and the second half of a pair; s->at stands on the backslash. */
static bool read_unicode_escape(scan *s, lme_builder *out)
{
    size_t from = s->at;
    uint32_t c, low;
    if (!read_hex(s, from + 2, &c))
        return false;
    s->at += 6;
    if (c >= 0xD800 && c <= 0xDFFF) {
        bool pair =
            c < 0xDC00 && lme_str_starts(lme_str_slice(s->text, s->at, SIZE_MAX), LME_STR("\\u"));
        if (pair && !read_hex(s, s->at + 2, &low))
            return false;
        if (!pair || low < 0xDC00 || low > 0xDFFF)
            return fail_plainly(s, from, "an escape is only half of a surrogate pair");
        s->at += 6;
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    lme_builder_codepoint(out, c);
    return true;
}

static bool read_escape(scan *s, lme_builder *out)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    lme_str rest = lme_str_slice(s->text, s->at + 1, SIZE_MAX);
    if (lme_str_starts(rest, LME_STR("u")))
        return read_unicode_escape(s, out);
    const char *letter = rest.len == 0 || rest.ptr[0] == '\0' ? NULL : strchr(letters, rest.ptr[0]);
    if (letter == NULL)
        return fail(s, s->at + 1, "one of \" \\ / b f n r t u behind a backslash");
    lme_builder_char(out, meanings[letter - letters]);
    s->at += 2;
    return true;
}

/* The bytes up to the next quote, backslash or control character. */
static lme_str skip_plain(scan *s)
{
    size_t from = s->at, at = from;
    while (at < s->text.len && (unsigned char)s->text.ptr[at] >= 0x20 && s->text.ptr[at] != '"' &&
           s->text.ptr[at] != '\\')
        at++;
    s->at = at;
    return lme_str_slice(s->text, from, at);
}

static bool read_string(scan *s, lme_str *string)
{
    lme_builder out = {.arena = s->arena};
    size_t from = s->at++;
    *string = skip_plain(s);
    if (peek(s) == '"' && s->stays) {
        s->at++;
        return true;
    }
    lme_builder_add(&out, *string);
    while (true) {
        lme_builder_add(&out, skip_plain(s));
        if (s->at == s->text.len)
            return fail_plainly(s, from, "a text lacks its closing quote");
        if (peek(s) == '"')
            break;
        if (peek(s) != '\\')
            return fail(s, s->at, "an escape like \\n for it");
        if (!read_escape(s, &out))
            return false;
    }
    s->at++;
    *string = lme_builder_finish(&out);
    return true;
}

static bool read_value(scan *s, size_t depth, lme_value *value);

/* Behind an item: moves past a comma (more is true) or past the closing bracket. */
static bool read_comma(scan *s, char close, const char *expected, bool *more)
{
    skip_blanks(s);
    *more = peek(s) == ',';
    if (s->at == s->text.len || (!*more && peek(s) != close))
        return fail(s, s->at, expected);
    s->at++;
    return true;
}

static bool read_list(scan *s, size_t depth, lme_value *value)
{
    lme_list_builder list = {.arena = s->arena};
    s->at++;
    skip_blanks(s);
    bool more = peek(s) != ']';
    s->at += !more;
    while (more) {
        lme_value item = {.kind = LME_NULL};
        if (!read_value(s, depth, &item) || !read_comma(s, ']', "a comma or ]", &more))
            return false;
        lme_list_add(&list, item);
    }
    *value = lme_list_finish(&list);
    return true;
}

static bool read_pair(scan *s, size_t depth, lme_map_builder *map)
{
    lme_str key = {NULL, 0};
    lme_value item = {.kind = LME_NULL};
    skip_blanks(s);
    if (peek(s) != '"')
        return fail(s, s->at, "a key in double quotes");
    if (!read_string(s, &key))
        return false;
    skip_blanks(s);
    if (peek(s) != ':')
        return fail(s, s->at, "a colon behind the key");
    s->at++;
    if (!read_value(s, depth, &item))
        return false;
    lme_map_add(map, key, item);
    return true;
}

static bool read_map(scan *s, size_t depth, lme_value *value)
{
    lme_map_builder map = {.arena = s->arena};
    s->at++;
    skip_blanks(s);
    bool more = peek(s) != '}';
    s->at += !more;
    while (more) {
        if (!read_pair(s, depth, &map) || !read_comma(s, '}', "a comma or }", &more))
            return false;
    }
    *value = lme_map_finish(&map);
    return true;
}

static bool read_word(scan *s, lme_value *value)
{
    static const struct {
        lme_str word;
        lme_value value;
    } words[] = {
        {{"true", 4}, {.kind = LME_BOOL, .boolean = true}},
        {{"false", 5}, {.kind = LME_BOOL}},
        {{"null", 4}, {.kind = LME_NULL}},
    };
    lme_str rest = lme_str_slice(s->text, s->at, SIZE_MAX);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (lme_str_starts(rest, words[i].word)) {
            *value = words[i].value;
            s->at += words[i].word.len;
            return true;
        }
    }
    lme_str digits = lme_str_slice(rest, peek(s) == '-', SIZE_MAX);
    if (lme_str_starts(digits, LME_STR("NaN")) || lme_str_starts(digits, LME_STR("Infinity")))
        return fail_plainly(s, s->at, "NaN and Infinity are no JSON numbers");
    return fail(s, s->at, "a value");
}

/* depth: how many lists and maps are open around it. */
static bool read_value(scan *s, size_t depth, lme_value *value)
{
    skip_blanks(s);
    char c = peek(s);
    bool opens = c == '[' || c == '{';
    if (opens && depth == LME_LIMIT_DEPTH) {
        lme_place place = place_of(s, s->at);
        return lme_fail(s->err, LME_ERR_LIMIT, &place, "JSON nested deeper than %d levels",
                        LME_LIMIT_DEPTH);
    }
    if (opens)
        return c == '[' ? read_list(s, depth + 1, value) : read_map(s, depth + 1, value);
    if (c == '"') {
        *value = lme_string(LME_STR(""));
        return read_string(s, &value->string);
    }
    if (is_digit(c) || (c == '-' && s->at + 1 < s->text.len && s->text.ptr[s->at + 1] != 'I'))
        return read_number(s, value);
    return read_word(s, value);
}

/* Byte offset of the first byte that is not UTF-8; the length when all is. */
static size_t find_bad_byte(lme_str text)
{
    size_t at = 0;
    while (at < text.len) {
        size_t from = at;
        if ((unsigned char)text.ptr[at] < 0x80) {
            at++;
            continue;
        }
        /* A real U+FFFD takes three bytes. */
        if (lme_codepoint_next(text, &at) == 0xFFFD && at == from + 1)
            return from;
    }
    return at;
}

static bool read_document(scan *s, lme_value *value)
{
    skip_blanks(s);
    if (s->at == s->text.len)
        return fail_plainly(s, s->at, "there is no value, the text is empty");
    if (!read_value(s, 0, value))
        return false;
    skip_blanks(s);
    return s->at == s->text.len || fail(s, s->at, "nothing behind the value");
}

bool lme_json_read_slowly(lme_arena *arena, lme_str text, const lme_place *at, lme_value *value,
                          lme_error *err)
{
    scan s = {.arena = arena, .text = text, .begin = at, .err = err};
    size_t bad = find_bad_byte(text);
    if (bad < text.len) {
        lme_place place = place_of(&s, bad);
        return lme_fail(err, LME_ERR_DATA, &place, "bad JSON: byte 0x%02x is not valid UTF-8",
                        (unsigned)(unsigned char)text.ptr[bad]);
    }
    return read_document(&s, value);
}

/* The commonest item by far: digits, a point, digits. False: the scan has to see what it is. */
static bool open_fraction(lme_str text, double *value)
{
    size_t from = text.len > 0 && text.ptr[0] == '-', at = from;
    while (at < text.len && is_digit(text.ptr[at]))
        at++;
    bool is_begun = at == from + 1 || (at > from && text.ptr[from] != '0');
    return is_begun && at + 1 < text.len && text.ptr[at] == '.' && is_digit(text.ptr[at + 1]) &&
           lme_str_to_double(text, value);
}

/* Its UTF-8 was seen to be good. */
bool lme_json_open(lme_arena *arena, const lme_value *item, lme_value *value, lme_error *err)
{
    scan s = {.arena = arena, .text = item->string, .err = err, .stays = true};
    double number;
    *value = *item;
    if (item->kind == LME_UNREAD && open_fraction(item->string, &number)) {
        *value = lme_float(number);
        return true;
    }
    return item->kind != LME_UNREAD || read_document(&s, value);
}
