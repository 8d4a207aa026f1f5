/* Tags: {% if %}, {% for %}, {% set %} and the rest, a row each. Tags that need other templates
 * (include, extends ...) have none: lm_eval's environment has no loader to find them with.
 */
#include "parser.h"

/* %} and the nodes up to one of `ends`; a colon in front of %} is let pass, as jinja2 does. */
static bool parse_inside(lme_parser *p, const char *const *ends, lme_node_list *body,
                         lme_error *err)
{
    lme_parser_skip(p, LME_TOKEN_COLON);
    return lme_parser_expect(p, LME_TOKEN_BLOCK_END, NULL, err) &&
           lme_parse_body(p, ends, body, err);
}

/* The same for tags that have one end, which is skipped. */
static bool parse_to_end(lme_parser *p, const char *end, lme_node_list *body, lme_error *err)
{
    const char *const ends[] = {end, NULL};
    if (!parse_inside(p, ends, body, err))
        return false;
    lme_parser_next(p);
    return true;
}

static bool check_target(lme_parser *p, const lme_node *target, lme_error *err)
{
    if (target->kind == LME_NODE_NAME || target->kind == LME_NODE_FIELD)
        return true;
    if (target->kind != LME_NODE_TUPLE)
        return lme_source_fail(p->source, target->at, LME_ERR_TEMPLATE, err,
                               "cannot assign to this: expected a name, or names with commas");
    for (size_t i = 0; i < target->items.len; i++) {
        if (!check_target(p, target->items.items[i], err))
            return false;
    }
    return true;
}

static bool parse_target(lme_parser *p, unsigned how, const char *end, const lme_node **target,
                         lme_error *err)
{
    return lme_parse_tuple(p, LME_TUPLE_TARGET | how, end, target, err) &&
           check_target(p, *target, err);
}

static bool parse_if(lme_parser *p, const lme_token *tag, const lme_node **node, lme_error *err)
{
    static const char *const ends[] = {"elif", "else", "endif", NULL};
    enum {
        FEW = 4
    };
    lme_node *choice = lme_parser_node(p, LME_NODE_IF, tag->at);
    size_t capacity = FEW;
    lme_branch *branches = LME_ARRAY(p->arena, lme_branch, FEW);
    do {
        if (choice->choice.len == capacity) {
            branches = lme_arena_grow(p->arena, branches, capacity * sizeof *branches,
                                      2 * capacity * sizeof *branches);
            capacity *= 2;
        }
        lme_branch *branch = &branches[choice->choice.len++];
        if (!lme_parse_tuple(p, LME_TUPLE_UNCONDITIONAL, NULL, &branch->test, err) ||
            !parse_inside(p, ends, &branch->body, err))
            return false;
    } while (lme_parser_skip_name(p, "elif"));
    choice->choice.branches = branches;
    *node = choice;
    if (lme_parser_skip_name(p, "else"))
        return parse_to_end(p, "endif", &choice->choice.otherwise, err);
    lme_parser_next(p);
    return true;
}

static bool names_loop(const lme_node *target)
{
    if (target->kind == LME_NODE_NAME)
        return lme_str_is(target->name, "loop");
    for (size_t i = 0; target->kind == LME_NODE_TUPLE && i < target->items.len; i++) {
        if (names_loop(target->items.items[i]))
            return true;
    }
    return false;
}

static bool parse_for_head(lme_parser *p, lme_node *loop, lme_error *err)
{
    if (!parse_target(p, 0, "in", &loop->loop.target, err))
        return false;
    if (names_loop(loop->loop.target))
        return lme_source_fail(p->source, loop->loop.target->at, LME_ERR_TEMPLATE, err,
                               "cannot assign to 'loop' in a for: it is the loop itself");
    if (!lme_parser_expect_name(p, "in", err) ||
        !lme_parse_tuple(p, LME_TUPLE_UNCONDITIONAL, "recursive", &loop->loop.items, err))
        return false;
    if (lme_parser_skip_name(p, "if") && !lme_parse_expression(p, &loop->loop.condition, err))
        return false;
    loop->loop.recursive = lme_parser_skip_name(p, "recursive");
    return true;
}

static bool parse_for(lme_parser *p, const lme_token *tag, const lme_node **node, lme_error *err)
{
    static const char *const ends[] = {"else", "endfor", NULL};
    lme_node *loop = lme_parser_node(p, LME_NODE_FOR, tag->at);
    *node = loop;
    if (!parse_for_head(p, loop, err) || !parse_inside(p, ends, &loop->loop.body, err))
        return false;
    if (lme_parser_skip_name(p, "else"))
        return parse_to_end(p, "endfor", &loop->loop.otherwise, err);
    lme_parser_next(p);
    return true;
}

/* Filters on the text of a block: a chain that begins with that text. */
static bool parse_block_filters(lme_parser *p, const lme_node **filters, lme_error *err)
{
    *filters = lme_parser_node(p, LME_NODE_CAPTURED, p->token->at);
    while (lme_parser_skip(p, LME_TOKEN_PIPE)) {
        if (!lme_parse_filter(p, filters, err))
            return false;
    }
    return true;
}

