/* generation_kwargs: what is sent, and what samples files show. */
#include "details.h"

enum {
    DEFAULT_MAX_TOKENS = 256 /* lm_eval's, for tasks and API models alike */
};

/* Keys that become fields of their own or are not sent; the rest travels as it is. */
static const char *const own_keys[] = {"until", "max_gen_toks", "max_tokens", "temperature",
                                       "do_sample"};

static bool is_own(const lme_value *key)
{
    for (size_t i = 0; i < sizeof own_keys / sizeof own_keys[0]; i++) {
        if (key->kind == LME_STRING && lme_str_is(key->string, own_keys[i]))
            return true;
    }
    return false;
}

/* What lm_eval gives a task without generation_kwargs. */
static lme_value default_map(lme_arena *arena, lme_value until)
{
    lme_map_builder map = {.arena = arena};
    lme_map_add(&map, LME_STR("temperature"), lme_float(0));
    lme_map_add(&map, LME_STR("do_sample"), lme_bool(false));
    lme_map_add(&map, LME_STR("max_gen_toks"), lme_int(DEFAULT_MAX_TOKENS));
    lme_map_add(&map, LME_STR("until"), until);
    return lme_map_finish(&map);
}

static lme_value one_item_list(lme_arena *arena, lme_value item)
{
    lme_list_builder list = {.arena = arena};
    lme_list_add(&list, item);
    return lme_list_finish(&list);
}

/* The task's own map with lm_eval's defaults filled in: until, and the temperature as a float. */
static lme_value written_map(lme_arena *arena, const lme_setting *setting, lme_str delimiter)
{
    lme_value until = one_item_list(arena, lme_string(delimiter));
    if (setting == NULL)
        return default_map(arena, until);
    lme_value map = setting->value;
    const lme_value *given = lme_value_find(&map, "until");
    const lme_value *temperature = lme_value_find(&map, "temperature");
    if (temperature != NULL && temperature->kind == LME_INT) {
        lme_value number = lme_float((double)temperature->integer);
        number.line = temperature->line;
        number.column = temperature->column;
        map = lme_value_with(arena, &map, LME_STR("temperature"), number);
    }
    if (given == NULL)
        return lme_value_with(arena, &map, LME_STR("until"), until);
    if (given->kind == LME_STRING)
        return lme_value_with(arena, &map, LME_STR("until"), one_item_list(arena, *given));
    return map;
}

static bool wrong(const lme_value *value, const char *file, const char *key, const char *expected,
                  lme_error *err)
{
    /* A value from the command line stands in no file. */
    lme_place at = lme_place_of(value->line > 0 ? file : NULL, value);
    return lme_fail(err, LME_ERR_TASK, &at, "%s of generation_kwargs is %s, got %s", key, expected,
                    lme_kind_name(value->kind));
}

static bool read_until(lme_arena *arena, const lme_value *map, const char *file,
                       lme_generation *generation, lme_error *err)
{
    const lme_value *until = lme_value_find(map, "until");
    if (until == NULL || until->kind == LME_NULL)
        return true;
    if (until->kind != LME_LIST)
        return wrong(until, file, "until", "text or list of texts", err);
    lme_str *texts = LME_ARRAY(arena, lme_str, until->list.len);
    for (size_t i = 0; i < until->list.len; i++) {
        if (until->list.items[i].kind != LME_STRING)
            return wrong(&until->list.items[i], file, "an entry of until", "text", err);
        texts[i] = until->list.items[i].string;
    }
    generation->until = texts;
    generation->n_until = until->list.len;
    return true;
}

/* max_tokens, else max_gen_toks, as lm_eval's API client has it; *limit is left alone when the map
 * has neither. */
static bool read_limit(const lme_value *map, const char *file, int64_t *limit, lme_error *err)
{
    static const char *const keys[] = {"max_tokens", "max_gen_toks"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const lme_value *value = lme_value_find(map, keys[i]);
        if (value == NULL || value->kind == LME_NULL)
            continue;
        if (value->kind != LME_INT || value->integer <= 0)
            return wrong(value, file, keys[i], "an integer above 0", err);
        *limit = value->integer;
        return true;
    }
    return true;
}

static bool read_temperature(const lme_value *map, const char *file, double *temperature,
                             lme_error *err)
{
    const lme_value *value = lme_value_find(map, "temperature");
    if (value == NULL || value->kind == LME_NULL)
        return true;
    double number = value->kind == LME_INT ? (double)value->integer : value->number;
    if ((value->kind != LME_INT && value->kind != LME_FLOAT) || !(number >= 0))
        return wrong(value, file, "temperature", "a number from 0", err);
    *temperature = number;
    return true;
}

static lme_value extra_map(lme_arena *arena, const lme_value *map)
{
    lme_map_builder extra = {.arena = arena};
    for (size_t i = 0; i < map->map.len; i++) {
        if (!is_own(&map->map.pairs[i].key))
            lme_map_add_pair(&extra, map->map.pairs[i].key, map->map.pairs[i].value);
    }
    return lme_map_finish(&extra);
}

static lme_value lay_over(lme_arena *arena, lme_value map, const lme_value *over)
{
    for (size_t i = 0; over->kind == LME_MAP && i < over->map.len; i++) {
        const lme_pair *pair = &over->map.pairs[i];
        lme_str key = lme_value_str(arena, &pair->key);
        bool one_text = lme_str_is(key, "until") && pair->value.kind == LME_STRING;
        map = lme_value_with(arena, &map, key,
                             one_text ? one_item_list(arena, pair->value) : pair->value);
    }
    return map;
}

bool lme_generation_of(lme_arena *arena, const lme_value *as_written, lme_generation *generation,
                       lme_error *err)
{
    if (as_written->kind != LME_MAP)
        return lme_fail(err, LME_ERR_DATA, NULL, "generation settings must be a map, got %s",
                        lme_kind_name(as_written->kind));
    *generation = (lme_generation){
        .max_tokens = DEFAULT_MAX_TOKENS,
        .as_written = *as_written,
        .extra = extra_map(arena, as_written),
    };
    return read_until(arena, as_written, NULL, generation, err) &&
           read_temperature(as_written, NULL, &generation->temperature, err) &&
           read_limit(as_written, NULL, &generation->max_tokens, err);
}

bool lme_generation_read(lme_arena *arena, const lme_settings *settings,
                         const lme_value *gen_kwargs, lme_generation *generation, lme_error *err)
{
    const lme_setting *setting = lme_settings_find(settings, "generation_kwargs");
    const lme_setting *delimiter = lme_settings_find(settings, "fewshot_delimiter");
    const char *file = setting != NULL ? setting->file : settings->file;
    lme_str end = delimiter != NULL ? delimiter->value.string : LME_STR("\n\n");
    lme_value map = lay_over(arena, written_map(arena, setting, end), gen_kwargs);
    *generation = (lme_generation){
        .max_tokens = DEFAULT_MAX_TOKENS,
        .as_written = map,
        .extra = extra_map(arena, &map),
    };
    /* The command line's limit wins under either of its two names. */
    return read_until(arena, &map, file, generation, err) &&
           read_temperature(&map, file, &generation->temperature, err) &&
           read_limit(&map, file, &generation->max_tokens, err) &&
           read_limit(gen_kwargs, NULL, &generation->max_tokens, err);
}
