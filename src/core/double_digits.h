/* A double and its decimal digits, and the text that Python makes of them. Private to core. */
#ifndef LMEVAL_CORE_DOUBLE_DIGITS_H
#define LMEVAL_CORE_DOUBLE_DIGITS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* |value| = D.DDDD * 10^exponent with the fewest digits that read back to the same double. */
typedef struct lme_digits {
    char digits[24]; /* '0' to '9', no NUL; 0.0 is one '0' */
    int n;           /* 1 to 17 */
    int exponent;
} lme_digits;

/* value must be finite; its sign is not looked at. */
void lme_double_digits(double value, lme_digits *digits);

/* The nearest double to a whole text "-12.5e3". False when it is no such number or overflows. */
bool lme_double_read(const char *text, size_t length, double *value);

/* Python's repr(float) into `text`, with a NUL. Returns its length. */
enum {
    LME_DOUBLE_TEXT = 32
};
size_t lme_double_text(char text[LME_DOUBLE_TEXT], double value);

#ifdef __cplusplus
}
#endif

#endif
