/* The formats in the order of --help. */
#include <lmeval/compare.h>

#define FORMAT(name) extern const lme_compare_format lme_compare_format_##name;
#include "format/list.h"
#undef FORMAT

#define FORMAT(name) &lme_compare_format_##name,
static const lme_compare_format *const formats[] = {
#include "format/list.h"
};
#undef FORMAT

const lme_compare_format *const *lme_compare_format_all(size_t *n)
{
    *n = sizeof formats / sizeof formats[0];
    return formats;
}

const lme_compare_format *lme_compare_format_find(lme_str name)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (lme_str_equal(name, lme_str_from(formats[i]->name)))
            return formats[i];
    }
    return NULL;
}
