/* What stands behind a value: .attribute [item] [slice] (arguments) | filter, is test. Names of
 * filters and tests are looked up here, so that a wrong one is an error before anything is
 * rendered.
 */
#include "constant.h"
#include "parser.h"

static bool parse_dot(lme_parser *p, const lme_node **node, lme_error *err)
{
    size_t at = lme_parser_next(p)->at;
    const lme_token *name = p->token;
    if (lme_parser_skip(p, LME_TOKEN_NAME)) {
        lme_node *attribute = lme_parser_node(p, LME_NODE_ATTRIBUTE, at);
        attribute->attribute.object = *node;
        attribute->attribute.name = name->text;
        bool fine = lme_parser_adopt(p, attribute, *node, err);
        *node = attribute;
        return fine;
    }
    int64_t index = 0;
    if (!lme_parser_skip(p, LME_TOKEN_INTEGER) || !lme_constant_integer(name->text, &index))
        return lme_parser_unexpected(p, "a name or a number", err);
    lme_node *constant = lme_parser_node(p, LME_NODE_CONSTANT, name->at);
    constant->constant = lme_int(index);
    lme_node *item = lme_parser_node(p, LME_NODE_ITEM, at);
    item->item.object = *node;
    item->item.index = constant;
    bool fine = lme_parser_adopt(p, item, *node, err);
    *node = item;
    return fine;
}

/* One bound of a slice, when there is one. */
static bool parse_bound(lme_parser *p, const lme_node **bound, lme_error *err)
{
    *bound = NULL;
    if (lme_parser_is(p, LME_TOKEN_COLON) || lme_parser_is(p, LME_TOKEN_COMMA) ||
        lme_parser_is(p, LME_TOKEN_CLOSE_SQUARE))
        return true;
    return lme_parse_expression(p, bound, err);
}

/* Behind the first colon. */
static bool parse_slice(lme_parser *p, lme_node *slice, lme_error *err)
{
    if (!parse_bound(p, &slice->slice.stop, err))
        return false;
    if (lme_parser_skip(p, LME_TOKEN_COLON) && !parse_bound(p, &slice->slice.step, err))
        return false;
    if (lme_parser_is(p, LME_TOKEN_COMMA))
        return lme_source_fail(p->source, p->token->at, LME_ERR_TEMPLATE, err,
                               "a slice of several dimensions has no meaning here: expected ]");
    return lme_parser_adopt(p, slice, slice->slice.object, err) &&
           lme_parser_adopt(p, slice, slice->slice.start, err) &&
           lme_parser_adopt(p, slice, slice->slice.stop, err) &&
           lme_parser_adopt(p, slice, slice->slice.step, err);
}

/* a[1, 2] looks up a tuple. */
static bool parse_index(lme_parser *p, const lme_node *first, const lme_node **index,
                        lme_error *err)
{
    *index = first;
    if (!lme_parser_is(p, LME_TOKEN_COMMA))
        return true;
    lme_node *tuple = lme_parser_node(p, LME_NODE_TUPLE, first->at);
    lme_node_builder items = {.arena = p->arena};
    const lme_node *item = first;
    for (;;) {
        if (!lme_parser_adopt(p, tuple, item, err))
            return false;
        lme_node_add(&items, item);
        if (!lme_parser_skip(p, LME_TOKEN_COMMA) || lme_parser_is(p, LME_TOKEN_CLOSE_SQUARE))
            break;
        if (!lme_parse_expression(p, &item, err))
            return false;
    }
    tuple->items = lme_node_finish(&items);
    *index = tuple;
    return true;
}

static bool parse_square(lme_parser *p, const lme_node **node, lme_error *err)
{
    size_t at = lme_parser_next(p)->at;
    const lme_node *start = NULL;
    if (lme_parser_is(p, LME_TOKEN_CLOSE_SQUARE))
        return lme_parser_unexpected(p, "an index", err);
    if (!parse_bound(p, &start, err))
        return false;
    if (lme_parser_skip(p, LME_TOKEN_COLON)) {
        lme_node *slice = lme_parser_node(p, LME_NODE_SLICE, at);
        slice->slice.object = *node;
        slice->slice.start = start;
        *node = slice;
        return parse_slice(p, slice, err) &&
               lme_parser_expect(p, LME_TOKEN_CLOSE_SQUARE, NULL, err);
    }
    if (start == NULL)
        return lme_parser_unexpected(p, "an index", err);
    lme_node *item = lme_parser_node(p, LME_NODE_ITEM, at);
    item->item.object = *node;
    bool fine = parse_index(p, start, &item->item.index, err) &&
                lme_parser_adopt(p, item, *node, err) &&
                lme_parser_adopt(p, item, item->item.index, err) &&
                lme_parser_expect(p, LME_TOKEN_CLOSE_SQUARE, NULL, err);
    *node = item;
    return fine;
}

