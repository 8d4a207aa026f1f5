#include "field.h"

#include "columns.h"

#include <lmeval/unicode.h>

bool lme_field_read(lme_arena *arena, const char *key, const char *file, const lme_value *written,
                    lme_field *field, lme_error *err)
{
    *field = (lme_field){.key = key};
    if (written == NULL || written->kind == LME_NULL)
        return true;
    field->at = lme_place_of(file, written);
    field->written = *written;
    if (written->kind != LME_STRING)
        return true;
    return lme_template_compile(arena, written->string, &field->at, &field->made, err) ||
           lme_while(err, "reading %s", key);
}

bool lme_field_given(const lme_field *field)
{
    return field->written.kind != LME_NULL &&
           !(field->written.kind == LME_STRING && field->written.string.len == 0);
}

static bool missing_column(lme_arena *arena, const lme_field *field, lme_str name,
                           const lme_value *row, lme_error *err)
{
    lme_str columns = lme_columns_text(arena, row);
    lme_str nearest = lme_columns_nearest(arena, row, name);
    lme_fail(err, LME_ERR_DATA, &field->at,
             "%s names the column \"%.*s\", which the rows have not; "
             "they have %.*s",
             field->key, LME_STR_ARG(name), LME_STR_ARG(columns));
    if (nearest.len > 0)
        return lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
    return lme_hint(err, "a text that is no column is written as {{ \"%.*s\" }}",
                    LME_STR_ARG(name));
}

static bool is_identifier(lme_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool letter = c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (i == 0 || c < '0' || c > '9'))
            return false;
    }
    return s.len > 0;
}

bool lme_field_check_column(lme_arena *arena, const lme_field *field, const lme_value *columns,
                            lme_error *err)
{
    const lme_value *written = &field->written;
    if (written->kind != LME_STRING || !is_identifier(written->string) ||
        lme_value_get(columns, written->string) != NULL)
        return true;
    return missing_column(arena, field, written->string, columns, err);
}

/* The value of the column that a text field names; NULL when it names none. */
static bool column_value(lme_arena *arena, const lme_field *field, const lme_value *columns,
                         const lme_value *row, const lme_value **value, lme_error *err)
{
    lme_str name = field->written.string;
    *value = NULL;
    if (lme_value_get(columns, name) == NULL)
        return true;
    *value = lme_value_get(row, name);
    return *value != NULL || missing_column(arena, field, name, row, err);
}

static bool render(lme_arena *arena, const lme_field *field, const lme_value *row, lme_str *text,
                   lme_error *err)
{
    return lme_template_render(arena, field->made, row, text, err) ||
           lme_while(err, "rendering %s", field->key);
}

/* What a field gave, before lists are looked for. */
typedef struct given {
    lme_value value;
    bool is_rendered; /* a template's text, and no number */
} given;

/* The common part of doc_to_text and doc_to_target. */
static bool read_given(lme_arena *arena, const lme_field *field, const lme_field_rules *rules,
                       const lme_value *row, given *g, lme_error *err)
{
    const lme_value *column;
    lme_str text;
    *g = (given){.value = field->written};
    if (field->written.kind != LME_STRING)
        return true;
    if (!column_value(arena, field, rules->columns, row, &column, err))
        return false;
    if (column != NULL) {
        g->value = *column;
        return true;
    }
    if (!render(arena, field, row, &text, err))
        return false;
    if (rules->has_choices && lme_str_is_digit(text))
        return lme_literal_eval(arena, text, &g->value, err) ||
               lme_while(err, "reading the number that %s gave", field->key);
    *g = (given){.value = lme_string(text), .is_rendered = true};
    return true;
}

bool lme_field_text(lme_arena *arena, const lme_field *field, const lme_field_rules *rules,
                    const lme_value *row, lme_value *value, lme_error *err)
{
    given g;
    if (!read_given(arena, field, rules, row, &g, err))
        return false;
    *value = g.value;
    return true;
}

