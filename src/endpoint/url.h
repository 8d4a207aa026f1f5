/* Reading what people write as a server's address. */
#ifndef LMEVAL_ENDPOINT_URL_H
#define LMEVAL_ENDPOINT_URL_H

#include <lmeval/str.h>

typedef struct lme_server_url {
    /* The URLs come first, one behind the other: lme_server_url_like finds its way by that. */
    const char *models;      /* ROOT/models */
    const char *completions; /* ROOT/completions */
    const char *chat;        /* ROOT/chat/completions */
    /* Servers' own; BASE is ROOT without its version. */
    const char *generate;       /* BASE/generate, SGLang's */
    const char *completion;     /* BASE/completion, llama-server's */
    const char *tokenize;       /* BASE/tokenize */
    const char *detokenize;     /* BASE/detokenize */
    const char *props;          /* BASE/props, llama-server's */
    const char *tokenizer_info; /* BASE/tokenizer_info, vLLM's */
    const char *server_info;    /* BASE/server_info, SGLang's */
    const char *server_info_0;  /* BASE/get_server_info, the same before 0.5.5 */
    const char *apply_template; /* BASE/apply-template, llama-server's */
    lme_str root;               /* http://host:port/v1, without a final slash */
    lme_str unix_socket;        /* of unix:/path; "": none */
    bool loopback;              /* this machine: no proxy stands between */
    bool secure;                /* https */
    bool assumed_scheme;        /* no scheme was written: http:// was put in front */
} lme_server_url;

/* Any of http://h:p, h:p, .../v1, .../v1/, .../v1/completions, .../v1/chat/completions.
 * unix:/path and unix:///path are a socket on this machine; the root is then http://localhost/v1.
 * A path without a version (v1, v1beta, v4) gets /v1 behind it.
 * Errors: LME_ERR_USAGE, without the text when it may hold a password. */
bool lme_server_url_read(lme_arena *arena, lme_str base_url, lme_server_url *url,
                         lme_error *err) LME_MUST_CHECK;

/* The URL of `to` for the same thing that `url`, a field of `from`, is for. */
const char *lme_server_url_like(const lme_server_url *from, const char *url,
                                const lme_server_url *to);

#endif
