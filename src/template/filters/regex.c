/* regex_replace, the one filter that lm_eval adds to Jinja (Python's re.sub), and regex_findall,
 * which is ours (re.findall). A pattern is compiled once a rendering, because
 * map('regex_replace', ...) uses it for every item.
 */
#include "arguments.h"
#include "things.h"

#include <lmeval/limits.h>

static bool find_pattern(const lme_invocation *use, lme_str text, lme_regex **regex, lme_error *err)
{
    lme_rendering *r = use->rendering;
    for (size_t i = 0; i < r->n_patterns; i++) {
        if (lme_str_equal(r->patterns[i].text, text)) {
            *regex = r->patterns[i].regex;
            return true;
        }
    }
    lme_error why = {.code = LME_OK};
    if (!lme_regex_compile(use->arena, text, regex, &why))
        return lme_use_fail(use, err, "%s", why.message);
    if (r->n_patterns == r->patterns_capacity) {
        size_t capacity = r->patterns_capacity == 0 ? 4 : r->patterns_capacity * 2;
        r->patterns = lme_arena_grow(use->arena, r->patterns, r->n_patterns * sizeof *r->patterns,
                                     capacity * sizeof *r->patterns);
        r->patterns_capacity = capacity;
    }
    r->patterns[r->n_patterns++] = (lme_pattern){.text = text, .regex = *regex};
    return true;
}

static size_t count_backslashes(lme_str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == '\\';
    return n;
}

static size_t length_of_groups(const lme_value *match)
{
    if (match->kind == LME_STRING)
        return match->string.len;
    size_t sum = 0;
    for (size_t i = 0; i < match->list.len; i++)
        sum += match->list.items[i].string.len;
    return sum;
}

/* Whether the result can be longer than allowed. Only when a match at every byte, with every group
 * as long as the text, could make it so, the matches are counted first. */
static bool check_length(const lme_invocation *use, const lme_regex *regex, lme_str replacement,
                         lme_str text, lme_error *err)
{
    const double most = LME_LIMIT_TEMPLATE_OUTPUT;
    double length = (double)text.len, groups = (double)count_backslashes(replacement);
    if ((length + 1) * ((double)replacement.len + groups * length) <= most)
        return true;
    lme_value matches;
    if (!lme_tick(use->rendering, use->at, text.len, err) ||
        !lme_regex_findall(use->arena, regex, text, &matches, err))
        return false;
    double bound = length * (1 + groups);
    for (size_t i = 0; i < matches.list.len; i++)
        bound +=
            (double)replacement.len + groups * (double)length_of_groups(&matches.list.items[i]);
    return bound <= most || lme_text_fits(use->rendering, use->at, SIZE_MAX, err);
}

static bool regex_replace(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_str pattern, replacement, text;
    int64_t count;
    lme_regex *regex;
    if (!lme_take_text(use, 0, LME_STR(""), &pattern, err) ||
        !lme_take_text(use, 1, LME_STR(""), &replacement, err) ||
        !lme_take_integer(use, 2, 0, &count, err))
        return false;
    if (use->subject.kind != LME_STRING)
        return lme_use_fail(use, err, "got %s, expected a text", lme_type_name(&use->subject));
    if (!find_pattern(use, pattern, &regex, err))
        return false;
    text = use->subject.string;
    if (count >= 0) { /* re.sub does nothing for a negative count */
        lme_error why = {.code = LME_OK};
        if (!check_length(use, regex, replacement, text, err))
            return false;
        if (!lme_regex_sub(use->arena, regex, replacement, text, (size_t)count, &text, &why))
            return lme_source_fail(use->rendering->source, use->at,
                                   why.code == LME_ERR_LIMIT ? LME_ERR_LIMIT : LME_ERR_TEMPLATE,
                                   err, "regex_replace: %s", why.message);
    }
    *result = lme_string(text);
    return true;
}

const lme_callable lme_template_filter_regex_replace = {
    .name = "regex_replace",
    .summary = "with what a regular expression finds replaced, count times or always",
    .parameters = {"pattern", "repl", "count"},
    .n_required = 2,
    .call = regex_replace,
};

static bool regex_findall(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_str pattern;
    lme_regex *regex;
    lme_error why = {.code = LME_OK};
    if (!lme_take_text(use, 0, LME_STR(""), &pattern, err))
        return false;
    if (use->subject.kind != LME_STRING)
        return lme_use_fail(use, err, "got %s, expected a text", lme_type_name(&use->subject));
    if (!find_pattern(use, pattern, &regex, err) ||
        !lme_tick(use->rendering, use->at, use->subject.string.len, err))
        return false;
    if (lme_regex_findall(use->arena, regex, use->subject.string, result, &why))
        return lme_tick(use->rendering, use->at, result->list.len, err);
    return lme_source_fail(use->rendering->source, use->at,
                           why.code == LME_ERR_LIMIT ? LME_ERR_LIMIT : LME_ERR_TEMPLATE, err,
                           "regex_findall: %s", why.message);
}

const lme_callable lme_template_filter_regex_findall = {
    .name = "regex_findall",
    .summary = "a list of what a regular expression finds; ours, not Jinja2's",
    .parameters = {"pattern"},
    .n_required = 1,
    .call = regex_findall,
};
