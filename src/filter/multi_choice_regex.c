/* multi_choice_regex: the letter of the chosen answer, found in three ways, the first that finds
 * something counts:
 *   1  the task's own pattern in the response
 *   2  the text of one of the document's `choices`, both cleaned by the ignore_ options
 *   3  a letter after a colon
 * 2 and 3 give "(A)", "(B)", ...; 1 gives what the pattern caught. */
#include "extraction.h"
#include "responses.h"

#include <stdlib.h>
#include <string.h>

#include <lmeval/unicode.h>

enum {
    MAX_CHOICES = 26
};

typedef struct selection {
    lme_extraction extraction;
    bool ignore_case, ignore_punctuation;
    lme_regex **ignored; /* n_ignored: regexes_to_ignore */
    size_t n_ignored;
} selection;

static bool read_ignored(lme_arena *arena, const lme_filter_use *use, const char *file,
                         selection *s, lme_error *err)
{
    const lme_value *list = lme_value_find(&use->options, "regexes_to_ignore");
    if (list == NULL || list->kind == LME_NULL)
        return true;
    lme_place at = lme_filter_place(file, list);
    if (list->kind != LME_LIST)
        return lme_fail(err, LME_ERR_TASK, &at,
                        "regexes_to_ignore of filter \"multi_choice_regex\" is %s, expected a "
                        "list of patterns",
                        lme_kind_name(list->kind));
    s->n_ignored = list->list.len;
    s->ignored = LME_ARRAY(arena, lme_regex *, s->n_ignored);
    for (size_t i = 0; i < s->n_ignored; i++) {
        const lme_value *pattern = &list->list.items[i];
        at = lme_filter_place(file, pattern);
        if (pattern->kind != LME_STRING)
            return lme_fail(err, LME_ERR_TASK, &at,
                            "an entry of regexes_to_ignore is %s, expected text",
                            lme_kind_name(pattern->kind));
        if (!lme_filter_compile(arena, pattern->string, file, pattern, &s->ignored[i], err))
            return false;
    }
    return true;
}

static bool prepare(lme_arena *arena, lme_filter_use *use, const char *file, lme_error *err)
{
    selection *s = LME_NEW(arena, selection);
    use->state = s;
    return lme_extraction_read(arena, use, file, &s->extraction, err) &&
           lme_filter_option_bool(use, "ignore_case", file, &s->ignore_case, err) &&
           lme_filter_option_bool(use, "ignore_punctuation", file, &s->ignore_punctuation, err) &&
           read_ignored(arena, use, file, s, err);
}

static lme_str without_punctuation(lme_arena *arena, lme_str text)
{
    lme_builder out = {.arena = arena};
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        if (!lme_is_punctuation(lme_codepoint_next(text, &at)))
            lme_builder_add(&out, lme_str_slice(text, from, at));
    }
    return lme_builder_finish(&out);
}

static bool clean(lme_arena *arena, const selection *s, lme_str text, lme_str *cleaned,
                  lme_error *err)
{
    for (size_t i = 0; i < s->n_ignored; i++) {
        if (!lme_regex_sub(arena, s->ignored[i], LME_STR(""), text, 0, &text, err))
            return false;
    }
    if (s->ignore_case)
        text = lme_lower(arena, text);
    *cleaned = s->ignore_punctuation ? without_punctuation(arena, text) : text;
    return true;
}

/* re.escape */
static lme_str escape(lme_arena *arena, lme_str text)
{
    static const char special[] = "()[]{}?*+-|^$\\.&~# \t\n\r\v\f";
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < text.len; i++) {
        if (memchr(special, text.ptr[i], sizeof special - 1) != NULL)
            lme_builder_char(&out, '\\');
        lme_builder_char(&out, text.ptr[i]);
    }
    return lme_builder_finish(&out);
}

/* A document's choices, ready to be looked for. */
typedef struct choices {
    lme_str texts[MAX_CHOICES]; /* cleaned */
    size_t n;
    lme_regex *any_text, *letter;
} choices;

typedef struct branch {
    lme_str pattern;
    size_t length; /* code points */
    size_t index;
} branch;

