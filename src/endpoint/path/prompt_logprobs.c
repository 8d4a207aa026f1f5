/* vLLM's prompt_logprobs, for texts and for conversations.
 *
 * The answer lists, for each token of the prompt, a map from token id to {logprob, rank,
 * decoded_token}: the token itself first, then the likeliest ones. The first token's is null. It
 * stands in choices[0] of a completion, and beside choices in a chat.
 *
 * In a conversation the continuation is put as an answer that was begun
 * (continue_final_message), so that the chat template's text ends in it.
 */
#include "../generate.h"
#include "../probe.h"
#include "../score.h"

#include <lmeval/json.h>

/* The conversation with the continuation as what the assistant has said so far. */
static void add_messages(lme_map_builder *map, const lme_form *form, const lme_request *request)
{
    lme_arena *arena = map->arena;
    size_t n = request->n_messages;
    lme_request whole = *request;
    lme_message *messages = LME_ARRAY(arena, lme_message, n + 1);
    for (size_t i = 0; i < n; i++)
        messages[i] = request->messages[i];
    messages[n] = (lme_message){.role = LME_STR("assistant"), .content = request->continuation};
    whole.messages = messages;
    whole.n_messages = n + 1;
    if (lme_str_is(messages[n - 1].role, "assistant")) {
        messages[n - 1].content =
            lme_str_concat(arena, messages[n - 1].content, request->continuation);
        whole.n_messages = n;
    }
    lme_chat_add_messages(map, form, &whole);
}

static void add_parameters(lme_map_builder *map, const lme_form *form)
{
    lme_map_add(map, LME_STR("temperature"), lme_int(0));
    lme_map_add(map, LME_STR("max_tokens"), lme_int(1));
    lme_map_add(map, LME_STR("seed"), lme_int(form->seed));
    lme_map_add(map, LME_STR("prompt_logprobs"), lme_int(1));
}

static lme_str encode_ids(lme_arena *arena, const lme_form *form, const lme_ids *ids)
{
    lme_map_builder map = {.arena = arena};
    lme_list_builder prompt = {.arena = arena};
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < ids->n; i++)
        lme_list_add(&prompt, lme_int(ids->ids[i]));
    lme_map_add(&map, LME_STR("model"), lme_string(form->model));
    lme_map_add(&map, LME_STR("prompt"), lme_list_finish(&prompt));
    add_parameters(&map, form);
    lme_value body = lme_map_finish(&map);
    lme_json_write(&out, &body, &(lme_json_style){.ensure_ascii = true});
    return lme_builder_finish(&out);
}

static lme_str encode(lme_arena *arena, const lme_form *form, const lme_request *request)
{
    lme_map_builder map = {.arena = arena};
    bool is_chat = request->n_messages > 0;
    if (is_chat) {
        add_messages(&map, form, request);
    } else {
        lme_map_add(&map, LME_STR("model"), lme_string(form->model));
        lme_map_add(&map, LME_STR("prompt"),
                    lme_string(lme_str_concat(arena, request->context, request->continuation)));
    }
    add_parameters(&map, form);
    if (is_chat) {
        lme_map_add(&map, LME_STR("add_generation_prompt"), lme_bool(false));
        lme_map_add(&map, LME_STR("continue_final_message"), lme_bool(true));
    }
    lme_value body = lme_map_finish(&map);
    lme_json_style style = {.ensure_ascii = true};
    lme_builder out = {.arena = arena};
    lme_json_write(&out, &body, &style);
    return lme_builder_finish(&out);
}

typedef struct lists {
    lme_list_builder tokens, values, tops;
} lists;

/* One token of the prompt. Its map's first entry is its own; the others are kept by id, because two
 * ids can have one text (servers 3.4). */
static bool add_entry(lme_arena *arena, lists *to, size_t i, const lme_value *entry, lme_error *err)
{
    lme_map_builder top = {.arena = arena};
    if (entry->kind != LME_MAP || entry->map.len == 0)
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "the answer's prompt_logprobs[%zu] is %s, expected a map of tokens", i,
                        entry->kind == LME_MAP ? "empty" : lme_kind_name(entry->kind));
    for (size_t k = 0; k < entry->map.len; k++) {
        const lme_pair *pair = &entry->map.pairs[k];
        const lme_value *value = lme_value_find(&pair->value, "logprob");
        const lme_value *text = lme_value_find(&pair->value, "decoded_token");
        if (value == NULL || (k == 0 && (text == NULL || text->kind != LME_STRING)))
            return lme_fail(err, LME_ERR_SERVER, NULL,
                            "the answer's prompt_logprobs[%zu] has no logprob and decoded_token",
                            i);
        lme_map_add_pair(&top, pair->key, *value);
        if (k == 0) {
            lme_list_add(&to->tokens, *text);
            lme_list_add(&to->values, *value);
        }
    }
    lme_list_add(&to->tops, lme_map_finish(&top));
    return true;
}

static const lme_value *find_list(const lme_value *answer)
{
    const lme_value *list = lme_value_find(lme_first_choice(answer), "prompt_logprobs");
    return list != NULL ? list : lme_value_find(answer, "prompt_logprobs");
}

/* The first token has no entry, and so no text: what the others leave of the prompt is its own, and
 * of a conversation's first token nobody asks. */
static bool read(lme_arena *arena, const lme_value *answer, lme_logprobs *logprobs, lme_error *err)
{
    const lme_value *list = find_list(answer);
    lists to = {{.arena = arena}, {.arena = arena}, {.arena = arena}};
    *logprobs = (lme_logprobs){.arena = arena, .text = LME_STR(""), .finish = LME_STR("")};
    if (list == NULL || list->kind != LME_LIST)
        return lme_fail(err, LME_ERR_SERVER, NULL, "the answer's prompt_logprobs is %s",
                        list == NULL ? "missing" : lme_kind_name(list->kind));
    for (size_t i = 0; i < list->list.len; i++) {
        if (i > 0 || list->list.items[i].kind != LME_NULL) {
            if (!add_entry(arena, &to, i, &list->list.items[i], err))
                return false;
            continue;
        }
        lme_list_add(&to.tokens, lme_string(LME_STR("")));
        lme_list_add(&to.values, lme_null());
        lme_list_add(&to.tops, lme_null());
    }
    lme_value tokens = lme_list_finish(&to.tokens), values = lme_list_finish(&to.values),
              tops = lme_list_finish(&to.tops);
    logprobs->tokens = tokens.list.items;
    logprobs->values = values.list.items;
    logprobs->tops = tops.list.items;
    logprobs->n = tokens.list.len;
    logprobs->tops_by_id = true;
    logprobs->lists_prompt_alone = true;
    logprobs->n_prompt_tokens = lme_usage(answer, "prompt_tokens");
    logprobs->hides_first = list->list.len > 0 && list->list.items[0].kind == LME_NULL;
    return true;
}

const lme_path lme_path_prompt_logprobs = {
    .name = "prompt_logprobs",
    .meaning = "vLLM's list of the prompt's tokens, chats too",
    .asks = "a request with prompt_logprobs",
    .scores_chats = true,
    .probe = lme_list_probe,
    .url = lme_url_of_openai,
    .encode = encode,
    .read = read,
    .encode_ids = encode_ids,
};
