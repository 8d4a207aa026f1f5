/* /rows: pages of 100 rows, a few at once, appended in order. */
#include "api.h"

#include <lmeval/json.h>

enum {
    PAGE = 100
};

/* A page as the hub gave it. */
typedef struct page {
    const lme_value *rows; /* list */
    uint64_t n_total;
    lme_str revision;
} page;

static lme_str address_of_page(const lme_fetching *f, uint64_t from, uint64_t n)
{
    lme_str base = lme_hub_address(f, "rows");
    return lme_str_format(f->arena, "%.*s&offset=%llu&length=%llu", LME_STR_ARG(base),
                          (unsigned long long)from, (unsigned long long)n);
}

static lme_fetched broken(const lme_fetching *f, lme_fetched how, const char *what)
{
    lme_fail(f->err, LME_ERR_NETWORK, NULL, "the hub's rows of %.*s cannot be used: %s",
             LME_STR_ARG(f->split.dataset), what);
    return how;
}

/* Columns that are no text: the rows would hold links to files. */
static bool check_features(const lme_fetching *f, const lme_value *body)
{
    const lme_value *features = lme_value_find(body, "features");
    for (size_t i = 0; features != NULL && features->kind == LME_LIST && i < features->list.len;
         i++) {
        const lme_value *type = lme_value_find(&features->list.items[i], "type");
        const lme_value *kind = type != NULL ? lme_value_find(type, "_type") : NULL;
        const lme_value *name = lme_value_find(&features->list.items[i], "name");
        bool is_file = kind != NULL && kind->kind == LME_STRING &&
                       (lme_str_is(kind->string, "Image") || lme_str_is(kind->string, "Audio") ||
                        lme_str_is(kind->string, "Video"));
        if (is_file && name != NULL && name->kind == LME_STRING)
            return lme_fail(f->err, LME_ERR_DATA, NULL,
                            "column %.*s of %.*s holds files (%.*s), and only text is read",
                            LME_STR_ARG(name->string), LME_STR_ARG(f->split.dataset),
                            LME_STR_ARG(kind->string));
    }
    return true;
}

static bool is_true(const lme_value *map, const char *key)
{
    const lme_value *value = lme_value_find(map, key);
    return value != NULL && lme_value_truth(value);
}

static lme_fetched read_page(const lme_fetching *f, const lme_hub_answer *answer, page *p)
{
    lme_value *body = LME_NEW(f->arena, lme_value);
    lme_error why = {0};
    if (!lme_json_read(f->arena, NULL, answer->body, NULL, body, &why))
        return broken(f, LME_FETCH_FAILED, "a page is no JSON");
    const lme_value *total = lme_value_find(body, "num_rows_total");
    p->rows = lme_value_find(body, "rows");
    p->revision = answer->revision;
    if (p->rows == NULL || p->rows->kind != LME_LIST || total == NULL || total->kind != LME_INT ||
        total->integer < 0)
        return broken(f, LME_FETCH_FAILED, "a page lacks rows or num_rows_total");
    p->n_total = (uint64_t)total->integer;
    if (!check_features(f, body))
        return LME_FETCH_FAILED;
    if (is_true(body, "partial"))
        return broken(f, LME_FETCH_NOT_OFFERED, "the hub has only a part of the split at hand");
    return LME_FETCHED;
}

/* The rows as lines. A cell that the API cut is worth nothing: Parquet has it whole. */
static lme_fetched write_lines(const lme_fetching *f, const page *p, uint64_t from,
                               lme_builder *lines)
{
    for (size_t i = 0; i < p->rows->list.len; i++) {
        const lme_value *item = &p->rows->list.items[i];
        const lme_value *row = lme_value_find(item, "row");
        const lme_value *index = lme_value_find(item, "row_idx");
        if (row == NULL || row->kind != LME_MAP || index == NULL || index->kind != LME_INT ||
            index->integer != (int64_t)(from + i))
            return broken(f, LME_FETCH_FAILED, "a row is not the one that was asked for");
        if (is_true(item, "truncated_cells"))
            return broken(f, LME_FETCH_NOT_OFFERED, "the API cuts long cells");
        lme_json_write(lines, row, &(lme_json_style){.nan_as_null = true});
        lme_builder_char(lines, '\n');
    }
    return LME_FETCHED;
}

