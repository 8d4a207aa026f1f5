/* The first answers of a run, kept so that they can be asked for again when a server was away: the
 * same model gives them again. A few of each kind of request (recheck.h), none that is drawn. */
#ifndef LMEVAL_RUN_WITNESS_H
#define LMEVAL_RUN_WITNESS_H

#include <lmeval/sample.h>

enum {
    LME_WITNESSES = 3 /* two different models may agree on one sure answer, hardly on three */
};

typedef struct lme_witness {
    lme_request request;
    lme_str body;
    lme_response response;
} lme_witness;

typedef struct lme_witnesses {
    lme_arena *arena; /* NULL: none was kept yet */
    lme_witness of[LME_REQUEST_KINDS][LME_WITNESSES];
    size_t n[LME_REQUEST_KINDS];
} lme_witnesses;

/* Keeps a copy, unless there are enough of its kind.
 *   response  state OK */
void lme_witness_keep(lme_witnesses *witnesses, const lme_request *request, lme_str body,
                      const lme_response *response);
void lme_witnesses_free(lme_witnesses *witnesses);

#endif
