/* What operators work on: literals, names, tuples, lists, dicts. */
#include "constant.h"
#include "parser.h"

static bool parse_string(lme_parser *p, const lme_node **node, lme_error *err)
{
    lme_node *constant = lme_parser_node(p, LME_NODE_CONSTANT, p->token->at);
    lme_builder joined = {.arena = p->arena};
    while (lme_parser_is(p, LME_TOKEN_STRING)) { /* neighbours join, as in Python */
        const lme_token *token = lme_parser_next(p);
        lme_str part = LME_STR("");
        lme_str inside = lme_str_slice(token->text, 1, token->text.len - 1);
        const char *why = lme_constant_text(p->arena, inside, LME_ESCAPES_JINJA, &part);
        if (why != NULL)
            return lme_source_fail(p->source, token->at, LME_ERR_TEMPLATE, err, "%s", why);
        lme_builder_add(&joined, part);
    }
    constant->constant = lme_string(lme_builder_finish(&joined));
    *node = constant;
    return true;
}

static bool parse_number(lme_parser *p, const lme_node **node, lme_error *err)
{
    const lme_token *token = lme_parser_next(p);
    lme_node *constant = lme_parser_node(p, LME_NODE_CONSTANT, token->at);
    int64_t integer;
    double number;
    if (token->kind == LME_TOKEN_INTEGER && lme_constant_integer(token->text, &integer))
        constant->constant = lme_int(integer);
    else if (token->kind == LME_TOKEN_FLOAT && lme_python_float(token->text, &number))
        constant->constant = lme_float(number);
    else
        return lme_source_fail(p->source, token->at, LME_ERR_LIMIT, err,
                               "this number does not fit into 64 bits");
    *node = constant;
    return true;
}

/* True for a name that stands for a constant. */
static bool constant_name(lme_str name, lme_value *value)
{
    if (lme_str_is(name, "true") || lme_str_is(name, "True"))
        *value = lme_bool(true);
    else if (lme_str_is(name, "false") || lme_str_is(name, "False"))
        *value = lme_bool(false);
    else if (lme_str_is(name, "none") || lme_str_is(name, "None"))
        *value = lme_null();
    else
        return false;
    return true;
}

/* A macro's body says by these names that it takes more than its parameters. */
static void note_name(lme_parser *p, lme_str name)
{
    for (lme_macro_use *use = p->macros; use != NULL; use = use->outer) {
        use->macro->uses_varargs |= lme_str_is(name, "varargs");
        use->macro->uses_kwargs |= lme_str_is(name, "kwargs");
        use->macro->uses_caller |= lme_str_is(name, "caller");
    }
}

static bool parse_name(lme_parser *p, bool fields, const lme_node **node, lme_error *err)
{
    const lme_token *token = lme_parser_next(p);
    lme_value value;
    if (constant_name(token->text, &value)) {
        lme_node *constant = lme_parser_node(p, LME_NODE_CONSTANT, token->at);
        constant->constant = value;
        *node = constant;
        return true;
    }
    if (fields && lme_parser_skip(p, LME_TOKEN_DOT)) {
        lme_node *field = lme_parser_node(p, LME_NODE_FIELD, token->at);
        const lme_token *name;
        if (!lme_parser_expect(p, LME_TOKEN_NAME, &name, err))
            return false;
        field->field.space = token->text;
        field->field.name = name->text;
        *node = field;
        return true;
    }
    lme_node *name = lme_parser_node(p, LME_NODE_NAME, token->at);
    name->name = token->text;
    note_name(p, token->text);
    *node = name;
    return true;
}

/* Values up to a closing bracket, a comma between them and maybe behind the last. */
static bool parse_items(lme_parser *p, lme_token_kind closing, lme_node *parent,
                        lme_node_builder *items, lme_error *err)
{
    while (!lme_parser_is(p, closing)) {
        const lme_node *item;
        if (!lme_parse_expression(p, &item, err) || !lme_parser_adopt(p, parent, item, err))
            return false;
        lme_node_add(items, item);
        if (!lme_parser_is(p, closing) && !lme_parser_expect(p, LME_TOKEN_COMMA, NULL, err))
            return false;
    }
    return lme_parser_expect(p, closing, NULL, err);
}

