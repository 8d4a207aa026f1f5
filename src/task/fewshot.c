#include "fewshot.h"

#include "docs.h"

/* Which split the pool is; false when it is fewshot_config.samples or a file of them. */
static bool pool_split(const struct lme_task_details *details, lme_str *split)
{
    const lme_splits *splits = &details->splits;
    *split = splits->fewshot;
    if (splits->has_fewshot)
        return true;
    if (details->samples != NULL || details->samples_name != NULL)
        return false;
    *split = splits->training.len > 0     ? splits->training
             : splits->validation.len > 0 ? splits->validation
                                          : splits->test;
    return true;
}

/* Rule 4: the two splits are equal as values; both absent counts. */
static bool same_split(const lme_splits *splits)
{
    if (!splits->has_fewshot || !splits->has_test)
        return !splits->has_fewshot && !splits->has_test;
    return lme_str_equal(splits->fewshot, splits->test);
}

static bool load_split(lme_pool *pool, const lme_task *task, const lme_docs_options *options,
                       lme_str split, lme_error *err)
{
    lme_source source = lme_docs_source(task, options, split);
    lme_arena *scratch = lme_arena_new();
    lme_list_builder list = {.arena = pool->arena};
    lme_rows rows;
    bool end = false;
    bool ok = lme_rows_open(scratch, &source, &task->details->shot_steps, &rows, err);
    while (ok && !end) {
        lme_value row;
        ok = lme_rows_next(pool->arena, &rows, &row, &end, err);
        if (ok && !end)
            lme_list_add(&list, row);
    }
    /* A file without a split in its name is the evaluated one as well. */
    if (ok && lme_dataset_any_split(rows.dataset))
        pool->excludes_document = true;
    lme_arena_free(scratch);
    pool->rows = list.items;
    pool->n = list.len;
    pool->name = lme_str_format(pool->arena, "split %.*s", LME_STR_ARG(split));
    if (!ok)
        lme_docs_place_error(task, err);
    return ok || lme_while(err, "loading the few-shot examples");
}

static bool load_samples(lme_pool *pool, const lme_task *task, const lme_docs_options *options,
                         lme_error *err)
{
    lme_value rows = lme_null();
    if (task->details->samples != NULL)
        rows = *task->details->samples;
    else if (!lme_samples_file_read(pool->arena, task, options, &rows, err))
        return lme_while(err, "loading the few-shot examples");
    pool->rows = rows.list.items;
    pool->n = rows.list.len;
    pool->name = task->details->samples != NULL ? LME_STR("fewshot_config.samples")
                                                : task->details->samples_name->string;
    return true;
}

static bool check_size(const lme_task *task, const lme_pool *pool, lme_error *err)
{
    /* The default sampler draws one more where the document may be among the rows. */
    bool one_more = pool->excludes_document && pool->sampler == LME_SAMPLER_DEFAULT;
    size_t usable = one_more && pool->n > 0 ? pool->n - 1 : pool->n;
    if (pool->n_shots <= usable)
        return true;
    lme_place at = {.file = task->file.ptr};
    lme_fail(err, LME_ERR_DATA, &at, "%zu few-shot examples are wanted%s, but %.*s has %zu rows",
             pool->n_shots, one_more ? " beside the document itself" : "", LME_STR_ARG(pool->name),
             pool->n);
    return lme_hint(err, "ask for fewer: --num-fewshot %zu", usable);
}

static void free_arena(void *arena)
{
    lme_arena_free(arena);
}

bool lme_pool_open(lme_arena *arena, const lme_task *task, const lme_docs_options *options,
                   lme_pool *pool, lme_error *err)
{
    const struct lme_task_details *details = task->details;
    lme_str split;
    *pool = (lme_pool){
        .arena = lme_arena_new(),
        .n_shots = task->num_fewshot,
        .sampler = details->sampler,
        .excludes_document = same_split(&details->splits),
    };
    lme_arena_on_free(arena, free_arena, pool->arena);
    lme_random_seed(&pool->random, options->fewshot_seed);
    bool ok = pool_split(details, &split) ? load_split(pool, task, options, split, err)
                                          : load_samples(pool, task, options, err);
    return ok && check_size(task, pool, err);
}

/* Rows of the pool that are not the document, in order, at most `max`. */
static size_t others(const lme_pool *pool, const lme_value *row, size_t max, size_t *indices)
{
    size_t n = 0;
    for (size_t i = 0; i < pool->n && n < max; i++) {
        if (!lme_value_equal(&pool->rows[i], row))
            indices[n++] = i;
    }
    return n;
}

static bool too_few(const lme_pool *pool, size_t n, lme_error *err)
{
    lme_fail(err, LME_ERR_DATA, NULL,
             "%zu few-shot examples are wanted, but %.*s has %zu rows that are not the document",
             pool->n_shots, LME_STR_ARG(pool->name), n);
    return lme_hint(err, "ask for fewer: --num-fewshot %zu", n);
}

static bool first_rows(lme_arena *arena, const lme_pool *pool, const lme_value *row,
                       size_t *indices, lme_error *err)
{
    (void)arena;
    size_t n = pool->n_shots;
    for (size_t i = 0; !pool->excludes_document && i < n; i++)
        indices[i] = i;
    if (pool->excludes_document)
        n = others(pool, row, pool->n_shots, indices);
    return n == pool->n_shots || too_few(pool, n, err);
}

/* Rule 5: one more is drawn and the document's copies are dropped; should that leave too few, it is
 * drawn again from the rows that are no copies. */
static bool drawn_rows(lme_arena *arena, lme_pool *pool, const lme_value *row, size_t *indices,
                       lme_error *err)
{
    size_t k = pool->n_shots;
    if (!pool->excludes_document) {
        lme_random_sample(&pool->random, pool->n, k, indices);
        return true;
    }
    size_t *picked = LME_ARRAY(arena, size_t, k + 1);
    size_t n = 0;
    lme_random_sample(&pool->random, pool->n, k + 1, picked);
    for (size_t i = 0; i < k + 1 && n < k; i++) {
        if (!lme_value_equal(&pool->rows[picked[i]], row))
            indices[n++] = picked[i];
    }
    if (n == k)
        return true;
    size_t *left = LME_ARRAY(arena, size_t, pool->n);
    size_t n_left = others(pool, row, pool->n, left);
    if (n_left < k)
        return too_few(pool, n_left, err);
    lme_random_sample(&pool->random, n_left, k, indices);
    for (size_t i = 0; i < k; i++)
        indices[i] = left[indices[i]];
    return true;
}

bool lme_pool_draw(lme_arena *arena, lme_pool *pool, const lme_value *row, const lme_value **shots,
                   lme_error *err)
{
    size_t *indices = LME_ARRAY(arena, size_t, pool->n_shots);
    lme_value *rows = LME_ARRAY(arena, lme_value, pool->n_shots);
    bool ok = pool->sampler == LME_SAMPLER_FIRST_N ? first_rows(arena, pool, row, indices, err)
                                                   : drawn_rows(arena, pool, row, indices, err);
    for (size_t i = 0; ok && i < pool->n_shots; i++)
        rows[i] = pool->rows[indices[i]];
    *shots = rows;
    return ok;
}
