/* The address of a server, in all the forms that people and other tools use for it. libcurl's own
 * URL parser decides what is well-formed, so that what passes here is what it can connect to. */
#include "url.h"

#include <curl/curl.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <lmeval/unicode.h>

static const char *const known_ends[] = {"/chat/completions", "/completions", "/models"};

/* A part of the URL copied into the arena; "" when it has none. */
static lme_str part_of(lme_arena *arena, CURLU *handle, CURLUPart part)
{
    char *text = NULL;
    if (curl_url_get(handle, part, &text, 0) != CURLUE_OK)
        return LME_STR("");
    lme_str copy = lme_str_copy(arena, lme_str_from(text));
    curl_free(text);
    return copy;
}

/* "v" and a digit, as in v1, v1beta, v4. */
static bool is_version(lme_str segment)
{
    return segment.len >= 2 && segment.ptr[0] == 'v' && segment.ptr[1] >= '1' &&
           segment.ptr[1] <= '9';
}

static bool has_version(lme_str path)
{
    size_t from = 0;
    while (from < path.len) {
        size_t slash = lme_str_find(path, LME_STR("/"), from);
        size_t to = slash < path.len ? slash : path.len;
        if (is_version(lme_str_slice(path, from, to)))
            return true;
        from = to + 1;
    }
    return false;
}

static lme_str without_slashes(lme_str path)
{
    while (lme_str_ends(path, LME_STR("/")))
        path.len--;
    return path;
}

/* The path that /completions and /models hang under. */
static lme_str root_path(lme_arena *arena, lme_str path)
{
    path = without_slashes(path);
    for (size_t i = 0; i < sizeof known_ends / sizeof known_ends[0]; i++) {
        lme_str end = lme_str_from(known_ends[i]);
        if (lme_str_ends(path, end)) {
            path = without_slashes(lme_str_slice(path, 0, path.len - end.len));
            break;
        }
    }
    return has_version(path) ? path : lme_str_concat(arena, path, LME_STR("/v1"));
}

/* A root ends in /v1 or the like. */
static size_t last_slash(lme_str root)
{
    size_t at = root.len;
    while (at > 0 && root.ptr[at - 1] != '/')
        at--;
    return at > 0 ? at - 1 : 0;
}

/* A name may begin with digits, too: 127.0.0.1.example.org is anywhere. */
static bool is_loopback(lme_str host)
{
    size_t n_numeric = 0;
    while (n_numeric < host.len && (host.ptr[n_numeric] == '.' ||
                                    (host.ptr[n_numeric] >= '0' && host.ptr[n_numeric] <= '9')))
        n_numeric++;
    return lme_str_is(host, "localhost") || lme_str_is(host, "[::1]") ||
           (lme_str_starts(host, LME_STR("127.")) && n_numeric == host.len);
}

/* Refuses what would be lost or would leak; the text is shown only where it holds no secret. */
static bool check_parts(lme_arena *arena, CURLU *handle, lme_str written, lme_error *err)
{
    if (part_of(arena, handle, CURLUPART_USER).len > 0 ||
        part_of(arena, handle, CURLUPART_PASSWORD).len > 0) {
        lme_fail(err, LME_ERR_USAGE, NULL, "the server's URL holds a user name or password");
        return lme_hint(err, "give a key in $OPENAI_API_KEY or with --api-key-file: URLs are "
                             "printed and stored");
    }
    if (part_of(arena, handle, CURLUPART_QUERY).len > 0 ||
        part_of(arena, handle, CURLUPART_FRAGMENT).len > 0) {
        lme_fail(err, LME_ERR_USAGE, NULL,
                 "the server's URL ends in a query or fragment, expected http://HOST:PORT[/PATH]");
        return lme_hint(err, "leave out everything from the first ? or # on");
    }
    lme_str scheme = part_of(arena, handle, CURLUPART_SCHEME);
    if (!lme_str_is(scheme, "http") && !lme_str_is(scheme, "https"))
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "the server's URL \"%.*s\" begins with %.*s://, expected http or https",
                        LME_STR_ARG(written), LME_STR_ARG(scheme));
    return true;
}

