/* --sample over tasks of different sizes: how many of each, which, and again the same. */
#include "selection.h"
#include "support.h"

#include <math.h>

#include <lmeval/share.h>

enum {
    N_TASKS = 3,
    N_DOCS = 100 + 51 + 7
};
static const size_t sizes[N_TASKS] = {100, 51, 7};

typedef struct fixture {
    lme_arena *arena;
    const char *folder;
    lme_option_list paths;
} fixture;

static void put_task(fixture *f, size_t i)
{
    lme_builder rows = {.arena = f->arena};
    for (size_t k = 0; k < sizes[i]; k++)
        lme_builder_format(&rows, "{\"q\": \"%zu\", \"a\": \"x\", \"kind\": %zu}\n", k,
                           k % 10 == 0 ? (size_t)0 : 1 + k % 2);
    lme_str data = lme_str_format(f->arena, "t%zu.jsonl", i);
    lme_str name = lme_str_format(f->arena, "t%zu.yaml", i);
    lme_str text = lme_str_format(f->arena,
                                  "task: t%zu\ndataset_path: t%zu.jsonl\ntest_split: "
                                  "test\ndoc_to_text: q\ndoc_to_target: a\n",
                                  i, i);
    test_file(f->arena, f->folder, data.ptr, lme_builder_finish(&rows).ptr);
    f->paths.items[i] = test_file(f->arena, f->folder, name.ptr, text.ptr);
}

static int setup(void **state)
{
    lme_arena *arena = lme_arena_new();
    fixture *f = LME_NEW(arena, fixture);
    *f = (fixture){.arena = arena, .folder = test_folder(arena)};
    f->paths = (lme_option_list){LME_ARRAY(arena, const char *, N_TASKS), N_TASKS};
    for (size_t i = 0; i < N_TASKS; i++)
        put_task(f, i);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    test_folder_remove(f->folder);
    lme_arena_free(f->arena);
    return 0;
}

static lme_opened_tasks open_sample(fixture *f, size_t sample, const char *by, const char *seed)
{
    lme_error err = {0};
    lme_opened_tasks opened;
    lme_task_flags flags = LME_TASK_DEFAULTS;
    flags.tasks = f->paths;
    flags.sample = sample;
    flags.sample_by = by;
    flags.seed = seed;
    assert_ok(lme_task_flags_read(f->arena, &flags, &err), &err);
    assert_ok(lme_task_flags_open(f->arena, &flags, false, &opened, &err), &err);
    return opened;
}

/* The ids are ascending, each once, and within the split. */
static void assert_ids(const size_t *ids, size_t n, size_t total)
{
    assert_non_null(ids);
    for (size_t i = 0; i < n; i++) {
        assert_true(ids[i] < total);
        assert_true(i == 0 || ids[i] > ids[i - 1]);
    }
}

static void every_task_has_its_share(void **state)
{
    static const size_t samples[] = {20, 30, 40, 79, 100, 157, N_DOCS};
    for (size_t s = 0; s < sizeof samples / sizeof samples[0]; s++) {
        lme_opened_tasks opened = open_sample(*state, samples[s], NULL, NULL);
        size_t sum = 0;
        for (size_t i = 0; i < N_TASKS; i++) {
            size_t n = lme_docs_planned(opened.docs[i]);
            double share = (double)samples[s] * (double)sizes[i] / N_DOCS;
            assert_true(fabs((double)n - share) < 1);
            assert_ids(lme_docs_selected(opened.docs[i]), n, sizes[i]);
            sum += n;
        }
        assert_int_equal(sum, samples[s]);
    }
}

static void every_value_of_a_column_has_its_share(void **state)
{
    lme_opened_tasks opened = open_sample(*state, 79, "kind", NULL); /* a half */
    for (size_t i = 0; i < N_TASKS; i++) {
        size_t counts[3] = {0}, all[3] = {0};
        const size_t *ids = lme_docs_selected(opened.docs[i]);
        for (size_t k = 0; k < sizes[i]; k++)
            all[k % 10 == 0 ? 0 : 1 + k % 2]++;
        for (size_t k = 0; k < lme_docs_planned(opened.docs[i]); k++)
            counts[ids[k] % 10 == 0 ? 0 : 1 + ids[k] % 2]++;
        for (size_t v = 0; v < 3; v++)
            assert_true(fabs((double)counts[v] - (double)all[v] / 2) <= 1);
    }
}

static bool same_ids(const lme_opened_tasks *a, const lme_opened_tasks *b, size_t task)
{
    size_t n = lme_docs_planned(a->docs[task]);
    const size_t *x = lme_docs_selected(a->docs[task]), *y = lme_docs_selected(b->docs[task]);
    bool same = n == lme_docs_planned(b->docs[task]);
    for (size_t i = 0; same && i < n; i++)
        same = x[i] == y[i];
    return same;
}

static void the_seed_decides(void **state)
{
    lme_opened_tasks first = open_sample(*state, 40, NULL, NULL);
    lme_opened_tasks again = open_sample(*state, 40, NULL, "0,1,2,3");
    lme_opened_tasks other = open_sample(*state, 40, NULL, "1");
    assert_true(same_ids(&first, &again, 0) && same_ids(&first, &again, 1));
    assert_false(same_ids(&first, &other, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_task_has_its_share, setup, teardown),
        cmocka_unit_test_setup_teardown(every_value_of_a_column_has_its_share, setup, teardown),
        cmocka_unit_test_setup_teardown(the_seed_decides, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
