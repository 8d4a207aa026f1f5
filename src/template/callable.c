/* Finding rows by name, and the nearest name to a wrong one. */
#include "callable.h"

const lme_callable *lme_callable_find(lme_callable_list list, lme_str name)
{
    for (size_t i = 0; i < list.len; i++) {
        if (lme_str_is(name, list.rows[i]->name))
            return list.rows[i];
    }
    return NULL;
}

const lme_callable *lme_method_find(lme_kind kind, lme_str name)
{
    lme_callable_list list = lme_template_methods();
    for (size_t i = 0; i < list.len; i++) {
        if ((list.rows[i]->kinds & 1u << kind) != 0 && lme_str_is(name, list.rows[i]->name))
            return list.rows[i];
    }
    return NULL;
}

/* Of the rows that have one of these kinds; 0 takes all. */
static lme_str nearest(lme_arena *arena, lme_callable_list list, unsigned kinds, lme_str name)
{
    lme_str *names = LME_ARRAY(arena, lme_str, list.len);
    size_t n = 0;
    for (size_t i = 0; i < list.len; i++) {
        if (kinds == 0 || (list.rows[i]->kinds & kinds) != 0)
            names[n++] = lme_str_from(list.rows[i]->name);
    }
    return lme_str_nearest(name, names, n);
}

lme_str lme_callable_nearest(lme_arena *arena, lme_callable_list list, lme_str name)
{
    return nearest(arena, list, 0, name);
}

lme_str lme_method_nearest(lme_arena *arena, lme_kind kind, lme_str name)
{
    return nearest(arena, lme_template_methods(), 1u << kind, name);
}
