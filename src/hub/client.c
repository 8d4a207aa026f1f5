#include "client.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <lmeval/json.h>
#include <lmeval/limits.h>

enum {
    CONNECT_SECONDS = 15,
    STALL_SECONDS = 60, /* at less than SLOWEST on average */
    SLOWEST = 200,      /* bytes a second: a page takes 10 minutes then, and none takes for ever */
    PAGE_SECONDS = 600, /* for one answer; files have no such bound */
    POLL_MS = 1000
};

/* What the headers of an answer say. */
typedef struct header_notes {
    lme_builder revision;
    uint64_t retry_after_ms; /* 0: nothing */
} header_notes;

/* One GET under way. */
typedef struct transfer {
    CURL *handle;
    lme_builder body;
    header_notes told;
    unsigned n_tries;
    bool is_done, is_running;
    double not_before; /* monotonic seconds: when the next try may begin */
} transfer;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type */
static size_t take_body(char *bytes, size_t size, size_t n, void *context)
{
    transfer *t = context;
    if (t->body.len + size * n > LME_LIMIT_RESPONSE)
        return 0;
    lme_builder_add(&t->body, (lme_str){bytes, size * n});
    return size * n;
}

static bool has_name(const char *line, size_t len, const char *name)
{
    size_t n = strlen(name);
    if (len <= n || line[n] != ':')
        return false;
    for (size_t i = 0; i < n; i++) {
        if ((line[i] | 0x20) != name[i])
            return false;
    }
    return true;
}

static void read_revision(header_notes *told, lme_str value)
{
    told->revision.len = 0;
    for (size_t i = 0; i < value.len && told->revision.len < 128; i++) {
        if (value.ptr[i] > ' ')
            lme_builder_char(&told->revision, value.ptr[i]);
    }
}

/* Seconds; as a date the hub does not say it. */
static void read_retry_after(header_notes *told, lme_str value)
{
    int64_t seconds;
    size_t from = 0, to = value.len;
    while (from < to && value.ptr[from] == ' ')
        from++;
    while (to > from && value.ptr[to - 1] <= ' ')
        to--;
    if (!lme_str_to_int(lme_str_slice(value, from, to), &seconds) || seconds < 0)
        return;
    told->retry_after_ms = seconds < LME_LIMIT_RETRY_AFTER_MS / 1000 ? (uint64_t)seconds * 1000
                                                                     : LME_LIMIT_RETRY_AFTER_MS;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type */
static size_t take_header(char *bytes, size_t size, size_t n, void *context)
{
    size_t len = size * n;
    lme_str line = {bytes, len};
    if (has_name(bytes, len, "x-revision"))
        read_revision(context, lme_str_slice(line, strlen("x-revision:"), len));
    if (has_name(bytes, len, "retry-after"))
        read_retry_after(context, lme_str_slice(line, strlen("retry-after:"), len));
    return len;
}

/* Milliseconds before the next try, after n_tries of them. */
static uint64_t wait_before_next(const lme_hub *hub, unsigned n_tries, const header_notes *told)
{
    if (told->retry_after_ms > 0)
        return told->retry_after_ms;
    return (uint64_t)hub->backoff_ms << (n_tries < 7 ? n_tries - 1 : 6);
}

/* A header of libcurl's, freed with the arena. */
static void free_headers(void *list)
{
    curl_slist_free_all(list);
}

static void free_handle(void *handle)
{
    curl_easy_cleanup(handle);
}

static lme_str part_of(lme_arena *arena, CURLU *url, CURLUPart which)
{
    char *text = NULL;
    lme_str part = LME_STR("");
    if (curl_url_get(url, which, &text, 0) == CURLUE_OK)
        part = lme_str_copy(arena, lme_str_from(text));
    curl_free(text);
    return part;
}

/* Scheme and host of an address; both "" when it is none. */
static void read_url(lme_arena *arena, lme_str text, lme_str *scheme, lme_str *host)
{
    CURLU *url = curl_url();
    LME_BUG(url == NULL, "libcurl has no memory left");
    *scheme = *host = LME_STR("");
    if (curl_url_set(url, CURLUPART_URL, lme_str_cstr(arena, text), 0) == CURLUE_OK) {
        *scheme = part_of(arena, url, CURLUPART_SCHEME);
        *host = part_of(arena, url, CURLUPART_HOST);
    }
    curl_url_cleanup(url);
}

/* The token goes to the hub and to nobody else, and over nothing that others can read. An answer of
 * the hub names where its files are: that alone makes no host trustworthy. */
static bool may_have_token(lme_arena *arena, const lme_hub *hub, lme_str url)
{
    lme_str scheme, host, own_scheme, own_host;
    read_url(arena, url, &scheme, &host);
    read_url(arena, hub->rows_url, &own_scheme, &own_host);
    bool is_loopback =
        lme_str_is(host, "127.0.0.1") || lme_str_is(host, "[::1]") || lme_str_is(host, "localhost");
    bool is_hub = lme_str_equal(host, own_host) || lme_str_is(host, "huggingface.co") ||
                  lme_str_ends(host, LME_STR(".huggingface.co"));
    return host.len > 0 && is_hub && (lme_str_is(scheme, "https") || is_loopback);
}

static CURL *make_handle(lme_arena *arena, const lme_hub *hub, lme_str url, header_notes *told)
{
    CURL *handle = curl_easy_init();
    LME_BUG(handle == NULL, "libcurl has no memory left");
    lme_arena_on_free(arena, free_handle, handle);
    curl_easy_setopt(handle, CURLOPT_URL, lme_str_cstr(arena, url));
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
    curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(handle, CURLOPT_MAXREDIRS, 5L);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "lmeval/" LMEVAL_VERSION);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, (long)SLOWEST);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, (long)STALL_SECONDS);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, told);
    if (hub->token.len > 0 && may_have_token(arena, hub, url)) {
        /* libcurl drops this header when a redirect leads to another host. */
        lme_str header =
            lme_str_format(arena, "Authorization: Bearer %.*s", LME_STR_ARG(hub->token));
        struct curl_slist *headers = curl_slist_append(NULL, header.ptr);
        lme_arena_on_free(arena, free_headers, headers);
        curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    }
    return handle;
}