typedef struct argument_parsing {
    lme_argument_nodes *arguments;
    lme_node_builder positional;
    lme_keyword_node *keywords;
    size_t n_keywords, capacity;
} argument_parsing;

static void add_keyword(lme_arena *arena, argument_parsing *parsing, lme_keyword_node keyword)
{
    if (parsing->n_keywords == parsing->capacity) {
        size_t capacity = parsing->capacity == 0 ? 2 : parsing->capacity * 2;
        parsing->keywords = lme_arena_grow(arena, parsing->keywords,
                                           parsing->n_keywords * sizeof *parsing->keywords,
                                           capacity * sizeof *parsing->keywords);
        parsing->capacity = capacity;
    }
    parsing->keywords[parsing->n_keywords++] = keyword;
}

static bool wrong_order(const lme_parser *p, const lme_token *token, lme_error *err)
{
    return lme_source_fail(p->source, token->at, LME_ERR_TEMPLATE, err,
                           "arguments are in the wrong order: expected values, then *list, then "
                           "name=value, then **map");
}

/* One argument; *node is its value. */
static bool parse_argument(lme_parser *p, argument_parsing *parsing, const lme_node **node,
                           lme_error *err)
{
    lme_argument_nodes *arguments = parsing->arguments;
    const lme_token *token = p->token;
    bool mapped = arguments->spread_keywords != NULL;
    if (lme_parser_skip(p, LME_TOKEN_MULTIPLY)) {
        if (arguments->spread != NULL || mapped)
            return wrong_order(p, token, err);
        bool fine = lme_parse_expression(p, node, err);
        arguments->spread = *node;
        return fine;
    }
    if (lme_parser_skip(p, LME_TOKEN_POWER)) {
        if (mapped)
            return wrong_order(p, token, err);
        bool fine = lme_parse_expression(p, node, err);
        arguments->spread_keywords = *node;
        return fine;
    }
    if (token->kind == LME_TOKEN_NAME && token[1].kind == LME_TOKEN_ASSIGN) {
        lme_parser_next(p);
        lme_parser_next(p);
        if (mapped)
            return wrong_order(p, token, err);
        if (!lme_parse_expression(p, node, err))
            return false;
        add_keyword(p->arena, parsing, (lme_keyword_node){token->text, *node});
        return true;
    }
    if (arguments->spread != NULL || mapped || parsing->n_keywords > 0)
        return wrong_order(p, token, err);
    if (!lme_parse_expression(p, node, err))
        return false;
    lme_node_add(&parsing->positional, *node);
    return true;
}

/* (a, b, c=d) */
static bool parse_arguments(lme_parser *p, lme_node *parent, lme_argument_nodes *arguments,
                            lme_error *err)
{
    lme_parser_next(p);
    argument_parsing parsing = {.arguments = arguments, .positional = {.arena = p->arena}};
    while (!lme_parser_is(p, LME_TOKEN_CLOSE_ROUND)) {
        const lme_node *argument = NULL;
        if (!parse_argument(p, &parsing, &argument, err) ||
            !lme_parser_adopt(p, parent, argument, err))
            return false;
        if (!lme_parser_is(p, LME_TOKEN_CLOSE_ROUND) &&
            !lme_parser_expect(p, LME_TOKEN_COMMA, NULL, err))
            return false;
    }
    arguments->positional = lme_node_finish(&parsing.positional);
    arguments->keywords = parsing.keywords;
    arguments->n_keywords = parsing.n_keywords;
    return lme_parser_expect(p, LME_TOKEN_CLOSE_ROUND, NULL, err);
}

static bool parse_call(lme_parser *p, const lme_node **node, lme_error *err)
{
    lme_node *call = lme_parser_node(p, LME_NODE_CALL, (*node)->at);
    call->call.callee = *node;
    bool fine = lme_parser_adopt(p, call, *node, err) &&
                parse_arguments(p, call, &call->call.arguments, err);
    *node = call;
    return fine;
}

bool lme_parse_postfix(lme_parser *p, const lme_node **node, lme_error *err)
{
    for (;;) {
        bool fine;
        if (lme_parser_is(p, LME_TOKEN_DOT))
            fine = parse_dot(p, node, err);
        else if (lme_parser_is(p, LME_TOKEN_OPEN_SQUARE))
            fine = parse_square(p, node, err);
        else if (lme_parser_is(p, LME_TOKEN_OPEN_ROUND))
            fine = parse_call(p, node, err);
        else
            return true;
        if (!fine)
            return false;
    }
}

