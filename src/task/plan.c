/* One document's sample: what is right and what is asked. */
#include "docs.h"

/* Without one its scores could not be told apart from those that they depend on: found here, before
 * its answers are paid for. */
static bool check_clusters(const lme_task *task, const lme_doc *doc, lme_error *err)
{
    for (size_t i = 0; i < task->n_metrics; i++) {
        const lme_metric_use *use = &task->metrics[i];
        if (use->cluster.len > 0 && lme_value_get(&doc->row, use->cluster) == NULL)
            return lme_fail(err, LME_ERR_DATA, &use->cluster_at,
                            "document %zu has no column \"%.*s\", which `cluster` names: it is not "
                            "asked",
                            doc->id, LME_STR_ARG(use->cluster));
    }
    return true;
}

bool lme_task_plan(lme_arena *arena, const lme_docs *docs, const lme_doc *doc, lme_sample *sample,
                   lme_error *err)
{
    const lme_task *task = docs->task;
    lme_prompt prompt;
    sample->task = task->name;
    sample->output = task->output;
    sample->doc = *doc;
    if (!check_clusters(task, doc, err))
        return false;
    if (!lme_prompt_make(arena, docs, doc, &prompt, err))
        return lme_while(err, "making the prompt of document %zu", doc->id);
    sample->target = prompt.target;
    sample->choices = prompt.choices;
    sample->n_choices = prompt.n_choices;
    sample->multiple_targets = prompt.multiple_targets;
    return task->details->output_type->plan(arena, &prompt, sample, err) ||
           lme_while(err, "planning the requests of document %zu", doc->id);
}
