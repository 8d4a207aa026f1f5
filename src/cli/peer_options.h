/* Options of lm_eval that have nothing to do here: those that change no number are taken with a
 * note, the others are refused with what to do instead. A test holds the list against lm_eval's. */
#ifndef LMEVAL_CLI_PEER_OPTIONS_H
#define LMEVAL_CLI_PEER_OPTIONS_H

#include "options.h"

/* The option rows; `type` has a field `notes`. */
#define LME_PEER_OPTIONS(type)                                                                     \
    {.name = "batch-size",                                                                         \
     .letter = 'b',                                                                                \
     .kind = LME_OPTION_NOTE,                                                                      \
     .offset = offsetof(type, notes),                                                              \
     .arg = "SIZE",                                                                                \
     .instead = "has no effect: the server makes its batches; --concurrency N keeps N requests "   \
                "open"},                                                                           \
        {.name = "max-batch-size",                                                                 \
         .kind = LME_OPTION_NOTE,                                                                  \
         .offset = offsetof(type, notes),                                                          \
         .arg = "N",                                                                               \
         .instead = "has no effect: the server makes its batches"},                                \
        {.name = "device",                                                                         \
         .kind = LME_OPTION_NOTE,                                                                  \
         .offset = offsetof(type, notes),                                                          \
         .arg = "NAME",                                                                            \
         .instead = "has no effect: the model runs in the server"},                                \
        {.name = "cache-requests",                                                                 \
         .kind = LME_OPTION_NOTE,                                                                  \
         .offset = offsetof(type, notes),                                                          \
         .arg = "MODE",                                                                            \
         .bare = "true",                                                                           \
         .instead = "has no effect: prompts are made while the server answers"},                   \
        {.name = "verbosity",                                                                      \
         .letter = 'v',                                                                            \
         .kind = LME_OPTION_NOTE,                                                                  \
         .offset = offsetof(type, notes),                                                          \
         .arg = "LEVEL",                                                                           \
         .instead = "has no effect: --quiet is all there is"},                                     \
        {.name = "trust-remote-code",                                                              \
         .kind = LME_OPTION_NOTE,                                                                  \
         .offset = offsetof(type, notes),                                                          \
         .instead = "has no effect: data sets are read, no code of theirs is run"},                \
        {.name = "confirm-run-unsafe-code",                                                        \
         .kind = LME_OPTION_NOTE,                                                                  \
         .offset = offsetof(type, notes),                                                          \
         .instead = "has no effect: nothing that a model writes is run"},                          \
        {.name = "config",                                                                         \
         .letter = 'C',                                                                            \
         .kind = LME_OPTION_REFUSE,                                                                \
         .arg = "FILE",                                                                            \
         .instead = "write its options on the command line"},                                      \
        {.name = "check-integrity",                                                                \
         .kind = LME_OPTION_REFUSE,                                                                \
         .instead = "leave it out: task files are checked in every run before anything is sent"},  \
        {.name = "wandb-args",                                                                     \
         .kind = LME_OPTION_REFUSE,                                                                \
         .arg = "ARGS",                                                                            \
         .instead = "log results.json of the output folder yourself: it is in lm_eval's form"},    \
        {.name = "wandb-config-args",                                                              \
         .kind = LME_OPTION_REFUSE,                                                                \
         .arg = "ARGS",                                                                            \
         .instead = "log results.json of the output folder yourself: it is in lm_eval's form"},    \
        {.name = "trackio-args",                                                                   \
         .kind = LME_OPTION_REFUSE,                                                                \
         .arg = "ARGS",                                                                            \
         .instead = "log results.json of the output folder yourself: it is in lm_eval's form"},    \
    {                                                                                              \
        .name = "hf-hub-log-args", .kind = LME_OPTION_REFUSE, .arg = "ARGS",                       \
        .instead = "upload the output folder yourself: its files are in lm_eval's form"            \
    }
enum {
    LME_PEER_OPTION_ROWS = 13
};

#endif
