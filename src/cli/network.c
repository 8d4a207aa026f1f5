/* Headers and proxies hold secrets: what is kept of a command line is cleaned of them here. */
#include "network.h"

#include <stdlib.h>
#include <string.h>

#include <lmeval/share.h>
#include <lmeval/unicode.h>

enum {
    HEADER_FILE_MAX = 1 << 16
};

static void add(lme_arena *arena, lme_network *network, lme_str **headers, lme_str header)
{
    size_t n = network->n_headers;
    *headers = lme_arena_grow(arena, *headers, n * sizeof **headers, (n + 1) * sizeof **headers);
    (*headers)[n] = header;
    network->headers = *headers;
    network->n_headers++;
}

/* One header a line; empty lines and those that begin with # are none. */
static bool add_file(lme_arena *arena, lme_network *network, lme_str **headers, const char *path,
                     lme_error *err)
{
    lme_str text;
    if (!lme_file_read(arena, path, HEADER_FILE_MAX, &text, err))
        return lme_while(err, "reading headers");
    for (size_t from = 0; from < text.len;) {
        size_t end = lme_str_find(text, LME_STR("\n"), from);
        size_t to = end < text.len ? end : text.len;
        lme_str line = lme_strip(lme_str_slice(text, from, to));
        if (line.len > 0 && line.ptr[0] != '#')
            add(arena, network, headers, line);
        from = to + 1;
    }
    return true;
}

/* libcurl's library, unlike its program, does not look at this variable. */
static const char *trusted(const lme_network_flags *flags)
{
    if (flags->cacert != NULL)
        return flags->cacert;
    return getenv("SSL_CERT_FILE"); /* NOLINT(concurrency-mt-unsafe): nothing sets variables */
}

bool lme_network_flags_read(lme_arena *arena, const lme_network_flags *flags, lme_network *network,
                            lme_error *err)
{
    lme_str *headers = NULL, http = lme_str_from(flags->http);
    *network = (lme_network){
        .cacert = lme_str_from(trusted(flags)),
        .cert = lme_str_from(flags->cert),
        .key = lme_str_from(flags->key),
        .proxy = lme_str_from(flags->proxy),
        .libcurl_only = lme_str_is(http, "libcurl"),
    };
    if (http.len > 0 && !network->libcurl_only && !lme_str_is(http, "auto"))
        return lme_fail(err, LME_ERR_USAGE, NULL, "--http wants auto or libcurl, got \"%.*s\"",
                        LME_STR_ARG(http));
    for (size_t i = 0; i < flags->headers.n; i++) {
        const char *given = flags->headers.items[i];
        if (given[0] != '@')
            add(arena, network, &headers, lme_str_from(given));
        else if (!add_file(arena, network, &headers, given + 1, err))
            return false;
    }
    return true;
}

/* "Name: [hidden]"; the name of a file is none. */
static lme_str hide_header(lme_arena *arena, lme_str value)
{
    if (lme_str_starts(value, LME_STR("@")))
        return value;
    size_t colon = lme_str_find(value, LME_STR(":"), 0);
    if (colon >= value.len)
        return LME_STR("[hidden]");
    return lme_str_concat(arena, lme_str_slice(value, 0, colon), LME_STR(": [hidden]"));
}

/* http://[hidden]@host:port */
static lme_str hide_user(lme_arena *arena, lme_str value)
{
    size_t scheme = lme_str_find(value, LME_STR("://"), 0);
    size_t from = scheme < value.len ? scheme + 3 : 0;
    size_t at = from;
    for (size_t i = from; i < value.len; i++)
        at = value.ptr[i] == '@' ? i : at;
    if (at == from)
        return value;
    return lme_str_format(arena, "%.*s[hidden]%.*s", (int)from, value.ptr, (int)(value.len - at),
                          value.ptr + at);
}

typedef lme_str hider(lme_arena *arena, lme_str value);

static hider *hider_of(lme_str word)
{
    if (lme_str_is(word, "--header"))
        return hide_header;
    return lme_str_is(word, "--proxy") ? hide_user : NULL;
}

const char *const *lme_network_command(lme_arena *arena, char **words, size_t n)
{
    const char **kept = LME_ARRAY(arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        lme_str word = lme_str_from(words[i]);
        size_t equals = lme_str_find(word, LME_STR("="), 0);
        bool is_whole = equals >= word.len;
        hider *hide = hider_of(is_whole ? word : lme_str_slice(word, 0, equals));
        kept[i] = words[i];
        if (hide != NULL && !is_whole) {
            lme_str value = hide(arena, lme_str_slice(word, equals + 1, word.len));
            kept[i] =
                lme_str_format(arena, "%.*s=%.*s", (int)equals, word.ptr, LME_STR_ARG(value)).ptr;
        } else if (hide != NULL && i + 1 < n) {
            kept[i + 1] = lme_str_cstr(arena, hide(arena, lme_str_from(words[i + 1])));
            i++;
        }
    }
    kept[n] = NULL;
    return kept;
}
