#include "support.h"
#include "vocab.h"

#include <string.h>

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

/* The pieces with a bar between them. */
static const char *pieces(lme_arena *arena, const char *text)
{
    lme_str s = lme_str_from(text);
    lme_builder out = {.arena = arena};
    for (size_t at = 0; at < s.len;) {
        size_t before = at;
        lme_str piece = lme_piece_next(s, &at);
        assert_true(at > before && piece.len == at - before && piece.len <= LME_PIECE_MAX);
        if (before > 0)
            lme_builder_char(&out, '|');
        lme_builder_add(&out, piece);
    }
    return lme_builder_finish(&out).ptr;
}

static void splits_like_gpt2(void **state)
{
    lme_arena *arena = *state;
    assert_string_equal(pieces(arena, "The cat sat."), "The| cat| sat|.");
    assert_string_equal(pieces(arena, "it's Tom's, they'll we've I'd"),
                        "it|'s| Tom|'s|,| they|'ll| we|'ve| I|'d");
    assert_string_equal(pieces(arena, "a  b"), "a| | b");
    assert_string_equal(pieces(arena, "a   "), "a|   ");
    assert_string_equal(pieces(arena, "c\n\nd"), "c|\n|\n|d");
    assert_string_equal(pieces(arena, "x\n\n\n  y"), "x|\n\n\n | y");
    assert_string_equal(pieces(arena, "abc123 456!?"), "abc|123| 456|!?");
    assert_string_equal(pieces(arena, " \n"), " \n");
    assert_string_equal(pieces(arena, "Zo\xC3\xAB \xE2\x80\x94 25"),
                        "Zo\xC3\xAB| \xE2\x80\x94| 25");
    assert_string_equal(pieces(arena, "\xC2\xA0x"), "\xC2\xA0|x"); /* no-break space is white */
    assert_string_equal(pieces(arena, "'"), "'");
    assert_string_equal(pieces(arena, "\xFFz"), "\xFF|z");
}

static void long_pieces_are_cut_between_characters(void **state)
{
    lme_arena *arena = *state;
    char text[3001];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(strlen(pieces(arena, text)), 3000 + (3000 - 1) / LME_PIECE_MAX);
    for (size_t i = 0; i + 3 <= 3000; i += 3) {
        text[i] = '\xE6'; /* U+6F22: 64 is no multiple of 3 */
        text[i + 1] = '\xBC';
        text[i + 2] = '\xA2';
    }
    size_t at = 0;
    assert_int_equal(lme_piece_next((lme_str){text, 3000}, &at).len, 63);
    memset(text, '\x80', 3000); /* nothing but continuation bytes */
    for (at = 0; at < 3000;)
        lme_piece_next((lme_str){text, 3000}, &at);
    memset(text, ' ', 3000);
    for (at = 0; at < 3000;)
        lme_piece_next((lme_str){text, 3000}, &at);
}

static lme_vocab *trained(lme_arena *arena)
{
    static const char text[] =
        "the cat and the dog and the cat and the other dog. The caf\xC3\xA9, "
        "the caf\xC3\xA9, the caf\xC3\xA9; they and them, 12 12 12 12";
    lme_str texts[] = {LME_STR(text)};
    return lme_vocab_train(arena, texts, 1, 60);
}

static lme_tokens encode(lme_arena *arena, const lme_vocab *vocab, lme_str text)
{
    lme_tokens tokens = {.arena = arena};
    lme_vocab_encode(vocab, text, &tokens);
    return tokens;
}

static void assert_round_trip(lme_arena *arena, const lme_vocab *vocab, lme_str text)
{
    lme_tokens tokens = encode(arena, vocab, text);
    lme_builder back = {.arena = arena};
    for (size_t i = 0; i < tokens.len; i++)
        assert_true(tokens.ids[i] < vocab->n);
    lme_vocab_decode(vocab, tokens.ids, tokens.len, &back);
    assert_int_equal(back.len, text.len);
    assert_memory_equal(back.ptr != NULL ? back.ptr : "", text.ptr, text.len);
}

static void frequent_words_become_tokens(void **state)
{
    lme_arena *arena = *state;
    lme_vocab *vocab = trained(arena);
    lme_tokens tokens = encode(arena, vocab, LME_STR(" the dog and the cat"));
    assert_int_equal(tokens.len, 5);
    assert_str(vocab->bytes[tokens.ids[0]], " the");
    assert_str(vocab->bytes[tokens.ids[4]], " cat");
    /* "é" was frequent enough for a merge, the Greek letter falls apart. */
    assert_int_equal(encode(arena, vocab, LME_STR(" caf\xC3\xA9")).len, 1);
    assert_int_equal(encode(arena, vocab, LME_STR("\xCE\xB1")).len, 2);
}

