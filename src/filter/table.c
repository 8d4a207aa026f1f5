/* The filters that a task can name, in the order of `lmeval list filters`. */
#include <lmeval/filter.h>

#define FILTER(name) extern const lme_filter lme_filter_##name;
#include "list.h"
#undef FILTER

#define FILTER(name) &lme_filter_##name,
static const lme_filter *const filters[] = {
#include "list.h"
};
#undef FILTER

const lme_filter *const *lme_filter_all(size_t *n)
{
    *n = sizeof filters / sizeof filters[0];
    return filters;
}

const lme_filter *lme_filter_find(lme_str name)
{
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        if (lme_str_is(name, filters[i]->name))
            return filters[i];
    }
    return NULL;
}
