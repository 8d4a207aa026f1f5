#include "conversation.h"

#include <string.h>

#include <lmeval/unicode.h>

void lme_turns_add(lme_turns *turns, lme_turn turn)
{
    if (turns->n == turns->capacity) {
        size_t capacity = turns->capacity == 0 ? 8 : 2 * turns->capacity;
        turns->items = lme_arena_grow(turns->arena, turns->items, turns->n * sizeof *turns->items,
                                      capacity * sizeof *turns->items);
        turns->capacity = capacity;
    }
    turns->items[turns->n++] = turn;
}

void lme_turns_add_all(lme_turns *turns, const lme_turns *more)
{
    for (size_t i = 0; i < more->n; i++)
        lme_turns_add(turns, more->items[i]);
}

bool lme_needs_delimiter(lme_str before, lme_str after)
{
    return before.len > 0 && after.len > 0 && lme_rstrip(before).len == before.len &&
           lme_lstrip(after).len == after.len;
}

lme_str lme_join(lme_arena *arena, lme_str before, lme_str after, lme_str delimiter)
{
    if (lme_needs_delimiter(before, after))
        before = lme_str_concat(arena, before, delimiter);
    return lme_str_concat(arena, before, after);
}

/* Turns [from, to) as one text; the last one's delimiter only when the text goes on. */
static lme_str text_of(const lme_turns *turns, size_t from, size_t to, bool goes_on)
{
    lme_builder out = {.arena = turns->arena};
    for (size_t i = from; i < to; i++) {
        lme_builder_add(&out, turns->items[i].content);
        if (goes_on || i + 1 < to)
            lme_builder_add(&out, turns->items[i].delimiter);
    }
    return lme_builder_finish(&out);
}

static bool is_by(const lme_turn *turn, const char *role)
{
    return strcmp(turn->role, role) == 0;
}

static void set_message(lme_message *message, const char *role, lme_str content)
{
    *message = (lme_message){.role = lme_str_from(role), .content = content};
}

static lme_context single_turn(const lme_turns *turns)
{
    lme_message *messages = LME_ARRAY(turns->arena, lme_message, 3);
    const lme_turn *last = &turns->items[turns->n - 1];
    size_t n = 0, from = 0, to = turns->n;
    if (is_by(&turns->items[0], "system"))
        from = 1;
    if (is_by(last, "assistant"))
        to--;
    if (from > 0)
        set_message(&messages[n++], "system", turns->items[0].content);
    set_message(&messages[n++], "user", text_of(turns, from, to, false));
    if (to < turns->n)
        set_message(&messages[n++], "assistant", last->content);
    return (lme_context){.text = LME_STR(""), .messages = messages, .n_messages = n};
}

static lme_context multi_turn(const lme_turns *turns)
{
    lme_message *messages = LME_ARRAY(turns->arena, lme_message, turns->n);
    for (size_t i = 0; i < turns->n; i++)
        set_message(&messages[i], turns->items[i].role, turns->items[i].content);
    return (lme_context){.text = LME_STR(""), .messages = messages, .n_messages = turns->n};
}

lme_context lme_turns_finish(const lme_turns *turns, lme_chat_form form)
{
    switch (form) {
    case LME_CHAT_NONE:
        break;
    case LME_CHAT_MULTI_TURN:
        return multi_turn(turns);
    case LME_CHAT_SINGLE_TURN:
        return single_turn(turns);
    }
    return (lme_context){.text = text_of(turns, 0, turns->n, true)};
}
