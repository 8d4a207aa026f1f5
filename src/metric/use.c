/* Reading a metric of a task file. */
#include "aggregate.h"
#include "option.h"

static const char *const output_names[LME_OUTPUT_KINDS] = {
    [LME_OUTPUT_MULTIPLE_CHOICE] = "multiple_choice",
    [LME_OUTPUT_LOGLIKELIHOOD] = "loglikelihood",
    [LME_OUTPUT_LOGLIKELIHOOD_ROLLING] = "loglikelihood_rolling",
    [LME_OUTPUT_GENERATE_UNTIL] = "generate_until",
};

bool lme_output_kind_find(lme_str name, lme_output_kind *output)
{
    for (size_t i = 0; i < LME_OUTPUT_KINDS; i++) {
        *output = (lme_output_kind)i;
        if (lme_str_is(name, output_names[i]))
            return true;
    }
    return false;
}

static bool scores(const lme_metric *metric, lme_output_kind output)
{
    return (metric->output_kinds & (1u << output)) != 0;
}

/* "acc, exact_match": the metrics that can score an output type. */
static lme_str usable_names(lme_arena *arena, lme_output_kind output)
{
    size_t n;
    const lme_metric *const *all = lme_metric_all(&n);
    lme_builder text = {.arena = arena};
    for (size_t i = 0; i < n; i++) {
        if (scores(all[i], output))
            lme_builder_format(&text, "%s%s", text.len == 0 ? "" : ", ", all[i]->name);
    }
    return lme_builder_finish(&text);
}

static bool unknown_metric(lme_arena *arena, const lme_value *name, lme_output_kind output,
                           const char *file, lme_error *err)
{
    size_t n;
    const lme_metric *const *all = lme_metric_all(&n);
    lme_str *names = LME_ARRAY(arena, lme_str, n);
    for (size_t i = 0; i < n; i++)
        names[i] = lme_str_from(all[i]->name);
    lme_str nearest = lme_str_nearest(name->string, names, n);
    lme_str known = usable_names(arena, output);
    lme_place at = lme_metric_place(file, name);
    lme_fail(err, LME_ERR_TASK, &at, "metric \"%.*s\" is not known", LME_STR_ARG(name->string));
    if (nearest.len > 0)
        return lme_hint(err, "did you mean %.*s? for %s there are: %.*s", LME_STR_ARG(nearest),
                        output_names[output], LME_STR_ARG(known));
    return lme_hint(err, "for %s there are: %.*s", output_names[output], LME_STR_ARG(known));
}

static bool wrong_output(lme_arena *arena, const lme_metric *metric, const lme_value *name,
                         lme_output_kind output, const char *file, lme_error *err)
{
    lme_place at = lme_metric_place(file, name);
    lme_str usable = usable_names(arena, output);
    lme_fail(err, LME_ERR_TASK, &at, "metric \"%s\" cannot score output_type %s", metric->name,
             output_names[output]);
    return lme_hint(err, "for it there are: %.*s", LME_STR_ARG(usable));
}

static bool find_metric(lme_arena *arena, const lme_value *entry, lme_output_kind output,
                        const char *file, const lme_metric **metric, lme_error *err)
{
    const lme_value *name = lme_value_find(entry, "metric");
    lme_place at = lme_metric_place(file, name == NULL ? entry : name);
    if (entry->kind != LME_MAP || name == NULL)
        return lme_fail(err, LME_ERR_TASK, &at,
                        "an entry of metric_list is %s, expected a map with the key `metric`",
                        entry->kind == LME_MAP ? "a map without it" : lme_kind_name(entry->kind));
    if (name->kind == LME_FUNCTION) {
        lme_fail(err, LME_ERR_TASK, &at, "metric !function %.*s is Python code, which is not run",
                 LME_STR_ARG(name->string));
        return lme_hint(err, "name a built-in metric: lmeval list metrics");
    }
    if (name->kind != LME_STRING)
        return lme_fail(err, LME_ERR_TASK, &at, "`metric` is %s, expected a name",
                        lme_kind_name(name->kind));
    *metric = lme_metric_find(name->string);
    if (*metric == NULL)
        return unknown_metric(arena, name, output, file, err);
    return scores(*metric, output) || output != LME_OUTPUT_GENERATE_UNTIL ||
           wrong_output(arena, *metric, name, output, file, err);
}

static bool unknown_aggregation(lme_arena *arena, const lme_metric *metric, const lme_value *value,
                                const char *file, lme_error *err)
{
    size_t n;
    const lme_aggregation *const *all = lme_aggregation_all(&n);
    lme_builder known = {.arena = arena};
    lme_builder_format(&known, "%s", metric->aggregation->name);
    for (size_t i = 0; i < n; i++) {
        if (all[i]->width == metric->width && all[i] != metric->aggregation)
            lme_builder_format(&known, ", %s", all[i]->name);
    }
    lme_str names = lme_builder_finish(&known);
    lme_str text = lme_value_str(arena, value);
    lme_place at = lme_metric_place(file, value);
    if (value->kind == LME_FUNCTION)
        lme_fail(err, LME_ERR_TASK, &at,
                 "aggregation !function %.*s is Python code, which is not run",
                 LME_STR_ARG(value->string));
    else
        lme_fail(err, LME_ERR_TASK, &at, "aggregation \"%.*s\" is not known for metric \"%s\"",
                 LME_STR_ARG(text), metric->name);
    return lme_hint(err, "known: %.*s", LME_STR_ARG(names));
}