static lme_fetched refuse(const lme_fetching *f, const lme_hub_answer *answer)
{
    lme_hub_refused(f->arena, f->hub, &f->split, answer, f->err);
    /* A set that the API does not index can still have Parquet files. */
    bool is_lack = answer->status >= 500 || answer->status == 404 || answer->status == 422;
    return is_lack ? LME_FETCH_NOT_OFFERED : LME_FETCH_FAILED;
}

static lme_fetched take_page(lme_fetching *f, const lme_hub_answer *answer, size_t length)
{
    lme_manifest *manifest = &f->store->manifest;
    page p = {0};
    if (answer->status != 200)
        return refuse(f, answer);
    lme_fetched how = read_page(f, answer, &p);
    if (how != LME_FETCHED)
        return how;
    uint64_t from = manifest->n_rows;
    bool is_same = manifest->n_total == 0 || (manifest->n_total == p.n_total &&
                                              lme_str_equal(manifest->revision, p.revision));
    f->has_changed = !is_same;
    if (!is_same)
        return broken(f, LME_FETCH_FAILED,
                      "the data set changed while it was fetched; the same command fetches "
                      "it anew");
    uint64_t expected = p.n_total > from ? p.n_total - from : 0;
    expected = expected < length ? expected : length;
    if (p.rows->list.len != expected)
        return broken(f, LME_FETCH_FAILED, "a page has another number of rows than it should");
    manifest->n_total = p.n_total;
    manifest->revision = lme_str_copy(f->store->arena, p.revision);
    manifest->source = LME_STR("rows");
    lme_builder lines = {.arena = f->arena};
    how = write_lines(f, &p, from, &lines);
    if (how != LME_FETCHED || expected == 0)
        return how;
    return lme_store_append(f->store, lme_builder_finish(&lines), (size_t)expected, f->err)
               ? LME_FETCHED
               : LME_FETCH_FAILED;
}

/* One round: the first page alone while the total is not known, then a few at once. */
static lme_fetched fetch_round(lme_fetching *f, uint64_t goal)
{
    lme_str urls[LME_HUB_PARALLEL];
    size_t lengths[LME_HUB_PARALLEL];
    lme_hub_answer answers[LME_HUB_PARALLEL] = {0};
    const lme_manifest *manifest = &f->store->manifest;
    size_t n = 0;
    uint64_t from = manifest->n_rows;
    do {
        lengths[n] = goal - from < PAGE ? (size_t)(goal - from) : PAGE;
        urls[n] = address_of_page(f, from, lengths[n]);
        from += lengths[n];
        n++;
    } while (n < LME_HUB_PARALLEL && from < goal && manifest->n_total > 0);
    if (!lme_hub_get(f->arena, f->hub, urls, n, answers, f->err))
        return LME_FETCH_FAILED;
    for (size_t i = 0; i < n; i++) {
        lme_fetched how = take_page(f, &answers[i], lengths[i]);
        if (how != LME_FETCHED)
            return how;
    }
    return LME_FETCHED;
}

static void report(const lme_fetching *f, uint64_t goal)
{
    lme_hub_progress progress = {
        .dataset = f->split.dataset,
        .config = f->split.config,
        .split = f->split.split,
        .done = f->store->manifest.n_rows,
        .total = goal,
    };
    if (f->hub->on_progress != NULL)
        f->hub->on_progress(f->hub->context, &progress);
}

lme_fetched lme_hub_fetch_rows(lme_fetching *f)
{
    const lme_manifest *manifest = &f->store->manifest;
    uint64_t goal = f->wanted > 0 ? f->wanted : manifest->n_rows + PAGE;
    lme_arena *own = f->arena;
    lme_fetched how = LME_FETCHED;
    do {
        /* A page's tree is large and of no use once it is written. */
        f->arena = lme_arena_new();
        how = fetch_round(f, goal);
        lme_arena_free(f->arena);
        f->arena = own;
        if (how != LME_FETCHED)
            break;
        goal = f->wanted > 0 && f->wanted < manifest->n_total ? f->wanted : manifest->n_total;
        bool is_last = manifest->n_rows >= goal;
        if (!lme_store_commit(f->store, is_last, f->err))
            return LME_FETCH_FAILED;
        report(f, goal);
    } while (manifest->n_rows < goal);
    /* Rows of two revisions are no data set. */
    if (f->has_changed && !lme_store_restart(f->store, f->err))
        return LME_FETCH_FAILED;
    return how;
}
