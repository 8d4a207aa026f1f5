/* The frame of the parser: moving over tokens, text and prints, the depth of everything. */
#include "parser.h"

#include <string.h>

#include <lmeval/limits.h>

const lme_token *lme_parser_next(lme_parser *p)
{
    const lme_token *token = p->token;
    if (token->kind != LME_TOKEN_END)
        p->token++;
    return token;
}

bool lme_parser_is(const lme_parser *p, lme_token_kind kind)
{
    return p->token->kind == kind;
}

bool lme_parser_is_name(const lme_parser *p, const char *name)
{
    return p->token->kind == LME_TOKEN_NAME && lme_str_is(p->token->text, name);
}

bool lme_parser_skip(lme_parser *p, lme_token_kind kind)
{
    bool is = lme_parser_is(p, kind);
    if (is)
        lme_parser_next(p);
    return is;
}

bool lme_parser_skip_name(lme_parser *p, const char *name)
{
    bool is = lme_parser_is_name(p, name);
    if (is)
        lme_parser_next(p);
    return is;
}

bool lme_parser_unexpected(const lme_parser *p, const char *expected, lme_error *err)
{
    const lme_token *token = p->token;
    lme_str shown = token->kind == LME_TOKEN_END || token->kind == LME_TOKEN_TEXT
                        ? lme_str_from(lme_token_name(token->kind))
                        : lme_shown(token->text);
    return lme_source_fail(p->source, token->at, LME_ERR_TEMPLATE, err, "expected %s, got %.*s",
                           expected, LME_STR_ARG(shown));
}

bool lme_parser_expect(lme_parser *p, lme_token_kind kind, const lme_token **token, lme_error *err)
{
    if (!lme_parser_is(p, kind))
        return lme_parser_unexpected(p, lme_token_name(kind), err);
    const lme_token *taken = lme_parser_next(p);
    if (token != NULL)
        *token = taken;
    return true;
}

bool lme_parser_expect_name(lme_parser *p, const char *name, lme_error *err)
{
    return lme_parser_skip_name(p, name) || lme_parser_unexpected(p, name, err);
}

bool lme_parser_enter(lme_parser *p, lme_error *err)
{
    if (p->depth == LME_LIMIT_DEPTH)
        return lme_source_fail(p->source, p->token->at, LME_ERR_LIMIT, err,
                               "this is nested deeper than %d levels", LME_LIMIT_DEPTH);
    p->depth++;
    return true;
}

void lme_parser_leave(lme_parser *p)
{
    p->depth--;
}

lme_node *lme_parser_node(lme_parser *p, lme_node_kind kind, size_t at)
{
    lme_node *node = LME_NEW(p->arena, lme_node);
    node->kind = kind;
    node->at = at;
    return node;
}

bool lme_parser_adopt(lme_parser *p, lme_node *node, const lme_node *child, lme_error *err)
{
    if (child == NULL || node->height > child->height)
        return true;
    node->height = child->height + 1;
    if (node->height <= LME_LIMIT_DEPTH)
        return true;
    return lme_source_fail(p->source, node->at, LME_ERR_LIMIT, err,
                           "this expression is a chain or nest of more than %d steps",
                           LME_LIMIT_DEPTH);
}

void lme_node_add(lme_node_builder *b, const lme_node *node)
{
    if (b->len == b->capacity) {
        size_t capacity = b->capacity == 0 ? 4 : b->capacity * 2;
        b->items = lme_arena_grow(b->arena, b->items, b->len * sizeof(lme_node *),
                                  capacity * sizeof(lme_node *));
        b->capacity = capacity;
    }
    b->items[b->len++] = node;
}

lme_node_list lme_node_finish(const lme_node_builder *b)
{
    return (lme_node_list){.items = b->items, .len = b->len};
}

static bool parse_print(lme_parser *p, const lme_node **node, lme_error *err)
{
    const lme_token *begin = lme_parser_next(p);
    const lme_node *value;
    if (!lme_parse_tuple(p, 0, NULL, &value, err) ||
        !lme_parser_expect(p, LME_TOKEN_PRINT_END, NULL, err))
        return false;
    lme_node *print = lme_parser_node(p, LME_NODE_PRINT, begin->at);
    lme_node_builder items = {.arena = p->arena};
    lme_node_add(&items, value);
    print->items = lme_node_finish(&items);
    *node = print;
    return true;
}

static const lme_node *text_node(lme_parser *p)
{
    const lme_token *token = lme_parser_next(p);
    lme_node *text = lme_parser_node(p, LME_NODE_TEXT, token->at);
    text->text = token->text;
    return text;
}

static bool is_one_of(const lme_token *token, const char *const *names)
{
    for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
        if (token->kind == LME_TOKEN_NAME && lme_str_is(token->text, names[i]))
            return true;
    }
    return false;
}

static bool ended_too_early(const lme_parser *p, const char *const *ends, lme_error *err)
{
    lme_str tag = p->open_tag->text;
    size_t last = 0;
    while (ends[last + 1] != NULL)
        last++;
    return lme_source_fail(p->source, p->open_tag->at, LME_ERR_TEMPLATE, err,
                           "this %.*s never ends: expected {%% %s %%}", LME_STR_ARG(tag),
                           ends[last]);
}

static bool parse_nodes(lme_parser *p, const char *const *ends, lme_node_builder *nodes,
                        lme_error *err)
{
    while (!lme_parser_is(p, LME_TOKEN_END)) {
        const lme_node *node = NULL;
        if (lme_parser_is(p, LME_TOKEN_TEXT)) {
            node = text_node(p);
        } else if (lme_parser_is(p, LME_TOKEN_PRINT_BEGIN)) {
            if (!parse_print(p, &node, err))
                return false;
        } else {
            lme_parser_next(p);
            if (is_one_of(p->token, ends))
                return true;
            if (!lme_parse_statement(p, &node, err) ||
                !lme_parser_expect(p, LME_TOKEN_BLOCK_END, NULL, err))
                return false;
        }
        lme_node_add(nodes, node);
    }
    return ends == NULL || ended_too_early(p, ends, err);
}

bool lme_parse_body(lme_parser *p, const char *const *ends, lme_node_list *body, lme_error *err)
{
    if (!lme_parser_enter(p, err))
        return false;
    lme_node_builder nodes = {.arena = p->arena};
    bool fine = parse_nodes(p, ends, &nodes, err);
    *body = lme_node_finish(&nodes);
    lme_parser_leave(p);
    return fine;
}

bool lme_parse(lme_arena *arena, const lme_source *source, lme_node_list *body, lme_error *err)
{
    lme_parser p = {.arena = arena, .source = source};
    return lme_lex(arena, source, &p.token, err) && lme_parse_body(&p, NULL, body, err);
}
