/* Code points, and the character classes of Python's str methods (utf8proc's tables). */
#ifndef LMEVAL_UNICODE_H
#define LMEVAL_UNICODE_H

#include <lmeval/str.h>

/* Whole text valid UTF-8: no overlong forms, no surrogates, nothing past U+10FFFF. */
bool lme_utf8_valid(lme_str s);

/* A text with every bad byte replaced by U+FFFD; the argument itself when it is valid. */
lme_str lme_utf8_repair(lme_arena *arena, lme_str s);

/* The first len bytes at most, ending where a code point does; the argument when it has no more. */
lme_str lme_utf8_cut(lme_str s, size_t len);

/* Number of code points of valid UTF-8. */
size_t lme_codepoints(lme_str s);

/* Decodes the code point at byte *at and moves *at behind it; a bad byte gives U+FFFD and moves
 * one. *at must be below s.len. */
uint32_t lme_codepoint_next(lme_str s, size_t *at);

/* Byte offset of code point `index`; s.len when there are fewer. */
size_t lme_codepoint_offset(lme_str s, size_t index);

bool lme_is_space(uint32_t codepoint);       /* str.isspace, and what strip() removes */
bool lme_is_digit(uint32_t codepoint);       /* str.isdigit: superscripts count */
int lme_decimal_value(uint32_t codepoint);   /* 0 ... 9 of any script; -1: category not Nd */
bool lme_is_alpha(uint32_t codepoint);       /* str.isalpha */
bool lme_is_punctuation(uint32_t codepoint); /* category P* */
bool lme_is_symbol(uint32_t codepoint);      /* category S* */
bool lme_is_numeral(uint32_t codepoint);     /* category N* */
bool lme_is_upper(uint32_t codepoint);
bool lme_is_lower(uint32_t codepoint);

/* str.isdigit of a whole text: false for "". */
bool lme_str_is_digit(lme_str s);

/* str.strip, lstrip, rstrip without arguments; a slice of s. */
lme_str lme_strip(lme_str s);
lme_str lme_lstrip(lme_str s);
lme_str lme_rstrip(lme_str s);

/* str.lower, upper, title, capitalize; full mappings (U+00DF gives SS), final sigma. */
lme_str lme_lower(lme_arena *arena, lme_str s);
lme_str lme_upper(lme_arena *arena, lme_str s);
lme_str lme_title(lme_arena *arena, lme_str s);
lme_str lme_capitalize(lme_arena *arena, lme_str s);

/* Columns that the text takes in a terminal (wide characters count 2, combining marks 0). */
size_t lme_display_width(lme_str s);

#endif
