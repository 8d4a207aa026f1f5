/* The log-probabilities of a completion answer: choices[0].logprobs with its four arrays, as
 * OpenAI's completions API has them, checked before anything is summed.
 */
#ifndef LMEVAL_ENDPOINT_LOGPROBS_H
#define LMEVAL_ENDPOINT_LOGPROBS_H

#include <lmeval/value.h>

typedef struct lme_logprobs {
    lme_arena *arena;        /* for what is read late */
    const lme_value *tokens; /* n texts */
    const lme_value *values; /* n numbers or nulls; unread ones may be other than they look */
    const lme_value *tops;   /* n maps text -> number, or nulls, or unread; NULL: not sent */
    const lme_value *starts; /* n text_offset integers; NULL: not sent, or all negative */
    size_t n;
    lme_str text;            /* choices[0].text; "" when there is none */
    lme_str finish;          /* finish_reason */
    int64_t n_prompt_tokens; /* usage.prompt_tokens; 0: not told */
    bool tops_by_id;  /* the keys of tops are token ids, else texts: those of one text share one */
    bool hides_first; /* the first entry has neither text nor value */
    bool drops_last;  /* the last entry is left out, even when it is the prompt's own */
    bool lists_prompt_alone; /* no entry is of a generated token */
} lme_logprobs;

/* The lists that may be left unread in an answer: of a prompt's hundreds of tokens the few that are
 * scored are looked at. */
extern const char *const lme_logprobs_left[];

/* Takes the arrays out of an answer: all of one length, each entry of its kind.
 * Errors: LME_ERR_SERVER, with what came. */
bool lme_logprobs_read(lme_arena *arena, const lme_value *answer, lme_logprobs *logprobs,
                       lme_error *err) LME_MUST_CHECK;

/* The value of entry i, which must be a number: -INFINITY at or below the floors that servers write
 * for it (servers 3.3), a rounding error above 0 as it is.
 * Errors: LME_ERR_SERVER for null, NaN and positive values. */
bool lme_logprobs_value(const lme_logprobs *logprobs, size_t i, double *value,
                        lme_error *err) LME_MUST_CHECK;

/* The likeliest entry of top_logprobs[i].
 *   text  its token; may be NULL
 * Errors: LME_ERR_SERVER when there is none. */
bool lme_logprobs_top(const lme_logprobs *logprobs, size_t i, lme_str *text, double *value,
                      lme_error *err) LME_MUST_CHECK;

/* How many entries top_logprobs[i] has; 0 when it has none or cannot be read. */
size_t lme_logprobs_n_tops(const lme_logprobs *logprobs, size_t i);

/* choices[0] of an answer; NULL when it has none. */
const lme_value *lme_first_choice(const lme_value *answer);

/* A count of tokens in a map; 0 when it is not told, or none that could be. */
int64_t lme_tokens_told(const lme_value *map, const char *key);

/* usage.KEY; 0 when it is not told. */
int64_t lme_usage(const lme_value *answer, const char *key);

#endif
