/* Numbers and quoted texts as Python spells them; shared by templates and literal_eval. */
#ifndef LMEVAL_TEMPLATE_CONSTANT_H
#define LMEVAL_TEMPLATE_CONSTANT_H

#include <lmeval/value.h>

/* Digits with underscores, 0x 0o 0b in front; false when 64 bits cannot hold it. */
bool lme_constant_integer(lme_str text, int64_t *value) LME_MUST_CHECK;

/* Python's int(text, base): blanks around, signs, underscores. False when the text is no number.
 *   base       0: as the text's prefix says
 *   too_large  set when it is a number, but one that 64 bits cannot hold */
bool lme_read_integer(lme_str text, int64_t base, int64_t *value, bool *too_large) LME_MUST_CHECK;

typedef enum lme_escapes {
    LME_ESCAPES_PYTHON,
    LME_ESCAPES_JINJA, /* a backslash before a non-ASCII character gives that one's escape */
} lme_escapes;

/* The text that the inside of the quotes stands for; NULL, or why it stands for none. */
const char *lme_constant_text(lme_arena *arena, lme_str inside, lme_escapes escapes,
                              lme_str *text) LME_MUST_CHECK;

#endif
