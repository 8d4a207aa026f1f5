/* What is read off every sample before any is written: margins, and scores by the values of the
 * rows' columns. */
#ifndef LMEVAL_PAGE_SURVEY_H
#define LMEVAL_PAGE_SURVEY_H

#include "entry.h"

/* Documents that have the same value in a column, and their scores. */
typedef struct lme_survey_value {
    lme_str text;
    size_t n_documents;
    size_t *n;            /* n_records: with a score */
    double *sum, *square; /* n_records: of the scores, of their squares */
} lme_survey_value;

typedef struct lme_survey_column {
    lme_str name;
    lme_survey_value *values; /* n_values, in the order of their first */
    size_t n_values;
    bool is_dropped; /* too many values, or they are no short texts or numbers */
} lme_survey_column;

typedef struct lme_survey {
    double **margins; /* n_records arrays of n_margins; NULL: the run has none */
    size_t *n_margins;
    lme_survey_column *columns; /* n_columns */
    size_t n_columns;
} lme_survey;

/* Reads all samples of all runs; sets the margins of entries, which are still unsorted.
 *   surveys  one a task of the view
 * Errors: those of lme_recorded_read. */
bool lme_survey_make(const lme_view *view, lme_entries *entries, lme_survey **surveys,
                     lme_error *err) LME_MUST_CHECK;

/* Whether a column divides the documents into groups that are worth a table. */
bool lme_survey_divides(const lme_survey_column *column, size_t n_documents);

void lme_page_margins(const lme_view *view, const lme_survey *surveys, lme_builder *out);
void lme_page_breakdown(const lme_view *view, const lme_survey *surveys, lme_builder *out);

#endif
