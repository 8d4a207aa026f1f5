/* Servers with the lacks that real ones have: what the probe finds, refuses and says. */
#include "fake_model.h"

#include <stdlib.h>

#include <lmeval/endpoint.h>

enum {
    SCORE = 1u << LME_REQUEST_LOGLIKELIHOOD,
    ROLL = 1u << LME_REQUEST_ROLLING,
    GENERATE = 1u << LME_REQUEST_GENERATE
};

typedef struct probed {
    bool ok;
    lme_profile profile;
    lme_error err;
} probed;

static int set_up(void **state)
{
    *state = lme_arena_new();
    return 0;
}

static int tear_down(void **state)
{
    lme_arena_free(*state);
    return 0;
}

static lme_endpoint_options options_of(const char *url)
{
    return (lme_endpoint_options){
        .base_url = lme_str_from(url),
        .concurrency = 2,
        .connect_ms = 20000,
        .timeout_ms = 20000,
        .max_retries = 1,
        .backoff_ms = 1,
        .seed = 1234,
    };
}

static probed probe_with(lme_arena *arena, const lme_endpoint_options *options, unsigned needs)
{
    probed p = {0};
    lme_endpoint *endpoint;
    assert_ok(lme_endpoint_open(options, &endpoint, &p.err), &p.err);
    p.ok = lme_endpoint_probe(arena, endpoint, needs, &p.profile, &p.err);
    lme_endpoint_close(endpoint);
    return p;
}

static probed probe(lme_arena *arena, unsigned traits, unsigned needs, const char *model,
                    const char *key)
{
    loopback server;
    fake_model fake = {.traits = traits};
    loopback_start(&server, fake_answer, &fake);
    lme_endpoint_options options = options_of(server.url);
    options.model = lme_str_from(model);
    options.api_key = lme_str_from(key);
    probed p = probe_with(arena, &options, needs);
    loopback_stop(&server);
    return p;
}

static const lme_finding *finding(const probed *p, const char *name)
{
    for (size_t i = 0; i < p->profile.n_findings; i++) {
        if (lme_str_is(p->profile.findings[i].name, name))
            return &p->profile.findings[i];
    }
    fail_msg("no finding %s", name);
    abort();
}

static void assert_finding(const probed *p, const char *name, bool good, const char *detail)
{
    const lme_finding *f = finding(p, name);
    assert_str(f->detail, detail);
    assert_int_equal(f->good, good);
}

static void assert_refused(const probed *p, lme_code code, const char *message, const char *hint)
{
    assert_false(p->ok);
    assert_error(&p->err, code, message);
    assert_error(&p->err, code, hint);
}

static void a_sound_server(void **state)
{
    lme_arena *arena = *state;
    probed p = probe(arena, 0, SCORE | GENERATE, "", "");
    assert_ok(p.ok, &p.err);
    assert_str(p.profile.model, "fake");
    assert_str(p.profile.server, "uvicorn, owner tests");
    assert_str(p.profile.scoring_path, "echo");
    assert_true(p.profile.generates);
    assert_finding(&p, "model", true, "fake");
    assert_finding(&p, "context", true, "256 tokens, by /v1/models");
    assert_int_equal(p.profile.context, 256);
    assert_false(p.profile.doubles_bos);
    assert_false(p.profile.rolls);
    assert_finding(&p, "echo", true, "18 prompt tokens with log-probabilities, 1 generated");
    assert_finding(&p, "first token", false, "has none: empty contexts need token ids");
    assert_finding(&p, "text_offset", true, "counts code points");
    assert_finding(&p, "repeatable", true, "the same request gives the same digits");
    assert_true(finding(&p, "right token")->good);
    assert_true(finding(&p, "generation")->good);
    assert_true(finding(&p, "stop")->good);
}

