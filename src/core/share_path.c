/* Where the program's own files are: installed beside it, or in the source tree that a build
 * folder belongs to. Nothing is compiled in, so an installed tree can be moved.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lmeval/share.h>

/* The running program's file; "" when the system does not tell. */
static lme_str executable(lme_arena *arena)
{
    for (size_t size = 256; size <= 1u << 16; size *= 2) {
        char *path = lme_arena_alloc(arena, size);
        ssize_t length = readlink("/proc/self/exe", path, size);
        if (length <= 0)
            break;
        if ((size_t)length < size)
            return (lme_str){path, (size_t)length};
    }
    return LME_STR("");
}

static bool there(lme_str path)
{
    return lme_file_exists(path.ptr) || lme_folder_exists(path.ptr);
}

/* The candidate when it is there; else it is noted for the error. */
static bool look(lme_arena *arena, lme_builder *looked, lme_str folder, const char *name,
                 lme_str *path)
{
    lme_str candidate = lme_path_join(arena, folder, lme_str_from(name));
    if (there(candidate)) {
        *path = candidate;
        return true;
    }
    lme_builder_add(looked, looked->len == 0 ? LME_STR("") : LME_STR(", "));
    lme_builder_add(looked, candidate);
    return false;
}

static bool is_source_tree(lme_arena *arena, lme_str folder)
{
    return lme_folder_exists(lme_path_join(arena, folder, LME_STR("tasks")).ptr) &&
           lme_folder_exists(lme_path_join(arena, folder, LME_STR("datasets")).ptr);
}

/* The path in <build>/lmeval-source-dir, which CMake writes. */
static bool named_source_tree(lme_arena *arena, lme_str bin, lme_str *tree)
{
    enum {
        LONGEST_PATH = 1 << 16
    };
    lme_str note = lme_path_join(arena, bin, LME_STR("../lmeval-source-dir"));
    lme_str text;
    if (!lme_file_read(arena, note.ptr, LONGEST_PATH, &text, NULL))
        return false;
    size_t end = lme_str_find(text, LME_STR("\n"), 0);
    *tree = lme_str_copy(arena, lme_str_slice(text, 0, end));
    return tree->len > 0;
}

static bool source_tree_above(lme_arena *arena, lme_str folder, lme_str *tree)
{
    enum {
        LEVELS = 4
    };
    for (int i = 0; i < LEVELS && folder.len > 1; i++) {
        folder = lme_path_folder(folder);
        if (is_source_tree(arena, folder)) {
            *tree = folder;
            return true;
        }
    }
    return false;
}

static bool look_around(lme_arena *arena, lme_builder *looked, const char *name, lme_str *path)
{
    lme_str bin = lme_path_folder(executable(arena));
    if (bin.len == 0)
        return false;
    lme_str installed = lme_path_join(arena, lme_path_folder(bin), LME_STR("share/lmeval"));
    if (look(arena, looked, installed, name, path))
        return true;
    lme_str tree;
    if (named_source_tree(arena, bin, &tree) && look(arena, looked, tree, name, path))
        return true;
    return source_tree_above(arena, bin, &tree) && look(arena, looked, tree, name, path);
}

bool lme_share_path(lme_arena *arena, const char *name, lme_str *path, lme_error *err)
{
    lme_builder looked = {.arena = arena};
    const char *given = getenv("LMEVAL_SHARE");
    bool is_given = given != NULL && given[0] != '\0';
    bool found = is_given ? look(arena, &looked, lme_str_from(given), name, path)
                          : look_around(arena, &looked, name, path);
    if (found)
        return true;
    lme_str places = lme_builder_finish(&looked);
    lme_fail(err, LME_ERR_IO, NULL, "cannot find the program's own '%s'; looked at: %.*s", name,
             LME_STR_ARG(places));
    if (is_given)
        return lme_hint(err, "LMEVAL_SHARE must name the folder that holds tasks/ and datasets/");
    return lme_hint(err, "set LMEVAL_SHARE to the folder that holds tasks/ and datasets/");
}
