/* An item whose choices are given letters: the question that is put to a chat, and the letters. */
#ifndef LMEVAL_ENDPOINT_LETTERED_H
#define LMEVAL_ENDPOINT_LETTERED_H

#include "path.h"
#include "probe.h"

#define LME_LETTERED_CAUTION                                                                       \
    "which letter the model answers, not the choices' loglikelihoods; not to be compared with "    \
    "these"

/* The letter of choice i, 'A' to 'Z': the choice itself where every choice is one letter, else by
 * its place. */
char lme_letter(const lme_request *request, size_t i);

/* The conversation that asks for the letter: the request's, or its context as a user's message,
 * with the choices listed behind unless they are letters already. A begun answer is left out.
 * Errors: LME_ERR_SERVER for a request without choices, or with more than 26. */
bool lme_lettered_put(lme_arena *arena, const lme_request *request, const lme_generation *how,
                      lme_request *generation, lme_error *err) LME_MUST_CHECK;

/* What the proof of a path says to people. */
typedef struct lme_lettered_words {
    const char *good;    /* a letter came */
    const char *nothing; /* an answer came, and no letter: that is no failure */
    const char *asked;   /* what failed: "a chat request" */
    const char *hint;
} lme_lettered_words;

/* Asks the path's question for the second of three choices. Refuses needs that no letter meets:
 * rolling, and continuations that are no choices. Errors: LME_ERR_SERVER, with the hint.
 *   is_refused  the server refused the request as such (400, 422) */
bool lme_lettered_probe(lme_prober *prober, unsigned needs, const lme_lettered_words *words,
                        bool *is_refused, lme_error *err) LME_MUST_CHECK;

#endif
