/* Answers with echo and what is read of them, for the tests of that path. */
#ifndef LMEVAL_TEST_ECHOED_H
#define LMEVAL_TEST_ECHOED_H

#include "path.h"
#include "support.h"

#include <lmeval/json.h>

static inline int set_up(void **state)
{
    *state = lme_arena_new();
    return 0;
}

static inline int tear_down(void **state)
{
    lme_arena_free(*state);
    return 0;
}

static inline const lme_path *echo(void)
{
    const lme_path *path = lme_path_find(LME_STR("echo"));
    assert_non_null(path);
    return path;
}

/* The same answer with most of it left unread. */
static inline lme_value skimmed(lme_arena *arena, const lme_path *path, const lme_value *answer)
{
    lme_json_reader *reader = lme_json_reader_new();
    lme_json_style style = {.compact = true};
    lme_builder text = {.arena = arena};
    lme_value value;
    lme_error err = {0};
    lme_json_write(&text, answer, &style);
    lme_builder_reserve(&text, LME_JSON_PADDING);
    assert_ok(lme_json_skim(arena, reader, lme_builder_finish(&text), path->left, &value, &err),
              &err);
    lme_json_reader_free(reader);
    return value;
}

/* As the path reads it, whole and skimmed; nothing but the request matters here. */
static inline bool read_by(lme_arena *arena, const lme_path *path, const lme_request *request,
                           const lme_value *answer, lme_response *response, lme_error *err)
{
    const lme_form form = {0};
    lme_question question = {path, &form, request};
    lme_response again = *response;
    lme_error same = *err;
    lme_value value = skimmed(arena, path, answer);
    bool ok = lme_path_decode(arena, &question, answer, response, err);
    assert_int_equal(lme_path_decode(arena, &question, &value, &again, &same), ok);
    assert_string_equal(same.message, err->message);
    if (ok) {
        assert_true(again.logprob_nats == response->logprob_nats);
        assert_int_equal(again.is_greedy, response->is_greedy);
        assert_int_equal(again.n_tokens, response->n_tokens);
    }
    return ok;
}

static inline lme_value json(lme_arena *arena, lme_str text)
{
    lme_value value;
    lme_error err = {0};
    assert_ok(lme_json_read(arena, NULL, text, NULL, &value, &err), &err);
    return value;
}

static inline lme_request pair_of(const char *context, const char *continuation)
{
    return (lme_request){
        .kind = LME_REQUEST_LOGLIKELIHOOD,
        .context = lme_str_from(context),
        .continuation = lme_str_from(continuation),
    };
}

static inline void refuse_answer(lme_arena *arena, const lme_value *answer, lme_request request,
                                 const char *part)
{
    lme_response response = {0};
    lme_error err = {0};
    assert_false(read_by(arena, echo(), &request, answer, &response, &err));
    assert_error(&err, LME_ERR_SERVER, part);
}

#endif
