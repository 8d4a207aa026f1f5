/* The filters that a template can name, in the order of docs/templates.md. */
#include "callable.h"

#define FILTER(name) extern const lme_callable lme_template_filter_##name;
#include "list.h"
#undef FILTER

#define FILTER(name) &lme_template_filter_##name,
static const lme_callable *const filters[] = {
#include "list.h"
};
#undef FILTER

lme_callable_list lme_template_filters(void)
{
    return (lme_callable_list){filters, sizeof filters / sizeof filters[0]};
}