static void only_what_is_needed_is_asked(void **state)
{
    lme_arena *arena = *state;
    probed p = probe(arena, FAKE_NO_LOGPROBS, GENERATE, "", "");
    assert_ok(p.ok, &p.err);
    assert_str(p.profile.scoring_path, "");
    p = probe(arena, FAKE_EMPTY_TEXT, 0, "", "");
    assert_ok(p.ok, &p.err);
    assert_false(p.profile.generates);
}

/* llama-server, Ollama: servers 3a. */
static void echo_is_ignored(void **state)
{
    lme_arena *arena = *state;
    probed p = probe(arena, FAKE_NO_ECHO, SCORE, "", "");
    assert_refused(&p, LME_ERR_SERVER, "answered without the prompt: the server ignores `echo`",
                   "Ollama and servers for chats only do not echo");
    assert_finding(&p, "echo", false,
                   "ignored: 1 entry, for generated tokens only; text \"garden\"");
    assert_str(p.profile.model, "fake");
    assert_str(p.profile.scoring_path, "");
    p = probe(arena, FAKE_CHAT_SHAPE, SCORE, "", "");
    assert_refused(&p, LME_ERR_SERVER, "the shape of chat answers", "Ollama");
    p = probe(arena, FAKE_NO_LOGPROBS, SCORE, "", "");
    assert_refused(&p, LME_ERR_SERVER, "choices[0].logprobs is null", "Ollama");
}

/* servers 3.7: the proof that this probe exists for. */
static void shifted_arrays_are_caught(void **state)
{
    lme_arena *arena = *state;
    probed p = probe(arena, FAKE_SHIFTED, SCORE, "", "");
    assert_refused(&p, LME_ERR_SERVER, "echoed log-probabilities are not those of their tokens",
                   "add_bos_token=false");
    assert_error(&p.err, LME_ERR_SERVER, "the arrays are off by one token");
    assert_false(finding(&p, "right token")->good);
    assert_str(p.profile.scoring_path, "");
}

/* Without a log-probability for the generated token, that it is the likeliest must do. */
static void the_proof_without_a_value(void **state)
{
    lme_arena *arena = *state;
    probed p = probe(arena, FAKE_ONLY_ECHO, SCORE, "", "");
    assert_ok(p.ok, &p.err);
    assert_true(finding(&p, "right token")->good);
    p = probe(arena, FAKE_ONLY_ECHO | FAKE_SHIFTED, SCORE, "", "");
    assert_refused(&p, LME_ERR_SERVER, "as the likeliest, and by echo the same token has -",
                   "add_bos_token=false");
    assert_error(&p.err, LME_ERR_SERVER, "the arrays are off by one token");
}

/* A model that always says the same proves nothing. */
static void what_cannot_be_proved_is_refused(void **state)
{
    lme_arena *arena = *state;
    probed p = probe(arena, FAKE_STUCK, SCORE, "", "");
    assert_refused(&p, LME_ERR_SERVER, "could not be proved", "is this a language model");
    p = probe(arena, FAKE_STUCK | FAKE_SHIFTED, SCORE, "", "");
    assert_false(p.ok);
}

static void broken_shapes(void **state)
{
    lme_arena *arena = *state;
    probed p = probe(arena, FAKE_NO_FIRST, SCORE, "", "");
    assert_refused(&p, LME_ERR_SERVER, "without an entry for the prompt's first token",
                   "docs/servers.md");
    p = probe(arena, FAKE_LOWER, SCORE, "", "");
    assert_refused(&p, LME_ERR_SERVER, "token 0 is 'anna' where the prompt has 'Anna counts the '",
                   "docs/servers.md");
    p = probe(arena, FAKE_NO_TOP, SCORE, "", "");
    assert_refused(&p, LME_ERR_SERVER, "has no top_logprobs", "docs/servers.md");
}

