/* One sentence an outcome; what the server said is quoted, the key taken out of it. */
#include "failure.h"

#include "answer.h"

#include <lmeval/limits.h>

static lme_str status_text(lme_arena *arena, const lme_exchange *x, lme_str secret)
{
    if (x->location.len == 0)
        return lme_answer_error(arena, NULL, x->answer, secret);
    lme_str there = x->location;
    if (secret.len > 0)
        there = lme_str_replace(arena, there, secret, LME_STR("[api key]"));
    return lme_str_format(arena, "the server points to %.*s instead", LME_STR_ARG(there));
}

static lme_str outcome_text(lme_arena *arena, const lme_exchange *x, lme_str secret)
{
    switch (x->outcome) {
    case LME_OUTCOME_OK:
        return LME_STR("");
    case LME_OUTCOME_STATUS:
        return lme_str_format(arena, "HTTP %ld: %.*s", x->status,
                              LME_STR_ARG(status_text(arena, x, secret)));
    case LME_OUTCOME_NOT_JSON:
        return lme_str_format(arena, "HTTP 200 with a body that is not JSON: %.*s",
                              LME_STR_ARG(lme_answer_error(arena, NULL, x->answer, secret)));
    case LME_OUTCOME_ERROR:
        return lme_str_format(arena, "HTTP 200 with an error: %.*s",
                              LME_STR_ARG(lme_answer_error(arena, NULL, x->answer, secret)));
    case LME_OUTCOME_TOO_LARGE:
        return lme_str_format(arena, "the answer is larger than %u MB or nested deeper than %d",
                              LME_LIMIT_RESPONSE >> 20, LME_LIMIT_DEPTH);
    case LME_OUTCOME_TRUNCATED:
        return lme_str_format(arena, "the answer broke off: %s", x->fault);
    case LME_OUTCOME_CONNECTION:
    case LME_OUTCOME_TIMEOUT:
        return lme_str_format(arena, "no answer: %s", x->fault);
    case LME_OUTCOME_TRANSPORT:
    case LME_OUTCOMES:
        return lme_str_copy(arena, lme_str_from(x->fault));
    }
    return LME_STR("");
}

lme_str lme_failure_text(lme_arena *arena, const lme_exchange *exchange, lme_str secret)
{
    lme_str text = outcome_text(arena, exchange, secret);
    if (exchange->n_tries <= 1 || text.len == 0)
        return text;
    return lme_str_format(arena, "%.*s (%u tries)", LME_STR_ARG(text), exchange->n_tries);
}
