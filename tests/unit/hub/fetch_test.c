/* Fetching from the hub, against a replica on the loopback: what comes, how little is asked for,
 * and what is said when it does not come. */
#include "hub_replica.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zstd.h>

#include <lmeval/hub.h>
#include <lmeval/limits.h>
#include <lmeval/share.h>

typedef struct fetching {
    lme_arena *arena;
    const char *folder;
    lme_hub hub;
    test_replica *replica;
    lme_error err;
} fetching;

static int setup(void **state)
{
    fetching *f = calloc(1, sizeof *f);
    f->arena = lme_arena_new();
    f->folder = test_folder(f->arena);
    f->hub = (lme_hub){.cache = lme_str_from(f->folder), .max_retries = 4, .backoff_ms = 1};
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fetching *f = *state;
    if (f->replica != NULL)
        test_replica_stop(f->replica);
    test_folder_remove(f->folder);
    lme_arena_free(f->arena);
    free(f);
    return 0;
}

static void start(fetching *f, const test_replica_options *options)
{
    if (f->replica != NULL)
        test_replica_stop(f->replica);
    f->replica = test_replica_start(options);
    f->hub.rows_url = lme_str_from(test_replica_url(f->replica));
}

static const lme_hub_split test_split = {{"owner/set", 9}, {"", 0}, {"test", 4}};

static bool fetch(fetching *f, size_t wanted, lme_hub_rows *rows)
{
    f->err = (lme_error){0};
    return lme_hub_fetch(f->arena, &f->hub, &test_split, wanted, rows, &f->err);
}

static lme_hub_rows fetched(fetching *f, size_t wanted)
{
    lme_hub_rows rows;
    assert_ok(fetch(f, wanted, &rows), &f->err);
    return rows;
}

static void assert_refused(fetching *f, size_t wanted, lme_code code, const char *part)
{
    lme_hub_rows rows;
    assert_false(fetch(f, wanted, &rows));
    assert_error(&f->err, code, part);
}

/* The file holds exactly rows 0 .. n - 1. */
static void assert_rows(fetching *f, lme_str file, size_t n)
{
    lme_str packed;
    lme_builder expected = {.arena = f->arena};
    assert_ok(
        lme_file_read(f->arena, lme_str_cstr(f->arena, file), LME_LIMIT_ROW, &packed, &f->err),
        &f->err);
    for (size_t i = 0; i < n; i++)
        lme_builder_format(&expected,
                           "{\"id\": %zu, \"text\": \"row %zu of the replica\", \"label\": %zu}\n",
                           i, i, i % 4);
    lme_str lines = lme_builder_finish(&expected);
    char *room = lme_arena_alloc(f->arena, lines.len + 1);
    ZSTD_DStream *stream = ZSTD_createDStream();
    ZSTD_inBuffer in = {packed.ptr, packed.len, 0};
    ZSTD_outBuffer out = {room, lines.len + 1, 0};
    while (in.pos < in.size && out.pos < out.size)
        assert_false(ZSTD_isError(ZSTD_decompressStream(stream, &out, &in)));
    ZSTD_freeDStream(stream);
    assert_int_equal(out.pos, lines.len);
    assert_memory_equal(room, lines.ptr, lines.len);
}

static void only_wanted_pages_are_asked_for(void **state)
{
    fetching *f = *state;
    start(f, &(test_replica_options){.n_rows = 2500});
    lme_hub_rows rows = fetched(f, 20);
    assert_int_equal(rows.n_rows, 20);
    assert_int_equal(rows.n_total, 2500);
    assert_str(rows.revision, "first");
    assert_int_equal(test_replica_pages(f->replica), 1);
    assert_rows(f, rows.file, 20);
    /* Again: nothing is asked. */
    size_t n = test_replica_requests(f->replica);
    assert_int_equal(fetched(f, 15).n_rows, 20);
    assert_int_equal(test_replica_requests(f->replica), n);
    /* More: only what is missing. */
    rows = fetched(f, 150);
    assert_int_equal(rows.n_rows, 150);
    assert_int_equal(test_replica_pages(f->replica), 3);
    assert_rows(f, rows.file, 150);
}

