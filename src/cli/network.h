/* The options that say how a server is reached: headers, certificates, a proxy, a socket. */
#ifndef LMEVAL_CLI_NETWORK_H
#define LMEVAL_CLI_NETWORK_H

#include "options.h"

#include <lmeval/endpoint.h>

typedef struct lme_network_flags {
    lme_option_list headers; /* "Name: value", or "@FILE" with one a line */
    const char *cacert, *cert, *key, *proxy, *unix_socket, *http;
} lme_network_flags;

/* The option rows; `type` has a field `server.network`. */
#define LME_NETWORK_OPTIONS(type)                                                                  \
    {.name = "header",                                                                             \
     .kind = LME_OPTION_WORDS,                                                                     \
     .offset = offsetof(type, server.network.headers),                                             \
     .arg = "TEXT",                                                                                \
     .help = "\"Name: value\" sent, or @FILE of such lines; many"},                                \
        {.name = "cacert",                                                                         \
         .kind = LME_OPTION_TEXT,                                                                  \
         .offset = offsetof(type, server.network.cacert),                                          \
         .arg = "FILE",                                                                            \
         .help = "trust these; else $SSL_CERT_FILE, the system's"},                                \
        {.name = "cert",                                                                           \
         .kind = LME_OPTION_TEXT,                                                                  \
         .offset = offsetof(type, server.network.cert),                                            \
         .arg = "FILE",                                                                            \
         .help = "client's certificate (PEM), for mutual TLS"},                                    \
        {.name = "key",                                                                            \
         .kind = LME_OPTION_TEXT,                                                                  \
         .offset = offsetof(type, server.network.key),                                             \
         .arg = "FILE",                                                                            \
         .help = "its private key (PEM), if it is not there"},                                     \
        {.name = "proxy",                                                                          \
         .kind = LME_OPTION_TEXT,                                                                  \
         .offset = offsetof(type, server.network.proxy),                                           \
         .arg = "URL",                                                                             \
         .help = "else $http_proxy, $https_proxy, $all_proxy"},                                    \
        {.name = "http",                                                                           \
         .kind = LME_OPTION_TEXT,                                                                  \
         .offset = offsetof(type, server.network.http),                                            \
         .arg = "CLIENT",                                                                          \
         .help = "of plain HTTP: lmeval's own (auto), or libcurl",                                 \
         .choices = "auto libcurl"},                                                               \
    {                                                                                              \
        .name = "unix-socket", .kind = LME_OPTION_TEXT,                                            \
        .offset = offsetof(type, server.network.unix_socket), .arg = "PATH",                       \
        .help = "the same as --base-url unix:PATH"                                                 \
    }
enum {
    LME_NETWORK_OPTION_ROWS = 7
};

/* What the endpoint needs of them. Errors: LME_ERR_IO for a file of headers;
 * LME_ERR_USAGE for a word of --http. */
bool lme_network_flags_read(lme_arena *arena, const lme_network_flags *flags, lme_network *network,
                            lme_error *err) LME_MUST_CHECK;

/* The words of a command line as they may be kept: values of headers and a proxy's password are
 * "[hidden]". Returns `n` words that live as long as arena. */
const char *const *lme_network_command(lme_arena *arena, char **words, size_t n);

#endif
