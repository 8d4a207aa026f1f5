/* How long something takes, as people say it. */
#ifndef LMEVAL_CLI_DURATION_H
#define LMEVAL_CLI_DURATION_H

#include <lmeval/preflight.h>

/* Two digits' worth, rounded up: "under 1 s", "7 s", "2 min 30 s", "45 min", "3 h 20 min", "52 h".
 */
lme_str lme_duration(lme_arena *arena, double seconds);

/* "about 40 s"; "between 2 min 10 s and 5 min" where the ends differ; "more than 40 s". */
lme_str lme_duration_span(lme_arena *arena, lme_span seconds);

#endif
