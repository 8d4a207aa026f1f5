/* Files of ours and of the user: found, read whole, written so that a reader never sees half. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lmeval/share.h>

static bool fail_io(lme_error *err, const char *doing, const char *path)
{
    int reason = errno;
    return lme_fail(err, LME_ERR_IO, NULL, "cannot %s '%s': %s", doing, path, strerror(reason));
}

bool lme_file_exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !S_ISDIR(info.st_mode);
}

bool lme_file_same(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

bool lme_folder_exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

lme_str lme_path_join(lme_arena *arena, lme_str a, lme_str b)
{
    if (a.len == 0 || lme_str_starts(b, LME_STR("/")))
        return lme_str_copy(arena, b);
    if (lme_str_ends(a, LME_STR("/")))
        return lme_str_concat(arena, a, b);
    lme_builder path = {.arena = arena};
    lme_builder_add(&path, a);
    lme_builder_char(&path, '/');
    lme_builder_add(&path, b);
    return lme_builder_finish(&path);
}

/* Bytes up to the last slash, with it. */
static size_t behind_slash(lme_str path)
{
    size_t at = path.len;
    while (at > 0 && path.ptr[at - 1] != '/')
        at--;
    return at;
}

lme_str lme_path_folder(lme_str path)
{
    size_t at = behind_slash(path);
    while (at > 1 && path.ptr[at - 1] == '/')
        at--;
    return lme_str_slice(path, 0, at); /* of "/name": "/" */
}

lme_str lme_path_name(lme_str path)
{
    return lme_str_slice(path, behind_slash(path), path.len);
}

/* Until `size` bytes or the end. Returns how many; -1 with errno. */
static ssize_t read_some(int file, char *to, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = read(file, to + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

static bool too_large(const char *path, size_t max, lme_error *err)
{
    return lme_fail(err, LME_ERR_LIMIT, &(lme_place){.file = path},
                    "the file is larger than %zu bytes, which is the most that is read at once",
                    max);
}

/* The size that stat tells is a first guess: files of /proc say 0, others may still grow. */
static bool read_open(lme_builder *text, int file, const char *path, size_t max, lme_error *err)
{
    struct stat info;
    if (fstat(file, &info) != 0)
        return fail_io(err, "read", path);
    if (S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        return fail_io(err, "read", path);
    }
    if (S_ISREG(info.st_mode) && info.st_size > 0 && (uint64_t)info.st_size > max)
        return too_large(path, max, err);
    size_t chunk = S_ISREG(info.st_mode) ? (size_t)info.st_size + 1 : 0;
    if (chunk < 4096)
        chunk = 4096;
    for (;;) {
        char *to = lme_builder_reserve(text, chunk);
        ssize_t got = read_some(file, to, chunk);
        if (got < 0)
            return fail_io(err, "read", path);
        text->len += (size_t)got;
        if (text->len > max)
            return too_large(path, max, err);
        if ((size_t)got < chunk)
            return true;
        if (chunk < 1u << 20)
            chunk *= 2;
    }
}

bool lme_file_read(lme_arena *arena, const char *path, size_t max, lme_str *text, lme_error *err)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (file < 0)
        return fail_io(err, "read", path);
    lme_builder bytes = {.arena = arena};
    bool ok = read_open(&bytes, file, path, max, err);
    close(file);
    if (ok)
        *text = lme_builder_finish(&bytes);
    return ok;
}

static bool write_all(int file, lme_str text)
{
    size_t done = 0;
    while (done < text.len) {
        ssize_t put = write(file, text.ptr + done, text.len - done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        done += (size_t)put;
    }
    return true;
}

/* A new file beside the target; its name says whose it is should the machine stop half way. */
static int open_beside(const char *path, char *name, size_t size)
{
    enum {
        TRIES = 100
    };
    for (int i = 0; i < TRIES; i++) {
        int length = snprintf(name, size, "%s.%ld-%d.part", path, (long)getpid(), i);
        if (length < 0 || (size_t)length >= size) {
            errno = ENAMETOOLONG;
            return -1;
        }
        int file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file >= 0 || errno != EEXIST)
            return file;
    }
    return -1;
}

/* A rename lasts once its folder is on the disk. Some file systems cannot sync folders: the new
 * file is in place all the same. */
static void sync_folder(const char *path)
{
    lme_arena *arena = lme_arena_new();
    lme_str folder = lme_path_folder(lme_str_from(path));
    const char *name = folder.len == 0 ? "." : lme_str_cstr(arena, folder);
    int file = open(name, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        (void)fsync(file);
        close(file);
    }
    lme_arena_free(arena);
}

/* Pipes, terminals, /dev/null: nothing to rename over. */
static bool write_into(const char *path, lme_str text, lme_error *err)
{
    int file = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (file < 0)
        return fail_io(err, "write", path);
    bool ok = write_all(file, text) || fail_io(err, "write", path);
    if (close(file) != 0 && ok)
        ok = fail_io(err, "write", path);
    return ok;
}

bool lme_file_write(const char *path, lme_str text, lme_error *err)
{
    struct stat info;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        return fail_io(err, "write", path);
    }
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
        return write_into(path, text, err);

    char beside[4096];
    int file = open_beside(path, beside, sizeof beside);
    if (file < 0)
        return fail_io(err, "write", path);
    bool ok = write_all(file, text) && fsync(file) == 0;
    int reason = errno;
    if (close(file) != 0 && ok) {
        ok = false;
        reason = errno;
    }
    if (ok && rename(beside, path) != 0) {
        ok = false;
        reason = errno;
    }
    if (!ok) {
        unlink(beside);
        errno = reason;
        return fail_io(err, "write", path);
    }
    sync_folder(path);
    return true;
}

