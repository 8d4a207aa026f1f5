#include "http_request.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#include <lmeval/unicode.h>

static bool has_name(lme_str line, const char *name)
{
    size_t len = strlen(name);
    return line.len > len && line.ptr[len] == ':' && strncasecmp(line.ptr, name, len) == 0;
}

/* The one that was given by that name; NULL: none was. */
static const lme_str *given(const lme_str *lines, size_t n_lines, const char *name)
{
    for (size_t i = 0; i < n_lines; i++) {
        if (has_name(lines[i], name))
            return &lines[i];
    }
    return NULL;
}

/* A part of the URL; false when it has none. */
static bool part_of(lme_arena *arena, CURLU *handle, CURLUPart part, lme_str *text)
{
    char *got = NULL;
    if (curl_url_get(handle, part, &got, CURLU_URLENCODE) != CURLUE_OK)
        return false;
    *text = lme_str_copy(arena, lme_str_from(got));
    curl_free(got);
    return true;
}

typedef struct parts {
    lme_str host, port, path; /* port: "" for the usual one */
} parts;

static bool read_parts(lme_arena *arena, CURLU *handle, parts *url)
{
    static const CURLUPart unusual[] = {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS,
                                        CURLUPART_ZONEID, CURLUPART_QUERY};
    lme_str scheme, other;
    for (size_t i = 0; i < sizeof unusual / sizeof unusual[0]; i++) {
        if (part_of(arena, handle, unusual[i], &other))
            return false;
    }
    if (!part_of(arena, handle, CURLUPART_SCHEME, &scheme) || !lme_str_is(scheme, "http") ||
        !part_of(arena, handle, CURLUPART_HOST, &url->host) ||
        !part_of(arena, handle, CURLUPART_PATH, &url->path))
        return false;
    if (!part_of(arena, handle, CURLUPART_PORT, &url->port) || lme_str_is(url->port, "80"))
        url->port = LME_STR("");
    for (size_t i = 0; i < url->host.len; i++) {
        /* Its name in ASCII is libcurl's to find. */
        if ((unsigned char)url->host.ptr[i] >= 0x80 || url->host.ptr[i] == '%')
            return false;
    }
    return true;
}

/* A Host that was given stands in the place of ours; so do others, but in their own places. */
static lme_str headers_of(lme_arena *arena, lme_str host, const lme_str *lines, size_t n_lines)
{
    lme_builder out = {.arena = arena};
    const lme_str *own_host = given(lines, n_lines, "Host");
    if (own_host != NULL)
        host = lme_strip(lme_str_slice(*own_host, sizeof "Host", own_host->len));
    lme_builder_format(&out, "Host: %.*s\r\n", LME_STR_ARG(host));
    if (given(lines, n_lines, "User-Agent") == NULL)
        lme_builder_add(&out, LME_STR("User-Agent: lmeval/" LMEVAL_VERSION "\r\n"));
    if (given(lines, n_lines, "Accept") == NULL)
        lme_builder_add(&out, LME_STR("Accept: */*\r\n"));
    lme_builder_add(&out, LME_STR("Accept-Encoding: deflate, gzip\r\n"));
    for (size_t i = 0; i < n_lines; i++) {
        if (!has_name(lines[i], "Host"))
            lme_builder_format(&out, "%.*s\r\n", LME_STR_ARG(lines[i]));
    }
    return lme_builder_finish(&out);
}

bool lme_http_head_make(lme_arena *arena, const char *url, const lme_str *lines, size_t n_lines,
                        lme_http_head *head)
{
    CURLU *handle = curl_url();
    LME_BUG(handle == NULL, "libcurl cannot make a URL handle");
    parts read = {.port = LME_STR("")};
    bool ok = curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK &&
              read_parts(arena, handle, &read);
    curl_url_cleanup(handle);
    if (!ok)
        return false;
    head->host = lme_str_format(arena, "%.*s%s%.*s", LME_STR_ARG(read.host),
                                read.port.len > 0 ? ":" : "", LME_STR_ARG(read.port));
    lme_str headers = headers_of(arena, head->host, lines, n_lines);
    head->get = lme_str_format(arena, "GET %.*s HTTP/1.1\r\n%.*s", LME_STR_ARG(read.path),
                               LME_STR_ARG(headers));
    head->post = lme_str_format(arena, "POST %.*s HTTP/1.1\r\n%.*s", LME_STR_ARG(read.path),
                                LME_STR_ARG(headers));
    return true;
}

static size_t put(char *at, lme_str text)
{
    memcpy(at, text.ptr, text.len);
    return text.len;
}

size_t lme_http_tail(char *tail, size_t body_len)
{
    char digits[24];
    size_t n = 0, len = 0;
    for (size_t rest = body_len; rest > 0; rest /= 10)
        digits[n++] = (char)('0' + rest % 10);
    if (n > 0) {
        len = put(tail, LME_STR("Content-Length: "));
        while (n > 0)
            tail[len++] = digits[--n];
        len += put(tail + len, LME_STR("\r\n"));
    }
    return len + put(tail + len, LME_STR("\r\n"));
}
