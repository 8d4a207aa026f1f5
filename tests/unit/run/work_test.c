/* The journal's name for an answer: equal for the same question, another one whenever what is
 * scored differs, although the body is the same. */
#include "support.h"
#include "work.h"

static lme_str key_of(lme_arena *arena, const lme_request *request)
{
    return lme_work_key(arena, LME_STR("server model path"), request, LME_STR("{}"), true);
}

static void keys_tell_questions_apart(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const lme_message begun[] = {{LME_STR("user"), LME_STR("q")},
                                 {LME_STR("assistant"), LME_STR("It")}};
    const lme_message further[] = {{LME_STR("user"), LME_STR("q")},
                                   {LME_STR("assistant"), LME_STR("It is")}};
    const lme_str alternatives[] = {LME_STR("c"), LME_STR("c"), LME_STR("d")};
    const lme_request requests[] = {
        {.kind = LME_REQUEST_LOGLIKELIHOOD, .context = LME_STR("ab"), .continuation = LME_STR("c")},
        {.kind = LME_REQUEST_LOGLIKELIHOOD, .context = LME_STR("a"), .continuation = LME_STR("bc")},
        {.kind = LME_REQUEST_ROLLING, .context = LME_STR("abc")},
        {.kind = LME_REQUEST_GENERATE, .context = LME_STR("abc")},
        {.kind = LME_REQUEST_GENERATE, .context = LME_STR("abc"), .repeat = 1},
        {.kind = LME_REQUEST_LOGLIKELIHOOD,
         .messages = begun,
         .n_messages = 2,
         .continuation = LME_STR(" is")},
        {.kind = LME_REQUEST_LOGLIKELIHOOD,
         .messages = further,
         .n_messages = 2,
         .continuation = LME_STR("")},
        /* bodies that do not hold the continuation, or none of the choices */
        {.kind = LME_REQUEST_LOGLIKELIHOOD, .context = LME_STR("ab"), .continuation = LME_STR("d")},
        {.kind = LME_REQUEST_LOGLIKELIHOOD,
         .context = LME_STR("ab"),
         .continuation = LME_STR("c"),
         .alternatives = alternatives,
         .n_alternatives = 2,
         .alternative = 0},
        {.kind = LME_REQUEST_LOGLIKELIHOOD,
         .context = LME_STR("ab"),
         .continuation = LME_STR("c"),
         .alternatives = alternatives,
         .n_alternatives = 3,
         .alternative = 0},
        {.kind = LME_REQUEST_LOGLIKELIHOOD,
         .context = LME_STR("ab"),
         .continuation = LME_STR("c"),
         .alternatives = alternatives,
         .n_alternatives = 3,
         .alternative = 1},
    };
    enum {
        N = sizeof requests / sizeof requests[0]
    };
    for (size_t i = 0; i < N; i++) {
        lme_str key = key_of(arena, &requests[i]);
        assert_int_equal(key.len, 64);
        for (size_t j = 0; j < N; j++)
            assert_int_equal(lme_str_equal(key, key_of(arena, &requests[j])), i == j);
    }
    lme_arena_free(arena);
}

/* One choice's loglikelihood is the same whatever it stands beside. */
static void other_choices_are_no_other_question(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const lme_str alternatives[] = {LME_STR("c"), LME_STR("d"), LME_STR("e")};
    const lme_request two = {.kind = LME_REQUEST_LOGLIKELIHOOD,
                             .context = LME_STR("ab"),
                             .continuation = LME_STR("c"),
                             .alternatives = alternatives,
                             .n_alternatives = 2};
    lme_request three = two, alone = two;
    three.n_alternatives = 3;
    alone.n_alternatives = 0;
    for (int compares = 0; compares < 2; compares++) {
        lme_str key = lme_work_key(arena, LME_STR("s"), &two, LME_STR("{}"), compares);
        bool is_same =
            lme_str_equal(key, lme_work_key(arena, LME_STR("s"), &three, LME_STR("{}"), compares));
        assert_int_equal(is_same, !compares);
        assert_false(
            lme_str_equal(key, lme_work_key(arena, LME_STR("s"), &alone, LME_STR("{}"), compares)));
    }
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_tell_questions_apart),
        cmocka_unit_test(other_choices_are_no_other_question),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