static void offsets_of_other_kinds(void **state)
{
    lme_arena *arena = *state;
    probed p = probe(arena, FAKE_BYTES, SCORE, "", "");
    assert_ok(p.ok, &p.err);
    assert_finding(&p, "text_offset", true, "counts bytes: the tokens' texts are used instead");
    p = probe(arena, FAKE_NO_OFFSET, SCORE, "", "");
    assert_ok(p.ok, &p.err);
    assert_finding(&p, "text_offset", true, "not told: the tokens' texts are used instead");
    p = probe(arena, FAKE_BOS_LISTED, SCORE | ROLL, "", "");
    assert_ok(p.ok, &p.err);
    assert_finding(&p, "text_offset", true,
                   "does not fit the text: the tokens' texts are used instead");
    assert_finding(&p, "special tokens", true, "\"<s>\" stands before the prompt");
    assert_finding(&p, "first token", true, "has a log-probability: empty contexts can be scored");
}

/* servers 3.9 */
static void a_second_bos_is_seen(void **state)
{
    lme_arena *arena = *state;
    probed p = probe(arena, FAKE_BOS_LISTED | FAKE_BOS_TWICE, SCORE, "", "");
    assert_ok(p.ok, &p.err);
    assert_finding(&p, "BOS", false, "\"<s>\" stands twice before a text");
    assert_true(p.profile.doubles_bos);
    p = probe(arena, FAKE_BOS_LISTED, SCORE, "", "");
    assert_ok(p.ok, &p.err);
    assert_false(p.profile.doubles_bos);
    assert_true(p.profile.rolls);
}

static void rolling_needs_the_first_token(void **state)
{
    lme_arena *arena = *state;
    probed p = probe(arena, 0, SCORE | ROLL, "", "");
    assert_refused(&p, LME_ERR_SERVER, "a rolling loglikelihood needs the first token",
                   "docs/scoring.md");
}

static void unsteady_digits_are_noted(void **state)
{
    lme_arena *arena = *state;
    probed p = probe(arena, FAKE_UNSTEADY, SCORE, "", "");
    assert_ok(p.ok, &p.err);
    const lme_finding *f = finding(&p, "repeatable");
    assert_true(lme_str_starts(f->detail, LME_STR("the same request differs by up to 0.00")));
}

static void errors_with_a_remedy(void **state)
{
    lme_arena *arena = *state;
    probed p = probe(arena, FAKE_LOGITS_ALL, SCORE, "", "");
    assert_refused(&p, LME_ERR_SERVER, "HTTP 500: logprobs is not supported for models created",
                   "hint: start llama-cpp-python's server with --logits_all true");
    p = probe(arena, FAKE_NO_COMPLETIONS, SCORE, "", "");
    assert_refused(&p, LME_ERR_SERVER,
                   "a completion request with echo and logprobs (model fake, "
                   "http://127.0.0.1:",
                   "hint: there is no /v1/completions there");
    p = probe(arena, FAKE_NO_COMPLETIONS, GENERATE, "", "");
    assert_refused(&p, LME_ERR_SERVER, "HTTP 404: Not Found", "there is no /v1/completions there");
    assert_false(finding(&p, "generation")->good);
    p = probe(arena, FAKE_OTHER_MODEL, SCORE, "typo", "");
    assert_refused(&p, LME_ERR_SERVER, "HTTP 404: The model does not exist.",
                   "hint: name one that the server has with --model; it lists: fake");
    assert_finding(&p, "model", false, "the server lists no typo, but: fake");
    p = probe(arena, FAKE_EMPTY_TEXT, GENERATE, "", "");
    assert_true(p.ok || p.err.code == LME_ERR_SERVER);
}

static void keys(void **state)
{
    lme_arena *arena = *state;
    probed p = probe(arena, FAKE_NEEDS_KEY, SCORE, "", "");
    assert_refused(&p, LME_ERR_SERVER, "HTTP 401: no such key", "hint: put the server's key into");
    p = probe(arena, FAKE_NEEDS_KEY, SCORE, "", "wrong-1234");
    assert_refused(&p, LME_ERR_SERVER, "HTTP 401", "$OPENAI_API_KEY");
    char text[4096];
    lme_error_text(&p.err, text, sizeof text);
    assert_null(strstr(text, "wrong-1234"));
    p = probe(arena, FAKE_NEEDS_KEY, SCORE, "", "right");
    assert_ok(p.ok, &p.err);
}

