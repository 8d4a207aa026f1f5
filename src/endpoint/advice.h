/* What to do about a server's error, for people. */
#ifndef LMEVAL_ENDPOINT_ADVICE_H
#define LMEVAL_ENDPOINT_ADVICE_H

#include "remark.h"

/* The hint for a status and the text that came with it; never NULL.
 *   has_key  a key was sent */
const char *lme_advice(long status, const lme_remark *said, bool has_key);

#endif
