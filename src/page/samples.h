/* The section of the samples, and the packs that the page's script finds them all in. */
#ifndef LMEVAL_PAGE_SAMPLES_H
#define LMEVAL_PAGE_SAMPLES_H

#include "entry.h"

/* Writes the section; into `data` the elements that hold the samples, which come after all that is
 * to be seen, so that a browser shows that first. entries are sorted.
 * Errors: those of lme_recorded_read. */
bool lme_page_samples(const lme_view *view, const lme_entries *entries, lme_page_counts *counts,
                      lme_builder *out, lme_builder *data, lme_error *err) LME_MUST_CHECK;

#endif
