/* Certificates, proxies and sockets are libcurl's work. Here is what it would not say: which option
 * to look at, and that a header is one line. */
#include "network.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <lmeval/unicode.h>

/* They say how the body travels, and that is the transport's. */
static const char *const own_headers[] = {"Content-Type",      "Content-Length", "Expect",
                                          "Transfer-Encoding", "Connection",     "Accept-Encoding"};

/* The name of "Name: value"; the value, without blanks around it. */
static lme_str name_of(lme_str header, lme_str *value)
{
    size_t colon = lme_str_find(header, LME_STR(":"), 0);
    if (colon >= header.len)
        return LME_STR("");
    *value = lme_strip(lme_str_slice(header, colon + 1, header.len));
    return lme_str_slice(header, 0, colon);
}

/* RFC 9110, 5.6.2. */
static bool is_token(lme_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL))
            return false;
    }
    return name.len > 0;
}

static bool has_control(lme_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c < ' ' || c == 0x7f)
            return true;
    }
    return false;
}

static bool same_name(lme_str name, const char *other)
{
    return name.len == strlen(other) && strncasecmp(name.ptr, other, name.len) == 0;
}

/* A text without a colon may be a secret alone, so it is not shown. */
static bool check_header(lme_arena *arena, lme_str given, lme_str *header, lme_error *err)
{
    lme_str value = LME_STR("");
    lme_str name = name_of(given, &value);
    if (!is_token(name)) {
        lme_fail(err, LME_ERR_USAGE, NULL,
                 "a header is \"Name: value\"; one was given that is not");
        return lme_hint(err, "its text is not shown here, since it may be secret; quote it as one "
                             "word for the shell");
    }
    for (size_t i = 0; i < sizeof own_headers / sizeof own_headers[0]; i++) {
        if (same_name(name, own_headers[i]))
            return lme_fail(err, LME_ERR_USAGE, NULL,
                            "the header %s cannot be given: it says how bodies are sent",
                            own_headers[i]);
    }
    if (value.len == 0 || has_control(value))
        return lme_fail(err, LME_ERR_USAGE, NULL, "the header %.*s has %s", LME_STR_ARG(name),
                        value.len == 0 ? "no value" : "a control character in its value");
    *header = lme_str_format(arena, "%.*s: %.*s", LME_STR_ARG(name), LME_STR_ARG(value));
    return true;
}

static bool check_headers(lme_arena *arena, const lme_network *given, lme_network *network,
                          lme_error *err)
{
    lme_str *headers = LME_ARRAY(arena, lme_str, given->n_headers);
    for (size_t i = 0; i < given->n_headers; i++) {
        if (!check_header(arena, given->headers[i], &headers[i], err))
            return false;
    }
    network->headers = headers;
    network->n_headers = given->n_headers;
    return true;
}

/* libcurl would say "problem with the SSL CA cert" for a file that is not there. */
static bool check_file(lme_arena *arena, lme_str given, const char *what, lme_str *path,
                       lme_error *err)
{
    *path = lme_str_copy(arena, given);
    if (given.len == 0)
        return true;
    FILE *file = fopen(path->ptr, "rb");
    bool ok = file != NULL && fgetc(file) != EOF;
    int error = errno;
    if (file != NULL)
        fclose(file);
    if (ok)
        return true;
    return lme_fail(
        err, LME_ERR_IO, &(lme_place){.file = path->ptr}, "cannot read the %s: %s", what,
        file == NULL ? strerror(error)
                     : "it is empty or a folder"); /* NOLINT(concurrency-mt-unsafe): one thread */
}

bool lme_network_read(lme_arena *arena, const lme_network *given, lme_network *network,
                      lme_error *err)
{
    *network = (lme_network){0};
    if (!check_headers(arena, given, network, err) ||
        !check_file(arena, given->cacert, "certificates to trust (--cacert)", &network->cacert,
                    err) ||
        !check_file(arena, given->cert, "client's certificate (--cert)", &network->cert, err) ||
        !check_file(arena, given->key, "client's key (--key)", &network->key, err))
        return false;
    network->proxy = lme_str_copy(arena, given->proxy);
    network->libcurl_only = given->libcurl_only;
    if (given->key.len > 0 && given->cert.len == 0)
        return lme_fail(err, LME_ERR_USAGE, NULL, "--key FILE needs its certificate: --cert FILE");
    return true;
}

bool lme_network_has(const lme_network *network, const char *name)
{
    for (size_t i = 0; i < network->n_headers; i++) {
        lme_str value;
        if (same_name(name_of(network->headers[i], &value), name))
            return true;
    }
    return false;
}

/* The "user:password" of a proxy's URL: up to the last @, as libcurl has it. */
static lme_str proxy_secret(lme_str proxy)
{
    size_t scheme = lme_str_find(proxy, LME_STR("://"), 0);
    size_t from = scheme < proxy.len ? scheme + 3 : 0;
    size_t at = from;
    for (size_t i = from; i < proxy.len; i++)
        at = proxy.ptr[i] == '@' ? i : at;
    return lme_str_slice(proxy, from, at);
}

void lme_network_secrets(lme_arena *arena, const lme_network *network, lme_secrets *secrets)
{
    for (size_t i = 0; i < network->n_headers; i++) {
        lme_str value = LME_STR("");
        name_of(network->headers[i], &value);
        lme_secrets_add_header(arena, secrets, value);
    }
    lme_secrets_add(arena, secrets, proxy_secret(network->proxy), "[proxy's user]");
}

