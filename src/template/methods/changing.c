/* Methods of lists and maps that change them in place. Values do not change here, so each is an
 * error that says what to write instead; the rows are there because such a name, like any method,
 * hides a key of the same name in `row.update`.
 */
#include "arguments.h"

static bool refuse(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)result;
    lme_use_fail(use, err, "this would change a %s, and values do not change here",
                 lme_type_name(&use->subject));
    if (use->subject.kind == LME_MAP)
        return lme_hint(err, "make a new one with dict(old, key=value)");
    return lme_hint(err, "make a new one: {%% set x = x + [item] %%}, or use a filter");
}

enum {
    LIST = 1u << LME_LIST,
    MAP = 1u << LME_MAP
};

#define CHANGING(method, of)                                                                       \
    const lme_callable lme_template_method_##method = {                                            \
        .name = #method,                                                                           \
        .summary = "refused: values do not change",                                                \
        .takes = LME_TAKES_REST | LME_TAKES_KEYWORDS | LME_TAKES_UNDEFINED,                        \
        .kinds = of,                                                                               \
        .call = refuse,                                                                            \
    };

CHANGING(append, LIST)
CHANGING(extend, LIST)
CHANGING(insert, LIST)
CHANGING(remove, LIST)
CHANGING(reverse, LIST)
CHANGING(sort, LIST)
CHANGING(pop, LIST | MAP)
CHANGING(clear, LIST | MAP)
CHANGING(popitem, MAP)
CHANGING(setdefault, MAP)
CHANGING(update, MAP)
