#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lmeval/share.h>

typedef struct place {
    lme_arena *arena;
    const char *folder;
} place;

static int setup(void **state)
{
    lme_arena *arena = lme_arena_new();
    place *p = LME_NEW(arena, place);
    *p = (place){arena, test_folder(arena)};
    *state = p;
    return 0;
}

static int teardown(void **state)
{
    place *p = *state;
    unsetenv("LMEVAL_SHARE");
    test_folder_remove(p->folder);
    lme_arena_free(p->arena);
    return 0;
}

static const char *in(place *p, const char *name)
{
    return lme_path_join(p->arena, lme_str_from(p->folder), lme_str_from(name)).ptr;
}

static void paths(void **state)
{
    place *p = *state;
    assert_str(lme_path_join(p->arena, LME_STR("a"), LME_STR("b")), "a/b");
    assert_str(lme_path_join(p->arena, LME_STR("a/"), LME_STR("b")), "a/b");
    assert_str(lme_path_join(p->arena, LME_STR("a"), LME_STR("/b")), "/b");
    assert_str(lme_path_join(p->arena, LME_STR(""), LME_STR("b")), "b");
    assert_str(lme_path_join(p->arena, LME_STR("/"), LME_STR("b")), "/b");
    assert_str(lme_path_folder(LME_STR("a/b/c.yaml")), "a/b");
    assert_str(lme_path_folder(LME_STR("c.yaml")), "");
    assert_str(lme_path_folder(LME_STR("/c.yaml")), "/");
    assert_str(lme_path_folder(LME_STR("a//c")), "a");
    assert_int_equal(lme_path_folder((lme_str){NULL, 0}).len, 0);
    assert_str(lme_path_name(LME_STR("a/b/c.yaml")), "c.yaml");
    assert_str(lme_path_name(LME_STR("c.yaml")), "c.yaml");
    assert_str(lme_path_name(LME_STR("a/")), "");
}

static void reading_and_writing(void **state)
{
    place *p = *state;
    lme_error err = {0};
    lme_str text;
    const char *path = in(p, "file");
    const size_t sizes[] = {0, 1, 4095, 4096, 4097, 200000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char *bytes = lme_arena_alloc(p->arena, sizes[i]);
        for (size_t j = 0; j < sizes[i]; j++)
            bytes[j] = (char)(j * 7);
        assert_ok(lme_file_write(path, (lme_str){bytes, sizes[i]}, &err), &err);
        assert_ok(lme_file_read(p->arena, path, sizes[i], &text, &err), &err);
        assert_int_equal(text.len, sizes[i]);
        assert_memory_equal(text.ptr, bytes, sizes[i]);
        assert_int_equal(text.ptr[text.len], '\0');
    }
    lme_str *names;
    size_t n;
    assert_ok(lme_folder_list(p->arena, p->folder, LME_STR(""), &names, &n, &err), &err);
    assert_int_equal(n, 1); /* no temporary file is left */
}

static void what_cannot_be_read(void **state)
{
    place *p = *state;
    lme_error err = {0};
    lme_str text = LME_STR("untouched");
    const char *path = in(p, "none");
    assert_false(lme_file_read(p->arena, path, 100, &text, &err));
    assert_error(&err, LME_ERR_IO, "cannot read '");
    assert_error(&err, LME_ERR_IO, "/none': No such file or directory");
    assert_false(lme_file_read(p->arena, p->folder, 100, &text, &err));
    assert_error(&err, LME_ERR_IO, "Is a directory");
    path = test_file(p->arena, p->folder, "large", "0123456789");
    assert_false(lme_file_read(p->arena, path, 9, &text, &err));
    assert_error(&err, LME_ERR_LIMIT, "larger than 9 bytes");
    assert_false(lme_file_read(p->arena, "/dev/zero", 100000, &text, &err));
    assert_error(&err, LME_ERR_LIMIT, "larger than 100000 bytes");
    assert_str(text, "untouched");
}

