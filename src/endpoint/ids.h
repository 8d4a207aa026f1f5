/* Token ids of a text. */
#ifndef LMEVAL_ENDPOINT_IDS_H
#define LMEVAL_ENDPOINT_IDS_H

#include <lmeval/str.h>

/* n of them. */
typedef struct lme_ids {
    int64_t *ids;
    size_t n;
} lme_ids;

/* As JSON: [1, 2, 3] */
void lme_ids_write(lme_builder *out, const lme_ids *ids);

#endif
