/* A tree to values and text: eval_expression.c has the expressions, eval_call.c calls and filters,
 * eval_statement.c the tags, eval_loop.c the loops, eval_macro.c macros. */
#ifndef LMEVAL_TEMPLATE_EVAL_H
#define LMEVAL_TEMPLATE_EVAL_H

#include "arguments.h"
#include "ast.h"
#include "rendering.h"

bool lme_evaluate(lme_rendering *r, const lme_node *node, lme_value *value,
                  lme_error *err) LME_MUST_CHECK;
bool lme_evaluate_call(lme_rendering *r, const lme_node *node, const lme_value *caller,
                       lme_value *value, lme_error *err) LME_MUST_CHECK;
bool lme_evaluate_use(lme_rendering *r, const lme_node *node, lme_value *value,
                      lme_error *err) LME_MUST_CHECK;

/* Calls a method, function, macro or recursive loop. */
bool lme_call_value(lme_rendering *r, size_t at, const lme_value *callee,
                    const lme_arguments *arguments, lme_value *result,
                    lme_error *err) LME_MUST_CHECK;
bool lme_call_macro(lme_rendering *r, size_t at, const lme_macro *macro,
                    const lme_arguments *arguments, lme_value *result,
                    lme_error *err) LME_MUST_CHECK;
bool lme_call_loop(lme_rendering *r, size_t at, const lme_loop *loop,
                   const lme_arguments *arguments, lme_value *result,
                   lme_error *err) LME_MUST_CHECK;

bool lme_execute(lme_rendering *r, lme_node_list body, lme_error *err) LME_MUST_CHECK;
bool lme_execute_for(lme_rendering *r, const lme_node *node, lme_error *err) LME_MUST_CHECK;

/* Runs a body in a scope of its own, its output going to `text`. */
bool lme_capture(lme_rendering *r, lme_node_list body, lme_scope *scope, lme_str *text,
                 lme_error *err) LME_MUST_CHECK;

/* Gives a name, several names or a namespace's field a value. */
bool lme_assign(lme_rendering *r, const lme_node *target, const lme_value *value,
                lme_error *err) LME_MUST_CHECK;

#endif
