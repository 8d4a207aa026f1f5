/* Event streams as servers write them, and as they should not (servers 3.16). */
#include "sse.h"
#include "support.h"

static void events_come_one_by_one(void **state)
{
    (void)state;
    static const struct {
        const char *body, *events; /* data in brackets, errors in braces */
    } cases[] = {
        {"", ""},
        {"data: a\n\ndata: b\n\n", "[a][b]"},
        {"data: a\r\n\r\ndata: b\r\n\r\n", "[a][b]"},
        {"data: a\r\rdata: b\r\r", "[a][b]"},
        {"data:a\n\ndata:  b\n\n", "[a][ b]"},
        {": keep-alive\n\n:\n\ndata: a\n\n: ping\n\n", "[a]"},
        {"data: a\ndata: b\n\n", "[a\nb]"},
        {"event: x\nid: 7\nretry: 9\ndata: a\n\n", "[a]"},
        {"data\n\ndata:\n\n", "[][]"},
        {"dataset: a\n\ndata: b", "[b]"},
        {"\n\n\ndata: a\n\n\n\ndata: b\n", "[a][b]"},
        {"\xef\xbb\xbf"
         "data: a\n\n",
         "[a]"},
        {"error: {\"message\": \"m\"}\n\ndata: [DONE]\n\n", "{{\"message\": \"m\"}}[[DONE]]"},
        {"{\"choices\": []}", ""},
        {"data: a\n\n\rdata: b", "[a][b]"},
    };
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_str rest = lme_str_from(cases[i].body);
        lme_builder seen = {.arena = arena};
        lme_sse_event event;
        while (lme_sse_next(arena, &rest, &event)) {
            if (event.error.len > 0)
                lme_builder_format(&seen, "{%.*s}", LME_STR_ARG(event.error));
            else
                lme_builder_format(&seen, "[%.*s]", LME_STR_ARG(event.data));
        }
        assert_str(lme_builder_finish(&seen), cases[i].events);
    }
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_come_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
