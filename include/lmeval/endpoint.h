/* An OpenAI-compatible server: transport, proof of what it can do, scoring, generating.
 *
 * One endpoint is one event loop (libcurl multi): send requests up to the concurrency, then wait;
 * answers come by callback, from within lme_endpoint_wait, on the same thread. Retries, back-off
 * and Retry-After happen inside.
 *
 * A scoring path is a row of src/endpoint/path/list.h: how a loglikelihood is asked and read.
 */
#ifndef LMEVAL_ENDPOINT_H
#define LMEVAL_ENDPOINT_H

#include <lmeval/sample.h>

typedef struct lme_endpoint lme_endpoint;

/* How a server is reached, beside its URL. Files are PEM; "" where nothing is wanted. */
typedef struct lme_network {
    const lme_str *headers; /* n_headers, each "Name: value", of every request; their values are
                               secret as the key is */
    size_t n_headers;
    lme_str cacert;    /* authorities trusted instead of the system's */
    lme_str cert, key; /* the client's certificate; its key, "" when it is in the same file */
    lme_str proxy;     /* URL; "": as $http_proxy and its like say */
    bool libcurl_only; /* plain HTTP, too, is spoken by libcurl instead of by lmeval itself */
} lme_network;

/* A server that is waited for; of several with one model: all of them. */
typedef struct lme_absence {
    lme_str url; /* of the first of them */
    size_t n_servers;
    lme_str failure; /* what the last look at it came to */
    uint64_t left_ms, waited_ms;
    bool is_first; /* it has not answered yet: it may be starting */
    bool is_back;  /* the wait is over; else it begins */
} lme_absence;

typedef struct lme_endpoint_options {
    lme_str base_url;       /* of one server, or of several with one model, with commas between:
                               http://host:port or .../v1 or .../v1/completions: all are fine;
                               unix:/path is a socket */
    lme_str model;          /* "": the first that /v1/models names */
    lme_str api_key;        /* "": none; never printed, logged or journalled */
    size_t concurrency;     /* open requests at most; 0: found while the run goes on */
    size_t batch;           /* scoring questions in one request at most, where the probe proves that
                               such give what each gives alone; 0 and 1: each alone */
    double max_rps;         /* requests a second at most; 0: no bound */
    size_t max_tokens;      /* of prompts in open scoring requests, at most; 0: no bound */
    unsigned connect_ms;    /* time-out of connecting */
    unsigned timeout_ms;    /* time-out of a whole request */
    unsigned max_retries;   /* after the first try */
    unsigned backoff_ms;    /* wait before the first retry; doubles, with jitter */
    unsigned wait_ms;       /* for servers that are away and have answered before; 0: not at all */
    unsigned wait_first_ms; /* for those that have not, before they are probed; 0: not at all */
    /* Called when such a wait begins and ends; NULL: nobody is told. */
    void (*on_absence)(void *context, const lme_absence *absence);
    void *absence_context;
    int64_t seed;      /* sent with every request */
    lme_str scoring;   /* "auto" or the name of a path */
    lme_str think_end; /* chats: the answer is what follows its last occurrence; "": all of it */
    size_t max_length; /* tokens of a question with its answer, as lm_eval's max_length; 0: the
                          server's own context is the bound */
    bool truncates;    /* a longer question is cut from its left, else it fails */
    bool has_prefix_token;
    int64_t prefix_token; /* id that stands before a text whose first token is scored; without it
                             the server's BOS, or its end-of-text */
    lme_network network;
} lme_endpoint_options;

/* Opens the transport; nothing is sent.
 * Errors: LME_ERR_USAGE for a bad URL or header; LME_ERR_IO for an unreadable certificate. */
bool lme_endpoint_open(const lme_endpoint_options *options, lme_endpoint **endpoint,
                       lme_error *err) LME_MUST_CHECK;
void lme_endpoint_close(lme_endpoint *endpoint); /* NULL is a no-op; open requests are dropped */

/* What a finding is about. */
typedef enum lme_finding_part {
    LME_PART_SERVER,
    LME_PART_SCORING,
    LME_PART_TEXTS,
    LME_PART_CHATS,
    LME_PARTS
} lme_finding_part;

