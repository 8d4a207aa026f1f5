/* Questions that are kept beyond the sample that they are of. */
#ifndef LMEVAL_RUN_REQUEST_H
#define LMEVAL_RUN_REQUEST_H

#include <lmeval/sample.h>

/* A copy with all its texts. */
lme_request lme_request_copy(lme_arena *arena, const lme_request *request);

#endif
