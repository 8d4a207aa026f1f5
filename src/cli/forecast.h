/* What a run is going to ask, in words: the line before a run, and the page and the JSON of
 * --dry-run. */
#ifndef LMEVAL_CLI_FORECAST_H
#define LMEVAL_CLI_FORECAST_H

#include "run_options.h"

#include <lmeval/preflight.h>

typedef struct lme_forecasts {
    const lme_run_fields *given;
    const lme_preflight *tasks; /* n_tasks */
    size_t n_tasks;
    lme_preflight all; /* their sums */
    const lme_profile *profile;
    lme_str base_url;
    lme_str folder;
    size_t n_resumed; /* answers in its journal */
    bool reached;     /* the server was asked */
    lme_pace pace;    /* of its probe */
    size_t room;      /* tokens of a question with its answer; 0: not known */
} lme_forecasts;

/* Fills `all`. */
void lme_forecasts_sum(lme_forecasts *forecasts);

/* "960 requests, about 41.2k prompt tokens, at least 0:12". */
lme_str lme_forecasts_line(lme_arena *arena, const lme_forecasts *forecasts);

/* At most 80 columns wide. */
lme_str lme_forecasts_text(lme_arena *arena, const lme_forecasts *forecasts);
lme_str lme_forecasts_json(lme_arena *arena, const lme_forecasts *forecasts);

/* Seconds that the run takes at least; 0: nothing supports a number. */
double lme_forecasts_seconds(const lme_forecasts *forecasts);

/* Seconds for all generations as long as they may be, by the probe's; 0 as well. */
double lme_forecasts_longest(const lme_forecasts *forecasts);

/* Requests of one kind, or of all (NULL), that ask what another one asks. */
size_t lme_forecast_same(const lme_forecast *forecast);
const char *lme_forecast_kind(lme_request_kind kind);
lme_forecast lme_forecast_of(const lme_preflight *preflight); /* all kinds together */

#endif
