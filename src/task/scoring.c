/* metric_list and filter_list: names become rows of their rooms here, so that an unknown one is an
 * error with its place before anything is sent. */
#include "details.h"
#include "keys.h"

static void leave_out(lme_arena *arena, lme_task *task, lme_str name)
{
    lme_str *names = LME_ARRAY(arena, lme_str, task->n_left_out + 1);
    for (size_t i = 0; i < task->n_left_out; i++)
        names[i] = task->left_out[i];
    names[task->n_left_out++] = name;
    task->left_out = names;
}

static bool add_metric(lme_arena *arena, const lme_value *entry, const char *file, lme_task *task,
                       lme_metric_use *uses, lme_error *err)
{
    lme_metric_use use;
    if (!lme_metric_use_read(arena, entry, task->output, file, &use, err))
        return false;
    if (use.is_left_out) {
        leave_out(arena, task, use.name);
        return true;
    }
    /* As in lm_eval, of a metric that is listed twice the last entry counts. */
    for (size_t i = 0; i < task->n_metrics; i++) {
        if (lme_str_equal(uses[i].name, use.name)) {
            uses[i] = use;
            return true;
        }
    }
    uses[task->n_metrics++] = use;
    return true;
}

bool lme_task_take_letters(lme_arena *arena, lme_task *task, lme_error *err)
{
    if (task->output != LME_OUTPUT_MULTIPLE_CHOICE)
        return true;
    lme_metric_use *kept = LME_ARRAY(arena, lme_metric_use, task->n_metrics);
    size_t n = 0, n_before = task->n_metrics;
    for (size_t i = 0; i < n_before; i++) {
        if (task->metrics[i].metric->takes_letters)
            kept[n++] = task->metrics[i];
        else
            leave_out(arena, task, task->metrics[i].name);
    }
    task->metrics = kept;
    task->n_metrics = n;
    if (n > 0 || n_before == 0)
        return true;
    return lme_fail(err, LME_ERR_TASK, NULL,
                    "no metric of %.*s can score lettered answers: they tell which choice was "
                    "chosen, not how likely each is",
                    LME_STR_ARG(task->name));
}

static bool default_metrics(lme_arena *arena, const char *file, lme_task *task,
                            lme_metric_use *uses, lme_error *err)
{
    const char *names[4];
    size_t n = lme_metric_defaults(task->output, names);
    for (size_t i = 0; i < n; i++) {
        lme_map_builder entry = {.arena = arena};
        lme_map_add(&entry, LME_STR("metric"), lme_string(lme_str_from(names[i])));
        lme_value map = lme_map_finish(&entry);
        if (!add_metric(arena, &map, file, task, uses, err))
            return false;
    }
    return true;
}

/* The task's `cluster` is that of every metric without one of its own. */
static void set_cluster(const lme_settings *settings, lme_metric_use *uses, size_t n)
{
    const lme_setting *setting = lme_settings_find(settings, "cluster");
    for (size_t i = 0; setting != NULL && i < n; i++) {
        if (uses[i].cluster.len > 0)
            continue;
        uses[i].cluster = setting->value.string;
        uses[i].cluster_at = lme_place_of(setting->file, &setting->value);
    }
}

static bool read_metrics(lme_arena *arena, const lme_settings *settings, lme_task *task,
                         lme_error *err)
{
    const lme_setting *setting = lme_settings_find(settings, "metric_list");
    bool is_named = setting != NULL && setting->value.list.len > 0;
    size_t most = is_named ? setting->value.list.len : 4;
    lme_metric_use *uses = LME_ARRAY(arena, lme_metric_use, most);
    task->metrics = uses;
    if (!is_named && !default_metrics(arena, settings->file, task, uses, err))
        return false;
    for (size_t i = 0; is_named && i < setting->value.list.len; i++) {
        if (!add_metric(arena, &setting->value.list.items[i], setting->file, task, uses, err))
            return false;
    }
    if (is_named && task->n_metrics == 0) {
        lme_place at = lme_place_of(setting->file, &setting->value);
        return lme_fail(err, LME_ERR_TASK, &at,
                        "no metric of metric_list can score the task's output_type");
    }
    set_cluster(settings, uses, task->n_metrics);
    return true;
}

