/* The journal keeps what was committed, forgets a finished run, and is not shared. */
#include "journal.h"
#include "journal_sum.h"
#include "support.h"

#include <math.h>
#include <sqlite3.h>

static lme_response example(lme_str text)
{
    return (lme_response){
        .state = LME_RESPONSE_OK,
        .logprob_nats = -20.760484309343155,
        .is_greedy = true,
        .straddles = true,
        .n_tokens = 7,
        .n_prompt_tokens = 42,
        .text = text,
        .finish = LME_STR("stop"),
    };
}

/* A journal's place: made anew for each test, gone after it. */
typedef struct place {
    lme_arena *arena;
    const char *folder;
    lme_str path;
} place;

static place make_place(void)
{
    place p = {.arena = lme_arena_new()};
    p.folder = test_folder(p.arena);
    p.path = lme_str_format(p.arena, "%s/journal.db", p.folder);
    return p;
}

static void remove_place(place p)
{
    test_folder_remove(p.folder);
    lme_arena_free(p.arena);
}

static lme_journal *open_journal(place p, bool fresh)
{
    lme_error err = {0};
    lme_journal *journal = NULL;
    assert_ok(lme_journal_open(p.path, LME_JOURNAL_OF_RUN, fresh, &journal, &err), &err);
    return journal;
}

static void put(lme_journal *journal, lme_str key)
{
    lme_error err = {0};
    lme_response kept = example(LME_STR("a"));
    assert_ok(lme_journal_put(journal, key, &kept, &err), &err);
}

static void commit(lme_journal *journal)
{
    lme_error err = {0};
    assert_ok(lme_journal_commit(journal, &err), &err);
}

static void keeps_every_field(void **state)
{
    (void)state;
    place p = make_place();
    lme_error err = {0};
    lme_journal *journal = open_journal(p, false);
    lme_response kept = example(LME_STR("caf\xc3\xa9 \"x\"\n"));
    assert_ok(lme_journal_put(journal, LME_STR("k1"), &kept, &err), &err);
    commit(journal);
    lme_journal_close(journal);

    journal = open_journal(p, false);
    assert_int_equal(lme_journal_len(journal), 1);
    bool found = false;
    lme_response response = {0};
    assert_ok(lme_journal_get(p.arena, journal, LME_STR("k1"), &found, &response, &err), &err);
    assert_true(found);
    assert_true(response.state == LME_RESPONSE_OK);
    assert_true(response.logprob_nats == kept.logprob_nats);
    assert_true(response.is_greedy && response.straddles);
    assert_int_equal(response.n_tokens, 7);
    assert_int_equal(response.n_prompt_tokens, 42);
    assert_str(response.text, "caf\xc3\xa9 \"x\"\n");
    assert_str(response.finish, "stop");
    assert_ok(lme_journal_get(p.arena, journal, LME_STR("k2"), &found, &response, &err), &err);
    assert_false(found);
    lme_journal_close(journal);
    remove_place(p);
}

static void minus_infinity_survives(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_journal *journal = NULL;
    assert_ok(lme_journal_open(LME_STR(""), LME_JOURNAL_OF_RUN, false, &journal, &err), &err);
    lme_response kept = example(LME_STR(""));
    kept.logprob_nats = (double)-INFINITY;
    assert_ok(lme_journal_put(journal, LME_STR("k"), &kept, &err), &err);
    bool found = false;
    lme_response response = {0};
    assert_ok(lme_journal_get(arena, journal, LME_STR("k"), &found, &response, &err), &err);
    assert_true(found && isinf(response.logprob_nats) && response.logprob_nats < 0);
    lme_journal_close(journal);
    lme_arena_free(arena);
}

/* What a kill takes: everything since the last commit, nothing before it. */
static lme_str text_of(lme_arena *arena, lme_journal *journal, lme_str key)
{
    lme_error err = {0};
    bool found;
    lme_response response;
    assert_ok(lme_journal_get(arena, journal, key, &found, &response, &err), &err);
    return found ? response.text : LME_STR("not there");
}

static void put_text(lme_journal *journal, lme_str key, lme_str text)
{
    lme_error err = {0};
    lme_response kept = example(text);
    assert_ok(lme_journal_put(journal, key, &kept, &err), &err);
}

