/* What all parts of the page look at: the tasks of all runs side by side. */
#ifndef LMEVAL_PAGE_VIEW_H
#define LMEVAL_PAGE_VIEW_H

#include <lmeval/headline.h>
#include <lmeval/page.h>

typedef struct lme_view_task {
    lme_str name;
    const lme_record_task **runs; /* n_records of the page; NULL: that run does not have it */
    lme_headline *headlines;      /* n_records: what says right or wrong; of NULLs empty */
    size_t lead;                  /* the first run that has it: its documents are listed */
} lme_view_task;

typedef struct lme_view {
    lme_arena *arena;
    const lme_page *page;
    const lme_view_task *tasks; /* n_tasks, in the order of the runs */
    size_t n_tasks;
    const lme_str *labels; /* n_records short names of the runs, all different */
} lme_view;

/* Errors: those of lme_headline_find. */
bool lme_view_make(lme_arena *arena, const lme_page *page, lme_view *view,
                   lme_error *err) LME_MUST_CHECK;

/* Are all of a metric's scores of documents in [0, 1], and more is better? Then it is shown in
 * percent. False where no document has one. */
bool lme_view_is_share(const lme_record_task *task, const lme_record_score *score);

/* "acc", "exact_match, strict-match" */
lme_str lme_view_metric(lme_arena *arena, lme_str metric, lme_str pipeline);

/* Parts of the page; each writes its section, or nothing when there is nothing to show. */
void lme_page_scores(const lme_view *view, lme_builder *out);
void lme_page_groups(const lme_view *view, lme_builder *out);
void lme_page_recovery(const lme_view *view, lme_builder *out);
void lme_page_flips(const lme_view *view, lme_builder *out);
void lme_page_provenance(const lme_view *view, lme_builder *out);

/* Text between the tags of a table that scrolls within the page when it is too wide. */
void lme_page_table_begin(lme_builder *out, const char *style, lme_str caption,
                          const char *const *columns, size_t n);
void lme_page_table_end(lme_builder *out);

#endif
