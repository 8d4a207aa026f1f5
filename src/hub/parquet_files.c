/* /parquet: the addresses of a split's files, which are downloaded one by one and turned into
 * lines. */
#include "api.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lmeval/hash.h>
#include <lmeval/json.h>
#include <lmeval/parquet.h>

enum {
    ROWS_A_FRAME = 2000
};

typedef struct file_list {
    lme_str *urls;   /* n */
    uint64_t *sizes; /* bytes of each; 0: not told */
    size_t n;
    lme_str revision;
    uint64_t size_bytes; /* of all; 0: not told */
} file_list;

static void add_file(const lme_fetching *f, const lme_value *item, file_list *files)
{
    const lme_value *size = lme_value_find(item, "size");
    if (!lme_str_equal(lme_value_text(item, "split"), f->split.split) ||
        !lme_str_equal(lme_value_text(item, "config"), f->split.config))
        return;
    if (size != NULL && size->kind == LME_INT && size->integer > 0)
        files->sizes[files->n] = (uint64_t)size->integer;
    files->size_bytes += files->sizes[files->n];
    files->urls[files->n++] = lme_value_text(item, "url");
}

static lme_fetched list_files(lme_fetching *f, file_list *files)
{
    lme_str url = lme_hub_address(f, "parquet");
    lme_hub_answer answer;
    lme_value body;
    if (!lme_hub_get(f->arena, f->hub, &url, 1, &answer, f->err))
        return LME_FETCH_FAILED;
    if (answer.status != 200) {
        lme_hub_refused(f->arena, f->hub, &f->split, &answer, f->err);
        return answer.status == 404 || answer.status >= 500 ? LME_FETCH_NOT_OFFERED
                                                            : LME_FETCH_FAILED;
    }
    const lme_value *list = NULL, *partial = NULL;
    if (lme_json_read(f->arena, NULL, answer.body, NULL, &body, NULL)) {
        list = lme_value_find(&body, "parquet_files");
        partial = lme_value_find(&body, "partial");
    }
    size_t n = list != NULL && list->kind == LME_LIST ? list->list.len : 0;
    files->urls = LME_ARRAY(f->arena, lme_str, n);
    files->sizes = LME_ARRAY(f->arena, uint64_t, n);
    for (size_t i = 0; i < n; i++)
        add_file(f, &list->list.items[i], files);
    files->revision = lme_str_copy(f->store->arena, answer.revision);
    bool is_partial = partial != NULL && lme_value_truth(partial);
    if (files->n > 0 && !is_partial)
        return LME_FETCHED;
    lme_fail(f->err, LME_ERR_NETWORK, NULL, "the hub has %s Parquet files of %.*s (%.*s)",
             is_partial ? "only a part of the" : "no", LME_STR_ARG(f->split.dataset),
             LME_STR_ARG(f->split.split));
    return LME_FETCH_NOT_OFFERED;
}

/* All rows of one file into the store. */
static bool convert(lme_fetching *f, const char *path)
{
    lme_arena *own = lme_arena_new(), *rows = lme_arena_new(), *frame = lme_arena_new();
    lme_builder lines = {.arena = frame};
    lme_parquet *file;
    size_t n = 0;
    bool end = false;
    bool ok = lme_parquet_open(own, path, &file, f->err);
    while (ok && !end) {
        lme_value row;
        lme_arena_reset(rows);
        ok = lme_parquet_next(rows, file, &row, &end, f->err);
        if (ok && !end) {
            lme_json_write(&lines, &row, &(lme_json_style){.nan_as_null = true});
            lme_builder_char(&lines, '\n');
            n++;
        }
        if (ok && n > 0 && (end || n == ROWS_A_FRAME)) {
            ok = lme_store_append(f->store, lme_builder_finish(&lines), n, f->err);
            lme_arena_reset(frame);
            lines = (lme_builder){.arena = frame};
            n = 0;
        }
    }
    lme_arena_free(own);
    lme_arena_free(rows);
    lme_arena_free(frame);
    return ok;
}

/* A download is gone on from only when it is of the same revision: its name says of which. */
static lme_str mark_of(lme_arena *arena, const file_list *files)
{
    return lme_str_slice(lme_sha256_hex(arena, files->revision), 0, 12);
}

/* As many bytes as the hub said: more or fewer are not its file. */
static bool check_size(const lme_fetching *f, const char *path, uint64_t expected)
{
    struct stat info;
    bool is_there = stat(path, &info) == 0;
    if (is_there && (expected == 0 || (uint64_t)info.st_size == expected))
        return true;
    (void)unlink(path);
    return lme_fail(f->err, LME_ERR_NETWORK, NULL,
                    "a Parquet file of %.*s has %lld bytes where the hub said %llu; the same "
                    "command fetches it anew",
                    LME_STR_ARG(f->split.dataset), is_there ? (long long)info.st_size : 0,
                    (unsigned long long)expected);
}

static bool fetch_file(lme_fetching *f, const file_list *files, size_t i,
                       lme_hub_progress *progress)
{
    lme_str mark = mark_of(f->arena, files);
    lme_str path =
        lme_str_format(f->arena, "%.*s/.%.*s.%zu.%.*s.parquet", LME_STR_ARG(f->store->folder),
                       LME_STR_ARG(f->split.split), i, LME_STR_ARG(mark));
    if (!lme_hub_download(f->arena, f->hub, files->urls[i], path.ptr, progress, f->err) ||
        !check_size(f, path.ptr, files->sizes[i]))
        return false;
    bool ok = convert(f, path.ptr);
    /* A broken download must not be gone on from. */
    if (unlink(path.ptr) != 0 && ok)
        return lme_fail(f->err, LME_ERR_IO, &(lme_place){.file = path.ptr}, "cannot remove: %s",
                        strerror(errno));
    return ok;
}

lme_fetched lme_hub_fetch_parquet(lme_fetching *f)
{
    file_list files = {0};
    lme_fetched how = list_files(f, &files);
    if (how != LME_FETCHED)
        return how;
    if (!lme_store_restart(f->store, f->err) ||
        !lme_store_sweep(f->store, mark_of(f->arena, &files), f->err))
        return LME_FETCH_FAILED;
    f->store->manifest.revision = files.revision;
    f->store->manifest.source = LME_STR("parquet");
    lme_hub_progress progress = {
        f->split.dataset, f->split.config, f->split.split, 0, files.size_bytes, true};
    for (size_t i = 0; i < files.n; i++) {
        if (!fetch_file(f, &files, i, &progress))
            return LME_FETCH_FAILED;
    }
    /* Not earlier: the number of rows is known with the last file only. */
    f->store->manifest.n_total = f->store->manifest.n_rows;
    return lme_store_commit(f->store, true, f->err) ? LME_FETCHED : LME_FETCH_FAILED;
}
