/* A server on the small corpus beside this file, for tests over real HTTP. */
#ifndef LMEVAL_TEST_SERVING_H
#define LMEVAL_TEST_SERVING_H

#include "http_client.h"
#include "support.h"

#include <lmeval/json.h>
#include <lmeval/refserver.h>

static inline lme_refserver *serve(lme_arena *arena, lme_refserver_options options)
{
    lme_error err = {0};
    lme_refserver *server = NULL;
    if (options.corpus == NULL)
        options.corpus = test_source(arena, "tests/unit/refserver/corpus");
    assert_ok(lme_refserver_start(&options, &server, &err), &err);
    assert_non_null(server);
    return server;
}

/* POSTs to a fresh server with these options and gives the JSON of a 200 answer. */
static inline lme_value ask(lme_arena *arena, lme_refserver_options options, const char *path,
                            const char *body)
{
    lme_refserver *server = serve(arena, options);
    test_answer answer = test_post(arena, lme_refserver_port(server), path, body);
    lme_refserver_stop(server);
    if (answer.status != 200)
        print_error("%u: %.*s\n", answer.status, LME_STR_ARG(answer.body));
    assert_int_equal(answer.status, 200);
    assert_true(answer.is_complete);
    return test_json(arena, answer.body);
}

/* The same for a refused request: checks the status and that the error is in OpenAI's shape with
 * `part` in its message. */
static inline void assert_refused(lme_arena *arena, const test_answer *answer, unsigned status,
                                  const char *part)
{
    lme_value body = test_json(arena, answer->body);
    if (answer->status != status)
        print_error("%u: %.*s\n", answer->status, LME_STR_ARG(answer->body));
    assert_int_equal(answer->status, status);
    lme_str message = test_text(&body, "error.message");
    if (lme_str_find(message, lme_str_from(part), 0) == SIZE_MAX) {
        print_error("\"%.*s\" does not say \"%s\"\n", LME_STR_ARG(message), part);
        fail();
    }
    assert_true(test_text(&body, "error.type").len > 0);
    assert_non_null(test_at(&body, "error.param"));
    assert_non_null(test_at(&body, "error.code"));
}

#endif
