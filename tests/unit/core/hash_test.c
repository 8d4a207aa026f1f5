#include "support.h"

#include <string.h>

#include <lmeval/hash.h>

/* FIPS 180-4, examples of the appendix. */
static void sha256_of_known_texts(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    assert_str(lme_sha256_hex(arena, (lme_str){NULL, 0}),
               "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_str(lme_sha256_hex(arena, LME_STR("abc")),
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_str(
        lme_sha256_hex(arena, LME_STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    lme_arena_free(arena);
}

static void sha256_in_pieces(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_builder all = {.arena = arena};
    lme_sha256 *hash = lme_sha256_new(arena);
    for (size_t i = 0; i < 200; i++) {
        lme_str piece = lme_str_format(arena, "%*zu", (int)(i % 70), i);
        lme_builder_add(&all, piece);
        lme_sha256_add(hash, piece);
        lme_sha256_add(hash, (lme_str){NULL, 0});
    }
    lme_str whole = lme_sha256_hex(arena, lme_builder_finish(&all));
    assert_true(lme_str_equal(lme_sha256_finish(arena, hash), whole));
    lme_arena_free(arena);
}

/* The values that the authors of FNV publish. */
static void fnv_of_known_texts(void **state)
{
    (void)state;
    assert_true(lme_fnv_add(LME_FNV_START, LME_STR("")) == 0xcbf29ce484222325u);
    assert_true(lme_fnv_add(LME_FNV_START, LME_STR("a")) == 0xaf63dc4c8601ec8cu);
    assert_true(lme_fnv_add(LME_FNV_START, LME_STR("foobar")) == 0x85944171f73967e8u);
    assert_true(lme_fnv_add(lme_fnv_add(LME_FNV_START, LME_STR("foo")), LME_STR("bar")) ==
                0x85944171f73967e8u);
}

static void a_table_keeps_what_it_was_told(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_table *table = lme_table_new(arena);
    size_t value = 77;
    assert_false(lme_table_get(table, LME_STR("a"), &value));
    assert_int_equal(value, 77);
    lme_table_set(table, LME_STR("a"), 1);
    lme_table_set(table, LME_STR("b"), 2);
    lme_table_set(table, LME_STR("a"), 3);
    assert_int_equal(lme_table_len(table), 2);
    assert_true(lme_table_get(table, LME_STR("a"), &value) && value == 3);
    assert_true(lme_table_get(table, LME_STR("b"), &value) && value == 2);
    lme_arena_free(arena);
}

static void odd_keys(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_table *table = lme_table_new(arena);
    size_t value = 0;
    assert_false(lme_table_get(table, (lme_str){NULL, 0}, &value));
    lme_table_set(table, (lme_str){NULL, 0}, 5);
    assert_true(lme_table_get(table, LME_STR(""), &value) && value == 5);
    /* Zero bytes count: padding of the last word must not make them equal. */
    lme_table_set(table, LME_STR("\0"), 6);
    lme_table_set(table, LME_STR("\0\0"), 7);
    lme_table_set(table, LME_STR("12345678"), 8);
    lme_table_set(table, LME_STR("12345678\0"), 9);
    assert_int_equal(lme_table_len(table), 5);
    assert_true(lme_table_get(table, LME_STR("\0"), &value) && value == 6);
    assert_true(lme_table_get(table, LME_STR("\0\0"), &value) && value == 7);
    assert_true(lme_table_get(table, LME_STR("12345678"), &value) && value == 8);
    assert_true(lme_table_get(table, LME_STR("12345678\0"), &value) && value == 9);
    lme_arena_free(arena);
}

static void many_keys(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_table *table = lme_table_new(arena);
    enum {
        N = 50000
    };
    lme_str *keys = LME_ARRAY(arena, lme_str, N);
    for (size_t i = 0; i < N; i++) {
        keys[i] = lme_str_format(arena, "document-%zu", i);
        lme_table_set(table, keys[i], i);
    }
    assert_int_equal(lme_table_len(table), N);
    for (size_t i = 0; i < N; i++) {
        size_t value = 0;
        assert_true(lme_table_get(table, keys[i], &value) && value == i);
    }
    size_t value = 0;
    assert_false(lme_table_get(table, LME_STR("document-50000"), &value));
    lme_arena_free(arena);
}

/* Long keys that differ in one byte somewhere, numbers that differ in their high bytes alone:
 * with a hash that loses bits these take the probing quadratic. */
static void keys_that_look_alike(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_table *table = lme_table_new(arena);
    enum {
        LENGTH = 64,
        N = 20000
    };
    for (size_t i = 0; i < N; i++) {
        char *key = lme_arena_alloc(arena, LENGTH);
        memset(key, 'a', LENGTH);
        uint32_t bits = (uint32_t)i;
        memcpy(key + i % 2 * 40 + 4, &bits, sizeof bits);
        lme_table_set(table, (lme_str){key, LENGTH}, i);
    }
    assert_int_equal(lme_table_len(table), N);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_of_known_texts),
        cmocka_unit_test(sha256_in_pieces),
        cmocka_unit_test(fnv_of_known_texts),
        cmocka_unit_test(a_table_keeps_what_it_was_told),
        cmocka_unit_test(odd_keys),
        cmocka_unit_test(many_keys),
        cmocka_unit_test(keys_that_look_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
