/* What a probe works with: tiny requests one at a time, and the findings so far. */
#ifndef LMEVAL_ENDPOINT_PROBE_H
#define LMEVAL_ENDPOINT_PROBE_H

#include "state.h"

struct lme_prober {
    lme_arena *arena; /* of the profile */
    lme_endpoint *endpoint;
    lme_profile *profile;
    lme_finding *findings; /* profile->findings, still growing */
    size_t capacity;
    const lme_path *path;     /* that is being proved */
    const lme_path *ordinary; /* that was proved before; NULL: none */
    bool chats;               /* for conversations */
    bool scores_first;        /* it scores a text's first token without being told what is before */
    int64_t context;          /* tokens, as this server tells it; 0: it does not */
    const char *context_route; /* where */
    bool takes_less;           /* it is SGLang, and questions may have less than that */
    int64_t bos;               /* id that it begins a text with; -1: none, or not known */
    lme_str models;            /* ids that the server lists, for messages; "" when it lists none */
};

/* An answer that outlives its exchange: all of it lives in the prober's arena. */
typedef struct lme_probed {
    lme_outcome outcome;
    long status;
    lme_value value;
    /* To judge by, and not to show: they may hold the key, which may be a word of the server's. */
    lme_str said;    /* the server's error text, without what is around it; "" when it was fine */
    lme_str body;    /* of a refusal or a stream, as it came; else "" */
    lme_str failure; /* complete; "" when it was fine */
    lme_str server;
    const char *advice; /* as lme_exchange_advice */
} lme_probed;

/* Of a server that nothing is known of yet. */
lme_profile lme_profile_unknown(void);

/* With the findings that the profile has. */
lme_prober lme_prober_of(lme_arena *arena, lme_endpoint *endpoint, lme_profile *profile);

/* As lme_endpoint_probe, of the one server that the endpoint's url is of, in two steps: who it is,
 * which begins the prober's profile, and what it can do. */
bool lme_probe_meet(lme_prober *prober, lme_error *err) LME_MUST_CHECK;
bool lme_probe_prove(lme_prober *prober, unsigned needs, lme_error *err) LME_MUST_CHECK;

/* What serves, by its Server header and the owner of its models.
 *   models  the list that it sent */
lme_str lme_server_software(lme_arena *arena, const lme_transport *transport, lme_str header,
                            const lme_value *models);

/* Sends one request and waits for its answer; only what another moment cannot mend is left in
 * `probed`. Errors: LME_ERR_IO, LME_ERR_NETWORK when nobody answers. */
bool lme_prober_ask(lme_prober *prober, const char *url, lme_str body, lme_probed *probed,
                    lme_error *err) LME_MUST_CHECK;

/* The same for an answer that may be anything but JSON: it is in probed->body. */
bool lme_prober_ask_raw(lme_prober *prober, const char *url, lme_str body, lme_probed *probed,
                        lme_error *err) LME_MUST_CHECK;

/* What it says against a request of the probe's. */
lme_remark lme_prober_remark(const lme_prober *prober, const lme_probed *probed);

/* The error for an answer that was an error: what was sent, what came, what to do. Returns false.
 */
bool lme_prober_refuse(const lme_prober *prober, const char *sent, const lme_probed *probed,
                       lme_error *err);

void lme_prober_find(lme_prober *prober, const char *name, bool good, const char *format, ...)
    LME_PRINTF(4, 5);

/* A score by the room's own way of sending and reading. */
typedef struct lme_prober_score {
    lme_response response; /* its texts live in the prober's arena */
    bool came;
    lme_arena *arena;
} lme_prober_score;

/* Scores a request by a path, whether it is proved or not. Errors: as lme_endpoint_wait. */
bool lme_prober_scores(lme_prober *prober, const lme_path *path, const lme_request *request,
                       lme_prober_score *score, lme_error *err) LME_MUST_CHECK;

/* The first of the paths that `auto` tries which proves itself; NULL with the first failure in
 * err. */
const lme_path *lme_prober_ordinary(lme_prober *prober, unsigned needs, lme_error *err);

/* lme_path's probe for paths that list the prompt's tokens (path_proof.c). */
bool lme_list_probe(lme_prober *prober, unsigned needs, lme_error *err);

