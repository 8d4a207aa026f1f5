/* format_span: brings named entities into one form, "per: x $ loc: y", whatever words the model
 * used for the labels. */
#include "option.h"
#include "responses.h"

#include <lmeval/unicode.h>

/* The word before a colon and the label that it means, in lm_eval's order: it is a chain of
 * replacements, but none of the results is lower case, so no rule touches another's. */
static const struct {
    const char *word, *label;
} labels[] = {
    {"person", "PER"},  {"location", "LOC"},  {"organization", "ORG"}, {"counties", "LOC"},
    {"places", "LOC"},  {"people", "PER"},    {"persons", "PER"},      {"company", "ORG"},
    {"country", "LOC"}, {"continent", "LOC"}, {"time", "DATE"},        {"date", "DATE"},
    {"per", "PER"},     {"loc", "LOC"},       {"org", "ORG"},
};
enum {
    N_LABELS = sizeof labels / sizeof labels[0]
};

typedef struct spans {
    lme_regex *labels[N_LABELS];
    lme_regex *entity;
} spans;

static bool prepare(lme_arena *arena, lme_filter_use *use, const char *file, lme_error *err)
{
    spans *s = LME_NEW(arena, spans);
    use->state = s;
    for (size_t i = 0; i < N_LABELS; i++) {
        lme_str pattern = lme_str_format(arena, "\\b%s\\s*:", labels[i].word);
        if (!lme_filter_compile(arena, pattern, file, NULL, &s->labels[i], err))
            return false;
    }
    return lme_filter_compile(arena, LME_STR("\\b(PER|LOC|ORG|DATE):\\s*([^$]+)"), file, NULL,
                              &s->entity, err);
}

static lme_str strip_dollars(lme_str text)
{
    while (text.len > 0 && text.ptr[text.len - 1] == '$')
        text.len--;
    return text;
}

static bool rename_labels(lme_arena *arena, const spans *s, lme_str text, lme_str *renamed,
                          lme_error *err)
{
    text = lme_lower(arena, text);
    for (size_t i = 0; i < N_LABELS; i++) {
        lme_str label = lme_str_format(arena, "%s:", labels[i].label);
        if (!lme_regex_sub(arena, s->labels[i], label, text, 0, &text, err))
            return false;
    }
    text = strip_dollars(lme_str_replace(arena, text, LME_STR("$$"), LME_STR("$")));
    *renamed = lme_strip(lme_str_replace(arena, text, LME_STR("\n"), LME_STR("$")));
    return true;
}

/* Adds "label: entity" for each of the comma-separated entities that is not "none". */
static void add_entities(lme_builder *out, lme_str label, lme_str entities)
{
    lme_str small = lme_lower(out->arena, label);
    for (size_t from = 0; from <= entities.len;) {
        size_t comma = lme_str_find(entities, LME_STR(","), from);
        lme_str entity = lme_strip(lme_str_slice(entities, from, comma));
        from = comma == SIZE_MAX ? entities.len + 1 : comma + 1;
        if (lme_str_is(lme_lower(out->arena, entity), "none"))
            continue;
        if (out->len > 0)
            lme_builder_add(out, LME_STR(" $ "));
        lme_builder_add(out, small);
        lme_builder_add(out, LME_STR(": "));
        lme_builder_add(out, entity);
    }
}

static bool format(lme_arena *arena, const spans *s, lme_str response, lme_str *formatted,
                   lme_error *err)
{
    lme_str text;
    lme_value matches;
    if (!rename_labels(arena, s, response, &text, err) ||
        !lme_regex_findall(arena, s->entity, text, &matches, err))
        return false;
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < matches.list.len; i++) {
        const lme_value *groups = matches.list.items[i].list.items;
        add_entities(&out, groups[0].string, groups[1].string);
    }
    *formatted = lme_builder_finish(&out);
    return true;
}

static bool apply(lme_arena *arena, const lme_filter_use *use, lme_filtering *filtering,
                  lme_error *err)
{
    lme_value list;
    if (!lme_filter_responses(arena, use, filtering, &list, err))
        return false;
    bool any = false;
    lme_list_builder all = {.arena = arena};
    for (size_t i = 0; i < list.list.len; i++) {
        const lme_value *response = &list.list.items[i];
        lme_str formatted;
        if (response->kind != LME_STRING)
            return lme_filter_not_text(use, response, err);
        if (!format(arena, use->state, response->string, &formatted, err))
            return false;
        any = any || formatted.len > 0;
        lme_list_add(&all, lme_string(formatted));
    }
    filtering->value = lme_list_finish(&all);
    if (!any)
        filtering->matched = false;
    return true;
}

static const char *const keys[] = {NULL};

const lme_filter lme_filter_format_span = {
    .name = "format_span",
    .summary = "bring named entities into the form \"per: x $ loc: y\"",
    .extracts = true,
    .keys = keys,
    .prepare = prepare,
    .apply = apply,
};
