/* The index: kinds, tags, precedence, what is left out; and variants, which make many names of one
 * file. */
#include "loading.h"

#include <lmeval/share.h>

static const char *put(loading *l, const char *name, const char *text)
{
    lme_str folder = lme_path_folder(lme_str_format(l->arena, "%s/%s", l->folder, name));
    assert_ok(lme_folder_make(lme_str_cstr(l->arena, folder), &l->err), &l->err);
    return test_file(l->arena, l->folder, name, text);
}

#define BODY "dataset_path: rows.jsonl\ntest_split: test\ndoc_to_text: q\ndoc_to_target: a\n"

/* Index of these folders below the test's own. */
static lme_index *open_index(loading *l, const char *const *folders, size_t n)
{
    const char **paths = LME_ARRAY(l->arena, const char *, n);
    lme_index *index = NULL;
    for (size_t i = 0; i < n; i++)
        paths[i] = lme_str_format(l->arena, "%s/%s", l->folder, folders[i]).ptr;
    lme_task_options options = {.include_paths = paths, .n_include_paths = n};
    assert_ok(lme_index_open(l->arena, &options, &index, &l->err), &l->err);
    return index;
}

static const lme_entry *find(const lme_index *index, const char *name)
{
    return lme_index_find(index, lme_str_from(name));
}

static lme_entry_kind kind_of(const lme_index *index, const char *name)
{
    assert_non_null(find(index, name));
    return find(index, name)->kind;
}

static void a_file_is_what_its_keys_say(void **state)
{
    loading *l = *state;
    const char *folders[] = {"a"};
    put(l, "a/task.yaml", "task: t\noutput_type: multiple_choice\n" BODY);
    put(l, "a/group.yaml", "group: g\ntask: [t, u]\n");
    put(l, "a/class.yaml", "task: c\nclass: !function own.Task\n");
    put(l, "a/both.yaml", "group: gc\nclass: !function own.Task\ntask: cg\n");
    put(l, "a/null.yaml", "task: tn\ngroup: null\n");
    put(l, "a/base.yaml", BODY);
    put(l, "a/inherits.yaml", "include: named_yaml\nrepeats: 2\n");
    put(l, "a/named_yaml", "task: by_include\ntag: [inherited]\n" BODY);
    lme_index *index = open_index(l, folders, 1);
    assert_int_equal(kind_of(index, "t"), LME_ENTRY_TASK);
    assert_str(find(index, "t")->summary, "multiple_choice, rows.jsonl");
    assert_int_equal(kind_of(index, "g"), LME_ENTRY_GROUP);
    assert_str(find(index, "g")->summary, "2 tasks");
    assert_int_equal(kind_of(index, "c"), LME_ENTRY_CLASS);
    assert_int_equal(kind_of(index, "cg"), LME_ENTRY_CLASS);
    assert_null(find(index, "gc"));
    assert_null(find(index, "tn")); /* the key is there, so it is a group, without a name */
    assert_int_equal(kind_of(index, "by_include"), LME_ENTRY_TASK);
    assert_int_equal(kind_of(index, "inherited"), LME_ENTRY_TAG);
}

static void tags_hold_the_tasks_that_name_them(void **state)
{
    loading *l = *state;
    const char *folders[] = {"a"};
    put(l, "a/1.yaml", "task: zebra\ntag: animals\n" BODY);
    put(l, "a/2.yaml", "task: ant\ntag: [animals, animals, small, 7]\n" BODY);
    put(l, "a/3.yaml", "task: Bee\ntag: [animals, ant]\n" BODY);
    put(l, "a/4.yaml", "task: class\nclass: x\ntag: animals\n");
    put(l, "a/5.yaml", "group: herd\ntag: animals\ntask: [zebra]\n");
    put(l, "a/6.yaml", "task: small\n" BODY);
    lme_index *index = open_index(l, folders, 1);
    const lme_entry *tag = find(index, "animals");
    assert_int_equal(tag->n_members, 4);
    assert_str(tag->members[0], "Bee");
    assert_str(tag->members[1], "ant");
    assert_str(tag->members[2], "class");
    assert_str(tag->members[3], "zebra");
    assert_str(tag->summary, "4 tasks");
    assert_int_equal(kind_of(index, "ant"), LME_ENTRY_TASK);  /* it had the name first */
    assert_int_equal(kind_of(index, "small"), LME_ENTRY_TAG); /* so had the tag */
    assert_str(find(index, "small")->summary, "1 task");
}

