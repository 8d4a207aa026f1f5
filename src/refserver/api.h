/* The HTTP API without HTTP: from the text of a request to the text of an answer. Any thread may
 * call it; all that a request needs is in its lme_reply.
 */
#ifndef LMEVAL_REFSERVER_API_H
#define LMEVAL_REFSERVER_API_H

#include "load.h"
#include "model.h"
#include "replay.h"
#include "sequence.h"
#include "trait.h"

#include <stdatomic.h>

#include <lmeval/json.h>

/* What all requests share; but for the count immutable while the server runs. */
typedef struct lme_service {
    const lme_model *model;   /* NULL: only recorded requests are answered */
    const lme_replay *replay; /* NULL: nothing is recorded */
    lme_str name;             /* model id */
    lme_traits traits;
    int64_t created;        /* unix seconds of the start */
    bool gzip;              /* answers are compressed for whoever takes that */
    atomic_uint *n_answers; /* made so far, for traits that change with time; NULL: not counted */
} lme_service;

/* An answer in the making. */
typedef struct lme_reply {
    lme_arena *scratch; /* for everything but the body */
    lme_traits traits;  /* of the service: how errors look */
    bool is_aborted;    /* the answer breaks off half-way and says so */
    lme_builder body;   /* in an arena of its own, so that it can grow in place */
    unsigned status;
    const char *content_type;
    const char *allow; /* of 405: the method that would do; else NULL */
    size_t *events;    /* n_events: ends of SSE events in the body; 0 when it is no stream */
    size_t n_events, events_capacity;
    size_t n_prompt, n_completion; /* tokens: what the answer cost */
} lme_reply;

/* Answers a request.
 *   body  text of the request; "" without one */
typedef struct lme_call {
    lme_str method, path, body;
    lme_json_reader *reader; /* may be NULL */
    lme_moment moment;
} lme_call;
void lme_api_answer(const lme_service *service, const lme_call *call, lme_reply *reply);

/* What a request is refused with, in OpenAI's words (refusal.c). */
typedef struct lme_refusal {
    unsigned status;
    const char *param, *code; /* NULL: null */
    char message[512];
} lme_refusal;
/* Replaces what the body held by the refusal in the shape that the traits ask for. */
void lme_reply_refuse(lme_reply *reply, const lme_refusal *refusal);

/* Fills a refusal; returns false. */
bool lme_refuse(lme_refusal *refusal, unsigned status, const char *param, const char *code,
                const char *format, ...) LME_PRINTF(5, 6);

/* Marks the end of an SSE event whose text is in the body. */
void lme_reply_event(lme_reply *reply);
/* Writes a stream's events again as the traits want them (events.c). */
void lme_reply_dress(lme_reply *reply);

/* --- reading requests (request.c) --- */

typedef struct lme_prompt {
    lme_str text;
    lme_tokens tokens;
} lme_prompt;

typedef struct lme_order {
    bool is_chat;
    lme_prompt *prompts; /* n_prompts */
    size_t n_prompts;
    size_t n; /* choices a prompt */
    bool echo, stream, include_usage;
    bool has_logprobs;
    size_t n_top;
    size_t prompt_logprobs; /* likeliest tokens wanted for each prompt token; SIZE_MAX: none */
    lme_sampling sampling;
    double lowered_nats; /* of every log-probability */
    /* Of a server that thinks before it answers a chat; the sampling's max_tokens is what is left
     * for the answer. */
    lme_str thought;
    size_t n_thought;     /* tokens of it that were made */
    bool is_thinking_cut; /* nothing was left for an answer */
} lme_order;

bool lme_order_read(lme_arena *arena, const lme_service *service, const lme_value *body,
                    bool is_chat, lme_order *order, lme_refusal *refusal) LME_MUST_CHECK;

/* Prompt of /tokenize: from "prompt" or "messages". */
bool lme_prompt_read(lme_arena *arena, const lme_service *service, const lme_value *body,
                     lme_prompt *prompt, lme_refusal *refusal) LME_MUST_CHECK;

/* --- parts of it --- */

/* Field of the body; NULL when it is absent or null. */
const lme_value *lme_field(const lme_value *body, const char *name);
bool lme_field_bool(const lme_value *body, const char *name, bool *value,
                    lme_refusal *refusal) LME_MUST_CHECK;
bool lme_field_integer(const lme_value *body, const char *name, const int64_t bounds[2],
                       int64_t *value, lme_refusal *refusal) LME_MUST_CHECK;
bool lme_refuse_type(lme_refusal *refusal, const char *name, const char *expected,
                     const lme_value *got);

bool lme_text_prompt(lme_arena *arena, const lme_service *service, lme_str text,
                     lme_prompt *prompt);

/* A text, or a list of token ids. */
bool lme_prompt_value(lme_arena *arena, const lme_service *service, const lme_value *value,
                      lme_prompt *prompt, lme_refusal *refusal) LME_MUST_CHECK;

