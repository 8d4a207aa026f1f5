/* What a run asks, as the conditions that its journal keeps (lme_condition). */
#ifndef LMEVAL_CLI_CONDITIONS_H
#define LMEVAL_CLI_CONDITIONS_H

#include "run_options.h"

#include <lmeval/run.h>

typedef struct lme_asked {
    const lme_run_fields *given;
    const lme_opened_tasks *opened;
    lme_str base_url;
    const lme_profile *profile;
} lme_asked;

/* Names of those that stand for the server: what a run without one reads back. */
#define LME_CONDITION_SERVER   "server"
#define LME_CONDITION_MODEL    "model"
#define LME_CONDITION_SOFTWARE "server software"
#define LME_CONDITION_PATH     "scoring path"
#define LME_CONDITION_LENGTH   "max-length"
#define LME_CONDITION_TRUNCATE "truncate"
#define LME_CONDITION_PREFIX   "prefix-token"
#define LME_CONDITION_BOS      "BOS tokens"
#define LME_CONDITION_TEMPLATE "chat template"

/* Everything that the answers rest on; what only scores them is left out. In arena. */
const lme_condition *lme_conditions_make(lme_arena *arena, const lme_asked *asked, size_t *n);

#endif