static bool may_change(CURLcode code, long status)
{
    if (code == CURLE_OK)
        return status == 408 || status == 429 || status >= 500;
    /* A machine without a network is told so at once. */
    if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
        code == CURLE_COULDNT_CONNECT)
        return false;
    return code != CURLE_UNSUPPORTED_PROTOCOL && code != CURLE_URL_MALFORMAT &&
           code != CURLE_WRITE_ERROR && code != CURLE_PEER_FAILED_VERIFICATION &&
           code != CURLE_SSL_CACERT_BADFILE;
}

static lme_str failure_text(CURLcode code)
{
    if (code == CURLE_OK)
        return LME_STR("");
    if (code == CURLE_WRITE_ERROR)
        return LME_STR("the answer is larger than any page of rows");
    if (code == CURLE_SSL_CACERT_BADFILE)
        return LME_STR("this machine has no list of authorities to trust: install the package "
                       "ca-certificates");
    return lme_str_from(curl_easy_strerror(code));
}

/* A try has ended: another follows, or the answer is final. */
static void end_try(lme_arena *arena, const lme_hub *hub, transfer *t, CURLcode code,
                    lme_hub_answer *answer)
{
    long status = 0;
    curl_easy_getinfo(t->handle, CURLINFO_RESPONSE_CODE, &status);
    t->is_running = false;
    t->n_tries++;
    if (t->n_tries <= hub->max_retries && may_change(code, status)) {
        t->not_before = now() + (double)wait_before_next(hub, t->n_tries, &t->told) * 1e-3;
        return;
    }
    t->is_done = true;
    *answer = (lme_hub_answer){
        .status = code == CURLE_OK ? status : 0,
        .body = lme_builder_finish(&t->body),
        .revision = lme_builder_finish(&t->told.revision),
        .failure = failure_text(code),
    };
    (void)arena;
}

