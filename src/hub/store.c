#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <lmeval/json.h>
#include <lmeval/limits.h>
#include <lmeval/share.h>

enum {
    COMPRESSION_LEVEL = 3,
    MANIFEST_SIZE = 1u << 16
};

/* A name becomes a folder: it may have slashes, and nothing that leads elsewhere. */
static bool check_name(const char *what, lme_str name, lme_error *err)
{
    bool is_fine = name.len > 0 && name.len < 256 && !lme_str_starts(name, LME_STR("/"));
    size_t from = 0;
    for (size_t i = 0; is_fine && i <= name.len; i++) {
        if (i < name.len && (unsigned char)name.ptr[i] < 0x20)
            is_fine = false;
        if (i < name.len && name.ptr[i] != '/')
            continue;
        lme_str part = lme_str_slice(name, from, i);
        is_fine = is_fine && part.len > 0 && part.ptr[0] != '.';
        from = i + 1;
    }
    return is_fine || lme_fail(err, LME_ERR_DATA, NULL, "%s \"%.*s\" is no name of the hub", what,
                               LME_STR_ARG(name));
}

static bool take_lock(lme_store *store, lme_error *err)
{
    lme_str path = lme_str_format(store->arena, "%.*s/.%.*s.lock", LME_STR_ARG(store->folder),
                                  LME_STR_ARG(store->split->split));
    store->lock = open(path.ptr, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    int failed = store->lock < 0 ? -1 : 0;
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    while (store->lock >= 0 && (failed = fcntl(store->lock, F_SETLKW, &whole)) != 0 &&
           errno == EINTR)
        continue;
    if (failed == 0)
        return true;
    lme_fail(err, LME_ERR_IO, &(lme_place){.file = path.ptr}, "cannot lock: %s", strerror(errno));
    return lme_hint(err, "the cache is at $XDG_CACHE_HOME/lmeval or ~/.cache/lmeval");
}

static uint64_t number(const lme_value *map, const char *key)
{
    const lme_value *value = lme_value_find(map, key);
    return value != NULL && value->kind == LME_INT && value->integer > 0 ? (uint64_t)value->integer
                                                                         : 0;
}

bool lme_manifest_read(lme_arena *arena, lme_str path, lme_hub_split *split, lme_manifest *manifest,
                       lme_error *err)
{
    lme_str text;
    lme_value map;
    lme_place at = {.file = lme_str_cstr(arena, path), .line = 1, .column = 1};
    if (!lme_file_read(arena, at.file, MANIFEST_SIZE, &text, err) ||
        !lme_json_read(arena, NULL, text, &at, &map, err))
        return false;
    *manifest = (lme_manifest){
        .n_rows = number(&map, "rows"),
        .n_total = number(&map, "total"),
        .size_bytes = number(&map, "bytes"),
        .revision = lme_value_text(&map, "revision"),
        .sha256 = lme_value_text(&map, "sha256"),
        .source = lme_value_text(&map, "source"),
    };
    *split = (lme_hub_split){lme_value_text(&map, "dataset"), lme_value_text(&map, "config"),
                             lme_value_text(&map, "split")};
    return true;
}

static bool size_of(const char *path, uint64_t *size)
{
    struct stat info;
    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode))
        return false;
    *size = (uint64_t)info.st_size;
    return true;
}

static bool remove_file(const char *path, lme_error *err)
{
    if (unlink(path) == 0 || errno == ENOENT)
        return true;
    return lme_fail(err, LME_ERR_IO, &(lme_place){.file = path}, "cannot remove: %s",
                    strerror(errno));
}

/* What the manifest names and the file holds; a damaged pair counts as nothing. */
static bool read_state(lme_store *store, lme_error *err)
{
    uint64_t size = 0;
    lme_hub_split split;
    store->is_whole = size_of(store->whole.ptr, &size);
    if (!lme_file_exists(store->manifest_path.ptr))
        return store->is_whole || lme_store_restart(store, err);
    if (!lme_manifest_read(store->arena, store->manifest_path, &split, &store->manifest, NULL))
        store->manifest = (lme_manifest){0};
    if (store->is_whole)
        return true;
    if (!size_of(store->partial.ptr, &size) || size < store->manifest.size_bytes)
        return lme_store_restart(store, err);
    if (truncate(store->partial.ptr, (off_t)store->manifest.size_bytes) == 0)
        return true;
    return lme_fail(err, LME_ERR_IO, &(lme_place){.file = store->partial.ptr}, "cannot write: %s",
                    strerror(errno));
}

/* Where the split's files are; false for names that lead elsewhere. */
static bool set_paths(lme_store *store, lme_str cache, lme_error *err)
{
    lme_arena *arena = store->arena;
    const lme_hub_split *split = store->split;
    if (!check_name("dataset_path", split->dataset, err) ||
        (split->config.len > 0 && !check_name("dataset_name", split->config, err)) ||
        !check_name("split", split->split, err))
        return false;
    lme_str config = split->config.len > 0 ? split->config : LME_STR("default");
    store->folder = lme_str_format(arena, "%.*s/%.*s/%.*s", LME_STR_ARG(cache),
                                   LME_STR_ARG(split->dataset), LME_STR_ARG(config));
    lme_str stem =
        lme_str_format(arena, "%.*s/%.*s", LME_STR_ARG(store->folder), LME_STR_ARG(split->split));
    store->whole = lme_str_concat(arena, stem, LME_STR(".jsonl.zst"));
    store->partial = lme_str_concat(arena, stem, LME_STR(".partial.jsonl.zst"));
    store->manifest_path = lme_str_concat(arena, stem, LME_STR(".manifest.json"));
    return true;
}