static bool parse_set(lme_parser *p, const lme_token *tag, const lme_node **node, lme_error *err)
{
    const lme_node *target;
    if (!parse_target(p, LME_TUPLE_FIELDS, NULL, &target, err))
        return false;
    if (lme_parser_skip(p, LME_TOKEN_ASSIGN)) {
        lme_node *set = lme_parser_node(p, LME_NODE_SET, tag->at);
        set->set.target = target;
        *node = set;
        return lme_parse_tuple(p, 0, NULL, &set->set.value, err);
    }
    lme_node *block = lme_parser_node(p, LME_NODE_SET_BLOCK, tag->at);
    block->block.target = target;
    *node = block;
    return parse_block_filters(p, &block->block.filters, err) &&
           parse_to_end(p, "endset", &block->block.body, err);
}

static bool parse_filter_block(lme_parser *p, const lme_token *tag, const lme_node **node,
                               lme_error *err)
{
    lme_node *block = lme_parser_node(p, LME_NODE_FILTER_BLOCK, tag->at);
    *node = block;
    block->block.filters = lme_parser_node(p, LME_NODE_CAPTURED, tag->at);
    if (!lme_parse_filter(p, &block->block.filters, err))
        return false;
    while (lme_parser_skip(p, LME_TOKEN_PIPE)) {
        if (!lme_parse_filter(p, &block->block.filters, err))
            return false;
    }
    return parse_to_end(p, "endfilter", &block->block.body, err);
}

static bool parse_with(lme_parser *p, const lme_token *tag, const lme_node **node, lme_error *err)
{
    lme_node *with = lme_parser_node(p, LME_NODE_WITH, tag->at);
    lme_node_builder targets = {.arena = p->arena}, values = {.arena = p->arena};
    while (!lme_parser_is(p, LME_TOKEN_BLOCK_END)) {
        const lme_node *target, *value;
        if (targets.len > 0 && !lme_parser_expect(p, LME_TOKEN_COMMA, NULL, err))
            return false;
        if (!parse_target(p, 0, NULL, &target, err) ||
            !lme_parser_expect(p, LME_TOKEN_ASSIGN, NULL, err) ||
            !lme_parse_expression(p, &value, err))
            return false;
        lme_node_add(&targets, target);
        lme_node_add(&values, value);
    }
    with->with.targets = lme_node_finish(&targets);
    with->with.values = lme_node_finish(&values);
    *node = with;
    return parse_to_end(p, "endwith", &with->with.body, err);
}

static bool parse_print(lme_parser *p, const lme_token *tag, const lme_node **node, lme_error *err)
{
    lme_node *print = lme_parser_node(p, LME_NODE_PRINT, tag->at);
    lme_node_builder items = {.arena = p->arena};
    while (!lme_parser_is(p, LME_TOKEN_BLOCK_END)) {
        const lme_node *item;
        if (items.len > 0 && !lme_parser_expect(p, LME_TOKEN_COMMA, NULL, err))
            return false;
        if (!lme_parse_expression(p, &item, err))
            return false;
        lme_node_add(&items, item);
    }
    print->items = lme_node_finish(&items);
    *node = print;
    return true;
}

/* (a, b=1) */
static bool parse_signature(lme_parser *p, lme_macro_node *macro, lme_error *err)
{
    lme_parameter_node *parameters = NULL;
    size_t capacity = 0;
    macro->n_parameters = 0;
    if (!lme_parser_expect(p, LME_TOKEN_OPEN_ROUND, NULL, err))
        return false;
    while (!lme_parser_is(p, LME_TOKEN_CLOSE_ROUND)) {
        const lme_token *name;
        if (macro->n_parameters > 0 && !lme_parser_expect(p, LME_TOKEN_COMMA, NULL, err))
            return false;
        if (!lme_parser_expect(p, LME_TOKEN_NAME, &name, err))
            return false;
        if (macro->n_parameters == capacity) {
            size_t more = capacity == 0 ? 4 : capacity * 2;
            parameters = lme_arena_grow(p->arena, parameters, capacity * sizeof *parameters,
                                        more * sizeof *parameters);
            capacity = more;
        }
        bool after_default =
            macro->n_parameters > 0 && parameters[macro->n_parameters - 1].otherwise != NULL;
        lme_parameter_node *parameter = &parameters[macro->n_parameters++];
        parameter->name = name->text;
        if (lme_parser_skip(p, LME_TOKEN_ASSIGN)) {
            if (!lme_parse_expression(p, &parameter->otherwise, err))
                return false;
        } else if (after_default) {
            return lme_source_fail(p->source, name->at, LME_ERR_TEMPLATE, err,
                                   "a parameter without default stands behind one that has one");
        }
    }
    macro->parameters = parameters;
    return lme_parser_expect(p, LME_TOKEN_CLOSE_ROUND, NULL, err);
}