bool lme_field_target(lme_arena *arena, const lme_field *field, const lme_field_rules *rules,
                      const lme_value *row, lme_value *value, lme_error *err)
{
    given g;
    if (!read_given(arena, field, rules, row, &g, err))
        return false;
    *value = g.value;
    lme_str text = g.value.string;
    if (!g.is_rendered || text.len < 2 || text.ptr[0] != '[' || text.ptr[text.len - 1] != ']')
        return true;
    /* What is no Python list after all stays the text. */
    lme_value list;
    if (lme_literal_eval(arena, text, &list, NULL))
        *value = list;
    return true;
}

bool lme_field_as_text(lme_arena *arena, const lme_field *field, const lme_value *value,
                       lme_str *text, lme_error *err)
{
    switch (value->kind) {
    case LME_STRING:
        *text = value->string;
        return true;
    case LME_BOOL:
    case LME_INT:
    case LME_FLOAT:
        *text = lme_value_str(arena, value);
        return true;
    case LME_NULL:
    case LME_LIST:
    case LME_TUPLE:
    case LME_MAP:
    case LME_FUNCTION:
    case LME_UNDEFINED:
    case LME_OPAQUE:
    case LME_UNREAD:
        break;
    }
    return lme_fail(err, LME_ERR_DATA, &field->at, "%s gives %s, expected text", field->key,
                    lme_kind_name(value->kind));
}

static bool to_texts(lme_arena *arena, const lme_field *field, const lme_value *list,
                     lme_choices *choices, lme_error *err)
{
    bool is_map = list->kind == LME_MAP;
    size_t n = is_map ? list->map.len : list->list.len;
    lme_str *texts = LME_ARRAY(arena, lme_str, n);
    for (size_t i = 0; i < n; i++) {
        const lme_value *item = is_map ? &list->map.pairs[i].value : &list->list.items[i];
        if (!lme_field_as_text(arena, field, item, &texts[i], err))
            return lme_while(err, "reading choice %zu", i);
    }
    *choices = (lme_choices){texts, n};
    return true;
}

/* A template: one expression keeps its list, everything else is the text of one. */
static bool choice_list(lme_arena *arena, const lme_field *field, const lme_value *row,
                        lme_value *list, lme_error *err)
{
    if (!lme_template_value(arena, field->made, row, list, err))
        return lme_while(err, "rendering %s", field->key);
    if (list->kind != LME_STRING)
        return true;
    lme_value text = *list;
    lme_error wrong = {0};
    if (lme_literal_eval(arena, text.string, list, &wrong))
        return true;
    lme_fail(err, LME_ERR_TEMPLATE, &field->at, "%s gives a text that is no Python list: %.60s",
             field->key, lme_str_cstr(arena, text.string));
    return lme_hint(err, "write a list, a column's name, or one {{ expression }} that is a list");
}

bool lme_field_choices(lme_arena *arena, const lme_field *field, const lme_field_rules *rules,
                       const lme_value *row, lme_choices *choices, lme_error *err)
{
    lme_value list = field->written;
    const lme_value *column;
    *choices = (lme_choices){0};
    if (!lme_field_given(field))
        return true;
    if (list.kind == LME_STRING) {
        if (!column_value(arena, field, rules->columns, row, &column, err))
            return false;
        if (column != NULL)
            list = *column;
        else if (!choice_list(arena, field, row, &list, err))
            return false;
    }
    if (list.kind != LME_LIST && list.kind != LME_TUPLE && list.kind != LME_MAP)
        return lme_fail(err, LME_ERR_DATA, &field->at, "%s gives %s, expected list of texts",
                        field->key, lme_kind_name(list.kind));
    return to_texts(arena, field, &list, choices, err);
}

bool lme_field_plain(lme_arena *arena, const lme_field *field, const lme_value *columns,
                     const lme_value *row, lme_str *text, lme_error *err)
{
    const lme_value *column;
    *text = LME_STR("");
    if (!lme_field_given(field))
        return true;
    if (!column_value(arena, field, columns, row, &column, err))
        return false;
    if (column == NULL)
        return render(arena, field, row, text, err);
    return column->kind == LME_NULL || lme_field_as_text(arena, field, column, text, err);
}
