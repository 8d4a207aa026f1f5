/* Python's ast.literal_eval: what doc_to_choice and doc_to_target fields hold as text. A grammar of
 * its own, smaller than a template's: no names but three, no operators but a sign, and Python's
 * quotes and prefixes.
 */
#include "constant.h"
#include "convert.h"

#include <string.h>

#include <lmeval/hash.h>
#include <lmeval/limits.h>
#include <lmeval/template.h>
#include <lmeval/unicode.h>

typedef struct reader {
    lme_arena *arena;
    lme_str text;
    size_t at;
    unsigned depth; /* of brackets: inside them line ends are blanks */
    lme_error *err;
} reader;

static bool fail(const reader *r, const char *what)
{
    size_t end = lme_codepoint_offset(lme_str_slice(r->text, r->at, r->text.len), 24);
    lme_str rest = lme_str_slice(r->text, r->at, r->at + end);
    size_t column = lme_codepoints(lme_str_slice(r->text, 0, r->at)) + 1;
    if (rest.len == 0)
        return lme_fail(r->err, LME_ERR_TEMPLATE, NULL, "not a Python literal: %s at the end",
                        what);
    return lme_fail(r->err, LME_ERR_TEMPLATE, NULL,
                    "not a Python literal: %s at character %zu, \"%.*s\"", what, column,
                    LME_STR_ARG(rest));
}

static char peek(const reader *r)
{
    return r->at < r->text.len ? r->text.ptr[r->at] : '\0';
}

static bool sees(const reader *r, const char *text)
{
    return lme_str_starts(lme_str_slice(r->text, r->at, r->text.len), lme_str_from(text));
}