void lme_network_apply(const lme_network *network, CURL *easy)
{
    if (network->cacert.len > 0)
        curl_easy_setopt(easy, CURLOPT_CAINFO, network->cacert.ptr);
    if (network->cert.len > 0)
        curl_easy_setopt(easy, CURLOPT_SSLCERT, network->cert.ptr);
    if (network->cert.len > 0)
        curl_easy_setopt(easy, CURLOPT_SSLKEY,
                         network->key.len > 0 ? network->key.ptr : network->cert.ptr);
    if (network->proxy.len > 0) {
        curl_easy_setopt(easy, CURLOPT_PROXY, network->proxy.ptr);
        /* Whoever names a proxy means it for this server, whatever $no_proxy says. */
        curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
        curl_easy_setopt(easy, CURLOPT_PROXYAUTH, (long)CURLAUTH_ANY);
        /* Without it the proxy would be handed the server's headers, and with them the key. */
        curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
    }
}

typedef struct advice {
    int code;
    const char *part; /* of libcurl's words; "": any */
    const char *hint;
} advice;

static const char other_protocol[] =
    "something listens there and does not speak HTTP: where it is TLS, write https:// into "
    "--base-url";

static const char wants_user[] = "the proxy wants a user: --proxy http://USER:PASSWORD@HOST:PORT";

static const char lets_not_through[] =
    "the proxy does not let this through: look at --proxy, or at $https_proxy and $no_proxy";

static const char look_at_proxy[] =
    "look at --proxy, or at $http_proxy, $https_proxy and $no_proxy";

/* The particular before the general. */
static const advice rows[] = {
    {CURLE_PEER_FAILED_VERIFICATION, "does not match",
     "the certificate is for another name: write that name into --base-url"},
    {CURLE_PEER_FAILED_VERIFICATION, "no alternative certificate subject",
     "the certificate is for another name: write that name into --base-url"},
    {CURLE_PEER_FAILED_VERIFICATION, "expired", "the server's certificate has to be renewed"},
    {CURLE_PEER_FAILED_VERIFICATION, "",
     "its certificate is not signed by an authority that this machine trusts: name the file of "
     "the one that signed it with --cacert FILE"},
    {CURLE_SSL_CACERT_BADFILE, "", "--cacert FILE wants certificates in PEM form"},
    {CURLE_SSL_CERTPROBLEM, "",
     "--cert and --key want a certificate and its private key, in PEM "
     "form, without a passphrase"},
    {CURLE_SSL_CONNECT_ERROR, "wrong version number",
     "the server does not speak TLS there: write http:// into --base-url"},
    {CURLE_COULDNT_RESOLVE_PROXY, "",
     "look at --proxy, or at $http_proxy, $https_proxy and $all_proxy"},
    /* Of an answer that does not begin as one of HTTP: a TLS alert, a greeting of SSH. */
    {CURLE_UNSUPPORTED_PROTOCOL, "HTTP/0.9", other_protocol},
    {CURLE_UNSUPPORTED_PROTOCOL, "proxy",
     "look at --proxy: expected http://HOST:PORT or socks5h://HOST:PORT"},
    {-1, "certificate required", "the server wants a client's certificate: --cert FILE --key FILE"},
    {-1, "bad certificate", "the server does not take the client's certificate: look at --cert"},
    {-1, "unknown ca", "the server does not take the client's certificate: look at --cert"},
    /* With the words around them: a host may be named like these, and a port have the digits. */
    {-1, "code 407 from proxy", wants_user},
    {-1, "response 407", wants_user},
    {-1, "CONNECT tunnel failed", lets_not_through},
    {-1, "from proxy after CONNECT", lets_not_through},
    {-1, "Proxy CONNECT ", lets_not_through},
    {-1, "sending CONNECT to proxy", lets_not_through},
    {-1, "CONNECT response too large", lets_not_through},
    {-1, " proxy ", look_at_proxy},
    {CURLE_PROXY, "", look_at_proxy},
    /* The greeting ended early: a server without TLS may be quicker to leave than to answer. */
    {CURLE_SSL_CONNECT_ERROR, "",
     "the server does not speak TLS there: write http:// into --base-url; or the server may want a "
     "client's certificate: --cert FILE --key FILE"},
};

/* With TLS 1.3 a server that misses a certificate ends the connection after the handshake, without
 * a word where its library has none for that. */
static const char *silence_advice(const lme_network *network, bool secure)
{
    if (!secure)
        return other_protocol;
    if (network->cert.len == 0)
        return "the server may want a client's certificate: --cert FILE --key FILE";
    return "the server may not take the client's certificate: look at --cert";
}

const char *lme_network_advice(const lme_network *network, bool secure, int code, const char *fault)
{
    /* Its own list is the one that cannot be read: small images come without. */
    if (code == CURLE_SSL_CACERT_BADFILE && network->cacert.len == 0)
        return "this machine has no list of authorities to trust: install the package "
               "ca-certificates, or name a file of them with --cacert FILE";
    for (size_t i = 0; code != CURLE_OK && i < sizeof rows / sizeof rows[0]; i++) {
        if ((rows[i].code < 0 || rows[i].code == code) && strstr(fault, rows[i].part) != NULL)
            return rows[i].hint;
    }
    bool broke_off = code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR;
    if (code == CURLE_GOT_NOTHING || (secure && broke_off))
        return silence_advice(network, secure);
    if (code == CURLE_COULDNT_CONNECT && network->proxy.len > 0)
        return "look at --proxy: nothing may listen there";
    return NULL;
}