static bool read_parts(lme_arena *arena, CURLU *handle, lme_str written, lme_server_url *url,
                       lme_error *err)
{
    if (!check_parts(arena, handle, written, err))
        return false;
    lme_str path = root_path(arena, part_of(arena, handle, CURLUPART_PATH));
    if (curl_url_set(handle, CURLUPART_PATH, lme_str_cstr(arena, path), 0) != CURLUE_OK)
        return lme_fail(err, LME_ERR_USAGE, NULL, "the server's URL \"%.*s\" has a bad path",
                        LME_STR_ARG(written));
    url->root = part_of(arena, handle, CURLUPART_URL);
    url->loopback = is_loopback(part_of(arena, handle, CURLUPART_HOST));
    url->secure = lme_str_starts(url->root, LME_STR("https"));
    url->models = lme_str_concat(arena, url->root, LME_STR("/models")).ptr;
    url->completions = lme_str_concat(arena, url->root, LME_STR("/completions")).ptr;
    lme_str base = lme_str_slice(url->root, 0, last_slash(url->root));
    url->generate = lme_str_concat(arena, base, LME_STR("/generate")).ptr;
    url->completion = lme_str_concat(arena, base, LME_STR("/completion")).ptr;
    url->tokenize = lme_str_concat(arena, base, LME_STR("/tokenize")).ptr;
    url->detokenize = lme_str_concat(arena, base, LME_STR("/detokenize")).ptr;
    url->props = lme_str_concat(arena, base, LME_STR("/props")).ptr;
    url->tokenizer_info = lme_str_concat(arena, base, LME_STR("/tokenizer_info")).ptr;
    url->server_info = lme_str_concat(arena, base, LME_STR("/server_info")).ptr;
    url->server_info_0 = lme_str_concat(arena, base, LME_STR("/get_server_info")).ptr;
    url->apply_template = lme_str_concat(arena, base, LME_STR("/apply-template")).ptr;
    url->chat = lme_str_concat(arena, url->root, LME_STR("/chat/completions")).ptr;
    return true;
}

/* The path of unix:PATH; "" for every other text. */
static bool read_socket(lme_arena *arena, lme_str written, lme_str *path, lme_error *err)
{
    struct sockaddr_un address;
    *path = LME_STR("");
    if (!lme_str_starts(written, LME_STR("unix:")))
        return true;
    lme_str rest = lme_str_slice(written, 5, written.len);
    if (lme_str_starts(rest, LME_STR("//")))
        rest = lme_str_slice(rest, 2, rest.len);
    *path = lme_str_copy(arena, rest);
    if (rest.len > 0 && rest.len < sizeof address.sun_path)
        return true;
    return lme_fail(err, LME_ERR_USAGE, NULL,
                    "the socket of \"%.*s\" has a path of %zu bytes, expected 1 to %zu",
                    LME_STR_ARG(written), rest.len, sizeof address.sun_path - 1);
}

bool lme_server_url_read(lme_arena *arena, lme_str base_url, lme_server_url *url, lme_error *err)
{
    lme_str written = lme_strip(base_url);
    *url =
        (lme_server_url){.assumed_scheme = lme_str_find(written, LME_STR("://"), 0) >= written.len};
    if (written.len == 0 || memchr(written.ptr, '\0', written.len) != NULL) {
        lme_fail(err, LME_ERR_USAGE, NULL, "the server's URL is empty");
        return lme_hint(err, "expected http://HOST:PORT, or http://HOST:PORT/v1");
    }
    if (!read_socket(arena, written, &url->unix_socket, err))
        return false;
    bool is_socket = url->unix_socket.len > 0;
    url->assumed_scheme = url->assumed_scheme && !is_socket;
    lme_str whole = is_socket             ? LME_STR("http://localhost")
                    : url->assumed_scheme ? lme_str_concat(arena, LME_STR("http://"), written)
                                          : lme_str_copy(arena, written);
    CURLU *handle = curl_url();
    LME_BUG(handle == NULL, "libcurl cannot make a URL handle");
    bool ok;
    CURLUcode code = curl_url_set(handle, CURLUPART_URL, whole.ptr, CURLU_NON_SUPPORT_SCHEME);
    if (code == CURLUE_OK) {
        ok = read_parts(arena, handle, written, url, err);
    } else {
        /* What cannot be read may hold a password before an @: it is then not shown. */
        bool secret = memchr(written.ptr, '@', written.len) != NULL;
        ok = lme_fail(err, LME_ERR_USAGE, NULL, "the server's URL%s%.*s%s cannot be read: %s",
                      secret ? "" : " \"", secret ? 0 : (int)written.len, written.ptr,
                      secret ? "" : "\"", curl_url_strerror(code));
        lme_hint(err, "expected http://HOST:PORT, or http://HOST:PORT/v1");
    }
    curl_url_cleanup(handle);
    return ok;
}

/* The n-th of the URLs that the struct begins with. */
static const char *url_at(const lme_server_url *url, size_t n)
{
    const char *at;
    memcpy(&at, (const char *)url + n * sizeof at, sizeof at);
    return at;
}

const char *lme_server_url_like(const lme_server_url *from, const char *url,
                                const lme_server_url *to)
{
    size_t n = offsetof(lme_server_url, root) / sizeof(const char *);
    for (size_t i = 0; i < n; i++) {
        if (url_at(from, i) == url)
            return url_at(to, i);
    }
    LME_BUG(true, "a URL that is none of the server's");
}
