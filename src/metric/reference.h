/* What an answer is compared with. */
#ifndef LMEVAL_METRIC_REFERENCE_H
#define LMEVAL_METRIC_REFERENCE_H

#include <lmeval/metric.h>

/* The one reference of a document: the choice that the target numbers, or the target itself. */
lme_value lme_metric_reference(const lme_sample *sample);

/* The accepted answers as texts in the arena: those of a target that is a list of them; else the
 * one reference. As in lm_eval, a text in a task whose targets are lists is taken apart into its
 * characters. *n is 0 for an empty list. */
lme_str *lme_metric_references(lme_arena *arena, const lme_sample *sample, size_t *n);

#endif
