/* One document in full: requests with their bodies and tokens, filters step by step, metrics with
 * what they are made of. */
#ifndef LMEVAL_CLI_LOOK_EXPLAIN_H
#define LMEVAL_CLI_LOOK_EXPLAIN_H

#include "ask.h"
#include "form.h"

typedef struct lme_explanation {
    lme_look_view view; /* full: all tokens, not just those around the boundary */
    const lme_look_item *item;
    const lme_sample *sample; /* the item's, again; NULL: `unlike` says why it cannot be */
    lme_str unlike;
    const lme_asked_again *asked; /* sample->n_requests */
} lme_explanation;

void lme_explain(const lme_explanation *e, lme_builder *out);

/* Each filter of each pipeline: its options, what it left. */
void lme_explain_filters(const lme_explanation *e, lme_builder *out);

/* Each metric: what it is, its options, the numbers or texts that it works on, its value. */
void lme_explain_metrics(const lme_explanation *e, lme_builder *out);

/* The tokens of an answer, the boundary between context and continuation marked. */
void lme_explain_tokens(const lme_explanation *e, const lme_asked_again *asked, lme_builder *out);

/* "name   text", folded. */
void lme_explain_row(lme_builder *out, const char *name, lme_str text);

#endif