/* One thing the probe looked at. */
typedef struct lme_finding {
    lme_str name; /* "echo", "text_offset", "first token", "max_tokens 0", ... */
    lme_finding_part part;
    bool good;
    lme_str asked;  /* the question, for people */
    lme_str detail; /* what was seen, for people */
    lme_str means;  /* what that is to a run; "": no more than it says */
} lme_finding;

/* What the server was proved to do. */
typedef struct lme_profile {
    lme_str model;        /* id that requests name */
    lme_str server;       /* Server header or owned_by; "" when unknown */
    lme_str fingerprint;  /* program, model and what is told of it; "" when no model is told */
    lme_str scoring_path; /* "" when none works */
    lme_str
        scoring_caution;   /* what its numbers are instead of loglikelihoods; "": they are these */
    bool rolls;            /* loglikelihood_rolling can be scored by it */
    bool generates;        /* /v1/completions gives text */
    bool chats;            /* /v1/chat/completions gives text */
    size_t context;        /* tokens of question and answer that the server takes; 0: not told */
    int64_t n_bos;         /* special tokens that it puts before a text; -1: not known */
    bool doubles_bos;      /* texts or chats begin with the same one twice */
    lme_str chat_template; /* "": not told */
    /* What questions are held to, as far as it can change an answer. */
    size_t max_length;    /* tokens; 0: nothing is cut, refused or laid into windows */
    bool truncates;       /* longer ones are cut from their left */
    int64_t prefix_token; /* before a text whose first token is scored; -1: none */
    const lme_finding *findings;
    size_t n_findings;
} lme_profile;

/* Bits of what a run needs beside those of its request kinds (1u << lme_request_kind). */
enum {
    /* Generations are answers in a conversation; without it they are completions of a text. */
    LME_NEED_CHAT = 1 << LME_REQUEST_KINDS,
    /* Chats are looked at beside completions; that there are none is no failure. */
    LME_LOOK_AT_CHAT = 1 << (LME_REQUEST_KINDS + 1),
    /* Loglikelihoods are also of continuations that are no choices among others. */
    LME_NEED_ALONE = 1 << (LME_REQUEST_KINDS + 2),
    /* What no run depends on is looked at, too: for `lmeval probe`. */
    LME_LOOK_AT_ALL = 1 << (LME_REQUEST_KINDS + 3),
    /* Loglikelihoods are also of continuations without a context. A server that cannot score them
     * fails them one by one. */
    LME_NEED_UNCONDITIONAL = 1 << (LME_REQUEST_KINDS + 4),
};

/* What was found under this name; NULL: nothing. */
const lme_finding *lme_profile_finding(const lme_profile *profile, const char *name);

/* Sends a few tiny requests and proves what the needed request kinds rest on.
 *   needs  bits (1u << lme_request_kind), LME_NEED_..., LME_LOOK_AT_...
 * Returns the profile also when it fails, as far as it came.
 * Errors: LME_ERR_NETWORK when nobody answers; LME_ERR_SERVER when a need is not met: what was
 * sent, what came, what to start or change. */
bool lme_endpoint_probe(lme_arena *arena, lme_endpoint *endpoint, unsigned needs,
                        lme_profile *profile, lme_error *err) LME_MUST_CHECK;

/* The exact JSON body of a request: also what the journal's key is made of. Needs a probe first. */
bool lme_endpoint_encode(lme_arena *arena, const lme_endpoint *endpoint, const lme_request *request,
                         lme_str *body, lme_error *err) LME_MUST_CHECK;

/* Whether the answer to a request rests on all its alternatives, so that the same continuation of
 * the same context among others is another question. Needs a probe first. */
bool lme_endpoint_compares(const lme_endpoint *endpoint, const lme_request *request);

/* Which parameters of generations the server refused and how they are asked for since, for people;
 * "" when all are asked for as written. Such a refusal (400) is no failure: the same question is
 * asked in other words, at once and from then on. */
lme_str lme_endpoint_reworded(lme_arena *arena, const lme_endpoint *endpoint);

/* Their keys alone, of those that were left out: answers are then made with the server's own.
 * Returns n keys that live as long as the endpoint. */
const lme_str *lme_endpoint_refused(const lme_endpoint *endpoint, bool chats, size_t *n);

/* Called once a request. The response is valid during the call: copy what is kept. */
typedef void lme_endpoint_done(void *context, const lme_response *response);