static void a_small_split_is_whole(void **state)
{
    fetching *f = *state;
    start(f, &(test_replica_options){.n_rows = 7});
    lme_hub_rows rows = fetched(f, 20);
    assert_int_equal(rows.n_rows, 7);
    assert_int_equal(rows.n_total, 7);
    assert_true(lme_str_ends(rows.file, LME_STR("/owner/set/default/test.jsonl.zst")));
    assert_rows(f, rows.file, 7);
    size_t n = test_replica_requests(f->replica);
    assert_int_equal(fetched(f, 0).n_rows, 7);
    assert_int_equal(test_replica_requests(f->replica), n);
}

static const char *parquet(fetching *f)
{
    return test_source(f->arena, "tests/golden/pyarrow/hub/replica.parquet");
}

static void a_whole_split_comes_as_parquet(void **state)
{
    fetching *f = *state;
    start(f, &(test_replica_options){.n_rows = 2500, .parquet = parquet(f)});
    lme_hub_rows rows = fetched(f, 0);
    assert_int_equal(rows.n_rows, 2500);
    assert_int_equal(test_replica_pages(f->replica), 0);
    assert_rows(f, rows.file, 2500);
}

static void without_parquet_all_pages_come(void **state)
{
    fetching *f = *state;
    start(f, &(test_replica_options){.n_rows = 1234});
    lme_hub_rows rows = fetched(f, 0);
    assert_int_equal(rows.n_rows, 1234);
    assert_int_equal(test_replica_pages(f->replica), 13);
    assert_rows(f, rows.file, 1234);
}

static void cut_cells_and_unindexed_sets_come_as_parquet(void **state)
{
    fetching *f = *state;
    start(f, &(test_replica_options){.n_rows = 2500, .truncated_from = 130, .parquet = parquet(f)});
    lme_hub_rows rows = fetched(f, 200);
    assert_int_equal(rows.n_rows, 2500);
    assert_rows(f, rows.file, 2500);
    assert_ok(lme_hub_remove(f->arena, f->hub.cache, &test_split, &f->err), &f->err);
    start(f, &(test_replica_options){.n_rows = 2500, .no_rows = true, .parquet = parquet(f)});
    assert_rows(f, fetched(f, 20).file, 2500);
}

static void broken_downloads_go_on(void **state)
{
    fetching *f = *state;
    start(f, &(test_replica_options){.n_rows = 2500, .cut_downloads = 3000, .parquet = parquet(f)});
    assert_rows(f, fetched(f, 0).file, 2500);
    assert_true(test_replica_requests(f->replica) >= 5); /* splits, parquet, three downloads */
}

/* Three tries in a few milliseconds would all be too early. */
static void downloads_wait_as_long_as_told(void **state)
{
    fetching *f = *state;
    start(f, &(test_replica_options){.n_rows = 2500, .busy_seconds = 1, .parquet = parquet(f)});
    f->hub.max_retries = 2;
    assert_rows(f, fetched(f, 0).file, 2500);
}

static void busy_hubs_are_asked_again(void **state)
{
    fetching *f = *state;
    const unsigned statuses[] = {429, 500, 503};
    for (size_t i = 0; i < 3; i++) {
        start(f, &(test_replica_options){
                     .n_rows = 950, .fault_every = 3, .fault_status = statuses[i]});
        assert_rows(f, fetched(f, 950).file, 950);
        assert_ok(lme_hub_remove(f->arena, f->hub.cache, &test_split, &f->err), &f->err);
    }
    start(f, &(test_replica_options){.n_rows = 950, .fault_every = 1, .fault_status = 503});
    assert_refused(f, 20, LME_ERR_NETWORK, "the hub cannot serve owner/set now (status 503)");
    assert_refused(f, 20, LME_ERR_NETWORK, "goes on later from where it stopped");
}

