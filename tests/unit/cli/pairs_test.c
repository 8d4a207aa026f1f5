/* key=value words: what each value becomes, as lm_eval's command line reads it. */
#include "pairs.h"
#include "support.h"

#include <lmeval/json.h>

static void values_are_literals_or_texts(void **state)
{
    (void)state;
    static const struct {
        const char *words[3], *json;
    } cases[] = {
        {{NULL}, "null"},
        {{"a=1"}, "{\"a\": 1}"},
        {{"a=-1,b=0.7,c=1e-3"}, "{\"a\": -1, \"b\": 0.7, \"c\": 0.001}"},
        {{"a=true,b=False,c=None"}, "{\"a\": true, \"b\": false, \"c\": null}"},
        {{"a=[1, 'x, y'],b={\"k\": (2,)}"}, "{\"a\": [1, \"x, y\"], \"b\": {\"k\": [2]}}"},
        {{"stop=[\"\\n\\n\"]"}, "{\"stop\": [\"\\n\\n\"]}"},
        {{"url=http://h/v1?x=2,model=a/b"}, "{\"url\": \"http://h/v1?x=2\", \"model\": \"a/b\"}"},
        {{"a=[x]", "b="}, "{\"a\": \"[x]\", \"b\": \"\"}"},
        {{"a=1,,b=2,", "a=3"}, "{\"a\": 3, \"b\": 2}"},
        {{"{\"a\": {\"b\": null}}", "c=1"}, "{\"a\": {\"b\": null}, \"c\": 1}"},
    };
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_error err = {0};
        const char *words[3] = {cases[i].words[0], cases[i].words[1], cases[i].words[2]};
        lme_option_list list = {words, 0};
        lme_value map;
        lme_builder out = {.arena = arena};
        while (list.n < 3 && words[list.n] != NULL)
            list.n++;
        assert_ok(lme_pairs_read(arena, "gen-kwargs", &list, &map, &err), &err);
        lme_json_write(&out, &map, &(lme_json_style){0});
        assert_str(lme_builder_finish(&out), cases[i].json);
    }
    lme_arena_free(arena);
}

static void says_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *word, *message;
    } cases[] = {
        {"temperature", "--gen-kwargs wants key=value pairs, got \"temperature\""},
        {"a=1,b", "got \"b\""},
        {"=1", "got \"=1\""},
        {"{\"a\": ", "reading the JSON of --gen-kwargs"},
    };
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_error err = {0};
        const char *words[] = {cases[i].word};
        const lme_option_list list = {words, 1};
        lme_value map;
        assert_false(lme_pairs_read(arena, "gen-kwargs", &list, &map, &err));
        assert_error(&err, LME_ERR_USAGE, cases[i].message);
    }
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_literals_or_texts),
        cmocka_unit_test(says_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
