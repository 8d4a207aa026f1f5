/* Lines of samples files. The recorded run of lm_eval is the measure: each of its lines is read,
 * made into a sample, written again, and has to come out byte for byte. */
#include "support.h"

#include <lmeval/hash.h>
#include <lmeval/json.h>
#include <lmeval/report.h>
#include <lmeval/share.h>

#define GOLDEN "tests/golden/lm_eval/f16/"

static const lme_value *get(const lme_value *map, const char *key)
{
    const lme_value *found = lme_value_find(map, key);
    if (found == NULL)
        fail_msg("no key %s", key);
    return found;
}

static double number(lme_str text)
{
    double value = 0.0;
    assert_true(lme_str_to_double(text, &value));
    return value;
}

static void add_request(lme_arena *arena, lme_sample *sample, size_t i, const lme_value *args,
                        const lme_value *response)
{
    lme_request *request = (lme_request *)(uintptr_t)&sample->requests[i];
    lme_response *answer = &sample->responses[i];
    const lme_value *second = get(args, "arg_1");
    request->context = get(args, "arg_0")->string;
    answer->state = LME_RESPONSE_OK;
    if (second->kind == LME_MAP) {
        lme_generation *generation = LME_NEW(arena, lme_generation);
        generation->as_written = *second;
        request->kind = LME_REQUEST_GENERATE;
        request->generation = generation;
        answer->text = response->string;
    } else {
        request->kind = LME_REQUEST_LOGLIKELIHOOD;
        request->continuation = second->string;
        answer->logprob_nats = number(response->list.items[0].string);
        answer->is_greedy = lme_str_is(response->list.items[1].string, "True");
    }
}

/* A pair of texts back to what a filter left: (float, bool). */
static lme_value filtered(lme_arena *arena, const lme_value *text)
{
    if (text->kind == LME_STRING)
        return *text;
    lme_list_builder pair = {.arena = arena};
    lme_list_add(&pair, lme_float(number(text->list.items[0].string)));
    lme_list_add(&pair, lme_bool(lme_str_is(text->list.items[1].string, "True")));
    lme_value tuple = lme_list_finish(&pair);
    tuple.kind = LME_TUPLE;
    return tuple;
}

static void add_scores(lme_arena *arena, lme_sample *sample, const lme_value *line)
{
    const lme_value *metrics = get(line, "metrics");
    lme_score *scores = LME_ARRAY(arena, lme_score, metrics->list.len);
    for (size_t i = 0; i < metrics->list.len; i++) {
        lme_str name = metrics->list.items[i].string;
        scores[i] = (lme_score){
            .metric = name,
            .pipeline = get(line, "filter")->string,
            .item = *lme_value_get(line, name),
        };
    }
    sample->scores = scores;
    sample->n_scores = metrics->list.len;
}

static lme_sample sample_of(lme_arena *arena, const lme_value *line)
{
    const lme_value *arguments = get(line, "arguments");
    const lme_value *responses = get(line, "resps");
    const lme_value *values = get(line, "filtered_resps");
    size_t n = arguments->map.len;
    lme_sample sample = {
        .doc = {.id = (size_t)get(line, "doc_id")->integer, .row = *get(line, "doc")},
        .target = *get(line, "target"),
        .requests = LME_ARRAY(arena, lme_request, n),
        .responses = LME_ARRAY(arena, lme_response, n),
        .n_requests = n,
        .n_repeats = 1,
    };
    for (size_t i = 0; i < n; i++)
        add_request(arena, &sample, i, &arguments->map.pairs[i].value,
                    &responses->list.items[i].list.items[0]);
    lme_answer *answer = LME_NEW(arena, lme_answer);
    lme_value *left = LME_ARRAY(arena, lme_value, values->list.len);
    for (size_t i = 0; i < values->list.len; i++)
        left[i] = filtered(arena, &values->list.items[i]);
    answer->pipeline = get(line, "filter")->string;
    answer->values = left;
    answer->n_values = values->list.len;
    sample.answers = answer;
    sample.n_answers = 1;
    add_scores(arena, &sample, line);
    return sample;
}

/* Writes every line of a recorded file again; lm_eval's hash of the task comes out of
 * their hashes. */
static void check_file(const char *name, size_t n_lines, const char *task_hash)
{
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_str text;
    const char *path = test_source(arena, lme_str_format(arena, GOLDEN "%s", name).ptr);
    assert_ok(lme_file_read(arena, path, 1 << 22, &text, &err), &err);
    lme_builder hashes = {.arena = arena};
    size_t line = 0;
    for (size_t from = 0; from < text.len; line++) {
        size_t end = lme_str_find(text, LME_STR("\n"), from) + 1;
        lme_str expected = lme_str_slice(text, from, end);
        lme_value value;
        assert_ok(lme_json_read(arena, NULL, expected, NULL, &value, &err), &err);
        lme_sample sample = sample_of(arena, &value);
        lme_builder out = {.arena = arena};
        lme_sample_hashes h = lme_report_sample_lines(arena, &sample, &out);
        lme_str got = lme_builder_finish(&out);
        if (!lme_str_equal(got, expected))
            fail_msg("%s:%zu\n got %.*s not %.*s", name, line + 1, LME_STR_ARG(got),
                     LME_STR_ARG(expected));
        lme_builder_add(&hashes, h.doc);
        lme_builder_add(&hashes, h.prompt);
        lme_builder_add(&hashes, h.target);
        from = end;
    }
    assert_int_equal(line, n_lines);
    lme_str all = lme_builder_finish(&hashes);
    assert_str(lme_sha256_hex(arena, all), task_hash);
    lme_arena_free(arena);
}

