#include "columns.h"

lme_str lme_columns_text(lme_arena *arena, const lme_value *row)
{
    lme_builder text = {.arena = arena};
    for (size_t i = 0; row->kind == LME_MAP && i < row->map.len; i++) {
        lme_str name = lme_value_str(arena, &row->map.pairs[i].key);
        lme_builder_format(&text, "%s%.*s", i == 0 ? "" : ", ", LME_STR_ARG(name));
    }
    return lme_builder_finish(&text);
}

lme_str lme_columns_nearest(lme_arena *arena, const lme_value *row, lme_str name)
{
    size_t n = row->kind == LME_MAP ? row->map.len : 0;
    lme_str *names = LME_ARRAY(arena, lme_str, n);
    for (size_t i = 0; i < n; i++)
        names[i] = lme_value_str(arena, &row->map.pairs[i].key);
    return lme_str_nearest(name, names, n);
}
