#include "normalize.h"

#include "words.h"

#include <lmeval/unicode.h>
#include <lmeval/value.h>

static bool is_ascii_punctuation(char c)
{
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
           (c >= '{' && c <= '~');
}

static lme_str without_punctuation(lme_arena *scratch, lme_str text)
{
    char *out = lme_arena_alloc(scratch, text.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_ascii_punctuation(text.ptr[i]))
            out[n++] = text.ptr[i];
    }
    return (lme_str){out, n};
}

/* \w of Python's re. */
static bool is_word(uint32_t c)
{
    return c == '_' || lme_is_alpha(c) || lme_is_numeral(c);
}

static bool is_article(lme_str word)
{
    return lme_str_is(word, "a") || lme_str_is(word, "an") || lme_str_is(word, "the");
}

/* re.sub(r"\b(a|an|the)\b", " ", text): a whole run of word characters is an article. */
static lme_str without_articles(lme_arena *scratch, lme_str text)
{
    lme_builder out = {.arena = scratch};
    size_t at = 0, start = 0;
    while (at < text.len) {
        size_t before = at;
        if (is_word(lme_codepoint_next(text, &at)))
            continue;
        lme_str run = lme_str_slice(text, start, before);
        lme_builder_add(&out, is_article(run) ? LME_STR(" ") : run);
        lme_builder_add(&out, lme_str_slice(text, before, at));
        start = at;
    }
    lme_str run = lme_str_slice(text, start, text.len);
    lme_builder_add(&out, is_article(run) ? LME_STR(" ") : run);
    return lme_builder_finish(&out);
}

/* " ".join(text.split()) */
static lme_str single_blanks(lme_arena *scratch, lme_str text)
{
    lme_words words = lme_split_words(scratch, text);
    lme_builder out = {.arena = scratch};
    for (size_t i = 0; i < words.n; i++) {
        if (i > 0)
            lme_builder_char(&out, ' ');
        lme_builder_add(&out, words.items[i]);
    }
    return lme_builder_finish(&out);
}

lme_str lme_normalize_squad(lme_arena *scratch, lme_str text)
{
    text = without_punctuation(scratch, lme_lower(scratch, text));
    return single_blanks(scratch, without_articles(scratch, text));
}

/* One word of DROP's. */
static lme_str normal_token(lme_arena *scratch, lme_str token)
{
    double number;
    token = lme_lower(scratch, token);
    if (!lme_python_float(token, &number))
        token = without_punctuation(scratch, token);
    if (lme_python_float(token, &number))
        token = lme_double_repr(scratch, number);
    return single_blanks(scratch, without_articles(scratch, token));
}

lme_str lme_normalize_drop(lme_arena *scratch, lme_str text)
{
    lme_builder out = {.arena = scratch};
    size_t start = 0;
    for (size_t i = 0; i <= text.len; i++) {
        if (i < text.len && text.ptr[i] != ' ' && text.ptr[i] != '-')
            continue;
        lme_str token = normal_token(scratch, lme_str_slice(text, start, i));
        if (token.len > 0)
            lme_builder_format(&out, "%s%.*s", out.len > 0 ? " " : "", LME_STR_ARG(token));
        start = i + 1;
    }
    return lme_builder_finish(&out);
}