static void groups_count_the_tasks_below_them(void **state)
{
    loading *l = *state;
    const char *folders[] = {"a"};
    put(l, "a/1.yaml", "task: zebra\ntag: animals\n" BODY);
    put(l, "a/2.yaml", "task: ant\ntag: animals\n" BODY);
    put(l, "a/3.yaml", "group: zoo\ntask: [{group: x, task: [ant, zebra]}, {task: ant}, none]\n");
    put(l, "a/4.yaml", "group: all\ntask: [zoo, animals, {group: zoo, group_alias: Zoo}]\n");
    put(l, "a/5.yaml", "group: cycle\ntask: [cycle, ant]\n");
    put(l, "a/6.yaml", "group: one\ntask: ant\n");
    for (int i = 0; i < 40; i++)
        put(l, lme_str_format(l->arena, "a/d%d.yaml", i).ptr,
            lme_str_format(l->arena, "group: d%d\ntask: [d%d, ant, d%d]\n", i, i + 1, i + 1).ptr);
    lme_index *index = open_index(l, folders, 1);
    assert_str(find(index, "zoo")->summary, "4 tasks");
    assert_str(find(index, "all")->summary, "10 tasks");
    assert_str(find(index, "cycle")->summary, "1 task");
    assert_str(find(index, "one")->summary, "1 task");
    assert_str(find(index, "d0")->summary, "20000 tasks");
}

/* In order of whole paths "a.yaml" stands before "a/x.yaml", in order of names it does not. */
static void the_first_path_counts_and_the_last_folder(void **state)
{
    loading *l = *state;
    const char *folders[] = {"a", "b"};
    put(l, "a/n/x.yaml", "task: own\n" BODY);
    put(l, "a/n.yaml", "task: own\n" BODY);
    put(l, "a/t.yaml", "task: other\ntag: both\n" BODY);
    put(l, "b/z.yaml", "task: third\ntag: both\n" BODY);
    lme_index *index = open_index(l, folders, 1);
    assert_true(lme_str_ends(find(index, "own")->file, LME_STR("/a/n.yaml")));
    put(l, "b/own.yaml", "group: own\ntask: [other]\n");
    index = open_index(l, folders, 2);
    assert_int_equal(kind_of(index, "own"), LME_ENTRY_GROUP);
    /* A later folder's tag takes the place of the earlier one's. */
    assert_int_equal(find(index, "both")->n_members, 1);
    assert_str(find(index, "both")->members[0], "third");
    size_t n;
    const lme_entry *entries = lme_index_entries(index, &n);
    for (size_t i = 1; i < n; i++)
        assert_true(lme_str_compare(entries[i - 1].name, entries[i].name) < 0);
    for (size_t i = 0; i < n; i++)
        assert_ptr_equal(lme_index_find(index, entries[i].name), &entries[i]);
}

static void files_that_do_not_read_are_left_out(void **state)
{
    loading *l = *state;
    const char *folders[] = {"a"};
    put(l, "a/own.yaml", "task: own\nno_such_key: 1\n");
    put(l, "a/broken.yaml", "task: [broken\n");
    put(l, "a/list.yaml", "- task: list\n");
    put(l, "a/cycle.yaml", "task: cycle\ninclude: cycle.yaml\n");
    put(l, "a/lost.yaml", "task: lost\ninclude: nowhere\n");
    put(l, "a/odd.yaml", "task: [odd]\n" BODY);
    lme_index *index = open_index(l, folders, 1);
    static const char *const out[] = {"broken", "list", "cycle", "lost", "odd"};
    for (size_t i = 0; i < sizeof out / sizeof out[0]; i++)
        assert_null(find(index, out[i]));
    assert_non_null(find(index, "own")); /* its values are looked at when it is loaded */
}

