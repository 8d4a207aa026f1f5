/* A sample's responses through a pipeline: the repeats of one request are one list, as in lm_eval,
 * and what the last filter leaves is the request's value. */
#include <lmeval/filter.h>

static lme_value response_value(lme_arena *arena, const lme_request *request,
                                const lme_response *response)
{
    switch (request->kind) {
    case LME_REQUEST_LOGLIKELIHOOD: {
        lme_list_builder pair = {.arena = arena};
        lme_list_add(&pair, lme_float(response->logprob_nats));
        lme_list_add(&pair, lme_bool(response->is_greedy));
        lme_value tuple = lme_list_finish(&pair);
        tuple.kind = LME_TUPLE;
        return tuple;
    }
    case LME_REQUEST_ROLLING:
        return lme_float(response->logprob_nats);
    case LME_REQUEST_GENERATE:
        return lme_string(response->text);
    case LME_REQUEST_KINDS:
        break;
    }
    LME_BUG(true, "unknown request kind");
}

static bool apply_to(lme_arena *arena, const lme_pipeline *pipeline, const lme_sample *sample,
                     size_t first, lme_filtering *filtering, lme_error *err)
{
    lme_list_builder list = {.arena = arena};
    for (size_t i = first; i < first + sample->n_repeats; i++)
        lme_list_add(&list, response_value(arena, &sample->requests[i], &sample->responses[i]));
    *filtering = (lme_filtering){
        .doc = &sample->doc.row,
        .value = lme_list_finish(&list),
        .matched = true,
    };
    for (size_t f = 0; f < pipeline->n_filters; f++) {
        const lme_filter_use *use = &pipeline->filters[f];
        if (!use->filter->apply(arena, use, filtering, err))
            return false;
    }
    return true;
}

bool lme_filter_apply(lme_arena *arena, const lme_pipeline *pipeline, const lme_sample *sample,
                      lme_answer *answer, lme_error *err)
{
    size_t repeats = sample->n_repeats;
    LME_BUG(repeats == 0 || sample->n_requests % repeats != 0,
            "the number of requests is no multiple of the repeats");
    size_t n = sample->n_requests / repeats;
    lme_value *values = LME_ARRAY(arena, lme_value, n);
    *answer = (lme_answer){
        .pipeline = pipeline->name,
        .values = values,
        .n_values = n,
        .matched = true,
    };
    for (size_t i = 0; i < n; i++) {
        lme_filtering filtering;
        if (!apply_to(arena, pipeline, sample, i * repeats, &filtering, err))
            return lme_while(err, "applying filter pipeline \"%.*s\"", LME_STR_ARG(pipeline->name));
        values[i] = filtering.value;
        answer->matched = answer->matched && filtering.matched;
    }
    return true;
}
