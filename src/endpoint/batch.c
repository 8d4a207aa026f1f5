#include "batch.h"

#include "path_proof.h"

#include <math.h>

lme_batch *lme_batch_new(lme_arena *arena, size_t capacity)
{
    lme_batch *batch = LME_NEW(arena, lme_batch);
    *batch = (lme_batch){.capacity = capacity};
    batch->items = LME_ARRAY(arena, lme_batch_item, capacity);
    return batch;
}

bool lme_batch_split(lme_arena *arena, const lme_value *answer, size_t n, lme_value *parts)
{
    const lme_value *choices = lme_value_find(answer, "choices");
    if (choices == NULL || choices->kind != LME_LIST || choices->list.len != n)
        return false;
    for (size_t i = 0; i < n; i++)
        parts[i] = lme_null();
    for (size_t i = 0; i < n; i++) {
        const lme_value *choice = &choices->list.items[i];
        const lme_value *index = lme_value_find(choice, "index");
        if (index == NULL || index->kind != LME_INT || index->integer < 0 ||
            index->integer >= (int64_t)n || parts[index->integer].kind != LME_NULL)
            return false;
        lme_list_builder one = {.arena = arena};
        lme_list_add(&one, *choice);
        lme_map_builder part = {.arena = arena};
        lme_map_add(&part, LME_STR("choices"), lme_list_finish(&one));
        parts[index->integer] = lme_map_finish(&part);
    }
    return true;
}

enum {
    N_PROOFS = 3
};

/* Three questions of different lengths whose numbers differ by far more than noise. */
static void make_questions(const lme_prober *prober, lme_request questions[N_PROOFS])
{
    static const char *const contexts[N_PROOFS] = {"The days of the week are Monday, Tuesday,",
                                                   "One", "Two and two make"};
    static const char *const ends[N_PROOFS] = {" Wednesday", " after another, they came", " kxqj"};
    for (size_t i = 0; i < N_PROOFS; i++)
        questions[i] = lme_scored_request(prober, contexts[i], lme_str_from(ends[i]));
}

static bool ask_alone(lme_prober *prober, const lme_request *question, double *nats, lme_error *err)
{
    const lme_endpoint *endpoint = prober->endpoint;
    lme_probed probed;
    lme_response response;
    lme_error why = {0};
    lme_str body = endpoint->path->encode(prober->arena, &endpoint->form, question);
    lme_question asked = {endpoint->path, &endpoint->form, question};
    *nats = (double)NAN;
    if (!lme_prober_ask(prober, endpoint->path->url(&endpoint->url, question), body, &probed, err))
        return false;
    if (probed.outcome == LME_OUTCOME_OK &&
        lme_path_decode(prober->arena, &asked, &probed.value, &response, &why))
        *nats = response.logprob_nats;
    return true;
}

static bool is_same(const lme_prober *prober, const lme_request *question, const lme_value *part,
                    double wanted)
{
    lme_response response;
    lme_error why = {0};
    lme_question asked = {prober->endpoint->path, &prober->endpoint->form, question};
    return lme_path_decode(prober->arena, &asked, part, &response, &why) &&
           lme_is_close(response.logprob_nats, wanted);
}

bool lme_batch_prove(lme_prober *prober, bool *proved, lme_error *err)
{
    const lme_endpoint *endpoint = prober->endpoint;
    lme_request questions[N_PROOFS];
    const lme_request *all[N_PROOFS];
    lme_value parts[N_PROOFS];
    double alone[N_PROOFS];
    lme_probed probed;
    *proved = false;
    make_questions(prober, questions);
    for (size_t i = 0; i < N_PROOFS; i++) {
        all[i] = &questions[i];
        if (!ask_alone(prober, &questions[i], &alone[i], err))
            return false;
    }
    lme_str body = endpoint->path->encode_many(prober->arena, &endpoint->form, all, N_PROOFS);
    if (!lme_prober_ask(prober, endpoint->path->url(&endpoint->url, all[0]), body, &probed, err))
        return false;
    if (probed.outcome != LME_OUTCOME_OK) {
        lme_prober_find(prober, "prompt arrays", false, "%.*s", LME_STR_ARG(probed.failure));
        return true;
    }
    bool ok = lme_batch_split(prober->arena, &probed.value, N_PROOFS, parts);
    for (size_t i = 0; ok && i < N_PROOFS; i++)
        ok = is_same(prober, &questions[i], &parts[i], alone[i]);
    lme_prober_find(prober, "prompt arrays", ok, "%s",
                    ok ? "each prompt has its own answer, by index"
                       : "the answers are not those of the prompts alone");
    *proved = ok;
    return true;
}
