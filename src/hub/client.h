/* HTTP to the hub: a few GETs at once, retried as it asks, and downloads that go on. */
#ifndef LMEVAL_HUB_CLIENT_H
#define LMEVAL_HUB_CLIENT_H

#include <lmeval/hub.h>

typedef struct lme_hub_answer {
    long status; /* final; 0: none came, `failure` says why */
    lme_str body;
    lme_str revision; /* X-Revision */
    lme_str failure;
} lme_hub_answer;

enum {
    LME_HUB_PARALLEL = 4 /* requests at once: polite to a shared service */
};

/* Asks n <= LME_HUB_PARALLEL addresses at once. 408, 429, 5xx and broken connections are tried
 * again (429 after what Retry-After says); whatever is left is in the answers.
 * Errors: none but libcurl's own refusal to start. */
bool lme_hub_get(lme_arena *arena, const lme_hub *hub, const lme_str *urls, size_t n,
                 lme_hub_answer *answers, lme_error *err) LME_MUST_CHECK;

/* A file; what an earlier try left in `path` is kept and gone on from.
 * Errors: LME_ERR_NETWORK, LME_ERR_IO, LME_ERR_DATA for a refusal. */
bool lme_hub_download(lme_arena *arena, const lme_hub *hub, lme_str url, const char *path,
                      lme_hub_progress *progress, lme_error *err) LME_MUST_CHECK;

/* The text as a part of an address. */
lme_str lme_hub_escape(lme_arena *arena, lme_str text);

/* "the hub says: ..." of an answer that is no 200, with what to do. Returns false. */
bool lme_hub_refused(lme_arena *arena, const lme_hub *hub, const lme_hub_split *split,
                     const lme_hub_answer *answer, lme_error *err);

#endif
