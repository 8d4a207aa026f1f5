/* Three readings of an answer, from the strictest on; the first that fits wins.
 *
 * By offset: text_offset as it stands. By text: the token texts one after another, behind up to two
 * special tokens that the server put in front (vLLM lists the BOS, and counts its letters in
 * text_offset). Loosely: the same, but a run of tokens without readable text ("" or U+FFFD: a
 * character split over several tokens, servers 3.5) takes the characters up to where the next
 * readable token stands, and a token may lack the blank before it (SentencePiece). A run that could
 * end in two places is refused, and so is a cut inside one, unless each of its pieces is one byte.
 *
 * SGLang's echo prints a part of a character by its bytes, each as the character of that number
 * (servers 3.31): such a token stands where its bytes do.
 */
#include "align.h"

#include <string.h>

#include <lmeval/unicode.h>

enum {
    MAX_LEADING = 2,
    REPLACEMENT = 0xFFFD,
    MARK_BYTES = 3 /* of U+FFFD */
};

/* A place in the prompt, in both units. */
typedef struct spot {
    size_t byte;
    size_t codepoint;
} spot;

static lme_str token_text(const lme_logprobs *l, size_t i)
{
    return l->tokens[i].string;
}

static size_t bytes_of(lme_str s, size_t byte)
{
    size_t at = byte;
    (void)lme_codepoint_next(s, &at);
    return at - byte;
}

static void step(lme_str prompt, spot *at)
{
    at->byte += bytes_of(prompt, at->byte);
    at->codepoint++;
}

static bool stands_at(lme_str prompt, size_t byte, lme_str text)
{
    return byte <= prompt.len && text.len <= prompt.len - byte &&
           (text.len == 0 || memcmp(prompt.ptr + byte, text.ptr, text.len) == 0);
}

/* Behind a text that stands there. */
static void pass(lme_str text, bool is_ascii, spot *at)
{
    at->byte += text.len;
    at->codepoint += is_ascii ? text.len : lme_codepoints(text);
}

/* ---- by offset ---- */

/* One prompt token at its offset; *at is where it must begin, and is moved behind it. Of an
 * unreadable one it is only known that it takes at most one character more than it shows. */
static bool fits_offset(lme_str prompt, bool is_ascii, lme_str text, size_t offset,
                        bool after_unreadable, spot *at)
{
    if (after_unreadable && offset == at->codepoint + 1 && at->byte < prompt.len)
        step(prompt, at);
    if (offset != at->codepoint)
        return false;
    if (text.len == 0)
        return true;
    if (!stands_at(prompt, at->byte, text))
        return false;
    pass(text, is_ascii, at);
    return true;
}

/* vLLM prints a part of a character with the token that completes it, and a prompt's first token
 * alone: a part there ends in U+FFFD, which text_offset counts for the character (servers 3.24). */
static bool fits_opening(lme_str prompt, lme_str text, spot *at)
{
    static const char mark[] = "\xEF\xBF\xBD";
    const size_t mark_len = sizeof mark - 1;
    if (!lme_str_ends(text, LME_STR(mark)) || stands_at(prompt, 0, text))
        return false;
    lme_str readable = lme_str_slice(text, 0, text.len - mark_len);
    if (!stands_at(prompt, 0, readable) || readable.len >= prompt.len ||
        (unsigned char)prompt.ptr[readable.len] < 0x80)
        return false;
    *at = (spot){readable.len, lme_codepoints(readable)};
    step(prompt, at);
    return true;
}

/* Tokens without a text at the cut are parts of the character before it or of the one behind it. */
static bool is_unclear(const lme_logprobs *l, spot at, size_t cut, lme_alignment *out)
{
    bool unclear = at.codepoint == cut && l->n > 1 && token_text(l, 1).len == 0;
    out->is_unclear = out->is_unclear || unclear;
    return unclear;
}

