/* How a run's requests were spread over time and servers: for run.json, and a line at the end. */
#ifndef LMEVAL_CLI_DISPATCH_H
#define LMEVAL_CLI_DISPATCH_H

#include "output.h"
#include "progress.h"

/* {"mode": "fixed", "limit": 8}, or of auto also how it went: its first, last and highest limit,
 * the cuts and the course. */
lme_value lme_dispatch_concurrency(lme_arena *arena, const lme_run_record *record);

/* One map a server: its URL, and what came of the tries there. */
lme_value lme_dispatch_servers(lme_arena *arena, const lme_run_record *record);

/* The client's own share of the time, its processor time and memory. */
lme_value lme_dispatch_client(lme_arena *arena, const lme_run_record *record);

/* One map a system_fingerprint: whose, its text, and how many answers had it. */
lme_value lme_dispatch_fingerprints(lme_arena *arena, const lme_run_record *record);

/* On stderr, once, as soon as questions do not fit into a context that the server's slots share.
 *   said  whether it was */
void lme_say_crowded(const lme_endpoint *endpoint, lme_progress_view *view, bool *said);

/* What the numbers suffer from, whatever else is left unsaid: parameters that the server refused,
 * secrets in answers, and a fingerprint that changed.
 *   folder  of one of several runs; "" of the only one */
void lme_say_cautions(const lme_run_record *record, lme_str folder);

/* How it was spread, in words on stderr: nothing for a fixed concurrency and one server, of the
 * client's share only when the server waited for it. */
void lme_say_dispatch(const lme_run_record *record);

#endif
