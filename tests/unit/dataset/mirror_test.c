/* Where the rows of a hub id are looked for, and what is said when they are nowhere. */
#include "reading.h"

#include <lmeval/share.h>

/* A file with its folders below the test's folder. */
static const char *put(reading *r, const char *path, const char *text)
{
    lme_str whole = lme_str_format(r->arena, "%s/%s", r->folder, path);
    const char *folder = lme_str_cstr(r->arena, lme_path_folder(whole));
    assert_ok(lme_folder_make(folder, &r->err), &r->err);
    return test_file(r->arena, r->folder, path, text);
}

static lme_str below(reading *r, const char *path)
{
    return lme_str_format(r->arena, "%s/%s", r->folder, path);
}

static lme_source hub(reading *r, const char *id, const char *config, const char *split)
{
    return (lme_source){
        .path = lme_str_from(id),
        .config = lme_str_from(config),
        .split = lme_str_from(split),
        .data_dir = below(r, "mirror"),
    };
}

/* The cache is looked at as well: point it away from the machine's own. */
static int setup(void **state)
{
    int failed = reading_setup(state);
    reading *r = *state;
    setenv("XDG_CACHE_HOME", below(r, "cache").ptr, 1);
    return failed;
}

static int teardown(void **state)
{
    unsetenv("XDG_CACHE_HOME");
    unsetenv("LMEVAL_SHARE");
    return reading_teardown(state);
}

static void the_mirror_has_a_layout(void **state)
{
    reading *r = *state;
    put(r, "mirror/Rowan/hellaswag/default/validation.jsonl", "{\"from\": \"default\"}\n");
    put(r, "mirror/openai/gsm8k/main/test.jsonl", "{\"from\": \"main\"}\n");
    put(r, "mirror/squad/default/train.csv", "from\ncsv\n");
    lme_source plain = hub(r, "Rowan/hellaswag", "", "validation");
    lme_source config = hub(r, "openai/gsm8k", "main", "test");
    lme_source bare = hub(r, "squad", "", "train[:1]");
    assert_rows(r, &plain, "{\"from\": \"default\"}\n");
    assert_rows(r, &config, "{\"from\": \"main\"}\n");
    assert_rows(r, &bare, "{\"from\": \"csv\"}\n");
}

static void the_mirror_comes_before_the_cache(void **state)
{
    reading *r = *state;
    put(r, "cache/lmeval/o/d/default/test.jsonl", "{\"from\": \"cache\"}\n");
    lme_source source = hub(r, "o/d", "", "test");
    assert_rows(r, &source, "{\"from\": \"cache\"}\n");
    put(r, "mirror/o/d/default/test.jsonl", "{\"from\": \"mirror\"}\n");
    assert_rows(r, &source, "{\"from\": \"mirror\"}\n");
}

static void a_folder_lies_beside_the_task(void **state)
{
    reading *r = *state;
    put(r, "datasets/kitchen/default/test.jsonl", "{\"from\": \"folder\"}\n");
    lme_source source = {.path = LME_STR("../datasets/kitchen"),
                         .split = LME_STR("test"),
                         .base_folder = below(r, "datasets"),
                         .samples = true};
    source.base_folder = below(r, "datasets/.");
    assert_rows(r, &source, "{\"from\": \"folder\"}\n");
    source.path = LME_STR("./kitchen");
    source.base_folder = below(r, "datasets");
    assert_rows(r, &source, "{\"from\": \"folder\"}\n");
}

static void nowhere_lists_every_place(void **state)
{
    reading *r = *state;
    put(r, "mirror/Rowan/hellaswag/default/train.jsonl", "{}\n");
    lme_source source = hub(r, "Rowan/hellaswag", "", "validation");
    source.base_folder = below(r, "tasks");
    assert_refused(r, &source, LME_ERR_DATA,
                   "no rows of Rowan/hellaswag (config default, split validation) are on this "
                   "machine; looked for\n");
    assert_error(&r->err, LME_ERR_DATA,
                 "mirror/Rowan/hellaswag/default/validation.jsonl[.gz|.zst] (there: train.jsonl)");
    assert_error(&r->err, LME_ERR_DATA, "cache/lmeval/Rowan/hellaswag/default/validation.jsonl");
    assert_error(&r->err, LME_ERR_DATA, "tasks/Rowan/hellaswag/default/validation.jsonl");
    assert_error(&r->err, LME_ERR_DATA, "--data-dir DIR");
    assert_error(&r->err, LME_ERR_DATA, "--demo");
}

