/* The system_fingerprint of answers: OpenAI's word for which model and settings made them. */
#ifndef LMEVAL_ENDPOINT_FINGERPRINTS_H
#define LMEVAL_ENDPOINT_FINGERPRINTS_H

#include <lmeval/endpoint.h>

enum {
    LME_FINGERPRINTS = 16,      /* told apart; the last one counts for all that come later */
    LME_FINGERPRINT_BYTES = 64, /* kept of one */
};

typedef struct lme_fingerprints {
    lme_system_fingerprint seen[LME_FINGERPRINTS];
    char texts[LME_FINGERPRINTS][LME_FINGERPRINT_BYTES];
    size_t n;
} lme_fingerprints;

/* Counts the fingerprint of an answer, where it has one.
 *   server  index of the one that answered */
void lme_fingerprints_count(lme_fingerprints *fingerprints, size_t server, const lme_value *answer);

#endif
