/* lmeval run: tasks through a server, from the files on disk to the table on stdout. The steps
 * (measuring.h) are in the order in which they can fail, cheapest first: options, task files,
 * datasets, server, probe; nothing is asked of a model before all of these hold.
 */
#include "../command.h"
#include "../measuring.h"
#include "../run_options.h"

static bool run_tasks(lme_measuring *m, lme_error *err)
{
    for (size_t i = 0; i < lme_measuring_n_tasks(m) && !lme_measuring_stopped(m); i++) {
        bool over;
        lme_measuring_begin(m, i);
        if (!lme_measuring_advance(m, SIZE_MAX, &over, err) || !lme_measuring_end(m, err))
            return false;
    }
    return true;
}

static bool measure(lme_measuring *m, const char *output_path, lme_error *err)
{
    if (!lme_measuring_connect(m, err))
        return false;
    lme_str folder =
        output_path != NULL ? lme_str_from(output_path) : lme_measuring_default_folder(m);
    return lme_measuring_open(m, folder, err) && lme_measuring_forecast(m, "", err) &&
           run_tasks(m, err) && lme_measuring_finish(m, false, err);
}

static bool run_run(lme_arena *arena, char **argv, lme_error *err)
{
    lme_run_fields given = lme_run_fields_default();
    if (!lme_run_fields_read(arena, &given, argv, err))
        return false;
    lme_measuring *m = lme_measuring_new(arena, &given, argv);
    bool ok = given.dry_run ? lme_measuring_dry_run(m, given.output_path, err)
                            : measure(m, given.output_path, err);
    lme_measuring_close(m);
    return ok;
}

const lme_command lme_command_run = {
    .name = "run",
    .summary = "measure a model on tasks (the default command)",
    .usage = "--task NAME|FILE.yaml [options]",
    .example = "  lmeval --task hellaswag --limit 20 --demo\n"
               "  lmeval --task hellaswag,gsm8k --data-dir DATA --base-url http://localhost:8000\n"
               "  lmeval --task my_task.yaml --output-path runs/base\n"
               "  lmeval --task hellaswag --demo --dry-run\n",
    .options = {lme_run_option_rows, LME_RUN_OPTION_ROWS},
    .run = run_run,
};
