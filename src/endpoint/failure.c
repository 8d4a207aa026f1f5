/* One sentence an outcome; what the server said is quoted, secrets taken out of it. */
#include "failure.h"

#include "answer.h"

#include <lmeval/limits.h>

static lme_str status_text(lme_arena *arena, const lme_exchange *x, const lme_secrets *secrets)
{
    if (x->location.len == 0)
        return lme_answer_error(arena, NULL, x->answer, secrets);
    lme_str there = lme_secrets_hide(arena, secrets, x->location);
    return lme_str_format(arena, "the server points to %.*s instead", LME_STR_ARG(there));
}

/* Text of what should have been JSON, and is often a page or a stream of events (SSE). */
static lme_str not_json_text(lme_arena *arena, const lme_exchange *x, const lme_secrets *secrets)
{
    static const char *const fields[] = {"data:", "event:", "id:", "retry:", ": "};
    bool is_stream = false;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        is_stream = is_stream || lme_str_starts(x->answer, lme_str_from(fields[i]));
    lme_str said = lme_answer_error(arena, NULL, x->answer, secrets);
    return lme_str_format(arena, "HTTP 200 with %s: %.*s",
                          is_stream ? "a stream of events, which was not asked for"
                                    : "a body that is not JSON",
                          LME_STR_ARG(said));
}

static lme_str outcome_text(lme_arena *arena, const lme_exchange *x, const lme_secrets *secrets)
{
    switch (x->outcome) {
    case LME_OUTCOME_OK:
        return LME_STR("");
    case LME_OUTCOME_STATUS:
        return lme_str_format(arena, "HTTP %ld: %.*s", x->status,
                              LME_STR_ARG(status_text(arena, x, secrets)));
    case LME_OUTCOME_NOT_JSON:
        return not_json_text(arena, x, secrets);
    case LME_OUTCOME_ERROR:
        return lme_str_format(arena, "HTTP 200 with an error: %.*s",
                              LME_STR_ARG(lme_answer_error(arena, NULL, x->answer, secrets)));
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

lme_str lme_failure_text(lme_arena *arena, const lme_exchange *exchange, const lme_secrets *secrets)
{
    lme_str text = outcome_text(arena, exchange, secrets);
    if (exchange->n_tries <= 1 || text.len == 0)
        return text;
    return lme_str_format(arena, "%.*s (%u tries)", LME_STR_ARG(text), exchange->n_tries);
}