static bool parse_list(lme_parser *p, const lme_node **node, lme_error *err)
{
    lme_node *list = lme_parser_node(p, LME_NODE_LIST, lme_parser_next(p)->at);
    lme_node_builder items = {.arena = p->arena};
    if (!parse_items(p, LME_TOKEN_CLOSE_SQUARE, list, &items, err))
        return false;
    list->items = lme_node_finish(&items);
    *node = list;
    return true;
}

static bool parse_dict(lme_parser *p, const lme_node **node, lme_error *err)
{
    lme_node *dict = lme_parser_node(p, LME_NODE_DICT, lme_parser_next(p)->at);
    lme_node_builder keys = {.arena = p->arena}, values = {.arena = p->arena};
    while (!lme_parser_is(p, LME_TOKEN_CLOSE_CURLY)) {
        const lme_node *key, *value;
        if (!lme_parse_expression(p, &key, err) ||
            !lme_parser_expect(p, LME_TOKEN_COLON, NULL, err) ||
            !lme_parse_expression(p, &value, err))
            return false;
        if (!lme_parser_adopt(p, dict, key, err) || !lme_parser_adopt(p, dict, value, err))
            return false;
        lme_node_add(&keys, key);
        lme_node_add(&values, value);
        if (!lme_parser_is(p, LME_TOKEN_CLOSE_CURLY) &&
            !lme_parser_expect(p, LME_TOKEN_COMMA, NULL, err))
            return false;
    }
    dict->dict.keys = lme_node_finish(&keys);
    dict->dict.values = lme_node_finish(&values);
    *node = dict;
    return lme_parser_expect(p, LME_TOKEN_CLOSE_CURLY, NULL, err);
}

static bool is_tuple_end(const lme_parser *p, const char *end)
{
    return lme_parser_is(p, LME_TOKEN_PRINT_END) || lme_parser_is(p, LME_TOKEN_BLOCK_END) ||
           lme_parser_is(p, LME_TOKEN_CLOSE_ROUND) || (end != NULL && lme_parser_is_name(p, end));
}

static bool parse_tuple_item(lme_parser *p, unsigned how, const lme_node **node, lme_error *err)
{
    if ((how & LME_TUPLE_TARGET) != 0)
        return lme_parse_primary(p, (how & LME_TUPLE_FIELDS) != 0, node, err);
    if ((how & LME_TUPLE_UNCONDITIONAL) != 0)
        return lme_parse_unconditional(p, node, err);
    return lme_parse_expression(p, node, err);
}

bool lme_parse_tuple(lme_parser *p, unsigned how, const char *end, const lme_node **node,
                     lme_error *err)
{
    lme_node *tuple = lme_parser_node(p, LME_NODE_TUPLE, p->token->at);
    lme_node_builder items = {.arena = p->arena};
    bool comma = false;
    while (!is_tuple_end(p, end)) {
        const lme_node *item;
        if (!parse_tuple_item(p, how, &item, err) || !lme_parser_adopt(p, tuple, item, err))
            return false;
        lme_node_add(&items, item);
        if (!lme_parser_skip(p, LME_TOKEN_COMMA))
            break;
        comma = true;
    }
    if (items.len == 0 && (how & LME_TUPLE_ROUND) == 0)
        return lme_parser_unexpected(p, "an expression", err);
    tuple->items = lme_node_finish(&items);
    *node = items.len == 1 && !comma ? items.items[0] : tuple;
    return true;
}

static bool parse_round(lme_parser *p, const lme_node **node, lme_error *err)
{
    lme_parser_next(p);
    return lme_parser_enter(p, err) && lme_parse_tuple(p, LME_TUPLE_ROUND, NULL, node, err) &&
           (lme_parser_leave(p), lme_parser_expect(p, LME_TOKEN_CLOSE_ROUND, NULL, err));
}

bool lme_parse_primary(lme_parser *p, bool fields, const lme_node **node, lme_error *err)
{
    switch ((int)p->token->kind) {
    case LME_TOKEN_NAME:
        return parse_name(p, fields, node, err);
    case LME_TOKEN_STRING:
        return parse_string(p, node, err);
    case LME_TOKEN_INTEGER:
    case LME_TOKEN_FLOAT:
        return parse_number(p, node, err);
    case LME_TOKEN_OPEN_ROUND:
        return parse_round(p, node, err);
    case LME_TOKEN_OPEN_SQUARE:
        return parse_list(p, node, err);
    case LME_TOKEN_OPEN_CURLY:
        return parse_dict(p, node, err);
    default:
        return lme_parser_unexpected(p, "an expression", err);
    }
}
