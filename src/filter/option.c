#include "option.h"

lme_place lme_filter_place(const char *file, const lme_value *at)
{
    return (lme_place){
        .file = file,
        .line = at == NULL ? 0 : at->line,
        .column = at == NULL ? 0 : at->column,
    };
}

static bool wrong_kind(const lme_filter_use *use, const char *key, const char *file,
                       const lme_value *got, const char *expected, lme_error *err)
{
    lme_place at = lme_filter_place(file, got);
    return lme_fail(err, LME_ERR_TASK, &at, "%s of filter \"%s\" is %s, expected %s", key,
                    use->filter->name, lme_kind_name(got->kind), expected);
}

bool lme_filter_option_text(const lme_filter_use *use, const char *key, const char *file,
                            lme_str *value, lme_error *err)
{
    const lme_value *got = lme_value_find(&use->options, key);
    if (got == NULL)
        return true;
    if (got->kind != LME_STRING)
        return wrong_kind(use, key, file, got, "text", err);
    *value = got->string;
    return true;
}

bool lme_filter_option_int(const lme_filter_use *use, const char *key, const char *file,
                           int64_t *value, lme_error *err)
{
    const lme_value *got = lme_value_find(&use->options, key);
    if (got == NULL)
        return true;
    if (got->kind != LME_INT)
        return wrong_kind(use, key, file, got, "a whole number", err);
    *value = got->integer;
    return true;
}

bool lme_filter_option_bool(const lme_filter_use *use, const char *key, const char *file,
                            bool *value, lme_error *err)
{
    const lme_value *got = lme_value_find(&use->options, key);
    if (got == NULL)
        return true;
    if (got->kind != LME_BOOL)
        return wrong_kind(use, key, file, got, "true or false", err);
    *value = got->boolean;
    return true;
}

bool lme_filter_compile(lme_arena *arena, lme_str pattern, const char *file, const lme_value *at,
                        lme_regex **regex, lme_error *err)
{
    if (lme_regex_compile(arena, pattern, regex, err))
        return true;
    lme_place place = lme_filter_place(file, at);
    return lme_place_error(err, &place);
}
