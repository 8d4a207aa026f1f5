/* A value tree moved to another lifetime. */
#include "walk.h"

#include <string.h>

#include <lmeval/value.h>

/* The handle into `slot`, its own bytes into the arena; children are left to the walk. */
static void copy_one(lme_arena *arena, lme_walk *walk, const lme_value *v, lme_value *slot)
{
    *slot = *v;
    if (v->kind == LME_STRING || v->kind == LME_FUNCTION || v->kind == LME_UNDEFINED ||
        v->kind == LME_UNREAD) {
        slot->string = lme_str_copy(arena, v->string);
    } else if (v->kind == LME_MAP) {
        lme_pair *pairs = LME_ARRAY(arena, lme_pair, v->map.len);
        slot->map.pairs = pairs;
        lme_walk_push(walk, (lme_frame){.v = v, .made = pairs});
    } else if (v->kind == LME_LIST || v->kind == LME_TUPLE) {
        lme_value *items = LME_ARRAY(arena, lme_value, v->list.len);
        slot->list.items = items;
        lme_walk_push(walk, (lme_frame){.v = v, .made = items});
    }
}

static lme_value *slot_of(const lme_frame *frame, size_t i)
{
    if (frame->v->kind != LME_MAP)
        return (lme_value *)frame->made + i;
    lme_pair *pair = (lme_pair *)frame->made + i / 2;
    return i % 2 == 0 ? &pair->key : &pair->value;
}

lme_value lme_value_copy(lme_arena *arena, const lme_value *v)
{
    lme_walk walk = {.n = 0};
    lme_value copy;
    copy_one(arena, &walk, v, &copy);
    while (walk.n > 0) {
        lme_frame *top = lme_walk_top(&walk);
        if (top->at == lme_children(top->v)) {
            walk.n--;
            continue;
        }
        size_t i = top->at++;
        copy_one(arena, &walk, lme_child(top->v, i), slot_of(top, i));
    }
    lme_walk_end(&walk);
    return copy;
}
