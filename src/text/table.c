/* The metrics in the order of the list, and the reading of their options. */
#include <math.h>
#include <string.h>

#include <lmeval/text.h>

#define TEXT_METRIC(name) extern const lme_text_metric lme_text_##name;
#include "list.h"
#undef TEXT_METRIC

#define TEXT_METRIC(name) &lme_text_##name,
static const lme_text_metric *const metrics[] = {
#include "list.h"
};
#undef TEXT_METRIC

const lme_text_metric *const *lme_text_all(size_t *n)
{
    *n = sizeof metrics / sizeof metrics[0];
    return metrics;
}

const lme_text_metric *lme_text_find(lme_str name)
{
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++) {
        if (lme_str_is(name, metrics[i]->name))
            return metrics[i];
    }
    return NULL;
}

static lme_place place_of(const char *file, const lme_value *at)
{
    return (lme_place){.file = file, .line = at->line, .column = at->column};
}

/* What an option may be, for messages. */
static lme_str expected(lme_arena *arena, const lme_text_option *option)
{
    lme_builder text = {.arena = arena};
    switch (option->kind) {
    case LME_TEXT_BOOL:
        return LME_STR("true or false");
    case LME_TEXT_INT:
        return lme_str_format(arena, "a whole number from %.0f to %.0f", option->min, option->max);
    case LME_TEXT_NUMBER:
        return lme_str_format(arena, "a number from %.0f to %.0f", option->min, option->max);
    case LME_TEXT_CHOICE:
        for (size_t i = 0; option->choices[i] != NULL; i++)
            lme_builder_format(&text, "%s%s", i == 0 ? "one of " : ", ", option->choices[i]);
        return lme_builder_finish(&text);
    }
    return (lme_str){0};
}

static bool read_bool(const lme_value *value, void *field)
{
    bool is_true = value->kind == LME_STRING && lme_str_is(value->string, "true");
    bool is_false = value->kind == LME_STRING && lme_str_is(value->string, "false");
    if (value->kind != LME_BOOL && !is_true && !is_false)
        return false;
    bool read = value->kind == LME_BOOL ? value->boolean : is_true;
    memcpy(field, &read, sizeof read);
    return true;
}

static bool read_number(const lme_text_option *option, const lme_value *value, double *number)
{
    if (value->kind == LME_INT)
        *number = (double)value->integer;
    else if (value->kind == LME_FLOAT)
        *number = value->number;
    else if (value->kind != LME_STRING || !lme_str_to_double(value->string, number))
        return false;
    return *number >= option->min && *number <= option->max;
}

static bool read_choice(const lme_text_option *option, const lme_value *value, void *field)
{
    if (value->kind != LME_STRING)
        return false;
    for (size_t i = 0; option->choices[i] != NULL; i++) {
        if (lme_str_is(value->string, option->choices[i])) {
            memcpy(field, &i, sizeof i);
            return true;
        }
    }
    return false;
}

/* Texts of numbers and truth come from the command line. */
static bool read_value(const lme_text_option *option, const lme_value *value, void *field)
{
    double number;
    int64_t whole;
    switch (option->kind) {
    case LME_TEXT_BOOL:
        return read_bool(value, field);
    case LME_TEXT_INT:
        if (!read_number(option, value, &number) || number != trunc(number))
            return false;
        whole = (int64_t)number;
        memcpy(field, &whole, sizeof whole);
        return true;
    case LME_TEXT_NUMBER:
        if (!read_number(option, value, &number))
            return false;
        memcpy(field, &number, sizeof number);
        return true;
    case LME_TEXT_CHOICE:
        return read_choice(option, value, field);
    }
    return false;
}

static const lme_text_option *find_option(const lme_text_metric *metric, const lme_value *key)
{
    const lme_text_option *option = metric->options;
    for (; option != NULL && option->key != NULL; option++) {
        if (key->kind == LME_STRING && lme_str_is(key->string, option->key))
            return option;
    }
    return NULL;
}

static bool unknown_option(lme_arena *arena, const lme_text_metric *metric, const lme_value *key,
                           const char *file, lme_error *err)
{
    lme_builder known = {.arena = arena};
    for (const lme_text_option *o = metric->options; o != NULL && o->key != NULL; o++)
        lme_builder_format(&known, "%s%s", known.len == 0 ? "" : ", ", o->key);
    lme_str names = lme_builder_finish(&known), text = lme_value_str(arena, key);
    lme_place at = place_of(file, key);
    lme_fail(err, LME_ERR_TASK, &at, "metric \"%s\" has no option \"%.*s\"", metric->name,
             LME_STR_ARG(text));
    return names.len == 0 ? false : lme_hint(err, "it takes: %.*s", LME_STR_ARG(names));
}

static void set_initial(const lme_text_option *option, char *options)
{
    void *field = options + option->offset;
    bool truth = option->initial != 0.0;
    int64_t whole = 0;
    size_t choice = 0;
    switch (option->kind) {
    case LME_TEXT_BOOL:
        memcpy(field, &truth, sizeof truth);
        break;
    case LME_TEXT_INT:
        whole = (int64_t)option->initial;
        memcpy(field, &whole, sizeof whole);
        break;
    case LME_TEXT_NUMBER:
        memcpy(field, &option->initial, sizeof option->initial);
        break;
    case LME_TEXT_CHOICE:
        choice = (size_t)option->initial;
        memcpy(field, &choice, sizeof choice);
        break;
    }
}

static bool read_pair(lme_arena *arena, const lme_text_metric *metric, const lme_pair *pair,
                      const char *file, char *options, lme_error *err)
{
    const lme_text_option *option = find_option(metric, &pair->key);
    if (option == NULL)
        return unknown_option(arena, metric, &pair->key, file, err);
    if (read_value(option, &pair->value, options + option->offset))
        return true;
    lme_place at = place_of(file, &pair->value);
    lme_str got = lme_value_repr(arena, &pair->value), wanted = expected(arena, option);
    return lme_fail(err, LME_ERR_TASK, &at, "%s of metric \"%s\" is %.*s, expected %.*s",
                    option->key, metric->name, LME_STR_ARG(got), LME_STR_ARG(wanted));
}

bool lme_text_open(lme_arena *arena, lme_str name, const lme_value *options, const char *file,
                   lme_text_use *use, lme_error *err)
{
    const lme_text_metric *metric = lme_text_find(name);
    if (metric == NULL)
        return lme_fail(err, LME_ERR_TASK, NULL, "text metric \"%.*s\" is not known",
                        LME_STR_ARG(name));
    char *made = lme_arena_alloc(arena, metric->options_size);
    for (const lme_text_option *o = metric->options; o != NULL && o->key != NULL; o++)
        set_initial(o, made);
    size_t n = options == NULL ? 0 : options->map.len;
    for (size_t i = 0; i < n; i++) {
        if (!read_pair(arena, metric, &options->map.pairs[i], file, made, err))
            return false;
    }
    if (metric->check != NULL && !metric->check(made, err)) {
        lme_place at = {.file = file};
        if (n > 0)
            at = place_of(file, &options->map.pairs[0].value);
        return lme_place_error(err, &at);
    }
    size_t width = metric->width == NULL ? 1 : metric->width(made);
    LME_BUG(width > LME_TEXT_WIDTH_MAX, "a metric wider than LME_TEXT_WIDTH_MAX");
    *use = (lme_text_use){.metric = metric, .options = made, .width = width};
    return true;
}
