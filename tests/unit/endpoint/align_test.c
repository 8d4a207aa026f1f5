/* Where tokens lie in a prompt: sound offsets, broken ones and none. */
#include "align.h"
#include "support.h"

#include <lmeval/json.h>

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

/* An answer with these tokens, as JSON, and text_offset, as JSON or NULL. */
static lme_logprobs logprobs_of(lme_arena *arena, const char *tokens, const char *offsets)
{
    lme_value value;
    lme_logprobs l;
    lme_error err = {0};
    assert_ok(lme_json_read(arena, NULL, lme_str_from(tokens), NULL, &value, &err), &err);
    lme_builder text = {.arena = arena};
    lme_builder_format(
        &text, "{\"choices\": [{\"logprobs\": {\"tokens\": %s, \"token_logprobs\": [", tokens);
    for (size_t i = 0; i < value.list.len; i++)
        lme_builder_format(&text, "%s-1", i > 0 ? ", " : "");
    lme_builder_format(&text, "], \"text_offset\": %s}}]}", offsets != NULL ? offsets : "null");
    assert_ok(lme_json_read(arena, NULL, lme_builder_finish(&text), NULL, &value, &err), &err);
    assert_ok(lme_logprobs_read(arena, &value, &l, &err), &err);
    return l;
}

#define FFFD "\xEF\xBF\xBD"

typedef struct row {
    const char *prompt;
    const char *tokens;
    const char *offsets;
    lme_placement how;
    size_t first, end;
    const char *starts; /* of [first, end) */
} row;