bool lme_store_paths(lme_arena *arena, lme_str cache, const lme_hub_split *split, lme_store *store)
{
    *store = (lme_store){.arena = arena, .split = split, .lock = -1};
    return set_paths(store, cache, NULL);
}

bool lme_store_exists(lme_arena *arena, lme_str cache, const lme_hub_split *split)
{
    lme_store store;
    return lme_store_paths(arena, cache, split, &store) && lme_file_exists(store.manifest_path.ptr);
}

bool lme_store_open(lme_arena *arena, lme_str cache, const lme_hub_split *split, lme_store *store,
                    lme_error *err)
{
    *store = (lme_store){.arena = arena, .split = split, .lock = -1};
    if (cache.len == 0)
        return lme_fail(err, LME_ERR_IO, NULL,
                        "there is no folder for the cache: neither $XDG_CACHE_HOME nor $HOME is "
                        "set");
    if (set_paths(store, cache, err) && lme_folder_make(store->folder.ptr, err) &&
        take_lock(store, err) && read_state(store, err))
        return true;
    lme_store_close(store);
    return false;
}

void lme_store_close(lme_store *store)
{
    if (store->lock >= 0)
        close(store->lock);
    store->lock = -1;
}

bool lme_store_restart(lme_store *store, lme_error *err)
{
    store->manifest = (lme_manifest){0};
    /* The manifest first: rows without one are nobody's, a manifest without its rows would be
     * taken for that of the rows that come next. */
    return remove_file(store->manifest_path.ptr, err) && remove_file(store->partial.ptr, err);
}

/* Downloads that were broken off, those of one revision apart. */
bool lme_store_sweep(const lme_store *store, lme_str keep, lme_error *err)
{
    lme_str *names;
    size_t n;
    lme_str begin = lme_str_format(store->arena, ".%.*s.", LME_STR_ARG(store->split->split));
    if (!lme_folder_list(store->arena, store->folder.ptr, LME_STR(".parquet"), &names, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool is_kept = keep.len > 0 && lme_str_find(names[i], keep, 0) != SIZE_MAX;
        lme_str path = lme_path_join(store->arena, store->folder, names[i]);
        if (lme_str_starts(names[i], begin) && !is_kept && !remove_file(path.ptr, err))
            return false;
    }
    return true;
}

static bool write_all(lme_store *store, const char *bytes, size_t size, lme_error *err)
{
    FILE *file = fopen(store->partial.ptr, "ab");
    bool ok = file != NULL && fwrite(bytes, 1, size, file) == size && fflush(file) == 0 &&
              fsync(fileno(file)) == 0;
    int why = errno;
    if (file != NULL && fclose(file) != 0)
        ok = false;
    return ok || lme_fail(err, LME_ERR_IO, &(lme_place){.file = store->partial.ptr},
                          "cannot write: %s", strerror(why));
}

bool lme_store_append(lme_store *store, lme_str lines, size_t n_rows, lme_error *err)
{
    lme_arena *scratch = lme_arena_new();
    size_t most = ZSTD_compressBound(lines.len);
    char *frame = lme_arena_alloc(scratch, most);
    size_t size = ZSTD_compress(frame, most, lines.ptr, lines.len, COMPRESSION_LEVEL);
    LME_BUG(ZSTD_isError(size), "zstd refuses to compress");
    bool ok = write_all(store, frame, size, err);
    lme_arena_free(scratch);
    if (!ok)
        return false;
    store->manifest.n_rows += n_rows;
    store->manifest.size_bytes += size;
    return true;
}

static bool write_manifest(const lme_store *store, lme_error *err)
{
    const lme_manifest *m = &store->manifest;
    lme_map_builder map = {.arena = store->arena};
    lme_map_add(&map, LME_STR("dataset"), lme_string(store->split->dataset));
    lme_map_add(&map, LME_STR("config"), lme_string(store->split->config));
    lme_map_add(&map, LME_STR("split"), lme_string(store->split->split));
    lme_map_add(&map, LME_STR("revision"), lme_string(m->revision));
    lme_map_add(&map, LME_STR("source"), lme_string(m->source));
    lme_map_add(&map, LME_STR("rows"), lme_int((int64_t)m->n_rows));
    lme_map_add(&map, LME_STR("total"), lme_int((int64_t)m->n_total));
    lme_map_add(&map, LME_STR("bytes"), lme_int((int64_t)m->size_bytes));
    lme_map_add(&map, LME_STR("sha256"), lme_string(m->sha256));
    lme_value value = lme_map_finish(&map);
    lme_builder text = {.arena = store->arena};
    lme_json_write(&text, &value, &(lme_json_style){.indent = 2});
    lme_builder_char(&text, '\n');
    return lme_file_write(store->manifest_path.ptr, lme_builder_finish(&text), err);
}

bool lme_store_commit(lme_store *store, bool is_last, lme_error *err)
{
    lme_manifest *m = &store->manifest;
    m->sha256 = LME_STR("");
    if (is_last && m->size_bytes > 0 &&
        !lme_file_digest(store->arena, store->partial.ptr, &m->sha256, NULL, err))
        return false;
    if (!write_manifest(store, err))
        return false;
    store->is_whole = is_last && m->n_rows == m->n_total && m->size_bytes > 0;
    if (!store->is_whole || rename(store->partial.ptr, store->whole.ptr) == 0)
        return true;
    return lme_fail(err, LME_ERR_IO, &(lme_place){.file = store->whole.ptr}, "cannot write: %s",
                    strerror(errno));
}

lme_hub_rows lme_store_rows(const lme_store *store)
{
    return (lme_hub_rows){
        .file = store->is_whole ? store->whole : store->partial,
        .n_rows = (size_t)store->manifest.n_rows,
        .n_total = (size_t)store->manifest.n_total,
        .sha256 = store->manifest.sha256,
        .revision = store->manifest.revision,
    };
}
