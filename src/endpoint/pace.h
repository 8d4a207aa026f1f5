/* What a probe's answers tell of those to come: how many tokens the server makes of a text, and how
 * quickly it answers. The probe's questions are tiny: the first is a fair estimate for others, the
 * second bounds them from below. */
#ifndef LMEVAL_ENDPOINT_PACE_H
#define LMEVAL_ENDPOINT_PACE_H

#include <lmeval/endpoint.h>

/* Sums over prompts: x their bytes, y the tokens that the server counted. */
typedef struct lme_token_counts {
    double n, x, y, xx, xy;
} lme_token_counts;

typedef struct lme_timings {
    lme_token_counts texts, chats; /* chats: of one message */
    double quickest_s, token_s;    /* 0: none yet */
} lme_timings;

double lme_timings_now(void); /* seconds of a clock that never goes back */

/* Takes in one answer to a question of the probe's.
 *   body     JSON that was sent
 *   answer   to it, without error
 *   seconds  it took; 0: other things were waited for as well */
void lme_timings_take(lme_timings *timings, lme_str body, const lme_value *answer, double seconds);

/* What they come to: tokens are fitted to the bytes by least squares. */
lme_pace lme_timings_pace(const lme_timings *timings, bool chats);

#endif