/* Starts what may start. Returns how many are not done. */
static size_t start_due(CURLM *multi, transfer *transfers, size_t n)
{
    size_t n_open = 0;
    for (size_t i = 0; i < n; i++) {
        transfer *t = &transfers[i];
        n_open += t->is_done ? 0 : 1;
        if (t->is_done || t->is_running || now() < t->not_before)
            continue;
        t->body.len = t->told.revision.len = 0;
        t->told.retry_after_ms = 0;
        t->is_running = true;
        curl_multi_add_handle(multi, t->handle);
    }
    return n_open;
}

static void take_ended(lme_arena *arena, const lme_hub *hub, CURLM *multi, transfer *transfers,
                       size_t n, lme_hub_answer *answers)
{
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)) != NULL;) {
        if (message->msg != CURLMSG_DONE)
            continue;
        CURL *handle = message->easy_handle;
        CURLcode code = message->data.result;
        curl_multi_remove_handle(multi, handle);
        for (size_t i = 0; i < n; i++) {
            if (transfers[i].handle == handle)
                end_try(arena, hub, &transfers[i], code, &answers[i]);
        }
    }
}

bool lme_hub_get(lme_arena *arena, const lme_hub *hub, const lme_str *urls, size_t n,
                 lme_hub_answer *answers, lme_error *err)
{
    LME_BUG(n > LME_HUB_PARALLEL, "more requests at once than is polite");
    lme_arena *scratch = lme_arena_new();
    transfer transfers[LME_HUB_PARALLEL] = {0};
    CURLM *multi = curl_multi_init();
    bool ok = multi != NULL;
    if (!ok)
        lme_fail(err, LME_ERR_NETWORK, NULL, "libcurl cannot start");
    for (size_t i = 0; ok && i < n; i++) {
        transfer *t = &transfers[i];
        t->body.arena = t->told.revision.arena = arena;
        t->handle = make_handle(scratch, hub, urls[i], &t->told);
        curl_easy_setopt(t->handle, CURLOPT_TIMEOUT, (long)PAGE_SECONDS);
        curl_easy_setopt(t->handle, CURLOPT_WRITEFUNCTION, take_body);
        curl_easy_setopt(t->handle, CURLOPT_WRITEDATA, t);
    }
    while (ok && start_due(multi, transfers, n) > 0) {
        int running;
        curl_multi_perform(multi, &running);
        take_ended(arena, hub, multi, transfers, n, answers);
        if (running > 0 || start_due(multi, transfers, n) > 0)
            curl_multi_poll(multi, NULL, 0, running > 0 ? POLL_MS : 20, NULL);
    }
    lme_arena_free(scratch);
    curl_multi_cleanup(multi);
    return ok;
}

/* A download under way. */
typedef struct download {
    FILE *file;
    const lme_hub *hub;
    lme_hub_progress *progress;
    header_notes told;
    bool is_broken; /* the file could not be written */
} download;

/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type */
static size_t take_file(char *bytes, size_t size, size_t n, void *context)
{
    download *d = context;
    if (fwrite(bytes, size, n, d->file) != n) {
        d->is_broken = true;
        return 0;
    }
    d->progress->done += size * n;
    if (d->hub->on_progress != NULL)
        d->hub->on_progress(d->hub->context, d->progress);
    return size * n;
}

/* One try, from the end of what is there. */
static CURLcode try_download(lme_arena *arena, download *d, lme_str url, const char *path,
                             long *status)
{
    struct stat info;
    d->file = fopen(path, "ab");
    d->is_broken = d->file == NULL;
    if (d->is_broken)
        return CURLE_WRITE_ERROR;
    d->told.revision.arena = arena;
    CURL *handle = make_handle(arena, d->hub, url, &d->told);
    if (stat(path, &info) == 0 && info.st_size > 0)
        curl_easy_setopt(handle, CURLOPT_RESUME_FROM_LARGE, (curl_off_t)info.st_size);
    curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, NULL);
    curl_easy_setopt(handle, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_file);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, d);
    CURLcode code = curl_easy_perform(handle);
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, status);
    d->is_broken = fclose(d->file) != 0 || d->is_broken;
    return code;
}

