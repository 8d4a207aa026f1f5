/* The hub as the command line and the environment describe it. */
#ifndef LMEVAL_CLI_HUB_H
#define LMEVAL_CLI_HUB_H

#include <lmeval/hub.h>

/* $LMEVAL_HUB_URL or the hub's own address, the token of $HF_TOKEN (or of the file that
 * $HF_TOKEN_PATH names), the user's cache; progress goes to stderr. Lives as long as arena.
 *   offline  nothing is fetched; $HF_HUB_OFFLINE or $HF_DATASETS_OFFLINE says so, too */
const lme_hub *lme_hub_from_environment(lme_arena *arena, bool offline);

#endif
