/* How a server is reached beside its URL (lme_network): checked, and told to libcurl. */
#ifndef LMEVAL_ENDPOINT_NETWORK_H
#define LMEVAL_ENDPOINT_NETWORK_H

#include "secret.h"

#include <curl/curl.h>

#include <lmeval/endpoint.h>

/* Checks it and copies its texts into arena.
 * Errors: LME_ERR_USAGE for a header that cannot be sent (its value is not shown) or a key without
 * its certificate; LME_ERR_IO for a file that cannot be read. */
bool lme_network_read(lme_arena *arena, const lme_network *given, lme_network *network,
                      lme_error *err) LME_MUST_CHECK;

/* True when a header of that name is given. */
bool lme_network_has(const lme_network *network, const char *name);

/* Adds the values of its headers. */
void lme_network_secrets(lme_arena *arena, const lme_network *network, lme_secrets *secrets);

/* Sets a handle up; the headers are the caller's to set. */
void lme_network_apply(const lme_network *network, CURL *easy);

/* What to do about a failure of libcurl's, for people; NULL when there is no better word than that
 * nobody answers.
 *   secure  over TLS
 *   code    CURLcode
 *   fault   libcurl's words */
const char *lme_network_advice(const lme_network *network, bool secure, int code,
                               const char *fault);

#endif
