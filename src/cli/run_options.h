/* What `lmeval run` takes. Names are lm_eval's where it has them. */
#ifndef LMEVAL_CLI_RUN_OPTIONS_H
#define LMEVAL_CLI_RUN_OPTIONS_H

#include "options.h"
#include "server.h"

#include <lmeval/value.h>

typedef struct lme_run_fields {
    lme_server_flags server;
    lme_option_list tasks, include_paths;
    const char *output_path, *data_dir, *gen_kwargs, *seed, *max_errors;
    double limit;
    int64_t num_fewshot; /* -1: as the task says */
    bool fresh, quiet, log_samples;
    /* made of the above */
    int64_t fewshot_seed;
    lme_value gen_kwargs_value;
    lme_str data_dir_value;
    double max_errors_value;
    bool max_errors_is_share;
} lme_run_fields;

enum {
    LME_RUN_OPTION_ROWS = 23
};
extern const lme_option lme_run_option_rows[LME_RUN_OPTION_ROWS];

lme_run_fields lme_run_fields_default(void);

/* Reads and checks the command line. Errors: LME_ERR_USAGE. */
bool lme_run_fields_read(lme_arena *arena, lme_run_fields *fields, char **argv,
                         lme_error *err) LME_MUST_CHECK;

/* Documents that may fail of n. */
double lme_run_fields_allowed(const lme_run_fields *fields, size_t n_docs);

#endif
