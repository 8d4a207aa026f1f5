/* Text to tokens: what each one is, holds, and where it stands. */
#include "support.h"
#include "token.h"

static const lme_token *lex(lme_arena *arena, const char *text)
{
    lme_source *source = LME_NEW(arena, lme_source);
    source->text = lme_str_from(text);
    const lme_token *tokens = NULL;
    lme_error err = {0};
    assert_ok(lme_lex(arena, source, &tokens, &err), &err);
    return tokens;
}

static void assert_token(const lme_token *token, lme_token_kind kind, const char *text, size_t at)
{
    assert_int_equal(token->kind, kind);
    assert_str(token->text, text);
    assert_int_equal(token->at, at);
}

static void text_and_code_alternate(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const lme_token *t = lex(arena, "a {{ b }}\n");
    assert_token(&t[0], LME_TOKEN_TEXT, "a ", 0);
    assert_token(&t[1], LME_TOKEN_PRINT_BEGIN, "{{", 2);
    assert_token(&t[2], LME_TOKEN_NAME, "b", 5);
    assert_token(&t[3], LME_TOKEN_PRINT_END, "}}", 7);
    assert_token(&t[4], LME_TOKEN_TEXT, "\n", 9);
    assert_token(&t[5], LME_TOKEN_END, "", 10);
    t = lex(arena, "");
    assert_int_equal(t[0].kind, LME_TOKEN_END);
    lme_arena_free(arena);
}

static void a_minus_strips_its_side(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const lme_token *t = lex(arena, "a \n {%- if x -%} \n b");
    assert_token(&t[0], LME_TOKEN_TEXT, "a", 0);
    assert_token(&t[1], LME_TOKEN_BLOCK_BEGIN, "{%-", 4);
    assert_token(&t[4], LME_TOKEN_BLOCK_END, "-%}", 13);
    assert_token(&t[5], LME_TOKEN_TEXT, "b", 19);
    lme_arena_free(arena);
}

static void operators_are_longest_first(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    static const lme_token_kind kinds[] = {
        LME_TOKEN_POWER,      LME_TOKEN_MULTIPLY,   LME_TOKEN_FLOOR,         LME_TOKEN_DIVIDE,
        LME_TOKEN_EQUAL,      LME_TOKEN_ASSIGN,     LME_TOKEN_LESS_EQUAL,    LME_TOKEN_LESS,
        LME_TOKEN_NOT_EQUAL,  LME_TOKEN_TILDE,      LME_TOKEN_GREATER_EQUAL, LME_TOKEN_GREATER,
        LME_TOKEN_OPEN_ROUND, LME_TOKEN_CLOSE_ROUND};
    const lme_token *t = lex(arena, "{{ *** /// === <=< !=~ >=> () }}");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        assert_int_equal(t[i + 1].kind, kinds[i]);
    lme_arena_free(arena);
}

static void numbers_end_where_python_ends_them(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const lme_token *t = lex(arena, "{{ 1.5 1. 2.x a.0.1 1e5 1e 0x1g 007 1_0 1__0 }}");
    static const char *const texts[] = {"1.5", "1", ".",  "2", ".",   "x", "a",
                                        ".",   "0", ".",  "1", "1e5", "1", "e",
                                        "0x1", "g", "00", "7", "1_0", "1", "__0"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_str(t[i + 1].text, texts[i]);
    assert_int_equal(t[1].kind, LME_TOKEN_FLOAT);
    assert_int_equal(t[9].kind, LME_TOKEN_INTEGER);
    lme_arena_free(arena);
}

static void quotes_and_brackets_hide_ends(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const lme_token *t = lex(arena, "{{ {'}}': {1: \"%}\\\"\"}} }}");
    assert_token(&t[2], LME_TOKEN_STRING, "'}}'", 4);
    assert_token(&t[7], LME_TOKEN_STRING, "\"%}\\\"\"", 14);
    assert_int_equal(t[10].kind, LME_TOKEN_PRINT_END);
    lme_arena_free(arena);
}

static void names_may_be_any_script(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const lme_token *t = lex(arena, "{{ été_1 質問 _x }}");
    assert_token(&t[1], LME_TOKEN_NAME, "été_1", 3);
    assert_token(&t[2], LME_TOKEN_NAME, "質問", 11);
    assert_token(&t[3], LME_TOKEN_NAME, "_x", 18);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_and_code_alternate),
        cmocka_unit_test(a_minus_strips_its_side),
        cmocka_unit_test(operators_are_longest_first),
        cmocka_unit_test(numbers_end_where_python_ends_them),
        cmocka_unit_test(quotes_and_brackets_hide_ends),
        cmocka_unit_test(names_may_be_any_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