static void recorded_lines_come_out_byte_for_byte(void **state)
{
    (void)state;
    check_file("samples_hellaswag.jsonl", 20,
               "1f6c5af938191aa4f666766edc76e546f15fcc3ffab14bfec89b11fa59ef8ac0");
    check_file("samples_gsm8k.jsonl", 40,
               "1db2252b7eba333453dc9a19ac87f01c2fe7098b75c014d9c602d14cc3f3db93");
}

static lme_value row(lme_arena *arena)
{
    lme_map_builder map = {.arena = arena};
    lme_map_add(&map, LME_STR("q"), lme_string(LME_STR("2 + 2 = \xC2\xBD?")));
    return lme_map_finish(&map);
}

static void repeats_and_pipelines_have_their_places(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_map_builder kwargs = {.arena = arena};
    lme_map_add(&kwargs, LME_STR("until"), lme_null());
    lme_generation generation = {.as_written = lme_map_finish(&kwargs)};
    lme_request requests[2];
    lme_response responses[2];
    for (size_t i = 0; i < 2; i++) {
        requests[i] = (lme_request){
            .kind = LME_REQUEST_GENERATE,
            .context = LME_STR("Q"),
            .generation = &generation,
            .repeat = i,
        };
        responses[i] = (lme_response){.state = LME_RESPONSE_OK, .text = LME_STR("4")};
    }
    lme_value items[2] = {lme_int(4), lme_null()};
    lme_value left[2] = {{.kind = LME_LIST, .list = {items, 2}}, lme_string(LME_STR("x"))};
    lme_answer answers[2] = {{.pipeline = LME_STR("a"), .values = &left[0], .n_values = 1},
                             {.pipeline = LME_STR("b"), .values = &left[1], .n_values = 1}};
    lme_score scores[2] = {
        {.metric = LME_STR("m"), .pipeline = LME_STR("a"), .item = lme_float(0.5)},
        {.metric = LME_STR("m"), .pipeline = LME_STR("b"), .item = lme_int(1)}};
    lme_value targets[2] = {lme_string(LME_STR("it's")), lme_float(4.0)};
    lme_sample sample = {
        .doc = {.id = 7, .row = row(arena)},
        .target = {.kind = LME_LIST, .list = {targets, 2}},
        .requests = requests,
        .responses = responses,
        .n_requests = 2,
        .n_repeats = 2,
        .answers = answers,
        .n_answers = 2,
        .scores = scores,
        .n_scores = 2,
    };
    lme_builder out = {.arena = arena};
    lme_sample_hashes h = lme_report_sample_lines(arena, &sample, &out);
    const char *start = "{\"doc_id\": 7, \"doc\": {\"q\": \"2 + 2 = \xC2\xBD?\"}, "
                        "\"target\": \"[\\\"it's\\\", 4.0]\", \"arguments\": {\"gen_args_0\": "
                        "{\"arg_0\": \"Q\", \"arg_1\": {\"until\": null}}}, "
                        "\"resps\": [[\"4\", \"4\"]], ";
    const char *hashes =
        lme_str_format(arena,
                       "\"doc_hash\": \"%.*s\", \"prompt_hash\": \"%.*s\", "
                       "\"target_hash\": \"%.*s\"",
                       LME_STR_ARG(h.doc), LME_STR_ARG(h.prompt), LME_STR_ARG(h.target))
            .ptr;
    lme_str expected = lme_str_format(
        arena,
        "%s\"filtered_resps\": [[\"4\", \"None\"]], \"filter\": \"a\", \"metrics\": [\"m\"], %s, "
        "\"m\": 0.5}\n"
        "%s\"filtered_resps\": [\"x\"], \"filter\": \"b\", \"metrics\": [\"m\"], %s, \"m\": 1}\n",
        start, hashes, start, hashes);
    assert_str(lme_builder_finish(&out), expected.ptr);
    lme_arena_free(arena);
}

static void a_rolling_request_has_one_argument_and_one_number(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_request request = {.kind = LME_REQUEST_ROLLING, .context = LME_STR("text")};
    lme_response response = {.state = LME_RESPONSE_OK, .logprob_nats = -1e-7};
    lme_value value = lme_float(-1e-7);
    lme_answer answer = {.pipeline = LME_STR("none"), .values = &value, .n_values = 1};
    lme_sample sample = {
        .doc = {.row = row(arena)},
        .target = lme_string(LME_STR("text")),
        .requests = &request,
        .responses = &response,
        .n_requests = 1,
        .n_repeats = 1,
        .answers = &answer,
        .n_answers = 1,
    };
    lme_builder out = {.arena = arena};
    lme_report_sample_lines(arena, &sample, &out);
    lme_str line = lme_builder_finish(&out);
    const char *part = "\"arguments\": {\"gen_args_0\": {\"arg_0\": \"text\"}}, "
                       "\"resps\": [[\"-1e-07\"]], \"filtered_resps\": [\"-1e-07\"], ";
    assert_true(lme_str_find(line, lme_str_from(part), 0) != SIZE_MAX);
    lme_arena_free(arena);
}

