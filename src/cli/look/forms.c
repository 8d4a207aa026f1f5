/* The forms in the order of --help. */
#include "form.h"

#define FORM(name) extern const lme_look_form lme_look_form_##name;
#include "list.h"
#undef FORM

#define FORM(name) &lme_look_form_##name,
static const lme_look_form *const forms[] = {
#include "list.h"
};
#undef FORM

const lme_look_form *const *lme_look_form_all(size_t *n)
{
    *n = sizeof forms / sizeof forms[0];
    return forms;
}

const lme_look_form *lme_look_form_find(lme_str name)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (lme_str_is(name, forms[i]->name))
            return forms[i];
    }
    return NULL;
}
