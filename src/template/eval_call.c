/* Calls, filters and tests: arguments are evaluated from left to right, then the row is invoked. */
#include "convert.h"
#include "eval.h"

typedef struct collected {
    lme_list_builder positional;
    lme_map_builder keywords;
} collected;

static bool add_keyword(lme_rendering *r, size_t at, collected *c, lme_str name, lme_value value,
                        lme_error *err)
{
    for (size_t i = 0; i < c->keywords.len; i++) {
        if (lme_str_equal(c->keywords.pairs[i].key.string, name)) {
            lme_str shown = lme_shown(name);
            return lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err,
                                   "argument '%.*s' is given twice", LME_STR_ARG(shown));
        }
    }
    lme_map_add(&c->keywords, name, value);
    return lme_tick(r, at, c->keywords.len / 16, err);
}

/* *list */
static bool spread(lme_rendering *r, const lme_node *node, collected *c, lme_error *err)
{
    lme_value list;
    lme_items items;
    if (!lme_evaluate(r, node, &list, err) || !lme_items_of(r, node->at, &list, &items, err))
        return false;
    for (size_t i = 0; i < items.len; i++)
        lme_list_add(&c->positional, items.items[i]);
    return true;
}

/* **map */
static bool spread_keywords(lme_rendering *r, const lme_node *node, collected *c, lme_error *err)
{
    lme_value map;
    if (!lme_evaluate(r, node, &map, err))
        return false;
    if (map.kind == LME_UNDEFINED)
        return lme_missing_fail(r, node->at, &map, err);
    if (map.kind != LME_MAP)
        return lme_source_fail(r->source, node->at, LME_ERR_TEMPLATE, err, "** wants a map, got %s",
                               lme_type_name(&map));
    for (size_t i = 0; i < map.map.len; i++) {
        const lme_pair *pair = &map.map.pairs[i];
        if (pair->key.kind != LME_STRING)
            return lme_source_fail(r->source, node->at, LME_ERR_TEMPLATE, err,
                                   "** wants a map whose keys are texts");
        if (!add_keyword(r, node->at, c, pair->key.string, pair->value, err))
            return false;
    }
    return true;
}

static bool collect(lme_rendering *r, const lme_argument_nodes *nodes, collected *c, lme_error *err)
{
    lme_value value;
    for (size_t i = 0; i < nodes->positional.len; i++) {
        if (!lme_evaluate(r, nodes->positional.items[i], &value, err))
            return false;
        lme_list_add(&c->positional, value);
    }
    if (nodes->spread != NULL && !spread(r, nodes->spread, c, err))
        return false;
    for (size_t i = 0; i < nodes->n_keywords; i++) {
        const lme_keyword_node *keyword = &nodes->keywords[i];
        if (!lme_evaluate(r, keyword->value, &value, err) ||
            !add_keyword(r, keyword->value->at, c, keyword->name, value, err))
            return false;
    }
    return nodes->spread_keywords == NULL || spread_keywords(r, nodes->spread_keywords, c, err);
}

static lme_arguments collected_arguments(const collected *c)
{
    return (lme_arguments){
        .positional = {c->positional.items, c->positional.len},
        .keywords = c->keywords.pairs,
        .n_keywords = c->keywords.len,
    };
}

bool lme_evaluate_use(lme_rendering *r, const lme_node *node, lme_value *value, lme_error *err)
{
    lme_invocation use = {.rendering = r, .row = node->use.row, .at = node->at};
    collected c = {.positional = {.arena = r->arena}, .keywords = {.arena = r->arena}};
    if (!lme_evaluate(r, node->use.subject, &use.subject, err) ||
        !collect(r, &node->use.arguments, &c, err))
        return false;
    lme_arguments arguments = collected_arguments(&c);
    return lme_invoke(&use, &arguments, value, err);
}

/*   caller  the body of a call block, passed as an argument of that name; NULL: none */
bool lme_evaluate_call(lme_rendering *r, const lme_node *node, const lme_value *caller,
                       lme_value *value, lme_error *err)
{
    lme_value callee;
    collected c = {.positional = {.arena = r->arena}, .keywords = {.arena = r->arena}};
    if (!lme_evaluate(r, node->call.callee, &callee, err) ||
        !collect(r, &node->call.arguments, &c, err))
        return false;
    if (caller != NULL && !add_keyword(r, node->at, &c, LME_STR("caller"), *caller, err))
        return false;
    lme_arguments arguments = collected_arguments(&c);
    return lme_call_value(r, node->at, &callee, &arguments, value, err);
}

bool lme_call_value(lme_rendering *r, size_t at, const lme_value *callee,
                    const lme_arguments *arguments, lme_value *result, lme_error *err)
{
    if (callee->kind == LME_UNDEFINED)
        return lme_missing_fail(r, at, callee, err);
    const lme_bound *bound = lme_thing_of(callee, LME_THING_METHOD);
    if (bound == NULL)
        bound = lme_thing_of(callee, LME_THING_FUNCTION);
    if (bound != NULL) {
        lme_invocation use = {
            .rendering = r, .row = bound->row, .at = at, .subject = bound->subject};
        return lme_invoke(&use, arguments, result, err);
    }
    const lme_macro *macro = lme_thing_of(callee, LME_THING_MACRO);
    if (macro != NULL)
        return lme_call_macro(r, at, macro, arguments, result, err);
    const lme_loop *loop = lme_thing_of(callee, LME_THING_LOOP);
    if (loop != NULL)
        return lme_call_loop(r, at, loop, arguments, result, err);
    return lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err,
                           "%s cannot be called: expected a function, method or macro before (",
                           lme_type_name(callee));
}