static void a_broken_off_fetch_goes_on(void **state)
{
    fetching *f = *state;
    start(f, &(test_replica_options){.n_rows = 950});
    fetched(f, 300);
    /* Bytes that the manifest does not name are of a program that was killed. */
    const char *file = "owner/set/default/test.partial.jsonl.zst";
    lme_str path = lme_path_join(f->arena, lme_str_from(f->folder), lme_str_from(file));
    FILE *partial = fopen(path.ptr, "ab");
    fputs("half a frame", partial);
    fclose(partial);
    size_t n = test_replica_pages(f->replica);
    assert_rows(f, fetched(f, 950).file, 950);
    assert_int_equal(test_replica_pages(f->replica), n + 7);
}

static void a_changed_set_is_not_mixed(void **state)
{
    fetching *f = *state;
    start(f, &(test_replica_options){.n_rows = 950, .revision_changes = 2});
    assert_refused(f, 950, LME_ERR_NETWORK, "the data set changed while it was fetched");
    lme_hub_rows rows = fetched(f, 950);
    assert_str(rows.revision, "second");
    assert_rows(f, rows.file, 950);
}

static void gated_sets_want_a_token(void **state)
{
    fetching *f = *state;
    start(f, &(test_replica_options){.n_rows = 9, .token = "hf_secret"});
    assert_refused(f, 5, LME_ERR_DATA,
                   "does not give owner/set to everybody (status 401): The "
                   "dataset is gated.");
    assert_refused(f, 5, LME_ERR_DATA, "$HF_TOKEN");
    f->hub.token = LME_STR("hf_wrong");
    assert_refused(f, 5, LME_ERR_DATA, "to this token");
    assert_null(strstr(f->err.message, "hf_wrong"));
    f->hub.token = LME_STR("hf_secret");
    assert_int_equal(fetched(f, 5).n_rows, 5);
}

/* The hub's answer may name any address for its files. */
static void tokens_go_to_the_hub_alone(void **state)
{
    fetching *f = *state;
    start(f, &(test_replica_options){.n_rows = 2500, .token = "hf_secret", .parquet = parquet(f)});
    f->hub.token = LME_STR("hf_secret");
    assert_int_equal(fetched(f, 0).n_rows, 2500);
    assert_int_equal(test_replica_leaks(f->replica), 1); /* the same host */
    assert_ok(lme_hub_remove(f->arena, f->hub.cache, &test_split, &f->err), &f->err);
    start(f, &(test_replica_options){.n_rows = 2500,
                                     .token = "hf_secret",
                                     .parquet = parquet(f),
                                     .files_elsewhere = true});
    assert_int_equal(fetched(f, 0).n_rows, 2500);
    assert_int_equal(test_replica_leaks(f->replica), 0);
}

/* A failed fetch of all leaves nothing that a later one would take for its own. */
static void a_failed_change_of_ways_leaves_nothing(void **state)
{
    fetching *f = *state;
    start(f, &(test_replica_options){.n_rows = 2500});
    assert_int_equal(fetched(f, 100).n_rows, 100);
    start(f, &(test_replica_options){.n_rows = 2500, .parquet = parquet(f), .file_size = 12345});
    assert_refused(f, 0, LME_ERR_NETWORK, "bytes where the hub said 12345");
    start(f, &(test_replica_options){.n_rows = 2500});
    assert_rows(f, fetched(f, 200).file, 200);
    assert_rows(f, fetched(f, 0).file, 2500);
}

/* Parquet is not offered, and its list names a newer revision than the rows that are here. */
static void rows_of_two_revisions_are_not_joined(void **state)
{
    fetching *f = *state;
    start(f, &(test_replica_options){.n_rows = 950});
    assert_int_equal(fetched(f, 300).n_rows, 300);
    start(f, &(test_replica_options){.n_rows = 950, .always_second = true});
    assert_refused(f, 0, LME_ERR_NETWORK, "the data set changed while it was fetched");
    lme_hub_rows rows = fetched(f, 0);
    assert_str(rows.revision, "second");
    assert_rows(f, rows.file, 950);
}

