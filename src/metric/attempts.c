#include "attempts.h"

enum {
    MOST_ATTEMPTS = 1000000
};

bool lme_attempts_prepare(lme_arena *arena, lme_metric_use *use, const char *file, int64_t k,
                          lme_error *err)
{
    lme_attempts *attempts = LME_NEW(arena, lme_attempts);
    attempts->k = k;
    use->state = attempts;
    if (!lme_metric_option_int(use, "k", file, (lme_int_range){1, MOST_ATTEMPTS}, &attempts->k,
                               err) ||
        !lme_matching_read(arena, use, file, &attempts->matching, err))
        return false;
    lme_str row = lme_str_from(use->metric->name);
    if (attempts->k > 0 && lme_str_equal(use->name, row))
        use->name =
            lme_str_format(arena, "%.*s%lld", (int)(row.len - 1), row.ptr, (long long)attempts->k);
    return true;
}

bool lme_attempts_get(const lme_metric_use *use, const lme_answer *answer,
                      const lme_value **attempts, size_t *n, lme_error *err)
{
    const lme_attempts *options = use->state;
    const lme_value *value = &answer->values[0];
    bool is_list = value->kind == LME_LIST;
    *attempts = is_list ? value->list.items : value;
    *n = is_list ? value->list.len : 1;
    size_t least = options->k > 0 ? (size_t)options->k : 1;
    if (*n >= least)
        return true;
    lme_fail(err, LME_ERR_DATA, NULL,
             "metric \"%.*s\" needs %zu answers to a document, filter pipeline \"%.*s\" left %zu",
             LME_STR_ARG(use->name), least, LME_STR_ARG(answer->pipeline), *n);
    return lme_hint(err, "set repeats to %zu or more, and leave out take_first", least);
}

const char *const lme_attempts_keys[] = {LME_MATCHING_KEYS, "k", NULL};
