#include "run_options.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <lmeval/json.h>
#include <lmeval/yaml.h>

#define FIELD(name) offsetof(lme_run_fields, name)

const lme_option lme_run_option_rows[LME_RUN_OPTION_ROWS] = {
    {.name = "task",
     .letter = 't',
     .kind = LME_OPTION_LIST,
     .offset = FIELD(tasks),
     .arg = "NAME",
     .help = "task name or YAML file; several with commas"},
    {.name = "tasks",
     .kind = LME_OPTION_LIST,
     .offset = FIELD(tasks),
     .arg = "NAME",
     .is_alias = true},
    {.name = "limit",
     .letter = 'L',
     .kind = LME_OPTION_NUMBER,
     .offset = FIELD(limit),
     .arg = "N",
     .help = "first N documents, or a share below 1 (all)",
     .min = 1e-9,
     .max = 1e12},
    {.name = "num-fewshot",
     .letter = 'f',
     .kind = LME_OPTION_INT,
     .offset = FIELD(num_fewshot),
     .arg = "N",
     .help = "examples in the prompt (the task's)",
     .min = 0,
     .max = 10000},
    {.name = "data-dir",
     .kind = LME_OPTION_TEXT,
     .offset = FIELD(data_dir),
     .arg = "DIR",
     .help = "dataset mirror; else $LMEVAL_DATA_DIR"},
    {.name = "include-path",
     .kind = LME_OPTION_LIST,
     .offset = FIELD(include_paths),
     .arg = "DIR",
     .help = "more folders with task files"},
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
     .help = "ask all again, even what a broken-off run has"},
    {.name = "gen-kwargs",
     .kind = LME_OPTION_TEXT,
     .offset = FIELD(gen_kwargs),
     .arg = "K=V,...",
     .help = "over the tasks' generation_kwargs; JSON too"},
    {.name = "seed",
     .kind = LME_OPTION_TEXT,
     .offset = FIELD(seed),
     .arg = "N",
     .help = "of few-shot draws (1234); lm_eval's 4 numbers too"},
    {.name = "max-errors",
     .kind = LME_OPTION_TEXT,
     .offset = FIELD(max_errors),
     .arg = "N|P%",
     .help = "documents that may fail before exit code 4 (0)"},
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
    LME_SERVER_OPTIONS(lme_run_fields),
};

lme_run_fields lme_run_fields_default(void)
{
    return (lme_run_fields){
        .server = LME_SERVER_DEFAULTS,
        .num_fewshot = -1,
        .fewshot_seed = 1234,
    };
}

/* lm_eval's --seed: one number for all, or python,numpy,torch,fewshot. Only the last has a use
 * here. */
static bool read_seed(lme_run_fields *fields, lme_error *err)
{
    if (fields->seed == NULL)
        return true;
    const char *comma = strrchr(fields->seed, ',');
    lme_str last = lme_str_from(comma != NULL ? comma + 1 : fields->seed);
    if (lme_str_is(last, "None"))
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "--seed None: few-shot draws without a seed can't be repeated");
    if (lme_str_to_int(last, &fields->fewshot_seed))
        return true;
    return lme_fail(err, LME_ERR_USAGE, NULL,
                    "--seed wants a whole number, or four with commas, got \"%s\"", fields->seed);
}

static bool read_max_errors(lme_run_fields *fields, lme_error *err)
{
    if (fields->max_errors == NULL)
        return true;
    lme_str text = lme_str_from(fields->max_errors);
    fields->max_errors_is_share = lme_str_ends(text, LME_STR("%"));
    if (fields->max_errors_is_share)
        text.len--;
    if (lme_str_to_double(text, &fields->max_errors_value) && fields->max_errors_value >= 0)
        return true;
    return lme_fail(err, LME_ERR_USAGE, NULL,
                    "--max-errors wants a number of documents or a share such as 1%%, got \"%s\"",
                    fields->max_errors);
}

double lme_run_fields_allowed(const lme_run_fields *fields, size_t n_docs)
{
    return fields->max_errors_is_share ? fields->max_errors_value / 100 * (double)n_docs
                                       : fields->max_errors_value;
}

/* One k=v; the value is read as YAML, so that 0.7 is a number and [a, b] a list. */
static bool read_pair(lme_arena *arena, lme_str pair, lme_map_builder *map, lme_error *err)
{
    size_t equal = lme_str_find(pair, LME_STR("="), 0);
    if (equal == SIZE_MAX || equal == 0)
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "--gen-kwargs wants key=value pairs, got \"%.*s\"", LME_STR_ARG(pair));
    lme_value value;
    if (!lme_yaml_read(arena, lme_str_slice(pair, equal + 1, pair.len), "--gen-kwargs", &value,
                       err))
        return false;
    lme_map_add(map, lme_str_slice(pair, 0, equal), value);
    return true;
}

static bool read_gen_kwargs(lme_arena *arena, lme_run_fields *fields, lme_error *err)
{
    lme_str text = lme_str_from(fields->gen_kwargs);
    if (text.len == 0)
        return true;
    if (text.ptr[0] == '{') {
        if (!lme_json_read(arena, NULL, text, &(lme_place){.file = "--gen-kwargs"},
                           &fields->gen_kwargs_value, err))
            return false;
        return fields->gen_kwargs_value.kind == LME_MAP ||
               lme_fail(err, LME_ERR_USAGE, NULL, "--gen-kwargs wants a JSON object");
    }
    lme_map_builder map = {.arena = arena};
    for (size_t from = 0; from <= text.len;) {
        size_t comma = lme_str_find(text, LME_STR(","), from);
        size_t to = comma == SIZE_MAX ? text.len : comma;
        if (!read_pair(arena, lme_str_slice(text, from, to), &map, err))
            return false;
        from = to + 1;
    }
    fields->gen_kwargs_value = lme_map_finish(&map);
    return true;
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
    if (fields->tasks.n == 0) {
        lme_fail(err, LME_ERR_USAGE, NULL, "no task is named");
        return lme_hint(err, "lmeval --task hellaswag; lmeval list tasks shows which there are");
    }
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets variables */
    const char *mirror = fields->data_dir != NULL ? fields->data_dir : getenv("LMEVAL_DATA_DIR");
    fields->data_dir_value = lme_str_from(mirror);
    return read_seed(fields, err) && read_max_errors(fields, err) &&
           read_gen_kwargs(arena, fields, err);
}
