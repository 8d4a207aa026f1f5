/* How a try goes over the network: by libcurl, or, where it is plain HTTP/1.1 and nothing else, by
 * sockets of ours that libcurl has connected.
 *
 *     lme_wires_begin(wires, t, &err);
 *     lme_wires_turn(wires, 1000, &err);
 *     while ((t = lme_wires_take(wires)) != NULL)
 *         ... t->exchange has what came of it ...
 */
#ifndef LMEVAL_ENDPOINT_WIRES_H
#define LMEVAL_ENDPOINT_WIRES_H

#include "transfer.h"
#include "turns.h"

typedef struct lme_wires lme_wires;

/*   options  must stay
 *   headers  n_headers of every request, each "Name: value" with a NUL behind; must stay
 *   turns    is told of every wait; must stay */
lme_wires *lme_wires_open(const lme_transport_options *options, const lme_str *headers,
                          size_t n_headers, lme_turns *turns);
void lme_wires_close(lme_wires *wires); /* drops what is open; NULL is a no-op */

/* Begins a try by the transfer's route. Errors: LME_ERR_IO when libcurl refuses. */
bool lme_wires_begin(lme_wires *wires, lme_transfer *t, lme_error *err) LME_MUST_CHECK;

/* Waits for the network, at most timeout_ms, and acts on it. Errors: LME_ERR_IO. */
bool lme_wires_turn(lme_wires *wires, uint64_t timeout_ms, lme_error *err) LME_MUST_CHECK;

/* One whose try has ended; NULL: none has. Its code, fault, status, answer and headers are set;
 * behind the answer there are LME_JSON_PADDING bytes. */
lme_transfer *lme_wires_take(lme_wires *wires);

#endif