/* Hands over one request; request and body must stay until `done`. A final failure comes as a
 * response with state FAILED, not as an error.
 * Errors: ours only (LME_BUG) or LME_ERR_IO when the transport cannot work at all. */
bool lme_endpoint_send(lme_endpoint *endpoint, const lme_request *request, lme_str body,
                       lme_endpoint_done *done, void *context, lme_error *err) LME_MUST_CHECK;

/* The tokens of an answer as the server listed them, those of the prompt first. */
typedef struct lme_listed {
    const lme_value *tokens;   /* n texts */
    const lme_value *logprobs; /* n numbers in nats, null where the server gave none */
    size_t n;
    size_t from, to; /* those from `from` up to, not including, `to` make up the score */
} lme_listed;

/* For a look at one answer: the tokens of the one that `done` is being called with, in arena. n is
 * 0 when its scoring path lists none, or it is no score.
 * Errors: LME_ERR_SERVER: what the answer lacks. */
bool lme_endpoint_listed(lme_arena *arena, const lme_endpoint *endpoint, lme_listed *listed,
                         lme_error *err) LME_MUST_CHECK;

/* True when another request can be sent without exceeding the concurrency. */
bool lme_endpoint_has_room(const lme_endpoint *endpoint);
/* The same, and this one would not exceed the bound on tokens either. */
bool lme_endpoint_has_room_for(const lme_endpoint *endpoint, const lme_request *request,
                               lme_str body);
size_t lme_endpoint_in_flight(const lme_endpoint *endpoint); /* incl. those waiting for a retry */

/* Runs the event loop until at least one answer was delivered, all are done, or the time is over.
 * While all servers are away, nothing is sent but a look at them now and then (wait_ms).
 * Errors: LME_ERR_IO; LME_ERR_NETWORK: they were away too long; LME_ERR_SERVER: the model that came
 * back is another one; what was answered before is then delivered. */
bool lme_endpoint_wait(lme_endpoint *endpoint, unsigned timeout_ms, lme_error *err) LME_MUST_CHECK;

/* Called when the servers were away and one is back, before anything else is asked: may send and
 * wait, whatever the concurrency, to see whether it is the model that it was.
 * Returns false when it is another one, or does not answer; err says so. */
typedef bool lme_endpoint_return(void *context, lme_error *err);
void lme_endpoint_on_return(lme_endpoint *endpoint, lme_endpoint_return *on_return, void *context);

/* ---- before anything is sent ---- */

/* What the probe's answers tell of those to come. */
typedef struct lme_pace {
    double tokens_a_byte;   /* of a prompt's text, fitted to the prompts of the probe; 0: the server
                               does not count tokens */
    double tokens_a_prompt; /* beside its text: BOS, a chat template */
    size_t n_counted;       /* prompts that these rest on */
    double quickest_s;      /* answer that a model gave; 0: not measured */
    double token_s;         /* a generated token took in the quickest text; 0: not measured */
} lme_pace;

/*   chats  of conversations, else of texts */
lme_pace lme_endpoint_pace(const lme_endpoint *endpoint, bool chats);

/* What the questions rehearsed from here on are taken to have, instead of what the probe's prompts
 * had: tokens a byte of their text, all that is beside it included. 0: by the probe again. */
void lme_endpoint_expect(lme_endpoint *endpoint, double tokens_a_byte);

/* What questions cost, counted instead of sent. What a failure makes necessary (retries, a batch
 * that is asked again one by one) comes on top. */
typedef struct lme_outlay {
    size_t n_least, n_most; /* requests, those to /tokenize included */
    double bytes;           /* of the prompts' texts, each once */
    double prompt_tokens;   /* of them, estimated by the pace; 0 where there is none */
    double most_generated;  /* tokens */
    size_t n_too_long;      /* questions longer than there is room for, by the same estimate */
    double longest;         /* tokens of the longest question with its answer, likewise */
} lme_outlay;

/* Adds to the outlay what lme_endpoint_send would send for this question after those rehearsed
 * before it: one that shares a request with them costs none. Needs a probe first.
 *   alone  nothing is under way beside it */
void lme_endpoint_rehearse(lme_endpoint *endpoint, const lme_request *request, lme_str body,
                           bool alone, lme_outlay *outlay);

