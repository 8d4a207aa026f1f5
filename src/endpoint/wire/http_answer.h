/* One HTTP/1 answer (RFC 9112), read where it lies while it comes in.
 *
 *     lme_http_answer answer = {.fault = words};
 *     while (!answer.is_whole) {
 *         ... add what came to `in` ...
 *         code = lme_http_answer_read(&answer, &in);
 *     }
 *
 * Strict where a lenient reader could take one answer for another. What is wrong is told by
 * libcurl's codes and words, so that it is retried and explained alike, whoever read it.
 */
#ifndef LMEVAL_ENDPOINT_HTTP_ANSWER_H
#define LMEVAL_ENDPOINT_HTTP_ANSWER_H

#include <lmeval/str.h>

typedef enum lme_coding {
    LME_CODING_NONE,
    LME_CODING_GZIP,
    LME_CODING_DEFLATE
} lme_coding;

typedef enum lme_http_stage {
    LME_HTTP_STATUS_LINE,
    LME_HTTP_FIELDS,
    LME_HTTP_COUNTED, /* a body of known length */
    LME_HTTP_UNTIL_CLOSED,
    LME_HTTP_CHUNK_SIZE,
    LME_HTTP_CHUNK,
    LME_HTTP_CHUNK_END,
    LME_HTTP_TRAILERS,
    LME_HTTP_WHOLE,
} lme_http_stage;

typedef struct lme_http_answer {
    char *fault;      /* CURL_ERROR_SIZE bytes for what is wrong; set by the caller, else zero */
    long status;      /* 0: none came */
    unsigned version; /* 10 or 11; 0: none came */
    bool is_whole;
    bool keeps;     /* when it is whole: the connection takes another request */
    bool too_large; /* past LME_LIMIT_RESPONSE */
    lme_coding coding;
    /* Fields; "" where not sent. They point into what `in` was when they came. */
    lme_str server, location, retry_after;
    size_t body_from, body_len; /* in `in`: what came of the body, without its framing */
    int64_t length;             /* announced by a whole head; -1: not */

    /* The reader's own. */
    lme_http_stage stage;
    size_t at, scanned; /* read so far; known to hold no line's end so far */
    uint64_t chunk_left;
    size_t tail_len; /* of trailers */
    bool is_chunked, says_close, says_keep, is_framing;
} lme_http_answer;

/* Whether all of its head came: before that its fields and length say nothing. */
static inline bool lme_http_has_head(const lme_http_answer *answer)
{
    return answer->stage > LME_HTTP_FIELDS;
}

/* Reads on; `in` holds all that came, and may become shorter: framing is taken out of it. At least
 * one byte came since the last call.
 * Returns CURLE_OK, or what is wrong. */
int lme_http_answer_read(lme_http_answer *answer, lme_builder *in) LME_MUST_CHECK;

/* The connection was closed: the answer is then whole, or this is what is wrong. */
int lme_http_answer_closed(lme_http_answer *answer, const lme_builder *in) LME_MUST_CHECK;

/* Bytes that are sure to come; 0: not known. */
uint64_t lme_http_answer_missing(const lme_http_answer *answer);

#endif
