/* Choices read from a first token, and from the letter of an answer: what each is worth, and when
 * it is worth nothing (servers 3.22). */
#include "path.h"
#include "support.h"

#include <math.h>

#include <lmeval/json.h>

typedef struct choice_case {
    const char *path;
    const char *answer;
    double nats[3];      /* of the three choices */
    const char *finish;  /* of the last one */
    const char *failure; /* what the path does not tell */
} choice_case;

#define TOPS(list)                                                                                 \
    "{\"choices\": [{\"logprobs\": {\"content\": [{\"top_logprobs\": [" list "]}]}}]}"
#define T(text, nats) "{\"token\": \"" text "\", \"logprob\": " nats "}"
#define SAYS(text)    "{\"choices\": [{\"message\": {\"content\": \"" text "\"}}]}"
#define NONE          (-(double)INFINITY)

static const choice_case cases[] = {
    {"first_token",
     "{\"choices\": [{\"logprobs\": {\"top_logprobs\": [{\" c\": -2, \" a\": -1, \" b\": "
     "-9999}]}}]}",
     {-1, NONE, -2},
     "",
     ""},
    {"first_token", TOPS(T(" a", "-1") "," T(" b", "-2")), {0}, "", "the choice \" c\" is not one"},
    /* two tokens with one text: which is meant? */
    {"first_token",
     TOPS(T(" a", "-1") "," T(" a", "-2") "," T(" b", "-3") "," T(" c", "-4")),
     {0},
     "",
     "the choice \" a\" is not one"},
    /* spellings are added up; what is not told has a bound below the last one told */
    {"letters",
     TOPS(T("B", "-1") "," T(" b", "-1") "," T("A", "-2") "," T("The", "-3")),
     {-2, -0.306852819440055, -3},
     LME_SCORED_BOUND,
     ""},
    {"letters", TOPS(T("The", "-1") "," T("I", "-2")), {NONE, NONE, NONE}, LME_SCORED_NOTHING, ""},
    {"generated_letters", SAYS("B"), {NONE, 0, NONE}, LME_SCORED_LETTER, ""},
    {"generated_letters", SAYS("**C**: it does."), {NONE, NONE, 0}, LME_SCORED_LETTER, ""},
    {"generated_letters",
     SAYS("<think>A or B? B.</think>\\n\\nI think the answer is (A)."),
     {0, NONE, NONE},
     LME_SCORED_LETTER,
     ""},
    {"generated_letters", SAYS("A good question."), {NONE, NONE, NONE}, LME_SCORED_NOTHING, ""},
    {"generated_letters", SAYS("D"), {NONE, NONE, NONE}, LME_SCORED_NOTHING, ""},
    {"generated_letters", SAYS(""), {NONE, NONE, NONE}, LME_SCORED_NOTHING, ""},
};

static void choices_have_their_values(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const lme_str choices[] = {LME_STR(" a"), LME_STR(" b"), LME_STR(" c")};
    const lme_form form = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const choice_case *c = &cases[i];
        const lme_path *path = lme_path_find(lme_str_from(c->path));
        lme_error err = {0};
        lme_value answer;
        lme_response r = {0};
        assert_ok(lme_json_read(arena, NULL, lme_str_from(c->answer), NULL, &answer, &err), &err);
        for (size_t k = 0; k < 3; k++) {
            const lme_request request = {
                .kind = LME_REQUEST_LOGLIKELIHOOD,
                .context = LME_STR("q"),
                .continuation = choices[k],
                .alternatives = choices,
                .n_alternatives = 3,
                .alternative = k,
            };
            r = (lme_response){.finish = LME_STR(""), .failure = LME_STR("")};
            lme_question question = {path, &form, &request};
            assert_ok(lme_path_decode(arena, &question, &answer, &r, &err), &err);
            assert_true(lme_str_starts(r.failure, lme_str_from(c->failure)));
            assert_int_equal(r.failure.len > 0, c->failure[0] != '\0');
            if (c->failure[0] == '\0' && isinf(c->nats[k]))
                assert_true(isinf(r.logprob_nats) && r.logprob_nats < 0);
            else if (c->failure[0] == '\0')
                assert_close(r.logprob_nats, c->nats[k], 1e-12);
        }
        assert_str(r.finish, c->finish);
    }
    lme_arena_free(arena);
}

static void thoughts_end_at_the_mark_named(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    static const struct {
        const char *mark, *answer, *finish;
    } rows[] = {
        {"", SAYS("A</think>B"), LME_SCORED_LETTER},
        {"[/T]", SAYS("[T]A.[/T]A</think>[/T]\\nB."), LME_SCORED_LETTER},
        {"[/T]", SAYS("A</think>B"), LME_SCORED_NOTHING},
    };
    const lme_str choices[] = {LME_STR(" a"), LME_STR(" b")};
    const lme_request second = {.alternatives = choices, .n_alternatives = 2, .alternative = 1};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const lme_form form = {.think_end = lme_str_from(rows[i].mark)};
        lme_question question = {lme_path_find(LME_STR("generated_letters")), &form, &second};
        lme_error err = {0};
        lme_value answer;
        lme_response r = {0};
        assert_ok(lme_json_read(arena, NULL, lme_str_from(rows[i].answer), NULL, &answer, &err),
                  &err);
        assert_ok(lme_path_decode(arena, &question, &answer, &r, &err), &err);
        assert_str(r.finish, rows[i].finish);
        assert_int_equal(r.is_greedy, lme_str_is(r.finish, LME_SCORED_LETTER));
    }
    lme_arena_free(arena);
}

static void the_question_lists_the_choices(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    const lme_form form = {.model = LME_STR("m"), .top_limit = 20};
    const lme_path *path = lme_path_find(LME_STR("letters"));
    const lme_str texts[] = {LME_STR(" a cat"), LME_STR(" a dog")};
    const lme_str letters[] = {LME_STR(" A"), LME_STR(" B")};
    lme_request asked, request = {.kind = LME_REQUEST_LOGLIKELIHOOD,
                                  .context = LME_STR("Which one barks?"),
                                  .alternatives = texts,
                                  .n_alternatives = 2};
    assert_ok(path->put(arena, &form, &request, &asked, &err), &err);
    assert_int_equal(asked.n_messages, 1);
    assert_str(asked.messages[0].content,
               "Which one barks?\n\nA. a cat\nB. a dog\n"
               "Answer with the letter of the right choice alone: A or B.");
    request.alternatives = letters;
    assert_ok(path->put(arena, &form, &request, &asked, &err), &err);
    assert_str(asked.messages[0].content,
               "Which one barks?\n\nAnswer with the letter of the right choice alone: A or B.");
    request.n_alternatives = 0;
    assert_false(path->put(arena, &form, &request, &asked, &err));
    assert_error(&err, LME_ERR_SERVER, "letters need 2 to 26 choices after one context, got 0");
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choices_have_their_values),
        cmocka_unit_test(thoughts_end_at_the_mark_named),
        cmocka_unit_test(the_question_lists_the_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