#define PLANETS                                                                                    \
    "task: moons_${planet}\ntask_alias: ${planet}\ntag: [moons, 'moons_${kind}']\nnum_fewshot: "   \
    "${shots}\ndataset_path: rows.jsonl\ntest_split: test\ndoc_to_text: 'How many has ${title}, "  \
    "$${x}, $5? {{q}}'\ndoc_to_target: a\n"

static void variants_make_a_task_each(void **state)
{
    loading *l = *state;
    const char *folders[] = {"a"};
    const char *path = put(l, "a/moons.yaml",
                           PLANETS "variants:\n"
                                   "  - {planet: mars, title: the red one, kind: rock, shots: 2}\n"
                                   "  - {planet: saturn, title: 6, kind: gas, shots: 0}\n");
    lme_index *index = open_index(l, folders, 1);
    assert_int_equal(find(index, "moons")->n_members, 2);
    assert_int_equal(find(index, "moons_gas")->n_members, 1);
    assert_int_equal(find(index, "moons_saturn")->variant, 2);

    const char *paths[] = {lme_str_format(l->arena, "%s/a", l->folder).ptr};
    lme_task_options options = {.include_paths = paths, .n_include_paths = 1};
    lme_task *task;
    assert_ok(lme_task_load(l->arena, "moons_mars", &options, &task, &l->err), &l->err);
    assert_str(task->alias, "mars");
    assert_int_equal(task->num_fewshot, 2);
    assert_str(lme_value_find(&task->config, "doc_to_text")->string,
               "How many has the red one, ${x}, $5? {{q}}");
    assert_null(lme_value_find(&task->config, "variants"));
    assert_ok(lme_task_load(l->arena, "moons_saturn", &options, &task, &l->err), &l->err);
    assert_str(lme_value_find(&task->config, "doc_to_text")->string,
               "How many has 6, ${x}, $5? {{q}}");
    assert_false(lme_task_load(l->arena, path, NULL, &task, &l->err));
    assert_error(&l->err, LME_ERR_TASK, "the file defines 2 tasks by its variants, expected one");
}

static void variants_reach_what_is_included(void **state)
{
    loading *l = *state;
    const char *folders[] = {"a"};
    put(l, "a/base_yaml", PLANETS);
    put(l, "a/own.yaml",
        "include: base_yaml\nvariants: [{planet: io, title: Io, kind: moon, shots: 1}]\n");
    lme_index *index = open_index(l, folders, 1);
    assert_int_equal(kind_of(index, "moons_io"), LME_ENTRY_TASK);
    assert_int_equal(kind_of(index, "moons_moon"), LME_ENTRY_TAG);
}

/* Without `variants` the signs mean nothing. */
static void other_files_keep_their_signs(void **state)
{
    loading *l = *state;
    lme_task *task = load_ok(l, SMALL_TASK "description: 'Costs ${price} and $${x}.'\n", NULL);
    assert_str(lme_value_find(&task->config, "description")->string, "Costs ${price} and $${x}.");
}

typedef struct refusal {
    const char *text, *error, *hint;
} refusal;

static const refusal refusals[] = {
    {"description: '${subjct}'\nvariants: [{subject: a}]\n",
     ":7:14: variant 1 says nothing for ${subjct}", "did you mean ${subject}?"},
    {"description: '${x}.'\nvariants: [{x: 1}, {y: 1}]\n", ":7:14: variant 2 says nothing for ${x}",
     "add it to each map of variants"},
    {"description: '${x}.'\nvariants: [{x: 1, y: 2}]\n",
     ":8:19: variant 1 names y, which the file never uses", "write ${y} where it belongs"},
    {"description: 'a ${x'\nvariants: [{x: 1}]\n", ":7:14: \"${\" without a name and \"}\"",
     "write $${ for the text ${"},
    {"description: 'a ${}'\nvariants: [{x: 1}]\n", ":7:14: \"${\" without a name", ""},
    {"description: 'a ${x}'\nvariants: [{x: [1]}]\n", ":7:14: variant 1 has a list here", ""},
    {"variants: []\n", ":7:11: variants is a list of maps, one a task", ""},
    {"variants: 3\n", ":7:11: variants is a list of maps", ""},
    {"variants: [3]\n", ":7:12: a variant is a map of names, got integer", ""},
    {"variants: [{a b: 3}]\n", ":7:13: a name in variants is made of letters", ""},
    {"variants: [{3: 3}]\n", ":7:13: a name in variants is made of letters", ""},
};