/* Whether text_offset as it stands covers the prompt. */
static bool place_by_offset(lme_str prompt, const lme_logprobs *l, size_t cut, size_t *starts,
                            lme_alignment *out)
{
    spot at = {0};
    bool unreadable = false, is_ascii = out->n_codepoints == prompt.len;
    size_t i;
    if (l->starts == NULL)
        return false;
    for (i = 0; i < l->n; i++) {
        int64_t offset = l->starts[i].integer;
        if (offset < 0 || (uint64_t)offset > prompt.len)
            return false;
        starts[i] = (size_t)offset;
        if (starts[i] >= out->n_codepoints)
            break;
        if (i == 0 && starts[0] == 0 && fits_opening(prompt, token_text(l, 0), &at)) {
            if (is_unclear(l, at, cut, out))
                return false;
            continue;
        }
        if (!fits_offset(prompt, is_ascii, token_text(l, i), starts[i], unreadable, &at))
            return false;
        unreadable = token_text(l, i).len == 0;
    }
    if (unreadable && at.codepoint + 1 == out->n_codepoints)
        at.codepoint++;
    out->first = 0;
    out->end = i;
    return at.codepoint == out->n_codepoints && (i == l->n || starts[i] == out->n_codepoints);
}

/* ---- by text ---- */

/* How many bytes of the prompt from `byte` on the token is: its text's own, or one for each of its
 * characters, where they are bytes that stand there. 0: neither. */
static size_t bytes_at(lme_str prompt, size_t byte, lme_str text)
{
    size_t n = 0;
    if (stands_at(prompt, byte, text))
        return text.len;
    for (size_t at = 0; at < text.len; n++) {
        uint32_t c = lme_codepoint_next(text, &at);
        if (c > 0xFF || byte + n >= prompt.len || (unsigned char)prompt.ptr[byte + n] != c)
            return 0;
    }
    return n;
}

/* Moves n bytes on; within a character the code point is its own. */
static void pass_bytes(lme_str prompt, size_t n, spot *at)
{
    for (size_t to = at->byte + n; at->byte < to;) {
        at->byte++;
        if (at->byte == prompt.len || ((unsigned char)prompt.ptr[at->byte] & 0xC0) != 0x80)
            at->codepoint++;
    }
}

/* From out->first on, which begins at `at`. */
static bool place_by_text(lme_str prompt, const lme_logprobs *l, spot at, size_t *starts,
                          lme_alignment *out)
{
    bool is_ascii = out->n_codepoints == prompt.len;
    size_t i = out->first;
    for (; i < l->n && at.byte < prompt.len; i++) {
        lme_str text = token_text(l, i);
        size_t n = bytes_at(prompt, at.byte, text);
        starts[i] = at.codepoint;
        if (n == 0 && text.len > 0)
            return false;
        if (n == text.len)
            pass(text, is_ascii, &at);
        else
            pass_bytes(prompt, n, &at);
    }
    out->end = i;
    return at.byte == prompt.len;
}

/* ---- loosely ---- */

typedef struct loose {
    lme_str prompt;
    const lme_logprobs *l;
    size_t *starts;
    size_t cut;
    spot at;
    size_t i;         /* token that is read */
    size_t within;    /* byte in its text */
    size_t run_first; /* of the run that was passed last: the first token that begins in it */
    bool has_empty;   /* it has a token without a text */
    bool is_unclear;
} loose;

static bool at_replacement(const loose *w)
{
    lme_str text = token_text(w->l, w->i);
    size_t at = w->within;
    return at < text.len && lme_codepoint_next(text, &at) == REPLACEMENT;
}

/* The readable rest of the token from `within` up to its next U+FFFD. */
static lme_str readable_part(const loose *w)
{
    lme_str text = token_text(w->l, w->i);
    size_t to = lme_str_find(text, LME_STR("\xEF\xBF\xBD"), w->within);
    return lme_str_slice(text, w->within, to < text.len ? to : text.len);
}

/* Passes the run of unreadable pieces that begins here. Returns how many pieces it has. */
static size_t pass_run(loose *w)
{
    size_t n = 0;
    w->has_empty = false;
    w->run_first = w->i + (w->within > 0);
    while (w->i < w->l->n) {
        lme_str text = token_text(w->l, w->i);
        w->has_empty = w->has_empty || text.len == 0;
        if (text.len == 0 || at_replacement(w)) {
            n++;
            w->within += text.len > 0 ? MARK_BYTES : 0;
        } else if (w->within < text.len) {
            break;
        }
        if (w->within >= text.len) {
            w->i++;
            w->within = 0;
            if (w->i < w->l->n)
                w->starts[w->i] = w->at.codepoint;
        }
    }
    return n;
}

/* A piece is a byte at least: where a run of U+FFFD has as many as there are bytes up to `end`,
 * each is one, and where its tokens begin within characters is known. */
