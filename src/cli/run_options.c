#include "run_options.h"

#include "model_args.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <lmeval/metric.h>

#define FIELD(name) offsetof(lme_run_fields, name)

const lme_option lme_run_option_rows[LME_RUN_OPTION_ROWS] = {
    LME_TASK_OPTIONS(lme_run_fields),
    {.name = "output-path",
     .letter = 'o',
     .kind = LME_OPTION_TEXT,
     .offset = FIELD(output_path),
     .arg = "DIR",
     .help = "folder for results (runs/TASK-MODEL-...)"},
    {.name = "output",
     .kind = LME_OPTION_TEXT,
     .offset = FIELD(output_path),
     .arg = "DIR",
     .is_alias = true},
    {.name = "fresh",
     .kind = LME_OPTION_FLAG,
     .offset = FIELD(fresh),
     .help = "ask all again, throw away what the folder holds"},
    {.name = "rescore",
     .kind = LME_OPTION_FLAG,
     .offset = FIELD(rescore),
     .help = "score the answers in DIR again, ask nothing"},
    LME_DRY_RUN_OPTIONS,
    {.name = "format",
     .kind = LME_OPTION_TEXT,
     .offset = FIELD(format),
     .arg = "FORMAT",
     .help = "of --dry-run: text or json (text)"},
    {.name = "cache",
     .kind = LME_OPTION_TEXT,
     .offset = FIELD(cache),
     .arg = "FILE",
     .help = "share answers that are not drawn between runs"},
    {.name = "use-cache",
     .kind = LME_OPTION_TEXT,
     .offset = FIELD(cache),
     .arg = "FILE",
     .is_alias = true},
    {.name = "cache-sampled",
     .kind = LME_OPTION_FLAG,
     .offset = FIELD(cache_sampled),
     .help = "with --cache: drawn answers, too"},
    {.name = "resume-tolerance",
     .kind = LME_OPTION_NUMBER,
     .offset = FIELD(resume_tolerance),
     .arg = "NATS",
     .help = "kept answers asked again may differ so much (0.01)",
     .min = 0,
     .max = 1e6},
    {.name = "max-errors",
     .kind = LME_OPTION_TEXT,
     .offset = FIELD(max_errors),
     .arg = "N|P%",
     .help = "documents that may fail before exit code 4 (0)"},
    {.name = "bootstrap-iters",
     .kind = LME_OPTION_SIZE,
     .offset = FIELD(bootstrap_iters),
     .arg = "N",
     .help = "for standard errors; 0: none of them (100000)"},
    {.name = "log-samples",
     .letter = 's',
     .kind = LME_OPTION_FLAG,
     .offset = FIELD(log_samples),
     .help = "accepted: samples are always written"},
    {.name = "quiet",
     .letter = 'q',
     .kind = LME_OPTION_FLAG,
     .offset = FIELD(quiet),
     .help = "no progress on stderr"},
    {.name = "write-out",
     .letter = 'w',
     .kind = LME_OPTION_FLAG,
     .offset = FIELD(write_out),
     .help = "show each task's first prompt on stderr"},
    {.name = "show-config",
     .kind = LME_OPTION_FLAG,
     .offset = FIELD(show_config),
     .help = "show the tasks' resolved configs on stderr"},
    LME_SERVER_OPTIONS(lme_run_fields),
    {.name = "verify-path",
     .kind = LME_OPTION_TEXT,
     .offset = FIELD(verify_path),
     .arg = "PATH",
     .help = "hold first documents against another path"},
    {.name = "model",
     .letter = 'M',
     .kind = LME_OPTION_TEXT,
     .offset = FIELD(server.model),
     .arg = "ID",
     .is_alias = true},
    {.name = "model-args",
     .letter = 'a',
     .kind = LME_OPTION_WORDS,
     .offset = FIELD(model_args),
     .arg = "K=V,...",
     .help = "lm_eval's: base_url, model, num_concurrent ...",
     .many = true},
    LME_PEER_OPTIONS(lme_run_fields),
};

lme_run_fields lme_run_fields_default(void)
{
    return (lme_run_fields){
        .server = LME_SERVER_DEFAULTS,
        .bootstrap_iters = LME_BOOTSTRAP_ITERS,
        .resume_tolerance = 0.01,
        .estimate_from = LME_ESTIMATE_FROM,
        .task = LME_TASK_DEFAULTS,
    };
}

