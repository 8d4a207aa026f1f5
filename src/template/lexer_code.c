/* The inside of {{ }} and {% %}: names, numbers, texts, operators. An end marker counts only where
 * no bracket is open, so that the }} of nested dicts ends nothing.
 */
#include "lexer.h"

#include <string.h>

#include <lmeval/unicode.h>

typedef struct operator_row {
    const char *text;
    lme_token_kind kind;
} operator_row;

/* Longest first. */
static const operator_row operators[] = {
    {"**", LME_TOKEN_POWER},      {"//", LME_TOKEN_FLOOR},      {"==", LME_TOKEN_EQUAL},
    {"!=", LME_TOKEN_NOT_EQUAL},  {"<=", LME_TOKEN_LESS_EQUAL}, {">=", LME_TOKEN_GREATER_EQUAL},
    {"+", LME_TOKEN_ADD},         {"-", LME_TOKEN_SUBTRACT},    {"*", LME_TOKEN_MULTIPLY},
    {"/", LME_TOKEN_DIVIDE},      {"%", LME_TOKEN_MODULO},      {"~", LME_TOKEN_TILDE},
    {"<", LME_TOKEN_LESS},        {">", LME_TOKEN_GREATER},     {"=", LME_TOKEN_ASSIGN},
    {".", LME_TOKEN_DOT},         {":", LME_TOKEN_COLON},       {",", LME_TOKEN_COMMA},
    {";", LME_TOKEN_SEMICOLON},   {"|", LME_TOKEN_PIPE},        {"(", LME_TOKEN_OPEN_ROUND},
    {")", LME_TOKEN_CLOSE_ROUND}, {"[", LME_TOKEN_OPEN_SQUARE}, {"]", LME_TOKEN_CLOSE_SQUARE},
    {"{", LME_TOKEN_OPEN_CURLY},  {"}", LME_TOKEN_CLOSE_CURLY},
};

const char *lme_token_name(lme_token_kind kind)
{
    switch ((int)kind) {
    case LME_TOKEN_END:
        return "the end of the template";
    case LME_TOKEN_TEXT:
        return "text";
    case LME_TOKEN_PRINT_BEGIN:
        return "{{";
    case LME_TOKEN_PRINT_END:
        return "}}";
    case LME_TOKEN_BLOCK_BEGIN:
        return "{%";
    case LME_TOKEN_BLOCK_END:
        return "%}";
    case LME_TOKEN_NAME:
        return "a name";
    case LME_TOKEN_INTEGER:
    case LME_TOKEN_FLOAT:
        return "a number";
    case LME_TOKEN_STRING:
        return "a quoted text";
    default:
        break;
    }
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        if (operators[i].kind == kind)
            return operators[i].text;
    }
    return "?";
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char byte_at(const lme_lexer *lexer, size_t at)
{
    return at < lexer->source->text.len ? lexer->source->text.ptr[at] : '\0';
}

/* Digits of a base, single underscores between them; returns where they end. */
static size_t skip_digits(const lme_lexer *lexer, size_t at, const char *digits)
{
    for (;;) {
        size_t next = at + (byte_at(lexer, at) == '_' ? 1 : 0);
        char c = byte_at(lexer, next);
        if (c == '\0' || strchr(digits, c) == NULL)
            return at;
        at = next + 1;
    }
}

static const char decimal[] = "0123456789";

/* Where a fraction or an exponent ends; `at` itself when there is none. */
static size_t skip_fraction(const lme_lexer *lexer, size_t at)
{
    if (byte_at(lexer, at) == '.' && is_digit(byte_at(lexer, at + 1)))
        at = skip_digits(lexer, at + 1, decimal);
    char c = byte_at(lexer, at);
    if (c != 'e' && c != 'E')
        return at;
    char sign = byte_at(lexer, at + 1);
    size_t digits = at + (sign == '+' || sign == '-' ? 2 : 1);
    return is_digit(byte_at(lexer, digits)) ? skip_digits(lexer, digits, decimal) : at;
}

/* 0x1F and its like; 0 when this is none. */
static size_t skip_prefixed(const lme_lexer *lexer, size_t at)
{
    const char *digits = NULL;
    char c = byte_at(lexer, at + 1);
    if (c == 'x' || c == 'X')
        digits = "0123456789abcdefABCDEF";
    else if (c == 'o' || c == 'O')
        digits = "01234567";
    else if (c == 'b' || c == 'B')
        digits = "01";
    if (digits == NULL)
        return 0;
    size_t end = skip_digits(lexer, at + 2, digits);
    return end > at + 2 ? end : 0;
}

/* A number after a dot is an index (a.0.1), never a float. */
static void lex_number(lme_lexer *lexer)
{
    size_t from = lexer->at;
    size_t end = skip_digits(lexer, from, decimal);
    bool after_dot = from > 0 && lexer->source->text.ptr[from - 1] == '.';
    size_t float_end = after_dot ? end : skip_fraction(lexer, end);
    lme_token_kind kind = LME_TOKEN_INTEGER;
    if (float_end > end) {
        kind = LME_TOKEN_FLOAT;
        end = float_end;
    } else if (byte_at(lexer, from) == '0') {
        size_t prefixed = skip_prefixed(lexer, from);
        end = prefixed > 0 ? prefixed : skip_digits(lexer, from, "0");
    }
    lme_lexer_add(lexer, kind, from, end);
    lexer->at = end;
}

static bool is_name_part(uint32_t c)
{
    if (c < 0x80)
        return c == '_' || lme_is_alpha(c) || lme_is_digit(c);
    return !lme_is_space(c) && !lme_is_punctuation(c);
}

