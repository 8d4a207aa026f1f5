#include "column.h"

void lme_column_open(lme_column *column, const lme_paged_file *file,
                     const lme_parquet_schema *schema, size_t leaf)
{
    *column = (lme_column){
        .pages = {.file = file, .leaf = schema->leaves[leaf]},
        .leaf = schema->leaves[leaf],
        .chunks = schema->n_groups > 0 ? schema->chunks + leaf : NULL,
        .stride = schema->n_leaves,
        .n_groups = schema->n_groups,
        .chunk_arena = lme_arena_new(),
        .page_arena = lme_arena_new(),
        .text_arena = lme_arena_new(),
    };
    column->text.arena = column->text_arena;
    column->values.leaf = column->leaf;
    column->values.text = &column->text;
}

void lme_column_close(lme_column *column)
{
    lme_arena_free(column->chunk_arena);
    lme_arena_free(column->page_arena);
    lme_arena_free(column->text_arena);
}

static bool broken(const lme_column *column, const char *what, lme_error *err)
{
    return lme_column_broken(column->pages.file, column->leaf, what, err);
}

static void open_chunk(lme_column *column)
{
    const lme_chunk *chunk = &column->chunks[column->group * column->stride];
    column->group++;
    column->pages.offset = chunk->offset;
    column->left = chunk->n_values;
    column->pages.compression = chunk->compression;
    column->values.dictionary = NULL;
    lme_arena_reset(column->chunk_arena);
}

static bool read_dictionary(lme_column *column, const lme_page *page, lme_error *err)
{
    /* Its bytes must outlive the page. */
    size_t size = (size_t)(page->values.end - page->values.at);
    lme_str copy =
        lme_str_copy(column->chunk_arena, (lme_str){(const char *)page->values.at, size});
    lme_bytes bytes = {(const unsigned char *)copy.ptr, (const unsigned char *)copy.ptr + size};
    if (column->values.dictionary != NULL)
        return broken(column, "it has two dictionaries", err);
    if (!lme_dictionary_read(column->chunk_arena, column->leaf, bytes, (size_t)page->n_values,
                             &column->dictionary))
        return broken(column, "its dictionary cannot be read", err);
    column->values.dictionary = &column->dictionary;
    return true;
}

static bool start_page(lme_column *column, const lme_page *page, lme_error *err)
{
    if (page->n_values > column->left)
        return broken(column, "its pages hold more values than they should", err);
    column->left_in_page = page->n_values;
    column->repetitions = (lme_hybrid){.rest = page->repetition,
                                       .width = lme_bit_width(column->leaf->max_repetition)};
    column->definitions = (lme_hybrid){.rest = page->definition,
                                       .width = lme_bit_width(column->leaf->max_definition)};
    column->values.n_values = page->n_values;
    const char *why = lme_values_start(&column->values, page->encoding, page->values);
    /* A page of nulls alone may have no values to start on. */
    bool is_empty = page->values.at == page->values.end;
    if (why == NULL || is_empty)
        return true;
    return broken(column, why, err);
}

static bool next_page(lme_column *column, lme_error *err)
{
    lme_page page;
    do {
        lme_arena_reset(column->page_arena);
        if (column->pages.offset >= column->pages.file->size)
            return broken(column, "its pages end before its values do", err);
        if (!lme_page_read(column->page_arena, &column->pages, &page, err))
            return false;
        if (page.kind == LME_PAGE_DICTIONARY && !read_dictionary(column, &page, err))
            return false;
    } while (page.kind != LME_PAGE_DATA && page.kind != LME_PAGE_DATA_V2);
    return start_page(column, &page, err);
}

static bool next_level(lme_hybrid *levels, unsigned max, unsigned *level)
{
    uint32_t value = 0;
    if (max > 0 && (!lme_hybrid_next(levels, &value) || value > max))
        return false;
    *level = value;
    return true;
}

bool lme_column_advance(lme_column *column, lme_error *err)
{
    const lme_parquet_node *leaf = column->leaf;
    while (column->left == 0 && column->group < column->n_groups)
        open_chunk(column);
    column->is_done = column->left == 0;
    if (column->is_done)
        return true;
    while (column->left_in_page == 0) {
        if (!next_page(column, err))
            return false;
    }
    column->left_in_page--;
    column->left--;
    if (!next_level(&column->repetitions, leaf->max_repetition, &column->repetition) ||
        !next_level(&column->definitions, leaf->max_definition, &column->definition))
        return broken(column, "its levels are broken", err);
    if (column->definition < leaf->max_definition)
        return true;
    if (column->values.next == NULL || !column->values.next(&column->values, &column->raw))
        return broken(column, "its values are broken or end too early", err);
    return true;
}
