/* What is advised, and that names of ours in an error choose nothing. */
#include "advice.h"
#include "support.h"

typedef struct refusal {
    long status;
    const char *said;
    const char *model;
    const char *path; /* of the request */
    const char *hint; /* a part of it */
} refusal;

static const refusal refusals[] = {
    {404, "The model `m` does not exist", "m", "/v1/completions", "name one that"},
    {404, "Not Found", "m", "/v1/completions", "there is no /v1/completions"},
    {400, "Echo is not supported", "m", "/v1/completions", "the server refuses echo"},
    {503, "Loading model", "m", "/v1/completions", "still loading"},
    /* what a model or a path is called */
    {404, "The model `my-echo-model` does not exist", "my-echo-model", "/v1/completions",
     "name one that"},
    {404, "The model `logits_all-7b` does not exist; there is `m`", "logits_all-7b",
     "/v1/completions", "name one that"},
    {404, "Cannot POST /models/7b/v1/completions", "m", "/models/7b/v1/completions",
     "there is no /v1/completions"},
    {429, "slow down, my-echo-model", "my-echo-model", "/v1/completions", "limits requests"},
    /* beside the server's own words */
    {400, "my-echo-model: echo is not supported", "my-echo-model", "/v1/completions",
     "the server refuses echo"},
};

static void names_choose_no_advice(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const refusal *r = &refusals[i];
        lme_remark said = lme_remark_of(arena, lme_str_from(r->said), NULL, lme_str_from(r->model));
        lme_remark_sent(arena, &said, lme_str_from(r->path));
        lme_str hint = lme_str_from(lme_advice(r->status, &said, false));
        if (lme_str_find(hint, lme_str_from(r->hint), 0) >= hint.len)
            fail_msg("%s: %.*s", r->said, LME_STR_ARG(hint));
    }
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_choose_no_advice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
