/* Operators by rising precedence, one function a level:
 *     a if b else c  <  or  <  and  <  not  <  == != < <= > >= in, not in (chained)
 *     <  + -  <  ~  <  * / // %  <  **  <  unary + -  <  . [] () | is
 * `**` groups from the left here, and unary minus binds tighter than it: -2 ** 2 is 4. Measured on
 * jinja2 3.1.6.
 */
#include "parser.h"

typedef bool level(lme_parser *p, const lme_node **node, lme_error *err);

typedef struct operator_row {
    lme_token_kind token;
    lme_operator operator;
} operator_row;

static const operator_row additive[] = {
    {LME_TOKEN_ADD, LME_ADD}, {LME_TOKEN_SUBTRACT, LME_SUBTRACT}, {LME_TOKEN_END, 0}};
static const operator_row multiplicative[] = {{LME_TOKEN_MULTIPLY, LME_MULTIPLY},
                                              {LME_TOKEN_DIVIDE, LME_DIVIDE},
                                              {LME_TOKEN_FLOOR, LME_FLOOR},
                                              {LME_TOKEN_MODULO, LME_MODULO},
                                              {LME_TOKEN_END, 0}};
static const operator_row power[] = {{LME_TOKEN_POWER, LME_POWER}, {LME_TOKEN_END, 0}};
static const operator_row comparing[] = {
    {LME_TOKEN_EQUAL, LME_EQUAL},
    {LME_TOKEN_NOT_EQUAL, LME_NOT_EQUAL},
    {LME_TOKEN_LESS, LME_LESS},
    {LME_TOKEN_LESS_EQUAL, LME_LESS_EQUAL},
    {LME_TOKEN_GREATER, LME_GREATER},
    {LME_TOKEN_GREATER_EQUAL, LME_GREATER_EQUAL},
    {LME_TOKEN_END, 0},
};

/* Moves over an operator of the table. */
static bool take_operator(lme_parser *p, const operator_row *table, lme_operator *operator)
{
    for (; table->token != LME_TOKEN_END; table++) {
        if (lme_parser_is(p, table->token)) {
            lme_parser_next(p);
            *operator= table->operator;
            return true;
        }
    }
    return false;
}

static bool make_binary(lme_parser *p, lme_node *node, const lme_node *left, const lme_node *right,
                        lme_error *err)
{
    node->binary.left = left;
    node->binary.right = right;
    return lme_parser_adopt(p, node, left, err) && lme_parser_adopt(p, node, right, err);
}

/* Operators of one table, grouped from the left. */
static bool parse_arithmetic(lme_parser *p, const operator_row *table, level *operand,
                             const lme_node **node, lme_error *err)
{
    if (!operand(p, node, err))
        return false;
    lme_operator operator;
    size_t at = p->token->at;
    while (take_operator(p, table, &operator)) {
        const lme_node *right;
        lme_node *made = lme_parser_node(p, LME_NODE_ARITHMETIC, at);
        made->binary.operator= operator;
        if (!operand(p, &right, err) || !make_binary(p, made, *node, right, err))
            return false;
        *node = made;
        at = p->token->at;
    }
    return true;
}

/* with_filters: -x|f is (-x)|f; behind a sign filters wait for the outer level. */
static bool parse_unary(lme_parser *p, bool with_filters, const lme_node **node, lme_error *err)
{
    if (!lme_parser_enter(p, err))
        return false;
    const lme_token *token = p->token;
    bool fine;
    if (lme_parser_skip(p, LME_TOKEN_SUBTRACT) || lme_parser_skip(p, LME_TOKEN_ADD)) {
        bool negative = token->kind == LME_TOKEN_SUBTRACT;
        lme_node *sign =
            lme_parser_node(p, negative ? LME_NODE_NEGATIVE : LME_NODE_POSITIVE, token->at);
        fine = parse_unary(p, false, &sign->operand, err) &&
               lme_parser_adopt(p, sign, sign->operand, err);
        *node = sign;
    } else {
        fine = lme_parse_primary(p, false, node, err);
    }
    fine = fine && lme_parse_postfix(p, node, err) &&
           (!with_filters || lme_parse_filters(p, node, err));
    lme_parser_leave(p);
    return fine;
}

static bool parse_signed(lme_parser *p, const lme_node **node, lme_error *err)
{
    return parse_unary(p, true, node, err);
}

static bool parse_power(lme_parser *p, const lme_node **node, lme_error *err)
{
    return parse_arithmetic(p, power, parse_signed, node, err);
}

static bool parse_multiplicative(lme_parser *p, const lme_node **node, lme_error *err)
{
    return parse_arithmetic(p, multiplicative, parse_power, node, err);
}

static bool parse_concat(lme_parser *p, const lme_node **node, lme_error *err)
{
    size_t at = p->token->at;
    if (!parse_multiplicative(p, node, err))
        return false;
    if (!lme_parser_is(p, LME_TOKEN_TILDE))
        return true;
    lme_node *concat = lme_parser_node(p, LME_NODE_CONCAT, at);
    lme_node_builder items = {.arena = p->arena};
    lme_node_add(&items, *node);
    if (!lme_parser_adopt(p, concat, *node, err))
        return false;
    while (lme_parser_skip(p, LME_TOKEN_TILDE)) {
        const lme_node *item;
        if (!parse_multiplicative(p, &item, err) || !lme_parser_adopt(p, concat, item, err))
            return false;
        lme_node_add(&items, item);
    }
    concat->items = lme_node_finish(&items);
    *node = concat;
    return true;
}

