/* Memory by lifetime: everything allocated from an arena goes at once, when the arena is reset or
 * freed. An arena parameter (always the first) means: the result lives as long as this arena. No
 * arena parameter means: nothing outlives the call. One thread at a time may use an arena.
 *
 *     lme_arena *arena = lme_arena_new();
 *     thing *t = LME_NEW(arena, thing);
 *     lme_arena_free(arena);
 */
#ifndef LMEVAL_ARENA_H
#define LMEVAL_ARENA_H

#include <stddef.h>

typedef struct lme_arena lme_arena;

/* Never NULL: when the system has no memory left, the program says so and aborts. Hostile sizes
 * are refused before they come here (limits.h). */
lme_arena *lme_arena_new(void);

/* Frees everything in it; runs the arena's cleanups in reverse order first. NULL is a no-op. */
void lme_arena_free(lme_arena *arena);

/* As free and new, but keeps one block for the next use. */
void lme_arena_reset(lme_arena *arena);

/* size bytes, zeroed, aligned for any type. size 0 gives a valid pointer. */
void *lme_arena_alloc(lme_arena *arena, size_t size);

/* Makes an allocation larger, in place when it was the last one; the new part is zeroed.
 *   old may be NULL with old_size 0; it stays readable when the result lies elsewhere */
void *lme_arena_grow(lme_arena *arena, void *old, size_t old_size, size_t new_size);

/* Gives back the end of an allocation that was never written to, where it was the last one. */
void lme_arena_trim(lme_arena *arena, void *old, size_t old_size, size_t new_size);

/* n * size with overflow checked. */
void *lme_arena_array(lme_arena *arena, size_t n, size_t size);

/* Has clean(thing) called when the arena is reset or freed: for resources of libraries. */
void lme_arena_on_free(lme_arena *arena, void (*clean)(void *thing), void *thing);

/* Bytes handed out since new or reset; for tests and reports. */
size_t lme_arena_used(const lme_arena *arena);

#define LME_NEW(arena, type)      ((type *)lme_arena_alloc((arena), sizeof(type)))
#define LME_ARRAY(arena, type, n) ((type *)lme_arena_array((arena), (n), sizeof(type)))

#endif
