/* What no run depends on, and people ask of a server: each is one tiny completion, and only noted.
 */
#include "candidates.h"
#include "logprobs.h"
#include "probe.h"

#include <lmeval/json.h>

#define COUNT "one two three four"

/* A completion request with these fields behind the model. */
static bool ask(lme_prober *prober, const char *fields, lme_probed *probed, lme_error *err)
{
    lme_endpoint *endpoint = prober->endpoint;
    lme_builder body = {.arena = prober->arena};
    lme_builder_add(&body, LME_STR("{\"model\": "));
    lme_json_write_string(&body, endpoint->form.model, true);
    lme_builder_format(&body, ", \"temperature\": 0, %s}", fields);
    return lme_prober_ask(prober, endpoint->url.completions, lme_builder_finish(&body), probed,
                          err);
}

/* True for an answer; else it is noted as not there. */
static bool came(lme_prober *prober, const char *name, const lme_probed *probed)
{
    if (probed->outcome == LME_OUTCOME_OK && lme_first_choice(&probed->value) != NULL)
        return true;
    lme_prober_find(prober, name, false, "%.*s",
                    LME_STR_ARG(probed->failure.len > 0 ? probed->failure
                                                        : LME_STR("the answer has no choices")));
    return false;
}

static lme_str text_of_choice(const lme_value *answer, size_t index)
{
    const lme_value *choices = lme_value_find(answer, "choices");
    for (size_t i = 0; choices != NULL && choices->kind == LME_LIST && i < choices->list.len; i++) {
        const lme_value *at = lme_value_find(&choices->list.items[i], "index");
        const lme_value *text = lme_value_find(&choices->list.items[i], "text");
        if (at != NULL && at->kind == LME_INT && at->integer == (int64_t)index && text != NULL &&
            text->kind == LME_STRING)
            return text->string;
    }
    return LME_STR("");
}

/* Echo shows whose prompt an index is. */
static bool find_arrays(lme_prober *prober, lme_error *err)
{
    lme_probed probed;
    if (!ask(prober,
             "\"prompt\": [\"" COUNT "\", \"red and blue\"], \"max_tokens\": 1, \"echo\": true",
             &probed, err))
        return false;
    if (!came(prober, "prompt arrays", &probed))
        return true;
    lme_str first = text_of_choice(&probed.value, 0), second = text_of_choice(&probed.value, 1);
    bool both = first.len > 0 && second.len > 0;
    bool good =
        lme_str_starts(first, LME_STR(COUNT)) && lme_str_starts(second, LME_STR("red and blue"));
    lme_prober_find(prober, "prompt arrays", good,
                    good   ? "are answered, by index"
                    : both ? "are answered, in an order that cannot be told"
                           : "are not answered prompt by prompt");
    return true;
}

static bool find_token_ids(lme_prober *prober, lme_error *err)
{
    /* Where the scoring path was proved with ids, that is more than this tells. */
    if (lme_profile_finding(prober->profile, "token ids") != NULL)
        return true;
    lme_probed probed;
    if (!ask(prober, "\"prompt\": [10, 11, 12], \"max_tokens\": 1", &probed, err))
        return false;
    if (came(prober, "token ids", &probed))
        lme_prober_find(prober, "token ids", true, "are taken as a prompt");
    return true;
}

static bool find_zero(lme_prober *prober, lme_error *err)
{
    lme_probed probed;
    if (!ask(prober, "\"prompt\": \"" COUNT "\", \"max_tokens\": 0, \"stop\": [\".\", \"\\n\"]",
             &probed, err))
        return false;
    if (!came(prober, "max_tokens 0", &probed))
        return true;
    bool none = text_of_choice(&probed.value, 0).len == 0;
    lme_prober_find(prober, "max_tokens 0", none,
                    none ? "generates nothing" : "generates all the same");
    return true;
}

/* Servers take a number and tell fewer, or nothing (LM Studio). */
static void count_tops(lme_prober *prober, const lme_value *answer, int asked, const char *more)
{
    lme_candidates told;
    lme_error why = {0};
    if (!lme_candidates_read(prober->arena, answer, &told, &why))
        lme_prober_find(prober, "top logprobs", false, "%d are taken%s, and none is told: %s",
                        asked, more, why.message);
    else if (told.n < (size_t)asked)
        lme_prober_find(prober, "top logprobs", true, "%d are taken%s, and %zu told", asked, more,
                        told.n);
    else
        lme_prober_find(prober, "top logprobs", true, "%d are told%s", asked, more);
}

static bool find_tops(lme_prober *prober, lme_error *err)
{
    static const int limits[] = {100, 20, 5, 1};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        lme_probed probed;
        lme_str fields = lme_str_format(
            prober->arena, "\"prompt\": \"" COUNT "\", \"max_tokens\": 1, \"logprobs\": %d",
            limits[i]);
        if (!ask(prober, fields.ptr, &probed, err))
            return false;
        if (probed.outcome != LME_OUTCOME_OK)
            continue;
        count_tops(prober, &probed.value, limits[i], i > 0 ? ", more are refused" : "");
        return true;
    }
    lme_prober_find(prober, "top logprobs", false, "are refused");
    return true;
}

static bool find_stops_and_usage(lme_prober *prober, lme_error *err)
{
    lme_probed probed;
    if (!ask(prober,
             "\"prompt\": \"" COUNT "\", \"max_tokens\": 1, "
             "\"stop\": [\"1\", \"2\", \"3\", \"4\", \"5\"]",
             &probed, err))
        return false;
    if (came(prober, "stop texts", &probed))
        lme_prober_find(prober, "stop texts", true, "five are taken");
    if (!ask(prober, "\"prompt\": \"" COUNT "\", \"max_tokens\": 1", &probed, err))
        return false;
    int64_t n = lme_usage(&probed.value, "prompt_tokens");
    lme_prober_find(prober, "usage", n > 0, n > 0 ? "tells %lld prompt tokens" : "is not told",
                    (long long)n);
    return true;
}

bool lme_find_extras(lme_prober *prober, lme_error *err)
{
    return find_arrays(prober, err) && find_token_ids(prober, err) && find_zero(prober, err) &&
           find_tops(prober, err) && find_stops_and_usage(prober, err);
}
