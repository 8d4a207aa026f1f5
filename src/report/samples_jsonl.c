/* A sample as lines of samples_<task>.jsonl, byte for byte what lm_eval writes for the same
 * document: json.dumps(..., ensure_ascii=False) of its keys in its order, every response a text. */
#include <lmeval/hash.h>
#include <lmeval/json.h>
#include <lmeval/limits.h>
#include <lmeval/report.h>

static void add(lme_map_builder *map, const char *key, lme_value value)
{
    lme_map_add(map, lme_str_from(key), value);
}

/* json.dumps of the messages: what stands for the prompt of a conversation. */
static lme_str messages_text(lme_arena *arena, const lme_request *request)
{
    lme_list_builder list = {.arena = arena};
    for (size_t i = 0; i < request->n_messages; i++) {
        lme_map_builder message = {.arena = arena};
        add(&message, "role", lme_string(request->messages[i].role));
        add(&message, "content", lme_string(request->messages[i].content));
        lme_list_add(&list, lme_map_finish(&message));
    }
    lme_value all = lme_list_finish(&list);
    lme_builder out = {.arena = arena};
    lme_json_write(&out, &all, &(lme_json_style){0});
    return lme_builder_finish(&out);
}

/* lm_eval's JsonChatStr is a tuple, so JSON shows the messages' text in a list of its own. */
static lme_value prompt_value(lme_arena *arena, const lme_request *request)
{
    if (request->messages == NULL)
        return lme_string(request->context);
    lme_list_builder one = {.arena = arena};
    lme_list_add(&one, lme_string(messages_text(arena, request)));
    return lme_list_finish(&one);
}

/* {"gen_args_0": {"arg_0": prompt, "arg_1": continuation or generation settings}, ...}: one entry a
 * request, repeats folded. */
static lme_value arguments(lme_arena *arena, const lme_sample *sample)
{
    lme_map_builder map = {.arena = arena};
    for (size_t i = 0; i < sample->n_requests; i += sample->n_repeats) {
        const lme_request *request = &sample->requests[i];
        lme_map_builder args = {.arena = arena};
        add(&args, "arg_0", prompt_value(arena, request));
        if (request->kind == LME_REQUEST_LOGLIKELIHOOD)
            add(&args, "arg_1", lme_string(request->continuation));
        if (request->kind == LME_REQUEST_GENERATE)
            add(&args, "arg_1", request->generation->as_written);
        lme_builder key = {.arena = arena};
        lme_builder_add(&key, LME_STR("gen_args_"));
        lme_builder_int(&key, (int64_t)(i / sample->n_repeats));
        lme_map_add(&map, lme_builder_finish(&key), lme_map_finish(&args));
    }
    return lme_map_finish(&map);
}

/* One response as texts: "-0.58" and "False" of a loglikelihood; null when there is none. */
static lme_value response_texts(lme_arena *arena, const lme_request *request,
                                const lme_response *response)
{
    if (response->state != LME_RESPONSE_OK)
        return lme_null();
    if (request->kind == LME_REQUEST_GENERATE)
        return lme_string(response->text);
    lme_value logprob = lme_string(lme_double_repr(arena, response->logprob_nats));
    if (request->kind == LME_REQUEST_ROLLING)
        return logprob;
    lme_list_builder pair = {.arena = arena};
    lme_list_add(&pair, logprob);
    lme_list_add(&pair, lme_string(response->is_greedy ? LME_STR("True") : LME_STR("False")));
    return lme_list_finish(&pair);
}

static lme_value responses(lme_arena *arena, const lme_sample *sample)
{
    lme_list_builder all = {.arena = arena};
    for (size_t i = 0; i < sample->n_requests; i += sample->n_repeats) {
        lme_list_builder repeats = {.arena = arena};
        for (size_t r = i; r < i + sample->n_repeats; r++)
            lme_list_add(&repeats,
                         response_texts(arena, &sample->requests[r], &sample->responses[r]));
        lme_list_add(&all, lme_list_finish(&repeats));
    }
    return lme_list_finish(&all);
}

