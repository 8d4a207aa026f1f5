#include "clusters.h"

#include <string.h>

/* FNV-1a, 64 bits. */
static uint64_t hash(lme_str name)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < name.len; i++)
        h = (h ^ (unsigned char)name.ptr[i]) * 1099511628211u;
    return h ^ h >> 32;
}

/* The slot of a name: its own, or the free one where it belongs. */
static uint32_t *slot_of(const lme_cluster_names *clusters, lme_str name)
{
    size_t at = (size_t)hash(name) & (clusters->n_slots - 1);
    while (clusters->slots[at] != 0 &&
           !lme_str_equal(clusters->names[clusters->slots[at] - 1], name))
        at = (at + 1) & (clusters->n_slots - 1);
    return &clusters->slots[at];
}

static void grow(lme_arena *arena, lme_cluster_names *clusters)
{
    size_t capacity = clusters->capacity == 0 ? 64 : 2 * clusters->capacity;
    lme_str *names = LME_ARRAY(arena, lme_str, capacity);
    if (clusters->n > 0)
        memcpy(names, clusters->names, clusters->n * sizeof *names);
    clusters->names = names;
    clusters->capacity = capacity;
    clusters->n_slots = 2 * capacity;
    clusters->slots = LME_ARRAY(arena, uint32_t, clusters->n_slots);
    for (size_t i = 0; i < clusters->n; i++)
        *slot_of(clusters, names[i]) = (uint32_t)(i + 1);
}

uint32_t lme_cluster_number(lme_arena *arena, lme_cluster_names *clusters, lme_str name)
{
    if (clusters->n == clusters->capacity)
        grow(arena, clusters);
    uint32_t *slot = slot_of(clusters, name);
    if (*slot == 0) {
        clusters->names[clusters->n++] = lme_str_copy(arena, name);
        *slot = (uint32_t)clusters->n;
    }
    return *slot - 1;
}