static const row rows[] = {
    {"a b", "[\"a\", \" b\"]", "[0, 1]", LME_PLACED_BY_OFFSET, 0, 2, "0 1"},
    {"a b", "[\"a\", \" b\", \" c\"]", "[0, 1, 3]", LME_PLACED_BY_OFFSET, 0, 2, "0 1"},
    {"é b", "[\"é\", \" b\", \"x\"]", "[0, 1, 3]", LME_PLACED_BY_OFFSET, 0, 2, "0 1"},
    {"a漢b", "[\"a\", \"\", \"\", \"\", \"b\", \"x\"]", "[0, 1, 1, 1, 2, 3]", LME_PLACED_BY_OFFSET,
     0, 5, "0 1 1 1 2"},
    {"漢字", "[\"\", \"\", \"\", \"\", \"x\"]", "[0, 0, 1, 1, 2]", LME_PLACED_BY_OFFSET, 0, 4,
     "0 0 1 1"},
    /* A blank with the first bytes of the emoji behind it. */
    {"a 🧈", "[\"a\", \" \", \"\", \"x\"]", "[0, 1, 2, 3]", LME_PLACED_BY_OFFSET, 0, 3, "0 1 2"},
    {"", "[\"x\"]", "[0]", LME_PLACED_BY_OFFSET, 0, 0, ""},
    /* vLLM: a character prints with its last token, and a prompt's first token alone. */
    {"漢字 c", "[\"\xEF\xBF\xBD\", \"\", \"\", \"\", \"字\", \" c\", \"x\"]",
     "[0, 1, 1, 1, 1, 2, 4]", LME_PLACED_BY_OFFSET, 0, 6, "0 1 1 1 1 2"},
    {" 漢 c", "[\" \xEF\xBF\xBD\", \"\", \" c\", \"x\"]", "[0, 2, 2, 4]", LME_PLACED_BY_OFFSET, 0,
     3, "0 2 2"},
    /* Bytes, nothing, and a BOS whose letters are counted (vLLM). */
    {"é b", "[\"é\", \" b\", \"x\"]", "[0, 2, 4]", LME_PLACED_BY_TEXT, 0, 2, "0 1"},
    {"a b", "[\"a\", \" b\", \"x\"]", "[-1, -1, -1]", LME_PLACED_BY_TEXT, 0, 2, "0 1"},
    {"a b", "[\"a\", \" b\", \"x\"]", NULL, LME_PLACED_BY_TEXT, 0, 2, "0 1"},
    {"a b", "[\"<s>\", \"a\", \" b\", \"x\"]", "[0, 3, 4, 6]", LME_PLACED_BY_TEXT, 1, 3, "0 1"},
    {"a b", "[\"[gMASK]\", \"<sop>\", \"a\", \" b\"]", NULL, LME_PLACED_BY_TEXT, 2, 4, "0 1"},
    {"a漢b", "[\"a\", \"\", \"漢\", \"b\", \"x\"]", NULL, LME_PLACED_BY_TEXT, 0, 4, "0 1 1 2"},
    /* Characters over several tokens, unreadable. */
    {"a漢b", "[\"a\", \"\xEF\xBF\xBD\", \"\xEF\xBF\xBD\", \"b\", \"x\"]", "[0, 1, 2, 3, 4]",
     LME_PLACED_LOOSELY, 0, 4, "0 1 1 2"},
    {"a 🧈 c", "[\"a\", \" \xEF\xBF\xBD\", \"\xEF\xBF\xBD\", \" c\", \"x\"]", NULL,
     LME_PLACED_LOOSELY, 0, 4, "0 1 2 3"},
    {"漢字 c",
     "[\"\xEF\xBF\xBD\", \"\xEF\xBF\xBD\", \"\xEF\xBF\xBD\", \"\xEF\xBF\xBD\", \" c\", \"x\"]",
     NULL, LME_PLACED_LOOSELY, 0, 5, "0 0 0 0 2"},
    {"a漢", "[\"a\", \"\", \"\", \"\", \"x\"]", NULL, LME_PLACED_LOOSELY, 0, 4, "0 1 1 1"},
    /* As many pieces as bytes: "b漢字" with two of its pieces in a token with a readable one. */
    {"b漢字 c",
     "[\"b" FFFD "\", \"" FFFD FFFD "\", \"" FFFD "\", \"" FFFD "\", \"" FFFD " c\", \"x\"]", NULL,
     LME_PLACED_LOOSELY, 0, 5, "0 1 2 2 2"},
    /* SGLang: a part of a character prints its bytes as characters. */
    {"a漢b", "[\"a\", \"æ\", \"¼\", \"¢\", \"b\", \"x\"]", "[-1, -1, -1, -1, -1, -1]",
     LME_PLACED_BY_TEXT, 0, 5, "0 1 1 1 2"},
    {"漢字", "[\"æ¼\", \"¢å\", \"\\u00ad\\u0097\", \"x\"]", NULL, LME_PLACED_BY_TEXT, 0, 3,
     "0 0 1"},
    {"é 🧈 æ", "[\"<s>\", \"é\", \" ð\\u009f\", \"§\\u0088\", \" æ\"]", NULL,
     LME_PLACED_BY_TEXT, 1, 5, "0 1 2 3"},
    {"é漢b",
     "[\"é\", \"\xEF\xBF\xBD\", \"\xEF\xBF\xBD\xEF\xBF\xBD"
     "b\", \"x\"]",
     NULL, LME_PLACED_LOOSELY, 0, 3, "0 1 1"},
    /* SentencePiece: the blank before a word is not in the token's text. */
    {"the dog ran", "[\"<s>\", \"the\", \"dog\", \"ran\", \"x\"]", NULL, LME_PLACED_LOOSELY, 1, 4,
     "0 3 7"},
};

static void placements(void **state)
{
    lme_arena *arena = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const row *r = &rows[i];
        lme_logprobs l = logprobs_of(arena, r->tokens, r->offsets);
        lme_alignment a;
        lme_error err = {0};
        assert_ok(lme_align(arena, lme_str_from(r->prompt), &l, 0, &a, &err), &err);
        lme_builder starts = {.arena = arena};
        for (size_t k = a.first; k < a.end; k++)
            lme_builder_format(&starts, "%s%zu", k > a.first ? " " : "", a.starts[k]);
        assert_str(lme_builder_finish(&starts), r->starts);
        assert_int_equal(a.how, r->how);
        assert_int_equal(a.first, r->first);
        assert_int_equal(a.end, r->end);
    }
}