static bool parse_additive(lme_parser *p, const lme_node **node, lme_error *err)
{
    return parse_arithmetic(p, additive, parse_concat, node, err);
}

/* A comparison operator, `in` or `not in`. */
static bool take_comparison(lme_parser *p, lme_operator *operator)
{
    if (take_operator(p, comparing, operator))
        return true;
    if (lme_parser_skip_name(p, "in")) {
        *operator= LME_IN;
        return true;
    }
    if (!lme_parser_is_name(p, "not"))
        return false;
    const lme_token *second = p->token + 1; /* END is the last: there is one */
    if (second->kind != LME_TOKEN_NAME || !lme_str_is(second->text, "in"))
        return false;
    lme_parser_next(p);
    lme_parser_next(p);
    *operator= LME_NOT_IN;
    return true;
}

typedef struct comparisons {
    lme_comparison *items;
    size_t len, capacity;
} comparisons;

static void add_comparison(lme_arena *arena, comparisons *list, lme_comparison item)
{
    if (list->len == list->capacity) {
        size_t capacity = list->capacity == 0 ? 2 : list->capacity * 2;
        list->items = lme_arena_grow(arena, list->items, list->len * sizeof *list->items,
                                     capacity * sizeof *list->items);
        list->capacity = capacity;
    }
    list->items[list->len++] = item;
}

static bool parse_compare(lme_parser *p, const lme_node **node, lme_error *err)
{
    if (!parse_additive(p, node, err))
        return false;
    comparisons rest = {.len = 0};
    lme_node *compare = NULL;
    lme_comparison item = {.at = p->token->at};
    while (take_comparison(p, &item.operator)) {
        if (compare == NULL) {
            compare = lme_parser_node(p, LME_NODE_COMPARE, item.at);
            compare->compare.first = *node;
            if (!lme_parser_adopt(p, compare, *node, err))
                return false;
        }
        if (!parse_additive(p, &item.right, err) || !lme_parser_adopt(p, compare, item.right, err))
            return false;
        add_comparison(p->arena, &rest, item);
        item.at = p->token->at;
    }
    if (compare != NULL) {
        compare->compare.rest = rest.items;
        compare->compare.len = rest.len;
        *node = compare;
    }
    return true;
}

static bool parse_not(lme_parser *p, const lme_node **node, lme_error *err)
{
    const lme_token *token = p->token;
    if (!lme_parser_skip_name(p, "not"))
        return parse_compare(p, node, err);
    if (!lme_parser_enter(p, err))
        return false;
    lme_node *made = lme_parser_node(p, LME_NODE_NOT, token->at);
    bool fine = parse_not(p, &made->operand, err) && lme_parser_adopt(p, made, made->operand, err);
    *node = made;
    lme_parser_leave(p);
    return fine;
}

/* `and` and `or`, grouped from the left. */
static bool parse_logical(lme_parser *p, lme_node_kind kind, level *operand, const lme_node **node,
                          lme_error *err)
{
    if (!operand(p, node, err))
        return false;
    const char *name = kind == LME_NODE_AND ? "and" : "or";
    size_t at = p->token->at;
    while (lme_parser_skip_name(p, name)) {
        const lme_node *right;
        lme_node *made = lme_parser_node(p, kind, at);
        if (!operand(p, &right, err) || !make_binary(p, made, *node, right, err))
            return false;
        *node = made;
        at = p->token->at;
    }
    return true;
}

static bool parse_and(lme_parser *p, const lme_node **node, lme_error *err)
{
    return parse_logical(p, LME_NODE_AND, parse_not, node, err);
}

bool lme_parse_unconditional(lme_parser *p, const lme_node **node, lme_error *err)
{
    return parse_logical(p, LME_NODE_OR, parse_and, node, err);
}

static bool adopt_condition(lme_parser *p, lme_node *made, lme_error *err)
{
    return lme_parser_adopt(p, made, made->condition.yes, err) &&
           lme_parser_adopt(p, made, made->condition.test, err) &&
           lme_parser_adopt(p, made, made->condition.no, err);
}

static bool parse_conditions(lme_parser *p, const lme_node **node, lme_error *err)
{
    if (!lme_parse_unconditional(p, node, err))
        return false;
    size_t at = p->token->at;
    while (lme_parser_skip_name(p, "if")) {
        lme_node *made = lme_parser_node(p, LME_NODE_CONDITION, at);
        made->condition.yes = *node;
        if (!lme_parse_unconditional(p, &made->condition.test, err))
            return false;
        if (lme_parser_skip_name(p, "else") && !lme_parse_expression(p, &made->condition.no, err))
            return false;
        if (!adopt_condition(p, made, err))
            return false;
        *node = made;
        at = p->token->at;
    }
    return true;
}

bool lme_parse_expression(lme_parser *p, const lme_node **node, lme_error *err)
{
    if (!lme_parser_enter(p, err))
        return false;
    bool fine = parse_conditions(p, node, err);
    lme_parser_leave(p);
    return fine;
}
