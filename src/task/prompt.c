/* Prompt assembly: what the system says, then each example as question and answer, then the
 * question. It is made as turns; conversation.c makes the text or the messages of them.
 * Source: lm_eval 0.4.13 api/task.py, fewshot_context, build_qa_turn, multiple_input_context;
 * docs/prompts.md. */
#include "conversation.h"
#include "docs.h"

#include <lmeval/unicode.h>

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
    /* Of several right answers the first; lm_eval refuses a list of numbers here. */
    if (target->kind == LME_LIST && target->list.len > 0)
        target = &target->list.items[0];
    if (is_index(target) && s->choices.n > 0 && !docs->multiple_inputs) {
        if (!index_of(target, s->choices.n, &index))
            return no_such_choice(field, target, s->choices.n, err);
        *answer = s->choices.texts[index];
        return true;
    }
    return lme_field_as_text(arena, field, target, answer, err);
}

/* "" and null have no answer part. */
static bool has_answer(const lme_value *target)
{
    return target->kind != LME_NULL && !(target->kind == LME_STRING && target->string.len == 0);
}

/* A question, answered or with the beginning of an answer.
 *   prefix  how the answer starts; "" for none */
typedef struct exchange {
    lme_str question, prefix, answer;
    bool is_answered;
    lme_str target_delimiter, fewshot_delimiter;
} exchange;

static void add_exchange(lme_turns *turns, const exchange *x)
{
    bool delimited =
        x->prefix.len > 0 ? lme_needs_delimiter(x->question, x->prefix) : x->is_answered;
    lme_turns_add(turns, (lme_turn){
                             .role = "user",
                             .content = x->question,
                             .delimiter = delimited ? x->target_delimiter : LME_STR(""),
                         });
    lme_turn answer = {.role = "assistant", .content = x->prefix, .delimiter = LME_STR("")};
    if (x->is_answered) {
        answer.content = lme_join(turns->arena, x->prefix, x->answer, LME_STR(" "));
        answer.delimiter = x->fewshot_delimiter;
    }
    if (x->is_answered || x->prefix.len > 0)
        lme_turns_add(turns, answer);
}

static bool add_shot(lme_turns *turns, const lme_docs *docs, const lme_value *row, lme_error *err)
{
    lme_arena *arena = turns->arena;
    const lme_format *format = &docs->task->details->shot_format;
    shot s = {0};
    exchange x = {
        .target_delimiter = format->target_delimiter,
        .fewshot_delimiter = format->fewshot_delimiter,
    };
    if (!read_shot(arena, docs, row, &s, err) ||
        !shot_question(arena, docs, &s, &x.question, err) ||
        !shot_answer(arena, docs, &s, &x.answer, err) ||
        !lme_field_plain(arena, &format->gen_prefix, row, row, &x.prefix, err))
        return false;
    x.is_answered = has_answer(&s.target);
    add_exchange(turns, &x);
    return true;
}

/* What stands before the question. */
static bool make_head(lme_turns *turns, const lme_docs *docs, const lme_doc *doc, lme_error *err)
{
    const struct lme_task_details *details = docs->task->details;
    lme_str description = {0};
    if (!lme_field_plain(turns->arena, &details->description, &doc->row, &doc->row, &description,
                         err))
        return false;
    lme_str system = lme_join(turns->arena, details->system_instruction, description,
                              details->format.fewshot_delimiter);
    if (system.len > 0)
        lme_turns_add(turns, (lme_turn){"system", system, LME_STR("")});
    for (size_t i = 0; i < doc->n_shots; i++) {
        if (!add_shot(turns, docs, &doc->shots[i], err))
            return lme_while(err, "writing few-shot example %zu of document %zu", i, doc->id);
    }
    return true;
}

static lme_context finish(const lme_docs *docs, const lme_turns *head, const exchange *x)
{
    lme_turns turns = {.arena = head->arena};
    lme_turns_add_all(&turns, head);
    add_exchange(&turns, x);
    return lme_turns_finish(&turns, docs->task->details->chat);
}

static bool make_contexts(lme_arena *arena, const lme_docs *docs, const lme_doc *doc,
                          lme_prompt *prompt, lme_error *err)
{
    const lme_format *format = &docs->task->details->format;
    lme_turns head = {.arena = arena};
    exchange x = {.target_delimiter = format->target_delimiter};
    prompt->n_contexts = docs->multiple_inputs ? prompt->n_choices : 1;
    lme_context *contexts = LME_ARRAY(arena, lme_context, prompt->n_contexts);
    prompt->contexts = contexts;
    if (!make_head(&head, docs, doc, err) ||
        !lme_field_plain(arena, &format->gen_prefix, docs->rules.columns, &doc->row, &x.prefix,
                         err))
        return false;
    if (docs->multiple_inputs) {
        x.target_delimiter = LME_STR("");
        for (size_t i = 0; i < prompt->n_contexts; i++) {
            x.question = prompt->choices[i];
            contexts[i] = finish(docs, &head, &x);
        }
        return true;
    }
    if (!lme_field_as_text(arena, &format->text, &prompt->text, &x.question, err))
        return false;
    contexts[0] = finish(docs, &head, &x);
    return true;
}

/* What stands between context and choice. The turn of a chat is delimiter enough, unless the answer
 * was begun by a gen_prefix: its text as the task spells it decides, as in lm_eval. */
static lme_str choice_delimiter(const struct lme_task_details *details)
{
    const lme_value *prefix = &details->format.gen_prefix.written;
    bool begun = prefix->kind == LME_STRING && prefix->string.len > 0 &&
                 lme_rstrip(prefix->string).len == prefix->string.len;
    if (details->chat == LME_CHAT_NONE || begun)
        return details->format.target_delimiter;
    return LME_STR("");
}

static bool asks_unconditional(const lme_task *task)
{
    for (size_t i = 0; i < task->n_metrics; i++) {
        if (task->metrics[i].metric->needs_unconditional)
            return true;
    }
    return false;
}

bool lme_task_asks_unconditional(const lme_task *task)
{
    const struct lme_task_details *details = task->details;
    const lme_value *text = &details->format.text.written;
    bool scores =
        task->output == LME_OUTPUT_MULTIPLE_CHOICE || task->output == LME_OUTPUT_LOGLIKELIHOOD;
    bool is_bare = text->kind == LME_STRING && text->string.len == 0 && task->num_fewshot == 0;
    return asks_unconditional(task) || (scores && is_bare && task->chat == LME_CHAT_NONE);
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
        .target_delimiter = choice_delimiter(details),
        .generation = &details->generation,
        .repeats = docs->task->repeats,
        .asks_unconditional = asks_unconditional(docs->task),
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
