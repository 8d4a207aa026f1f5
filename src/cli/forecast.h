/* What a run is going to ask, in words: the line before a run, and the page and the JSON of
 * --dry-run. */
#ifndef LMEVAL_CLI_FORECAST_H
#define LMEVAL_CLI_FORECAST_H

#include "run_options.h"

#include <lmeval/preflight.h>

/* Of one server; the pointers are the measuring's. */
typedef struct lme_forecasts {
    const lme_run_fields *given;
    lme_preflight *tasks; /* n_tasks */
    size_t n_tasks;
    lme_preflight all; /* their sums */
    const lme_profile *profile;
    lme_str base_url;
    lme_str folder;
    size_t n_resumed; /* answers in its journal */
    bool reached;     /* the server was asked */
    lme_pace pace;    /* of its probe */
    lme_trial trial;  /* of its questions; none of them in the line that a run begins with */
    lme_cost cost;    /* by the trial; in that line by the run's first answers */
    size_t room;      /* tokens of a question with its answer; 0: not known */
} lme_forecasts;

/* Fills `all`. */
void lme_forecasts_sum(lme_forecasts *forecasts);

/* "960 requests, about 41.2k prompt tokens, at most 8.2k generated, between 40 s and 50 s". */
lme_str lme_forecasts_line(lme_arena *arena, const lme_forecasts *forecasts);

/* At most 80 columns wide; and the line that a page ends with. */
lme_str lme_forecasts_text(lme_arena *arena, const lme_forecasts *forecasts);
lme_str lme_forecasts_ending(lme_arena *arena, bool reached, size_t n_tried);

lme_value lme_forecasts_value(lme_arena *arena, const lme_forecasts *forecasts);
/* {"low": ..., "high": ...}; null where it is not known. */
lme_value lme_forecasts_span(lme_arena *arena, bool known, lme_span span);
lme_str lme_forecasts_json(lme_arena *arena, const lme_value *value);

/* Requests of one kind, or of all (NULL), that ask what another one asks. */
size_t lme_forecast_same(const lme_forecast *forecast);
const char *lme_forecast_kind(lme_request_kind kind);
lme_forecast lme_forecast_of(const lme_preflight *preflight); /* all kinds together */

/* Three digits: "412", "41.2k", "31.2M". */
lme_str lme_forecast_rounded(lme_arena *arena, double n);
/* "960 requests", "15 to 17 requests". */
void lme_forecast_add_requests(lme_builder *out, const lme_outlay *outlay);

#endif