static bool read_max_errors(lme_run_fields *fields, lme_error *err)
{
    if (fields->max_errors == NULL)
        return true;
    lme_str text = lme_str_from(fields->max_errors);
    fields->max_errors_is_share = lme_str_ends(text, LME_STR("%"));
    if (fields->max_errors_is_share)
        text.len--;
    bool is_number =
        lme_str_to_double(text, &fields->max_errors_value) && fields->max_errors_value >= 0;
    if (is_number && fields->max_errors_is_share && fields->max_errors_value > 100)
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "--max-errors wants a share of the documents up to 100%%, got \"%s\"",
                        fields->max_errors);
    return is_number ||
           lme_fail(err, LME_ERR_USAGE, NULL,
                    "--max-errors wants a number of documents or a share such as 1%%, got \"%s\"",
                    fields->max_errors);
}

/* Options that contradict each other. */
static bool check_rescore(const lme_run_fields *fields, lme_error *err)
{
    if (fields->cache_sampled && fields->cache == NULL)
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "--cache-sampled says what --cache keeps: name its FILE");
    if (!fields->rescore)
        return true;
    if (fields->output_path == NULL) {
        lme_fail(err, LME_ERR_USAGE, NULL, "--rescore wants --output_path: the folder of the run");
        return lme_hint(err, "the run said it at its end: \"samples and results are in ...\"");
    }
    const char *other = fields->fresh                 ? "--fresh"
                        : fields->verify_path != NULL ? "--verify-path"
                        : fields->cache != NULL       ? "--cache"
                                                      : NULL;
    return other == NULL || lme_fail(err, LME_ERR_USAGE, NULL,
                                     "--rescore asks nothing: %s does not go with it", other);
}

static bool check_dry_run(lme_run_fields *fields, lme_error *err)
{
    if (fields->format != NULL && !fields->dry_run)
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "--format is of --dry-run: a run writes its results into its folder");
    fields->json = fields->format != NULL && strcmp(fields->format, "json") == 0;
    if (fields->format != NULL && !fields->json && strcmp(fields->format, "text") != 0)
        return lme_fail(err, LME_ERR_USAGE, NULL, "--format is text or json, got \"%s\"",
                        fields->format);
    if (!fields->dry_run)
        return fields->estimate_from == LME_ESTIMATE_FROM ||
               lme_fail(err, LME_ERR_USAGE, NULL,
                        "--estimate-from is of --dry-run: a run tries nothing before");
    const char *other = fields->rescore               ? "--rescore"
                        : fields->verify_path != NULL ? "--verify-path"
                                                      : NULL;
    if (other == NULL)
        return true;
    lme_fail(err, LME_ERR_USAGE, NULL,
             "--dry-run tells what a run would ask: %s does not go "
             "with it",
             other);
    return lme_hint(err, fields->rescore ? "--rescore asks nothing"
                                         : "--verify-path asks the tasks' own questions");
}

double lme_run_fields_allowed(const lme_run_fields *fields, size_t n_docs)
{
    return fields->max_errors_is_share ? fields->max_errors_value / 100 * (double)n_docs
                                       : fields->max_errors_value;
}

bool lme_run_fields_read(lme_arena *arena, lme_run_fields *fields, char **argv, lme_error *err)
{
    lme_option_list operands = {0};
    const lme_option_table options = {lme_run_option_rows, LME_RUN_OPTION_ROWS};
    if (!lme_options_read(arena, &options, fields, argv, &operands, err))
        return false;
    if (operands.n > 0) {
        lme_fail(err, LME_ERR_USAGE, NULL, "\"%s\" is not an option", operands.items[0]);
        return lme_hint(err, "tasks are named with --task, several with commas and no blanks");
    }
    return lme_run_fields_check(arena, fields, err);
}

bool lme_run_fields_check(lme_arena *arena, lme_run_fields *fields, lme_error *err)
{
    if (!lme_task_flags_read(arena, &fields->task, err) || !read_max_errors(fields, err) ||
        !check_rescore(fields, err) || !check_dry_run(fields, err))
        return false;
    if (fields->server.truncate != NULL && fields->task.chat != LME_CHAT_NONE) {
        lme_fail(err, LME_ERR_USAGE, NULL,
                 "--truncate cuts texts, and --apply_chat_template sends conversations");
        return lme_hint(err, "leave --truncate out: conversations that are too long for the server "
                             "fail by themselves and are counted");
    }
    return lme_model_args_apply(arena, &fields->server, &fields->model_args,
                                fields->task.chat != LME_CHAT_NONE, &fields->notes, err);
}
