/* Text to tokens, as jinja2 3.1.6 does it with trim_blocks and lstrip_blocks off: `-` inside a
 * marker strips all whitespace on that side, `+` changes nothing, raw blocks are text, comments
 * vanish.
 */
#include "lexer.h"

#include <string.h>

#include <lmeval/unicode.h>

void lme_lexer_add(lme_lexer *lexer, lme_token_kind kind, size_t from, size_t to)
{
    if (lexer->len == lexer->capacity) {
        size_t capacity = lexer->capacity == 0 ? 32 : lexer->capacity * 2;
        lexer->tokens =
            lme_arena_grow(lexer->arena, lexer->tokens, lexer->capacity * sizeof *lexer->tokens,
                           capacity * sizeof *lexer->tokens);
        lexer->capacity = capacity;
    }
    lexer->tokens[lexer->len++] = (lme_token){
        .kind = kind,
        .at = from,
        .text = lme_str_slice(lexer->source->text, from, to),
    };
}

bool lme_lexer_sees(const lme_lexer *lexer, size_t at, const char *text)
{
    lme_str rest = lme_str_slice(lexer->source->text, at, SIZE_MAX);
    return lme_str_starts(rest, lme_str_from(text));
}

size_t lme_lexer_skip_space(const lme_lexer *lexer, size_t at)
{
    lme_str text = lexer->source->text;
    while (at < text.len) {
        size_t next = at;
        if (!lme_is_space(lme_codepoint_next(text, &next)))
            break;
        at = next;
    }
    return at;
}

static char byte_at(const lme_lexer *lexer, size_t at)
{
    return at < lexer->source->text.len ? lexer->source->text.ptr[at] : '\0';
}

/* The next {{, {% or {#; the end of the source when there is none. */
static size_t find_marker(const lme_lexer *lexer)
{
    lme_str text = lexer->source->text;
    size_t at = lexer->at;
    while (at < text.len) {
        const char *brace = memchr(text.ptr + at, '{', text.len - at);
        if (brace == NULL)
            return text.len;
        at = (size_t)(brace - text.ptr);
        char second = byte_at(lexer, at + 1);
        if (second == '{' || second == '%' || second == '#')
            return at;
        at++;
    }
    return text.len;
}

static bool is_sign(char c)
{
    return c == '-' || c == '+';
}

/* Text between two markers.
 *   sign  the one in the marker behind it */
static void add_text(lme_lexer *lexer, size_t from, size_t to, char sign)
{
    if (sign == '-') {
        lme_str kept = lme_rstrip(lme_str_slice(lexer->source->text, from, to));
        to = from + kept.len;
    }
    if (to > from)
        lme_lexer_add(lexer, LME_TOKEN_TEXT, from, to);
}

/* Behind a `%}` or `#}` whose sign may strip what follows. */
static size_t behind(const lme_lexer *lexer, size_t end, bool strips)
{
    return strips ? lme_lexer_skip_space(lexer, end) : end;
}

/* `raw %}` or `endraw %}` at `at`, blanks in front allowed: moves `at` behind it. `+%}` ends only
 * an endraw, in jinja2 too. */
static bool match_raw(const lme_lexer *lexer, size_t *at, const char *word, bool plus_ends)
{
    size_t p = lme_lexer_skip_space(lexer, *at);
    if (!lme_lexer_sees(lexer, p, word))
        return false;
    p = lme_lexer_skip_space(lexer, p + strlen(word));
    bool strips = byte_at(lexer, p) == '-';
    if (strips || (plus_ends && byte_at(lexer, p) == '+'))
        p++;
    if (!lme_lexer_sees(lexer, p, "%}"))
        return false;
    *at = behind(lexer, p + 2, strips);
    return true;
}

static bool lex_raw(lme_lexer *lexer, size_t begin, lme_error *err)
{
    lme_str text = lexer->source->text;
    size_t hit = lme_str_find(text, LME_STR("{%"), lexer->at);
    while (hit != SIZE_MAX) {
        size_t end = hit + 2;
        char sign = byte_at(lexer, end);
        if (is_sign(sign))
            end++;
        if (match_raw(lexer, &end, "endraw", true)) {
            add_text(lexer, lexer->at, hit, sign);
            lexer->at = end;
            return true;
        }
        hit = lme_str_find(text, LME_STR("{%"), hit + 2);
    }
    return lme_source_fail(lexer->source, begin, LME_ERR_TEMPLATE, err,
                           "this raw block never ends: expected {%% endraw %%}");
}

static bool lex_comment(lme_lexer *lexer, size_t begin, lme_error *err)
{
    size_t end = lme_str_find(lexer->source->text, LME_STR("#}"), lexer->at);
    if (end == SIZE_MAX)
        return lme_source_fail(lexer->source, begin, LME_ERR_TEMPLATE, err,
                               "this comment never ends: expected #}");
    bool strips = end > lexer->at && byte_at(lexer, end - 1) == '-';
    lexer->at = behind(lexer, end + 2, strips);
    return true;
}

/* One marker and what belongs to it. */
static bool lex_marked(lme_lexer *lexer, size_t begin, lme_error *err)
{
    char second = byte_at(lexer, begin + 1);
    lexer->at = begin + 2;
    if (is_sign(byte_at(lexer, lexer->at)))
        lexer->at++;
    if (second == '#')
        return lex_comment(lexer, begin, err);
    if (second == '%' && match_raw(lexer, &lexer->at, "raw", false))
        return lex_raw(lexer, begin, err);
    bool prints = second == '{';
    lme_lexer_add(lexer, prints ? LME_TOKEN_PRINT_BEGIN : LME_TOKEN_BLOCK_BEGIN, begin, lexer->at);
    return lme_lexer_code(lexer, begin, prints ? LME_TOKEN_PRINT_END : LME_TOKEN_BLOCK_END, err);
}

bool lme_lex(lme_arena *arena, const lme_source *source, const lme_token **tokens, lme_error *err)
{
    lme_lexer lexer = {.arena = arena, .source = source};
    while (lexer.at < source->text.len) {
        size_t begin = find_marker(&lexer);
        char sign = byte_at(&lexer, begin + 2);
        add_text(&lexer, lexer.at, begin, begin < source->text.len ? sign : '\0');
        lexer.at = begin;
        if (begin < source->text.len && !lex_marked(&lexer, begin, err))
            return false;
    }
    lme_lexer_add(&lexer, LME_TOKEN_END, source->text.len, source->text.len);
    *tokens = lexer.tokens;
    return true;
}