static void refuse(lme_arena *arena, const char *prompt, const char *tokens, const char *offsets,
                   size_t cut, const char *part)
{
    lme_logprobs l = logprobs_of(arena, tokens, offsets);
    lme_alignment a;
    lme_error err = {0};
    assert_false(lme_align(arena, lme_str_from(prompt), &l, cut, &a, &err));
    assert_error(&err, LME_ERR_SERVER, part);
}

static void what_is_refused(void **state)
{
    lme_arena *arena = *state;
    refuse(arena, "a b", "[]", "[]", 0, "cover only 0 of the prompt's 3 bytes");
    refuse(arena, "a b", "[\"a\"]", "[0]", 0, "cover only 1");
    refuse(arena, "a b", "[\"a\", \" c\"]", "[0, 1]", 0,
           "token 1 is ' c' where the prompt has ' b'");
    refuse(arena, "a b", "[\" b\", \"x\"]", "[1, 3]", 0,
           "token 0 is ' b' where the prompt has 'a b'");
    refuse(arena, "A B", "[\"a\", \" b\"]", "[0, 1]", 0,
           "token 0 is 'a' where the prompt has 'A B'");
    refuse(arena, "a b", "[\"a\", \" bc\"]", "[0, 1]", 0, "token 1 is ' bc'");
    refuse(arena, "a b", "[\"<s>\", \"a\", \" c\"]", NULL, 0,
           "token 2 is ' c' where the prompt has ' b'");
}

/* Of a first character in several tokens, the ones without a text may be the next one's. */
static void a_cut_behind_the_opening(void **state)
{
    static const char tokens[] = "[\"\xEF\xBF\xBD\", \"\", \"\", \"字\", \"x\"]";
    lme_arena *arena = *state;
    lme_alignment a;
    lme_error err = {0};
    refuse(arena, "漢字", tokens, "[0, 1, 1, 1, 2]", 1, "cannot be told");
    refuse(arena, "漢字 c", "[\"\", \"\", \"字\", \" c\", \"x\"]", NULL, 1, "cannot be told");
    lme_logprobs l = logprobs_of(arena, tokens, "[0, 1, 1, 1, 2]");
    assert_ok(lme_align(arena, LME_STR("漢字"), &l, 2, &a, &err), &err);
    /* What is behind them is no part of a character: they are all of the first one. */
    l = logprobs_of(arena, "[\"\xEF\xBF\xBD\", \"\", \" c\", \"x\"]", "[0, 1, 1, 3]");
    assert_ok(lme_align(arena, LME_STR("漢 c"), &l, 1, &a, &err), &err);
    assert_int_equal(a.starts[1], 0);
    assert_int_equal(a.starts[2], 1);
    /* ASCII is whole, and U+FFFD may be the prompt's own. */
    refuse(arena, "ab", "[\"\xEF\xBF\xBD\", \"b\"]", "[0, 1]", 0, "where the prompt has");
    l = logprobs_of(arena, "[\"\xEF\xBF\xBD\", \"b\"]", "[0, 1]");
    assert_ok(lme_align(arena,
                        LME_STR("\xEF\xBF\xBD"
                                "b"),
                        &l, 1, &a, &err),
              &err);
    assert_int_equal(a.starts[1], 1);
    /* The first token hidden: it was a part of the character, or all of it. */
    l = logprobs_of(arena, "[\"\", \"\", \"\", \"字\"]", NULL);
    l.hides_first = true;
    assert_false(lme_align(arena, LME_STR("漢字"), &l, 1, &a, &err));
    assert_error(&err, LME_ERR_SERVER, "cannot be told");
    assert_ok(lme_align(arena, LME_STR("a字"), &l, 1, &a, &err), &err);
    assert_int_equal(a.starts[1], 1);
}

