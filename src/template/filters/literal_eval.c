/* literal_eval: the value that a text spells as Python does, "['a', 'b']": some data sets keep
 * lists that way. */
#include "arguments.h"

#include <lmeval/template.h>

static bool literal_eval(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_error why = {.code = LME_OK};
    if (use->subject.kind != LME_STRING)
        return lme_use_fail(use, err, "got %s, expected a text", lme_type_name(&use->subject));
    if (!lme_tick(use->rendering, use->at, use->subject.string.len, err))
        return false;
    return lme_literal_eval(use->arena, use->subject.string, result, &why) ||
           lme_use_fail(use, err, "%s", why.message);
}

const lme_callable lme_template_filter_literal_eval = {
    .name = "literal_eval",
    .summary = "the value that a text spells as in Python, as ast.literal_eval; ours, not Jinja2's",
    .call = literal_eval,
};
