/* The server that a command talks to: found, started (--demo) or named, and opened. */
#ifndef LMEVAL_CLI_SERVER_H
#define LMEVAL_CLI_SERVER_H

#include "network.h"
#include "options.h"

#include <lmeval/endpoint.h>
#include <lmeval/refserver.h>

/* Filled by the options below. */
typedef struct lme_server_flags {
    const char *base_url, *model, *api_key_file, *scoring, *think_end_token, *truncate;
    bool demo;
    size_t concurrency; /* 0: auto */
    size_t batch, max_tokens, timeout_s, max_retries;
    double max_rps;                     /* 0: no bound */
    size_t max_length;                  /* 0: not given */
    int64_t request_seed, prefix_token; /* -1: not given */
    int64_t wait_s;                     /* for a server that is away; -1: not given */
    lme_network_flags network;
} lme_server_flags;

#define LME_SERVER_DEFAULTS                                                                        \
    {                                                                                              \
        .scoring = "auto", .concurrency = 8, .batch = 1, .max_tokens = 262144, .timeout_s = 300,   \
        .max_retries = 5, .request_seed = 1234, .prefix_token = -1, .wait_s = -1                   \
    }

/* The option rows that every command talking to a server shares; `type` has a field `server`. */
#define LME_SERVER_OPTIONS(type)                                                                   \
    {.name = "base-url",                                                                           \
     .letter = 'u',                                                                                \
     .kind = LME_OPTION_JOIN,                                                                      \
     .offset = offsetof(type, server.base_url),                                                    \
     .arg = "URL,...",                                                                             \
     .help = "server(s); else $LMEVAL_BASE_URL or a local one"},                                   \
        {.name = "model",                                                                          \
         .letter = 'm',                                                                            \
         .kind = LME_OPTION_TEXT,                                                                  \
         .offset = offsetof(type, server.model),                                                   \
         .arg = "ID",                                                                              \
         .help = "model at the server (the first it lists)"},                                      \
        {.name = "api-key-file",                                                                   \
         .kind = LME_OPTION_TEXT,                                                                  \
         .offset = offsetof(type, server.api_key_file),                                            \
         .arg = "FILE",                                                                            \
         .help = "key; else $LMEVAL_API_KEY, $OPENAI_API_KEY"},                                    \
        {.name = "demo",                                                                           \
         .kind = LME_OPTION_FLAG,                                                                  \
         .offset = offsetof(type, server.demo),                                                    \
         .help = "built-in tiny model and sample rows, no server"},                                \
        {.name = "concurrency",                                                                    \
         .letter = 'c',                                                                            \
         .kind = LME_OPTION_SIZE,                                                                  \
         .offset = offsetof(type, server.concurrency),                                             \
         .arg = "N|auto",                                                                          \
         .help = "open requests at most (8); auto: as it serves",                                  \
         .min = 1,                                                                                 \
         .max = 4096,                                                                              \
         .wanted = "a number from 1 to 4096, or auto",                                             \
         .zero = "auto"},                                                                          \
        {.name = "max-rps",                                                                        \
         .kind = LME_OPTION_NUMBER,                                                                \
         .offset = offsetof(type, server.max_rps),                                                 \
         .arg = "N",                                                                               \
         .help = "requests a second at most (no bound)",                                           \
         .min = 0.001,                                                                             \
         .max = 1e6},                                                                              \
        {.name = "max-tokens-in-flight",                                                           \
         .kind = LME_OPTION_SIZE,                                                                  \
         .offset = offsetof(type, server.max_tokens),                                              \
         .arg = "N",                                                                               \
         .help = "of prompts being scored (262144); 0: no bound"},                                 \
        {.name = "batch",                                                                          \
         .kind = LME_OPTION_SIZE,                                                                  \
         .offset = offsetof(type, server.batch),                                                   \
         .arg = "N",                                                                               \
         .help = "prompts in one scoring request, where proved (1)",                               \
         .min = 1,                                                                                 \
         .max = 1024},                                                                             \
        {.name = "timeout",                                                                        \
         .kind = LME_OPTION_SIZE,                                                                  \
         .offset = offsetof(type, server.timeout_s),                                               \
         .arg = "SECONDS",                                                                         \
         .help = "for one request (300)",                                                          \
         .min = 1,                                                                                 \
         .max = 86400},                                                                            \
        {.name = "max-retries",                                                                    \
         .kind = LME_OPTION_SIZE,                                                                  \
         .offset = offsetof(type, server.max_retries),                                             \
         .arg = "N",                                                                               \
         .help = "after the first try of a request (5)",                                           \
         .min = 0,                                                                                 \
         .max = 100},                                                                              \
        {.name = "wait-for-server",                                                                \
         .kind = LME_OPTION_INT,                                                                   \
         .offset = offsetof(type, server.wait_s),                                                  \
         .arg = "SECONDS",                                                                         \
         .help = "that is away (120), or starting (0)",                                            \
         .min = 0,                                                                                 \
         .max = 86400},                                                                            \
        {.name = "request-seed",                                                                   \
         .kind = LME_OPTION_INT,                                                                   \
         .offset = offsetof(type, server.request_seed),                                            \
         .arg = "N",                                                                               \
         .help = "seed sent with every request (1234)"},                                           \
        {.name = "think-end-token",                                                                \
         .kind = LME_OPTION_TEXT,                                                                  \
         .offset = offsetof(type, server.think_end_token),                                         \
         .arg = "TEXT",                                                                            \
         .help = "chat answers begin behind it (e.g. </think>)"},                                  \
        {.name = "scoring",                                                                        \
         .kind = LME_OPTION_TEXT,                                                                  \
         .offset = offsetof(type, server.scoring),                                                 \
         .arg = "PATH",                                                                            \
         .help = "auto, or a scoring path (lmeval list paths)"},                                   \
        {.name = "max-length",                                                                     \
         .kind = LME_OPTION_SIZE,                                                                  \
         .offset = offsetof(type, server.max_length),                                              \
         .arg = "N",                                                                               \
         .help = "tokens of prompt and answer (the server's context)",                             \
         .min = 3,                                                                                 \
         .max = 1 << 30},                                                                          \
        {.name = "truncate",                                                                       \
         .kind = LME_OPTION_TEXT,                                                                  \
         .offset = offsetof(type, server.truncate),                                                \
         .arg = "left",                                                                            \
         .help = "cut longer prompts so, as lm_eval does"},                                        \
        {.name = "prefix-token",                                                                   \
         .kind = LME_OPTION_INT,                                                                   \
         .offset = offsetof(type, server.prefix_token),                                            \
         .arg = "ID",                                                                              \
         .help = "before scored texts (BOS, else end of text)",                                    \
         .min = 0,                                                                                 \
         .max = INT32_MAX},                                                                        \
        LME_NETWORK_OPTIONS(type)