static void bad_variants_are_told_with_their_place(void **state)
{
    loading *l = *state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        lme_task *task;
        const char *own =
            lme_str_format(l->arena, "%s%s", "task: own\noutput_type: generate_until\n" BODY,
                           refusals[i].text)
                .ptr;
        l->err = (lme_error){0};
        put(l, "a/own.yaml", own);
        const char *paths[] = {lme_str_format(l->arena, "%s/a", l->folder).ptr};
        lme_task_options options = {.include_paths = paths, .n_include_paths = 1};
        assert_false(lme_task_load(l->arena, "own", &options, &task, &l->err));
        assert_error(&l->err, LME_ERR_TASK, refusals[i].error);
        assert_error(&l->err, LME_ERR_TASK, refusals[i].hint);
    }
}

/* 10,000 variants share 512 MB: 53,687 bytes each. One of them may make 16 MB at most. */
static void what_variants_make_is_bounded(void **state)
{
    loading *l = *state;
    lme_builder text = {.arena = l->arena};
    lme_builder_add(&text,
                    LME_STR("task: own_${n}\noutput_type: generate_until\n" BODY "description: '"));
    for (size_t i = 0; i < 600; i++)
        lme_builder_add(&text, LME_STR("${long}"));
    lme_builder_add(&text, LME_STR("'\nvariants:\n"));
    lme_str head = lme_builder_finish(&text);
    lme_str filler = lme_str_format(l->arena, "%0100d", 7);
    lme_builder many = {.arena = l->arena};
    lme_builder_add(&many, head);
    for (size_t i = 0; i < 10000; i++)
        lme_builder_format(&many, "  - {n: %zu, long: 'x%.*s'}\n", i, LME_STR_ARG(filler));
    const char *const folders[] = {"a"};
    const char *path = put(l, "a/many.yaml", lme_builder_finish(&many).ptr);
    lme_task *task;
    assert_false(lme_task_load(l->arena, path, NULL, &task, &l->err));
    lme_index *index = open_index(l, folders, 1);
    assert_null(find(index, "own_0"));
    const char *names[] = {path};
    lme_task_set set;
    l->err = (lme_error){0};
    assert_false(lme_task_set_load(l->arena, names, 1, NULL, &set, &l->err));
    assert_error(&l->err, LME_ERR_LIMIT, ":7:14: variant 1 grows above 53687 bytes here");
    assert_error(&l->err, LME_ERR_LIMIT, "its variants share 512 MB");

    lme_builder one = {.arena = l->arena};
    lme_builder_add(&one, head);
    lme_builder_add(&one, LME_STR("  - {n: 1, long: '"));
    for (size_t i = 0; i < 300; i++)
        lme_builder_add(&one, filler);
    lme_builder_add(&one, LME_STR("'}\n"));
    path = put(l, "a/many.yaml", lme_builder_finish(&one).ptr);
    names[0] = path;
    l->err = (lme_error){0};
    assert_false(lme_task_set_load(l->arena, names, 1, NULL, &set, &l->err));
    assert_error(&l->err, LME_ERR_LIMIT, ":7:14: variant 1 grows above 16777216 bytes here");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOADING_TEST(a_file_is_what_its_keys_say),
        LOADING_TEST(tags_hold_the_tasks_that_name_them),
        LOADING_TEST(groups_count_the_tasks_below_them),
        LOADING_TEST(the_first_path_counts_and_the_last_folder),
        LOADING_TEST(files_that_do_not_read_are_left_out),
        LOADING_TEST(variants_make_a_task_each),
        LOADING_TEST(variants_reach_what_is_included),
        LOADING_TEST(other_files_keep_their_signs),
        LOADING_TEST(bad_variants_are_told_with_their_place),
        LOADING_TEST(what_variants_make_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
