#include "pair.h"

#include <stdlib.h>

static int by_hash(const void *a, const void *b)
{
    const lme_record_line *x = *(const lme_record_line *const *)a;
    const lme_record_line *y = *(const lme_record_line *const *)b;
    int order = lme_str_compare(x->doc_hash, y->doc_hash);
    if (order != 0)
        return order;
    return (x->order > y->order) - (x->order < y->order);
}

static const lme_record_line **sorted(lme_arena *arena, const lme_record_pipeline *pipeline)
{
    const lme_record_line **lines = LME_ARRAY(arena, const lme_record_line *, pipeline->n_lines);
    for (size_t i = 0; i < pipeline->n_lines; i++)
        lines[i] = &pipeline->lines[i];
    qsort(lines, pipeline->n_lines, sizeof(const lme_record_line *), by_hash);
    return lines;
}

static bool differ(lme_str a, lme_str b)
{
    return a.len > 0 && b.len > 0 && !lme_str_equal(a, b);
}

lme_pairing lme_pair_lines(lme_arena *arena, const lme_record_pipeline *base,
                           const lme_record_pipeline *other)
{
    const lme_record_line **a = sorted(arena, base), **b = sorted(arena, other);
    const lme_record_line **partner = LME_ARRAY(arena, const lme_record_line *, base->n_lines);
    lme_pairing pairing = {0};
    size_t i = 0, j = 0;
    while (i < base->n_lines && j < other->n_lines) {
        int order = lme_str_compare(a[i]->doc_hash, b[j]->doc_hash);
        if (order == 0) {
            partner[a[i]->order] = b[j];
            pairing.n++;
        }
        i += order <= 0 ? 1 : 0;
        j += order >= 0 ? 1 : 0;
    }
    pairing.only_base = base->n_lines - pairing.n;
    pairing.only_other = other->n_lines - pairing.n;
    pairing.base = LME_ARRAY(arena, const lme_record_line *, pairing.n);
    pairing.other = LME_ARRAY(arena, const lme_record_line *, pairing.n);
    size_t n = 0;
    for (i = 0; i < base->n_lines; i++) {
        if (partner[i] == NULL)
            continue;
        pairing.base[n] = &base->lines[i];
        pairing.other[n++] = partner[i];
        pairing.other_prompts += differ(base->lines[i].prompt_hash, partner[i]->prompt_hash);
        pairing.other_targets += differ(base->lines[i].target_hash, partner[i]->target_hash);
    }
    return pairing;
}

typedef struct named {
    lme_str name;
    size_t item;
} named;

static int by_name(const void *a, const void *b)
{
    const named *x = a, *y = b;
    int order = lme_str_compare(x->name, y->name);
    if (order != 0)
        return order;
    return (x->item > y->item) - (x->item < y->item);
}

lme_clusters lme_pair_clusters(lme_arena *arena, const lme_pairing *pairing)
{
    named *names = LME_ARRAY(arena, named, pairing->n);
    size_t n_named = 0;
    for (size_t i = 0; i < pairing->n; i++) {
        names[i] = (named){pairing->base[i]->cluster, i};
        n_named += names[i].name.len > 0 ? 1 : 0;
    }
    if (n_named == 0)
        return (lme_clusters){0};
    qsort(names, pairing->n, sizeof names[0], by_name);
    uint32_t *of = LME_ARRAY(arena, uint32_t, pairing->n);
    uint32_t n = 0;
    for (size_t i = 0; i < pairing->n; i++) {
        if (i > 0 && (names[i].name.len == 0 || !lme_str_equal(names[i].name, names[i - 1].name)))
            n++;
        of[names[i].item] = n;
    }
    return (lme_clusters){of, n + 1u};
}
