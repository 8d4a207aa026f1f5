/* The tree that the parser makes and the evaluator walks. Nodes are never changed after parsing,
 * so one template may be rendered by several threads at once. */
#ifndef LMEVAL_TEMPLATE_AST_H
#define LMEVAL_TEMPLATE_AST_H

#include "callable.h"

#include <lmeval/value.h>

typedef enum lme_node_kind {
    /* expressions */
    LME_NODE_CONSTANT,
    LME_NODE_NAME,
    LME_NODE_LIST,
    LME_NODE_TUPLE,
    LME_NODE_DICT,
    LME_NODE_CONCAT,   /* a ~ b ~ c */
    LME_NODE_NEGATIVE, /* -a */
    LME_NODE_POSITIVE, /* +a */
    LME_NODE_NOT,
    LME_NODE_ARITHMETIC,
    LME_NODE_AND,
    LME_NODE_OR,
    LME_NODE_COMPARE,   /* a < b == c */
    LME_NODE_CONDITION, /* a if b else c */
    LME_NODE_ATTRIBUTE, /* a.b */
    LME_NODE_ITEM,      /* a[b] */
    LME_NODE_SLICE,     /* a[b:c:d] */
    LME_NODE_CALL,
    LME_NODE_FILTER,
    LME_NODE_TEST,
    LME_NODE_CAPTURED, /* the text of a filter block or of a block set */
    LME_NODE_FIELD,    /* namespace.name as a target of set */
    /* statements */
    LME_NODE_TEXT,
    LME_NODE_PRINT,
    LME_NODE_IF,
    LME_NODE_FOR,
    LME_NODE_SET,
    LME_NODE_SET_BLOCK,
    LME_NODE_FILTER_BLOCK,
    LME_NODE_WITH,
    LME_NODE_MACRO,
    LME_NODE_CALL_BLOCK,
} lme_node_kind;

/* Of ARITHMETIC and COMPARE. */
typedef enum lme_operator {
    LME_ADD,
    LME_SUBTRACT,
    LME_MULTIPLY,
    LME_DIVIDE,
    LME_FLOOR,
    LME_MODULO,
    LME_POWER,
    LME_EQUAL,
    LME_NOT_EQUAL,
    LME_LESS,
    LME_LESS_EQUAL,
    LME_GREATER,
    LME_GREATER_EQUAL,
    LME_IN,
    LME_NOT_IN,
} lme_operator;

typedef struct lme_node lme_node;

typedef struct lme_node_list {
    const lme_node *const *items;
    size_t len;
} lme_node_list;

typedef struct lme_comparison {
    lme_operator operator;
    size_t at; /* of the operator */
    const lme_node *right;
} lme_comparison;

typedef struct lme_keyword_node {
    lme_str name;
    const lme_node *value;
} lme_keyword_node;

/* (a, b, *rest, c=d, **more) */
typedef struct lme_argument_nodes {
    lme_node_list positional;
    const lme_keyword_node *keywords;
    size_t n_keywords;
    const lme_node *spread;          /* NULL: none */
    const lme_node *spread_keywords; /* NULL: none */
} lme_argument_nodes;

typedef struct lme_branch {
    const lme_node *test;
    lme_node_list body;
} lme_branch;

typedef struct lme_parameter_node {
    lme_str name;
    const lme_node *otherwise; /* NULL: no default */
} lme_parameter_node;

/* A macro, or the body of a call block. The flags say which of Jinja's extra names the body uses,
 * because only then a call may give more than the parameters. */
typedef struct lme_macro_node {
    lme_str name;
    const lme_parameter_node *parameters;
    size_t n_parameters;
    lme_node_list body;
    bool uses_varargs, uses_kwargs, uses_caller;
} lme_macro_node;

struct lme_node {
    lme_node_kind kind;
    uint32_t height; /* of the expression below; at most LME_LIMIT_DEPTH */
    size_t at;       /* byte offset in the source */
    union {
        lme_value constant;
        lme_str name;            /* NAME */
        lme_str text;            /* TEXT */
        lme_node_list items;     /* LIST, TUPLE, CONCAT, PRINT (several only in {% print a, b %}) */
        const lme_node *operand; /* NEGATIVE, POSITIVE, NOT */
        struct {
            lme_node_list keys, values;
        } dict;
        struct {
            lme_operator operator; /* ARITHMETIC only */
            const lme_node *left, *right;
        } binary; /* ARITHMETIC, AND, OR */
        struct {
            const lme_node *first;
            const lme_comparison *rest;
            size_t len;
        } compare;
        struct {
            const lme_node *test, *yes, *no; /* no may be NULL */
        } condition;
        struct {
            const lme_node *object;
            lme_str name;
        } attribute;
        struct {
            const lme_node *object, *index;
        } item;
        struct {
            const lme_node *object, *start, *stop, *step; /* NULL: left out */
        } slice;
        struct {
            const lme_node *callee;
            lme_argument_nodes arguments;
        } call;
        struct {
            const lme_node *subject;
            const lme_callable *row;
            lme_argument_nodes arguments;
        } use; /* FILTER, TEST */
        struct {
            lme_str space, name;
        } field;
        struct {
            const lme_branch *branches; /* if and elifs */
            size_t len;
            lme_node_list otherwise;
        } choice; /* IF */
        struct {
            const lme_node *target, *items, *condition; /* condition may be NULL */
            lme_node_list body, otherwise;
            bool recursive;
        } loop;
        struct {
            const lme_node *target, *value;
        } set;
        struct {
            const lme_node *target;  /* SET_BLOCK */
            const lme_node *filters; /* a chain that begins with CAPTURED */
            lme_node_list body;
        } block; /* SET_BLOCK, FILTER_BLOCK */
        struct {
            lme_node_list targets, values, body;
        } with;
        lme_macro_node macro;
        struct {
            const lme_node *call;
            lme_macro_node caller;
        } call_block;
    };
};

#endif