/* The chat template's text (conversation.c): every message is a line "role: content", without
 * the blank for an answer; the answer follows "assistant:", or the last message when that is to be
 * gone on with. */
bool lme_messages_read(lme_arena *arena, const lme_service *service, const lme_value *body,
                       lme_str *text, lme_refusal *refusal) LME_MUST_CHECK;

/* Parameters that the traits refuse for chats. */
bool lme_chat_check(const lme_service *service, const lme_value *body,
                    lme_refusal *refusal) LME_MUST_CHECK;

/* Changes the order as the traits want it of a server at that moment. */
void lme_order_meet(const lme_service *service, const lme_moment *moment, lme_order *order);

/* A second begin token before a chat's prompt, when a trait says so. */
void lme_chat_begin(lme_arena *arena, const lme_service *service, lme_prompt *prompt);

/* Makes the order think when a trait says so. */
void lme_order_think(lme_arena *arena, const lme_service *service, lme_order *order);

/* A list of token ids, all in the vocabulary. */
bool lme_token_ids_read(const lme_service *service, const lme_value *list, const char *param,
                        lme_tokens *tokens, lme_refusal *refusal) LME_MUST_CHECK;

/* The model must be the one served; a request without one is fine. */
bool lme_model_check(const lme_service *service, const lme_value *body,
                     lme_refusal *refusal) LME_MUST_CHECK;

/* --- writing answers --- */

void lme_completion_answer(const lme_service *service, const lme_order *order, lme_str id,
                           lme_reply *reply);
void lme_chat_answer(const lme_service *service, const lme_order *order, lme_str id,
                     lme_reply *reply);

/* The text and finish_reason of an answer as the traits and the reply want them. */
typedef struct lme_ending {
    lme_str text;
    const char *finish; /* NULL: null */
} lme_ending;
lme_ending lme_ending_of(const lme_service *service, const lme_reply *reply,
                         const lme_sequence *sequence);

/* ,"system_fingerprint": ... where a trait has one. */
void lme_write_fingerprint(lme_builder *out, const lme_service *service);

/* Tokens at the prompt's beginning that have no log-probability. */
size_t lme_n_unscored(const lme_service *service, const lme_sequence *sequence);

/* Nats with nine decimals; cheaper than shortest digits, and more than a float has. */
void lme_write_logprob(lme_builder *out, double nats);
void lme_write_number(lme_builder *out, size_t number);

/* A token's text as a JSON string. */
void lme_write_token(lme_builder *out, const lme_service *service, uint16_t token);

/* Texts of a sequence's tokens from `from` on, where how one prints depends on those before it
 * (spelling.c); NULL: each prints as it does alone. In arena. */
const lme_str *lme_spell(lme_arena *arena, const lme_service *service, const lme_sequence *sequence,
                         size_t from);
/* The token at `at` as a JSON string.
 *   texts  of lme_spell */
void lme_write_spelled(lme_builder *out, const lme_service *service, const lme_str *texts,
                       const lme_sequence *sequence, size_t at);

/* ,"prompt_logprobs": [...]: vLLM's list of the prompt's tokens (prompt_logprobs.c). */
void lme_write_prompt_logprobs(lme_reply *reply, const lme_service *service, const lme_order *order,
                               const lme_sequence *sequence);

/* What SGLang has room for: a prompt and an answer of *n_answer tokens; both are cut where a trait
 * says so (native.c). */
bool lme_native_bound(const lme_service *service, lme_prompt *prompt, size_t *n_answer,
                      lme_refusal *refusal) LME_MUST_CHECK;

/* SGLang's /generate, and what it tells of itself as far as clients read it. */
void lme_server_info_answer(const lme_service *service, const lme_value *body, const lme_call *call,
                            lme_reply *reply);
void lme_generate_answer(const lme_service *service, const lme_value *body, const lme_call *call,
                         lme_reply *reply);

/* llama-server's /completion, of one token, its /tokenize and /apply-template (completion.c). */
void lme_template_answer(const lme_service *service, const lme_value *body, const lme_call *call,
                         lme_reply *reply);
void lme_completion_native_answer(const lme_service *service, const lme_value *body,
                                  const lme_call *call, lme_reply *reply);
void lme_pieces_answer(const lme_service *service, const lme_value *body, lme_reply *reply);

/* {"content": [...]}: the chat shape, of tokens from..to. */
void lme_write_content_logprobs(lme_builder *out, const lme_service *service,
                                const lme_sequence *sequence, size_t from, size_t to);

/* "usage": ... with a comma before it; nothing with the trait no-usage. */
void lme_write_usage(lme_builder *out, const lme_service *service, size_t n_prompt,
                     size_t n_completion);

/* Prompt tokens over all prompts. */
size_t lme_order_prompt_tokens(const lme_order *order);

/* Makes choice k of prompt p, scored from the token that the request asks for. */
lme_sequence lme_order_sequence(lme_arena *arena, const lme_service *service,
                                const lme_order *order, size_t prompt, size_t choice);

#endif
