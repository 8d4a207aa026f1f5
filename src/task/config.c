/* The resolved config: every key that has a value or a default, in lm_eval's order. What is null is
 * left out, fewshot_config is written with all it inherits, as lm_eval's results show it. */
#include "details.h"
#include "keys.h"

#include <string.h>

#include <lmeval/json.h>

static bool fallback_value(lme_arena *arena, const lme_task_key *key, lme_value *value)
{
    *value = lme_null();
    if (key->fallback == NULL)
        return true;
    return lme_json_read(arena, NULL, lme_str_from(key->fallback), NULL, value, NULL);
}

static lme_value setting_value(const lme_settings *settings, const char *name)
{
    const lme_setting *setting = lme_settings_find(settings, name);
    return setting != NULL ? setting->value : lme_null();
}

/* The task's value of the same name, for keys that fewshot_config inherits. */
static lme_value inherited(const lme_settings *settings, const char *key)
{
    return setting_value(settings, strcmp(key, "split") == 0 ? "fewshot_split" : key);
}

static bool inherits(const char *key)
{
    return strcmp(key, "sampler") != 0 && strcmp(key, "fewshot_indices") != 0 &&
           strcmp(key, "samples") != 0;
}

/* Keys that lm_eval has not are shown only where they are written. */
static bool is_ours(const char *key)
{
    return strcmp(key, "samples_file") == 0;
}

static bool fewshot_map(lme_arena *arena, const lme_settings *settings,
                        const struct lme_task_details *details, lme_value *map)
{
    size_t n;
    const lme_task_key *keys = lme_fewshot_keys(&n);
    const lme_setting *own = lme_settings_find(settings, "fewshot_config");
    lme_map_builder config = {.arena = arena};
    for (size_t i = 0; i < n; i++) {
        const lme_value *written = own == NULL ? NULL : lme_value_find(&own->value, keys[i].name);
        lme_value value;
        if (written == NULL && is_ours(keys[i].name))
            continue;
        if (!fallback_value(arena, &keys[i], &value))
            return false;
        if (written != NULL)
            value = *written;
        else if (strcmp(keys[i].name, "target_delimiter") == 0)
            value = lme_string(details->format.target_delimiter);
        else if (strcmp(keys[i].name, "fewshot_delimiter") == 0)
            value = lme_string(details->format.fewshot_delimiter);
        else if (inherits(keys[i].name))
            value = inherited(settings, keys[i].name);
        lme_map_add(&config, lme_str_from(keys[i].name), value);
    }
    *map = lme_map_finish(&config);
    return true;
}

/* The values that are not simply what the file says. */
static bool computed_value(lme_arena *arena, const lme_settings *settings, const lme_task *task,
                           const struct lme_task_details *details, const char *name,
                           lme_value *value)
{
    if (strcmp(name, "fewshot_config") == 0)
        return fewshot_map(arena, settings, details, value);
    if (strcmp(name, "metadata") == 0)
        *value = details->metadata;
    if (strcmp(name, "num_fewshot") == 0)
        *value = lme_int((int64_t)task->num_fewshot);
    if (strcmp(name, "generation_kwargs") == 0 && task->output == LME_OUTPUT_GENERATE_UNTIL)
        *value = details->generation.as_written;
    return true;
}

/* Keys that say how tasks are found, and nothing of the task. */
static bool is_about_the_file(const char *name)
{
    return strcmp(name, "include") == 0 || strcmp(name, "variants") == 0 ||
           strcmp(name, "tag") == 0;
}

void lme_config_make(lme_arena *arena, const lme_settings *settings, lme_task *task,
                     const struct lme_task_details *details)
{
    size_t n;
    const lme_task_key *keys = lme_task_keys(&n);
    lme_map_builder config = {.arena = arena};
    for (size_t i = 0; i < n; i++) {
        lme_value value = setting_value(settings, keys[i].name);
        bool ok = value.kind != LME_NULL || fallback_value(arena, &keys[i], &value);
        ok = ok && computed_value(arena, settings, task, details, keys[i].name, &value);
        LME_BUG(!ok, "a default in the table of keys is not JSON");
        if (value.kind != LME_NULL && !is_about_the_file(keys[i].name))
            lme_map_add(&config, lme_str_from(keys[i].name), value);
    }
    task->config = lme_map_finish(&config);
}