static void a_path_is_not_looked_for_in_the_mirror(void **state)
{
    reading *r = *state;
    lme_source source = hub(r, "./none", "", "test");
    source.base_folder = below(r, "tasks");
    assert_refused(r, &source, LME_ERR_DATA, "tasks/./none/default/test.jsonl");
    assert_error(&r->err, LME_ERR_DATA, "a folder of rows holds default/test.jsonl");
    assert_null(strstr(r->err.message, "mirror"));
}

static void samples_are_only_for_what_the_map_names(void **state)
{
    reading *r = *state;
    put(r, "datasets/samples.yaml", "Rowan/hellaswag: hellaswag-sample\n");
    put(r, "datasets/hellaswag-sample/default/validation.jsonl", "{\"from\": \"sample\"}\n");
    put(r, "mirror/Rowan/hellaswag/default/validation.jsonl", "{\"from\": \"mirror\"}\n");
    setenv("LMEVAL_SHARE", r->folder, 1);
    lme_source source = hub(r, "Rowan/hellaswag", "", "validation");
    lme_dataset *dataset;
    assert_ok(lme_dataset_open(r->arena, &source, &dataset, &r->err), &r->err);
    assert_false(lme_dataset_is_sample(dataset));
    source.samples = true;
    assert_rows(r, &source, "{\"from\": \"sample\"}\n");
    assert_ok(lme_dataset_open(r->arena, &source, &dataset, &r->err), &r->err);
    assert_true(lme_dataset_is_sample(dataset));
    source.split = LME_STR("train");
    assert_refused(r, &source, LME_ERR_DATA, "the sample rows of Rowan/hellaswag have no split");
    source.path = LME_STR("openai/gsm8k");
    assert_refused(r, &source, LME_ERR_DATA,
                   "there are no sample rows for openai/gsm8k; there are for Rowan/hellaswag");
}

/* --demo beside a folder of one's own: the folder is meant. */
static void a_folder_of_ones_own_is_no_hub_id(void **state)
{
    reading *r = *state;
    put(r, "datasets/samples.yaml", "Rowan/hellaswag: hellaswag-sample\n");
    put(r, "datasets/own/default/test.jsonl", "{\"from\": \"own\"}\n");
    setenv("LMEVAL_SHARE", r->folder, 1);
    lme_source source = hub(r, "datasets/own", "", "test");
    source.base_folder = lme_str_from(r->folder);
    source.samples = true;
    assert_rows(r, &source, "{\"from\": \"own\"}\n");
    lme_dataset *dataset;
    assert_ok(lme_dataset_open(r->arena, &source, &dataset, &r->err), &r->err);
    assert_false(lme_dataset_is_sample(dataset));
}

static void the_program_brings_its_samples(void **state)
{
    reading *r = *state;
    lme_str text;
    lme_str path;
    assert_ok(lme_share_path(r->arena, "datasets", &path, &r->err), &r->err);
    path = lme_path_join(r->arena, path, LME_STR("samples.yaml"));
    assert_ok(lme_file_read(r->arena, path.ptr, 1u << 20, &text, &r->err), &r->err);
    assert_true(lme_str_find(text, LME_STR("\nRowan/hellaswag: hellaswag-sample\n"), 0) !=
                SIZE_MAX);
    assert_true(lme_str_find(text, LME_STR("\nopenai/gsm8k: gsm8k-sample\n"), 0) != SIZE_MAX);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_mirror_has_a_layout),
        TEST(the_mirror_comes_before_the_cache),
        TEST(a_folder_lies_beside_the_task),
        TEST(nowhere_lists_every_place),
        TEST(a_path_is_not_looked_for_in_the_mirror),
        TEST(samples_are_only_for_what_the_map_names),
        TEST(a_folder_of_ones_own_is_no_hub_id),
        TEST(the_program_brings_its_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
