#include "option.h"

#include <inttypes.h>

lme_place lme_metric_place(const char *file, const lme_value *at)
{
    return (lme_place){
        .file = file,
        .line = at == NULL ? 0 : at->line,
        .column = at == NULL ? 0 : at->column,
    };
}

bool lme_metric_option_bool(const lme_metric_use *use, const char *key, const char *file,
                            bool *value, lme_error *err)
{
    const lme_value *got = lme_value_find(&use->options, key);
    if (got == NULL)
        return true;
    if (got->kind == LME_BOOL) {
        *value = got->boolean;
        return true;
    }
    if (got->kind == LME_STRING && lme_str_starts(got->string, LME_STR("true"))) {
        *value = true;
        return true;
    }
    lme_place at = lme_metric_place(file, got);
    return lme_fail(err, LME_ERR_TASK, &at, "%s of metric \"%s\" is %s, expected true or false",
                    key, use->metric->name, lme_kind_name(got->kind));
}

bool lme_metric_option_int(const lme_metric_use *use, const char *key, const char *file,
                           lme_int_range range, int64_t *value, lme_error *err)
{
    const lme_value *got = lme_value_find(&use->options, key);
    if (got == NULL || got->kind == LME_NULL)
        return true;
    lme_place at = lme_metric_place(file, got);
    if (got->kind != LME_INT)
        return lme_fail(err, LME_ERR_TASK, &at, "%s of metric \"%s\" is %s, expected a number", key,
                        use->metric->name, lme_kind_name(got->kind));
    if (got->integer < range.least || got->integer > range.most)
        return lme_fail(err, LME_ERR_TASK, &at,
                        "%s of metric \"%s\" is %" PRId64 ", expected %" PRId64 " to %" PRId64, key,
                        use->metric->name, got->integer, range.least, range.most);
    *value = got->integer;
    return true;
}

static bool compile(lme_arena *arena, const lme_value *pattern, const char *key, const char *file,
                    lme_regex **regex, lme_error *err)
{
    lme_place at = lme_metric_place(file, pattern);
    if (pattern->kind != LME_STRING)
        return lme_fail(err, LME_ERR_TASK, &at, "an entry of %s is %s, expected text", key,
                        lme_kind_name(pattern->kind));
    if (!lme_regex_compile(arena, pattern->string, regex, err))
        return lme_place_error(err, &at);
    return true;
}

bool lme_metric_option_regexes(lme_arena *arena, const lme_metric_use *use, const char *key,
                               const char *file, lme_regex_list *regexes, lme_error *err)
{
    const lme_value *list = lme_value_find(&use->options, key);
    if (list == NULL || list->kind == LME_NULL)
        return true;
    if (list->kind != LME_LIST) {
        lme_place at = lme_metric_place(file, list);
        return lme_fail(err, LME_ERR_TASK, &at,
                        "%s of metric \"%s\" is %s, expected a list of patterns", key,
                        use->metric->name, lme_kind_name(list->kind));
    }
    regexes->len = list->list.len;
    regexes->items = LME_ARRAY(arena, lme_regex *, regexes->len);
    for (size_t i = 0; i < regexes->len; i++) {
        if (!compile(arena, &list->list.items[i], key, file, &regexes->items[i], err))
            return false;
    }
    return true;
}
