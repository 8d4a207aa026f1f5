#include "page.h"

#include "thrift.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <lmeval/limits.h>

bool lme_column_broken(const lme_paged_file *file, const lme_parquet_node *leaf, const char *what,
                       lme_error *err)
{
    lme_fail(err, LME_ERR_DATA, &(lme_place){.file = file->path},
             "the Parquet file cannot be read: column %.*s: %s", LME_STR_ARG(leaf->path), what);
    return lme_hint(err, "convert it: python3 -c \"import pandas; "
                         "pandas.read_parquet('F').to_json('F.jsonl', orient='records', "
                         "lines=True)\"");
}

bool lme_paged_file_read(const lme_paged_file *file, uint64_t offset, void *bytes, size_t n,
                         lme_error *err)
{
    size_t done = 0;
    while (done < n) {
        ssize_t got =
            pread(file->descriptor, (char *)bytes + done, n - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return lme_fail(err, LME_ERR_IO, &(lme_place){.file = file->path}, "cannot read: %s",
                            strerror(errno));
        if (got == 0)
            return lme_fail(err, LME_ERR_DATA, &(lme_place){.file = file->path},
                            "the file became shorter while it was read");
        done += (size_t)got;
    }
    return true;
}

typedef struct header {
    int64_t kind, unpacked_size, packed_size;
    int64_t n_values, encoding;
    int64_t definition_size, repetition_size;         /* v2 */
    int64_t definition_encoding, repetition_encoding; /* v1 */
    bool is_packed;                                   /* v2: else the values are as they are */
} header;

enum {
    RLE = 3 /* Encoding of levels that everybody writes */
};

/* DataPageHeader. */
static void read_v1(lme_thrift *t, header *h)
{
    const lme_thrift_slot slots[] = {
        {1, &h->n_values},
        {2, &h->encoding},
        {3, &h->definition_encoding},
        {4, &h->repetition_encoding},
    };
    for (lme_thrift_field f = {0}; lme_thrift_next(t, &f);) {
        if (!lme_thrift_take(t, &f, slots, sizeof slots / sizeof slots[0]))
            lme_thrift_skip(t, &f);
    }
}

/* DictionaryPageHeader. */
static void read_dictionary(lme_thrift *t, header *h)
{
    const lme_thrift_slot slot = {1, &h->n_values};
    for (lme_thrift_field f = {0}; lme_thrift_next(t, &f);) {
        if (!lme_thrift_take(t, &f, &slot, 1))
            lme_thrift_skip(t, &f);
    }
}

/* DataPageHeaderV2. */
static void read_v2(lme_thrift *t, header *h)
{
    const lme_thrift_slot slots[] = {
        {1, &h->n_values},
        {4, &h->encoding},
        {5, &h->definition_size},
        {6, &h->repetition_size},
    };
    for (lme_thrift_field f = {0}; lme_thrift_next(t, &f);) {
        if (f.id == 7)
            h->is_packed = lme_thrift_bool(t, &f);
        else if (!lme_thrift_take(t, &f, slots, sizeof slots / sizeof slots[0]))
            lme_thrift_skip(t, &f);
    }
}

static void parse(lme_thrift *t, header *h)
{
    *h = (header){
        .kind = -1, .definition_encoding = RLE, .repetition_encoding = RLE, .is_packed = true};
    const lme_thrift_slot slots[] = {
        {1, &h->kind},
        {2, &h->unpacked_size},
        {3, &h->packed_size},
    };
    for (lme_thrift_field f = {0}; lme_thrift_next(t, &f);) {
        if (lme_thrift_take(t, &f, slots, sizeof slots / sizeof slots[0]))
            continue;
        if (f.id == 5 && lme_thrift_struct(t, &f))
            read_v1(t, h);
        else if (f.id == 7 && lme_thrift_struct(t, &f))
            read_dictionary(t, h);
        else if (f.id == 8 && lme_thrift_struct(t, &f))
            read_v2(t, h);
        else
            lme_thrift_skip(t, &f);
    }
}

/* A header's length is not written anywhere: it is read with ever more bytes until it is whole. */
static bool read_header(lme_arena *arena, lme_pages *pages, header *h, lme_error *err)
{
    for (size_t window = 4096;; window *= 16) {
        uint64_t rest = pages->file->size - pages->offset;
        size_t n = rest < window ? (size_t)rest : window;
        unsigned char *bytes = lme_arena_alloc(arena, n);
        if (!lme_paged_file_read(pages->file, pages->offset, bytes, n, err))
            return false;
        lme_thrift t = {.at = bytes, .end = bytes + n};
        parse(&t, h);
        if (!t.broken) {
            pages->offset += (uint64_t)(t.at - bytes);
            return true;
        }
        if (!t.truncated || n == rest || window >= LME_LIMIT_PARQUET_HEADER)
            return lme_column_broken(pages->file, pages->leaf, "the head of a page is broken", err);
    }
}

/* The levels of a v1 page: a four-byte length, then the hybrid. */
static bool take_levels(lme_bytes *body, unsigned max, int64_t encoding, lme_bytes *levels)
{
    *levels = (lme_bytes){body->at, body->at};
    if (max == 0)
        return true;
    if (encoding != RLE || body->end - body->at < 4)
        return false;
    uint64_t size = lme_little_endian(body->at, 4);
    body->at += 4;
    if (size > (uint64_t)(body->end - body->at))
        return false;
    *levels = (lme_bytes){body->at, body->at + size};
    body->at += size;
    return true;
}

static const char *split_v1(const lme_parquet_node *leaf, const header *h, lme_bytes body,
                            lme_page *page)
{
    if (!take_levels(&body, leaf->max_repetition, h->repetition_encoding, &page->repetition) ||
        !take_levels(&body, leaf->max_definition, h->definition_encoding, &page->definition))
        return "the levels of a page cannot be read";
    page->values = body;
    return NULL;
}

/* The body of the page, unpacked as a whole. */
static const char *unpack_whole(lme_arena *arena, int64_t compression, lme_str packed,
                                const header *h, lme_bytes *body)
{
    char *bytes = lme_arena_alloc(arena, (size_t)h->unpacked_size);
    const char *why = lme_unpack_page(compression, packed, bytes, (size_t)h->unpacked_size);
    body->at = (unsigned char *)bytes;
    body->end = body->at + h->unpacked_size;
    return why;
}

/* A v2 page: levels as they are, then the values, packed or not. */
static const char *split_v2(lme_arena *arena, int64_t compression, lme_str packed, const header *h,
                            lme_page *page)
{
    if (h->definition_size < 0 || h->repetition_size < 0 ||
        h->definition_size + h->repetition_size > (int64_t)packed.len ||
        h->definition_size + h->repetition_size > h->unpacked_size)
        return "the levels of a page cannot be read";
    const unsigned char *at = (const unsigned char *)packed.ptr;
    size_t levels = (size_t)(h->definition_size + h->repetition_size);
    page->repetition = (lme_bytes){at, at + h->repetition_size};
    page->definition = (lme_bytes){at + h->repetition_size, at + levels};
    lme_str values = lme_str_slice(packed, levels, packed.len);
    header of_values = *h;
    of_values.unpacked_size -= (int64_t)levels;
    if (of_values.unpacked_size == 0) { /* all null: some writers pack nothing into no bytes */
        page->values = (lme_bytes){at, at};
        return NULL;
    }
    return unpack_whole(arena, h->is_packed ? compression : LME_COMPRESSION_NONE, values,
                        &of_values, &page->values);
}

static const char *split_page(lme_arena *arena, const lme_parquet_node *leaf, int64_t compression,
                              lme_str packed, const header *h, lme_page *page)
{
    lme_bytes body;
    const char *why;
    switch (page->kind) {
    case LME_PAGE_DATA:
        why = unpack_whole(arena, compression, packed, h, &body);
        return why != NULL ? why : split_v1(leaf, h, body, page);
    case LME_PAGE_DICTIONARY:
        return unpack_whole(arena, compression, packed, h, &page->values);
    case LME_PAGE_DATA_V2:
        return split_v2(arena, compression, packed, h, page);
    case LME_PAGE_INDEX:
    case LME_PAGE_OTHER:
        break;
    }
    return NULL;
}

static bool check_sizes(const lme_paged_file *file, const lme_parquet_node *leaf, const header *h,
                        uint64_t offset, lme_error *err)
{
    if (h->n_values > LME_LIMIT_PARQUET_VALUES)
        return lme_column_broken(file, leaf, "a page claims more values than any page has", err);
    if (h->kind < 0 || h->packed_size < 0 || h->unpacked_size < 0 || h->n_values < 0 ||
        (uint64_t)h->packed_size > file->size - offset)
        return lme_column_broken(file, leaf, "a page lies outside the file", err);
    if (h->packed_size <= LME_LIMIT_PARQUET_PAGE && h->unpacked_size <= LME_LIMIT_PARQUET_PAGE)
        return true;
    return lme_fail(
        err, LME_ERR_LIMIT, &(lme_place){.file = file->path},
        "column %.*s has a page of %lld bytes; %u is the most that is read",
        LME_STR_ARG(leaf->path),
        (long long)(h->packed_size > h->unpacked_size ? h->packed_size : h->unpacked_size),
        LME_LIMIT_PARQUET_PAGE);
}

bool lme_page_read(lme_arena *arena, lme_pages *pages, lme_page *page, lme_error *err)
{
    const lme_paged_file *file = pages->file;
    const lme_parquet_node *leaf = pages->leaf;
    header h;
    if (!read_header(arena, pages, &h, err) || !check_sizes(file, leaf, &h, pages->offset, err))
        return false;
    *page = (lme_page){
        .kind = h.kind < LME_PAGE_OTHER ? (lme_page_kind)h.kind : LME_PAGE_OTHER,
        .n_values = (uint64_t)h.n_values,
        .encoding = h.encoding,
    };
    char *packed = NULL;
    bool has_body = page->kind != LME_PAGE_INDEX && page->kind != LME_PAGE_OTHER;
    if (has_body) {
        packed = lme_arena_alloc(arena, (size_t)h.packed_size);
        if (!lme_paged_file_read(file, pages->offset, packed, (size_t)h.packed_size, err))
            return false;
    }
    pages->offset += (uint64_t)h.packed_size;
    if (!has_body)
        return true;
    const char *why = split_page(arena, leaf, pages->compression,
                                 (lme_str){packed, (size_t)h.packed_size}, &h, page);
    return why == NULL || lme_column_broken(file, leaf, why, err);
}
