/* What is in the cache: every manifest below its folder. */
#include "store.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lmeval/limits.h>
#include <lmeval/share.h>

typedef struct walk {
    lme_arena *arena;
    lme_hub_entry *entries;
    size_t n, capacity;
    lme_error *err;
} walk;

static bool is_folder(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static void add_entry(walk *w, lme_str path)
{
    lme_hub_entry entry = {0};
    lme_manifest manifest;
    /* A file that is no manifest of ours is nobody's entry. */
    if (!lme_manifest_read(w->arena, path, &entry.split, &manifest, NULL))
        return;
    lme_str stem = lme_str_slice(path, 0, path.len - LME_STR(".manifest.json").len);
    lme_str whole = lme_str_concat(w->arena, stem, LME_STR(".jsonl.zst"));
    lme_str partial = lme_str_concat(w->arena, stem, LME_STR(".partial.jsonl.zst"));
    entry.rows = (lme_hub_rows){
        .file = lme_file_exists(whole.ptr) ? whole : partial,
        .n_rows = (size_t)manifest.n_rows,
        .n_total = (size_t)manifest.n_total,
        .sha256 = manifest.sha256,
        .revision = manifest.revision,
    };
    entry.size_bytes = manifest.size_bytes;
    if (w->n == w->capacity) {
        size_t capacity = w->capacity == 0 ? 32 : 2 * w->capacity;
        w->entries = lme_arena_grow(w->arena, w->entries, w->capacity * sizeof *w->entries,
                                    capacity * sizeof *w->entries);
        w->capacity = capacity;
    }
    w->entries[w->n++] = entry;
}

static bool visit(walk *w, lme_str folder, size_t depth)
{
    lme_str *names;
    size_t n;
    if (depth > LME_LIMIT_INCLUDE_DEPTH)
        return true;
    if (!lme_folder_list(w->arena, folder.ptr, LME_STR(""), &names, &n, w->err))
        return false;
    for (size_t i = 0; i < n; i++) {
        lme_str path = lme_path_join(w->arena, folder, names[i]);
        if (is_folder(path.ptr) && !visit(w, path, depth + 1))
            return false;
        if (lme_str_ends(path, LME_STR(".manifest.json")))
            add_entry(w, path);
    }
    return true;
}

bool lme_hub_list(lme_arena *arena, lme_str cache, lme_hub_entry **entries, size_t *n,
                  lme_error *err)
{
    walk w = {.arena = arena, .err = err};
    const char *folder = lme_str_cstr(arena, cache);
    bool ok = !lme_folder_exists(folder) || visit(&w, lme_str_from(folder), 0);
    *entries = w.entries;
    *n = w.n;
    return ok;
}

static bool differs(const char *path, lme_str found, lme_str expected, lme_error *err)
{
    lme_fail(err, LME_ERR_DATA, &(lme_place){.file = path},
             "the file has changed: its SHA-256 begins with %.12s, the manifest's with %.*s",
             found.ptr, (int)(expected.len < 12 ? expected.len : 12), expected.ptr);
    return false;
}

static bool hint_removal(lme_error *err)
{
    return lme_hint(err, "lmeval data rm removes it; it is then fetched anew");
}

bool lme_hub_check(lme_arena *arena, lme_str cache, const lme_hub_split *split, lme_error *err)
{
    lme_store store;
    lme_hub_split named;
    lme_manifest manifest;
    lme_str sha256;
    if (!lme_store_paths(arena, cache, split, &store) || !lme_file_exists(store.whole.ptr) ||
        !lme_manifest_read(arena, store.manifest_path, &named, &manifest, NULL) ||
        manifest.sha256.len == 0)
        return true;
    if (!lme_file_digest(arena, store.whole.ptr, &sha256, NULL, err))
        return false;
    if (lme_str_equal(sha256, manifest.sha256))
        return true;
    differs(store.whole.ptr, sha256, manifest.sha256, err);
    return hint_removal(err);
}

bool lme_hub_verify(const lme_hub_entry *entry, lme_error *err)
{
    lme_arena *scratch = lme_arena_new();
    const char *path = lme_str_cstr(scratch, entry->rows.file);
    lme_place at = {.file = path};
    lme_str sha256;
    uint64_t n_lines;
    bool ok = lme_file_digest(scratch, path, &sha256, &n_lines, err);
    if (ok && !lme_str_equal(sha256, entry->rows.sha256))
        ok = differs(path, sha256, entry->rows.sha256, err);
    else if (ok && n_lines != entry->rows.n_rows)
        ok = lme_fail(err, LME_ERR_DATA, &at, "the file has %llu rows, the manifest says %zu",
                      (unsigned long long)n_lines, entry->rows.n_rows);
    if (!ok)
        hint_removal(err);
    lme_arena_free(scratch);
    return ok;
}

bool lme_hub_remove(lme_arena *arena, lme_str cache, const lme_hub_split *split, lme_error *err)
{
    lme_store store;
    if (!lme_store_open(arena, cache, split, &store, err))
        return false;
    const char *files[] = {store.manifest_path.ptr, store.partial.ptr, store.whole.ptr};
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof files / sizeof files[0]; i++) {
        if (unlink(files[i]) != 0 && errno != ENOENT)
            ok = lme_fail(err, LME_ERR_IO, &(lme_place){.file = files[i]}, "cannot remove: %s",
                          strerror(errno));
    }
    ok = ok && lme_store_sweep(&store, LME_STR(""), err);
    lme_store_close(&store);
    return ok;
}
