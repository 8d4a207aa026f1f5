#include "obstacle.h"

#include <stdarg.h>
#include <stdio.h>

void lme_sentence_add(lme_sentences *list, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    lme_str made = lme_str_copy(list->arena, lme_str_from(text));
    for (size_t i = 0; i < list->n; i++) {
        if (lme_str_equal(list->items[i], made)) /* two metrics, one reason */
            return;
    }
    if (list->n == list->capacity) {
        size_t more = list->capacity == 0 ? 8 : list->capacity * 2;
        list->items = lme_arena_grow(list->arena, list->items, list->capacity * sizeof(lme_str),
                                     more * sizeof(lme_str));
        list->capacity = more;
    }
    list->items[list->n++] = made;
}

static void differ(lme_sentences *obstacles, lme_str task, const char *what, lme_str base,
                   lme_str other)
{
    if (base.len > 0 && other.len > 0 && !lme_str_equal(base, other))
        lme_sentence_add(obstacles, "%.*s: %s is %.*s in the base and %.*s in the other",
                         LME_STR_ARG(task), what, LME_STR_ARG(base), LME_STR_ARG(other));
}

static lme_str shown(lme_arena *arena, const lme_value *v)
{
    return v->kind == LME_NULL ? LME_STR("") : lme_value_str(arena, v);
}

/* Keys of generation_kwargs whose values differ. */
static void differ_in_generation(lme_sentences *obstacles, const lme_record_task *base,
                                 const lme_record_task *other)
{
    const lme_value *a = &base->generation, *b = &other->generation;
    if (a->kind != LME_MAP || b->kind != LME_MAP || lme_value_equal(a, b))
        return;
    for (size_t i = 0; i < a->map.len; i++) {
        const lme_pair *pair = &a->map.pairs[i];
        if (pair->key.kind != LME_STRING)
            continue;
        const lme_value *theirs = lme_value_get(b, pair->key.string);
        lme_str what = lme_str_format(obstacles->arena, "generation setting %.*s",
                                      LME_STR_ARG(pair->key.string));
        lme_str there =
            theirs == NULL ? LME_STR("absent") : lme_value_repr(obstacles->arena, theirs);
        differ(obstacles, base->name, lme_str_cstr(obstacles->arena, what),
               lme_value_repr(obstacles->arena, &pair->value), there);
    }
    for (size_t i = 0; i < b->map.len; i++) {
        const lme_pair *pair = &b->map.pairs[i];
        if (pair->key.kind == LME_STRING && lme_value_get(a, pair->key.string) == NULL)
            lme_sentence_add(obstacles, "%.*s: generation setting %.*s is absent in the base",
                             LME_STR_ARG(base->name), LME_STR_ARG(pair->key.string));
    }
}

void lme_obstacles_of_runs(lme_sentences *obstacles, const lme_record *base,
                           const lme_record *other)
{
    if (base->chat_template_hash.len > 0 && other->chat_template_hash.len > 0 &&
        !lme_str_equal(base->chat_template_hash, other->chat_template_hash))
        lme_sentence_add(obstacles, "the chat templates differ");
    if (base->n_bos >= 0 && other->n_bos >= 0 && base->n_bos != other->n_bos)
        lme_sentence_add(obstacles,
                         "the server put %lld special token%s before a text in the base and %lld "
                         "in the other",
                         (long long)base->n_bos, base->n_bos == 1 ? "" : "s",
                         (long long)other->n_bos);
}

void lme_obstacles_of_task(lme_sentences *obstacles, const lme_record_task *base,
                           const lme_record_task *other)
{
    lme_arena *arena = obstacles->arena;
    differ(obstacles, base->name, "the output type", base->output_type, other->output_type);
    differ(obstacles, base->name, "the scoring path", base->scoring_path, other->scoring_path);
    differ(obstacles, base->name, "the task's version", shown(arena, &base->version),
           shown(arena, &other->version));
    if (base->n_shot >= 0 && other->n_shot >= 0)
        differ(obstacles, base->name, "the number of examples",
               lme_str_format(arena, "%lld", (long long)base->n_shot),
               lme_str_format(arena, "%lld", (long long)other->n_shot));
    if (base->sample_data != other->sample_data)
        lme_sentence_add(obstacles, "%.*s: only one of the runs is over sample rows",
                         LME_STR_ARG(base->name));
    differ_in_generation(obstacles, base, other);
    differ(obstacles, base->name, "what was done to long prompts", base->cut, other->cut);
    differ(obstacles, base->name, "what the server refused", base->refused_parameters,
           other->refused_parameters);
}

void lme_obstacles_of_pairing(lme_sentences *obstacles, lme_str task, const lme_pairing *pairing)
{
    if (pairing->n == 0)
        lme_sentence_add(obstacles, "%.*s: no document is in both runs (%zu and %zu, by doc_hash)",
                         LME_STR_ARG(task), pairing->only_base, pairing->only_other);
    if (pairing->other_prompts > 0)
        lme_sentence_add(obstacles, "%.*s: %zu of %zu documents had another prompt",
                         LME_STR_ARG(task), pairing->other_prompts, pairing->n);
    if (pairing->other_targets > 0)
        lme_sentence_add(obstacles, "%.*s: %zu of %zu documents had another right answer",
                         LME_STR_ARG(task), pairing->other_targets, pairing->n);
}
