#include "support.h"

#include <string.h>

#include <lmeval/arena.h>

static bool all_zero(const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] != 0)
            return false;
    }
    return true;
}

static void memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    for (int round = 0; round < 4; round++) {
        for (size_t size = 0; size < 3000; size += 13) {
            unsigned char *bytes = lme_arena_alloc(arena, size);
            assert_non_null(bytes);
            assert_int_equal((uintptr_t)bytes % 16, 0);
            assert_true(all_zero(bytes, size));
            memset(bytes, 0xa5, size);
        }
        unsigned char *large = lme_arena_alloc(arena, 3u << 20);
        assert_true(all_zero(large, 3u << 20));
        memset(large, 0xa5, 3u << 20);
        lme_arena_reset(arena);
        assert_int_equal(lme_arena_used(arena), 0);
    }
    lme_arena_free(arena);
}

/* One block after a reset: dirt of the last round must not shine through. */
static void a_kept_block_is_clean(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    unsigned char *first = lme_arena_alloc(arena, 1000);
    memset(first, 0xff, 1000);
    lme_arena_reset(arena);
    unsigned char *again = lme_arena_alloc(arena, 1000);
    assert_ptr_equal(again, first);
    assert_true(all_zero(again, 1000));
    lme_arena_free(arena);
}

/* What several blocks held fits into one on the next round. */
static void a_recycled_arena_settles(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *last_round = NULL;
    for (int round = 0; round < 5; round++) {
        const char *start = lme_arena_alloc(arena, 16);
        for (int i = 0; i < 200; i++)
            lme_arena_alloc(arena, 100);
        lme_arena_alloc(arena, 14000);
        if (round > 1)
            assert_ptr_equal(start, last_round);
        last_round = start;
        lme_arena_reset(arena);
    }
    lme_arena_free(arena);
}

static void objects_do_not_overlap(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    enum {
        N = 2000
    };
    unsigned char *objects[N];
    for (size_t i = 0; i < N; i++) {
        objects[i] = lme_arena_alloc(arena, i % 97 + (i % 50 == 0 ? 5000 : 1));
        memset(objects[i], (int)(i % 251), i % 97 + 1);
    }
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < i % 97 + 1; j++)
            assert_int_equal(objects[i][j], i % 251);
    }
    lme_arena_free(arena);
}

static void the_last_object_grows_in_place(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    char *text = lme_arena_grow(arena, NULL, 0, 10);
    for (int i = 0; i < 10; i++)
        text[i] = "0123456789"[i];
    char *grown = lme_arena_grow(arena, text, 10, 500);
    assert_ptr_equal(grown, text);
    assert_memory_equal(grown, "0123456789", 10);
    assert_true(all_zero((unsigned char *)grown + 10, 490));

    lme_arena_alloc(arena, 1);
    memset(grown, 'x', 500);
    char *moved = lme_arena_grow(arena, grown, 500, 600);
    assert_ptr_not_equal(moved, grown);
    assert_true(moved[0] == 'x' && moved[499] == 'x');
    assert_true(all_zero((unsigned char *)moved + 500, 100));
    /* The old place still reads as before: slices of it may be in use. */
    assert_true(grown[0] == 'x' && grown[499] == 'x');
    assert_ptr_equal(lme_arena_grow(arena, moved, 600, 600), moved);
    lme_arena_free(arena);
}

static void growing_a_large_object_keeps_it(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    unsigned char *bytes = NULL;
    size_t size = 0;
    for (size_t next = 1000; next < 5u << 20; next *= 3) {
        bytes = lme_arena_grow(arena, bytes, size, next);
        assert_true(all_zero(bytes + size, next - size));
        for (size_t i = size; i < next; i++)
            bytes[i] = (unsigned char)(i % 241);
        size = next;
    }
    for (size_t i = 0; i < size; i++)
        assert_int_equal(bytes[i], i % 241);
    lme_arena_free(arena);
}

static void empty_objects_have_addresses(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    char *empty = lme_arena_alloc(arena, 0);
    assert_non_null(empty);
    assert_ptr_not_equal(empty, lme_arena_alloc(arena, 0));
    assert_non_null(LME_ARRAY(arena, double, 0));
    char *grown = lme_arena_grow(arena, empty, 0, 40);
    assert_true(all_zero((unsigned char *)grown, 40));
    lme_arena_free(arena);
}

typedef struct trace {
    char order[8];
    size_t len;
} trace;

typedef struct mark {
    trace *trace;
    char name;
} mark;

static void note(void *thing)
{
    mark *m = thing;
    m->trace->order[m->trace->len++] = m->name;
}

static void cleanups_run_once_in_reverse(void **state)
{
    (void)state;
    trace t = {{0}, 0};
    mark a = {&t, 'a'}, b = {&t, 'b'}, c = {&t, 'c'};
    lme_arena *arena = lme_arena_new();
    lme_arena_on_free(arena, note, &a);
    lme_arena_on_free(arena, note, &b);
    lme_arena_reset(arena);
    assert_string_equal(t.order, "ba");
    lme_arena_on_free(arena, note, &c);
    lme_arena_free(arena);
    assert_string_equal(t.order, "bac");
}

static void used_counts_what_was_handed_out(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    assert_int_equal(lme_arena_used(arena), 0);
    lme_arena_alloc(arena, 16);
    lme_arena_alloc(arena, 17);
    assert_int_equal(lme_arena_used(arena), 48);
    lme_arena_alloc(arena, 1u << 20);
    assert_int_equal(lme_arena_used(arena), 48 + (1u << 20));
    lme_arena_free(arena);
    lme_arena_free(NULL);
}

/* What is given back is handed out next, zero as ever. */
static void the_newest_can_be_trimmed(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    char *first = lme_arena_alloc(arena, 320);
    memset(first, 'x', 40);
    size_t before = lme_arena_used(arena);
    lme_arena_trim(arena, first, 320, 40);
    assert_int_equal(before - lme_arena_used(arena), 320 - 48);
    char *next = lme_arena_alloc(arena, 100);
    assert_ptr_equal(next, first + 48);
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(next[i], 0);
    before = lme_arena_used(arena);
    lme_arena_trim(arena, first, 40, 0); /* no longer the newest */
    assert_int_equal(lme_arena_used(arena), before);
    char *large = lme_arena_alloc(arena, 4 << 20); /* in a block of its own */
    before = lme_arena_used(arena);
    lme_arena_trim(arena, large, 4 << 20, 16);
    assert_int_equal(lme_arena_used(arena), before);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_can_be_trimmed),
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(a_kept_block_is_clean),
        cmocka_unit_test(a_recycled_arena_settles),
        cmocka_unit_test(objects_do_not_overlap),
        cmocka_unit_test(the_last_object_grows_in_place),
        cmocka_unit_test(growing_a_large_object_keeps_it),
        cmocka_unit_test(empty_objects_have_addresses),
        cmocka_unit_test(cleanups_run_once_in_reverse),
        cmocka_unit_test(used_counts_what_was_handed_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
