/* Filters, tests, functions and methods are rows: name, parameters, function. Binding arguments to
 * parameters, and what is wrong with them, is the same for all (callable.c).
 *
 * To add one: a row in a file of filters/, tests/, functions/ or methods/, and its line in the
 * list.h there.
 */
#ifndef LMEVAL_TEMPLATE_CALLABLE_H
#define LMEVAL_TEMPLATE_CALLABLE_H

#include <lmeval/value.h>

typedef struct lme_rendering lme_rendering;
typedef struct lme_callable lme_callable;

enum {
    LME_MOST_PARAMETERS = 5
};

/* One use of a row. */
typedef struct lme_invocation {
    lme_rendering *rendering;
    lme_arena *arena; /* the rendering's */
    const lme_callable *row;
    size_t at;         /* in the source */
    lme_value subject; /* in front of the | , `is` or dot; null for functions */
    const lme_value *given[LME_MOST_PARAMETERS]; /* by parameter; NULL: left out */
    const lme_value *rest;                       /* of open rows: further positional ones */
    size_t n_rest;
    const lme_pair *keywords; /* of open rows: named ones that are no parameter */
    size_t n_keywords;
} lme_invocation;

typedef bool lme_callable_function(const lme_invocation *use, lme_value *result, lme_error *err);

enum {
    LME_TAKES_UNDEFINED = 1, /* subject and arguments may be undefined; else that is an error */
    LME_TAKES_REST = 2,      /* open: any further arguments */
    LME_TAKES_KEYWORDS = 4,
};

struct lme_callable {
    const char *name;
    const char *summary;                         /* one line for docs/templates.md and listings */
    const char *parameters[LME_MOST_PARAMETERS]; /* NULL after the last */
    size_t n_required;
    unsigned takes;
    unsigned kinds; /* methods: whose, bits 1 << lme_kind */
    lme_callable_function *call;
};

typedef struct lme_callable_list {
    const lme_callable *const *rows;
    size_t len;
} lme_callable_list;

lme_callable_list lme_template_filters(void);
lme_callable_list lme_template_tests(void);
lme_callable_list lme_template_functions(void);
lme_callable_list lme_template_methods(void);

/* NULL when there is none. */
const lme_callable *lme_callable_find(lme_callable_list list, lme_str name);
const lme_callable *lme_method_find(lme_kind kind, lme_str name);

/* The known name that was probably meant; "" when none is near. */
lme_str lme_callable_nearest(lme_arena *arena, lme_callable_list list, lme_str name);
lme_str lme_method_nearest(lme_arena *arena, lme_kind kind, lme_str name);

#endif