static void no_two_tokens_have_one_text(void **state)
{
    lme_arena *arena = *state;
    lme_vocab *vocab = trained(arena);
    assert_true(vocab->n > LME_TOKEN_FIRST + 8);
    for (size_t i = 0; i < vocab->n; i++) {
        for (size_t k = 0; k < i; k++)
            assert_false(lme_str_equal(vocab->bytes[i], vocab->bytes[k]));
    }
}

static void merges_go_by_rank(void **state)
{
    lme_arena *arena = *state;
    lme_vocab *vocab = lme_vocab_new(arena, 8);
    uint16_t bc = lme_vocab_add(arena, vocab, 'b', 'c');
    uint16_t ab = lme_vocab_add(arena, vocab, 'a', 'b');
    uint16_t aa = lme_vocab_add(arena, vocab, 'a', 'a');
    lme_tokens tokens = encode(arena, vocab, LME_STR("abcab"));
    assert_int_equal(tokens.len, 3);
    assert_int_equal(tokens.ids[0], 'a');
    assert_int_equal(tokens.ids[1], bc);
    assert_int_equal(tokens.ids[2], ab);
    tokens = encode(arena, vocab, LME_STR("aaaaa"));
    assert_int_equal(tokens.len, 3);
    assert_int_equal(tokens.ids[0], aa);
    assert_int_equal(tokens.ids[1], aa);
    assert_int_equal(tokens.ids[2], 'a');
}

static void any_text_encodes_and_decodes(void **state)
{
    lme_arena *arena = *state;
    lme_vocab *vocab = trained(arena);
    static const char *const texts[] = {
        "",
        " ",
        "\n\n  \t\r\n",
        "the cat",
        "\xF0\x9F\xA6\x9C \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80", /* emoji, ZWJ */
        "a\xE6\xBC\xA2 b",                                               /* CJK */
        "e\xCC\x81 \xC2\xA0 \xE2\x80\xA8",                               /* combining */
        "\xFF\xFE\xC3\x28\xED\xA0\x80\xF5\x80\x80\x80\x80",              /* no UTF-8 */
        "\xF0\x9F\xA6",                                                  /* cut */
        "<|endoftext|>the<|endoftext|>",
        "<|endoftext|",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_round_trip(arena, vocab, lme_str_from(texts[i]));
    assert_round_trip(arena, vocab, (lme_str){"a\0b\0", 4});
    char all[512];
    for (size_t i = 0; i < sizeof all; i++)
        all[i] = (char)(unsigned char)(i * 7);
    assert_round_trip(arena, vocab, (lme_str){all, sizeof all});
}

static void end_of_text_is_one_token(void **state)
{
    lme_arena *arena = *state;
    lme_vocab *vocab = trained(arena);
    lme_tokens tokens = encode(arena, vocab, LME_STR("the" LME_END_TEXT " cat"));
    size_t n = 0;
    for (size_t i = 0; i < tokens.len; i++)
        n += tokens.ids[i] == LME_TOKEN_END;
    assert_int_equal(n, 1);
    assert_int_equal(encode(arena, vocab, LME_STR(LME_BEGIN_TEXT)).len > 1, true);
}

static void training_stops_when_nothing_repeats(void **state)
{
    lme_arena *arena = *state;
    lme_str texts[] = {LME_STR("abcdef"), LME_STR("")};
    assert_int_equal(lme_vocab_train(arena, texts, 2, 100)->n, LME_TOKEN_FIRST);
    assert_int_equal(lme_vocab_train(arena, texts, 0, 100)->n, LME_TOKEN_FIRST);
}

static void training_is_deterministic(void **state)
{
    lme_arena *arena = *state;
    lme_vocab *one = trained(arena), *two = trained(arena);
    assert_int_equal(one->n, two->n);
    for (size_t i = 0; i < one->n; i++)
        assert_true(lme_str_equal(one->bytes[i], two->bytes[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_like_gpt2),
        cmocka_unit_test(long_pieces_are_cut_between_characters),
        cmocka_unit_test(frequent_words_become_tokens),
        cmocka_unit_test(no_two_tokens_have_one_text),
        cmocka_unit_test(merges_go_by_rank),
        cmocka_unit_test(any_text_encodes_and_decodes),
        cmocka_unit_test(end_of_text_is_one_token),
        cmocka_unit_test(training_stops_when_nothing_repeats),
        cmocka_unit_test(training_is_deterministic),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
