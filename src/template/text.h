/* Python's str operations that filters and methods share. Positions are code points where Python's
 * are; bytes stay inside. */
#ifndef LMEVAL_TEMPLATE_TEXT_H
#define LMEVAL_TEMPLATE_TEXT_H

#include "arguments.h"

/* str.replace.
 *   count  how many from the left; negative: all */
bool lme_text_replace(const lme_invocation *use, lme_str text, const lme_str pair[2], int64_t count,
                      lme_str *result, lme_error *err) LME_MUST_CHECK;

enum {
    LME_STRIP_LEFT = 1,
    LME_STRIP_RIGHT = 2,
};
/* str.strip and its halves.
 *   characters  NULL: whitespace */
lme_str lme_text_strip(lme_str text, const lme_str *characters, unsigned sides);

/* Adds code points in front and behind; the width was checked. */
bool lme_text_pad(const lme_invocation *use, lme_str text, size_t before, size_t behind,
                  uint32_t fill, lme_str *result, lme_error *err) LME_MUST_CHECK;

/* str.center: the odd blank goes where CPython puts it. */
bool lme_text_center(const lme_invocation *use, lme_str text, int64_t width, uint32_t fill,
                     lme_str *result, lme_error *err) LME_MUST_CHECK;

/* str.splitlines: at every line end that Unicode knows. */
bool lme_text_lines(const lme_invocation *use, lme_str text, bool keep_ends,
                    lme_list_builder *lines, lme_error *err) LME_MUST_CHECK;

lme_str lme_text_reverse(lme_arena *arena, lme_str text);

#endif