/* More than its index begins with, before and after they are on disk. */
static void finds_each_of_many(void **state)
{
    enum {
        MANY = 5000
    };
    (void)state;
    place p = make_place();
    lme_journal *journal = open_journal(p, false);
    for (int again = 0; again < 2; again++) {
        for (int i = 0; i < MANY; i++) {
            lme_str name = lme_str_format(p.arena, "%d", i);
            if (!again)
                put_text(journal, name, name);
            assert_str(text_of(p.arena, journal, name), name.ptr);
        }
        assert_str(text_of(p.arena, journal, LME_STR("5000")), "not there");
        commit(journal);
        lme_journal_close(journal);
        journal = open_journal(p, false);
        assert_int_equal(lme_journal_len(journal), MANY);
    }
    lme_journal_close(journal);
    remove_place(p);
}

static void the_newest_answer_counts(void **state)
{
    (void)state;
    for (lme_journal_kind kind = LME_JOURNAL_OF_RUN; kind <= LME_JOURNAL_OF_CACHE; kind++) {
        place p = make_place();
        lme_error err = {0};
        lme_journal *journal = NULL;
        assert_ok(lme_journal_open(p.path, kind, false, &journal, &err), &err);
        put_text(journal, LME_STR("k"), LME_STR("first"));
        put_text(journal, LME_STR("k"), LME_STR("second"));
        assert_str(text_of(p.arena, journal, LME_STR("k")), "second");
        lme_journal_close(journal);
        remove_place(p);
    }
}

/* A file with one answer, changed on a sound page, where SQLite has nothing to say. */
static void make_changed(place p, lme_journal_kind kind, const char *change)
{
    lme_error err = {0};
    lme_journal *journal = NULL;
    sqlite3 *db;
    assert_ok(lme_journal_open(p.path, kind, false, &journal, &err), &err);
    put(journal, LME_STR("k"));
    commit(journal);
    assert_str(text_of(p.arena, journal, LME_STR("k")), "a");
    lme_journal_close(journal);
    assert_int_equal(sqlite3_open(p.path.ptr, &db), SQLITE_OK);
    lme_str sql = lme_str_format(p.arena, "UPDATE answer SET %s", change);
    assert_int_equal(sqlite3_exec(db, sql.ptr, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static const char not_as_written[] = "an answer in it is not the one that was written";
static const char *const changes[] = {
    "logprob = -20.7",     "is_greedy = 0", "straddles = 0", "n_tokens = 8",
    "n_prompt_tokens = 4", "text = 'b'",    "finish = NULL", "n_windows = 3",
    "n_truncated = 1",     "checksum = 0",  "key = 'l'",
};

/* Before anything is asked; with another key an answer would be asked for again in silence. */
static void a_journal_that_was_changed_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        place p = make_place();
        lme_error err = {0};
        lme_journal *journal = NULL;
        make_changed(p, LME_JOURNAL_OF_RUN, changes[i]);
        assert_false(lme_journal_open(p.path, LME_JOURNAL_OF_RUN, false, &journal, &err));
        assert_error(&err, LME_ERR_IO, not_as_written);
        err = (lme_error){0};
        assert_false(lme_journal_look(p.path, LME_JOURNAL_OF_RUN, &journal, &err));
        assert_error(&err, LME_ERR_IO, not_as_written);
        remove_place(p);
    }
}

/* What a cache has under another key is not there. */
static void a_cached_answer_that_was_changed_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i + 1 < sizeof changes / sizeof changes[0]; i++) {
        place p = make_place();
        lme_error err = {0};
        lme_journal *journal = NULL;
        bool found;
        lme_response response;
        make_changed(p, LME_JOURNAL_OF_CACHE, changes[i]);
        assert_ok(lme_journal_open(p.path, LME_JOURNAL_OF_CACHE, false, &journal, &err), &err);
        assert_false(lme_journal_get(p.arena, journal, LME_STR("k"), &found, &response, &err));
        assert_error(&err, LME_ERR_IO, not_as_written);
        lme_journal_close(journal);
        remove_place(p);
    }
}

