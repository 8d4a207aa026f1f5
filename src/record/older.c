#include "older.h"

lme_str lme_older_filter(const lme_record_task *task, size_t pass)
{
    const lme_value *list = lme_value_find(&task->config, "filter_list");
    if (list == NULL || list->kind != LME_LIST || pass >= list->list.len)
        return LME_STR("none");
    const lme_value *name = lme_value_find(&list->list.items[pass], "name");
    return name != NULL && name->kind == LME_STRING ? name->string : LME_STR("none");
}

static bool is_own(lme_str key)
{
    static const char *const own[] = {"doc_id",    "doc",         "target",
                                      "arguments", "resps",       "filtered_resps",
                                      "doc_hash",  "prompt_hash", "target_hash"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        if (lme_str_is(key, own[i]))
            return true;
    }
    return false;
}

lme_value lme_older_metrics(lme_arena *arena, const lme_value *line)
{
    lme_list_builder names = {.arena = arena};
    for (size_t i = 0; i < line->map.len; i++) {
        const lme_value *key = &line->map.pairs[i].key;
        if (key->kind == LME_STRING && !is_own(key->string))
            lme_list_add(&names, *key);
    }
    return lme_list_finish(&names);
}
