/* Command line of lmeval-refserver. */
#ifndef LMEVAL_REFSERVER_OPTIONS_H
#define LMEVAL_REFSERVER_OPTIONS_H

#include <lmeval/refserver.h>

typedef struct lme_refserver_arguments {
    lme_refserver_options server;
    const char *port_file; /* NULL: none */
    bool wants_help, wants_version;
} lme_refserver_arguments;

/* Reads argv; `-` and `_` in names are alike (the names in argv are rewritten). Not twice at a
 * time: getopt_long. Errors: LME_ERR_USAGE with the nearest option. */
bool lme_refserver_arguments_read(int argc, char **argv, lme_refserver_arguments *arguments,
                                  lme_error *err) LME_MUST_CHECK;

/* Rows "name", "ARG  meaning" for --help. NULL-named row ends. */
lme_str lme_refserver_help(lme_arena *arena);

#endif
