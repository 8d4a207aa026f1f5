/* Walking a tree of values without recursion: templates can nest lists deeper than our stack. The
 * first frames lie on the stack, further ones in an arena of their own. Private to core.
 *
 *     lme_walk walk = {0};
 *     lme_walk_push(&walk, (lme_frame){.v = v});
 *     while (walk.n > 0) { lme_frame *top = lme_walk_top(&walk); ... }
 *     lme_walk_end(&walk);
 */
#ifndef LMEVAL_CORE_WALK_H
#define LMEVAL_CORE_WALK_H

#include <lmeval/value.h>

typedef struct lme_frame {
    const lme_value *v;     /* LIST, TUPLE or MAP */
    const lme_value *other; /* equality: what v is compared with */
    const size_t *match;    /* equality: pair of `other` for each of v's; NULL: the same place */
    void *made;             /* copy: the new items or pairs */
    size_t at;              /* next child */
} lme_frame;

enum {
    LME_WALK_LOCAL = 16
};

typedef struct lme_walk {
    lme_frame local[LME_WALK_LOCAL];
    lme_frame *deep; /* frames past the local ones */
    size_t n, capacity;
    lme_arena *spill; /* freed at the end; anything that the walk needs may lie here */
} lme_walk;

static inline lme_arena *lme_walk_arena(lme_walk *walk)
{
    if (walk->spill == NULL)
        walk->spill = lme_arena_new();
    return walk->spill;
}

/* Pointers to frames do not survive it. */
static inline void lme_walk_push(lme_walk *walk, lme_frame frame)
{
    if (walk->n < LME_WALK_LOCAL) {
        walk->local[walk->n++] = frame;
        return;
    }
    size_t at = walk->n++ - LME_WALK_LOCAL;
    if (at == walk->capacity) {
        size_t capacity = at == 0 ? 64 : at * 2;
        walk->deep = (lme_frame *)lme_arena_grow(lme_walk_arena(walk), walk->deep,
                                                 at * sizeof frame, capacity * sizeof frame);
        walk->capacity = capacity;
    }
    walk->deep[at] = frame;
}

static inline lme_frame *lme_walk_top(lme_walk *walk)
{
    return walk->n <= LME_WALK_LOCAL ? &walk->local[walk->n - 1]
                                     : &walk->deep[walk->n - 1 - LME_WALK_LOCAL];
}

static inline void lme_walk_end(lme_walk *walk)
{
    lme_arena_free(walk->spill);
}

static inline bool lme_has_children(const lme_value *v)
{
    return v->kind == LME_LIST || v->kind == LME_TUPLE || v->kind == LME_MAP;
}

/* Items of a list; of a map, keys and values in turn. */
static inline size_t lme_children(const lme_value *v)
{
    return v->kind == LME_MAP ? v->map.len * 2 : v->list.len;
}

static inline const lme_value *lme_child(const lme_value *v, size_t i)
{
    if (v->kind != LME_MAP)
        return &v->list.items[i];
    const lme_pair *pair = &v->map.pairs[i / 2];
    return i % 2 == 0 ? &pair->key : &pair->value;
}

#endif
