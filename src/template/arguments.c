/* Binding arguments to the parameters of a row, and reading them. */
#include "arguments.h"

#include "convert.h"

#include <stdarg.h>
#include <stdio.h>

bool lme_use_fail(const lme_invocation *use, lme_error *err, const char *format, ...)
{
    char why[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(why, sizeof why, format, args);
    va_end(args);
    return lme_source_fail(use->rendering->source, use->at, LME_ERR_TEMPLATE, err, "%s: %s",
                           use->row->name, why);
}

static size_t count_parameters(const lme_callable *row)
{
    size_t n = 0;
    while (n < LME_MOST_PARAMETERS && row->parameters[n] != NULL)
        n++;
    return n;
}

static bool bind_positional(lme_invocation *use, const lme_items *positional, lme_error *err)
{
    size_t n = count_parameters(use->row);
    for (size_t i = 0; i < positional->len && i < n; i++)
        use->given[i] = &positional->items[i];
    if (positional->len <= n)
        return true;
    if ((use->row->takes & LME_TAKES_REST) == 0)
        return lme_use_fail(use, err, "got %zu arguments, expected at most %zu", positional->len,
                            n);
    use->rest = positional->items + n;
    use->n_rest = positional->len - n;
    return true;
}

static bool bind_keyword(lme_invocation *use, const lme_pair *keyword, lme_pair *further,
                         lme_error *err)
{
    size_t n = count_parameters(use->row);
    lme_str shown = lme_shown(keyword->key.string);
    for (size_t i = 0; i < n; i++) {
        if (!lme_str_is(keyword->key.string, use->row->parameters[i]))
            continue;
        if (use->given[i] != NULL)
            return lme_use_fail(use, err, "argument '%.*s' is given twice", LME_STR_ARG(shown));
        use->given[i] = &keyword->value;
        return true;
    }
    if ((use->row->takes & LME_TAKES_KEYWORDS) != 0) {
        further[use->n_keywords++] = *keyword;
        return true;
    }
    lme_str names[LME_MOST_PARAMETERS];
    for (size_t i = 0; i < n; i++)
        names[i] = lme_str_from(use->row->parameters[i]);
    lme_use_fail(use, err, "there is no argument '%.*s'", LME_STR_ARG(shown));
    lme_str nearest = lme_str_nearest(keyword->key.string, names, n);
    return nearest.len > 0 ? lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest)) : false;
}

static bool bind_keywords(lme_invocation *use, const lme_arguments *arguments, lme_error *err)
{
    if (arguments->n_keywords == 0)
        return true;
    lme_pair *further = LME_ARRAY(use->arena, lme_pair, arguments->n_keywords);
    use->keywords = further;
    for (size_t i = 0; i < arguments->n_keywords; i++) {
        if (!bind_keyword(use, &arguments->keywords[i], further, err))
            return false;
    }
    return true;
}

/* Values that were never there are errors here already, unless the row can deal with them. */
static bool check_defined(const lme_invocation *use, lme_error *err)
{
    if ((use->row->takes & LME_TAKES_UNDEFINED) != 0)
        return true;
    if (lme_is_strict(&use->subject))
        return lme_missing_fail(use->rendering, use->at, &use->subject, err);
    for (size_t i = 0; i < LME_MOST_PARAMETERS; i++) {
        if (use->given[i] != NULL && lme_is_strict(use->given[i]))
            return lme_missing_fail(use->rendering, use->at, use->given[i], err);
    }
    return true;
}

/* Work grows with the texts that go in. */
static size_t cost(const lme_invocation *use)
{
    size_t bytes = use->subject.kind == LME_STRING ? use->subject.string.len : 0;
    for (size_t i = 0; i < LME_MOST_PARAMETERS; i++) {
        if (use->given[i] != NULL && use->given[i]->kind == LME_STRING)
            bytes += use->given[i]->string.len;
    }
    return 1 + bytes / 256;
}

bool lme_invoke(lme_invocation *use, const lme_arguments *arguments, lme_value *result,
                lme_error *err)
{
    use->arena = use->rendering->arena;
    if (!bind_positional(use, &arguments->positional, err) || !bind_keywords(use, arguments, err))
        return false;
    for (size_t i = 0; i < use->row->n_required; i++) {
        if (use->given[i] == NULL)
            return lme_use_fail(use, err, "argument '%s' is missing", use->row->parameters[i]);
    }
    if (!check_defined(use, err) || !lme_tick(use->rendering, use->at, cost(use), err) ||
        !lme_enter(use->rendering, use->at, err))
        return false;
    bool fine = use->row->call(use, result, err);
    lme_leave(use->rendering);
    return fine && (result->kind != LME_STRING ||
                    lme_text_fits(use->rendering, use->at, result->string.len, err));
}

static bool wrong_kind(const lme_invocation *use, size_t i, const char *expected, lme_error *err)
{
    return lme_use_fail(use, err, "argument '%s' is %s, expected %s", use->row->parameters[i],
                        lme_type_name(use->given[i]), expected);
}

bool lme_take_text(const lme_invocation *use, size_t i, lme_str otherwise, lme_str *text,
                   lme_error *err)
{
    *text = otherwise;
    if (use->given[i] == NULL)
        return true;
    if (use->given[i]->kind != LME_STRING)
        return wrong_kind(use, i, "a text", err);
    *text = use->given[i]->string;
    return true;
}

bool lme_take_any_text(const lme_invocation *use, size_t i, lme_str otherwise, lme_str *text,
                       lme_error *err)
{
    *text = otherwise;
    return use->given[i] == NULL || lme_text_of(use->rendering, use->at, use->given[i], text, err);
}

bool lme_take_integer(const lme_invocation *use, size_t i, int64_t otherwise, int64_t *integer,
                      lme_error *err)
{
    *integer = otherwise;
    if (use->given[i] == NULL)
        return true;
    if (!lme_is_integral(use->given[i]))
        return wrong_kind(use, i, "an integer", err);
    *integer = lme_integer_of(use->given[i]);
    return true;
}

bool lme_take_integer_or_none(const lme_invocation *use, size_t i, int64_t otherwise,
                              int64_t *integer, lme_error *err)
{
    *integer = otherwise;
    return (use->given[i] != NULL && use->given[i]->kind == LME_NULL) ||
           lme_take_integer(use, i, otherwise, integer, err);
}

bool lme_take_truth(const lme_invocation *use, size_t i, bool otherwise, bool *truth,
                    lme_error *err)
{
    *truth = otherwise;
    return use->given[i] == NULL ||
           lme_truth_of(use->rendering, use->at, use->given[i], truth, err);
}

bool lme_argument_items(const lme_invocation *use, size_t i, lme_items *items, lme_error *err)
{
    return lme_items_of(use->rendering, use->at, use->given[i], items, err);
}

bool lme_subject_text(const lme_invocation *use, lme_str *text, lme_error *err)
{
    return lme_text_of(use->rendering, use->at, &use->subject, text, err);
}

bool lme_subject_items(const lme_invocation *use, lme_items *items, lme_error *err)
{
    return lme_items_of(use->rendering, use->at, &use->subject, items, err);
}
