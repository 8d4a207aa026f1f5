/* The path that asks several times: answers in their order, and what comes of them. */
#include "forced.h"
#include "path.h"
#include "support.h"

#include <lmeval/json.h>

enum {
    MAX_ANSWERS = 6
};

typedef struct steps_case {
    const char *context, *continuation;
    const char *answers[MAX_ANSWERS]; /* of /tokenize, then of /completion */
    double nats;
    size_t n_tokens; /* 0: refused */
    bool is_greedy, straddles;
    const char *refusal;
    bool runs; /* several tokens may be forced by one request */
} steps_case;

#define TOKENS(list) "{\"tokens\": [" list "]}"
#define T(id, piece) "{\"id\": " id ", \"piece\": \"" piece "\"}"
#define TOLD(id, nats, top)                                                                        \
    "{\"id\": " id ", \"token\": \"x\", \"logprob\": " nats                                        \
    ", \"top_logprobs\": [{\"id\": 9, \"token\": \"y\", \"logprob\": " top "}]}"
#define ANSWER(list) "{\"completion_probabilities\": [" list "]}"
#define LISTED(list)                                                                               \
    ANSWER("{\"id\": 7, \"token\": \"x\", \"logprob\": -9, \"top_logprobs\": [" list "]}")
#define TOP(id, nats) "{\"id\": " id ", \"token\": \"\", \"logprob\": " nats "}"
#define ENTRY(id, nats, top)                                                                       \
    "{\"completion_probabilities\": [{\"id\": " id ", \"token\": \"x\", \"logprob\": " nats        \
    ", \"top_logprobs\": [{\"id\": 9, \"token\": \"y\", \"logprob\": " top "}]}]}"

