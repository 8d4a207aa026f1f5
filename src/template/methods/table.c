/* The methods of texts, lists, tuples, maps and numbers, in the order of docs/templates.md. */
#include "callable.h"

#define METHOD(name) extern const lme_callable lme_template_method_##name;
#include "list.h"
#undef METHOD

#define METHOD(name) &lme_template_method_##name,
static const lme_callable *const methods[] = {
#include "list.h"
};
#undef METHOD

lme_callable_list lme_template_methods(void)
{
    return (lme_callable_list){methods, sizeof methods / sizeof methods[0]};
}
