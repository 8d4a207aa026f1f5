/* A server's profile, written: what `lmeval probe` prints, and run.json keeps. */
#ifndef LMEVAL_CLI_PROFILE_H
#define LMEVAL_CLI_PROFILE_H

#include <lmeval/endpoint.h>

/* For people, 80 columns: what can be run, then what was asked, found, and what it means. */
lme_str lme_profile_text(lme_arena *arena, lme_str base_url, const lme_profile *profile);

/* All of it: the JSON of `lmeval probe --format json` and of run.json. null without findings, as
 * of a run that asked no server. */
lme_value lme_profile_value(lme_arena *arena, lme_str base_url, const lme_profile *profile);

#endif
