#include "matching.h"

#include "reference.h"

#include <lmeval/unicode.h>

bool lme_matching_read(lme_arena *arena, const lme_metric_use *use, const char *file,
                       lme_matching *matching, lme_error *err)
{
    lme_matching *m = matching;
    return lme_metric_option_regexes(arena, use, "regexes_to_ignore", file, &m->ignored, err) &&
           lme_metric_option_bool(use, "ignore_case", file, &m->ignore_case, err) &&
           lme_metric_option_bool(use, "ignore_punctuation", file, &m->ignore_punctuation, err) &&
           lme_metric_option_bool(use, "ignore_numbers", file, &m->ignore_numbers, err);
}

static lme_str trim_nuls(lme_str text)
{
    while (text.len > 0 && text.ptr[text.len - 1] == '\0')
        text.len--;
    return text;
}

static bool is_ascii_punctuation(char c)
{
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
           (c >= '{' && c <= '~');
}

static bool is_ascii_digit(char c)
{
    return c >= '0' && c <= '9';
}

static lme_str without(lme_arena *arena, lme_str text, bool (*is_unwanted)(char c))
{
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < text.len; i++) {
        if (!is_unwanted(text.ptr[i]))
            lme_builder_char(&out, text.ptr[i]);
    }
    return lme_builder_finish(&out);
}

/* Code points of the longest text. */
static size_t widest(const lme_str *texts, size_t n)
{
    size_t width = 0;
    for (size_t i = 0; i < n; i++) {
        size_t length = lme_codepoints(texts[i]);
        width = length > width ? length : width;
    }
    return width;
}

static lme_str lower(lme_arena *arena, lme_str text, size_t width)
{
    lme_str small = lme_lower(arena, text);
    return trim_nuls(lme_str_slice(small, 0, lme_codepoint_offset(small, width)));
}

/* Cleans the texts of one array in place. The array's width is that of its texts before the NULs at
 * their ends are gone. */
static bool clean(lme_arena *arena, const lme_matching *c, lme_str *texts, size_t n, lme_error *err)
{
    size_t width = widest(texts, n);
    for (size_t r = 0; r < c->ignored.len; r++) {
        for (size_t i = 0; i < n; i++) {
            if (!lme_regex_sub(arena, c->ignored.items[r], LME_STR(""), texts[i], 0, &texts[i],
                               err))
                return false;
        }
        width = widest(texts, n);
        for (size_t i = 0; i < n; i++)
            texts[i] = trim_nuls(texts[i]);
    }
    for (size_t i = 0; i < n; i++) {
        texts[i] = trim_nuls(texts[i]);
        if (c->ignore_case)
            texts[i] = lower(arena, texts[i], width);
        if (c->ignore_punctuation)
            texts[i] = trim_nuls(without(arena, texts[i], is_ascii_punctuation));
        if (c->ignore_numbers)
            texts[i] = trim_nuls(without(arena, texts[i], is_ascii_digit));
    }
    return true;
}

bool lme_matching_clean(lme_arena *arena, const lme_matching *matching, lme_str *text,
                        lme_error *err)
{
    return clean(arena, matching, text, 1, err);
}

/* Whether a reference equals the answer. */
static bool match_text(lme_arena *arena, const lme_matching *matching, const lme_sample *sample,
                       lme_str answer, bool *is_right, lme_error *err)
{
    size_t n;
    lme_str *references = lme_metric_references(arena, sample, &n);
    if (!clean(arena, matching, &answer, 1, err) || !clean(arena, matching, references, n, err))
        return false;
    *is_right = false;
    for (size_t i = 0; i < n; i++)
        *is_right = *is_right || lme_str_equal(answer, references[i]);
    return true;
}

/* An answer that a filter made a number of: text options do not apply to it. */
static bool matches_value(const lme_value *answer, const lme_value *target)
{
    int64_t number;
    if (answer->kind == LME_INT && target->kind == LME_STRING)
        return lme_str_to_int(lme_strip(target->string), &number) && number == answer->integer;
    return lme_value_equal(answer, target);
}

static bool match_value(const lme_sample *sample, const lme_value *answer)
{
    lme_value one = lme_metric_reference(sample);
    if (!sample->multiple_targets || one.kind != LME_LIST)
        return matches_value(answer, &one);
    for (size_t i = 0; i < one.list.len; i++) {
        if (matches_value(answer, &one.list.items[i]))
            return true;
    }
    return false;
}

bool lme_matching_try(lme_arena *arena, const lme_matching *matching, const lme_sample *sample,
                      const lme_value *answer, bool *is_right, lme_error *err)
{
    if (answer->kind == LME_STRING)
        return match_text(arena, matching, sample, answer->string, is_right, err);
    *is_right = match_value(sample, answer);
    return true;
}
