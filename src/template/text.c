/* Replacing, stripping, padding, splitting into lines. */
#include "text.h"

#include "convert.h"

#include <lmeval/limits.h>
#include <lmeval/unicode.h>

/* '' is found before every character and at the end. */
static lme_str replace_empty(lme_arena *arena, lme_str text, lme_str with, size_t count)
{
    lme_builder out = {.arena = arena};
    size_t at = 0;
    for (; count > 0; count--) {
        lme_builder_add(&out, with);
        if (at == text.len)
            break;
        size_t from = at;
        lme_codepoint_next(text, &at);
        lme_builder_add(&out, lme_str_slice(text, from, at));
    }
    lme_builder_add(&out, lme_str_slice(text, at, text.len));
    return lme_builder_finish(&out);
}

static size_t occurrences(lme_str text, lme_str part, size_t most)
{
    size_t n = 0;
    size_t hit = lme_str_find(text, part, 0);
    while (n < most && hit != SIZE_MAX) {
        n++;
        hit = lme_str_find(text, part, hit + part.len);
    }
    return n;
}

static lme_str replace_some(lme_arena *arena, lme_str text, const lme_str pair[2], size_t count)
{
    lme_builder out = {.arena = arena};
    size_t at = 0;
    for (; count > 0; count--) {
        size_t hit = lme_str_find(text, pair[0], at);
        lme_builder_add(&out, lme_str_slice(text, at, hit));
        lme_builder_add(&out, pair[1]);
        at = hit + pair[0].len;
    }
    lme_builder_add(&out, lme_str_slice(text, at, text.len));
    return lme_builder_finish(&out);
}

bool lme_text_replace(const lme_invocation *use, lme_str text, const lme_str pair[2], int64_t count,
                      lme_str *result, lme_error *err)
{
    size_t most = count < 0 ? SIZE_MAX : (size_t)count;
    bool empty = pair[0].len == 0;
    size_t places = empty ? lme_codepoints(text) + 1 : occurrences(text, pair[0], most);
    size_t n = places < most ? places : most;
    /* n is at most the text's length + 1: 64 bits hold the product. */
    if (!lme_text_fits(use->rendering, use->at, text.len + n * pair[1].len - n * pair[0].len, err))
        return false;
    if (n == 0)
        *result = text;
    else if (empty)
        *result = replace_empty(use->arena, text, pair[1], n);
    else
        *result = replace_some(use->arena, text, pair, n);
    return true;
}

static bool is_stripped(uint32_t c, const lme_str *characters)
{
    if (characters == NULL)
        return lme_is_space(c);
    for (size_t at = 0; at < characters->len;) {
        if (lme_codepoint_next(*characters, &at) == c)
            return true;
    }
    return false;
}

/* Start of the code point that ends at byte `end`. */
static size_t before(lme_str text, size_t end)
{
    size_t at = end - 1;
    while (at > 0 && ((unsigned char)text.ptr[at] & 0xC0) == 0x80)
        at--;
    return at;
}

lme_str lme_text_strip(lme_str text, const lme_str *characters, unsigned sides)
{
    size_t from = 0, to = text.len;
    while ((sides & LME_STRIP_LEFT) != 0 && from < to) {
        size_t next = from;
        if (!is_stripped(lme_codepoint_next(text, &next), characters))
            break;
        from = next;
    }
    while ((sides & LME_STRIP_RIGHT) != 0 && to > from) {
        size_t last = before(text, to), next = last;
        if (!is_stripped(lme_codepoint_next(text, &next), characters))
            break;
        to = last;
    }
    return lme_str_slice(text, from, to);
}

/* NOLINTNEXTLINE(readability-function-size): where, what, how much on either side, of what */
bool lme_text_pad(const lme_invocation *use, lme_str text, size_t front, size_t behind,
                  uint32_t fill, lme_str *result, lme_error *err)
{
    lme_rendering *r = use->rendering;
    if (!lme_text_fits(r, use->at, front, err) || !lme_text_fits(r, use->at, behind, err) ||
        !lme_text_fits(r, use->at, front + text.len + behind, err) ||
        !lme_tick(r, use->at, (front + behind) / 16, err))
        return false;
    lme_builder out = {.arena = use->arena};
    for (size_t i = 0; i < front; i++)
        lme_builder_codepoint(&out, fill);
    lme_builder_add(&out, text);
    for (size_t i = 0; i < behind; i++)
        lme_builder_codepoint(&out, fill);
    *result = lme_builder_finish(&out);
    return true;
}

bool lme_text_center(const lme_invocation *use, lme_str text, int64_t width, uint32_t fill,
                     lme_str *result, lme_error *err)
{
    size_t length = lme_codepoints(text);
    size_t wanted = width < 0 ? 0 : (size_t)width;
    size_t room = wanted > length ? wanted - length : 0;
    size_t left = room / 2 + (room & wanted & 1);
    return lme_text_pad(use, text, left, room - left, fill, result, err);
}

static bool is_line_end(uint32_t c)
{
    return (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 ||
           c == 0x2029;
}

bool lme_text_lines(const lme_invocation *use, lme_str text, bool keep_ends,
                    lme_list_builder *lines, lme_error *err)
{
    size_t start = 0, at = 0;
    while (at < text.len) {
        size_t end = at;
        uint32_t c = lme_codepoint_next(text, &at);
        if (!is_line_end(c))
            continue;
        if (c == '\r' && at < text.len && text.ptr[at] == '\n')
            at++;
        if (!lme_tick(use->rendering, use->at, 1, err))
            return false;
        lme_list_add(lines, lme_string(lme_str_slice(text, start, keep_ends ? at : end)));
        start = at;
    }
    if (start < text.len)
        lme_list_add(lines, lme_string(lme_str_slice(text, start, text.len)));
    return true;
}

lme_str lme_text_reverse(lme_arena *arena, lme_str text)
{
    lme_builder out = {.arena = arena};
    for (size_t end = text.len; end > 0;) {
        size_t start = before(text, end);
        lme_builder_add(&out, lme_str_slice(text, start, end));
        end = start;
    }
    return lme_builder_finish(&out);
}