/* SQLite keeps no negative zero. */
static void zeros_keep_their_sum(void **state)
{
    (void)state;
    lme_response zero = example(LME_STR("")), negative = zero;
    zero.logprob_nats = 0;
    negative.logprob_nats = -0.0;
    assert_true(lme_journal_sum(LME_STR("k"), &zero) == lme_journal_sum(LME_STR("k"), &negative));
}

static void loses_only_what_was_not_committed(void **state)
{
    (void)state;
    place p = make_place();
    lme_journal *journal = open_journal(p, false);
    assert_int_equal(lme_journal_unsaved(journal), 0);
    put(journal, LME_STR("safe"));
    put(journal, LME_STR("safe too"));
    assert_int_equal(lme_journal_unsaved(journal), 2);
    commit(journal);
    assert_int_equal(lme_journal_unsaved(journal), 0);
    put(journal, LME_STR("lost"));
    assert_int_equal(lme_journal_unsaved(journal), 1);
    lme_journal_close(journal);
    journal = open_journal(p, false);
    assert_int_equal(lme_journal_len(journal), 2);
    lme_journal_close(journal);
    remove_place(p);
}

static void a_finished_run_is_kept(void **state)
{
    (void)state;
    place p = make_place();
    lme_error err = {0};
    for (int finished = 0; finished < 2; finished++) {
        lme_journal *journal = open_journal(p, false);
        put(journal, LME_STR("k"));
        commit(journal);
        if (finished)
            assert_ok(lme_journal_finish(journal, &err), &err);
        lme_journal_close(journal);
        journal = open_journal(p, false);
        assert_int_equal(lme_journal_len(journal), finished + 1);
        assert_int_equal(lme_journal_is_finished(journal), finished);
        lme_journal_close(journal);
    }
    remove_place(p);
}

static void fresh_forgets_too(void **state)
{
    (void)state;
    place p = make_place();
    lme_journal *journal = open_journal(p, false);
    put(journal, LME_STR("k"));
    commit(journal);
    lme_journal_close(journal);
    journal = open_journal(p, true);
    assert_int_equal(lme_journal_len(journal), 0);
    lme_journal_close(journal);
    remove_place(p);
}

static void a_second_writer_is_refused(void **state)
{
    (void)state;
    place p = make_place();
    lme_error err = {0};
    lme_journal *journal = open_journal(p, false), *second = NULL;
    put(journal, LME_STR("k"));
    commit(journal);
    assert_false(lme_journal_open(p.path, LME_JOURNAL_OF_RUN, false, &second, &err));
    assert_error(&err, LME_ERR_IO, "another lmeval is writing this run");
    lme_journal_close(journal);
    remove_place(p);
}

static void what_is_no_journal_is_refused(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *folder = test_folder(arena);
    const char *file = test_file(arena, folder, "journal.db",
                                 "this is a text, longer than the header of a database file is; "
                                 "SQLite must say so and we must pass it on with what to do.....");
    lme_error err = {0};
    lme_journal *journal = NULL;
    assert_false(lme_journal_open(lme_str_from(file), LME_JOURNAL_OF_RUN, false, &journal, &err));
    assert_error(&err, LME_ERR_IO, "not a journal of lmeval");
    test_folder_remove(folder);
    lme_arena_free(arena);
}

static void a_missing_folder_is_named(void **state)
{
    (void)state;
    lme_error err = {0};
    lme_journal *journal = NULL;
    assert_false(lme_journal_open(LME_STR("/nonexistent-folder/journal.db"), LME_JOURNAL_OF_RUN,
                                  false, &journal, &err));
    assert_error(&err, LME_ERR_IO, "/nonexistent-folder/journal.db");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_every_field),
        cmocka_unit_test(minus_infinity_survives),
        cmocka_unit_test(finds_each_of_many),
        cmocka_unit_test(the_newest_answer_counts),
        cmocka_unit_test(a_journal_that_was_changed_is_refused),
        cmocka_unit_test(a_cached_answer_that_was_changed_is_refused),
        cmocka_unit_test(zeros_keep_their_sum),
        cmocka_unit_test(loses_only_what_was_not_committed),
        cmocka_unit_test(a_finished_run_is_kept),
        cmocka_unit_test(fresh_forgets_too),
        cmocka_unit_test(a_second_writer_is_refused),
        cmocka_unit_test(what_is_no_journal_is_refused),
        cmocka_unit_test(a_missing_folder_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