static bool place_bytes(loose *w, size_t n, spot end)
{
    spot at = w->at;
    if (w->has_empty || end.byte - at.byte != n)
        return false;
    size_t n_begun = w->i >= w->run_first ? w->within / MARK_BYTES : 0;
    for (size_t i = w->run_first; i < w->i; i++)
        n_begun += token_text(w->l, i).len / MARK_BYTES;
    pass_bytes(w->prompt, n - n_begun, &at);
    for (size_t i = w->run_first; i <= w->i && i < w->l->n; i++) {
        w->starts[i] = at.codepoint;
        if (i < w->i)
            pass_bytes(w->prompt, token_text(w->l, i).len / MARK_BYTES, &at);
    }
    return true;
}

/* Where the text after a run goes on: the only place that fits among those that n pieces reach. A
 * run up to the answer's last entry may hold the generated token, and is refused then. */
static bool end_run(loose *w, size_t n)
{
    bool is_last = w->i == w->l->n;
    if (is_last && !w->l->lists_prompt_alone)
        return false;
    lme_str next = is_last ? LME_STR("") : readable_part(w);
    spot candidate = w->at;
    spot found = {0};
    size_t n_found = 0;
    for (size_t m = 0; m <= n; m++) {
        bool ends = candidate.byte == w->prompt.len;
        if (ends ? is_last || !w->l->lists_prompt_alone
                 : !is_last && stands_at(w->prompt, candidate.byte, next)) {
            found = candidate;
            n_found++;
        }
        if (candidate.byte >= w->prompt.len || (unsigned char)w->prompt.ptr[candidate.byte] < 0x80)
            break;
        step(w->prompt, &candidate);
    }
    if (n_found != 1)
        return false;
    if (!place_bytes(w, n, found) && w->cut > w->at.codepoint && w->cut < found.codepoint)
        return false;
    /* Where a character prints with its last token, those before it may be its own. */
    if (w->has_empty && w->cut == found.codepoint && next.len > 0 &&
        (unsigned char)next.ptr[0] >= 0x80) {
        w->is_unclear = true;
        return false;
    }
    w->at = found;
    return true;
}

static bool place_readable(loose *w)
{
    lme_str part = readable_part(w);
    bool opens = w->within == 0;
    if (opens && w->prompt.ptr[w->at.byte] == ' ' && part.ptr[0] != ' ')
        step(w->prompt, &w->at);
    if (!stands_at(w->prompt, w->at.byte, part))
        return false;
    w->at.byte += part.len;
    w->at.codepoint += lme_codepoints(part);
    w->within += part.len;
    return true;
}

static bool place_loosely(lme_str prompt, const lme_logprobs *l, size_t cut, spot at,
                          size_t *starts, lme_alignment *out)
{
    loose w = {.prompt = prompt, .l = l, .starts = starts, .cut = cut, .at = at, .i = out->first};
    while (w.i < l->n && w.at.byte < prompt.len) {
        lme_str text = token_text(l, w.i);
        if (w.within == 0)
            starts[w.i] = w.at.codepoint;
        if (text.len == 0 || at_replacement(&w)) {
            size_t n = pass_run(&w);
            bool ends = end_run(&w, n);
            out->is_unclear = out->is_unclear || w.is_unclear;
            if (!ends)
                return false;
        } else if (!place_readable(&w)) {
            return false;
        }
        if (w.i < l->n && w.within >= token_text(l, w.i).len && token_text(l, w.i).len > 0) {
            w.i++;
            w.within = 0;
        }
    }
    out->end = w.i;
    return w.at.byte == prompt.len && w.within == 0;
}

/* ---- which of them ---- */

/* The first characters of a text in quotes, for the message. */
static const char *shown(lme_arena *arena, lme_str text, size_t max)
{
    lme_str whole = lme_utf8_repair(arena, lme_str_slice(text, 0, 4 * max));
    lme_value start = lme_string(lme_str_slice(whole, 0, lme_codepoint_offset(whole, max)));
    return lme_value_repr(arena, &start).ptr;
}

/* How far the tokens' texts from entry `first` on are the prompt's: bytes, and the entry that is
 * not any more. */
static size_t reach(lme_str prompt, const lme_logprobs *l, size_t first, size_t *i)
{
    size_t byte = 0;
    for (*i = first; *i < l->n && byte < prompt.len; ++*i) {
        size_t n = bytes_at(prompt, byte, token_text(l, *i));
        if (n == 0 && token_text(l, *i).len > 0)
            break;
        byte += n;
    }
    return byte;
}

