/* Thresholds from a YAML file. */
#include <math.h>
#include <stddef.h>

#include <lmeval/compare.h>
#include <lmeval/limits.h>
#include <lmeval/share.h>
#include <lmeval/yaml.h>

typedef struct key {
    const char *name;
    size_t offset;
    double scale;    /* what is written times this is what is kept */
    double min, max; /* of what is written; as on the command line */
    bool is_percent;
} key;

static const key keys[] = {
    {"min_recovery", offsetof(lme_gates, min_recovery), 0.01, 1.0, 200.0, true},
    {"max_drop", offsetof(lme_gates, max_drop), 1.0, 0.0, 1e9, false},
    {"max_flips", offsetof(lme_gates, max_flips), 0.01, 0.0, 100.0, true},
    {"confidence", offsetof(lme_gates, confidence), 1.0, 0.5, 0.9999, false},
};

enum {
    N_KEYS = sizeof keys / sizeof keys[0]
};

static bool fail_key(const char *path, const lme_value *at, lme_str name, lme_error *err)
{
    lme_str known[N_KEYS + 2] = {LME_STR("point"), LME_STR("tasks")};
    for (size_t i = 0; i < N_KEYS; i++)
        known[i + 2] = lme_str_from(keys[i].name);
    lme_place place = {path, at->line, at->column};
    lme_fail(err, LME_ERR_TASK, &place, "unknown threshold \"%.*s\"", LME_STR_ARG(name));
    lme_str nearest = lme_str_nearest(name, known, N_KEYS + 2);
    if (nearest.len > 0)
        return lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
    return lme_hint(err,
                    "min_recovery, max_drop, max_flips, confidence, point and tasks are known");
}

static bool read_number(const char *path, const key *k, const lme_value *v, lme_gates *gates,
                        lme_error *err)
{
    double number = v->kind == LME_INT     ? (double)v->integer
                    : v->kind == LME_FLOAT ? v->number
                                           : (double)NAN;
    if (!(number >= k->min && number <= k->max)) {
        lme_place place = {path, v->line, v->column};
        lme_fail(err, LME_ERR_TASK, &place, "%s wants a number from %.10g to %.10g", k->name,
                 k->min, k->max);
        if (k->is_percent && number > 0.0 && number < 1.0)
            return lme_hint(err, "it is in percent: %.10g", 100.0 * number);
        return false;
    }
    void *field = (char *)gates + k->offset;
    *(double *)field = number * k->scale;
    return true;
}

/* One entry of a map of thresholds. */
static bool read_entry(const char *path, const lme_pair *pair, lme_gates *gates, lme_error *err)
{
    if (pair->key.kind != LME_STRING)
        return fail_key(path, &pair->key, LME_STR(""), err);
    for (size_t i = 0; i < N_KEYS; i++) {
        if (lme_str_equal(pair->key.string, lme_str_from(keys[i].name)))
            return read_number(path, &keys[i], &pair->value, gates, err);
    }
    if (!lme_str_equal(pair->key.string, LME_STR("point")))
        return fail_key(path, &pair->key, pair->key.string, err);
    if (pair->value.kind != LME_BOOL) {
        lme_place place = {path, pair->value.line, pair->value.column};
        return lme_fail(err, LME_ERR_TASK, &place, "point wants true or false");
    }
    gates->point = pair->value.boolean;
    return true;
}

static bool want_map(const char *path, const lme_value *v, const char *what, lme_error *err)
{
    if (v->kind == LME_MAP)
        return true;
    lme_place place = {path, v->line, v->column};
    return lme_fail(err, LME_ERR_TASK, &place, "%s must be a map, not %s", what,
                    lme_kind_name(v->kind));
}

static bool read_tasks(const char *path, const lme_value *tasks, lme_gate_rule *rules, size_t *n,
                       lme_error *err)
{
    for (size_t i = 0; i < tasks->map.len; i++) {
        const lme_pair *pair = &tasks->map.pairs[i];
        lme_gate_rule *rule = &rules[*n];
        if (pair->key.kind != LME_STRING)
            return fail_key(path, &pair->key, LME_STR(""), err);
        if (!want_map(path, &pair->value, "a task's thresholds", err))
            return false;
        *rule = (lme_gate_rule){
            .task = pair->key.string,
            .gates = rules[0].gates,
            .at = {path, pair->key.line, pair->key.column},
        };
        for (size_t j = 0; j < pair->value.map.len; j++) {
            if (!read_entry(path, &pair->value.map.pairs[j], &rule->gates, err))
                return false;
        }
        ++*n;
    }
    return true;
}

bool lme_gates_read(lme_arena *arena, const char *path, const lme_gates *defaults,
                    const lme_gate_rule **rules, size_t *n_rules, lme_error *err)
{
    lme_str text;
    lme_value file;
    if (!lme_file_read(arena, path, LME_LIMIT_TASK_FILE, &text, err) ||
        !lme_yaml_read(arena, text, path, &file, err) ||
        !want_map(path, &file, "a file of thresholds", err))
        return false;
    const lme_value *tasks = lme_value_find(&file, "tasks");
    if (tasks != NULL && !want_map(path, tasks, "tasks", err))
        return false;
    lme_gate_rule *made = LME_ARRAY(arena, lme_gate_rule, 1 + (tasks ? tasks->map.len : 0));
    made[0] = (lme_gate_rule){.gates = *defaults};
    for (size_t i = 0; i < file.map.len; i++) {
        const lme_pair *pair = &file.map.pairs[i];
        bool is_tasks =
            pair->key.kind == LME_STRING && lme_str_equal(pair->key.string, LME_STR("tasks"));
        if (!is_tasks && !read_entry(path, pair, &made[0].gates, err))
            return false;
    }
    *rules = made;
    *n_rules = 1;
    return tasks == NULL || read_tasks(path, tasks, made, n_rules, err);
}