/* Forgets what was rehearsed: nothing shares a request with it any more. */
void lme_endpoint_rehearsed(lme_endpoint *endpoint);

/* Tokens that a question and its answer may have; 0: nobody says. */
size_t lme_endpoint_room(const lme_endpoint *endpoint);

/* Counters since open. */
typedef struct lme_traffic {
    size_t n_sent, n_answered, n_retried, n_failed;
    size_t n_status_429, n_status_5xx, n_connection_faults;
    size_t n_crowded; /* tries that did not fit into a context which llama-server's slots share */
    size_t bytes_in, bytes_out;
    double prompt_bytes, prompt_tokens; /* of answered questions whose tokens the server counted */
    unsigned http_version;              /* of the last answer: 10, 11, 20; 0: none came */
    size_t n_absences;                  /* times that all servers were away and one came back */
    uint64_t waited_ms;                 /* by that */
    size_t
        n_hidden; /* answers that held the key or a header's value, which was taken out of them */
} lme_traffic;

lme_traffic lme_endpoint_traffic(const lme_endpoint *endpoint);

/* What the client itself cost, from its first request to its last answer. Where it worked nearly
 * all of that time the server waited for it. */
typedef struct lme_client_time {
    double seconds; /* 0: nothing was answered */
    double worked;  /* of them: not waiting for the network */
    /* From the moment an answer could be taken to the next request in its place. */
    double lag_p50_ms, lag_p99_ms, lag_max_ms;
    double longest_ms; /* that it looked at no answer */
} lme_client_time;

lme_client_time lme_endpoint_client_time(const lme_endpoint *endpoint);

/* How --concurrency auto went. */
typedef struct lme_course_step {
    double seconds;             /* since the endpoint was opened */
    size_t limit;               /* from then on */
    double requests_per_second; /* answered before, since the step before */
    const char *why;
} lme_course_step;

enum {
    LME_COURSE_STEPS = 64 /* kept; of a longer course every second one, and so on */
};

typedef struct lme_course {
    size_t first, highest;
    size_t n_cuts; /* because the server refused or timed out */
    lme_course_step steps[LME_COURSE_STEPS];
    size_t n;
} lme_course;

/* So many requests may be open from here on, and what --concurrency auto has found out stays as it
 * is: for a look at how the server bears them. 0: as the endpoint was opened. */
void lme_endpoint_open_at_most(lme_endpoint *endpoint, size_t n);

/* Requests a second that a server answers with so many of them open. */
typedef struct lme_throughput {
    size_t open;
    double requests_per_second;
} lme_throughput;

/* Seconds that --concurrency auto takes for so many requests, its way up included.
 *   rates  n_rates >= 1, by ascending open; beyond the last one more open requests are taken to
 * bring no more */
double lme_endpoint_climb(const lme_throughput *rates, size_t n_rates, double n_requests);

/* The course so far; NULL when the concurrency is fixed. */
const lme_course *lme_endpoint_course(const lme_endpoint *endpoint);
/* Open requests at most, now. */
size_t lme_endpoint_concurrency(const lme_endpoint *endpoint);

/* One server of several. */
typedef struct lme_server_traffic {
    lme_str url;
    size_t n_sent, n_answered, n_failed; /* tries; failed: by the server, not by the question */
    size_t n_rests;                      /* how often it was left alone after a failure */
    /* Now. */
    size_t n_open, n_failed_in_row;
    uint64_t rested_until_ms;
    bool is_away; /* of several: asked nothing before it was looked at and checked */
} lme_server_traffic;

/* All servers in the order of base_urls. */
const lme_server_traffic *lme_endpoint_servers(const lme_endpoint *endpoint, size_t *n);

/* A system_fingerprint that answers had: the server's word for which model and settings made them.
 */
typedef struct lme_system_fingerprint {
    size_t server; /* index among lme_endpoint_servers */
    lme_str text;
    size_t n_answers;
} lme_system_fingerprint;

/* Those seen so far, in the order of their first answers; two of one server say that it was
 * changed meanwhile. Lives as long as the endpoint. */
const lme_system_fingerprint *lme_endpoint_fingerprints(const lme_endpoint *endpoint, size_t *n);

/* Rows of the scoring paths, for `lmeval list paths` and --help. */
size_t lme_endpoint_paths(const char **names, const char **meanings, size_t max);

#endif