static void what_is_not_there_says_what_is(void **state)
{
    fetching *f = *state;
    lme_hub_rows rows;
    start(f, &(test_replica_options){.n_rows = 9, .two_configs = true, .no_default = true});
    assert_refused(f, 5, LME_ERR_DATA, "owner/set has several configs and the task names none");
    assert_refused(f, 5, LME_ERR_DATA, "dataset_name is one of: main, other");
    const lme_hub_split config = {LME_STR("owner/set"), LME_STR("mian"), LME_STR("test")};
    assert_false(lme_hub_fetch(f->arena, &f->hub, &config, 5, &rows, &f->err));
    assert_error(&f->err, LME_ERR_DATA, "owner/set has no config \"mian\"");
    const lme_hub_split split = {LME_STR("owner/set"), LME_STR("main"), LME_STR("validation")};
    assert_false(lme_hub_fetch(f->arena, &f->hub, &split, 5, &rows, &f->err));
    assert_error(&f->err, LME_ERR_DATA, "owner/set has no split \"validation\"");
    assert_error(&f->err, LME_ERR_DATA, "there are: train, test");
    const lme_hub_split set = {LME_STR("owner/sett"), LME_STR(""), LME_STR("test")};
    assert_false(lme_hub_fetch(f->arena, &f->hub, &set, 5, &rows, &f->err));
    assert_error(&f->err, LME_ERR_DATA,
                 "the hub has no rows of owner/sett (status 404): The "
                 "dataset does not exist.");
}

static void what_is_not_whole_or_no_text_is_refused(void **state)
{
    fetching *f = *state;
    start(f, &(test_replica_options){.n_rows = 9, .has_image = true});
    assert_refused(f, 5, LME_ERR_DATA, "column picture of owner/set holds files (Image)");
    start(f, &(test_replica_options){.n_rows = 9, .is_partial = true});
    assert_refused(f, 5, LME_ERR_NETWORK, "only a part of the split");
    start(f, &(test_replica_options){.n_rows = 9, .is_partial = true, .parquet = parquet(f)});
    assert_refused(f, 0, LME_ERR_NETWORK, "only a part of the Parquet files");
}

static void names_stay_inside_the_cache(void **state)
{
    fetching *f = *state;
    lme_hub_rows rows;
    const lme_str names[] = {LME_STR("../up"), LME_STR("/etc"), LME_STR("a//b"),
                             LME_STR("a/.b"),  LME_STR(""),     LME_STR("a\nb")};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const lme_hub_split split = {names[i], LME_STR(""), LME_STR("test")};
        assert_false(lme_hub_fetch(f->arena, &f->hub, &split, 5, &rows, &f->err));
        assert_error(&f->err, LME_ERR_DATA, "is no name of the hub");
    }
}

static void nobody_answers(void **state)
{
    fetching *f = *state;
    f->hub.rows_url = LME_STR("http://127.0.0.1:1");
    assert_refused(f, 5, LME_ERR_NETWORK,
                   "the hub at http://127.0.0.1:1 does not answer for "
                   "owner/set");
    assert_refused(f, 5, LME_ERR_NETWORK, "--offline never asks the hub");
}