static bool make_one(const char *path)
{
    return mkdir(path, 0777) == 0 || (errno == EEXIST && lme_folder_exists(path));
}

bool lme_folder_make(const char *path, lme_error *err)
{
    lme_arena *arena = lme_arena_new();
    lme_str given = lme_str_from(path);
    bool ok = true;
    for (size_t at = 1; ok && at <= given.len; at++) {
        if (at < given.len && given.ptr[at] != '/')
            continue;
        const char *part = lme_str_cstr(arena, lme_str_slice(given, 0, at));
        /* A parent that is there may be one that we cannot look into or write. */
        if (!lme_folder_exists(part) && !make_one(part)) {
            if (errno == EEXIST)
                errno = ENOTDIR;
            ok = fail_io(err, "make the folder", part);
        }
    }
    if (given.len == 0) {
        errno = ENOENT;
        ok = fail_io(err, "make the folder", path);
    }
    lme_arena_free(arena);
    return ok;
}

static int by_bytes(const void *a, const void *b)
{
    return lme_str_compare(*(const lme_str *)a, *(const lme_str *)b);
}

bool lme_folder_list(lme_arena *arena, const char *path, lme_str suffix, lme_str **names, size_t *n,
                     lme_error *err)
{
    DIR *folder = opendir(path);
    if (folder == NULL)
        return fail_io(err, "list the folder", path);
    lme_str *found = NULL;
    size_t len = 0, capacity = 0;
    for (;;) {
        errno = 0; /* how readdir tells the end from an error */
        struct dirent *entry = readdir(folder);
        if (entry == NULL)
            break;
        lme_str name = lme_str_from(entry->d_name);
        if (lme_str_is(name, ".") || lme_str_is(name, "..") || !lme_str_ends(name, suffix))
            continue;
        if (len == capacity) {
            size_t more = capacity == 0 ? 16 : capacity * 2;
            found = lme_arena_grow(arena, found, capacity * sizeof *found, more * sizeof *found);
            capacity = more;
        }
        found[len++] = lme_str_copy(arena, name);
    }
    bool ok = errno == 0 || fail_io(err, "list the folder", path);
    closedir(folder);
    if (!ok)
        return false;
    if (len > 0)
        qsort(found, len, sizeof *found, by_bytes);
    *names = found;
    *n = len;
    return true;
}