/* Longest first, so that a choice that begins another one does not hide it; equals keep order. */
static int compare_branches(const void *a, const void *b)
{
    const branch *x = a, *y = b;
    if (x->length != y->length)
        return x->length > y->length ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static bool compile_choices(lme_arena *arena, choices *c, lme_error *err)
{
    branch branches[MAX_CHOICES] = {{.index = 0}};
    for (size_t i = 0; i < c->n; i++) {
        branches[i].pattern = escape(arena, c->texts[i]);
        branches[i].length = lme_codepoints(branches[i].pattern);
        branches[i].index = i;
    }
    qsort(branches, c->n, sizeof branches[0], compare_branches);
    lme_builder texts = {.arena = arena}, letters = {.arena = arena};
    lme_builder_add(&letters, LME_STR(":[\\s]*("));
    for (size_t i = 0; i < c->n; i++) {
        if (i > 0) {
            lme_builder_char(&texts, '|');
            lme_builder_char(&letters, '|');
        }
        lme_builder_add(&texts, branches[i].pattern);
        lme_builder_char(&letters, (char)('A' + i));
    }
    lme_builder_char(&letters, ')');
    return lme_regex_compile(arena, lme_builder_finish(&texts), &c->any_text, err) &&
           lme_regex_compile(arena, lme_builder_finish(&letters), &c->letter, err);
}

static bool read_choices(lme_arena *arena, const selection *s, const lme_value *doc, choices *c,
                         lme_error *err)
{
    const lme_value *list = lme_value_find(doc, "choices");
    if (list == NULL || list->kind != LME_LIST)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "filter \"multi_choice_regex\" needs a column \"choices\" with a list of "
                        "texts, the document has %s",
                        list == NULL ? "none" : lme_kind_name(list->kind));
    c->n = list->list.len;
    if (c->n > MAX_CHOICES)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "the document has %zu choices, filter \"multi_choice_regex\" has letters "
                        "for %d",
                        c->n, MAX_CHOICES);
    for (size_t i = 0; i < c->n; i++) {
        const lme_value *choice = &list->list.items[i];
        if (choice->kind != LME_STRING)
            return lme_fail(err, LME_ERR_DATA, NULL,
                            "choice %zu of the document is %s, expected text", i,
                            lme_kind_name(choice->kind));
        if (!clean(arena, s, lme_strip(choice->string), &c->texts[i], err))
            return false;
    }
    return compile_choices(arena, c, err);
}

static lme_str letter(lme_arena *arena, size_t index)
{
    return lme_str_format(arena, "(%c)", (char)('A' + index));
}

/* Way 2. The last of equal choices wins, as in the dict that lm_eval makes of them. */
static bool find_text(lme_arena *arena, const selection *s, const choices *c, lme_str response,
                      lme_str *found, lme_error *err)
{
    lme_str cleaned = {0};
    lme_pick pick;
    if (!clean(arena, s, response, &cleaned, err) ||
        !lme_extraction_pick(arena, c->any_text, s->extraction.group_select, cleaned, &pick, err))
        return false;
    *found = pick.text;
    for (size_t i = c->n; pick.text.len > 0 && i > 0; i--) {
        if (lme_str_equal(c->texts[i - 1], pick.text)) {
            *found = letter(arena, i - 1);
            break;
        }
    }
    return true;
}

/* What one response says; *found is "" when it says nothing. */
static bool find_answer(lme_arena *arena, const selection *s, const choices *c, lme_str response,
                        lme_str *found, lme_error *err)
{
    lme_pick pick;
    int64_t nth = s->extraction.group_select;
    if (!lme_extraction_pick(arena, s->extraction.regex, nth, response, &pick, err))
        return false;
    *found = pick.text;
    if (found->len == 0 && !find_text(arena, s, c, response, found, err))
        return false;
    if (found->len > 0)
        return true;
    if (!lme_extraction_pick(arena, c->letter, nth, response, &pick, err))
        return false;
    if (pick.text.len > 0)
        *found = letter(arena, (size_t)(pick.text.ptr[0] - 'A'));
    return true;
}

static bool apply(lme_arena *arena, const lme_filter_use *use, lme_filtering *filtering,
                  lme_error *err)
{
    const selection *s = use->state;
    lme_value list;
    choices c = {0};
    if (!lme_filter_responses(arena, use, filtering, &list, err) ||
        !read_choices(arena, s, filtering->doc, &c, err))
        return false;
    bool any = false;
    lme_list_builder answers = {.arena = arena};
    for (size_t i = 0; i < list.list.len; i++) {
        const lme_value *response = &list.list.items[i];
        lme_str text = response->kind == LME_STRING ? response->string : LME_STR("");
        lme_str found = {0};
        if (!find_answer(arena, s, &c, text, &found, err))
            return false;
        any = any || found.len > 0;
        lme_list_add(&answers, found.len > 0 ? lme_string(found) : s->extraction.fallback);
    }
    filtering->value = lme_list_finish(&answers);
    if (!any)
        filtering->matched = false;
    return true;
}

static const char *const keys[] = {
    "regex_pattern",      "group_select",      "fallback", "ignore_case",
    "ignore_punctuation", "regexes_to_ignore", NULL};

const lme_filter lme_filter_multi_choice_regex = {
    .name = "multi_choice_regex",
    .summary = "keep the letter of the chosen answer: by pattern, by text, by \": A\"",
    .extracts = true,
    .keys = keys,
    .prepare = prepare,
    .apply = apply,
};
