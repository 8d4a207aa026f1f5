/* Prompt assembly as text: description, then each example as question, delimiter, answer,
 * delimiter, then the question. Source: reference/lm_eval 6, "Prompt assembly (text)". */
#include "docs.h"

#include <lmeval/unicode.h>

static bool is_space_at(lme_str s, bool last)
{
    lme_str stripped = last ? lme_rstrip(s) : lme_lstrip(s);
    return stripped.len < s.len;
}

/* True when two texts, both not empty, meet without white space. */
static bool needs_delimiter(lme_str before, lme_str after)
{
    return before.len > 0 && after.len > 0 && !is_space_at(before, true) &&
           !is_space_at(after, false);
}

static lme_str join(lme_arena *arena, lme_str before, lme_str after, lme_str delimiter)
{
    if (needs_delimiter(before, after))
        before = lme_str_concat(arena, before, delimiter);
    return lme_str_concat(arena, before, after);
}

static bool index_of(const lme_value *value, size_t n, size_t *index)
{
    int64_t at = value->kind == LME_BOOL ? value->boolean : value->integer;
    if (value->kind != LME_INT && value->kind != LME_BOOL)
        return false;
    /* Negative ones count from the end, as in Python. */
    at = at < 0 ? at + (int64_t)n : at;
    *index = (size_t)at;
    return at >= 0 && at < (int64_t)n;
}

static bool is_index(const lme_value *value)
{
    return value->kind == LME_INT || value->kind == LME_BOOL;
}

static bool no_such_choice(const lme_field *field, const lme_value *value, size_t n, lme_error *err)
{
    int64_t at = value->kind == LME_BOOL ? value->boolean : value->integer;
    return lme_fail(err, LME_ERR_DATA, &field->at, "%s gives %lld, but there are %zu choices",
                    field->key, (long long)at, n);
}

/* An example: its question, choices and answer. */
typedef struct shot {
    lme_value text;
    lme_value target;
    lme_choices choices;
} shot;

static bool read_shot(lme_arena *arena, const lme_docs *docs, const lme_value *row, shot *s,
                      lme_error *err)
{
    const lme_format *format = &docs->task->details->shot_format;
    return lme_field_text(arena, &format->text, &docs->rules, row, &s->text, err) &&
           lme_field_choices(arena, &format->choice, &docs->rules, row, &s->choices, err) &&
           lme_field_target(arena, &format->target, &docs->rules, row, &s->target, err);
}

static bool shot_question(lme_arena *arena, const lme_docs *docs, const shot *s, lme_str *question,
                          lme_error *err)
{
    const lme_field *field = &docs->task->details->shot_format.text;
    size_t index;
    if (!docs->multiple_inputs || !is_index(&s->text))
        return lme_field_as_text(arena, field, &s->text, question, err);
    if (!index_of(&s->text, s->choices.n, &index))
        return no_such_choice(field, &s->text, s->choices.n, err);
    *question = s->choices.texts[index];
    return true;
}

static bool shot_answer(lme_arena *arena, const lme_docs *docs, const shot *s, lme_str *answer,
                        lme_error *err)
{
    const lme_field *field = &docs->task->details->shot_format.target;
    const lme_value *target = &s->target;
    size_t index;
    *answer = LME_STR("");
    if (target->kind == LME_NULL)
        return true;
    if (is_index(target) && s->choices.n > 0 && !docs->multiple_inputs) {
        if (!index_of(target, s->choices.n, &index))
            return no_such_choice(field, target, s->choices.n, err);
        *answer = s->choices.texts[index];
        return true;
    }
    if (target->kind == LME_LIST && target->list.len > 0)
        target = &target->list.items[0];
    return lme_field_as_text(arena, field, target, answer, err);
}

/* "" and null have no answer part, and then no delimiters at all. */
static bool has_answer(const lme_value *target)
{
    return target->kind != LME_NULL && !(target->kind == LME_STRING && target->string.len == 0);
}

static bool add_shot(lme_builder *out, const lme_docs *docs, const lme_value *row, lme_str prefix,
                     lme_error *err)
{
    lme_arena *arena = out->arena;
    const lme_format *format = &docs->task->details->shot_format;
    shot s = {0};
    lme_str question = {0}, answer = {0};
    if (!read_shot(arena, docs, row, &s, err) || !shot_question(arena, docs, &s, &question, err) ||
        !shot_answer(arena, docs, &s, &answer, err))
        return false;
    bool answered = has_answer(&s.target);
    lme_builder_add(out, question);
    if (prefix.len > 0 ? needs_delimiter(question, prefix) : answered)
        lme_builder_add(out, format->target_delimiter);
    lme_builder_add(out, answered ? join(arena, prefix, answer, LME_STR(" ")) : prefix);
    if (answered)
        lme_builder_add(out, format->fewshot_delimiter);
    return true;
}