/* Says where the texts leave the prompt; they do, or they would have been placed. */
static bool refuse(lme_arena *arena, lme_str prompt, const lme_logprobs *l, bool is_unclear,
                   lme_error *err)
{
    if (is_unclear)
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "the context ends in the prompt's first character, which stands in several "
                        "tokens: which of them are the continuation's cannot be told");
    size_t i, byte = reach(prompt, l, 0, &i);
    for (size_t first = 1; first <= MAX_LEADING && first < l->n; first++) {
        size_t at, farther = reach(prompt, l, first, &at);
        if (farther > byte) {
            byte = farther;
            i = at;
        }
    }
    if (i == l->n)
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "the answer's %zu tokens cover only %zu of the prompt's %zu bytes", l->n,
                        byte, prompt.len);
    return lme_fail(err, LME_ERR_SERVER, NULL,
                    "the answer's tokens are not the prompt's text: token %zu is %s where the "
                    "prompt has %s; a special token in the text, or a tokenizer that changes it",
                    i, shown(arena, token_text(l, i), 40),
                    shown(arena, lme_str_slice(prompt, byte, SIZE_MAX), 16));
}

/* The first entry has no text: what the others leave of the prompt's beginning is its own, and when
 * they leave nothing it is a special token. They must be the prompt's tokens to the last one. */
static bool place_behind_hidden(lme_str prompt, const lme_logprobs *l, size_t cut, size_t *starts,
                                lme_alignment *out)
{
    enum {
        LONGEST = 64 /* bytes of a token */
    };
    for (out->how = LME_PLACED_BY_TEXT; out->how <= LME_PLACED_LOOSELY; out->how++) {
        for (spot at = {0}; at.byte <= prompt.len && at.byte <= LONGEST; step(prompt, &at)) {
            out->first = 1;
            bool fits = out->how == LME_PLACED_BY_TEXT
                            ? place_by_text(prompt, l, at, starts, out)
                            : place_loosely(prompt, l, cut, at, starts, out);
            bool is_split = at.byte > 0 && (unsigned char)prompt.ptr[at.byte - 1] >= 0x80;
            fits = fits && !(is_split && is_unclear(l, at, cut, out));
            if (fits && out->end == l->n) {
                out->first = at.byte == 0;
                starts[0] = 0;
                return true;
            }
            if (at.byte == prompt.len)
                break;
        }
    }
    return false;
}

static bool place_somehow(lme_str prompt, const lme_logprobs *logprobs, size_t cut, size_t *starts,
                          lme_alignment *alignment)
{
    const spot start = {0};
    if (logprobs->hides_first && logprobs->n > 0)
        return place_behind_hidden(prompt, logprobs, cut, starts, alignment);
    alignment->how = LME_PLACED_BY_OFFSET;
    if (place_by_offset(prompt, logprobs, cut, starts, alignment))
        return true;
    alignment->how = LME_PLACED_BY_TEXT;
    for (size_t first = 0; first <= MAX_LEADING && first <= logprobs->n; first++) {
        alignment->first = first;
        if (place_by_text(prompt, logprobs, start, starts, alignment))
            return true;
    }
    alignment->how = LME_PLACED_LOOSELY;
    for (size_t first = 0; first <= MAX_LEADING && first <= logprobs->n; first++) {
        alignment->first = first;
        if (place_loosely(prompt, logprobs, cut, start, starts, alignment))
            return true;
    }
    return false;
}

bool lme_align(lme_arena *arena, lme_str prompt, const lme_logprobs *logprobs, size_t cut,
               lme_alignment *alignment, lme_error *err)
{
    size_t *starts = LME_ARRAY(arena, size_t, logprobs->n);
    *alignment = (lme_alignment){.starts = starts, .n_codepoints = lme_codepoints(prompt)};
    return place_somehow(prompt, logprobs, cut, starts, alignment) ||
           refuse(arena, prompt, logprobs, alignment->is_unclear, err);
}

bool lme_offsets_are_bytes(lme_str prompt, const lme_logprobs *logprobs,
                           const lme_alignment *alignment)
{
    bool differs = false;
    if (logprobs->starts == NULL)
        return false;
    for (size_t i = alignment->first; i < alignment->end; i++) {
        lme_str text = token_text(logprobs, i);
        if (text.len == 0 || lme_str_find(text, LME_STR("\xEF\xBF\xBD"), 0) < text.len)
            continue;
        size_t byte = lme_codepoint_offset(prompt, alignment->starts[i]);
        if (logprobs->starts[i].integer != (int64_t)byte)
            return false;
        differs = differs || byte != alignment->starts[i];
    }
    return differs;
}
