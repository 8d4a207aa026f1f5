/* The reference server: a small real language model behind the OpenAI API, on loopback, with the
 * lacks of other servers and faults on demand. It carries --demo and the end-to-end tests.
 */
#ifndef LMEVAL_REFSERVER_H
#define LMEVAL_REFSERVER_H

#include <lmeval/str.h>

typedef struct lme_refserver lme_refserver;

/* All zero: a faultless server on a free port. */
typedef struct lme_refserver_options {
    unsigned port;           /* 0: any free one */
    const char *corpus;      /* folder of .txt files to train on; NULL: datasets/training */
    const char *model;       /* id; NULL: "lmeval-ngram" */
    unsigned quantize_bits;  /* 0: exact; else probabilities are coarsened to that many bits */
    const char *replay;      /* JSONL of recorded exchanges, answered as recorded */
    const char *impersonate; /* comma list: see lme_refserver_traits */
    const char *faults;      /* comma list name=share, see lme_refserver_faults */
    uint64_t fault_seed;
    unsigned latency_ms;      /* before every answer */
    unsigned prompt_token_us; /* the same, for each token of the prompts */
    unsigned token_us;        /* and for each one that is generated */
    const char *api_key;      /* NULL: any; else 401 without it */
    bool replay_strict; /* 404 for what is not in the record, and no model is trained; else the
                         * model answers it, so that a client's probe passes */
    unsigned threads;   /* that serve; 0: one a processor, at most 4 */
    const char *listen; /* "127.0.0.1", "::1" or "unix:PATH"; NULL: the first */
    /* PEM files; with a certificate the server speaks TLS. */
    const char *tls_cert, *tls_key; /* no key: it is in the certificate's file */
    const char *tls_client_ca; /* who signs the certificates of clients; NULL: none are asked */
    bool gzip;                 /* answers are compressed for clients that take that */
    unsigned slots;            /* requests worked on at once, others wait; 0: any number */
    unsigned capacity;         /* requests at once; more get 429; 0: any number */
    const char *log;           /* file for a line "PATH BODY" of each POST, as they come */
} lme_refserver_options;

/* Trains (under a second) and listens on this machine in its own threads. The texts of the options
 * are only read during the call. Errors: LME_ERR_IO (corpus, record, port, certificate),
 * LME_ERR_DATA (record), LME_ERR_USAGE (unknown trait or fault, with the nearest name; a number out
 * of range). */
bool lme_refserver_start(const lme_refserver_options *options, lme_refserver **server,
                         lme_error *err) LME_MUST_CHECK;
void lme_refserver_stop(lme_refserver *server); /* NULL is a no-op */

unsigned lme_refserver_port(const lme_refserver *server); /* 0: it listens on a Unix socket */
/* http://127.0.0.1:PORT, https://[::1]:PORT, unix:PATH; lives as long as the server. */
const char *lme_refserver_address(const lme_refserver *server);

/* Names and one-line meanings of impersonations and faults, for --help. NULL-named row ends. */
typedef struct lme_refserver_row {
    const char *name;
    const char *meaning;
} lme_refserver_row;

const lme_refserver_row *lme_refserver_traits(void);
const lme_refserver_row *lme_refserver_faults(void);

#endif
