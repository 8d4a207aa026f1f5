/* Scoring by echo, for the paths that rest on it: path/echo.c. */
#ifndef LMEVAL_ENDPOINT_ECHO_H
#define LMEVAL_ENDPOINT_ECHO_H

#include "path.h"

/* As lme_path's encode. */
lme_str lme_echo_encode(lme_arena *arena, const lme_form *form, const lme_request *request);

/* As lme_path's decode.
 *   drops_last  the answer's last entry is left out, even when it is the prompt's own */
bool lme_echo_read(lme_arena *arena, const lme_request *request, const lme_value *answer,
                   bool drops_last, lme_response *response, lme_error *err) LME_MUST_CHECK;

#endif