/* Blanks; inside brackets also line ends and comments. */
static void skip_blanks(reader *r)
{
    for (;; r->at++) {
        char c = peek(r);
        bool joined = c == '\\' && r->at + 1 < r->text.len && r->text.ptr[r->at + 1] == '\n';
        if (c == '#') {
            size_t end = lme_str_find(r->text, LME_STR("\n"), r->at);
            r->at = end == SIZE_MAX ? r->text.len : end;
            c = peek(r);
        }
        if (joined)
            r->at++;
        else if (c != ' ' && c != '\t' && c != '\f' && (r->depth == 0 || (c != '\n' && c != '\r')))
            return;
    }
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool read_name(reader *r, lme_value *value)
{
    size_t end = r->at;
    while (end < r->text.len && is_name_byte(r->text.ptr[end]))
        end++;
    lme_str name = lme_str_slice(r->text, r->at, end);
    if (lme_str_is(name, "True"))
        *value = lme_bool(true);
    else if (lme_str_is(name, "False"))
        *value = lme_bool(false);
    else if (lme_str_is(name, "None"))
        *value = lme_null();
    else
        return fail(r, "expected a number, text, list, tuple, dict, True, False or None");
    r->at = end;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Underscores may stand between digits only; a leading zero only where all are zeros. */
static bool is_proper(lme_str number, bool is_float)
{
    bool other = false;
    for (size_t i = 0; i < number.len; i++) {
        char c = number.ptr[i];
        bool last = i + 1 == number.len;
        if (c == '_' && (i == 0 || last || !is_name_byte(number.ptr[i - 1]) ||
                         !is_name_byte(number.ptr[i + 1]) || number.ptr[i + 1] == '_'))
            return false;
        other = other || (c != '0' && c != '_');
    }
    bool prefixed = number.len > 1 && !is_digit(number.ptr[1]) && number.ptr[1] != '_';
    return is_float || prefixed || number.ptr[0] != '0' || !other;
}

static bool read_number(reader *r, lme_value *value)
{
    size_t end = r->at;
    bool hexadecimal = sees(r, "0x") || sees(r, "0X"), is_float = false;
    for (; end < r->text.len; end++) {
        char c = r->text.ptr[end], last = end > r->at ? r->text.ptr[end - 1] : '\0';
        bool exponent = !hexadecimal && (c == 'e' || c == 'E');
        bool sign = !hexadecimal && (c == '+' || c == '-') && (last == 'e' || last == 'E');
        if (!is_name_byte(c) && c != '.' && !sign)
            break;
        is_float = is_float || c == '.' || exponent;
    }
    lme_str number = lme_str_slice(r->text, r->at, end);
    int64_t integer;
    double fraction;
    if (!is_proper(number, is_float))
        return fail(r, "a number is not well formed");
    if (is_float && lme_python_float(number, &fraction))
        *value = lme_float(fraction);
    else if (!is_float && lme_constant_integer(number, &integer))
        *value = lme_int(integer);
    else
        return fail(r, "a number is not well formed or does not fit into 64 bits");
    r->at = end;
    return true;
}

/* A sign before a number; literal_eval allows one. */
static bool read_signed(reader *r, lme_value *value)
{
    bool negative = peek(r) == '-';
    r->at++;
    skip_blanks(r);
    if (!is_digit(peek(r)) && peek(r) != '.')
        return fail(r, "expected a number behind the sign");
    if (negative && sees(r, "9223372036854775808")) { /* its positive twin does not fit */
        r->at += strlen("9223372036854775808");
        *value = lme_int(INT64_MIN);
        return !is_name_byte(peek(r)) || fail(r, "a number does not fit into 64 bits");
    }
    if (!read_number(r, value))
        return false;
    if (negative && value->kind == LME_INT)
        value->integer = -value->integer;
    else if (negative)
        value->number = -value->number;
    return true;
}

/* Where the text ends that the quote opens; SIZE_MAX when it does not. */
static size_t find_quote(const reader *r, const char *quote, size_t from)
{
    bool one_line = quote[1] == '\0';
    for (size_t i = from; i < r->text.len; i++) {
        char c = r->text.ptr[i];
        if (c == '\\')
            i++;
        else if (lme_str_starts(lme_str_slice(r->text, i, r->text.len), lme_str_from(quote)))
            return i;
        else if (c == '\n' && one_line)
            return SIZE_MAX;
    }
    return SIZE_MAX;
}

/* One quoted part; neighbours are joined by the caller. */
static bool read_part(reader *r, lme_builder *out)
{
    bool raw = peek(r) == 'r' || peek(r) == 'R';
    if (raw || peek(r) == 'u' || peek(r) == 'U')
        r->at++;
    const char *quote = sees(r, "\"\"\"") ? "\"\"\""
                        : sees(r, "'''")  ? "'''"
                        : peek(r) == '"'  ? "\""
                                          : "'";
    size_t from = r->at + strlen(quote);
    size_t end = find_quote(r, quote, from);
    if (end == SIZE_MAX)
        return fail(r, "a quoted text never ends");
    lme_str inside = lme_str_slice(r->text, from, end), part = inside;
    const char *why = raw ? NULL : lme_constant_text(r->arena, inside, LME_ESCAPES_PYTHON, &part);
    if (why != NULL)
        return fail(r, why);
    lme_builder_add(out, part);
    r->at = end + strlen(quote);
    return true;
}

static bool starts_text(const reader *r)
{
    char c = peek(r);
    if (c == '"' || c == '\'')
        return true;
    char next = r->at + 1 < r->text.len ? r->text.ptr[r->at + 1] : '\0';
    bool prefix = c == 'r' || c == 'R' || c == 'u' || c == 'U';
    return prefix && (next == '"' || next == '\'');
}

static bool read_text(reader *r, lme_value *value)
{
    lme_builder joined = {.arena = r->arena};
    do {
        if (!read_part(r, &joined))
            return false;
        skip_blanks(r);
    } while (starts_text(r));
    *value = lme_string(lme_builder_finish(&joined));
    return true;
}

static bool read_value(reader *r, lme_value *value);

/* `, ` or the closing bracket; *over says which. */
static bool read_separator(reader *r, char closing, bool *over)
{
    skip_blanks(r);
    bool comma = peek(r) == ',';
    if (comma) {
        r->at++;
        skip_blanks(r);
    }
    *over = peek(r) == closing;
    return comma || *over || fail(r, "expected a comma or the closing bracket");
}

/* Items up to the bracket, which is not skipped.
 *   commas  how many stood there */
static bool read_items(reader *r, char closing, lme_list_builder *items, bool *comma)
{
    *comma = false;
    skip_blanks(r);
    bool over = peek(r) == closing;
    while (!over) {
        lme_value item;
        if (!read_value(r, &item))
            return false;
        lme_list_add(items, item);
        size_t before = r->at;
        if (!read_separator(r, closing, &over))
            return false;
        *comma = *comma || memchr(r->text.ptr + before, ',', r->at - before) != NULL;
    }
    return true;
}

/* A text that equal keys share: 1, 1.0 and True are one key. */
static lme_str key_name(reader *r, const lme_value *key)
{
    int64_t whole;
    lme_value same = *key;
    bool integral = key->kind == LME_FLOAT && lme_truncate(key->number, &whole) &&
                    !((double)whole < key->number || (double)whole > key->number);
    if (integral)
        same = lme_int(whole);
    else if (key->kind == LME_BOOL)
        same = lme_int(key->boolean);
    return lme_value_repr(r->arena, &same);
}

/* Of equal keys the last one counts, at the place of the first. */
static void put(reader *r, lme_table *places, lme_map_builder *map, const lme_pair *pair)
{
    size_t place;
    lme_str name = key_name(r, &pair->key);
    if (lme_table_get(places, name, &place)) {
        map->pairs[place].value = pair->value;
        return;
    }
    lme_table_set(places, name, map->len);
    lme_map_add_pair(map, pair->key, pair->value);
}

static bool read_dict(reader *r, lme_value *value)
{
    lme_map_builder map = {.arena = r->arena};
    lme_table *places = lme_table_new(r->arena);
    skip_blanks(r);
    bool over = peek(r) == '}';
    while (!over) {
        lme_pair pair;
        if (!read_value(r, &pair.key))
            return false;
        if (pair.key.kind == LME_LIST || pair.key.kind == LME_MAP)
            return fail(r, "a list or dict cannot be a key");
        skip_blanks(r);
        if (peek(r) != ':')
            return fail(r, "expected : behind a key (sets are not supported)");
        r->at++;
        if (!read_value(r, &pair.value) || !read_separator(r, '}', &over))
            return false;
        put(r, places, &map, &pair);
    }
    *value = lme_map_finish(&map);
    return true;
}

static bool read_brackets(reader *r, lme_value *value)
{
    char opening = peek(r);
    char closing = opening == '(' ? ')' : opening == '[' ? ']' : '}';
    if (r->depth == LME_LIMIT_DEPTH)
        return lme_fail(r->err, LME_ERR_LIMIT, NULL,
                        "a Python literal is nested deeper than %d levels", LME_LIMIT_DEPTH);
    r->depth++;
    r->at++;
    bool comma = false;
    lme_list_builder items = {.arena = r->arena};
    bool fine = opening == '{' ? read_dict(r, value) : read_items(r, closing, &items, &comma);
    r->depth--;
    if (!fine)
        return false;
    r->at++;
    if (opening == '{')
        return true;
    *value = lme_list_finish(&items);
    if (opening == '(' && items.len == 1 && !comma)
        *value = items.items[0];
    else if (opening == '(')
        value->kind = LME_TUPLE;
    return true;
}

static bool read_value(reader *r, lme_value *value)
{
    skip_blanks(r);
    char c = peek(r);
    if (c == '(' || c == '[' || c == '{')
        return read_brackets(r, value);
    if (starts_text(r))
        return read_text(r, value);
    if (c == '-' || c == '+')
        return read_signed(r, value);
    if (is_digit(c) || c == '.')
        return read_number(r, value);
    return read_name(r, value);
}

/* Blanks, line ends and comments. */
static void skip_end(reader *r)
{
    do {
        skip_blanks(r);
    } while ((peek(r) == '\n' || peek(r) == '\r') && r->at++ < r->text.len);
}

/* `1, 2` without brackets is a tuple. */
static bool read_whole(reader *r, lme_value *value)
{
    if (!read_value(r, value))
        return false;
    skip_blanks(r);
    if (peek(r) != ',')
        return true;
    lme_list_builder items = {.arena = r->arena};
    lme_list_add(&items, *value);
    while (peek(r) == ',') {
        r->at++;
        skip_blanks(r);
        if (r->at == r->text.len || peek(r) == '\n')
            break;
        if (!read_value(r, value))
            return false;
        lme_list_add(&items, *value);
        skip_blanks(r);
    }
    *value = lme_list_finish(&items);
    value->kind = LME_TUPLE;
    return true;
}

bool lme_literal_eval(lme_arena *arena, lme_str text, lme_value *value, lme_error *err)
{
    reader r = {.arena = arena, .text = text, .err = err};
    if (!lme_utf8_valid(text))
        return lme_fail(err, LME_ERR_TEMPLATE, NULL, "not a Python literal: not valid UTF-8");
    if (memchr(text.len > 0 ? text.ptr : "", '\0', text.len) != NULL)
        return lme_fail(err, LME_ERR_TEMPLATE, NULL, "not a Python literal: it has a NUL inside");
    skip_end(&r); /* empty lines may stand in front, too */
    if (!read_whole(&r, value))
        return false;
    skip_end(&r);
    return r.at == text.len || fail(&r, "expected nothing more");
}
