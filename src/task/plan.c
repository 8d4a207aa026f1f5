/* One document's sample: what is right and what is asked. */
#include "docs.h"

bool lme_task_plan(lme_arena *arena, const lme_docs *docs, const lme_doc *doc, lme_sample *sample,
                   lme_error *err)
{
    const lme_task *task = docs->task;
    lme_prompt prompt;
    sample->task = task->name;
    sample->output = task->output;
    sample->doc = *doc;
    if (!lme_prompt_make(arena, docs, doc, &prompt, err))
        return lme_while(err, "making the prompt of document %zu", doc->id);
    sample->target = prompt.target;
    sample->choices = prompt.choices;
    sample->n_choices = prompt.n_choices;
    sample->multiple_targets = prompt.multiple_targets;
    return task->details->output_type->plan(arena, &prompt, sample, err) ||
           lme_while(err, "planning the requests of document %zu", doc->id);
}