static const steps_case cases[] = {
    {"a b",
     " c d",
     {TOKENS(T("1", "a") "," T("2", " b") "," T("3", " c") "," T("4", " d")),
      ENTRY("3", "-0.5", "-0.5"), ENTRY("4", "-1.25", "-1")},
     -1.75,
     2,
     false,
     false,
     NULL,
     false},
    /* a begin token in front, and the blank that SentencePiece puts there */
    {"a b",
     " c",
     {TOKENS(T("0", "<s>") "," T("1", " a") "," T("2", " b") "," T("3", " c")),
      ENTRY("3", "-0.5", "-0.5")},
     -0.5,
     1,
     true,
     false,
     NULL,
     false},
    /* white space at the context's end belongs to the continuation; minus infinity */
    {"a ",
     "b",
     {TOKENS(T("1", "a") "," T("2", " b")), ENTRY("2", "-3.4e38", "-1")},
     -1e9,
     1,
     false,
     false,
     NULL,
     false},
    /* a character over two tokens; the first of them begins where the character does */
    {"a",
     " \xC3\xA9",
     {TOKENS(T("1", "a") ", {\"id\": 5, \"piece\": [32, 195]}, "
                         "{\"id\": 6, \"piece\": [169]}"),
      LISTED(TOP("9", "-0.5") "," TOP("5", "-1")), ENTRY("6", "-0.25", "-0.25")},
     -1.25,
     2,
     false,
     false,
     NULL,
     false},
    /* a token across the boundary */
    {"ab",
     "cd",
     {TOKENS(T("1", "a") "," T("2", "bc") "," T("3", "d")), ENTRY("3", "-1", "-1")},
     -1,
     1,
     true,
     true,
     NULL,
     false},
    {"",
     "a b",
     {TOKENS(T("0", "<s>") "," T("1", "a") "," T("2", " b")), ENTRY("1", "-1", "-1"),
      ENTRY("2", "-1", "-1")},
     -2,
     2,
     true,
     false,
     NULL,
     false},
    {"", "a", {TOKENS(T("1", "a"))}, 0, 0, false, false, "nothing stands before it", false},
    {"a", " b", {"{}"}, 0, 0, false, false, "no list of tokens", false},
    {"a", " b", {TOKENS("1, 2")}, 0, 0, false, false, "with_pieces is not understood", false},
    {"a",
     " b",
     {TOKENS(T("1", "a") "," T("2", "") "," T("3", " ") "," T("4", "") "," T("5", "b"))},
     0,
     0,
     false,
     false,
     "token 3 of /tokenize has an empty piece",
     false},
    {"a",
     " b",
     {TOKENS(T("1", "") "," T("2", "") "," T("3", "a") "," T("4", " ") "," T("5", "b") "," T("6",
                                                                                             "b"))},
     0,
     0,
     false,
     false,
     "6 tokens for a prompt of 3 bytes",
     false},
    {"a",
     " b",
     {TOKENS("{\"id\": 1, \"piece\": [300]}")},
     0,
     0,
     false,
     false,
     "with_pieces is not understood",
     false},
    {"a",
     " b",
     {TOKENS(T("1", "a") "," T("2", " c"))},
     0,
     0,
     false,
     false,
     "not the prompt's text",
     false},
    {"a",
     " b",
     {TOKENS(T("1", "a") "," T("2", " b")), "{\"content\": \" b\"}", "{\"content\": \" b\"}"},
     0,
     0,
     false,
     false,
     "take a newer one",
     false},
    /* a token that the bias does not bring about is looked up */
    {"a",
     " b",
     {TOKENS(T("1", "a") "," T("2", " b")), ENTRY("3", "-1", "-1"),
      LISTED(TOP("9", "-0.5") "," TOP("2", "-1"))},
     -1,
     1,
     false,
     false,
     NULL,
     false},
    {"a",
     " b",
     {TOKENS(T("1", "a") "," T("2", " b")), ENTRY("3", "-1", "-1"), LISTED(TOP("9", "-0.5"))},
     0,
     0,
     false,
     false,
     "token 2 cannot be forced, and is not among the 1 that the server lists",
     false},
    /* a run of three comes whole */
    {"a b",
     " c d e",
     {TOKENS(T("1", "a") "," T("2", " b") "," T("3", " c") "," T("4", " d") "," T("5", " e")),
      ANSWER(TOLD("3", "-0.5", "-0.5") "," TOLD("4", "-1.25", "-1") "," TOLD("5", "-1", "-1"))},
     -2.75,
     3,
     false,
     false,
     NULL,
     true},
    /* a token that comes twice begins a run of its own */
    {"a b",
     " c d c",
     {TOKENS(T("1", "a") "," T("2", " b") "," T("3", " c") "," T("4", " d") "," T("3", " c")),
      ANSWER(TOLD("3", "-0.5", "-0.5") "," TOLD("4", "-1", "-1")), ENTRY("3", "-2", "-2")},
     -3.5,
     3,
     true,
     false,
     NULL,
     true},
    /* a run that breaks off, or goes astray, goes on one by one */
    {"a b",
     " c d e",
     {TOKENS(T("1", "a") "," T("2", " b") "," T("3", " c") "," T("4", " d") "," T("5", " e")),
      ANSWER(TOLD("3", "-0.5", "-0.5") "," TOLD("9", "-1", "-1")), ENTRY("4", "-1", "-1"),
      ENTRY("5", "-1", "-1")},
     -2.5,
     3,
     true,
     false,
     NULL,
     true},
    /* so does one of which the server tells nothing, as where it drafts */
    {"a b",
     " c d",
     {TOKENS(T("1", "a") "," T("2", " b") "," T("3", " c") "," T("4", " d")),
      "{\"completion_probabilities\": [{\"id\": 3, \"token\": \"x\", \"logprob\": 0, "
      "\"top_logprobs\": []}]}",
      ENTRY("3", "-1", "-1"), ENTRY("4", "-1", "-1")},
     -2,
     2,
     true,
     false,
     NULL,
     true},
    {"a",
     " b",
     {TOKENS(T("1", "a") "," T("2", " b")), ENTRY("2", "0.5", "-1")},
     0,
     0,
     false,
     false,
     "expected one <= 0",
     false},
};

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

