/* The functions that every template sees; a variable of the same name hides one. */
#include "callable.h"

#define FUNCTION(name) extern const lme_callable lme_template_function_##name;
#include "list.h"
#undef FUNCTION

#define FUNCTION(name) &lme_template_function_##name,
static const lme_callable *const functions[] = {
#include "list.h"
};
#undef FUNCTION

lme_callable_list lme_template_functions(void)
{
    return (lme_callable_list){functions, sizeof functions / sizeof functions[0]};
}
