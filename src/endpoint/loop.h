/* The sockets of libcurl's multi interface, and others beside them, under one poll(2).
 *
 * curl_multi_perform would look at every open transfer each time one of them moves; here only those
 * that moved are touched (curl_multi_socket_action).
 */
#ifndef LMEVAL_ENDPOINT_LOOP_H
#define LMEVAL_ENDPOINT_LOOP_H

#include "turns.h"

#include <curl/curl.h>

typedef struct lme_loop lme_loop;

/*   turns  is told of every wait; as long as the loop */
lme_loop *lme_loop_new(CURLM *multi, lme_turns *turns);
void lme_loop_free(lme_loop *loop); /* after curl_multi_cleanup; NULL is a no-op */

/* Called when something can be done with the socket.
 *   events  of poll(2); some may be old news: an earlier call of the same turn may have acted */
typedef void lme_loop_ready(void *context, int events);

/* Watches a socket that is none of libcurl's; again, for other events. */
void lme_loop_watch(lme_loop *loop, int fd, int events, lme_loop_ready *call, void *context);
/* Before it is closed. */
void lme_loop_forget(lme_loop *loop, int fd);

/* Waits for sockets or libcurl's timer, at most timeout_ms, and lets libcurl act. A signal ends the
 * wait early. Errors: LME_ERR_IO. */
bool lme_loop_turn(lme_loop *loop, uint64_t timeout_ms, lme_error *err) LME_MUST_CHECK;

/* A clock that never goes back. */
uint64_t lme_now_ms(void);
uint64_t lme_now_ns(void);

#endif
