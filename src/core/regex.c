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

static uint32_t options_of(const lme_regex_translation *python)
{
    /* Python's ^ in (?m) also stands behind a final newline. */
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_ALT_CIRCUMFLEX;
    options |= python->ignore_case ? PCRE2_CASELESS : 0;
    options |= python->multiline ? PCRE2_MULTILINE : 0;
    options |= python->dot_all ? PCRE2_DOTALL : 0;
    options |= python->verbose ? PCRE2_EXTENDED : 0;
    /* PCRE2 10.42 finds nothing for (?=a)b?a in "a": it counts the same a twice when it works out
     * what a match needs at least. */
    options |= python->looks_ahead ? PCRE2_NO_START_OPTIMIZE : 0;
    return options;
}

static pcre2_code *compile(const lme_regex_translation *python, int *error, size_t *at)
{
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    LME_BUG(context == NULL, "out of memory");
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    PCRE2_SIZE offset = 0;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)python->text.ptr, python->text.len,
                                     options_of(python), error, &offset, context);
    pcre2_compile_context_free(context);
    *at = lme_regex_origin(python, offset);
    return code;
}

bool lme_regex_compile(lme_arena *arena, lme_str pattern, lme_regex **regex, lme_error *err)
{
    lme_regex_translation python;
    int error = 0;
    size_t at = 0;
    if (!lme_utf8_valid(pattern))
        return lme_fail(err, LME_ERR_TASK, NULL, "the regular expression is not valid UTF-8");
    if (!lme_regex_translate(arena, pattern, &python, err))
        return false;
    pcre2_code *code = compile(&python, &error, &at);
    if (code == NULL) {
        PCRE2_UCHAR why[256] = "";
        pcre2_get_error_message(error, why, sizeof why);
        return lme_regex_refuse(err, pattern, at, "%s", (const char *)why);
    }
    lme_regex *made = LME_NEW(arena, lme_regex);
    *made = (lme_regex){
        .pattern = lme_str_copy(arena, lme_regex_shown(pattern)),
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

/* A character's first byte at or after `from`, as far as the text's end. */
static size_t at_character(lme_str text, size_t from)
{
    while (from < text.len && ((unsigned char)text.ptr[from] & 0xC0) == 0x80)
        from++;
    return from < text.len ? from : text.len;
}

/* PCRE2 would look only at what is behind the place where a search begins. */
bool lme_regex_check_subject(const lme_regex *regex, lme_str subject, lme_error *err)
{
    return lme_utf8_valid(subject) ||
           lme_fail(err, LME_ERR_DATA, NULL,
                    "the text that %.*s is matched with is not valid UTF-8",
                    LME_STR_ARG(regex->pattern));
}

bool lme_regex_match_at(const lme_regex *regex, lme_str subject, size_t from, uint32_t options,
                        bool *found, lme_error *err)
{
    /* The subject was checked before, once for all matches in it. */
    lme_str s = subject.ptr != NULL ? subject : LME_STR("");
    PCRE2_SPTR text = (PCRE2_SPTR)s.ptr;
    size_t start = at_character(s, from);
    options |= PCRE2_NO_UTF_CHECK;
    int n = pcre2_match(regex->code, text, s.len, start, options, regex->data, regex->context);
    /* JIT code has but 32 KiB to remember where it could go back to; the interpreter has the heap.
     */
    if (n == PCRE2_ERROR_JIT_STACKLIMIT)
        n = pcre2_match(regex->code, text, s.len, start, options | PCRE2_NO_JIT, regex->data,
                        regex->context);
    *found = n > 0;
    if (n > 0 || n == PCRE2_ERROR_NOMATCH)
        return true;
    PCRE2_UCHAR why[256] = "";
    pcre2_get_error_message(n, why, sizeof why);
    lme_fail(err, LME_ERR_LIMIT, NULL, "the regular expression %.*s gave up: %s",
             LME_STR_ARG(regex->pattern), (const char *)why);
    return lme_hint(err, "nested repeats like (a+)+ try every way of sharing a text between them");
}

bool lme_regex_search(lme_arena *arena, const lme_regex *regex, lme_str subject, size_t from,
                      lme_match *match, lme_error *err)
{
    bool found;
    *match = (lme_match){.n_groups = 0};
    if (!lme_regex_check_subject(regex, subject, err) ||
        !lme_regex_match_at(regex, subject, from, 0, &found, err))
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
    if (!lme_regex_check_subject(regex, subject, err))
        return false;
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