/* A call block gives it by that name, so it must be one that can be left out. */
static bool check_caller(const lme_parser *p, const lme_macro_node *macro, size_t at,
                         lme_error *err)
{
    for (size_t i = 0; i < macro->n_parameters; i++) {
        const lme_parameter_node *parameter = &macro->parameters[i];
        if (lme_str_is(parameter->name, "caller") && parameter->otherwise == NULL)
            return lme_source_fail(p->source, at, LME_ERR_TEMPLATE, err,
                                   "the parameter 'caller' must have a default");
    }
    return true;
}

static bool parse_macro(lme_parser *p, const lme_token *tag, const lme_node **node, lme_error *err)
{
    lme_node *made = lme_parser_node(p, LME_NODE_MACRO, tag->at);
    const lme_token *name;
    if (!lme_parser_expect(p, LME_TOKEN_NAME, &name, err))
        return false;
    made->macro.name = name->text;
    lme_macro_use use = {.outer = p->macros, .macro = &made->macro};
    p->macros = &use;
    bool fine = parse_signature(p, &made->macro, err) &&
                parse_to_end(p, "endmacro", &made->macro.body, err) &&
                (!made->macro.uses_caller || check_caller(p, &made->macro, name->at, err));
    p->macros = use.outer;
    *node = made;
    return fine;
}

static bool parse_call_block(lme_parser *p, const lme_token *tag, const lme_node **node,
                             lme_error *err)
{
    lme_node *made = lme_parser_node(p, LME_NODE_CALL_BLOCK, tag->at);
    lme_macro_node *caller = &made->call_block.caller;
    caller->name = LME_STR("caller");
    lme_macro_use use = {.outer = p->macros, .macro = caller};
    p->macros = &use;
    bool fine = (!lme_parser_is(p, LME_TOKEN_OPEN_ROUND) || parse_signature(p, caller, err)) &&
                lme_parse_expression(p, &made->call_block.call, err);
    if (fine && made->call_block.call->kind != LME_NODE_CALL)
        fine = lme_source_fail(p->source, made->call_block.call->at, LME_ERR_TEMPLATE, err,
                               "expected a call of a macro: {%% call name(...) %%}");
    fine = fine && parse_to_end(p, "endcall", &caller->body, err);
    p->macros = use.outer;
    *node = made;
    return fine;
}

typedef struct tag_row {
    const char *name;
    bool (*parse)(lme_parser *p, const lme_token *tag, const lme_node **node, lme_error *err);
    bool has_end;
} tag_row;

static const tag_row tags[] = {
    {"if", parse_if, true},           {"for", parse_for, true},
    {"set", parse_set, true},         {"filter", parse_filter_block, true},
    {"with", parse_with, true},       {"macro", parse_macro, true},
    {"call", parse_call_block, true}, {"print", parse_print, false},
};

/* Tags that jinja2 has and this does not, because there is no second template to refer to. */
static bool needs_loader(lme_str name)
{
    static const char *const names[] = {"include", "import", "from", "extends", "block"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (lme_str_is(name, names[i]))
            return true;
    }
    return false;
}

static bool unknown_tag(const lme_parser *p, lme_error *err)
{
    const lme_token *token = p->token;
    if (token->kind != LME_TOKEN_NAME)
        return lme_parser_unexpected(p, "the name of a tag", err);
    lme_str shown = lme_shown(token->text);
    if (needs_loader(token->text)) {
        lme_source_fail(p->source, token->at, LME_ERR_TEMPLATE, err,
                        "tag '%.*s' is not supported: templates of tasks stand alone",
                        LME_STR_ARG(shown));
        return lme_hint(err, "write its text here, or as a macro");
    }
    enum {
        N_TAGS = sizeof tags / sizeof tags[0]
    };
    lme_str names[N_TAGS];
    for (size_t i = 0; i < N_TAGS; i++)
        names[i] = lme_str_from(tags[i].name);
    if (p->open_tag != NULL)
        lme_source_fail(p->source, token->at, LME_ERR_TEMPLATE, err,
                        "there is no tag '%.*s' here: '%.*s' is the innermost open one",
                        LME_STR_ARG(shown), LME_STR_ARG(p->open_tag->text));
    else
        lme_source_fail(p->source, token->at, LME_ERR_TEMPLATE, err,
                        "there is no tag '%.*s' here: no tag is open", LME_STR_ARG(shown));
    lme_str nearest = lme_str_nearest(token->text, names, N_TAGS);
    if (nearest.len > 0)
        return lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
    return lme_hint(err, "tags: if, for, set, filter, with, macro, call, print, raw");
}

bool lme_parse_statement(lme_parser *p, const lme_node **node, lme_error *err)
{
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        if (!lme_parser_is_name(p, tags[i].name))
            continue;
        const lme_token *outer = p->open_tag;
        const lme_token *tag = lme_parser_next(p);
        if (tags[i].has_end)
            p->open_tag = tag;
        bool fine = tags[i].parse(p, tag, node, err);
        p->open_tag = outer;
        return fine;
    }
    return unknown_tag(p, err);
}
