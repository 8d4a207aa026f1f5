/* Tokens to a tree. parser.c walks text and markers, parser_statement.c the tags,
 * parser_expression.c the operators, parser_primary.c what operators work on, constant.c the
 * literals. Precedence and quirks are those of jinja2 3.1.6.
 */
#ifndef LMEVAL_TEMPLATE_PARSER_H
#define LMEVAL_TEMPLATE_PARSER_H

#include "ast.h"
#include "token.h"

/* The macro whose body is being parsed. */
typedef struct lme_macro_use {
    struct lme_macro_use *outer;
    lme_macro_node *macro;
} lme_macro_use;

typedef struct lme_parser {
    lme_arena *arena;
    const lme_source *source;
    const lme_token *token; /* the current one */
    size_t depth;
    lme_macro_use *macros;
    const lme_token *open_tag; /* the innermost one that wants an end; NULL: none */
} lme_parser;

/* The whole template. */
bool lme_parse(lme_arena *arena, const lme_source *source, lme_node_list *body,
               lme_error *err) LME_MUST_CHECK;

/* Moves on, returns the token that was current. */
const lme_token *lme_parser_next(lme_parser *p);
bool lme_parser_is(const lme_parser *p, lme_token_kind kind);
bool lme_parser_is_name(const lme_parser *p, const char *name);
bool lme_parser_skip(lme_parser *p, lme_token_kind kind);
bool lme_parser_skip_name(lme_parser *p, const char *name);

/* The current token must be this: *token (may be NULL) is it, and the parser moves on. */
bool lme_parser_expect(lme_parser *p, lme_token_kind kind, const lme_token **token,
                       lme_error *err) LME_MUST_CHECK;
bool lme_parser_expect_name(lme_parser *p, const char *name, lme_error *err) LME_MUST_CHECK;

/* "got X" with what stands at the current token. Returns false. */
bool lme_parser_unexpected(const lme_parser *p, const char *expected, lme_error *err);

bool lme_parser_enter(lme_parser *p, lme_error *err) LME_MUST_CHECK;
void lme_parser_leave(lme_parser *p);

lme_node *lme_parser_node(lme_parser *p, lme_node_kind kind, size_t at);
/* Counts a child (may be NULL) into its parent's height. */
bool lme_parser_adopt(lme_parser *p, lme_node *node, const lme_node *child,
                      lme_error *err) LME_MUST_CHECK;

typedef struct lme_node_builder {
    lme_arena *arena;
    const lme_node **items;
    size_t len, capacity;
} lme_node_builder;

void lme_node_add(lme_node_builder *b, const lme_node *node);
lme_node_list lme_node_finish(const lme_node_builder *b);

/* Nodes up to a tag named in `ends` (NULL-terminated); that name is then the current token. */
bool lme_parse_body(lme_parser *p, const char *const *ends, lme_node_list *body,
                    lme_error *err) LME_MUST_CHECK;

/* The tag whose name is the current token. */
bool lme_parse_statement(lme_parser *p, const lme_node **node, lme_error *err) LME_MUST_CHECK;

bool lme_parse_expression(lme_parser *p, const lme_node **node, lme_error *err) LME_MUST_CHECK;
/* One without an inline `if` at its top. */
bool lme_parse_unconditional(lme_parser *p, const lme_node **node, lme_error *err) LME_MUST_CHECK;

enum {
    LME_TUPLE_UNCONDITIONAL = 1, /* no inline `if` */
    LME_TUPLE_TARGET = 2,        /* names and literals only, for the left side of set and for */
    LME_TUPLE_FIELDS = 4,        /* with TARGET: namespace.name too */
    LME_TUPLE_ROUND = 8,         /* inside (): () is a value */
};
/* `a` or `a, b, ...`.
 *   end  a name that also ends it, may be NULL */
bool lme_parse_tuple(lme_parser *p, unsigned how, const char *end, const lme_node **node,
                     lme_error *err) LME_MUST_CHECK;

bool lme_parse_primary(lme_parser *p, bool fields, const lme_node **node,
                       lme_error *err) LME_MUST_CHECK;
/* .b [c] (d) behind *node, which is replaced by the whole. */
bool lme_parse_postfix(lme_parser *p, const lme_node **node, lme_error *err) LME_MUST_CHECK;
/* | filters and `is` tests behind *node. */
bool lme_parse_filters(lme_parser *p, const lme_node **node, lme_error *err) LME_MUST_CHECK;
/* One filter whose name is the current token. */
bool lme_parse_filter(lme_parser *p, const lme_node **node, lme_error *err) LME_MUST_CHECK;

#endif
