/* Tests of what a value is. An undefined value is none of these, and asking is no error. */
#include "arguments.h"
#include "convert.h"

static bool answer(lme_value *result, bool truth)
{
    *result = lme_bool(truth);
    return true;
}

static bool is_defined(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return answer(result, use->subject.kind != LME_UNDEFINED);
}

const lme_callable lme_template_test_defined = {
    .name = "defined",
    .summary = "the variable, key or item exists",
    .takes = LME_TAKES_UNDEFINED,
    .call = is_defined,
};

static bool is_undefined(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return answer(result, use->subject.kind == LME_UNDEFINED);
}

const lme_callable lme_template_test_undefined = {
    .name = "undefined",
    .summary = "it does not exist",
    .takes = LME_TAKES_UNDEFINED,
    .call = is_undefined,
};

static bool is_none(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return answer(result, use->subject.kind == LME_NULL);
}

const lme_callable lme_template_test_none = {
    .name = "none",
    .summary = "it is none (null in JSON)",
    .takes = LME_TAKES_UNDEFINED,
    .call = is_none,
};

static bool is_boolean(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return answer(result, use->subject.kind == LME_BOOL);
}

const lme_callable lme_template_test_boolean = {
    .name = "boolean",
    .summary = "it is true or false",
    .takes = LME_TAKES_UNDEFINED,
    .call = is_boolean,
};

static bool is_true(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return answer(result, use->subject.kind == LME_BOOL && use->subject.boolean);
}

const lme_callable lme_template_test_true = {
    .name = "true",
    .summary = "it is true itself",
    .takes = LME_TAKES_UNDEFINED,
    .call = is_true,
};

static bool is_false(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return answer(result, use->subject.kind == LME_BOOL && !use->subject.boolean);
}

const lme_callable lme_template_test_false = {
    .name = "false",
    .summary = "it is false itself",
    .takes = LME_TAKES_UNDEFINED,
    .call = is_false,
};

static bool is_integer(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return answer(result, use->subject.kind == LME_INT);
}

const lme_callable lme_template_test_integer = {
    .name = "integer",
    .summary = "it is a whole number, not a boolean",
    .takes = LME_TAKES_UNDEFINED,
    .call = is_integer,
};

static bool is_float(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return answer(result, use->subject.kind == LME_FLOAT);
}

const lme_callable lme_template_test_float = {
    .name = "float",
    .summary = "it is a number with a fraction",
    .takes = LME_TAKES_UNDEFINED,
    .call = is_float,
};

static bool is_number(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return answer(result, lme_is_number(&use->subject));
}

const lme_callable lme_template_test_number = {
    .name = "number",
    .summary = "it is a number or a boolean",
    .takes = LME_TAKES_UNDEFINED,
    .call = is_number,
};

static bool is_string(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return answer(result, use->subject.kind == LME_STRING);
}

const lme_callable lme_template_test_string = {
    .name = "string",
    .summary = "it is a text",
    .takes = LME_TAKES_UNDEFINED,
    .call = is_string,
};

static bool is_mapping(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return answer(result, use->subject.kind == LME_MAP);
}

const lme_callable lme_template_test_mapping = {
    .name = "mapping",
    .summary = "it is a map",
    .takes = LME_TAKES_UNDEFINED,
    .call = is_mapping,
};

/* What has a length and items by index or key. */
static bool is_sequence(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    const lme_value *v = &use->subject;
    bool plain =
        v->kind == LME_STRING || v->kind == LME_LIST || v->kind == LME_TUPLE || v->kind == LME_MAP;
    return answer(result, plain || lme_thing_of(v, LME_THING_RANGE) != NULL);
}

const lme_callable lme_template_test_sequence = {
    .name = "sequence",
    .summary = "it is a text, list, tuple, map or range",
    .takes = LME_TAKES_UNDEFINED,
    .call = is_sequence,
};

static bool is_iterable(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    const lme_value *v = &use->subject;
    bool plain = v->kind == LME_STRING || v->kind == LME_LIST || v->kind == LME_TUPLE ||
                 v->kind == LME_MAP || v->kind == LME_UNDEFINED;
    bool thing = lme_thing_of(v, LME_THING_RANGE) != NULL ||
                 lme_thing_of(v, LME_THING_STREAM) != NULL ||
                 lme_thing_of(v, LME_THING_VIEW) != NULL || lme_thing_of(v, LME_THING_LOOP) != NULL;
    return answer(result, plain || thing);
}

const lme_callable lme_template_test_iterable = {
    .name = "iterable",
    .summary = "a for loop could walk it",
    .call = is_iterable,
};

static bool is_callable(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    const lme_value *v = &use->subject;
    bool thing =
        lme_thing_of(v, LME_THING_FUNCTION) != NULL || lme_thing_of(v, LME_THING_METHOD) != NULL ||
        lme_thing_of(v, LME_THING_MACRO) != NULL || lme_thing_of(v, LME_THING_LOOP) != NULL;
    return answer(result, thing || v->kind == LME_UNDEFINED); /* jinja2 says so of undefined */
}

const lme_callable lme_template_test_callable = {
    .name = "callable",
    .summary = "it is a function, method or macro",
    .takes = LME_TAKES_UNDEFINED,
    .call = is_callable,
};

static bool has_only(const lme_invocation *use, lme_kind of, const char *method, lme_value *result,
                     lme_error *err)
{
    lme_str text;
    if (!lme_subject_text(use, &text, err))
        return false;
    lme_invocation inner = {
        .rendering = use->rendering,
        .row = lme_method_find(of, lme_str_from(method)),
        .at = use->at,
        .subject = lme_string(text),
    };
    return lme_invoke(&inner, &(lme_arguments){.n_keywords = 0}, result, err);
}

static bool is_lower(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return has_only(use, LME_STRING, "islower", result, err);
}

const lme_callable lme_template_test_lower = {
    .name = "lower",
    .summary = "all its letters are in lower case",
    .call = is_lower,
};

static bool is_upper(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return has_only(use, LME_STRING, "isupper", result, err);
}

const lme_callable lme_template_test_upper = {
    .name = "upper",
    .summary = "all its letters are in upper case",
    .call = is_upper,
};

static bool is_known(const lme_invocation *use, lme_callable_list list, lme_value *result)
{
    bool text = use->subject.kind == LME_STRING;
    return answer(result, text && lme_callable_find(list, use->subject.string) != NULL);
}

static bool is_filter(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return is_known(use, lme_template_filters(), result);
}

const lme_callable lme_template_test_filter = {
    .name = "filter",
    .summary = "there is a filter of this name",
    .call = is_filter,
};

static bool is_test(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    return is_known(use, lme_template_tests(), result);
}

const lme_callable lme_template_test_test = {
    .name = "test",
    .summary = "there is a test of this name",
    .call = is_test,
};