typedef struct lme_connection {
    lme_endpoint *endpoint;
    lme_refserver *refserver; /* --demo only */
    lme_str base_url;
} lme_connection;

/* Finds or starts the server and opens the endpoint; nothing is sent to it yet.
 * Errors: LME_ERR_USAGE, LME_ERR_IO, LME_ERR_NETWORK when no server is named or found. */
bool lme_connect(lme_arena *arena, const lme_server_flags *flags, lme_connection *connection,
                 lme_error *err) LME_MUST_CHECK;

/* Another endpoint at a server that was found: what names a server is not looked at. The demo's
 * goes on being the first connection's. Errors: LME_ERR_USAGE, LME_ERR_IO. */
bool lme_connect_beside(lme_arena *arena, const lme_server_flags *flags, lme_str base_url,
                        lme_connection *connection, lme_error *err) LME_MUST_CHECK;

/* An endpoint that nothing is sent to: it writes requests as the one of an earlier run did.
 *   profile   model and scoring_path are that run's
 *   base_url  that run's, for people */
bool lme_connect_nowhere(lme_arena *arena, const lme_server_flags *flags,
                         const lme_profile *profile, lme_str base_url, lme_connection *connection,
                         lme_error *err) LME_MUST_CHECK;
void lme_disconnect(lme_connection *connection);

#endif
