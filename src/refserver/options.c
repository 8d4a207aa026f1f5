/* The option table, and reading it with getopt_long. */
#include "options.h"

#include "trait.h"

#include <getopt.h>
#include <string.h>

#define OPTIONS(OPTION)                                                                            \
    OPTION(PORT, "port", "N", "port (default: any free one)")                                      \
    OPTION(LISTEN, "listen", "WHERE", "127.0.0.1 (default), ::1 or unix:PATH")                     \
    OPTION(TLS_CERT, "tls-cert", "FILE", "certificate in PEM form: the server speaks TLS")         \
    OPTION(TLS_KEY, "tls-key", "FILE", "its private key (default: in the certificate's file)")     \
    OPTION(TLS_CLIENT_CA, "tls-client-ca", "FILE", "clients need a certificate that this signed")  \
    OPTION(PORT_FILE, "port-file", "FILE", "write the port there when ready")                      \
    OPTION(MODEL, "model", "ID", "model name (default: lmeval-ngram, or that of the record)")      \
    OPTION(CORPUS, "corpus", "DIR", "train on the .txt files there (default: the program's own)")  \
    OPTION(QUANTIZE_BITS, "quantize-bits", "N", "round the model's weights to N bits, 1 to 16")    \
    OPTION(IMPERSONATE, "impersonate", "LIST", "lack what other servers lack: see below")          \
    OPTION(FAULTS, "faults", "LIST", "NAME=SHARE[:ARG],...; SHARE is 0 to 1 or always: see below") \
    OPTION(FAULT_SEED, "fault-seed", "N", "draw other faults (default: 0)")                        \
    OPTION(LATENCY_MS, "latency-ms", "N", "wait before every answer to a POST")                    \
    OPTION(PROMPT_TOKEN_US, "prompt-token-us", "N", "wait N us more for each token of a prompt")   \
    OPTION(TOKEN_US, "token-us", "N", "wait N us more for each token that is generated")           \
    OPTION(SLOTS, "slots", "N", "work on N requests at once; others wait (default: any number)")   \
    OPTION(CAPACITY, "capacity", "N", "429 for more than N requests at once")                      \
    OPTION(GZIP, "gzip", NULL, "compress answers for clients that take that")                      \
    OPTION(LOG, "log", "FILE", "write PATH BODY of every POST there, in the order they come")      \
    OPTION(API_KEY, "api-key", "KEY", "401 without this key")                                      \
    OPTION(REPLAY, "replay", "FILE", "answer recorded requests from this JSONL of exchanges")      \
    OPTION(REPLAY_STRICT, "replay-strict", NULL, "404 for all others, not the model's answer")     \
    OPTION(THREADS, "threads", "N", "threads that serve (default: one a processor, at most 4)")    \
    OPTION(HELP, "help", NULL, "this text")                                                        \
    OPTION(VERSION, "version", NULL, "the version")

enum option_id {
#define OPTION(id, name, argument, help) OPTION_##id,
    OPTIONS(OPTION)
#undef OPTION
    N_OPTIONS
};