static bool unknown(lme_parser *p, const lme_token *name, const char *what, lme_callable_list list,
                    lme_error *err)
{
    lme_str shown = lme_shown(name->text);
    lme_source_fail(p->source, name->at, LME_ERR_TEMPLATE, err, "there is no %s '%.*s'", what,
                    LME_STR_ARG(shown));
    lme_str nearest = lme_callable_nearest(p->arena, list, name->text);
    if (nearest.len > 0)
        return lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
    return lme_hint(err, "docs/templates.md lists every %s", what);
}

bool lme_parse_filter(lme_parser *p, const lme_node **node, lme_error *err)
{
    const lme_token *name;
    if (!lme_parser_expect(p, LME_TOKEN_NAME, &name, err))
        return false;
    lme_node *filter = lme_parser_node(p, LME_NODE_FILTER, name->at);
    filter->use.subject = *node;
    filter->use.row = lme_callable_find(lme_template_filters(), name->text);
    if (filter->use.row == NULL)
        return unknown(p, name, "filter", lme_template_filters(), err);
    if (lme_parser_is(p, LME_TOKEN_DOT)) {
        lme_parser_unexpected(p, "the end of the filter's name", err);
        return lme_hint(err,
                        "an attribute of what a filter gives needs round brackets: "
                        "(value | %.*s).attribute",
                        LME_STR_ARG(name->text));
    }
    bool fine = lme_parser_adopt(p, filter, *node, err) &&
                (!lme_parser_is(p, LME_TOKEN_OPEN_ROUND) ||
                 parse_arguments(p, filter, &filter->use.arguments, err));
    *node = filter;
    return fine;
}

/* `is divisibleby 3`: one argument may stand without brackets. */
static bool takes_bare_argument(const lme_parser *p)
{
    switch ((int)p->token->kind) {
    case LME_TOKEN_NAME:
        return !lme_parser_is_name(p, "else") && !lme_parser_is_name(p, "or") &&
               !lme_parser_is_name(p, "and");
    case LME_TOKEN_STRING:
    case LME_TOKEN_INTEGER:
    case LME_TOKEN_FLOAT:
    case LME_TOKEN_OPEN_SQUARE:
    case LME_TOKEN_OPEN_CURLY:
        return true;
    default:
        return false;
    }
}

static bool parse_bare_argument(lme_parser *p, lme_node *test, lme_error *err)
{
    if (lme_parser_is_name(p, "is"))
        return lme_source_fail(p->source, p->token->at, LME_ERR_TEMPLATE, err,
                               "tests cannot be chained with `is`: join them with `and`");
    const lme_node *argument;
    if (!lme_parse_primary(p, false, &argument, err) || !lme_parse_postfix(p, &argument, err) ||
        !lme_parser_adopt(p, test, argument, err))
        return false;
    lme_node_builder items = {.arena = p->arena};
    lme_node_add(&items, argument);
    test->use.arguments.positional = lme_node_finish(&items);
    return true;
}

static bool parse_test(lme_parser *p, const lme_node **node, lme_error *err)
{
    size_t at = lme_parser_next(p)->at;
    bool negated = lme_parser_skip_name(p, "not");
    const lme_token *name;
    if (!lme_parser_expect(p, LME_TOKEN_NAME, &name, err))
        return false;
    lme_node *test = lme_parser_node(p, LME_NODE_TEST, name->at);
    test->use.subject = *node;
    test->use.row = lme_callable_find(lme_template_tests(), name->text);
    if (test->use.row == NULL)
        return unknown(p, name, "test", lme_template_tests(), err);
    bool fine = lme_parser_adopt(p, test, *node, err);
    if (fine && lme_parser_is(p, LME_TOKEN_OPEN_ROUND))
        fine = parse_arguments(p, test, &test->use.arguments, err);
    else if (fine && takes_bare_argument(p))
        fine = parse_bare_argument(p, test, err);
    *node = test;
    if (!fine || !negated)
        return fine;
    lme_node *not_node = lme_parser_node(p, LME_NODE_NOT, at);
    not_node->operand = test;
    *node = not_node;
    return lme_parser_adopt(p, not_node, test, err);
}

bool lme_parse_filters(lme_parser *p, const lme_node **node, lme_error *err)
{
    for (;;) {
        bool fine;
        if (lme_parser_skip(p, LME_TOKEN_PIPE))
            fine = lme_parse_filter(p, node, err);
        else if (lme_parser_is_name(p, "is"))
            fine = parse_test(p, node, err);
        else if (lme_parser_is(p, LME_TOKEN_OPEN_ROUND))
            fine = parse_call(p, node, err);
        else
            return true;
        if (!fine)
            return false;
    }
}
