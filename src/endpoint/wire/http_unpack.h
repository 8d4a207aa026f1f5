/* Bodies that were sent compressed. */
#ifndef LMEVAL_ENDPOINT_HTTP_UNPACK_H
#define LMEVAL_ENDPOINT_HTTP_UNPACK_H

#include "http_answer.h"

/* Returns CURLE_OK with the text in arena, LME_JSON_PADDING bytes behind it; else what is wrong, in
 * `fault`.
 *   coding     not NONE
 *   packed     a whole body; nothing is packed nothing
 *   too_large  it would be larger than LME_LIMIT_RESPONSE
 *   fault      CURL_ERROR_SIZE bytes */
int lme_http_unpack(lme_arena *arena, lme_coding coding, lme_str packed, lme_str *text,
                    bool *too_large, char *fault) LME_MUST_CHECK;

#endif
