/* Events of a text/event-stream body that came whole (WHATWG HTML, 9.2.6; servers 3.16). */
#ifndef LMEVAL_ENDPOINT_SSE_H
#define LMEVAL_ENDPOINT_SSE_H

#include <lmeval/str.h>

typedef struct lme_sse_event {
    lme_str data;  /* its `data` lines with newlines between; in the arena, or the body's */
    lme_str error; /* of a line `error: ...`, as llama-server wrote errors; "" without one */
} lme_sse_event;

/* Takes the next event with data or an error from the body's rest. Lines end in LF, CRLF or CR;
 * comments, empty events and other fields are passed over; the last event need not end in an empty
 * line. False when there is none left. */
bool lme_sse_next(lme_arena *arena, lme_str *rest, lme_sse_event *event);

#endif