/* Walks through the answers; true when the last of them filled the response. */
static bool walk(lme_arena *arena, lme_steps *steps, const steps_case *c, lme_response *r,
                 lme_error *err)
{
    const lme_path *path = lme_path_find(LME_STR("llama_server"));
    for (size_t i = 0; i < MAX_ANSWERS && c->answers[i] != NULL; i++) {
        lme_value answer;
        lme_error bad = {0};
        assert_ok(lme_json_read(arena, NULL, lme_str_from(c->answers[i]), NULL, &answer, &bad),
                  &bad);
        steps->next_body = LME_STR("");
        if (!path->step(steps, &answer, r, err))
            return false;
        bool is_last = i + 1 == MAX_ANSWERS || c->answers[i + 1] == NULL;
        assert_int_equal(steps->next_body.len == 0, is_last);
    }
    return true;
}

static void answers(void **state)
{
    lme_arena *arena = *state;
    lme_form form = {.model = LME_STR("m"), .seed = 7};
    lme_server_url url = {.completion = "http://h/completion"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const steps_case *c = &cases[i];
        lme_error err = {0};
        lme_response r = {0};
        lme_request request = {
            .kind = LME_REQUEST_LOGLIKELIHOOD,
            .context = lme_str_from(c->context),
            .continuation = lme_str_from(c->continuation),
        };
        lme_steps steps = {.arena = arena, .form = &form, .url = &url, .request = &request};
        form.forces_runs = c->runs;
        bool ok = walk(arena, &steps, c, &r, &err);
        print_message("case %zu\n", i);
        if (c->n_tokens == 0) {
            assert_false(ok);
            assert_error(&err, LME_ERR_SERVER, c->refusal);
            continue;
        }
        assert_ok(ok, &err);
        assert_int_equal(r.n_tokens, c->n_tokens);
        assert_int_equal(r.is_greedy, c->is_greedy);
        assert_int_equal(r.straddles, c->straddles);
        assert_true(c->nats < -1e8 ? r.logprob_nats < c->nats : r.logprob_nats == c->nats);
    }
}

static void bodies(void **state)
{
    lme_arena *arena = *state;
    const lme_path *path = lme_path_find(LME_STR("llama_server"));
    lme_form form = {.model = LME_STR("m"), .seed = 7};
    lme_server_url url = {.completion = "http://h/completion", .tokenize = "http://h/tokenize"};
    lme_request request = {
        .kind = LME_REQUEST_LOGLIKELIHOOD,
        .context = LME_STR("a"),
        .continuation = LME_STR(" b"),
    };
    lme_steps steps = {.arena = arena, .form = &form, .url = &url, .request = &request};
    lme_value answer;
    lme_response r = {0};
    lme_error err = {0};
    assert_string_equal(path->url(&url, &request), "http://h/tokenize");
    assert_str(path->encode(arena, &form, &request),
               "{\"content\": \"a b\", \"add_special\": true, \"with_pieces\": true}");
    lme_str tokens = LME_STR(TOKENS(T("0", "<s>") "," T("1", "a") "," T("2", " b")));
    assert_ok(lme_json_read(arena, NULL, tokens, NULL, &answer, &err), &err);
    assert_ok(path->step(&steps, &answer, &r, &err), &err);
    assert_string_equal(steps.next_url, "http://h/completion");
    assert_str(steps.next_body,
               "{\"prompt\": [0, 1], \"n_predict\": 1, \"n_probs\": 1, \"temperature\": 0, "
               "\"cache_prompt\": true, \"seed\": 7, \"response_fields\": "
               "[\"completion_probabilities\"], \"logit_bias\": [[2, 100000]]}");
}