bool lme_hub_download(lme_arena *arena, const lme_hub *hub, lme_str url, const char *path,
                      lme_hub_progress *progress, lme_error *err)
{
    (void)arena;
    CURLcode code = CURLE_OK;
    long status = 0;
    uint64_t wait = 0;
    for (unsigned n_tries = 0; n_tries <= hub->max_retries; n_tries++) {
        download d = {.hub = hub, .progress = progress};
        lme_arena *scratch = lme_arena_new();
        struct timespec time = {(time_t)(wait / 1000), (long)(wait % 1000) * 1000000};
        nanosleep(&time, NULL);
        code = try_download(scratch, &d, url, path, &status);
        lme_arena_free(scratch);
        if (d.is_broken)
            return lme_fail(err, LME_ERR_IO, &(lme_place){.file = path}, "cannot write: %s",
                            strerror(errno));
        /* 416: all of it was there already. */
        if (code == CURLE_OK || status == 416)
            return true;
        /* A server that cannot go on in the middle: from the start. */
        if (code == CURLE_RANGE_ERROR)
            (void)remove(path);
        if (status >= 400 && status < 500 && status != 408 && status != 429)
            break;
        wait = wait_before_next(hub, n_tries + 1, &d.told);
    }
    return lme_fail(err, status >= 400 && status < 500 ? LME_ERR_DATA : LME_ERR_NETWORK, NULL,
                    "cannot download %.*s: %s", LME_STR_ARG(url), curl_easy_strerror(code));
}

lme_str lme_hub_escape(lme_arena *arena, lme_str text)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c != '\0' && strchr(plain, c) != NULL)
            lme_builder_char(&out, c);
        else
            lme_builder_format(&out, "%%%02X", (unsigned)(unsigned char)c);
    }
    return lme_builder_finish(&out);
}

/* The message in an answer's body, one line of it. */
static lme_str said(lme_arena *arena, const lme_hub_answer *answer)
{
    lme_value body;
    if (!lme_json_read(arena, NULL, answer->body, NULL, &body, NULL))
        return LME_STR("");
    const lme_value *error = lme_value_find(&body, "error");
    lme_str text = error != NULL && error->kind == LME_STRING ? error->string : LME_STR("");
    size_t end = lme_str_find(text, LME_STR("\n"), 0);
    return lme_str_slice(text, 0, end < 300 ? end : 300);
}

bool lme_hub_refused(lme_arena *arena, const lme_hub *hub, const lme_hub_split *split,
                     const lme_hub_answer *answer, lme_error *err)
{
    lme_str id = split->dataset;
    if (answer->status == 0) {
        lme_fail(err, LME_ERR_NETWORK, NULL, "the hub at %.*s does not answer for %.*s: %.*s",
                 LME_STR_ARG(hub->rows_url), LME_STR_ARG(id), LME_STR_ARG(answer->failure));
        return lme_hint(err, "without a network: fill a mirror by hand (--data-dir), or try "
                             "--demo; --offline never asks the hub");
    }
    lme_str words = said(arena, answer);
    if (answer->status == 401 || answer->status == 403) {
        lme_fail(err, LME_ERR_DATA, NULL, "the hub does not give %.*s to %s (status %ld): %.*s",
                 LME_STR_ARG(id), hub->token.len > 0 ? "this token" : "everybody", answer->status,
                 LME_STR_ARG(words));
        return lme_hint(err, "accept its terms at the hub, then put a token of yours into "
                             "$HF_TOKEN; or check the name");
    }
    if (answer->status == 429 || answer->status >= 500) {
        lme_fail(err, LME_ERR_NETWORK, NULL, "the hub cannot serve %.*s now (status %ld): %.*s",
                 LME_STR_ARG(id), answer->status, LME_STR_ARG(words));
        return lme_hint(err, "the same command goes on later from where it stopped");
    }
    lme_fail(err, LME_ERR_DATA, NULL, "the hub has no rows of %.*s (status %ld): %.*s",
             LME_STR_ARG(id), answer->status, LME_STR_ARG(words));
    return lme_hint(err, "check dataset_path, dataset_name and the split's name");
}
