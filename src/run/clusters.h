/* Numbers for the values of a column, in the order in which they come: documents with equal values
 * are one cluster. */
#ifndef LMEVAL_RUN_CLUSTERS_H
#define LMEVAL_RUN_CLUSTERS_H

#include <lmeval/arena.h>
#include <lmeval/str.h>

/* Zeroed: none yet. */
typedef struct lme_cluster_names {
    lme_str *names; /* n of them, by number */
    size_t n, capacity;
    uint32_t *slots; /* hash table of number + 1; 0: free */
    size_t n_slots;  /* a power of two, at least twice n */
} lme_cluster_names;

/* The number of the cluster of that name, a new one where it is new. The name is copied. */
uint32_t lme_cluster_number(lme_arena *arena, lme_cluster_names *clusters, lme_str name);

#endif
