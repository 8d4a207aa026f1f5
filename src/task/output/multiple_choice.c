/* One log-probability a choice: of the choice after the prompt; or, where doc_to_text gives an
 * index (multiple inputs), of the one target after each choice. Where a metric wants it, one more a
 * choice: of the choice after nothing. */
#include "output.h"

enum {
    NO_CHOICE = -100 /* lm_eval's mark of a gold that is no choice */
};

/* The choice that a target names: by index, or by its text. */
static int64_t gold_index(const lme_value *target, const lme_prompt *prompt)
{
    int64_t n = (int64_t)prompt->n_choices;
    int64_t index = NO_CHOICE;
    if (target->kind == LME_INT)
        index = target->integer;
    else if (target->kind == LME_BOOL)
        index = target->boolean;
    else if (target->kind == LME_FLOAT && target->number >= 0 && target->number < (double)n &&
             !((double)(int64_t)target->number < target->number))
        index = (int64_t)target->number;
    for (size_t i = 0; target->kind == LME_STRING && i < prompt->n_choices; i++) {
        if (lme_str_equal(prompt->choices[i], target->string))
            return (int64_t)i;
    }
    return index >= 0 && index < n ? index : NO_CHOICE;
}

static void set_gold(lme_arena *arena, const lme_prompt *prompt, lme_sample *sample)
{
    const lme_value *right = prompt->multiple_inputs ? &prompt->text : &prompt->target;
    bool is_list = prompt->multiple_targets && right->kind == LME_LIST;
    sample->n_gold = is_list ? right->list.len : 1;
    int64_t *gold = LME_ARRAY(arena, int64_t, sample->n_gold);
    for (size_t i = 0; i < sample->n_gold; i++)
        gold[i] = gold_index(is_list ? &right->list.items[i] : right, prompt);
    sample->gold = gold;
}

static bool plan(lme_arena *arena, const lme_prompt *prompt, lme_sample *sample, lme_error *err)
{
    if (prompt->n_choices == 0)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "the document has no choices, expected at least one");
    size_t n = prompt->n_choices;
    sample->n_unconditional = prompt->asks_unconditional ? n : 0;
    lme_request *requests =
        lme_requests_new(arena, sample, n + sample->n_unconditional, prompt->repeats);
    lme_str *continuations = LME_ARRAY(arena, lme_str, n);
    for (size_t i = 0; i < n; i++) {
        lme_str end = prompt->multiple_inputs ? prompt->target_text : prompt->choices[i];
        lme_request request = lme_request_after(LME_REQUEST_LOGLIKELIHOOD,
                                                &prompt->contexts[prompt->multiple_inputs ? i : 0]);
        request.continuation = lme_str_concat(arena, prompt->target_delimiter, end);
        continuations[i] = request.continuation;
        if (!prompt->multiple_inputs) {
            request.alternatives = continuations;
            request.n_alternatives = n;
            request.alternative = i;
        }
        lme_requests_set(requests, i, prompt->repeats, &request);
    }
    for (size_t i = 0; i < sample->n_unconditional; i++) {
        lme_request request = {
            .kind = LME_REQUEST_LOGLIKELIHOOD,
            .context = LME_STR(""),
            .continuation = lme_str_concat(arena, prompt->target_delimiter, prompt->choices[i]),
        };
        lme_requests_set(requests, n + i, prompt->repeats, &request);
    }
    set_gold(arena, prompt, sample);
    return true;
}

const lme_output_type lme_output_multiple_choice = {
    .name = "multiple_choice",
    .summary = "the log-probability of each choice; the highest is the answer",
    .kind = LME_OUTPUT_MULTIPLE_CHOICE,
    .needs_choices = true,
    .needs_text = true,
    .plan = plan,
};