/* A token of the prompt starts level with a new one: its bias has the penalties that it has. */
static void bodies_of_runs(void **state)
{
    const int64_t ids[] = {5, 6, 5, 7, 6, 7};
    lme_form form = {.seed = 7, .has_filler = true, .filler = 3};
    lme_builder out = {.arena = *state};
    assert_int_equal(lme_forced_run(ids, 2, 6), 3);
    assert_int_equal(lme_forced_run(ids, 2, 4), 2);
    assert_int_equal(lme_forced_run(ids, 5, 6), 1);
    lme_forced_ask(&out, &form, ids, 2, 3);
    assert_str(lme_builder_finish(&out),
               "{\"prompt\": [5, 6], \"n_predict\": 3, \"n_probs\": 1, \"temperature\": 0, "
               "\"cache_prompt\": true, \"seed\": 7, \"response_fields\": "
               "[\"completion_probabilities\"], \"logit_bias\": [[5, 106000], [7, 4000], "
               "[6, 102000]], \"samplers\": [\"penalties\", \"temperature\"], \"mirostat\": 0, "
               "\"repeat_last_n\": 5, \"repeat_penalty\": 1, \"presence_penalty\": 0, "
               "\"frequency_penalty\": 100000}");
    out.len = 0;
    lme_forced_list(&out, &form, ids, 2, 64);
    assert_str(lme_builder_finish(&out),
               "{\"prompt\": [5, 6], \"n_predict\": 1, \"n_probs\": 64, \"temperature\": 0, "
               "\"cache_prompt\": true, \"seed\": 7, \"response_fields\": "
               "[\"completion_probabilities\"], \"logit_bias\": [[3, 100000]]}");
}

static void runs_are_bounded(void **state)
{
    int64_t ids[100];
    (void)state;
    for (size_t i = 0; i < 100; i++)
        ids[i] = (int64_t)i;
    assert_int_equal(lme_forced_run(ids, 1, 100), LME_FORCED_MOST);
}

static void knows_ends_within_a_character(void **state)
{
    (void)state;
    assert_false(lme_ends_within_character(LME_STR("")));
    assert_false(lme_ends_within_character(LME_STR("a\xC3\xA9")));
    assert_true(lme_ends_within_character(LME_STR("a\xC3")));
    assert_true(lme_ends_within_character(LME_STR("\xE6\xBC")));
    assert_true(lme_ends_within_character(LME_STR("\xF0\x9F\xA7")));
    /* The server waits for nothing behind these. */
    assert_false(lme_ends_within_character(LME_STR("\xA2")));
    assert_false(lme_ends_within_character(LME_STR("\xF0\x9F\xA7\x88")));
}

/* Every step asks with all ids before it: their room is used again, not taken anew. */
static void long_continuations_take_little_memory(void **state)
{
    enum {
        N = 600,
        MOST_BYTES = 128 * 1024
    };
    lme_arena *texts = *state, *own = lme_arena_new();
    const lme_path *path = lme_path_find(LME_STR("llama_server"));
    lme_builder tokens = {.arena = texts}, continuation = {.arena = texts};
    lme_builder_add(&tokens, LME_STR("{\"tokens\": [" T("1", "a")));
    for (size_t i = 0; i < N; i++) {
        lme_builder_add(&tokens, LME_STR("," T("2", "b")));
        lme_builder_char(&continuation, 'b');
    }
    lme_builder_add(&tokens, LME_STR("]}"));
    lme_form form = {.model = LME_STR("m"), .seed = 7};
    lme_server_url url = {.completion = "http://h/completion"};
    lme_request request = {
        .kind = LME_REQUEST_LOGLIKELIHOOD,
        .context = LME_STR("a"),
        .continuation = lme_builder_finish(&continuation),
    };
    lme_steps steps = {.arena = own, .form = &form, .url = &url, .request = &request};
    lme_value answer, entry;
    lme_response r = {0};
    lme_error err = {0};
    assert_ok(lme_json_read(texts, NULL, lme_builder_finish(&tokens), NULL, &answer, &err), &err);
    assert_ok(lme_json_read(texts, NULL, LME_STR(ENTRY("2", "-1", "-1")), NULL, &entry, &err),
              &err);
    assert_ok(path->step(&steps, &answer, &r, &err), &err);
    for (size_t i = 0; i < N; i++)
        assert_ok(path->step(&steps, &entry, &r, &err), &err);
    assert_int_equal(r.n_tokens, N);
    assert_in_range(lme_arena_used(own), 1, MOST_BYTES);
    lme_arena_free(own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers),
        cmocka_unit_test(bodies),
        cmocka_unit_test(bodies_of_runs),
        cmocka_unit_test(runs_are_bounded),
        cmocka_unit_test(knows_ends_within_a_character),
        cmocka_unit_test(long_continuations_take_little_memory),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
