/* Asking for text, and reading it. */
#ifndef LMEVAL_ENDPOINT_GENERATE_H
#define LMEVAL_ENDPOINT_GENERATE_H

#include "path.h"

/* As lme_path's encode and decode; the text is used as the server sent it. */
lme_str lme_generate_encode(lme_arena *arena, const lme_form *form, const lme_request *request);
bool lme_generate_decode(lme_arena *arena, const lme_request *request, const lme_value *answer,
                         lme_response *response, lme_error *err) LME_MUST_CHECK;

#endif
