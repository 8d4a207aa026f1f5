/* Both shapes become one list. In a map two tokens with one text have fallen together; in a list
 * both are seen. */
#include "candidates.h"

#include "logprobs.h"

#include <math.h>
#include <stdlib.h>

static int by_nats(const void *a, const void *b)
{
    const lme_candidate_token *x = a, *y = b;
    return (x->nats < y->nats) - (x->nats > y->nats);
}

static bool add(lme_candidate_token *token, lme_str text, const lme_value *value, lme_error *err)
{
    lme_logprobs one = {.values = value, .n = 1};
    token->text = text;
    return lme_logprobs_value(&one, 0, &token->nats, err);
}

/* {text: number} */
static bool from_map(lme_arena *arena, const lme_value *map, lme_candidates *c, lme_error *err)
{
    lme_candidate_token *tokens = LME_ARRAY(arena, lme_candidate_token, map->map.len);
    for (size_t i = 0; i < map->map.len; i++) {
        if (!add(&tokens[c->n++], map->map.pairs[i].key.string, &map->map.pairs[i].value, err))
            return false;
    }
    qsort(tokens, c->n, sizeof *tokens, by_nats);
    c->tokens = tokens;
    return true;
}

/* [{token, logprob}, ...] */
static bool from_list(lme_arena *arena, const lme_value *list, lme_candidates *c, lme_error *err)
{
    lme_candidate_token *tokens = LME_ARRAY(arena, lme_candidate_token, list->list.len);
    for (size_t i = 0; i < list->list.len; i++) {
        const lme_value *text = lme_value_find(&list->list.items[i], "token");
        const lme_value *value = lme_value_find(&list->list.items[i], "logprob");
        if (text == NULL || text->kind != LME_STRING || value == NULL)
            return lme_fail(err, LME_ERR_SERVER, NULL,
                            "the answer's top_logprobs[%zu] has no token and logprob", i);
        if (!add(&tokens[c->n++], text->string, value, err))
            return false;
    }
    qsort(tokens, c->n, sizeof *tokens, by_nats);
    c->tokens = tokens;
    return true;
}

/* Item 0 of a list; NULL when there is none. */
static const lme_value *first_of(const lme_value *list)
{
    return list != NULL && list->kind == LME_LIST && list->list.len > 0 ? &list->list.items[0]
                                                                        : NULL;
}

bool lme_candidates_read(lme_arena *arena, const lme_value *answer, lme_candidates *candidates,
                         lme_error *err)
{
    const lme_value *logprobs = lme_value_find(lme_first_choice(answer), "logprobs");
    const lme_value *map = first_of(lme_value_find(logprobs, "top_logprobs"));
    const lme_value *list =
        lme_value_find(first_of(lme_value_find(logprobs, "content")), "top_logprobs");
    *candidates = (lme_candidates){0};
    if (map != NULL && map->kind == LME_MAP && map->map.len > 0)
        return from_map(arena, map, candidates, err);
    if (list != NULL && list->kind == LME_LIST && list->list.len > 0)
        return from_list(arena, list, candidates, err);
    return lme_fail(err, LME_ERR_SERVER, NULL,
                    "the answer has no top_logprobs of a first generated token: "
                    "choices[0].logprobs %s%s",
                    logprobs != NULL && logprobs->kind == LME_MAP ? "holds none" : "is ",
                    logprobs == NULL            ? "missing"
                    : logprobs->kind == LME_MAP ? ""
                                                : lme_kind_name(logprobs->kind));
}

const lme_candidate_token *lme_candidates_find(const lme_candidates *candidates, lme_str text)
{
    const lme_candidate_token *found = NULL;
    for (size_t i = 0; i < candidates->n; i++) {
        if (!lme_str_equal(candidates->tokens[i].text, text))
            continue;
        if (found != NULL)
            return NULL;
        found = &candidates->tokens[i];
    }
    return found;
}
