/* Finished runs as one HTML file: scores with their errors, what another model kept, margins, and
 * every sample to search in. The file needs no network and no program but a browser; without
 * JavaScript all of it but the search is there, with the first samples.
 *
 *     lme_page page = {.records = records, .n_records = 2, .comparisons = &comparison};
 *     lme_builder out = {.arena = arena};
 *     if (!lme_page_write(&page, &out, &counts, err)) ...
 *
 * The same runs give the same bytes, as long as zlib packs alike. What the runs hold is hostile: no
 * text of theirs is anything but text in the page, and its Content-Security-Policy names the hashes
 * of our own style and script.
 */
#ifndef LMEVAL_PAGE_H
#define LMEVAL_PAGE_H

#include <lmeval/compare.h>

typedef struct lme_page {
    const lme_record *records;         /* n_records with their lines read; the first is the base */
    size_t n_records;                  /* at least 1 */
    const lme_comparison *comparisons; /* n_records - 1: the base against each other */
    size_t max_text; /* characters of a prompt or an answer that are kept; 0: by what fits */
} lme_page;

/* What a user is told of the file. */
typedef struct lme_page_counts {
    size_t n_samples;
    size_t n_listed; /* of these in the page without JavaScript */
    size_t n_cut;    /* samples of which some text was cut, */
    size_t max_text; /* to so many characters */
} lme_page_counts;

/* Adds the page. Errors: those of lme_recorded_read: a samples file that is broken, or gone. */
bool lme_page_write(const lme_page *page, lme_builder *out, lme_page_counts *counts,
                    lme_error *err) LME_MUST_CHECK;

/* Does a file's beginning say that this program wrote it as a page? */
bool lme_page_is_one(lme_str beginning);

#endif
