/* A scoring path: one way to ask for a loglikelihood and to read it. The rows are in path/, one
 * file each, named in path/list.h. */
#ifndef LMEVAL_ENDPOINT_PATH_H
#define LMEVAL_ENDPOINT_PATH_H

#include "ids.h"
#include "logprobs.h"
#include "url.h"

#include <lmeval/endpoint.h>

enum {
    LME_TOP_LIMIT = 20 /* likeliest tokens asked for: vLLM's and OpenAI chats' limit */
};

typedef struct lme_prober lme_prober;

/* What every request says beside its question. */
typedef struct lme_form {
    lme_str model;
    int64_t seed;
    lme_str think_end;                 /* what ends a chat's thoughts; "": nothing does */
    const struct lme_dialect *dialect; /* of generations; NULL: the question as such */
    size_t top_limit;                  /* of the likeliest next tokens the server tells so many */
    const lme_ids *prompt; /* of a generation, instead of its context's text; NULL: the text */
    bool continues;        /* the server goes on with a begun answer when it is told to */
    /* llama-server's (forced.h). */
    bool forces_runs; /* several tokens by one request; false: each by one of its own */
    bool has_filler;
    int64_t filler; /* a token of whole characters, which it tells of */
} lme_form;

/* A question on its way through a path that asks several times. */
typedef struct lme_steps {
    lme_arena *arena; /* lives as long as the question */
    const lme_form *form;
    const lme_server_url *url;
    const lme_request *request;
    void *progress; /* the path's own; NULL at the first answer */
    /* Set by a step that is not the last one: what is asked next. */
    const char *next_url;
    lme_str next_body;
} lme_steps;

typedef struct lme_path {
    const char *name;
    const char *meaning; /* one line for people */
    const char *asks;    /* what a request is, for errors: "a completion request with ..." */
    bool by_name_only;   /* `auto` passes it by */
    bool scores_chats;   /* a context may be a conversation */
    bool compares;       /* an answer rests on all the choices of its item, not on its own alone */
    const char *caution; /* what its numbers are instead of loglikelihoods; NULL: they are these */
    /* Whether it can be asked this; what it cannot goes to the ordinary path. NULL: everything. */
    bool (*takes)(const lme_request *request);
    /* The generation that it asks for instead of a score, the same for all the choices of an item:
     * one answer serves them all. Such a path has no url and encode. Texts live in the arena.
     * Errors: LME_ERR_SERVER: why this item cannot be put so. */
    bool (*put)(lme_arena *arena, const lme_form *form, const lme_request *request,
                lme_request *generation, lme_error *err);
    /* Proves by tiny requests that the server's numbers are what decode takes them for; records
     * findings. Errors: LME_ERR_SERVER: what was sent, what came, what to do; LME_ERR_NETWORK. */
    bool (*probe)(lme_prober *prober, unsigned needs, lme_error *err);
    const char *(*url)(const lme_server_url *url, const lme_request *request);
    /* The request's JSON body. */
    lme_str (*encode)(lme_arena *arena, const lme_form *form, const lme_request *request);
    /* Several requests as one with a list of prompts (batch.h); NULL: there is no such form. */
    lme_str (*encode_many)(lme_arena *arena, const lme_form *form,
                           const lme_request *const *requests, size_t n);
    /* The tokens of an answer with their log-probabilities, those of the prompt first.
     * Errors: LME_ERR_SERVER: what the answer lacks. */
    bool (*read)(lme_arena *arena, const lme_value *answer, lme_logprobs *logprobs, lme_error *err);
    /* Lists of an answer whose items `read` takes unread, as lme_json_skim's; NULL: none. */
    const char *const *left;
    /* Of a path that asks several times, instead of read and decode: takes an answer, and either
     * says what is asked next or fills the response, except its state and failure.
     * Errors: as decode. */
    bool (*step)(lme_steps *steps, const lme_value *answer, lme_response *response, lme_error *err);
    /* Of such a path: the tokens that it gathered, when the last answer has come; in arena. NULL:
     * it keeps none. */
    void (*gathered)(lme_arena *arena, const void *progress, lme_listed *listed);
    /* Reads the answer's body into the response, except its state and failure; NULL: the sum over
     * the tokens that `read` gives (lme_path_decode). A failure in the response says that this path
     * does not tell it, and another one might.
     * Errors: LME_ERR_SERVER: why this item cannot be scored. */
    bool (*decode)(lme_arena *arena, const lme_form *form, const lme_request *request,
                   const lme_value *answer, lme_response *response, lme_error *err);
    /* The body for a prompt of token ids, nothing put before them; `read` takes the answer. NULL:
     * the path sends texts alone. */
    lme_str (*encode_ids)(lme_arena *arena, const lme_form *form, const lme_ids *ids);
    /* The same of a path that asks several times: says what is asked first for the ids from `from`
     * on to be scored; `step` takes the answers. 0 < from < ids->n */
    void (*begin_ids)(lme_steps *steps, const lme_ids *ids, size_t from);
    /* Requests that a question takes; NULL: one. */
    void (*requests)(const lme_request *request, size_t *least, size_t *most);
    bool drops_last; /* the answer's last entry is left out, even when it is the prompt's own */
} lme_path;

/* Where paths ask that go over the completions API, and over the chat API for conversations. */
const char *lme_url_of_completions(const lme_server_url *url, const lme_request *request);
const char *lme_url_of_openai(const lme_server_url *url, const lme_request *request);

/* A question as it went out: what its answer is read by. */
typedef struct lme_question {
    const lme_path *path;
    const lme_form *form;
    const lme_request *request;
} lme_question;

/* The path's decode, or what stands for it. */
bool lme_path_decode(lme_arena *arena, const lme_question *question, const lme_value *answer,
                     lme_response *response, lme_error *err) LME_MUST_CHECK;

const lme_path *const *lme_path_all(size_t *n);
const lme_path *lme_path_find(lme_str name); /* NULL when there is none */

#endif
