/* What each finding of the probe asks and what its outcome means, once for table, JSON and
 * docs. */
#ifndef LMEVAL_ENDPOINT_FINDING_H
#define LMEVAL_ENDPOINT_FINDING_H

#include <lmeval/endpoint.h>

typedef struct lme_finding_row {
    const char *name;
    lme_finding_part part;
    const char *asked; /* a question, a few words */
    const char *yes;   /* what a good outcome means for a run; "": no more than it says */
    const char *no;    /* the same of a bad one */
} lme_finding_row;

/* The row of a finding; a scoring path has one of its own. NULL: there is none by that name. */
const lme_finding_row *lme_finding_row_of(lme_str name);

#endif