/* Several programs fill one cache at once: the rows are fetched once and are whole. */
static void programs_share_a_cache(void **state)
{
    fetching *f = *state;
    enum {
        PROGRAMS = 4
    };
    start(f, &(test_replica_options){.n_rows = 950});
    pid_t children[PROGRAMS];
    for (size_t i = 0; i < PROGRAMS; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        /* The replica's thread may hold a lock at the fork: the child begins anew. */
        if (children[i] == 0) {
            execl("/proc/self/exe", "fetch_test", f->hub.rows_url.ptr, f->folder, (char *)NULL);
            _exit(2);
        }
    }
    for (size_t i = 0; i < PROGRAMS; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(test_replica_pages(f->replica), 10);
    assert_rows(f, fetched(f, 0).file, 950);
}

static void the_cache_is_listed_and_verified(void **state)
{
    fetching *f = *state;
    lme_hub_entry *entries;
    size_t n;
    start(f, &(test_replica_options){.n_rows = 150});
    lme_hub_rows rows = fetched(f, 0);
    assert_ok(lme_hub_list(f->arena, f->hub.cache, &entries, &n, &f->err), &f->err);
    assert_int_equal(n, 1);
    assert_str(entries[0].split.dataset, "owner/set");
    assert_str(entries[0].split.split, "test");
    assert_int_equal(entries[0].rows.n_rows, 150);
    assert_ok(lme_hub_verify(&entries[0], &f->err), &f->err);
    assert_ok(lme_hub_check(f->arena, f->hub.cache, &test_split, &f->err), &f->err);
    FILE *file = fopen(lme_str_cstr(f->arena, rows.file), "r+b");
    fseek(file, 20, SEEK_SET);
    fputc('x', file);
    fclose(file);
    assert_false(lme_hub_verify(&entries[0], &f->err));
    assert_error(&f->err, LME_ERR_DATA, "lmeval data rm");
    assert_false(lme_hub_check(f->arena, f->hub.cache, &test_split, &f->err));
    assert_error(&f->err, LME_ERR_DATA, "test.jsonl.zst: the file has changed: its SHA-256 begins");
    assert_error(&f->err, LME_ERR_DATA, "lmeval data rm");
    assert_ok(lme_hub_remove(f->arena, f->hub.cache, &test_split, &f->err), &f->err);
    assert_ok(lme_hub_list(f->arena, f->hub.cache, &entries, &n, &f->err), &f->err);
    assert_int_equal(n, 0);
}

/* One of several programs: fetches 950 rows of what the address serves into the folder. */
static int fetch_as_program(const char *url, const char *folder)
{
    lme_arena *arena = lme_arena_new();
    const lme_hub hub = {.rows_url = lme_str_from(url),
                         .cache = lme_str_from(folder),
                         .max_retries = 4,
                         .backoff_ms = 1};
    lme_hub_rows rows;
    bool ok = lme_hub_fetch(arena, &hub, &test_split, 950, &rows, NULL) && rows.n_rows == 950;
    lme_arena_free(arena);
    return ok ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 3)
        return fetch_as_program(argv[1], argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_wanted_pages_are_asked_for, setup, teardown),
        cmocka_unit_test_setup_teardown(a_small_split_is_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(a_whole_split_comes_as_parquet, setup, teardown),
        cmocka_unit_test_setup_teardown(without_parquet_all_pages_come, setup, teardown),
        cmocka_unit_test_setup_teardown(cut_cells_and_unindexed_sets_come_as_parquet, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(broken_downloads_go_on, setup, teardown),
        cmocka_unit_test_setup_teardown(downloads_wait_as_long_as_told, setup, teardown),
        cmocka_unit_test_setup_teardown(busy_hubs_are_asked_again, setup, teardown),
        cmocka_unit_test_setup_teardown(a_broken_off_fetch_goes_on, setup, teardown),
        cmocka_unit_test_setup_teardown(a_changed_set_is_not_mixed, setup, teardown),
        cmocka_unit_test_setup_teardown(gated_sets_want_a_token, setup, teardown),
        cmocka_unit_test_setup_teardown(tokens_go_to_the_hub_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(a_failed_change_of_ways_leaves_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(rows_of_two_revisions_are_not_joined, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_there_says_what_is, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_whole_or_no_text_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(names_stay_inside_the_cache, setup, teardown),
        cmocka_unit_test_setup_teardown(nobody_answers, setup, teardown),
        cmocka_unit_test_setup_teardown(programs_share_a_cache, setup, teardown),
        cmocka_unit_test_setup_teardown(the_cache_is_listed_and_verified, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
