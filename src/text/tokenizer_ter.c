/* sacrebleu 2.6.0 tokenizers/tokenizer_ter.py, rule by rule. Three of its rules for kana begin with
 * ^ or look for it ahead, after a blank was put in front of the text: they never match, and are
 * left out; so is its rule for 's at the text's end, behind which a blank was put. */
#include "tokenizer_ter.h"

#include "tokenizer.h"

#include <string.h>

#include <lmeval/unicode.h>

typedef struct range {
    uint32_t first, last;
} range;

static const range split_alone[] = {
    {0x4E00, 0x9FFF}, {0x3400, 0x4DBF}, {0x31C0, 0x31EF}, {0x2E80, 0x2EFF},
    {0x3300, 0x33FF}, {0xF900, 0xFAFF}, {0xFE30, 0xFE4F}, {0x3200, 0x3F22},
};

static const range asian_punctuation[] = {
    {0x3001, 0x3002}, {0x3008, 0x3011}, {0x3014, 0x301F}, {0xFF61, 0xFF65},
    {0x30FB, 0x30FB}, {0xFF0E, 0xFF0E}, {0xFF0C, 0xFF0C}, {0xFF1F, 0xFF1F},
    {0xFF1A, 0xFF1B}, {0xFF01, 0xFF02}, {0xFF08, 0xFF09},
};

static bool in_ranges(uint32_t c, const range *ranges, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    }
    return false;
}

static bool is_asian_punctuation(uint32_t c)
{
    return in_ranges(c, asian_punctuation, sizeof asian_punctuation / sizeof asian_punctuation[0]);
}

static bool stands_alone(uint32_t c)
{
    return in_ranges(c, split_alone, sizeof split_alone / sizeof split_alone[0]) ||
           is_asian_punctuation(c);
}

static lme_str replace(lme_arena *scratch, lme_str text, const char *from, const char *to)
{
    return lme_str_replace(scratch, text, lme_str_from(from), lme_str_from(to));
}

static lme_str punctuation_apart(lme_arena *scratch, lme_str text)
{
    lme_builder out = {.arena = scratch};
    for (size_t i = 0; i < text.len; i++) {
        bool apart = lme_is_mteval_punctuation(text.ptr[i]);
        if (apart)
            lme_builder_char(&out, ' ');
        lme_builder_char(&out, text.ptr[i]);
        if (apart)
            lme_builder_char(&out, ' ');
    }
    return lme_builder_finish(&out);
}

static lme_str normalize_western(lme_arena *scratch, lme_str text)
{
    text = replace(scratch, text, "\n-", "");
    text = replace(scratch, text, "\n", " ");
    text = replace(scratch, text, "&quot;", "\"");
    text = replace(scratch, text, "&amp;", "&");
    text = replace(scratch, text, "&lt;", "<");
    text = replace(scratch, text, "&gt;", ">");
    text = lme_str_concat(scratch, LME_STR(" "), lme_str_concat(scratch, text, LME_STR(" ")));
    text = punctuation_apart(scratch, text);
    text = replace(scratch, text, "'s ", " 's ");
    return lme_separate_periods(scratch, text);
}

static lme_str normalize_asian(lme_arena *scratch, lme_str text)
{
    lme_builder out = {.arena = scratch};
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        bool alone = stands_alone(lme_codepoint_next(text, &at));
        if (alone)
            lme_builder_char(&out, ' ');
        lme_builder_add(&out, lme_str_slice(text, start, at));
        if (alone)
            lme_builder_char(&out, ' ');
    }
    return lme_builder_finish(&out);
}

static bool is_dropped(uint32_t c, bool asian)
{
    if (c < 0x80)
        return c != 0 && strchr(".,?:;!\"()", (int)c) != NULL;
    return asian && is_asian_punctuation(c);
}

static lme_str drop_punctuation(lme_arena *scratch, lme_str text, bool asian)
{
    lme_builder out = {.arena = scratch};
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        if (!is_dropped(lme_codepoint_next(text, &at), asian))
            lme_builder_add(&out, lme_str_slice(text, start, at));
    }
    return lme_builder_finish(&out);
}

lme_str lme_tercom_separate(lme_arena *scratch, const lme_tercom *options, lme_str text)
{
    text = lme_rstrip(text);
    if (!options->case_sensitive)
        text = lme_lower(scratch, text);
    if (options->normalized)
        text = normalize_western(scratch, text);
    if (options->normalized && options->asian_support)
        text = normalize_asian(scratch, text);
    if (options->no_punct)
        text = drop_punctuation(scratch, text, options->asian_support);
    return text;
}
