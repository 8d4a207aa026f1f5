/* SGLang's own /generate with logprob_start_len 0.
 *
 * meta_info.input_token_logprobs lists [log-probability, token id, text] for each token of the
 * prompt, with null for the first one's value; input_top_logprobs lists the likeliest ones in the
 * same form. Its /v1/completions echoes the same numbers; this path is for builds that refuse echo,
 * and for whether a token is the likeliest where several print alike. Every list begins at the
 * first token: where the continuation begins is known by text alone.
 */
#include "../probe.h"
#include "../score.h"

#include <lmeval/json.h>

static const char *url(const lme_server_url *server, const lme_request *request)
{
    (void)request;
    return server->generate;
}

/* What follows the prompt. */
static lme_str end(lme_builder *out)
{
    lme_builder_add(out,
                    LME_STR(", \"sampling_params\": {\"temperature\": 0, \"max_new_tokens\": 1}, "
                            "\"return_logprob\": true, \"logprob_start_len\": 0, "
                            "\"top_logprobs_num\": 1, \"return_text_in_logprobs\": true}"));
    return lme_builder_finish(out);
}

static lme_str encode(lme_arena *arena, const lme_form *form, const lme_request *request)
{
    (void)form;
    lme_builder out = {.arena = arena};
    lme_builder_add(&out, LME_STR("{\"text\": "));
    lme_json_write_string(&out, lme_str_concat(arena, request->context, request->continuation),
                          true);
    return end(&out);
}

static lme_str encode_ids(lme_arena *arena, const lme_form *form, const lme_ids *ids)
{
    (void)form;
    lme_builder out = {.arena = arena};
    lme_builder_add(&out, LME_STR("{\"input_ids\": "));
    lme_ids_write(&out, ids);
    return end(&out);
}

/* A part of [value, id, text]; NULL when there is none. */
static const lme_value *part_of(const lme_value *entry, size_t i)
{
    return entry->kind == LME_LIST && entry->list.len == 3 ? &entry->list.items[i] : NULL;
}

/* The likeliest ones by id; a token that is not among them is put there, as others do. */
static lme_value top_of(lme_arena *arena, const lme_value *entry, const lme_value *tops)
{
    lme_map_builder top = {.arena = arena};
    lme_map_add(&top, lme_value_str(arena, part_of(entry, 1)), *part_of(entry, 0));
    for (size_t i = 0; tops->kind == LME_LIST && i < tops->list.len; i++) {
        const lme_value *value = part_of(&tops->list.items[i], 0);
        if (value != NULL)
            lme_map_add(&top, lme_value_str(arena, part_of(&tops->list.items[i], 1)), *value);
    }
    return lme_map_finish(&top);
}

static bool find_lists(const lme_value *answer, const lme_value **tokens, const lme_value **tops,
                       lme_error *err)
{
    const lme_value *info = lme_value_find(answer, "meta_info");
    *tokens = lme_value_find(info, "input_token_logprobs");
    *tops = lme_value_find(info, "input_top_logprobs");
    if (*tokens == NULL || (*tokens)->kind != LME_LIST || *tops == NULL ||
        (*tops)->kind != LME_LIST)
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "the answer's meta_info has no lists input_token_logprobs and "
                        "input_top_logprobs");
    if ((*tokens)->list.len != (*tops)->list.len)
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "the answer's input_top_logprobs has %zu entries, but there are %zu tokens",
                        (*tops)->list.len, (*tokens)->list.len);
    return true;
}

static bool read(lme_arena *arena, const lme_value *answer, lme_logprobs *logprobs, lme_error *err)
{
    lme_list_builder tokens = {.arena = arena}, values = {.arena = arena}, tops = {.arena = arena};
    const lme_value *list, *likeliest;
    *logprobs = (lme_logprobs){.arena = arena, .text = LME_STR(""), .finish = LME_STR("")};
    if (!find_lists(answer, &list, &likeliest, err))
        return false;
    for (size_t i = 0; i < list->list.len; i++) {
        const lme_value *value = part_of(&list->list.items[i], 0);
        const lme_value *text = part_of(&list->list.items[i], 2);
        if (text == NULL || text->kind != LME_STRING)
            return lme_fail(err, LME_ERR_SERVER, NULL,
                            "the answer's input_token_logprobs[%zu] is not [value, id, text]", i);
        lme_list_add(&tokens, *text);
        lme_list_add(&values, *value);
        lme_list_add(&tops, value->kind == LME_NULL
                                ? lme_null()
                                : top_of(arena, &list->list.items[i], &likeliest->list.items[i]));
    }
    logprobs->n = list->list.len;
    logprobs->n_prompt_tokens =
        lme_tokens_told(lme_value_find(answer, "meta_info"), "prompt_tokens");
    logprobs->tops_by_id = true;
    logprobs->lists_prompt_alone = true;
    logprobs->tokens = lme_list_finish(&tokens).list.items;
    logprobs->values = lme_list_finish(&values).list.items;
    logprobs->tops = lme_list_finish(&tops).list.items;
    return true;
}

const lme_path lme_path_sglang = {
    .name = "sglang",
    .meaning = "SGLang's own /generate with the prompt's log-probabilities",
    .asks = "a request to /generate with return_logprob",
    .probe = lme_list_probe,
    .url = url,
    .encode = encode,
    .read = read,
    .encode_ids = encode_ids,
};