/* False when no name stands here. */
static bool lex_name(lme_lexer *lexer)
{
    lme_str text = lexer->source->text;
    size_t end = lexer->at;
    while (end < text.len) {
        size_t next = end;
        if (!is_name_part(lme_codepoint_next(text, &next)))
            break;
        end = next;
    }
    if (end == lexer->at)
        return false;
    lme_lexer_add(lexer, LME_TOKEN_NAME, lexer->at, end);
    lexer->at = end;
    return true;
}

static bool lex_string(lme_lexer *lexer, lme_error *err)
{
    lme_str text = lexer->source->text;
    char quote = text.ptr[lexer->at];
    for (size_t i = lexer->at + 1; i < text.len; i++) {
        if (text.ptr[i] == '\\') {
            i++;
        } else if (text.ptr[i] == quote) {
            lme_lexer_add(lexer, LME_TOKEN_STRING, lexer->at, i + 1);
            lexer->at = i + 1;
            return true;
        }
    }
    return lme_source_fail(lexer->source, lexer->at, LME_ERR_TEMPLATE, err,
                           "this quoted text never ends: expected a closing %c", quote);
}

static bool open_bracket(lme_lexer *lexer, char closing, lme_error *err)
{
    if (lexer->n_open == LME_LIMIT_DEPTH)
        return lme_source_fail(lexer->source, lexer->at, LME_ERR_LIMIT, err,
                               "brackets are nested deeper than %d levels", LME_LIMIT_DEPTH);
    lexer->open[lexer->n_open++] = (lme_bracket){.closing = closing, .at = lexer->at};
    return true;
}

static bool close_bracket(lme_lexer *lexer, char closing, lme_error *err)
{
    if (lexer->n_open == 0)
        return lme_source_fail(lexer->source, lexer->at, LME_ERR_TEMPLATE, err,
                               "unexpected '%c': no bracket is open", closing);
    char expected = lexer->open[--lexer->n_open].closing;
    if (expected != closing)
        return lme_source_fail(lexer->source, lexer->at, LME_ERR_TEMPLATE, err,
                               "unexpected '%c', expected '%c'", closing, expected);
    return true;
}

static bool balance(lme_lexer *lexer, lme_token_kind kind, lme_error *err)
{
    switch ((int)kind) {
    case LME_TOKEN_OPEN_ROUND:
        return open_bracket(lexer, ')', err);
    case LME_TOKEN_OPEN_SQUARE:
        return open_bracket(lexer, ']', err);
    case LME_TOKEN_OPEN_CURLY:
        return open_bracket(lexer, '}', err);
    case LME_TOKEN_CLOSE_ROUND:
        return close_bracket(lexer, ')', err);
    case LME_TOKEN_CLOSE_SQUARE:
        return close_bracket(lexer, ']', err);
    case LME_TOKEN_CLOSE_CURLY:
        return close_bracket(lexer, '}', err);
    default:
        return true;
    }
}

static bool lex_operator(lme_lexer *lexer, lme_error *err)
{
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        const operator_row *row = &operators[i];
        if (!lme_lexer_sees(lexer, lexer->at, row->text))
            continue;
        if (!balance(lexer, row->kind, err))
            return false;
        size_t end = lexer->at + strlen(row->text);
        lme_lexer_add(lexer, row->kind, lexer->at, end);
        lexer->at = end;
        return true;
    }
    size_t end = lexer->at;
    lme_codepoint_next(lexer->source->text, &end);
    lme_str bad = lme_str_slice(lexer->source->text, lexer->at, end);
    return lme_source_fail(lexer->source, lexer->at, LME_ERR_TEMPLATE, err,
                           "unexpected character '%.*s': no operator begins with it",
                           LME_STR_ARG(bad));
}

/* }} or %} with its sign, when no bracket is open. `+}}` is none, in jinja2 too. */
static bool lex_end(lme_lexer *lexer, lme_token_kind end)
{
    if (lexer->n_open > 0)
        return false;
    size_t at = lexer->at;
    char sign = byte_at(lexer, at);
    if (sign == '-' || (sign == '+' && end == LME_TOKEN_BLOCK_END))
        at++;
    if (!lme_lexer_sees(lexer, at, lme_token_name(end)))
        return false;
    lme_lexer_add(lexer, end, lexer->at, at + 2);
    lexer->at = sign == '-' ? lme_lexer_skip_space(lexer, at + 2) : at + 2;
    return true;
}

static bool never_closed(const lme_lexer *lexer, size_t begin, lme_token_kind end, lme_error *err)
{
    if (lexer->n_open > 0) {
        const lme_bracket *bracket = &lexer->open[lexer->n_open - 1];
        return lme_source_fail(lexer->source, bracket->at, LME_ERR_TEMPLATE, err,
                               "this bracket is never closed: expected '%c' before the end",
                               bracket->closing);
    }
    return lme_source_fail(lexer->source, begin, LME_ERR_TEMPLATE, err,
                           "this is never closed: expected %s before the end", lme_token_name(end));
}

bool lme_lexer_code(lme_lexer *lexer, size_t begin, lme_token_kind end, lme_error *err)
{
    lexer->n_open = 0;
    for (;;) {
        lexer->at = lme_lexer_skip_space(lexer, lexer->at);
        if (lexer->at == lexer->source->text.len)
            return never_closed(lexer, begin, end, err);
        if (lex_end(lexer, end))
            return true;
        char c = byte_at(lexer, lexer->at);
        bool fine = true;
        if (is_digit(c))
            lex_number(lexer);
        else if (c == '"' || c == '\'')
            fine = lex_string(lexer, err);
        else if (!lex_name(lexer))
            fine = lex_operator(lexer, err);
        if (!fine)
            return false;
    }
}
