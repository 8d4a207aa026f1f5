/* keep_if: template: the row stays when the value is true in Python's sense. */
#include "../settings.h"
#include "step.h"

#include <lmeval/template.h>

static bool prepare(lme_arena *arena, const lme_value *argument, const char *file, void **state,
                    lme_error *err)
{
    lme_place at = lme_place_of(file, argument);
    lme_template *made;
    if (argument->kind != LME_STRING)
        return lme_fail(err, LME_ERR_TASK, &at, "keep_if wants a template, got %s",
                        lme_kind_name(argument->kind));
    if (!lme_template_compile(arena, argument->string, &at, &made, err))
        return false;
    if (lme_template_is_plain(made)) {
        lme_fail(err, LME_ERR_TASK, &at, "keep_if is the same for every row: \"%.*s\"",
                 LME_STR_ARG(argument->string));
        return lme_hint(err, "write an expression in braces: \"{{ column == 'value' }}\"");
    }
    *state = made;
    return true;
}

static bool apply(lme_arena *arena, const void *state, const lme_value *row, lme_list_builder *out,
                  lme_error *err)
{
    lme_value value;
    if (!lme_template_value(arena, state, row, &value, err))
        return false;
    if (lme_value_truth(&value))
        lme_list_add(out, *row);
    return true;
}

const lme_step lme_step_keep_if = {
    .name = "keep_if",
    .summary = "keeps the rows for which a template is true: `keep_if: template`",
    .changes_count = true,
    .prepare = prepare,
    .apply = apply,
};
