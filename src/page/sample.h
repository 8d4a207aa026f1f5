/* One document in all runs: as HTML, and as the line that the page's own script shows it from. */
#ifndef LMEVAL_PAGE_SAMPLE_H
#define LMEVAL_PAGE_SAMPLE_H

#include "entry.h"

#include <lmeval/recorded.h>

typedef struct lme_page_sample {
    const lme_view *view;
    const lme_view_task *task;
    const lme_entry *entry;
    const lme_recorded_sample *const *runs; /* n_records; NULL: that run does not have it */
    size_t max_text;                        /* characters of a text that are kept */
    size_t *n_cut;                          /* counted up for each text that was cut */
} lme_page_sample;

void lme_sample_html(const lme_page_sample *sample, lme_builder *out);

/* JSON without a newline; src/page/html/page.js says what stands where. */
void lme_sample_line(const lme_page_sample *sample, lme_builder *out);

/* A text as it is shown: of one that is too long a part. */
typedef struct lme_shown_text {
    lme_str kept;
    size_t n_cut;  /* characters */
    bool from_end; /* the end is kept: of a prompt, where the question is */
} lme_shown_text;

lme_shown_text lme_sample_text(const lme_page_sample *sample, lme_str text, bool from_end);

/* What was asked: of choices that which is common to all. */
lme_str lme_sample_prompt(lme_arena *arena, const lme_recorded_sample *recorded);

bool lme_sample_is_generated(const lme_recorded_sample *recorded);

double lme_sample_logprob(const lme_recorded_sample *recorded, size_t choice); /* NAN: none */

#endif
