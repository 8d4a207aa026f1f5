/* The inside of lme_docs, for the files that make documents and plan them. */
#ifndef LMEVAL_TASK_DOCS_H
#define LMEVAL_TASK_DOCS_H

#include "details.h"
#include "fewshot.h"
#include "rows.h"

struct lme_docs {
    const lme_task *task;
    lme_docs_options options;
    lme_rows rows;
    lme_str split;   /* the evaluated one */
    lme_pool pool;   /* when there are few-shot examples */
    lme_value first; /* document 0; its columns are what fields may name */
    size_t next_id;
    size_t total, planned;
    const size_t *ids; /* `planned` places, ascending: lme_docs_select; NULL: the first ones */
    size_t n_done;
    lme_field_rules rules;
    /* Decided once, from document 0, as in lm_eval. */
    bool multiple_inputs;  /* doc_to_text is the index of a choice */
    bool multiple_targets; /* doc_to_target is a list of right answers */
};

/* What to open for a split of the task. */
lme_source lme_docs_source(const lme_task *task, const lme_docs_options *options, lme_str split);

/* Opens the evaluated split anew, from its first row. */
bool lme_docs_reopen(lme_arena *arena, const lme_docs *docs, lme_rows *rows,
                     lme_error *err) LME_MUST_CHECK;

/* Gives an error about a value of dataset_kwargs the file that spells it. */
void lme_docs_place_error(const lme_task *task, lme_error *err);

/* One document's prompt: description, examples, question (prompt.c).
 *   prompt  text, target and choices are filled in too */
bool lme_prompt_make(lme_arena *arena, const lme_docs *docs, const lme_doc *doc, lme_prompt *prompt,
                     lme_error *err) LME_MUST_CHECK;

#endif