/* Notes what no run depends on: arrays of prompts, token ids, limits (extras_proof.c).
 * Errors: as lme_prober_ask. */
bool lme_find_extras(lme_prober *prober, lme_error *err) LME_MUST_CHECK;

/* Finds the server's tokenizer, what it puts before a text, and the prefix token (length_proof.c).
 * Errors: LME_ERR_SERVER when --max-length or --truncate need one and there is none. */
bool lme_prove_tokenizer(lme_prober *prober, unsigned needs, lme_error *err) LME_MUST_CHECK;

/* The text's ids, with what the server puts before it. False without an error where the tokenizer
 * did not answer; `ids` is then empty. Errors: as lme_prober_ask. */
bool lme_prober_tokens(lme_prober *prober, lme_str text, lme_ids *ids,
                       lme_error *err) LME_MUST_CHECK;

/* Whether completions take a prompt of token ids, where something needs it. Errors: as above. */
bool lme_prove_generated_ids(lme_prober *prober, lme_error *err) LME_MUST_CHECK;

/* Takes a context's length that a server tells; the shortest counts. */
void lme_prober_take_context(lme_prober *prober, int64_t n_tokens, const char *route);
/* The same out of an entry of the list of models. */
void lme_prober_take_model(lme_prober *prober, const lme_value *model);

/* Finds out how long the context is, where something needs it (context_proof.c).
 * Errors: as lme_prober_ask. */
bool lme_prove_context(lme_prober *prober, unsigned needs, lme_error *err) LME_MUST_CHECK;

/* What stands before a text (bos_proof.c).
 *   ids        of a text with what the server puts before it, n_special tokens */
void lme_find_text_bos(lme_prober *prober, const lme_ids *ids, size_t n_special);
/* The same, as an answer lists it: tokens 0 to `first` stand before the prompt. */
void lme_find_listed_bos(lme_prober *prober, const lme_logprobs *listed, size_t first);
/* What becomes of a text that begins with the BOS itself.
 *   bos     its text
 *   n_with  tokens of `sample` with what the server puts before it
 * Errors: as lme_prober_ask. */
bool lme_prove_own_bos(lme_prober *prober, lme_str bos, size_t n_with, lme_str sample,
                       lme_error *err) LME_MUST_CHECK;
/* Whether a chat begins with the BOS twice, where the server's counts tell it.
 *   request    a conversation
 *   n_counted  its tokens by the answer's usage; 0: not told
 * Errors: as lme_prober_ask. */
bool lme_prove_chat_bos(lme_prober *prober, const lme_request *request, size_t n_counted,
                        lme_error *err) LME_MUST_CHECK;

/* The server's answer to a short question, as it takes it.
 *   failure  "" when one came
 * Errors: as lme_prober_ask. */
bool lme_prober_writes(lme_prober *prober, bool chats, const lme_generation *generation,
                       lme_str *text, lme_str *failure, lme_error *err) LME_MUST_CHECK;

/* The server's answer to that question by a generation that is to be streamed: `body`.
 * Errors: as lme_prober_ask. */
bool lme_prober_asks_stream(lme_prober *prober, bool chats, const lme_generation *generation,
                            lme_probed *probed, lme_error *err) LME_MUST_CHECK;

/* Notes which other scoring paths work and agree with the proved one (agreement_proof.c).
 * Errors: as lme_endpoint_wait. */
bool lme_find_agreement(lme_prober *prober, lme_error *err) LME_MUST_CHECK;

/* Notes the shape of streamed answers (stream_proof.c). Errors: as lme_prober_ask. */
bool lme_find_streams(lme_prober *prober, lme_error *err) LME_MUST_CHECK;

/* Notes whether the same question gets the same answer (repeat_proof.c).
 * Errors: as lme_prober_ask, lme_endpoint_wait. */
bool lme_find_repeats(lme_prober *prober, lme_error *err) LME_MUST_CHECK;

/* Finds out which chat template the server has; that it does not tell is no failure.
 * Errors: as lme_prober_ask. */
bool lme_prove_template(lme_prober *prober, lme_error *err) LME_MUST_CHECK;

/* Proves what `needs` asks of texts (text_proof.c); records findings. Errors: as lme_path's probe.
 */
bool lme_prove_texts(lme_prober *prober, unsigned needs, lme_error *err) LME_MUST_CHECK;

#endif
