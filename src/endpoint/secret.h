/* Texts that must not be shown: the API key, the values of headers. */
#ifndef LMEVAL_ENDPOINT_SECRET_H
#define LMEVAL_ENDPOINT_SECRET_H

#include <lmeval/str.h>

typedef struct lme_secret {
    lme_str text;
    const char *shown; /* what stands in its place */
} lme_secret;

typedef struct lme_secrets {
    lme_secret *items;
    size_t n;
} lme_secrets;

/* Adds one; "" is none. The texts live as long as arena. */
void lme_secrets_add(lme_arena *arena, lme_secrets *secrets, lme_str text, const char *shown);

/* Adds what a header's value holds: all of it, and each of its words, so that "Bearer KEY" is not
 * found out by its second half. What is shorter than four bytes would spoil every text and hides
 * nothing: it is left out. */
void lme_secrets_add_header(lme_arena *arena, lme_secrets *secrets, lme_str value);

/* The text without them, which lives as long as arena and text; NULL: there are none. */
lme_str lme_secrets_hide(lme_arena *arena, const lme_secrets *secrets, lme_str text);

/* The same for what a model wrote: of secrets that cannot stand there by chance. Many a server
 * takes any key, and is given "EMPTY" or "none": words that an answer may have, and is scored with.
 */
lme_str lme_secrets_hide_long(lme_arena *arena, const lme_secrets *secrets, lme_str text);

#endif
