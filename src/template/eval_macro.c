/* Calling macros and the bodies of call blocks: parameters, defaults, varargs, kwargs, caller. */
#include "eval.h"

static bool fail(lme_rendering *r, size_t at, const lme_macro_node *node, const char *what,
                 lme_str name, lme_error *err)
{
    lme_str macro = lme_shown(node->name), shown = lme_shown(name);
    return lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err, "macro '%.*s' %s%.*s",
                           LME_STR_ARG(macro), what, LME_STR_ARG(shown));
}

static const lme_value *find_keyword(const lme_arguments *arguments, lme_str name)
{
    for (size_t i = 0; i < arguments->n_keywords; i++) {
        if (lme_str_equal(arguments->keywords[i].key.string, name))
            return &arguments->keywords[i].value;
    }
    return NULL;
}

/* The value of parameter i. Defaults are evaluated in the macro's scope, so they may name earlier
 * parameters. */
static bool parameter_value(lme_rendering *r, const lme_macro_node *node, size_t i,
                            const lme_arguments *arguments, lme_value *value, lme_error *err)
{
    const lme_parameter_node *parameter = &node->parameters[i];
    const lme_value *given = i < arguments->positional.len
                                 ? &arguments->positional.items[i]
                                 : find_keyword(arguments, parameter->name);
    if (given != NULL)
        *value = *given;
    else if (parameter->otherwise != NULL)
        return lme_evaluate(r, parameter->otherwise, value, err);
    else
        *value = lme_missing_because(
            r, lme_str_format(r->arena, "parameter '%.*s' was not given to macro '%.*s'",
                              LME_STR_ARG(parameter->name), LME_STR_ARG(node->name)));
    return true;
}

static bool bind_parameters(lme_rendering *r, const lme_macro_node *node,
                            const lme_arguments *arguments, lme_error *err)
{
    for (size_t i = 0; i < node->n_parameters; i++) {
        lme_value value;
        if (!parameter_value(r, node, i, arguments, &value, err))
            return false;
        lme_scope_set(r, r->scope, node->parameters[i].name, value);
    }
    return true;
}

static bool is_parameter(const lme_macro_node *node, lme_str name, size_t *index)
{
    for (size_t i = 0; i < node->n_parameters; i++) {
        if (lme_str_equal(node->parameters[i].name, name)) {
            *index = i;
            return true;
        }
    }
    return false;
}

/* Named arguments that are no parameter; an error unless the body asks for them. */
static bool bind_keywords(lme_rendering *r, size_t at, const lme_macro_node *node,
                          const lme_arguments *arguments, lme_error *err)
{
    lme_map_builder further = {.arena = r->arena};
    size_t parameter;
    bool has_caller = is_parameter(node, LME_STR("caller"), &parameter);
    for (size_t i = 0; i < arguments->n_keywords; i++) {
        const lme_pair *keyword = &arguments->keywords[i];
        lme_str name = keyword->key.string;
        if (is_parameter(node, name, &parameter) && parameter >= arguments->positional.len)
            continue;
        if (node->uses_caller && !has_caller && lme_str_is(name, "caller"))
            continue;
        if (!node->uses_kwargs)
            return fail(r, at, node, "takes no argument of the name ", name, err);
        lme_map_add_pair(&further, keyword->key, keyword->value);
    }
    if (node->uses_kwargs)
        lme_scope_set(r, r->scope, LME_STR("kwargs"), lme_map_finish(&further));
    if (!node->uses_caller || has_caller)
        return true;
    const lme_value *caller = find_keyword(arguments, LME_STR("caller"));
    lme_scope_set(r, r->scope, LME_STR("caller"),
                  caller != NULL ? *caller
                                 : lme_missing_because(r, LME_STR("no call block stands around "
                                                                  "this: there is no caller")));
    return true;
}

static bool bind_rest(lme_rendering *r, size_t at, const lme_macro_node *node,
                      const lme_arguments *arguments, lme_error *err)
{
    size_t n = node->n_parameters, given = arguments->positional.len;
    if (given > n && !node->uses_varargs)
        return fail(r, at, node, "got more arguments than it has parameters", LME_STR(""), err);
    if (!node->uses_varargs)
        return true;
    lme_value rest = {.kind = LME_TUPLE};
    if (given > n) {
        rest.list.items = arguments->positional.items + n;
        rest.list.len = given - n;
    }
    lme_scope_set(r, r->scope, LME_STR("varargs"), rest);
    return true;
}

bool lme_call_macro(lme_rendering *r, size_t at, const lme_macro *macro,
                    const lme_arguments *arguments, lme_value *result, lme_error *err)
{
    const lme_macro_node *node = macro->node;
    lme_scope *outer = r->scope, *inner = lme_scope_new(r, macro->outside);
    lme_str text;
    if (!lme_enter(r, at, err))
        return false;
    r->scope = inner;
    bool fine = bind_rest(r, at, node, arguments, err) &&
                bind_keywords(r, at, node, arguments, err) &&
                bind_parameters(r, node, arguments, err);
    r->scope = outer;
    fine = fine && lme_capture(r, node->body, inner, &text, err);
    lme_leave(r);
    if (fine)
        *result = lme_string(text);
    return fine;
}
