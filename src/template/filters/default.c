/* default: what stands in for a value that is undefined, or, when asked, false. */
#include "arguments.h"
#include "convert.h"

static bool use_default(const lme_invocation *use, lme_value *result, lme_error *err)
{
    bool also_false, missing = use->subject.kind == LME_UNDEFINED;
    if (!lme_take_truth(use, 1, false, &also_false, err))
        return false;
    if (also_false && !missing) {
        bool truth;
        if (!lme_truth_of(use->rendering, use->at, &use->subject, &truth, err))
            return false;
        missing = !truth;
    }
    *result = use->subject;
    if (missing)
        *result = use->given[0] != NULL ? *use->given[0] : lme_string(LME_STR(""));
    return true;
}

const lme_callable lme_template_filter_default = {
    .name = "default",
    .summary = "another value when this one is undefined, or false with boolean=true",
    .parameters = {"default_value", "boolean"},
    .takes = LME_TAKES_UNDEFINED,
    .call = use_default,
};

const lme_callable lme_template_filter_d = {
    .name = "d",
    .summary = "the same as default",
    .parameters = {"default_value", "boolean"},
    .takes = LME_TAKES_UNDEFINED,
    .call = use_default,
};