/* The run might be one character or two, and one behind it might be the generated token. */
static void what_cannot_be_told(void **state)
{
    lme_arena *arena = *state;
    refuse(arena, "ab漢字", "[\"ab\", \"\", \"\", \"\", \"\"]", NULL, 0,
           "cover only 2 of the prompt's 8 bytes");
    refuse(arena, "漢字字", "[\"\", \"\", \"字\", \"x\"]", NULL, 0, "where the prompt has");
    refuse(arena, "漢字", "[\"æ\", \"¼\", \"x\"]", NULL, 0, "token 2 is 'x' where the prompt has");
    /* Four pieces for two characters: which of them begin the second is not known. */
    refuse(
        arena, "漢字 c",
        "[\"\xEF\xBF\xBD\", \"\xEF\xBF\xBD\", \"\xEF\xBF\xBD\", \"\xEF\xBF\xBD\", \" c\", \"x\"]",
        NULL, 1, "where the prompt has");
}

/* A list without generated tokens may end in a run; a cut between characters of a byte a piece. */
static void a_run_at_the_end(void **state)
{
    static const char tokens[] = "[\"a\", \"" FFFD "\", \"" FFFD "\", \"" FFFD "\", \"" FFFD
                                 "\", \"" FFFD "\", \"" FFFD "\"]";
    lme_arena *arena = *state;
    lme_alignment a;
    lme_error err = {0};
    refuse(arena, "a漢字", tokens, NULL, 2, "where the prompt has");
    lme_logprobs l = logprobs_of(arena, tokens, NULL);
    l.lists_prompt_alone = true;
    assert_ok(lme_align(arena, LME_STR("a漢字"), &l, 2, &a, &err), &err);
    assert_int_equal(a.end, 7);
    assert_int_equal(a.starts[3], 1);
    assert_int_equal(a.starts[4], 2);
    /* What is read behind the run is the prompt's, too. */
    static const char behind[] = "[\"a\", \"" FFFD "\", \"" FFFD "\", \"é\"]";
    refuse(arena, "a漢é", behind, NULL, 2, "where the prompt has");
    l = logprobs_of(arena, behind, NULL);
    l.lists_prompt_alone = true;
    assert_ok(lme_align(arena, LME_STR("a漢é"), &l, 2, &a, &err), &err);
    assert_int_equal(a.starts[3], 2);
    /* Fewer pieces than bytes: the cut cannot be found, the end can. */
    l = logprobs_of(arena, "[\"a\", \"" FFFD FFFD FFFD "\", \"" FFFD "\"]", NULL);
    l.lists_prompt_alone = true;
    assert_false(lme_align(arena, LME_STR("a漢字"), &l, 2, &a, &err));
    assert_ok(lme_align(arena, LME_STR("a漢字"), &l, 1, &a, &err), &err);
}

static void offsets_that_fit_once_the_text_is_broken(void **state)
{
    lme_arena *arena = *state;
    lme_alignment a;
    lme_error err = {0};
    lme_str prompt = LME_STR("é b");
    lme_logprobs l = logprobs_of(arena, "[\"é\", \" b\", \"x\"]", "[0, 2, 4]");
    assert_ok(lme_align(arena, prompt, &l, 0, &a, &err), &err);
    assert_true(lme_offsets_are_bytes(prompt, &l, &a));
    l = logprobs_of(arena, "[\"é\", \" b\", \"x\"]", "[0, 1, 3]");
    assert_ok(lme_align(arena, prompt, &l, 0, &a, &err), &err);
    assert_false(lme_offsets_are_bytes(prompt, &l, &a));
    l = logprobs_of(arena, "[\"é\", \" b\", \"x\"]", NULL);
    assert_ok(lme_align(arena, prompt, &l, 0, &a, &err), &err);
    assert_false(lme_offsets_are_bytes(prompt, &l, &a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(placements),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(what_cannot_be_told),
        cmocka_unit_test(a_cut_behind_the_opening),
        cmocka_unit_test(a_run_at_the_end),
        cmocka_unit_test(offsets_that_fit_once_the_text_is_broken),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
