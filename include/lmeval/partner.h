/* The same document in another run: found by its hash, as comparisons pair. */
#ifndef LMEVAL_PARTNER_H
#define LMEVAL_PARTNER_H

#include <lmeval/record.h>

typedef struct lme_partners {
    const lme_record_document **documents; /* n, by the hash of their first line */
    size_t n;
} lme_partners;

void lme_partners_sort(lme_arena *arena, const lme_record_task *task, lme_partners *partners);

/* NULL when the other run has no such document. Of equal ones the one with the same id, else the
 * first. */
const lme_record_document *lme_partners_find(const lme_partners *partners,
                                             const lme_record_document *document);

#endif
