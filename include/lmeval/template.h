/* Jinja2 as lm_eval configures it: StrictUndefined, keep_trailing_newline, no autoescape, no
 * trim_blocks, plus the filter regex_replace.
 *
 *     lme_template *t;
 *     lme_template_compile(arena, source, &place, &t, err);
 *     lme_template_render(arena, t, &row, &text, err);
 */
#ifndef LMEVAL_TEMPLATE_H
#define LMEVAL_TEMPLATE_H

#include <lmeval/value.h>

typedef struct lme_template lme_template;

/*   at  where the source stands in its task file; borrowed for the template's life, may be NULL
 * Errors: LME_ERR_TEMPLATE at the file's line and column, with the template's own line and column
 * and the text there in the message. */
bool lme_template_compile(lme_arena *arena, lme_str source, const lme_place *at, lme_template **out,
                          lme_error *err) LME_MUST_CHECK;

/* Renders to text.
 *   variables  a map; its keys are the names that the template sees
 * Errors: LME_ERR_TEMPLATE (undefined name with the nearest known one, wrong operand ...),
 * LME_ERR_LIMIT (too many steps, too much output). */
bool lme_template_render(lme_arena *arena, const lme_template *t, const lme_value *variables,
                         lme_str *text, lme_error *err) LME_MUST_CHECK;

/* The value itself when the template is exactly one {{ expression }} (so lists and numbers keep
 * their type), else the rendered text as a string. */
bool lme_template_value(lme_arena *arena, const lme_template *t, const lme_value *variables,
                        lme_value *value, lme_error *err) LME_MUST_CHECK;

/* True when the source has no {{, {% or {#: it renders to itself. */
bool lme_template_is_plain(const lme_template *t);

/* Python's ast.literal_eval: numbers, texts (all quote styles, escapes), lists, tuples, dicts,
 * True, False, None. Errors: LME_ERR_TEMPLATE. */
bool lme_literal_eval(lme_arena *arena, lme_str text, lme_value *value,
                      lme_error *err) LME_MUST_CHECK;

#endif
