#include "again.h"

#include <lmeval/task.h>

/* Of a samples file alone. */
static lme_output_kind likely_output(const lme_recorded_sample *recorded)
{
    lme_recorded_kind kind =
        recorded->n_requests > 0 ? recorded->requests[0].kind : LME_RECORDED_GENERATE;
    if (recorded->n_choices > 0)
        return LME_OUTPUT_MULTIPLE_CHOICE;
    return kind == LME_RECORDED_GENERATE  ? LME_OUTPUT_GENERATE_UNTIL
           : kind == LME_RECORDED_ROLLING ? LME_OUTPUT_LOGLIKELIHOOD_ROLLING
                                          : LME_OUTPUT_LOGLIKELIHOOD;
}

static const lme_message *messages_of(lme_arena *arena, const lme_recorded_request *recorded)
{
    if (recorded->n_messages == 0)
        return NULL;
    lme_message *messages = LME_ARRAY(arena, lme_message, recorded->n_messages);
    for (size_t i = 0; i < recorded->n_messages; i++)
        messages[i] = (lme_message){recorded->messages[i].role, recorded->messages[i].content};
    return messages;
}

static bool make_request(lme_arena *arena, const lme_recorded_request *recorded,
                         lme_request *request, lme_error *err)
{
    static const lme_request_kind kinds[] = {
        [LME_RECORDED_LOGLIKELIHOOD] = LME_REQUEST_LOGLIKELIHOOD,
        [LME_RECORDED_ROLLING] = LME_REQUEST_ROLLING,
        [LME_RECORDED_GENERATE] = LME_REQUEST_GENERATE,
    };
    *request = (lme_request){
        .kind = kinds[recorded->kind],
        .context = recorded->n_messages > 0 ? LME_STR("") : recorded->prompt,
        .messages = messages_of(arena, recorded),
        .n_messages = recorded->n_messages,
        .continuation = recorded->continuation,
    };
    if (recorded->kind != LME_RECORDED_GENERATE)
        return true;
    lme_generation *generation = LME_NEW(arena, lme_generation);
    request->generation = generation;
    return lme_generation_of(arena, &recorded->generation, generation, err);
}

static lme_response make_response(const lme_recorded_response *recorded)
{
    return (lme_response){
        .state = recorded->is_missing ? LME_RESPONSE_FAILED : LME_RESPONSE_OK,
        .logprob_nats = recorded->logprob_nats,
        .is_greedy = recorded->is_greedy,
        .text = recorded->text,
        .finish = LME_STR(""),
        .failure = LME_STR(""),
    };
}

/* Choices that follow one context were asked for among each other. */
static void tell_alternatives(lme_arena *arena, const lme_recorded_sample *recorded,
                              const lme_sample *sample, lme_request *requests)
{
    lme_str *continuations = LME_ARRAY(arena, lme_str, recorded->n_choices);
    for (size_t i = 0; i < recorded->n_choices; i++) {
        continuations[i] = recorded->requests[i].continuation;
        if (!lme_str_equal(recorded->requests[i].prompt, recorded->requests[0].prompt))
            return;
    }
    for (size_t i = 0; i < recorded->n_choices * sample->n_repeats; i++) {
        requests[i].alternatives = continuations;
        requests[i].n_alternatives = recorded->n_choices;
        requests[i].alternative = i / sample->n_repeats;
    }
}

/* Repeats unfold: as many requests as there are responses. */
static bool make_requests(lme_arena *arena, const lme_recorded_sample *recorded, lme_sample *sample,
                          lme_error *err)
{
    size_t repeats = recorded->n_requests > 0 ? recorded->requests[0].n_responses : 0;
    sample->n_repeats = repeats > 0 ? repeats : 1;
    sample->n_requests = recorded->n_requests * sample->n_repeats;
    lme_request *requests = LME_ARRAY(arena, lme_request, sample->n_requests);
    sample->requests = requests;
    sample->responses = LME_ARRAY(arena, lme_response, sample->n_requests);
    for (size_t i = 0; i < recorded->n_requests; i++) {
        const lme_recorded_request *one = &recorded->requests[i];
        lme_request *first = &requests[i * sample->n_repeats];
        if (one->n_responses != repeats)
            return lme_fail(err, LME_ERR_DATA, NULL, "request %zu has %zu responses, the first %zu",
                            i, one->n_responses, repeats);
        if (!make_request(arena, one, first, err))
            return false;
        for (size_t r = 0; r < sample->n_repeats; r++) {
            first[r] = first[0];
            first[r].repeat = r;
            if (r < repeats)
                sample->responses[i * sample->n_repeats + r] = make_response(&one->responses[r]);
        }
    }
    tell_alternatives(arena, recorded, sample, requests);
    return true;
}

bool lme_again_sample(lme_arena *arena, const lme_record_task *task,
                      const lme_recorded_sample *recorded, lme_str delimiter, lme_sample *sample,
                      lme_error *err)
{
    *sample = (lme_sample){
        .task = task->name,
        .doc = {.id = (size_t)recorded->doc_id, .row = recorded->doc},
        .target = lme_string(recorded->target),
        .n_choices = recorded->n_choices,
        .n_gold = recorded->n_gold,
        .failure = recorded->failure,
    };
    if (task->output_type.len == 0)
        sample->output = likely_output(recorded);
    else if (!lme_output_kind_find(task->output_type, &sample->output))
        return lme_fail(err, LME_ERR_DATA, NULL, "the output type \"%.*s\" is not known",
                        LME_STR_ARG(task->output_type));
    lme_str *choices = LME_ARRAY(arena, lme_str, recorded->n_choices);
    for (size_t i = 0; i < recorded->n_choices; i++)
        choices[i] = lme_recorded_choice(recorded, i, delimiter);
    int64_t *gold = LME_ARRAY(arena, int64_t, recorded->n_gold);
    for (size_t i = 0; i < recorded->n_gold; i++)
        gold[i] = (int64_t)recorded->gold[i];
    sample->choices = choices;
    sample->gold = gold;
    sample->multiple_targets = recorded->n_gold > 1;
    if (recorded->n_gold == 1)
        sample->target = lme_int(gold[0]);
    if (recorded->n_choices > 0)
        sample->n_unconditional = recorded->n_requests - recorded->n_choices;
    return make_requests(arena, recorded, sample, err);
}

/* The name that results show: "name" where the entry has one. */
static lme_str shown_name(const lme_value *entry)
{
    const lme_value *name = lme_value_find(entry, "name");
    if (name == NULL)
        name = lme_value_find(entry, "metric");
    return name != NULL && name->kind == LME_STRING ? name->string : LME_STR("");
}

bool lme_again_metric(lme_arena *arena, const lme_record_task *task, lme_str metric,
                      lme_output_kind output, lme_metric_use *use, lme_error *err)
{
    const lme_value *list = lme_value_find(&task->config, "metric_list");
    for (size_t i = 0; list != NULL && list->kind == LME_LIST && i < list->list.len; i++) {
        const lme_value *entry = &list->list.items[i];
        if (entry->kind == LME_MAP && lme_str_equal(shown_name(entry), metric))
            return lme_metric_use_read(arena, entry, output, NULL, use, err);
    }
    lme_map_builder map = {.arena = arena};
    lme_map_add(&map, LME_STR("metric"), lme_string(metric));
    lme_value usual = lme_map_finish(&map);
    return lme_metric_use_read(arena, &usual, output, NULL, use, err);
}
