/* Whatever a server answers, the decoders end in a response or in a failure
 * that says why: no crash, no NaN, no positive score, no text outside the
 * answer. */
#include "answer.h"
#include "generate.h"
#include "path.h"
#include "sse.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include <lmeval/unicode.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const lme_form form = {.model = {"m", 1}, .think_end = {"</think>", 8}};

static void decode(lme_arena *arena, const lme_request *request, const lme_value *answer)
{
    lme_error err = {0};
    lme_response response = {0};
    lme_question question = {lme_path_find(LME_STR("echo")), &form, request};
    if (!lme_path_decode(arena, &question, answer, &response, &err)) {
        LME_BUG(err.code != LME_ERR_SERVER || err.message[0] == '\0', "a failure without words");
        return;
    }
    double most = 1e-6 * (double)response.n_tokens;
    LME_BUG(isnan(response.logprob_nats) || response.logprob_nats > most, "a score above 0");
    LME_BUG(response.n_tokens == 0, "a score of nothing");
}

/* The text that the answer echoes, cut in two at a character: what such an
 * answer would be for. */
static void decode_own_text(lme_arena *arena, const lme_value *answer, lme_str text)
{
    size_t cut = lme_codepoint_offset(text, lme_codepoints(text) / 2);
    lme_request request = {
        .kind = LME_REQUEST_LOGLIKELIHOOD,
        .context = lme_str_slice(text, 0, cut),
        .continuation = lme_str_slice(text, cut, SIZE_MAX),
    };
    decode(arena, &request, answer);
    request = (lme_request){.kind = LME_REQUEST_ROLLING, .context = text};
    decode(arena, &request, answer);
}

static const lme_str stops[] = {{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"\n", 1}, {"", 0}};
static const lme_generation generation = {.until = stops, .n_until = 6, .max_tokens = 8};

/* The same answer as that of a completion and of a chat; the text of a completion that has one. */
static lme_str decode_text(lme_arena *arena, const lme_value *answer)
{
    static const lme_message question[] = {{{"user", 4}, {"Hi", 2}}};
    lme_error err = {0};
    lme_response completion = {.text = LME_STR("")};
    lme_response chat = {.text = LME_STR("")};
    lme_request request = {.kind = LME_REQUEST_GENERATE, .generation = &generation};
    if (!lme_generate_decode(arena, &form, &request, answer, &completion, &err))
        completion.text = LME_STR("");
    request.messages = question;
    request.n_messages = 1;
    if (lme_generate_decode(arena, &form, &request, answer, &chat, &err))
        LME_BUG(lme_str_find(chat.text, stops[4], 0) < chat.text.len, "a stop text in an answer");
    return completion.text;
}

/* By every path that reads one answer, as a choice among letters and words. */
static void decode_by_all(lme_arena *arena, const lme_value *answer)
{
    static const lme_str choices[] = {{"A", 1}, {" Anna", 5}};
    lme_request request = {
        .kind = LME_REQUEST_LOGLIKELIHOOD,
        .context = LME_STR("Gardening:"),
        .continuation = choices[1],
        .alternatives = choices,
        .n_alternatives = 2,
        .alternative = 1,
    };
    size_t n;
    const lme_path *const *paths = lme_path_all(&n);
    for (size_t i = 0; i < n; i++) {
        lme_error err = {0};
        lme_response response = {.failure = LME_STR("")};
        if (paths[i]->decode == NULL && paths[i]->read == NULL)
            continue;
        lme_question question = {paths[i], &form, &request};
        bool ok = lme_path_decode(arena, &question, answer, &response, &err);
        LME_BUG(!ok && err.message[0] == '\0', "a failure without words");
        LME_BUG(ok && isnan(response.logprob_nats), "a score that is no number");
    }
}

/* Most of it left unread, as the echo paths do. */
static void skim_and_decode(lme_arena *arena, lme_str body)
{
    lme_json_reader *reader = lme_json_reader_new();
    lme_builder padded = {.arena = arena};
    lme_value answer;
    lme_builder_add(&padded, body);
    lme_builder_reserve(&padded, LME_JSON_PADDING);
    body = lme_builder_finish(&padded);
    if (lme_answer_read(arena, reader, body, lme_logprobs_left, &answer) == LME_OUTCOME_OK)
        decode_by_all(arena, &answer);
    lme_json_reader_free(reader);
}

/* Every event takes something from the body, and the last one is the last. */
static void read_events(lme_arena *arena, lme_str body)
{
    lme_sse_event event;
    lme_str rest = body;
    size_t left = rest.len + 1;
    while (lme_sse_next(arena, &rest, &event)) {
        LME_BUG(rest.len >= left, "an event of nothing");
        LME_BUG(event.data.len + event.error.len > body.len, "more than came");
        left = rest.len;
    }
}

/* Whatever a refusal says, there is an end to what it can teach. */
static void learn(lme_arena *arena, lme_str answer)
{
    lme_dialect dialect = lme_dialect_of_completions();
    lme_request request = {.kind = LME_REQUEST_GENERATE, .generation = &generation};
    lme_refused refused = {answer, &request, LME_STR("m"), false};
    for (unsigned i = 0; lme_dialect_learn(arena, &dialect, &refused); i++)
        LME_BUG(i > LME_DIALECT_REFUSALS, "a refusal that never ends");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    lme_arena *arena = lme_arena_new();
    lme_str body = {(const char *)data, size};
    lme_value answer;
    lme_secret key = {LME_STR("key"), "[api key]"};
    lme_secrets secrets = {&key, 1};
    lme_str said = lme_answer_error(arena, NULL, body, &secrets);
    LME_BUG(said.len == 0 || !lme_utf8_valid(said), "an error text that cannot be shown");
    skim_and_decode(arena, body);
    if (lme_answer_read(arena, NULL, body, NULL, &answer) == LME_OUTCOME_OK) {
        lme_request request = {
            .kind = LME_REQUEST_LOGLIKELIHOOD,
            .context = LME_STR("Gardening:"),
            .continuation = LME_STR(" Anna"),
        };
        decode(arena, &request, &answer);
        decode_own_text(arena, &answer, decode_text(arena, &answer));
        decode_by_all(arena, &answer);
    }
    read_events(arena, body);
    learn(arena, body);
    lme_arena_free(arena);
    return 0;
}