static bool check_pipeline(lme_arena *arena, const lme_value *entry, const char *file,
                           lme_error *err)
{
    size_t n;
    const lme_task_key *keys = lme_pipeline_keys(&n);
    lme_place at = lme_place_of(file, entry);
    if (entry->kind != LME_MAP)
        return lme_fail(err, LME_ERR_TASK, &at,
                        "an entry of filter_list is a map with name and filter, got %s",
                        lme_kind_name(entry->kind));
    for (size_t i = 0; i < entry->map.len; i++) {
        const lme_value *key = &entry->map.pairs[i].key;
        lme_str name = lme_value_str(arena, key);
        at = lme_place_of(file, key);
        if (lme_task_key_find(keys, n, name) != NULL)
            continue;
        lme_fail(err, LME_ERR_TASK, &at, "an entry of filter_list has no key \"%.*s\"",
                 LME_STR_ARG(name));
        return lme_hint(err, "its keys are name and filter");
    }
    for (size_t i = 0; i < n; i++) {
        const lme_value *value = lme_value_find(entry, keys[i].name);
        at = lme_place_of(file, value != NULL ? value : entry);
        if (value == NULL || (keys[i].kinds & 1u << value->kind) == 0) {
            lme_str expected = lme_kinds_text(arena, keys[i].kinds);
            return lme_fail(err, LME_ERR_TASK, &at, "%s of an entry of filter_list is %.*s, got %s",
                            keys[i].name, LME_STR_ARG(expected),
                            value == NULL ? "nothing" : lme_kind_name(value->kind));
        }
    }
    return true;
}

static bool read_pipeline(lme_arena *arena, const lme_value *entry, const char *file,
                          lme_pipeline *pipeline, lme_error *err)
{
    if (!check_pipeline(arena, entry, file, err))
        return false;
    const lme_value *filters = lme_value_find(entry, "filter");
    lme_filter_use *uses = LME_ARRAY(arena, lme_filter_use, filters->list.len);
    pipeline->name = lme_value_find(entry, "name")->string;
    pipeline->filters = uses;
    pipeline->n_filters = filters->list.len;
    for (size_t i = 0; i < filters->list.len; i++) {
        if (!lme_filter_use_read(arena, &filters->list.items[i], file, &uses[i], err))
            return lme_while(err, "reading the pipeline %.*s", LME_STR_ARG(pipeline->name));
    }
    return true;
}

/* lm_eval's pipeline for a task without filter_list. */
static bool default_pipeline(lme_arena *arena, const char *file, lme_task *task, lme_error *err)
{
    lme_map_builder entry = {.arena = arena};
    lme_map_add(&entry, LME_STR("function"), lme_string(LME_STR("take_first")));
    lme_value map = lme_map_finish(&entry);
    lme_filter_use *use = LME_NEW(arena, lme_filter_use);
    lme_pipeline *pipeline = LME_NEW(arena, lme_pipeline);
    *pipeline = (lme_pipeline){LME_STR("none"), use, 1};
    task->pipelines = pipeline;
    task->n_pipelines = 1;
    return lme_filter_use_read(arena, &map, file, use, err);
}

static bool read_pipelines(lme_arena *arena, const lme_settings *settings, lme_task *task,
                           lme_error *err)
{
    const lme_setting *setting = lme_settings_find(settings, "filter_list");
    if (setting == NULL || setting->value.list.len == 0)
        return default_pipeline(arena, settings->file, task, err);
    size_t n = setting->value.list.len;
    lme_pipeline *pipelines = LME_ARRAY(arena, lme_pipeline, n);
    for (size_t i = 0; i < n; i++) {
        const lme_value *entry = &setting->value.list.items[i];
        if (!read_pipeline(arena, entry, setting->file, &pipelines[i], err))
            return false;
        for (size_t j = 0; j < i; j++) {
            lme_place at = lme_place_of(setting->file, lme_value_find(entry, "name"));
            if (lme_str_equal(pipelines[i].name, pipelines[j].name))
                return lme_fail(err, LME_ERR_TASK, &at,
                                "two pipelines are named \"%.*s\", expected different names",
                                LME_STR_ARG(pipelines[i].name));
        }
    }
    task->pipelines = pipelines;
    task->n_pipelines = n;
    return true;
}

bool lme_scoring_read(lme_arena *arena, const lme_settings *settings, lme_task *task,
                      lme_error *err)
{
    return read_metrics(arena, settings, task, err) && read_pipelines(arena, settings, task, err);
}
