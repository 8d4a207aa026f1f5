/* mteval-v13a, as sacrebleu 2.6.0 tokenizers/tokenizer_13a.py and tokenizer_re.py write it. Its
 * regular expressions name ASCII characters alone, so bytes can be looked at one by one: those of
 * longer characters are no digit, no period and no punctuation. Each rule is a pass of its own,
 * because what one pass has consumed the next may look at again. */
#include "tokenizer.h"

#include <string.h>

bool lme_is_mteval_punctuation(char c)
{
    /* [{-~[-` -&(-+:-@/]; the blank in it only makes more blanks, and is left out. */
    static const bool is_one[128] = {
        ['!'] = true, ['"'] = true, ['#'] = true, ['$'] = true, ['%'] = true,  ['&'] = true,
        ['('] = true, [')'] = true, ['*'] = true, ['+'] = true, ['/'] = true,  [':'] = true,
        [';'] = true, ['<'] = true, ['='] = true, ['>'] = true, ['?'] = true,  ['@'] = true,
        ['['] = true, [']'] = true, ['^'] = true, ['_'] = true, ['\\'] = true, ['`'] = true,
        ['{'] = true, ['|'] = true, ['}'] = true, ['~'] = true,
    };
    return (unsigned char)c < 0x80 && is_one[(unsigned char)c];
}

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool is_period(char c)
{
    return c == '.' || c == ',';
}

/* Sets punctuation apart. */
static lme_str apart(lme_arena *scratch, lme_str line)
{
    char *out = lme_arena_alloc(scratch, 3 * line.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < line.len; i++) {
        char c = line.ptr[i];
        if (!lme_is_mteval_punctuation(c)) {
            out[n++] = c;
            continue;
        }
        out[n++] = ' ';
        out[n++] = c;
        out[n++] = ' ';
    }
    return (lme_str){out, n};
}

static lme_str after_nondigit(lme_arena *scratch, lme_str line)
{
    char *out = lme_arena_alloc(scratch, 2 * line.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < line.len; i++) {
        out[n++] = line.ptr[i];
        if (i + 1 == line.len || is_digit(line.ptr[i]) || !is_period(line.ptr[i + 1]))
            continue;
        i++;
        out[n++] = ' ';
        out[n++] = line.ptr[i];
        out[n++] = ' ';
    }
    return (lme_str){out, n};
}

static lme_str before_nondigit(lme_arena *scratch, lme_str line)
{
    char *out = lme_arena_alloc(scratch, 2 * line.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < line.len; i++) {
        char c = line.ptr[i];
        if (i + 1 == line.len || !is_period(c) || is_digit(line.ptr[i + 1])) {
            out[n++] = c;
            continue;
        }
        i++;
        out[n++] = ' ';
        out[n++] = c;
        out[n++] = ' ';
        out[n++] = line.ptr[i];
    }
    return (lme_str){out, n};
}

static lme_str dash_after_digit(lme_arena *scratch, lme_str line)
{
    char *out = lme_arena_alloc(scratch, 2 * line.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < line.len; i++) {
        out[n++] = line.ptr[i];
        if (i + 1 == line.len || !is_digit(line.ptr[i]) || line.ptr[i + 1] != '-')
            continue;
        i++;
        out[n++] = ' ';
        out[n++] = '-';
        out[n++] = ' ';
    }
    return (lme_str){out, n};
}

static bool has_any(lme_str line, char a, char b)
{
    return line.len > 0 &&
           (memchr(line.ptr, a, line.len) != NULL || memchr(line.ptr, b, line.len) != NULL);
}

lme_str lme_separate_periods(lme_arena *scratch, lme_str line)
{
    if (has_any(line, '.', ',')) {
        line = after_nondigit(scratch, line);
        line = before_nondigit(scratch, line);
    }
    return has_any(line, '-', '-') ? dash_after_digit(scratch, line) : line;
}

lme_str lme_separate_western(lme_arena *scratch, lme_str line)
{
    return lme_separate_periods(scratch, apart(scratch, line));
}

static lme_str replace(lme_arena *scratch, lme_str line, const char *from, const char *to)
{
    lme_str part = lme_str_from(from);
    return lme_str_find(line, part, 0) == SIZE_MAX
               ? line
               : lme_str_replace(scratch, line, part, lme_str_from(to));
}

lme_str lme_separate_13a(lme_arena *scratch, lme_str line)
{
    line = replace(scratch, line, "<skipped>", "");
    line = replace(scratch, line, "-\n", "");
    line = replace(scratch, line, "\n", " ");
    if (line.len > 0 && memchr(line.ptr, '&', line.len) != NULL) {
        line = replace(scratch, line, "&quot;", "\"");
        line = replace(scratch, line, "&amp;", "&");
        line = replace(scratch, line, "&lt;", "<");
        line = replace(scratch, line, "&gt;", ">");
    }
    line = lme_str_concat(scratch, LME_STR(" "), lme_str_concat(scratch, line, LME_STR(" ")));
    return lme_separate_western(scratch, line);
}