static void a_server_without_a_list_of_models(void **state)
{
    lme_arena *arena = *state;
    probed p = probe(arena, FAKE_NO_MODELS, SCORE, "mine", "");
    assert_ok(p.ok, &p.err);
    assert_str(p.profile.model, "mine");
    assert_finding(&p, "model", true, "no list of models: HTTP 404: nothing here");
    p = probe(arena, FAKE_NO_MODELS, SCORE, "", "");
    assert_refused(&p, LME_ERR_SERVER, "names no model: HTTP 404: nothing here",
                   "hint: name the model with --model");
}

static void stop_texts_are_looked_at(void **state)
{
    lme_arena *arena = *state;
    probed p = probe(arena, FAKE_NO_STOP, GENERATE, "", "");
    assert_ok(p.ok, &p.err);
    assert_false(finding(&p, "stop")->good);
}

static void nobody_answers(void **state)
{
    lme_arena *arena = *state;
    char url[64];
    int nobody = loopback_nobody(url);
    lme_endpoint_options options = options_of(url + strlen("http://"));
    probed p = probe_with(arena, &options, SCORE);
    close(nobody);
    assert_refused(&p, LME_ERR_NETWORK, "no server answers at http://127.0.0.1:", "--demo");
    assert_error(&p.err, LME_ERR_NETWORK, "(http:// was assumed): no answer: Failed to connect");
    assert_error(&p.err, LME_ERR_NETWORK, "vllm serve MODEL");
}

static void paths_by_name(void **state)
{
    (void)state;
    lme_endpoint *endpoint;
    lme_error err = {0};
    lme_endpoint_options options = options_of("http://127.0.0.1:1");
    options.scoring = LME_STR("ecko");
    assert_false(lme_endpoint_open(&options, &endpoint, &err));
    assert_error(&err, LME_ERR_USAGE, "there is no scoring path \"ecko\"");
    assert_error(&err, LME_ERR_USAGE,
                 "hint: expected auto, echo, lm_eval, prompt_logprobs, sglang, llama_server, ");
    options.scoring = LME_STR("echo");
    assert_ok(lme_endpoint_open(&options, &endpoint, &err), &err);
    lme_endpoint_close(endpoint);
    const char *names[64], *meanings[64];
    size_t n = lme_endpoint_paths(names, meanings, 64);
    assert_true(n >= 2 && n <= 64);
    assert_string_equal(names[0], "echo");
    assert_string_equal(names[1], "lm_eval");
    assert_true(strlen(meanings[0]) > 10 && strlen(meanings[1]) > 10);
    assert_int_equal(lme_endpoint_paths(names, meanings, 0), n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_server),
        cmocka_unit_test(only_what_is_needed_is_asked),
        cmocka_unit_test(echo_is_ignored),
        cmocka_unit_test(shifted_arrays_are_caught),
        cmocka_unit_test(the_proof_without_a_value),
        cmocka_unit_test(what_cannot_be_proved_is_refused),
        cmocka_unit_test(broken_shapes),
        cmocka_unit_test(offsets_of_other_kinds),
        cmocka_unit_test(a_second_bos_is_seen),
        cmocka_unit_test(rolling_needs_the_first_token),
        cmocka_unit_test(unsteady_digits_are_noted),
        cmocka_unit_test(errors_with_a_remedy),
        cmocka_unit_test(keys),
        cmocka_unit_test(a_server_without_a_list_of_models),
        cmocka_unit_test(stop_texts_are_looked_at),
        cmocka_unit_test(nobody_answers),
        cmocka_unit_test(paths_by_name),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
