#include "task_flags.h"

#include <stdlib.h>
#include <string.h>

#include <lmeval/json.h>
#include <lmeval/yaml.h>

/* lm_eval's --seed: one number for all, or python,numpy,torch,fewshot. Only the last has a use
 * here. */
static bool read_seed(lme_task_flags *flags, lme_error *err)
{
    if (flags->seed == NULL)
        return true;
    const char *comma = strrchr(flags->seed, ',');
    lme_str last = lme_str_from(comma != NULL ? comma + 1 : flags->seed);
    if (lme_str_is(last, "None"))
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "--seed None: few-shot draws without a seed can't be repeated");
    if (lme_str_to_int(last, &flags->fewshot_seed))
        return true;
    return lme_fail(err, LME_ERR_USAGE, NULL,
                    "--seed wants a whole number, or four with commas, got \"%s\"", flags->seed);
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

static bool read_gen_kwargs(lme_arena *arena, lme_task_flags *flags, lme_error *err)
{
    lme_str text = lme_str_from(flags->gen_kwargs);
    if (text.len == 0)
        return true;
    if (text.ptr[0] == '{') {
        if (!lme_json_read(arena, NULL, text, &(lme_place){.file = "--gen-kwargs"},
                           &flags->gen_kwargs_value, err))
            return false;
        return flags->gen_kwargs_value.kind == LME_MAP ||
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
    flags->gen_kwargs_value = lme_map_finish(&map);
    return true;
}

bool lme_task_flags_read(lme_arena *arena, lme_task_flags *flags, lme_error *err)
{
    if (flags->tasks.n == 0) {
        lme_fail(err, LME_ERR_USAGE, NULL, "no task is named");
        return lme_hint(err, "lmeval --task hellaswag; lmeval list tasks shows which there are");
    }
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets variables */
    const char *mirror = flags->data_dir != NULL ? flags->data_dir : getenv("LMEVAL_DATA_DIR");
    flags->data_dir_value = lme_str_from(mirror);
    return read_seed(flags, err) &&
           (flags->gen_kwargs == NULL || read_gen_kwargs(arena, flags, err));
}

static bool open_one(lme_arena *arena, const char *name, const lme_task_options *options,
                     const lme_docs_options *docs_options, lme_opened_tasks *opened, lme_error *err)
{
    lme_task *task;
    if (!lme_task_load(arena, name, options, &task, err))
        return false;
    for (size_t i = 0; i < opened->n; i++) {
        if (lme_str_equal(opened->tasks[i]->name, task->name))
            return lme_fail(err, LME_ERR_USAGE, NULL, "task %.*s is named twice",
                            LME_STR_ARG(task->name));
    }
    opened->tasks[opened->n] = task;
    if (!lme_docs_open(arena, task, docs_options, &opened->docs[opened->n], err))
        return lme_while(err, "opening the data of task %.*s", LME_STR_ARG(task->name));
    opened->n++;
    return true;
}

bool lme_task_flags_open(lme_arena *arena, const lme_task_flags *flags, bool demo,
                         lme_opened_tasks *opened, lme_error *err)
{
    size_t n = flags->tasks.n;
    lme_task_options options = {
        .include_paths = flags->include_paths.items,
        .n_include_paths = flags->include_paths.n,
        .has_num_fewshot = flags->num_fewshot >= 0,
        .num_fewshot = flags->num_fewshot >= 0 ? (size_t)flags->num_fewshot : 0,
        .gen_kwargs = flags->gen_kwargs_value,
    };
    lme_docs_options docs_options = {
        .data_dir = flags->data_dir_value,
        .samples = demo && flags->data_dir_value.len == 0,
        .limit = flags->limit,
        .fewshot_seed = flags->fewshot_seed,
    };
    *opened =
        (lme_opened_tasks){LME_ARRAY(arena, lme_task *, n), LME_ARRAY(arena, lme_docs *, n), 0};
    for (size_t i = 0; i < n; i++) {
        if (!open_one(arena, flags->tasks.items[i], &options, &docs_options, opened, err))
            return false;
    }
    return true;
}
