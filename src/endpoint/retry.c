/* The retry policy as pure functions: no clock, no dice, no network, so that a table can test it.
 *
 * Retried is what another moment may mend: a busy or starting server, a broken connection, an
 * answer that arrived damaged. A request that the server refuses as such (other 4xx) would be
 * refused again. Retries double their wait, with jitter, so that a crowd that failed together does
 * not come back together.
 */
#include "retry.h"

#include <curl/curl.h>

#include <lmeval/limits.h>
#include <lmeval/unicode.h>

/* A wait of ours is never longer; a server's Retry-After may be. */
static const uint64_t max_backoff_ms = 60000;

lme_outcome lme_outcome_of(int curl_code, long status)
{
    switch (curl_code) {
    case CURLE_OK:
        return status == 200 ? LME_OUTCOME_OK : LME_OUTCOME_STATUS;
    case CURLE_OPERATION_TIMEDOUT:
        return LME_OUTCOME_TIMEOUT;
    case CURLE_PARTIAL_FILE:
        return LME_OUTCOME_TRUNCATED;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL: /* in an answer's first line: the URL was checked before */
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        return LME_OUTCOME_CONNECTION;
    default:
        return LME_OUTCOME_TRANSPORT;
    }
}

static bool status_may_change(long status)
{
    return status == 408 || status == 409 || status == 425 || status == 429 || status >= 500;
}

static bool may_change(const lme_try *last)
{
    switch (last->outcome) {
    case LME_OUTCOME_STATUS:
        return status_may_change(last->status);
    case LME_OUTCOME_CONNECTION:
    case LME_OUTCOME_TIMEOUT:
    case LME_OUTCOME_TRUNCATED:
    case LME_OUTCOME_NOT_JSON:
    case LME_OUTCOME_ERROR:
        return true;
    case LME_OUTCOME_OK:
    case LME_OUTCOME_TOO_LARGE:
    case LME_OUTCOME_TRANSPORT:
    case LME_OUTCOMES:
        return false;
    }
    return false;
}

/* backoff * 2^(n_tries - 1), at most the bound. */
static uint64_t backoff_of(const lme_try *last)
{
    uint64_t wait = last->backoff_ms;
    for (unsigned i = 1; i < last->n_tries && wait < max_backoff_ms; i++)
        wait *= 2;
    return wait < max_backoff_ms ? wait : max_backoff_ms;
}

bool lme_retry(const lme_try *last, uint64_t *wait_ms)
{
    *wait_ms = 0;
    if (last->n_tries > last->max_retries || !may_change(last))
        return false;
    if (last->has_retry_after) {
        uint64_t asked = last->retry_after_ms;
        if (asked > LME_LIMIT_RETRY_AFTER_MS)
            asked = LME_LIMIT_RETRY_AFTER_MS;
        *wait_ms = asked + (uint64_t)(last->jitter * (double)last->backoff_ms);
        return true;
    }
    *wait_ms = (uint64_t)((0.5 + 0.5 * last->jitter) * (double)backoff_of(last));
    return true;
}

bool lme_retry_after_ms(lme_str header, int64_t now_s, uint64_t *wait_ms)
{
    lme_str text = lme_strip(header);
    double seconds;
    *wait_ms = 0;
    if (lme_str_to_double(text, &seconds)) {
        if (!(seconds >= 0))
            return false;
        double most = (double)LME_LIMIT_RETRY_AFTER_MS * 1000;
        *wait_ms = (uint64_t)(seconds * 1000 < most ? seconds * 1000 : most);
        return true;
    }
    char date[64];
    if (text.len == 0 || text.len >= sizeof date)
        return false;
    for (size_t i = 0; i < text.len; i++)
        date[i] = text.ptr[i];
    date[text.len] = '\0';
    int64_t at = (int64_t)curl_getdate(date, NULL);
    if (at < 0)
        return false;
    if (at > now_s)
        *wait_ms = (uint64_t)(at - now_s) * 1000;
    return true;
}
