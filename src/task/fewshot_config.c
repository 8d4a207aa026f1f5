/* fewshot_config: what it does not say is as the task has it. */
#include "details.h"
#include "keys.h"

/* A key of fewshot_config; NULL when it is not there at all (an explicit null is a value). */
static const lme_value *find(const lme_setting *config, const char *key)
{
    return config == NULL ? NULL : lme_value_find(&config->value, key);
}

static bool check_keys(lme_arena *arena, const lme_setting *config, lme_error *err)
{
    size_t n;
    const lme_task_key *keys = lme_fewshot_keys(&n);
    for (size_t i = 0; i < config->value.map.len; i++) {
        const lme_pair *pair = &config->value.map.pairs[i];
        lme_str name = lme_value_str(arena, &pair->key);
        const lme_task_key *key = lme_task_key_find(keys, n, name);
        lme_place at = lme_place_of(config->file, key == NULL ? &pair->key : &pair->value);
        if (key == NULL) {
            lme_str nearest = lme_task_key_nearest(arena, keys, n, name);
            lme_fail(err, LME_ERR_TASK, &at, "fewshot_config has no key \"%.*s\"",
                     LME_STR_ARG(name));
            if (nearest.len > 0)
                return lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
            return lme_hint(err, "docs/task-format.md lists its keys");
        }
        if (pair->value.kind != LME_NULL && (key->kinds & 1u << pair->value.kind) == 0) {
            lme_str expected = lme_kinds_text(arena, key->kinds);
            return lme_fail(err, LME_ERR_TASK, &at, "%s of fewshot_config is %.*s, got %s",
                            key->name, LME_STR_ARG(expected), lme_kind_name(pair->value.kind));
        }
    }
    return true;
}

static bool read_sampler(const lme_setting *config, lme_sampler *sampler, lme_error *err)
{
    static const char *const names[] = {"default", "first_n"};
    const lme_value *value = find(config, "sampler");
    if (value == NULL || value->kind == LME_NULL || lme_str_is(value->string, names[0]))
        return true;
    if (lme_str_is(value->string, names[1])) {
        *sampler = LME_SAMPLER_FIRST_N;
        return true;
    }
    lme_place at = lme_place_of(config->file, value);
    return lme_fail(err, LME_ERR_TASK, &at,
                    "sampler \"%.*s\" is not known; it is default or first_n",
                    LME_STR_ARG(value->string));
}

static bool read_samples(const lme_setting *config, struct lme_task_details *details,
                         lme_error *err)
{
    const lme_value *samples = find(config, "samples");
    const lme_value *file = find(config, "samples_file");
    details->samples_file = config->file;
    if (file != NULL && file->kind == LME_STRING)
        details->samples_name = file;
    if (samples == NULL || samples->kind == LME_NULL)
        return true;
    for (size_t i = 0; i < samples->list.len; i++) {
        const lme_value *row = &samples->list.items[i];
        lme_place at = lme_place_of(config->file, row);
        if (row->kind != LME_MAP)
            return lme_fail(err, LME_ERR_TASK, &at, "an entry of samples is a row (a map), got %s",
                            lme_kind_name(row->kind));
    }
    lme_place at = lme_place_of(config->file, samples);
    if (details->samples_name != NULL)
        return lme_fail(err, LME_ERR_TASK, &at,
                        "fewshot_config has samples and samples_file, expected one of them");
    details->samples = samples;
    return true;
}

/* An own field, else the task's. null and, for the choices, "" mean what they do in lm_eval: null
 * falls back to the task's question and answer, but to no choices. */
static bool read_field(lme_arena *arena, const lme_setting *config, const char *key,
                       bool null_is_none, lme_field *field, lme_error *err)
{
    const lme_value *value = find(config, key);
    if (value == NULL || (value->kind == LME_NULL && !null_is_none))
        return true;
    return lme_field_read(arena, key, config->file, value, field, err);
}

static void read_delimiter(const lme_setting *config, const char *key, lme_str *delimiter)
{
    const lme_value *value = find(config, key);
    if (value != NULL && value->kind == LME_STRING)
        *delimiter = value->string;
}

static bool read_steps(lme_arena *arena, const lme_setting *config,
                       struct lme_task_details *details, lme_error *err)
{
    const lme_value *value = find(config, "process_docs");
    if (value == NULL)
        return true;
    details->shot_steps = (lme_steps){0};
    return value->kind == LME_NULL ||
           lme_steps_read(arena, value, config->file, &details->shot_steps, err);
}

bool lme_fewshot_read(lme_arena *arena, const lme_settings *settings,
                      struct lme_task_details *details, lme_error *err)
{
    const lme_setting *config = lme_settings_find(settings, "fewshot_config");
    lme_format *format = &details->shot_format;
    *format = details->format;
    details->shot_steps = details->steps;
    if (config == NULL)
        return true;
    const lme_value *split = find(config, "split");
    if (!check_keys(arena, config, err))
        return false;
    if (split != NULL) {
        details->splits.has_fewshot = split->kind == LME_STRING;
        details->splits.fewshot = split->kind == LME_STRING ? split->string : LME_STR("");
    }
    read_delimiter(config, "target_delimiter", &format->target_delimiter);
    read_delimiter(config, "fewshot_delimiter", &format->fewshot_delimiter);
    return read_sampler(config, &details->sampler, err) && read_samples(config, details, err) &&
           read_steps(arena, config, details, err) &&
           read_field(arena, config, "doc_to_text", false, &format->text, err) &&
           read_field(arena, config, "doc_to_choice", true, &format->choice, err) &&
           read_field(arena, config, "doc_to_target", false, &format->target, err) &&
           read_field(arena, config, "gen_prefix", true, &format->gen_prefix, err);
}
