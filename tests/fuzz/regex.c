/* Matches lie in the text and go forward; each replaced by itself gives the text back. The first
 * line is the pattern, the second the replacement, the rest the text. */
#include <stddef.h>
#include <stdint.h>

#include <lmeval/regex.h>
#include <lmeval/unicode.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    LONGEST_PATTERN = 100, /* so that a fuzzer's time goes into more than one slow match */
    LONGEST_TEXT = 200
};

static lme_str take_line(lme_str *rest)
{
    size_t end = lme_str_find(*rest, LME_STR("\n"), 0);
    lme_str line = lme_str_slice(*rest, 0, end);
    *rest = lme_str_slice(*rest, end == SIZE_MAX ? rest->len : end + 1, SIZE_MAX);
    return line;
}

static void check_match(const lme_match *match, size_t from, lme_str text)
{
    for (size_t i = 0; i < match->n_groups; i++) {
        size_t start = match->start[i], end = match->end[i];
        if (start == SIZE_MAX)
            continue;
        LME_BUG(start > end || end > text.len, "a group outside of the text");
        LME_BUG(!lme_utf8_valid(lme_str_slice(text, start, end)), "half a character");
    }
    LME_BUG(match->n_groups > 0 && match->start[0] < from, "a match before where it was to begin");
}

static void check_search(lme_arena *arena, const lme_regex *regex, lme_str text)
{
    lme_match match;
    for (size_t from = 0; from <= text.len; from += 7) {
        if (lme_regex_search(arena, regex, text, from, &match, NULL))
            check_match(&match, from, text);
    }
}

static void check_matches(lme_arena *arena, const lme_regex *regex, lme_str replacement,
                          lme_str text)
{
    lme_value all;
    lme_str result;
    if (!lme_regex_findall(arena, regex, text, &all, NULL))
        return;
    LME_BUG(!lme_utf8_valid(text), "a match in what is not UTF-8");
    LME_BUG(all.list.len > 2 * lme_codepoints(text) + 1, "more matches than can be");
    if (lme_regex_sub(arena, regex, LME_STR("\\g<0>"), text, 0, &result, NULL))
        LME_BUG(!lme_str_equal(result, text), "replaced by itself, the text differs");
    if (lme_utf8_valid(replacement) &&
        lme_regex_sub(arena, regex, replacement, text, 0, &result, NULL))
        LME_BUG(!lme_utf8_valid(result), "not UTF-8 any more");
    check_search(arena, regex, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    lme_arena *arena = lme_arena_new();
    lme_str text = {(const char *)data, size};
    lme_str pattern = take_line(&text), replacement = take_line(&text);
    lme_regex *regex = NULL;
    lme_error err = {.code = LME_OK};
    if (pattern.len <= LONGEST_PATTERN && text.len <= LONGEST_TEXT) {
        if (lme_regex_compile(arena, pattern, &regex, &err))
            check_matches(arena, regex, replacement, text);
        else
            LME_BUG(err.message[0] == '\0', "an error without words");
    }
    lme_arena_free(arena);
    return 0;
}