static bool read_aggregation(lme_arena *arena, const lme_value *value, const char *file,
                             lme_metric_use *use, lme_error *err)
{
    const lme_metric *metric = use->metric;
    if (value->kind != LME_STRING)
        return unknown_aggregation(arena, metric, value, file, err);
    const lme_aggregation *found = lme_str_is(value->string, metric->aggregation->name)
                                       ? metric->aggregation
                                       : lme_aggregation_find(value->string);
    if (found == NULL || found->width != metric->width)
        return unknown_aggregation(arena, metric, value, file, err);
    use->aggregation = found;
    return true;
}

static bool read_direction(const lme_value *value, const char *file, lme_metric_use *use,
                           lme_error *err)
{
    lme_place at = lme_metric_place(file, value);
    if (value->kind != LME_BOOL)
        return lme_fail(err, LME_ERR_TASK, &at, "higher_is_better is %s, expected true or false",
                        lme_kind_name(value->kind));
    use->higher_is_better = value->boolean;
    return true;
}

/* A name that is not empty: of a column, or of the metric in results. */
static bool read_name(const lme_pair *pair, const char *file, lme_str *name, lme_error *err)
{
    const lme_value *value = &pair->value;
    lme_place at = lme_metric_place(file, value);
    if (value->kind != LME_STRING || value->string.len == 0)
        return lme_fail(err, LME_ERR_TASK, &at, "%.*s is %s, expected a name",
                        LME_STR_ARG(pair->key.string),
                        value->kind == LME_STRING ? "empty" : lme_kind_name(value->kind));
    *name = value->string;
    return true;
}

static bool unknown_key(lme_arena *arena, const lme_metric *metric, const lme_value *key,
                        const char *file, lme_error *err)
{
    lme_str candidates[16] = {LME_STR("aggregation"), LME_STR("higher_is_better"),
                              LME_STR("cluster"), LME_STR("name")};
    size_t n = 4;
    for (size_t i = 0; metric->keys != NULL && metric->keys[i] != NULL && n < 16; i++)
        candidates[n++] = lme_str_from(metric->keys[i]);
    lme_builder known = {.arena = arena};
    for (size_t i = 0; i < n; i++)
        lme_builder_format(&known, "%s%.*s", i == 0 ? "" : ", ", LME_STR_ARG(candidates[i]));
    lme_str names = lme_builder_finish(&known);
    lme_str text = lme_value_str(arena, key);
    lme_str nearest = lme_str_nearest(text, candidates, n);
    lme_place at = lme_metric_place(file, key);
    lme_fail(err, LME_ERR_TASK, &at, "metric \"%s\" has no option \"%.*s\"", metric->name,
             LME_STR_ARG(text));
    if (nearest.len > 0)
        return lme_hint(err, "did you mean %.*s? it takes: %.*s", LME_STR_ARG(nearest),
                        LME_STR_ARG(names));
    return lme_hint(err, "it takes: %.*s", LME_STR_ARG(names));
}

static bool is_option(const lme_metric *metric, const lme_value *key)
{
    for (size_t i = 0; metric->keys != NULL && metric->keys[i] != NULL; i++) {
        if (key->kind == LME_STRING && lme_str_is(key->string, metric->keys[i]))
            return true;
    }
    return false;
}

static bool is_key(const lme_value *key, const char *name)
{
    return key->kind == LME_STRING && lme_str_is(key->string, name);
}

/* hf_evaluate: true asks for a metric of a Python package instead of ours. */
static bool read_hf_evaluate(const lme_metric *metric, const lme_value *value, const char *file,
                             lme_error *err)
{
    lme_place at = lme_metric_place(file, value);
    if (!lme_value_truth(value))
        return true;
    lme_fail(err, LME_ERR_TASK, &at,
             "metric \"%s\" with hf_evaluate needs a Python package, which is not run",
             metric->name);
    return lme_hint(err, "without hf_evaluate it is the built-in metric");
}

static bool read_pair(lme_arena *arena, const lme_pair *pair, const char *file, lme_metric_use *use,
                      lme_map_builder *options, lme_error *err)
{
    if (is_key(&pair->key, "metric"))
        return true;
    if (is_key(&pair->key, "aggregation"))
        return read_aggregation(arena, &pair->value, file, use, err);
    if (is_key(&pair->key, "higher_is_better"))
        return read_direction(&pair->value, file, use, err);
    if (is_key(&pair->key, "cluster")) {
        use->cluster_at = lme_metric_place(file, &pair->value);
        return read_name(pair, file, &use->cluster, err);
    }
    if (is_key(&pair->key, "name"))
        return read_name(pair, file, &use->name, err);
    if (is_key(&pair->key, "hf_evaluate"))
        return read_hf_evaluate(use->metric, &pair->value, file, err);
    if (!is_option(use->metric, &pair->key))
        return unknown_key(arena, use->metric, &pair->key, file, err);
    lme_map_add_pair(options, pair->key, pair->value);
    return true;
}

bool lme_metric_use_read(lme_arena *arena, const lme_value *entry, lme_output_kind output,
                         const char *file, lme_metric_use *use, lme_error *err)
{
    *use = (lme_metric_use){0};
    if (!find_metric(arena, entry, output, file, &use->metric, err))
        return false;
    use->higher_is_better = use->metric->higher_is_better;
    use->name = lme_str_from(use->metric->name);
    use->is_left_out = !scores(use->metric, output);
    if (use->is_left_out)
        return true;
    lme_map_builder options = {.arena = arena};
    for (size_t i = 0; i < entry->map.len; i++) {
        if (!read_pair(arena, &entry->map.pairs[i], file, use, &options, err))
            return false;
    }
    use->options = lme_map_finish(&options);
    if (use->metric->prepare != NULL && !use->metric->prepare(arena, use, file, err))
        return false;
    if (use->aggregation == NULL)
        use->aggregation = use->metric->aggregation;
    return true;
}