/* Their size is told as 0. */
static void files_of_proc(void **state)
{
    place *p = *state;
    lme_error err = {0};
    lme_str text;
    assert_ok(lme_file_read(p->arena, "/proc/self/status", 1u << 20, &text, &err), &err);
    assert_true(lme_str_find(text, LME_STR("Pid:"), 0) != SIZE_MAX);
    assert_ok(lme_file_read(p->arena, "/dev/null", 10, &text, &err), &err);
    assert_int_equal(text.len, 0);
}

static void what_cannot_be_written(void **state)
{
    place *p = *state;
    lme_error err = {0};
    assert_false(lme_file_write(p->folder, LME_STR("x"), &err));
    assert_error(&err, LME_ERR_IO, "Is a directory");
    assert_false(lme_file_write(in(p, "none/file"), LME_STR("x"), &err));
    assert_error(&err, LME_ERR_IO, "none/file': No such file or directory");
    assert_ok(lme_file_write("/dev/null", LME_STR("x"), &err), &err);
    assert_false(lme_file_write("/dev/full", LME_STR("x"), &err));
    assert_error(&err, LME_ERR_IO, "No space left");
    struct stat info;
    assert_int_equal(stat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
}

/* A rename over the target: whoever has the old file open keeps reading it. */
static void the_old_file_stays_whole(void **state)
{
    place *p = *state;
    lme_error err = {0};
    const char *path = test_file(p->arena, p->folder, "file", "old text");
    FILE *open = fopen(path, "r");
    assert_non_null(open);
    assert_ok(lme_file_write(path, LME_STR("new"), &err), &err);
    char text[16] = "";
    assert_int_equal(fread(text, 1, sizeof text - 1, open), 8);
    fclose(open);
    assert_string_equal(text, "old text");
    lme_str now;
    assert_ok(lme_file_read(p->arena, path, 100, &now, &err), &err);
    assert_str(now, "new");
}

static void folders(void **state)
{
    place *p = *state;
    lme_error err = {0};
    assert_ok(lme_folder_make(in(p, "a/b//c/"), &err), &err);
    assert_true(lme_folder_exists(in(p, "a/b/c")));
    assert_false(lme_file_exists(in(p, "a/b/c")));
    assert_ok(lme_folder_make(in(p, "a/b/c"), &err), &err);
    const char *file = test_file(p->arena, p->folder, "file", "");
    assert_true(lme_file_exists(file));
    assert_false(lme_folder_exists(file));
    assert_false(lme_folder_make(in(p, "file/below"), &err));
    assert_error(&err, LME_ERR_IO, "cannot make the folder");
    assert_error(&err, LME_ERR_IO, "/file': Not a directory");
    assert_false(lme_folder_make("", &err));
    assert_error(&err, LME_ERR_IO, "cannot make the folder ''");
}

static void listing(void **state)
{
    place *p = *state;
    lme_error err = {0};
    lme_str *names;
    size_t n = 9;
    assert_ok(lme_folder_list(p->arena, p->folder, LME_STR(""), &names, &n, &err), &err);
    assert_int_equal(n, 0);
    for (int i = 40; i > 0; i--) {
        lme_str name = lme_str_format(p->arena, "%02d.%s", i, i % 2 == 0 ? "yaml" : "json");
        test_file(p->arena, p->folder, name.ptr, "");
    }
    test_file(p->arena, p->folder, "B.yaml", "");
    assert_ok(lme_folder_list(p->arena, p->folder, LME_STR(".yaml"), &names, &n, &err), &err);
    assert_int_equal(n, 21);
    assert_str(names[0], "02.yaml");
    assert_str(names[19], "40.yaml");
    assert_str(names[20], "B.yaml");
    assert_false(lme_folder_list(p->arena, in(p, "none"), LME_STR(""), &names, &n, &err));
    assert_error(&err, LME_ERR_IO, "cannot list the folder");
}

static void the_environment_says_where(void **state)
{
    place *p = *state;
    lme_error err = {0};
    lme_str path;
    setenv("LMEVAL_SHARE", p->folder, 1);
    const char *file = test_file(p->arena, p->folder, "tasks.txt", "");
    assert_ok(lme_share_path(p->arena, "tasks.txt", &path, &err), &err);
    assert_str(path, file);
    assert_false(lme_share_path(p->arena, "tasks", &path, &err));
    assert_error(&err, LME_ERR_IO, "cannot find the program's own 'tasks'; looked at: ");
    assert_error(&err, LME_ERR_IO, in(p, "tasks"));
    assert_error(&err, LME_ERR_IO, "hint: LMEVAL_SHARE must name the folder");
}

/* This test lies in a build folder, whose lmeval-source-dir names the source tree. */
static void a_build_folder_finds_its_source(void **state)
{
    place *p = *state;
    lme_error err = {0};
    lme_str path;
    unsetenv("LMEVAL_SHARE");
    assert_ok(lme_share_path(p->arena, "tests/unit/core/repr.cases", &path, &err), &err);
    assert_str(path, test_source(p->arena, "tests/unit/core/repr.cases"));
    assert_false(lme_share_path(p->arena, "no/such/thing", &path, &err));
    assert_error(&err, LME_ERR_IO, "/share/lmeval/no/such/thing, ");
    assert_error(&err, LME_ERR_IO, "hint: set LMEVAL_SHARE");
}

/* A copy of this program at `name`, run with --find: what it finds as "tasks/mark". */
static lme_str found_by_a_copy(place *p, const char *name)
{
    lme_error err = {0};
    lme_str program;
    assert_ok(lme_file_read(p->arena, "/proc/self/exe", 256u << 20, &program, &err), &err);
    const char *copy = in(p, name);
    assert_ok(lme_file_write(copy, program, &err), &err);
    assert_int_equal(chmod(copy, 0700), 0);
    FILE *pipe = popen(lme_str_format(p->arena, "'%s' --find", copy).ptr, "r"); // NOLINT
    assert_non_null(pipe);
    char *line = lme_arena_alloc(p->arena, 8192);
    size_t length = fread(line, 1, 8191, pipe);
    pclose(pipe);
    assert_int_equal(unlink(copy), 0);
    return (lme_str){line, length};
}

static int find(void)
{
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_str path;
    if (!lme_share_path(arena, "tasks/mark", &path, &err))
        path = lme_str_from(err.message);
    printf("%.*s", LME_STR_ARG(path));
    lme_arena_free(arena);
    return 0;
}

static void a_tree_may_lie_anywhere(void **state)
{
    place *p = *state;
    lme_error err = {0};
    unsetenv("LMEVAL_SHARE");
    assert_ok(lme_folder_make(in(p, "build/deep/bin"), &err), &err);
    assert_ok(lme_folder_make(in(p, "tasks"), &err), &err);
    const char *mark = test_file(p->arena, p->folder, "tasks/mark", "");
    /* Without datasets/ it is no source tree. */
    lme_str found = found_by_a_copy(p, "build/deep/bin/program");
    assert_true(lme_str_starts(found, LME_STR("cannot find the program's own 'tasks/mark'")));
    assert_ok(lme_folder_make(in(p, "datasets"), &err), &err);
    assert_str(found_by_a_copy(p, "build/deep/bin/program"), mark);

    /* An installed tree goes first. */
    assert_ok(lme_folder_make(in(p, "build/deep/share/lmeval/tasks"), &err), &err);
    const char *installed =
        test_file(p->arena, p->folder, "build/deep/share/lmeval/tasks/mark", "");
    assert_str(found_by_a_copy(p, "build/deep/bin/program"), installed);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--find") == 0)
        return find();
    const struct CMUnitTest tests[] = {
        TEST(paths),
        TEST(reading_and_writing),
        TEST(what_cannot_be_read),
        TEST(files_of_proc),
        TEST(what_cannot_be_written),
        TEST(the_old_file_stays_whole),
        TEST(folders),
        TEST(listing),
        TEST(the_environment_says_where),
        TEST(a_build_folder_finds_its_source),
        TEST(a_tree_may_lie_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
