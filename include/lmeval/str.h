/* Text: a slice of bytes, UTF-8 unless said otherwise, and a builder that makes one.
 *
 * lme_str never owns its bytes and is not NUL-terminated; pass it by value. What a function returns
 * lives in the arena it was given, or points into its argument.
 *
 *     lme_builder text = {.arena = arena};
 *     lme_builder_add(&text, name);
 *     lme_builder_format(&text, ": %zu", n);
 *     lme_str line = lme_builder_finish(&text);
 */
#ifndef LMEVAL_STR_H
#define LMEVAL_STR_H

#include <lmeval/arena.h>
#include <lmeval/error.h>

typedef struct lme_str {
    const char *ptr;
    size_t len; /* bytes */
} lme_str;

#define LME_STR(literal) ((lme_str){(literal), sizeof(literal) - 1})
/* For "%.*s" in printf formats. */
#define LME_STR_ARG(s) ((int)(s).len), ((s).ptr)

lme_str lme_str_from(const char *text); /* of a C string, borrowed; NULL gives "" */
bool lme_str_equal(lme_str a, lme_str b);
bool lme_str_is(lme_str a, const char *text);
int lme_str_compare(lme_str a, lme_str b); /* byte order, as memcmp */
bool lme_str_starts(lme_str s, lme_str prefix);
bool lme_str_ends(lme_str s, lme_str suffix);

/* Bytes from `from` up to, not including, `to`; both are clamped to the length. */
lme_str lme_str_slice(lme_str s, size_t from, size_t to);

/* Byte offset of the first `part` at or after `from`; SIZE_MAX when there is none. */
size_t lme_str_find(lme_str s, lme_str part, size_t from);

/* Copies into the arena, with a NUL behind (not counted in len). */
lme_str lme_str_copy(lme_arena *arena, lme_str s);
const char *lme_str_cstr(lme_arena *arena, lme_str s);
lme_str lme_str_concat(lme_arena *arena, lme_str a, lme_str b);
lme_str lme_str_format(lme_arena *arena, const char *format, ...) LME_PRINTF(2, 3);

/* s with every `from` (not empty) replaced by `to`. */
lme_str lme_str_replace(lme_arena *arena, lme_str s, lme_str from, lme_str to);

/* The candidate nearest to `word` by edit distance (adjacent swaps count one), "" when none is near
 * enough to be meant: at most a third of the word's length, and at most 3. `-` and `_` are equal.
 */
lme_str lme_str_nearest(lme_str word, const lme_str *candidates, size_t n);

/* Whole-text number readers: no leading blanks or plus, no trailing bytes, no locale, no "inf" or
 * "nan". False also when it is too large; a double too small is 0. */
bool lme_str_to_int(lme_str s, int64_t *value) LME_MUST_CHECK;
bool lme_str_to_double(lme_str s, double *value) LME_MUST_CHECK;

/* Grows in the arena; a zero-initialised one with .arena set is ready. */
typedef struct lme_builder {
    lme_arena *arena;
    char *ptr;
    size_t len, capacity;
} lme_builder;

void lme_builder_add(lme_builder *b, lme_str s);
void lme_builder_char(lme_builder *b, char c);
void lme_builder_codepoint(lme_builder *b, uint32_t codepoint); /* as UTF-8 */
void lme_builder_int(lme_builder *b, int64_t number);           /* in decimal */
void lme_builder_format(lme_builder *b, const char *format, ...) LME_PRINTF(2, 3);
/* Makes room for n more bytes and returns where they go; the caller then adds to b->len. */
char *lme_builder_reserve(lme_builder *b, size_t n);
/* The text so far; a NUL stands behind it. The builder may go on growing. */
lme_str lme_builder_finish(lme_builder *b);

#endif
