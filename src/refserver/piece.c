/* The split of a text before BPE: GPT-2's pattern, written out as one pass.
 * ASCII takes a table; everything else asks core's Unicode classes. A byte that is no UTF-8 counts
 * as "other", so every text splits.
 */
#include "vocab.h"

#include <string.h>

#include <lmeval/unicode.h>

typedef enum piece_class {
    PIECE_OTHER,
    PIECE_LETTER,
    PIECE_DIGIT,
    PIECE_SPACE,
} piece_class;

static piece_class class_of_ascii(unsigned char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return PIECE_LETTER;
    if (c >= '0' && c <= '9')
        return PIECE_DIGIT;
    if (c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1C && c <= 0x1F))
        return PIECE_SPACE;
    return PIECE_OTHER;
}

/* Class of the character at *at; moves behind it. */
static piece_class class_next(lme_str text, size_t *at)
{
    unsigned char c = (unsigned char)text.ptr[*at];
    if (c < 0x80) {
        *at += 1;
        return class_of_ascii(c);
    }
    uint32_t codepoint = lme_codepoint_next(text, at);
    if (lme_is_alpha(codepoint))
        return PIECE_LETTER;
    if (lme_is_digit(codepoint))
        return PIECE_DIGIT;
    return lme_is_space(codepoint) ? PIECE_SPACE : PIECE_OTHER;
}

/* End of the run of one class that begins at `at`. */
static size_t run_end(lme_str text, size_t at, piece_class class)
{
    while (at < text.len) {
        size_t next = at;
        if (class_next(text, &next) != class)
            break;
        at = next;
    }
    return at;
}

/* Length of 's, 't, 're, 've, 'm, 'll, 'd at `at`; 0 when there is none. */
static size_t contraction(lme_str text, size_t at)
{
    static const char *const endings[] = {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t len = strlen(endings[i]);
        if (text.len - at >= len && memcmp(text.ptr + at, endings[i], len) == 0)
            return len;
    }
    return 0;
}

/* White space: all of it at the end of the text, else all but the last character, which is a piece
 * of its own (a blank there has gone to the next word before this is asked). */
static size_t space_end(lme_str text, size_t from)
{
    size_t last = from, at = from;
    while (at < text.len) {
        size_t next = at;
        if (class_next(text, &next) != PIECE_SPACE)
            return last > from ? last : at;
        last = at;
        at = next;
    }
    return at;
}

static size_t piece_end(lme_str text, size_t from)
{
    if (text.ptr[from] == '\'') {
        size_t len = contraction(text, from);
        if (len > 0)
            return from + len;
    }
    size_t at = from;
    piece_class class = class_next(text, &at);
    if (class != PIECE_SPACE)
        return run_end(text, at, class);
    if (text.ptr[from] == ' ' && at < text.len) {
        size_t next = at;
        class = class_next(text, &next);
        if (class != PIECE_SPACE)
            return run_end(text, next, class);
    }
    return space_end(text, from);
}

lme_str lme_piece_next(lme_str text, size_t *at)
{
    size_t from = *at, end;
    /* A window bounds the search for the end of a run: texts may be one run of megabytes. */
    lme_str window = lme_str_slice(text, 0, from + LME_PIECE_MAX + 8);
    end = piece_end(window, from);
    if (end - from > LME_PIECE_MAX) {
        end = from + LME_PIECE_MAX;
        while (end > from + 1 && ((unsigned char)text.ptr[end] & 0xC0) == 0x80)
            end--;
    }
    *at = end;
    return lme_str_slice(text, from, end);
}
