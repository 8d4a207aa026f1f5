#include "support.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lmeval/arena.h>

void test_assert_close(double a, double b, double tolerance, const char *file, int line)
{
    if (isnan(a) && isnan(b))
        return;
    if (isinf(a) || isinf(b) || isnan(a) || isnan(b)) {
        /* The same infinity compares equal; nothing else is close to it. */
        if (!isnan(a) && !isnan(b) && !(a < b) && !(a > b))
            return;
    } else if (fabs(a - b) <= tolerance * fmax(1.0, fabs(b))) {
        return;
    }
    print_error("%.17g is not within %g of %.17g\n", a, tolerance, b);
    _fail(file, line);
}

void test_assert_str(lme_str s, const char *expected, const char *file, int line)
{
    if (s.len == strlen(expected) && (s.len == 0 || memcmp(s.ptr, expected, s.len) == 0))
        return;
    print_error("got \"%.*s\"\nnot \"%s\"\n", (int)s.len, s.ptr, expected);
    _fail(file, line);
}

void test_assert_error(const lme_error *err, lme_code code, const char *part, const char *file,
                       int line)
{
    char text[4096];
    lme_error_text(err, text, sizeof text);
    if (err->code == code && strstr(text, part) != NULL)
        return;
    print_error("error %d: %s\nexpected %d with: %s\n", (int)err->code, text, (int)code, part);
    _fail(file, line);
}

void test_assert_ok(bool ok, const lme_error *err, const char *file, int line)
{
    if (ok)
        return;
    char text[4096];
    lme_error_text(err, text, sizeof text);
    print_error("failed: %s\n", text);
    _fail(file, line);
}

const char *test_folder(lme_arena *arena)
{
    const char *base = getenv("TMPDIR");
    lme_str path = lme_str_format(arena, "%s/lmeval-test-XXXXXX", base != NULL ? base : "/tmp");
    char *name = lme_arena_alloc(arena, path.len + 1);
    memcpy(name, path.ptr, path.len);
    if (mkdtemp(name) == NULL)
        fail_msg("mkdtemp(%s) failed", name);
    return name;
}

void test_folder_remove(const char *folder)
{
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return;
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        struct stat info;
        if (lstat(path, &info) == 0 && S_ISDIR(info.st_mode))
            test_folder_remove(path);
        else
            unlink(path);
    }
    closedir(dir);
    rmdir(folder);
}

const char *test_file(lme_arena *arena, const char *folder, const char *name, const char *text)
{
    const char *path = lme_str_format(arena, "%s/%s", folder, name).ptr;
    FILE *out = fopen(path, "wb");
    if (out == NULL)
        fail_msg("cannot write %s", path);
    fwrite(text, 1, strlen(text), out);
    fclose(out);
    return path;
}

const char *test_source(lme_arena *arena, const char *path)
{
    const char *root = getenv("LMEVAL_SOURCE_DIR");
    if (root == NULL)
        fail_msg("LMEVAL_SOURCE_DIR is not set: run through ctest");
    return lme_str_format(arena, "%s/%s", root, path).ptr;
}