/* Description and examples: what stands before the question. */
static bool make_head(lme_arena *arena, const lme_docs *docs, const lme_doc *doc, lme_str *head,
                      lme_error *err)
{
    const struct lme_task_details *details = docs->task->details;
    lme_builder out = {.arena = arena};
    lme_str description = {0}, prefix = {0};
    /* A description, and the examples' gen_prefix, are made with the evaluated document. */
    if (!lme_field_plain(arena, &details->description, &doc->row, &doc->row, &description, err) ||
        !lme_field_plain(arena, &details->shot_format.gen_prefix, &doc->row, &doc->row, &prefix,
                         err))
        return false;
    lme_builder_add(&out, description);
    for (size_t i = 0; i < doc->n_shots; i++) {
        if (!add_shot(&out, docs, &doc->shots[i], prefix, err))
            return lme_while(err, "writing few-shot example %zu of document %zu", i, doc->id);
    }
    *head = lme_builder_finish(&out);
    return true;
}

static lme_str finish(lme_arena *arena, lme_str head, lme_str question, lme_str delimiter,
                      lme_str prefix)
{
    lme_builder out = {.arena = arena};
    lme_builder_add(&out, head);
    lme_builder_add(&out, question);
    if (needs_delimiter(question, prefix))
        lme_builder_add(&out, delimiter);
    lme_builder_add(&out, prefix);
    return lme_builder_finish(&out);
}

static bool make_contexts(lme_arena *arena, const lme_docs *docs, const lme_doc *doc,
                          lme_prompt *prompt, lme_error *err)
{
    const lme_format *format = &docs->task->details->format;
    lme_str head = {0}, prefix = {0}, question = {0};
    prompt->n_contexts = docs->multiple_inputs ? prompt->n_choices : 1;
    lme_str *contexts = LME_ARRAY(arena, lme_str, prompt->n_contexts);
    prompt->contexts = contexts;
    if (!make_head(arena, docs, doc, &head, err) ||
        !lme_field_plain(arena, &format->gen_prefix, docs->rules.columns, &doc->row, &prefix, err))
        return false;
    for (size_t i = 0; docs->multiple_inputs && i < prompt->n_contexts; i++)
        contexts[i] = finish(arena, head, prompt->choices[i], LME_STR(""), prefix);
    if (docs->multiple_inputs)
        return true;
    if (!lme_field_as_text(arena, &format->text, &prompt->text, &question, err))
        return false;
    contexts[0] = finish(arena, head, question, format->target_delimiter, prefix);
    return true;
}

bool lme_prompt_make(lme_arena *arena, const lme_docs *docs, const lme_doc *doc, lme_prompt *prompt,
                     lme_error *err)
{
    const struct lme_task_details *details = docs->task->details;
    const lme_format *format = &details->format;
    lme_choices choices;
    *prompt = (lme_prompt){
        .multiple_inputs = docs->multiple_inputs,
        .multiple_targets = docs->multiple_targets,
        .target_delimiter = format->target_delimiter,
        .generation = &details->generation,
        .repeats = docs->task->repeats,
    };
    if (!lme_field_text(arena, &format->text, &docs->rules, &doc->row, &prompt->text, err) ||
        !lme_field_choices(arena, &format->choice, &docs->rules, &doc->row, &choices, err) ||
        !lme_field_target(arena, &format->target, &docs->rules, &doc->row, &prompt->target, err))
        return false;
    prompt->choices = choices.texts;
    prompt->n_choices = choices.n;
    prompt->target_text = lme_value_str(arena, &prompt->target);
    if (details->output_type->kind == LME_OUTPUT_LOGLIKELIHOOD_ROLLING)
        return lme_field_as_text(arena, &format->target, &prompt->target, &prompt->target_text,
                                 err);
    if (details->output_type->kind == LME_OUTPUT_LOGLIKELIHOOD &&
        !lme_field_as_text(arena, &format->target, &prompt->target, &prompt->target_text, err))
        return false;
    return make_contexts(arena, docs, doc, prompt, err);
}