static void a_failed_sample_is_one_line_that_says_why(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_request requests[2] = {
        {.context = LME_STR("c"), .continuation = LME_STR(" x")},
        {.context = LME_STR("c"), .continuation = LME_STR(" y")},
    };
    lme_response responses[2] = {
        {.state = LME_RESPONSE_OK, .logprob_nats = -1.0},
        {.state = LME_RESPONSE_FAILED, .failure = LME_STR("HTTP 500")},
    };
    lme_sample sample = {
        .doc = {.id = 3, .row = row(arena)},
        .target = lme_int(1),
        .requests = requests,
        .responses = responses,
        .n_requests = 2,
        .n_repeats = 1,
        .failure = LME_STR("HTTP 500: \"no\""),
    };
    lme_builder out = {.arena = arena};
    lme_report_sample_lines(arena, &sample, &out);
    lme_error err = {0};
    lme_str text = lme_builder_finish(&out);
    lme_value line;
    assert_ok(lme_json_read(arena, NULL, text, NULL, &line, &err), &err);
    static const char *const keys[] = {
        "doc_id", "doc",     "target",   "arguments",   "resps",       "filtered_resps",
        "filter", "metrics", "doc_hash", "prompt_hash", "target_hash", "failure"};
    assert_int_equal(line.map.len, sizeof keys / sizeof keys[0]);
    for (size_t i = 0; i < line.map.len; i++)
        assert_str(line.map.pairs[i].key.string, keys[i]);
    assert_str(get(&line, "failure")->string, "HTTP 500: \"no\"");
    assert_str(lme_value_repr(arena, get(&line, "resps")), "[[['-1.0', 'False']], [None]]");
    assert_int_equal(get(&line, "metrics")->list.len, 0);
    assert_int_equal(get(&line, "filter")->kind, LME_NULL);
    lme_arena_free(arena);
}

static void a_document_that_could_not_be_asked_is_written_too(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_sample sample = {.doc = {.row = row(arena)}, .failure = LME_STR("no such column")};
    lme_builder out = {.arena = arena};
    lme_report_sample_lines(arena, &sample, &out);
    lme_str line = lme_builder_finish(&out);
    assert_true(lme_str_find(line, LME_STR("\"arguments\": {}, \"resps\": [], "), 0) != SIZE_MAX);
    assert_true(lme_str_ends(line, LME_STR("\"failure\": \"no such column\"}\n")));
    lme_arena_free(arena);
}

/* Expected: lm_eval 0.4.13, json.dumps({"arg_0": JsonChatStr(json.dumps(messages, ensure_ascii=
 * False)), ...}, ensure_ascii=False) and hash_string(JsonChatStr(...)). */
static void a_conversation_is_its_messages_as_json(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const lme_message messages[] = {
        {LME_STR("system"), LME_STR("Sei knapp. \xc3\xa9")},
        {LME_STR("user"), LME_STR("Q: \"a\"?\nA:")},
    };
    const lme_request request = {
        .kind = LME_REQUEST_LOGLIKELIHOOD,
        .messages = messages,
        .n_messages = 2,
        .continuation = LME_STR(" x"),
    };
    lme_response response = {0};
    lme_sample sample = {
        .doc = {.row = row(arena)},
        .requests = &request,
        .responses = &response,
        .n_requests = 1,
        .n_repeats = 1,
        .failure = LME_STR("no answer"),
    };
    lme_builder out = {.arena = arena};
    lme_report_sample_lines(arena, &sample, &out);
    lme_str line = lme_builder_finish(&out);
    static const char arguments[] =
        "{\"arg_0\": [\"[{\\\"role\\\": \\\"system\\\", \\\"content\\\": \\\"Sei knapp. "
        "\xc3\xa9\\\"}, {\\\"role\\\": \\\"user\\\", \\\"content\\\": \\\"Q: \\\\\\\"a\\\\\\\"?"
        "\\\\nA:\\\"}]\"], \"arg_1\": \" x\"}";
    assert_true(lme_str_find(line, lme_str_from(arguments), 0) != SIZE_MAX);
    assert_str(lme_report_sample_hashes(arena, &sample).prompt,
               "5e014eb60155d8374b5e8169e440567cfc7c75457473c248e3c5d872d0a40a94");
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_lines_come_out_byte_for_byte),
        cmocka_unit_test(repeats_and_pipelines_have_their_places),
        cmocka_unit_test(a_rolling_request_has_one_argument_and_one_number),
        cmocka_unit_test(a_failed_sample_is_one_line_that_says_why),
        cmocka_unit_test(a_document_that_could_not_be_asked_is_written_too),
        cmocka_unit_test(a_conversation_is_its_messages_as_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
