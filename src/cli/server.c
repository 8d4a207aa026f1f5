/* Where the server is: --base-url, the environment, or a port on this machine that the usual
 * servers listen on. A look at a port is a connect to loopback, answered at once either way.
 */
#include "server.h"

#include "say.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <lmeval/share.h>
#include <lmeval/unicode.h>

/* vLLM and llama-cpp-python, SGLang, llama-server, LM Studio, Ollama. */
static const unsigned usual_ports[] = {8000, 30000, 8080, 1234, 11434};
enum {
    N_USUAL_PORTS = sizeof usual_ports / sizeof usual_ports[0],
    KEY_FILE_MAX = 1 << 16
};

static bool port_is_open(unsigned port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return false;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bool open = connect(fd, (const struct sockaddr *)&to, sizeof to) == 0;
    close(fd);
    return open;
}

/* A variable that is set and not empty. */
static const char *variable(const char *name)
{
    const char *value = getenv(name); /* NOLINT(concurrency-mt-unsafe): nothing sets variables */
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* The first of the ports that somebody listens on; 0: on none. */
static unsigned open_port(void)
{
    for (size_t i = 0; i < N_USUAL_PORTS; i++) {
        if (port_is_open(usual_ports[i]))
            return usual_ports[i];
    }
    return 0;
}

/* On a port of this machine.
 *   wait_s  for one that is being started */
static bool find_here(lme_arena *arena, int64_t wait_s, lme_str *url, lme_error *err)
{
    enum {
        LOOK_MS = 500
    };
    lme_builder tried = {.arena = arena};
    for (size_t i = 0; i < N_USUAL_PORTS; i++)
        lme_builder_format(&tried, "%s%u", i > 0 ? ", " : "", usual_ports[i]);
    lme_str ports = lme_builder_finish(&tried);
    unsigned port = open_port();
    if (port == 0 && wait_s > 0)
        lme_say("waiting %lld s at most for a server on port %.*s", (long long)wait_s,
                LME_STR_ARG(ports));
    for (int64_t ms = 0; port == 0 && ms < wait_s * 1000; ms += LOOK_MS) {
        poll(NULL, 0, LOOK_MS);
        port = open_port();
    }
    if (port != 0) {
        *url = lme_str_format(arena, "http://127.0.0.1:%u", port);
        return true;
    }
    lme_fail(err, LME_ERR_NETWORK, NULL, "no server is named, and none listens on port %.*s here",
             LME_STR_ARG(ports));
    return lme_hint(err, "start one and name it with --base-url http://HOST:PORT, or try --demo: a "
                         "built-in tiny model, no server needed");
}

static bool find_url(lme_arena *arena, const lme_server_flags *flags, lme_str *url, lme_error *err)
{
    const char *named = flags->base_url;
    if (flags->network.unix_socket != NULL) {
        *url = lme_str_format(arena, "unix:%s", flags->network.unix_socket);
        return true;
    }
    if (named == NULL)
        named = variable("LMEVAL_BASE_URL");
    if (named == NULL)
        named = variable("OPENAI_BASE_URL");
    if (named != NULL) {
        *url = lme_str_from(named);
        return true;
    }
    return find_here(arena, flags->wait_s, url, err);
}

/* What is said while nobody answers. */
static void say_absence(void *context, const lme_absence *absence)
{
    (void)context;
    const char *clear = isatty(STDERR_FILENO) == 1 ? "\r\033[K" : "";
    unsigned long left = (unsigned long)((absence->left_ms + 999) / 1000);
    lme_arena *arena = lme_arena_new();
    lme_builder out = {.arena = arena};
    lme_str who = LME_STR("the server");
    if (absence->n_servers > 1 && !absence->is_first)
        who = lme_str_format(arena, "each of the %zu servers", absence->n_servers);
    if (absence->is_back)
        lme_builder_format(&out, "%s after %.1f s: going on",
                           absence->is_first         ? "the server is there"
                           : absence->n_servers == 1 ? "the server is back"
                                                     : "one of the servers is back",
                           (double)absence->waited_ms / 1000);
    else
        lme_builder_format(&out, "%.*s at %.*s is %s (%.*s): waiting for %lu s at most",
                           LME_STR_ARG(who), LME_STR_ARG(absence->url),
                           absence->is_first ? "not there yet" : "away",
                           LME_STR_ARG(absence->failure), left);
    fprintf(stderr, "%s%s\n", clear, lme_said(arena, lme_builder_finish(&out)).ptr);
    lme_arena_free(arena);
}

/* Of a run that got answers: long enough for a restart. Not given, nothing is waited for before. */
static const unsigned usual_wait_s = 120;

static bool read_key(lme_arena *arena, const lme_server_flags *flags, lme_str *key, lme_error *err)
{
    *key = LME_STR("");
    if (flags->demo)
        return true;
    if (flags->api_key_file != NULL) {
        lme_str text;
        if (!lme_file_read(arena, flags->api_key_file, KEY_FILE_MAX, &text, err))
            return lme_while(err, "reading the API key");
        *key = lme_strip(text);
        if (key->len == 0)
            return lme_fail(err, LME_ERR_USAGE, &(lme_place){.file = flags->api_key_file},
                            "the API key file is empty");
        return true;
    }
    const char *value = variable("LMEVAL_API_KEY");
    if (value == NULL)
        value = variable("OPENAI_API_KEY");
    *key = lme_strip(lme_str_from(value));
    return true;
}

static bool start_demo(lme_arena *arena, lme_connection *connection, lme_error *err)
{
    lme_refserver_options options = {0};
    if (!lme_refserver_start(&options, &connection->refserver, err))
        return lme_while(err, "starting the built-in server");
    connection->base_url =
        lme_str_format(arena, "http://127.0.0.1:%u", lme_refserver_port(connection->refserver));
    return true;
}

/* At connection->base_url. */
static bool open_endpoint(lme_arena *arena, const lme_server_flags *flags,
                          lme_connection *connection, lme_error *err)
{
    lme_str key;
    if (!read_key(arena, flags, &key, err))
        return false;
    if (flags->truncate != NULL && !lme_str_is(lme_str_from(flags->truncate), "left"))
        return lme_fail(err, LME_ERR_USAGE, NULL, "--truncate wants left, got \"%s\"",
                        flags->truncate);
    lme_endpoint_options options = {
        .base_url = connection->base_url,
        .model = lme_str_from(flags->model),
        .api_key = key,
        .concurrency = flags->concurrency,
        .batch = flags->batch,
        .max_rps = flags->max_rps,
        .max_tokens = flags->max_tokens,
        .connect_ms = 10000,
        .timeout_ms = (unsigned)flags->timeout_s * 1000,
        .max_retries = (unsigned)flags->max_retries,
        .backoff_ms = 500,
        .wait_ms = (flags->wait_s < 0 ? usual_wait_s : (unsigned)flags->wait_s) * 1000,
        .wait_first_ms = flags->wait_s > 0 ? (unsigned)flags->wait_s * 1000 : 0,
        .on_absence = say_absence,
        .seed = flags->request_seed,
        .scoring = lme_str_from(flags->scoring),
        .think_end = lme_str_from(flags->think_end_token),
        .max_length = flags->max_length,
        .truncates = flags->truncate != NULL,
        .has_prefix_token = flags->prefix_token >= 0,
        .prefix_token = flags->prefix_token,
    };
    lme_network network;
    if (!lme_network_flags_read(arena, &flags->network, &network, err))
        return false;
    /* The demo's server is here: no proxy or authority stands between. */
    if (flags->demo)
        network = (lme_network){.libcurl_only = network.libcurl_only};
    options.network = network;
    return lme_endpoint_open(&options, &connection->endpoint, err);
}

bool lme_connect(lme_arena *arena, const lme_server_flags *flags, lme_connection *connection,
                 lme_error *err)
{
    *connection = (lme_connection){0};
    if (flags->demo && flags->base_url != NULL)
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "--demo brings its own server: --base-url does not go with it");
    if (flags->network.unix_socket != NULL && (flags->demo || flags->base_url != NULL))
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "--unix-socket is the server's address: %s does not go with it",
                        flags->demo ? "--demo" : "--base-url");
    bool found = flags->demo ? start_demo(arena, connection, err)
                             : find_url(arena, flags, &connection->base_url, err);
    return found && open_endpoint(arena, flags, connection, err);
}

bool lme_connect_beside(lme_arena *arena, const lme_server_flags *flags, lme_str base_url,
                        lme_connection *connection, lme_error *err)
{
    *connection = (lme_connection){.base_url = base_url};
    return open_endpoint(arena, flags, connection, err);
}

bool lme_connect_nowhere(lme_arena *arena, const lme_server_flags *flags,
                         const lme_profile *profile, lme_str base_url, lme_connection *connection,
                         lme_error *err)
{
    *connection = (lme_connection){.base_url = lme_str_copy(arena, base_url)};
    lme_endpoint_options options = {
        .base_url = LME_STR("http://127.0.0.1:9"),
        .model = profile->model,
        .concurrency = 1,
        .connect_ms = 1,
        .timeout_ms = 1,
        .seed = flags->request_seed,
        .scoring = profile->scoring_path,
        .think_end = lme_str_from(flags->think_end_token),
    };
    return lme_endpoint_open(&options, &connection->endpoint, err);
}

void lme_disconnect(lme_connection *connection)
{
    lme_endpoint_close(connection->endpoint);
    lme_refserver_stop(connection->refserver);
    *connection = (lme_connection){0};
}