/* Lists stay lists, everything in them becomes its str(). */
static lme_value as_texts(lme_arena *arena, const lme_value *value, int depth)
{
    bool is_list = value->kind == LME_LIST || value->kind == LME_TUPLE;
    if (!is_list || depth >= LME_LIMIT_DEPTH)
        return lme_string(lme_value_str(arena, value));
    lme_list_builder list = {.arena = arena};
    for (size_t i = 0; i < value->list.len; i++)
        lme_list_add(&list, as_texts(arena, &value->list.items[i], depth + 1));
    return lme_list_finish(&list);
}

static lme_value filtered_responses(lme_arena *arena, const lme_answer *answer)
{
    lme_list_builder list = {.arena = arena};
    for (size_t i = 0; answer != NULL && i < answer->n_values; i++)
        lme_list_add(&list, as_texts(arena, &answer->values[i], 0));
    return lme_list_finish(&list);
}

static bool belongs(const lme_score *score, const lme_answer *answer)
{
    return answer != NULL && lme_str_equal(score->pipeline, answer->pipeline);
}

static lme_value metric_names(lme_arena *arena, const lme_sample *sample, const lme_answer *answer)
{
    lme_list_builder names = {.arena = arena};
    for (size_t i = 0; i < sample->n_scores; i++) {
        if (belongs(&sample->scores[i], answer))
            lme_list_add(&names, lme_string(sample->scores[i].metric));
    }
    return lme_list_finish(&names);
}

/* One line.
 *   answer  NULL for a sample that could not be scored */
static void write_line(lme_arena *arena, const lme_sample *sample, const lme_answer *answer,
                       const lme_sample_hashes *hashes, lme_builder *out)
{
    lme_map_builder line = {.arena = arena};
    add(&line, "doc_id", lme_int((int64_t)sample->doc.id));
    add(&line, "doc", sample->doc.row);
    add(&line, "target", lme_string(lme_value_str(arena, &sample->target)));
    add(&line, "arguments", arguments(arena, sample));
    add(&line, "resps", responses(arena, sample));
    add(&line, "filtered_resps", filtered_responses(arena, answer));
    add(&line, "filter", answer == NULL ? lme_null() : lme_string(answer->pipeline));
    add(&line, "metrics", metric_names(arena, sample, answer));
    add(&line, "doc_hash", lme_string(hashes->doc));
    add(&line, "prompt_hash", lme_string(hashes->prompt));
    add(&line, "target_hash", lme_string(hashes->target));
    if (answer == NULL)
        add(&line, "failure", lme_string(sample->failure));
    for (size_t i = 0; i < sample->n_scores; i++) {
        if (belongs(&sample->scores[i], answer))
            lme_map_add(&line, sample->scores[i].metric, sample->scores[i].item);
    }
    lme_value map = lme_map_finish(&line);
    lme_json_write(out, &map, &(lme_json_style){0});
    lme_builder_char(out, '\n');
}

lme_sample_hashes lme_report_sample_lines(lme_arena *arena, const lme_sample *sample,
                                          lme_builder *out)
{
    lme_sample_hashes hashes = lme_report_sample_hashes(arena, sample);
    LME_BUG(sample->n_requests > 0 && sample->n_repeats == 0, "requests without repeats");
    if (sample->failure.len > 0) {
        write_line(arena, sample, NULL, &hashes, out);
        return hashes;
    }
    for (size_t i = 0; i < sample->n_answers; i++)
        write_line(arena, sample, &sample->answers[i], &hashes, out);
    return hashes;
}

lme_sample_hashes lme_report_sample_hashes(lme_arena *arena, const lme_sample *sample)
{
    lme_builder doc = {.arena = arena};
    lme_json_write(&doc, &sample->doc.row, &(lme_json_style){.indent = 2});
    const lme_request *first = sample->n_requests > 0 ? &sample->requests[0] : NULL;
    lme_str prompt = first == NULL             ? LME_STR("")
                     : first->messages == NULL ? first->context
                                               : messages_text(arena, first);
    return (lme_sample_hashes){
        .doc = lme_sha256_hex(arena, lme_builder_finish(&doc)),
        .prompt = lme_sha256_hex(arena, prompt),
        .target = lme_sha256_hex(arena, lme_value_str(arena, &sample->target)),
    };
}
