/* What a group says of itself: alias, version, how its numbers are made. */
#include "group.h"

static bool read_alias(const lme_settings *settings, lme_group *group, lme_error *err)
{
    const lme_setting *alias = lme_settings_find(settings, "group_alias");
    group->alias = group->name;
    if (alias == NULL)
        return true;
    lme_place at = lme_place_of(alias->file, &alias->value);
    if (alias->value.kind != LME_STRING)
        return lme_fail(err, LME_ERR_TASK, &at, "group_alias is text, got %s",
                        lme_kind_name(alias->value.kind));
    if (alias->value.string.len > 0)
        group->alias = alias->value.string;
    return true;
}

static bool read_version(lme_arena *arena, const lme_settings *settings, lme_group *group,
                         lme_error *err)
{
    const lme_setting *metadata = lme_settings_find(settings, "metadata");
    group->version = LME_STR("N/A");
    if (metadata == NULL)
        return true;
    lme_place at = lme_place_of(metadata->file, &metadata->value);
    if (metadata->value.kind != LME_MAP)
        return lme_fail(err, LME_ERR_TASK, &at, "metadata is a map, got %s",
                        lme_kind_name(metadata->value.kind));
    const lme_value *version = lme_value_find(&metadata->value, "version");
    if (version != NULL)
        group->version = lme_value_str(arena, version);
    return true;
}

/* filter_list: a pipeline's name, or a list of them. */
static bool read_pipelines(lme_arena *arena, const lme_value *value, const char *file,
                           lme_group_metric *metric, lme_error *err)
{
    bool is_list = value->kind == LME_LIST;
    size_t n = is_list ? value->list.len : 1;
    lme_str *names = LME_ARRAY(arena, lme_str, n);
    for (size_t i = 0; i < n; i++) {
        const lme_value *name = is_list ? &value->list.items[i] : value;
        lme_place at = lme_place_of(file, name);
        if (name->kind != LME_STRING)
            return lme_fail(err, LME_ERR_TASK, &at, "filter_list names pipelines, got %s",
                            lme_kind_name(name->kind));
        names[i] = name->string;
    }
    metric->pipelines = names;
    metric->n_pipelines = n;
    return true;
}

static bool check_aggregation(const lme_value *value, const lme_place *at, lme_error *err)
{
    if (value->kind == LME_STRING && lme_str_is(value->string, "mean"))
        return true;
    if (value->kind == LME_FUNCTION)
        return lme_fail(err, LME_ERR_TASK, at,
                        "the group calls a Python function, which is not run: aggregation (%.*s)",
                        LME_STR_ARG(value->string));
    return lme_fail(err, LME_ERR_TASK, at,
                    "the aggregation of a group is mean, which is the only one that there is");
}

static bool unknown_key(const lme_value *key, const lme_place *at, lme_error *err)
{
    static const char *const known[] = {"metric", "aggregation", "weight_by_size", "filter_list"};
    enum {
        N = sizeof known / sizeof known[0]
    };
    lme_str names[N];
    for (size_t i = 0; i < N; i++)
        names[i] = lme_str_from(known[i]);
    if (key->kind != LME_STRING)
        return lme_fail(err, LME_ERR_TASK, at, "a key of aggregate_metric_list is text, got %s",
                        lme_kind_name(key->kind));
    lme_str nearest = lme_str_nearest(key->string, names, N);
    lme_fail(err, LME_ERR_TASK, at, "an entry of aggregate_metric_list has no key \"%.*s\"",
             LME_STR_ARG(key->string));
    if (nearest.len > 0)
        return lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
    return lme_hint(err, "it has metric, aggregation, weight_by_size and filter_list");
}

static bool read_key(lme_arena *arena, const lme_pair *pair, const char *file,
                     lme_group_metric *metric, lme_error *err)
{
    lme_place at = lme_place_of(file, &pair->value);
    lme_str key = pair->key.kind == LME_STRING ? pair->key.string : LME_STR("");
    if (lme_str_is(key, "metric") && pair->value.kind == LME_STRING) {
        metric->metric = pair->value.string;
        return true;
    }
    if (lme_str_is(key, "metric"))
        return lme_fail(err, LME_ERR_TASK, &at, "metric is a metric's name, got %s",
                        lme_kind_name(pair->value.kind));
    if (lme_str_is(key, "aggregation"))
        return check_aggregation(&pair->value, &at, err);
    if (lme_str_is(key, "filter_list"))
        return pair->value.kind == LME_NULL ||
               read_pipelines(arena, &pair->value, file, metric, err);
    if (!lme_str_is(key, "weight_by_size"))
        return unknown_key(&pair->key, &(lme_place){file, pair->key.line, pair->key.column}, err);
    metric->weight_by_size = lme_value_truth(&pair->value); /* as Python takes it: texts are true */
    return true;
}

static bool read_metric(lme_arena *arena, const lme_value *entry, const char *file,
                        lme_group_metric *metric, lme_error *err)
{
    lme_place at = lme_place_of(file, entry);
    *metric = (lme_group_metric){.weight_by_size = true};
    if (entry->kind != LME_MAP)
        return lme_fail(err, LME_ERR_TASK, &at, "aggregate_metric_list holds maps, got %s",
                        lme_kind_name(entry->kind));
    for (size_t i = 0; i < entry->map.len; i++) {
        if (!read_key(arena, &entry->map.pairs[i], file, metric, err))
            return false;
    }
    return metric->metric.len > 0 ||
           lme_fail(err, LME_ERR_TASK, &at, "an entry of aggregate_metric_list names no metric");
}

static bool read_metrics(lme_arena *arena, const lme_settings *settings, lme_group *group,
                         lme_error *err)
{
    const lme_setting *list = lme_settings_find(settings, "aggregate_metric_list");
    if (list == NULL)
        return true;
    bool is_list = list->value.kind == LME_LIST;
    size_t n = is_list ? list->value.list.len : 1;
    lme_group_metric *metrics = LME_ARRAY(arena, lme_group_metric, n);
    for (size_t i = 0; i < n; i++) {
        const lme_value *entry = is_list ? &list->value.list.items[i] : &list->value;
        if (!read_metric(arena, entry, list->file, &metrics[i], err))
            return false;
    }
    group->metrics = metrics;
    group->n_metrics = n;
    return true;
}

bool lme_group_read(lme_arena *arena, const lme_settings *settings, lme_group *group,
                    lme_error *err)
{
    return read_alias(settings, group, err) && read_version(arena, settings, group, err) &&
           read_metrics(arena, settings, group, err);
}
