/* A doc_to_* field: a template, a column's name or a constant, and the rules by which lm_eval makes
 * a value of it. Source: reference/lm_eval 3, "treatment by field". */
#ifndef LMEVAL_TASK_FIELD_H
#define LMEVAL_TASK_FIELD_H

#include "settings.h"

#include <lmeval/template.h>

typedef struct lme_field {
    const char *key; /* "doc_to_text": for messages */
    lme_place at;
    lme_value written;  /* null: the task has none */
    lme_template *made; /* of a text */
} lme_field;

/* What decides how fields are read, the same for all documents of a task. */
typedef struct lme_field_rules {
    const lme_value *columns; /* a map: the evaluated split's columns, after process_docs */
    bool has_choices;         /* the task has doc_to_choice */
} lme_field_rules;

/* The answers to choose from. */
typedef struct lme_choices {
    const lme_str *texts;
    size_t n;
} lme_choices;

/* A field of a setting's value. Errors: LME_ERR_TEMPLATE. */
bool lme_field_read(lme_arena *arena, const char *key, const char *file, const lme_value *written,
                    lme_field *field, lme_error *err) LME_MUST_CHECK;

/* True when the task gives the field: not null and not "". */
bool lme_field_given(const lme_field *field);

/* doc_to_text: a number or a column's value as it is, else text; digits are a number where the task
 * has choices. */
bool lme_field_text(lme_arena *arena, const lme_field *field, const lme_field_rules *rules,
                    const lme_value *row, lme_value *value, lme_error *err) LME_MUST_CHECK;

/* doc_to_target: as doc_to_text; lists, and texts that look like Python lists, become lists. */
bool lme_field_target(lme_arena *arena, const lme_field *field, const lme_field_rules *rules,
                      const lme_value *row, lme_value *value, lme_error *err) LME_MUST_CHECK;

/* doc_to_choice; none without the field. */
bool lme_field_choices(lme_arena *arena, const lme_field *field, const lme_field_rules *rules,
                       const lme_value *row, lme_choices *choices, lme_error *err) LME_MUST_CHECK;

/* description, gen_prefix: "" when the field is not given, a column of `columns`, else rendered. */
bool lme_field_plain(lme_arena *arena, const lme_field *field, const lme_value *columns,
                     const lme_value *row, lme_str *text, lme_error *err) LME_MUST_CHECK;

/* A value where lm_eval wants a text: numbers as Python prints them; lists and maps are an error
 * that names the field. */
bool lme_field_as_text(lme_arena *arena, const lme_field *field, const lme_value *value,
                       lme_str *text, lme_error *err) LME_MUST_CHECK;

/* A text that can only be meant as a column (one identifier) and is none.
 * Errors: LME_ERR_DATA with the columns there are and the nearest. */
bool lme_field_check_column(lme_arena *arena, const lme_field *field, const lme_value *columns,
                            lme_error *err) LME_MUST_CHECK;

#endif
