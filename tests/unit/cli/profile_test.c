/* A profile for people: three columns of meaning in 80 of text, whatever a server says. */
#include "profile.h"
#include "support.h"

#include <lmeval/json.h>

static lme_profile profile_of(const lme_finding *findings, size_t n)
{
    return (lme_profile){
        .model = LME_STR("m"),
        .server = LME_STR(""),
        .scoring_path = LME_STR("echo"),
        .scoring_caution = LME_STR(""),
        .chat_template = LME_STR(""),
        .n_bos = -1,
        .prefix_token = -1,
        .findings = findings,
        .n_findings = n,
    };
}

static void findings_stand_in_columns(void **state)
{
    (void)state;
    static const lme_finding findings[] = {
        {.name = {"chat", 4},
         .part = LME_PART_CHATS,
         .asked = {"are chats answered?", 19},
         .detail = {"HTTP 404: nothing", 17},
         .means = {"", 0}},
        {.name = {"right token", 11},
         .part = LME_PART_SCORING,
         .good = true,
         .asked = {"are the numbers their tokens' own?", 34},
         .detail = {"2 of 2", 6},
         .means = {"scores are of the texts that they are named for", 47}},
    };
    lme_arena *arena = lme_arena_new();
    lme_profile profile = profile_of(findings, 2);
    assert_str(lme_profile_text(arena, LME_STR("http://h"), &profile),
               "server   http://h\n"
               "model    m\n"
               "\n"
               "Tasks that it can be asked\n"
               "yes  multiple_choice                       scored by echo\n"
               "yes  loglikelihood                         scored by echo\n"
               "NO   loglikelihood_rolling                 a text's first token has no number\n"
               "NO   generate_until                        no texts come\n"
               "NO   generate_until --apply_chat_template  no chats are answered\n"
               "\n"
               "Scoring                          found, and what it means\n"
               "ok   right token: are the        2 of 2\n"
               "     numbers their tokens' own?  -> scores are of the texts that they are named\n"
               "                                 for\n"
               "\n"
               "Chats                            found, and what it means\n"
               "NO   chat: are chats answered?   HTTP 404: nothing\n");
    lme_arena_free(arena);
}

static void what_was_not_asked_is_not_denied(void **state)
{
    (void)state;
    static const lme_finding finding = {
        .name = {"model", 5},
        .part = LME_PART_SERVER,
        .asked = {"which one answers?", 18},
        .detail = {"HTTP 401: a key is needed", 25},
        .means = {"", 0},
    };
    lme_arena *arena = lme_arena_new();
    lme_profile profile = profile_of(&finding, 1);
    profile.model = profile.scoring_path = LME_STR("");
    assert_str(lme_profile_text(arena, LME_STR("http://h"), &profile),
               "server   http://h\n"
               "model    unknown\n"
               "\n"
               "Server                           found, and what it means\n"
               "NO   model: which one answers?   HTTP 401: a key is needed\n");
    lme_arena_free(arena);
}

/* A server's words may be long, and may be meant for the terminal. */
static void no_server_breaks_the_table(void **state)
{
    (void)state;
    char word[400];
    for (size_t i = 0; i < sizeof word; i++)
        word[i] = i % 90 == 7 ? '\x1b' : 'x';
    const lme_finding finding = {
        .name = LME_STR("echo"),
        .part = LME_PART_SCORING,
        .asked = LME_STR("a text's log-probabilities?"),
        .detail = {word, sizeof word},
        .means = LME_STR("not by this path"),
    };
    lme_arena *arena = lme_arena_new();
    lme_profile profile = profile_of(&finding, 1);
    lme_str text = lme_profile_text(arena, LME_STR("http://h"), &profile);
    assert_true(lme_str_find(text, LME_STR("\x1b"), 0) >= text.len);
    for (size_t from = 0, to; from < text.len; from = to + 1) {
        to = lme_str_find(text, LME_STR("\n"), from);
        assert_true(to < text.len && to - from <= 80);
    }
    lme_arena_free(arena);
}

static void what_is_not_known_is_null(void **state)
{
    (void)state;
    const lme_finding finding = {
        .name = LME_STR("stop"),
        .part = LME_PART_TEXTS,
        .asked = LME_STR("?"),
        .detail = LME_STR("d"),
        .means = LME_STR("m"),
    };
    lme_arena *arena = lme_arena_new();
    lme_profile profile = profile_of(&finding, 1);
    lme_builder out = {.arena = arena};
    lme_value value = lme_profile_value(arena, LME_STR("u"), &profile);
    lme_json_write(&out, &value, &(lme_json_style){0});
    assert_str(lme_builder_finish(&out),
               "{\"base_url\": \"u\", \"server\": \"\", \"model\": \"m\", \"context\": null, "
               "\"scoring_path\": \"echo\", \"scoring_caution\": \"\", \"rolls\": false, "
               "\"generates\": false, \"chats\": false, \"bos_tokens\": null, "
               "\"doubles_bos\": false, \"prefix_token\": null, \"max_length\": null, "
               "\"truncates\": false, "
               "\"chat_template_sha256\": null, \"findings\": [{\"name\": \"stop\", "
               "\"part\": \"texts\", \"asked\": \"?\", \"good\": false, \"detail\": \"d\", "
               "\"means\": \"m\"}]}");
    profile.n_findings = 0;
    assert_int_equal(lme_profile_value(arena, LME_STR("u"), &profile).kind, LME_NULL);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_stand_in_columns),
        cmocka_unit_test(what_was_not_asked_is_not_denied),
        cmocka_unit_test(no_server_breaks_the_table),
        cmocka_unit_test(what_is_not_known_is_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
