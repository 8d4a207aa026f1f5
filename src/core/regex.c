/* PCRE2 with the options that make it agree with Python's re: UTF, UCP, newline LF. Matching steps
 * and memory are bounded, so a catastrophic pattern is an error and not a hang.
 */
#include "regex_internal.h"
#include "regex_python.h"

#include <lmeval/limits.h>
#include <lmeval/unicode.h>

static void free_regex(void *thing)
{
    lme_regex *regex = thing;
    pcre2_match_context_free(regex->context);
    pcre2_match_data_free(regex->data);
    pcre2_code_free(regex->code);
}

static pcre2_code *compile(lme_str pattern, int *error, size_t *at)
{
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    LME_BUG(context == NULL, "out of memory");
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    pcre2_set_parens_nest_limit(context, LME_LIMIT_DEPTH);
    PCRE2_SIZE offset = 0;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)(pattern.ptr != NULL ? pattern.ptr : ""),
                                     pattern.len, PCRE2_UTF | PCRE2_UCP, error, &offset, context);
    pcre2_compile_context_free(context);
    *at = offset;
    return code;
}

bool lme_regex_compile(lme_arena *arena, lme_str pattern, lme_regex **regex, lme_error *err)
{
    int error = 0;
    size_t at = 0;
    if (!lme_utf8_valid(pattern))
        return lme_fail(err, LME_ERR_TASK, NULL, "the regular expression is not valid UTF-8");
    pcre2_code *code = compile(lme_regex_to_pcre2(arena, pattern), &error, &at);
    if (code == NULL) {
        PCRE2_UCHAR why[256] = "";
        pcre2_get_error_message(error, why, sizeof why);
        return lme_fail(err, LME_ERR_TASK, NULL, "bad regular expression %.*s: %s (at byte %zu)",
                        LME_STR_ARG(pattern), (const char *)why, at);
    }
    lme_regex *made = LME_NEW(arena, lme_regex);
    *made = (lme_regex){
        .pattern = lme_str_copy(arena, pattern),
        .code = code,
        .data = pcre2_match_data_create_from_pattern(code, NULL),
        .context = pcre2_match_context_create(NULL),
    };
    LME_BUG(made->data == NULL || made->context == NULL, "out of memory");
    lme_arena_on_free(arena, free_regex, made);
    pcre2_set_match_limit(made->context, LME_LIMIT_REGEX_MATCH);
    pcre2_set_heap_limit(made->context, LME_LIMIT_REGEX_HEAP);
    /* Where there is no JIT, the interpreter does the same more slowly. */
    (void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    uint32_t n = 0;
    pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &n);
    made->n_groups = n + 1;
    *regex = made;
    return true;
}

bool lme_regex_match_at(const lme_regex *regex, lme_str subject, size_t from, uint32_t options,
                        bool *found, lme_error *err)
{
    PCRE2_SPTR text = (PCRE2_SPTR)(subject.ptr != NULL ? subject.ptr : "");
    int n = pcre2_match(regex->code, text, subject.len, from, options, regex->data, regex->context);
    *found = n > 0;
    if (n > 0 || n == PCRE2_ERROR_NOMATCH)
        return true;
    if (n <= PCRE2_ERROR_UTF8_ERR1 && n >= PCRE2_ERROR_UTF8_ERR21)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "the text that %.*s is matched with is not valid UTF-8",
                        LME_STR_ARG(regex->pattern));
    PCRE2_UCHAR why[256] = "";
    pcre2_get_error_message(n, why, sizeof why);
    return lme_fail(err, LME_ERR_LIMIT, NULL, "the regular expression %.*s gave up: %s",
                    LME_STR_ARG(regex->pattern), (const char *)why);
}

bool lme_regex_search(lme_arena *arena, const lme_regex *regex, lme_str subject, size_t from,
                      lme_match *match, lme_error *err)
{
    bool found;
    *match = (lme_match){.n_groups = 0};
    if (!lme_regex_match_at(regex, subject, from, 0, &found, err))
        return false;
    if (!found)
        return true;
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(regex->data);
    size_t *start = LME_ARRAY(arena, size_t, regex->n_groups);
    size_t *end = LME_ARRAY(arena, size_t, regex->n_groups);
    for (size_t i = 0; i < regex->n_groups; i++) {
        start[i] = offsets[2 * i] == PCRE2_UNSET ? SIZE_MAX : offsets[2 * i];
        end[i] = offsets[2 * i] == PCRE2_UNSET ? SIZE_MAX : offsets[2 * i + 1];
    }
    *match = (lme_match){.n_groups = regex->n_groups, .start = start, .end = end};
    return true;
}

bool lme_regex_next(lme_regex_walk *walk, bool *found, lme_error *err)
{
    *found = false;
    while (!walk->over && walk->at <= walk->subject.len) {
        uint32_t options = walk->after_empty ? PCRE2_NOTEMPTY_ATSTART : 0;
        /* The subject was checked by the first match. */
        options |= walk->at > 0 || walk->after_empty ? PCRE2_NO_UTF_CHECK : 0;
        if (!lme_regex_match_at(walk->regex, walk->subject, walk->at, options, found, err))
            return false;
        if (!*found)
            break;
        const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(walk->regex->data);
        walk->start = offsets[0];
        walk->end = offsets[1];
        walk->after_empty = walk->start == walk->end;
        /* \K in a lookbehind could end a match before it starts; going back would not end. */
        if (walk->end < walk->start || walk->end < walk->at)
            break;
        walk->at = walk->end;
        return true;
    }
    walk->over = true;
    *found = false;
    return true;
}

lme_str lme_regex_group(const lme_regex *regex, lme_str subject, size_t group)
{
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(regex->data);
    if (offsets[2 * group] == PCRE2_UNSET)
        return LME_STR("");
    return lme_str_slice(subject, offsets[2 * group], offsets[2 * group + 1]);
}

bool lme_regex_findall(lme_arena *arena, const lme_regex *regex, lme_str subject, lme_value *list,
                       lme_error *err)
{
    lme_list_builder all = {.arena = arena};
    lme_regex_walk walk = {.regex = regex, .subject = subject};
    while (true) {
        bool found;
        if (!lme_regex_next(&walk, &found, err))
            return false;
        if (!found)
            break;
        if (regex->n_groups <= 2) {
            lme_list_add(&all, lme_string(lme_regex_group(regex, subject, regex->n_groups - 1)));
            continue;
        }
        lme_list_builder groups = {.arena = arena};
        for (size_t i = 1; i < regex->n_groups; i++)
            lme_list_add(&groups, lme_string(lme_regex_group(regex, subject, i)));
        lme_value tuple = lme_list_finish(&groups);
        tuple.kind = LME_TUPLE;
        lme_list_add(&all, tuple);
    }
    *list = lme_list_finish(&all);
    return true;
}
