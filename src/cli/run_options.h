/* What `lmeval run` takes. Names are lm_eval's where it has them. */
#ifndef LMEVAL_CLI_RUN_OPTIONS_H
#define LMEVAL_CLI_RUN_OPTIONS_H

#include "peer_options.h"
#include "server.h"
#include "task_flags.h"

typedef struct lme_run_fields {
    lme_server_flags server;
    lme_task_flags task;
    lme_option_list model_args, notes;
    const char *verify_path;
    const char *output_path, *max_errors, *cache, *format;
    double resume_tolerance;
    size_t bootstrap_iters, estimate_from;
    bool fresh, rescore, cache_sampled, quiet, log_samples, write_out, show_config, dry_run;
    /* made of the above */
    double max_errors_value;
    bool max_errors_is_share;
    bool json; /* --format */
} lme_run_fields;

enum {
    LME_RUN_OPTION_ROWS = LME_TASK_OPTION_ROWS + LME_PEER_OPTION_ROWS + LME_NETWORK_OPTION_ROWS + 37
};

enum {
    LME_ESTIMATE_FROM = 256 /* questions that a dry run tries, where no other number is given */
};

/* The rows of --dry-run; `type` holds the lme_run_fields at its offset 0. Of --format each command
 * has its own. */
#define LME_DRY_RUN_OPTIONS                                                                        \
    {.name = "dry-run",                                                                            \
     .kind = LME_OPTION_FLAG,                                                                      \
     .offset = offsetof(lme_run_fields, dry_run),                                                  \
     .help = "tell requests, tokens and time, write nothing"},                                     \
    {                                                                                              \
        .name = "estimate-from", .kind = LME_OPTION_SIZE,                                          \
        .offset = offsetof(lme_run_fields, estimate_from), .arg = "N",                             \
        .help = "questions that --dry-run tries at most (256)", .max = 4096                        \
    }

extern const lme_option lme_run_option_rows[LME_RUN_OPTION_ROWS];

lme_run_fields lme_run_fields_default(void);

/* Reads and checks the command line. Errors: LME_ERR_USAGE. */
bool lme_run_fields_read(lme_arena *arena, lme_run_fields *fields, char **argv,
                         lme_error *err) LME_MUST_CHECK;

/* The part after the rows were read: checks them and fills what is made of them. */
bool lme_run_fields_check(lme_arena *arena, lme_run_fields *fields, lme_error *err) LME_MUST_CHECK;

/* Documents that may fail of n. */
double lme_run_fields_allowed(const lme_run_fields *fields, size_t n_docs);

#endif