static const struct option long_options[] = {
#define OPTION(id, name, argument, help)                                                           \
    {name, (argument) != NULL ? required_argument : no_argument, NULL, OPTION_##id},
    OPTIONS(OPTION)
#undef OPTION
        {NULL, 0, NULL, 0}};

static const lme_refserver_row option_rows[] = {
#define OPTION(id, name, argument, help) {name, help},
    OPTIONS(OPTION)
#undef OPTION
        {NULL, NULL}};

static const char *const arguments_table[] = {
#define OPTION(id, name, argument, help) argument,
    OPTIONS(OPTION)
#undef OPTION
};

static void add_rows(lme_builder *text, const char *title, const lme_refserver_row *rows)
{
    lme_builder_format(text, "\n%s:\n", title);
    for (; rows->name != NULL; rows++)
        lme_builder_format(text, "  %-21s %s\n", rows->name, rows->meaning);
}

lme_str lme_refserver_help(lme_arena *arena)
{
    lme_builder text = {.arena = arena};
    lme_builder_add(&text, LME_STR("usage: lmeval-refserver [OPTION ...]\n"
                                   "A small language model behind the OpenAI API, on loopback.\n"
                                   "\noptions:\n"));
    for (size_t i = 0; i < N_OPTIONS; i++)
        lme_builder_format(&text, "  --%-13s %-5s %s\n", option_rows[i].name,
                           arguments_table[i] != NULL ? arguments_table[i] : "",
                           option_rows[i].meaning);
    add_rows(&text, "impersonations", lme_refserver_traits());
    add_rows(&text, "faults", lme_refserver_faults());
    return lme_builder_finish(&text);
}

static bool read_number(size_t option, const char *text, int64_t max, int64_t *number,
                        lme_error *err)
{
    if (lme_str_to_int(lme_str_from(text), number) && *number >= 0 && *number <= max)
        return true;
    return lme_fail(err, LME_ERR_USAGE, NULL, "--%s: got \"%s\", expected a number from 0 to %lld",
                    option_rows[option].name, text, (long long)max);
}

static bool read_unsigned(size_t option, const char *text, unsigned *number, lme_error *err)
{
    int64_t read;
    if (!read_number(option, text, 86400000, &read, err))
        return false;
    *number = (unsigned)read;
    return true;
}

/* Options of the network that are texts or switches; false when it is none of these. */
static bool take_network(int option, const char *value, lme_refserver_options *server)
{
    switch (option) {
    case OPTION_LISTEN:
        server->listen = value;
        return true;
    case OPTION_TLS_CERT:
        server->tls_cert = value;
        return true;
    case OPTION_TLS_KEY:
        server->tls_key = value;
        return true;
    case OPTION_TLS_CLIENT_CA:
        server->tls_client_ca = value;
        return true;
    case OPTION_GZIP:
        server->gzip = true;
        return true;
    case OPTION_LOG:
        server->log = value;
        return true;
    default:
        return false;
    }
}

/* Other options that are texts or switches; false when it is none of these. */
static bool take_text(int option, const char *value, lme_refserver_arguments *arguments)
{
    lme_refserver_options *server = &arguments->server;
    switch (option) {
    case OPTION_PORT_FILE:
        arguments->port_file = value;
        return true;
    case OPTION_MODEL:
        server->model = value;
        return true;
    case OPTION_CORPUS:
        server->corpus = value;
        return true;
    case OPTION_IMPERSONATE:
        server->impersonate = value;
        return true;
    case OPTION_FAULTS:
        server->faults = value;
        return true;
    case OPTION_API_KEY:
        server->api_key = value;
        return true;
    case OPTION_REPLAY:
        server->replay = value;
        return true;
    case OPTION_REPLAY_STRICT:
        server->replay_strict = true;
        return true;
    case OPTION_HELP:
        arguments->wants_help = true;
        return true;
    case OPTION_VERSION:
        arguments->wants_version = true;
        return true;
    default:
        return take_network(option, value, server);
    }
}

static bool take_number(int option, const char *value, lme_refserver_options *server,
                        lme_error *err)
{
    size_t row = (size_t)option;
    int64_t number;
    switch (option) {
    case OPTION_PORT:
        return read_unsigned(row, value, &server->port, err);
    case OPTION_QUANTIZE_BITS:
        return read_unsigned(row, value, &server->quantize_bits, err);
    case OPTION_LATENCY_MS:
        return read_unsigned(row, value, &server->latency_ms, err);
    case OPTION_PROMPT_TOKEN_US:
        return read_unsigned(row, value, &server->prompt_token_us, err);
    case OPTION_TOKEN_US:
        return read_unsigned(row, value, &server->token_us, err);
    case OPTION_SLOTS:
        return read_unsigned(row, value, &server->slots, err);
    case OPTION_CAPACITY:
        return read_unsigned(row, value, &server->capacity, err);
    case OPTION_THREADS:
        return read_unsigned(row, value, &server->threads, err);
    default:
        if (!read_number(row, value, INT64_MAX, &number, err))
            return false;
        server->fault_seed = (uint64_t)number;
        return true;
    }
}

static bool refuse_option(const char *given, bool lacks_argument, lme_error *err)
{
    lme_str name = lme_str_from(given);
    size_t index;
    if (lacks_argument)
        return lme_fail(err, LME_ERR_USAGE, NULL, "%s needs a value", given);
    if (!lme_str_starts(name, LME_STR("--")))
        return lme_fail(err, LME_ERR_USAGE, NULL, "unknown argument \"%s\": options begin with --",
                        given);
    name = lme_str_slice(name, 2, lme_str_find(name, LME_STR("="), 0));
    if (lme_row_find(option_rows, "option", name, &index, err))
        return lme_fail(err, LME_ERR_USAGE, NULL, "--%s takes no value", option_rows[index].name);
    return false;
}

static void use_dashes(char *argument)
{
    if (strncmp(argument, "--", 2) != 0)
        return;
    for (char *at = argument; *at != '\0' && *at != '='; at++) {
        if (*at == '_')
            *at = '-';
    }
}

bool lme_refserver_arguments_read(int argc, char **argv, lme_refserver_arguments *arguments,
                                  lme_error *err)
{
    *arguments = (lme_refserver_arguments){0};
    for (int i = 1; i < argc; i++)
        use_dashes(argv[i]);
    optind = 1;
    opterr = 0;
    while (optind < argc) {
        const char *given = argv[optind];
        if (strcmp(given, "--") == 0 || given[0] != '-')
            return refuse_option(given, false, err);
        int option = getopt_long(argc, argv, "+:", long_options, NULL);
        if (option == ':' || option == '?')
            return refuse_option(given, option == ':', err);
        if (!take_text(option, optarg, arguments) &&
            !take_number(option, optarg, &arguments->server, err))
            return false;
    }
    return true;
}
