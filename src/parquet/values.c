#include "values.h"

#include <string.h>

#include <lmeval/limits.h>

static size_t left(lme_bytes bytes)
{
    return (size_t)(bytes.end - bytes.at);
}

size_t lme_physical_size(const lme_parquet_node *leaf)
{
    static const size_t sizes[LME_PHYSICALS] = {
        [LME_PHYSICAL_INT32] = 4, [LME_PHYSICAL_INT64] = 8,  [LME_PHYSICAL_INT96] = 12,
        [LME_PHYSICAL_FLOAT] = 4, [LME_PHYSICAL_DOUBLE] = 8,
    };
    return leaf->physical == LME_PHYSICAL_FIXED_BYTES ? leaf->fixed_size : sizes[leaf->physical];
}

/* A value of a fixed size from its bytes. */
static void from_bytes(const lme_parquet_node *leaf, const unsigned char *at, lme_raw *raw)
{
    size_t size = lme_physical_size(leaf);
    uint64_t bits = size <= 8 ? lme_little_endian(at, size) : 0;
    raw->bytes = (lme_str){(const char *)at, size};
    raw->integer = leaf->physical == LME_PHYSICAL_INT32 ? (int32_t)(uint32_t)bits : (int64_t)bits;
    if (leaf->physical == LME_PHYSICAL_DOUBLE)
        memcpy(&raw->number, &bits, sizeof raw->number);
    if (leaf->physical == LME_PHYSICAL_FLOAT) {
        uint32_t low = (uint32_t)bits;
        float number;
        memcpy(&number, &low, sizeof number);
        raw->number = (double)number;
    }
}

/* A four-byte length and that many bytes. */
static bool counted_bytes(lme_bytes *bytes, lme_str *text)
{
    if (left(*bytes) < 4)
        return false;
    size_t len = (size_t)lme_little_endian(bytes->at, 4);
    bytes->at += 4;
    if (len > left(*bytes))
        return false;
    *text = (lme_str){(const char *)bytes->at, len};
    bytes->at += len;
    return true;
}

static bool next_fixed(lme_values *v, lme_raw *raw)
{
    size_t size = lme_physical_size(v->leaf);
    if (size > left(v->bytes))
        return false;
    from_bytes(v->leaf, v->bytes.at, raw);
    v->bytes.at += size;
    return true;
}

static bool next_counted(lme_values *v, lme_raw *raw)
{
    return counted_bytes(&v->bytes, &raw->bytes);
}

static bool next_bit(lme_values *v, lme_raw *raw)
{
    uint64_t bit;
    if (!lme_unpack(v->bytes, v->bit++, 1, &bit))
        return false;
    raw->integer = (int64_t)bit;
    return true;
}

static const char *start_plain(lme_values *v)
{
    v->next = v->leaf->physical == LME_PHYSICAL_BOOLEAN ? next_bit
              : v->leaf->physical == LME_PHYSICAL_BYTES ? next_counted
                                                        : next_fixed;
    return NULL;
}

bool lme_dictionary_read(lme_arena *arena, const lme_parquet_node *leaf, lme_bytes bytes, size_t n,
                         lme_dictionary *dictionary)
{
    size_t size = lme_physical_size(leaf);
    *dictionary = (lme_dictionary){.bytes = bytes, .n = n};
    if (size > 0)
        return n <= left(bytes) / size;
    /* The smallest text is its length, four bytes. A dictionary of booleans would be longer than
     * what it stands for. */
    if (leaf->physical != LME_PHYSICAL_BYTES || n > left(bytes) / 4)
        return false;
    uint32_t *offsets = LME_ARRAY(arena, uint32_t, n);
    dictionary->offsets = offsets;
    lme_bytes rest = bytes;
    for (size_t i = 0; i < n; i++) {
        lme_str text;
        offsets[i] = (uint32_t)(rest.at - bytes.at);
        if (!counted_bytes(&rest, &text))
            return false;
    }
    return true;
}

static bool next_indexed(lme_values *v, lme_raw *raw)
{
    const lme_dictionary *d = v->dictionary;
    uint32_t index;
    if (!lme_hybrid_next(&v->indices, &index) || index >= d->n)
        return false;
    lme_bytes at = d->bytes;
    if (d->offsets != NULL) {
        at.at += d->offsets[index];
        return counted_bytes(&at, &raw->bytes);
    }
    from_bytes(v->leaf, at.at + index * lme_physical_size(v->leaf), raw);
    return true;
}

static const char *start_dictionary(lme_values *v)
{
    if (v->dictionary == NULL)
        return "a page numbers values of a dictionary that is not there";
    if (left(v->bytes) < 1 || v->bytes.at[0] > 32)
        return "the width of its dictionary's numbers cannot be read";
    v->indices = (lme_hybrid){.rest = {v->bytes.at + 1, v->bytes.end}, .width = v->bytes.at[0]};
    v->next = next_indexed;
    return NULL;
}

static bool next_run(lme_values *v, lme_raw *raw)
{
    uint32_t value;
    if (!lme_hybrid_next(&v->indices, &value))
        return false;
    raw->integer = value;
    return true;
}

static const char *start_rle(lme_values *v)
{
    lme_str runs;
    if (v->leaf->physical != LME_PHYSICAL_BOOLEAN || !counted_bytes(&v->bytes, &runs))
        return "its runs cannot be read";
    const unsigned char *at = (const unsigned char *)runs.ptr;
    v->indices = (lme_hybrid){.rest = {at, at + runs.len}, .width = 1};
    v->next = next_run;
    return NULL;
}

static bool next_delta(lme_values *v, lme_raw *raw)
{
    if (!lme_delta_next(&v->numbers, &raw->integer))
        return false;
    if (v->leaf->physical == LME_PHYSICAL_INT32)
        raw->integer = (int32_t)(uint32_t)(uint64_t)raw->integer;
    return true;
}

static const char *start_delta(lme_values *v)
{
    bool is_integer =
        v->leaf->physical == LME_PHYSICAL_INT32 || v->leaf->physical == LME_PHYSICAL_INT64;
    if (!is_integer || !lme_delta_start(&v->numbers, v->bytes))
        return "its differences cannot be read";
    v->next = next_delta;
    return NULL;
}

static bool is_bytes(const lme_parquet_node *leaf)
{
    return leaf->physical == LME_PHYSICAL_BYTES || leaf->physical == LME_PHYSICAL_FIXED_BYTES;
}

static bool next_length(lme_values *v, lme_raw *raw)
{
    int64_t len;
    if (!lme_delta_next(&v->numbers, &len) || len < 0 || (uint64_t)len > left(v->bytes))
        return false;
    raw->bytes = (lme_str){(const char *)v->bytes.at, (size_t)len};
    v->bytes.at += len;
    return true;
}

static const char *start_delta_length(lme_values *v)
{
    lme_bytes behind;
    if (!is_bytes(v->leaf) || !lme_delta_start(&v->numbers, v->bytes) ||
        !lme_delta_end(v->numbers, v->n_values, &behind))
        return "the lengths of its texts cannot be read";
    v->bytes = behind;
    v->next = next_length;
    return NULL;
}

static bool next_suffix(lme_values *v, lme_raw *raw)
{
    int64_t prefix;
    lme_raw suffix;
    if (!lme_delta_next(&v->prefixes, &prefix) || !next_length(v, &suffix) || prefix < 0 ||
        (uint64_t)prefix > v->text->len ||
        (uint64_t)prefix + suffix.bytes.len > LME_LIMIT_PARQUET_PAGE)
        return false;
    v->text->len = (size_t)prefix;
    lme_builder_add(v->text, suffix.bytes);
    raw->bytes = (lme_str){v->text->ptr, v->text->len};
    return true;
}

static const char *start_delta_bytes(lme_values *v)
{
    lme_bytes behind;
    if (!is_bytes(v->leaf) || !lme_delta_start(&v->prefixes, v->bytes) ||
        !lme_delta_end(v->prefixes, v->n_values, &behind))
        return "the common beginnings of its texts cannot be read";
    v->bytes = behind;
    v->text->len = 0;
    const char *why = start_delta_length(v);
    v->next = next_suffix;
    return why;
}

static bool next_split(lme_values *v, lme_raw *raw)
{
    size_t size = lme_physical_size(v->leaf);
    size_t n = left(v->bytes) / size;
    if (v->place >= n)
        return false;
    v->text->len = 0;
    char *joined = lme_builder_reserve(v->text, size);
    for (size_t i = 0; i < size; i++)
        joined[i] = (char)v->bytes.at[i * n + v->place];
    v->place++;
    from_bytes(v->leaf, (const unsigned char *)joined, raw);
    return true;
}

static const char *start_split(lme_values *v)
{
    if (lme_physical_size(v->leaf) == 0)
        return "its bytes are split, which texts cannot be";
    v->next = next_split;
    return NULL;
}

/* parquet.thrift's Encoding. */
static const char *(*const encodings[])(lme_values *v) = {
    [0] = start_plain,        [2] = start_dictionary,  [3] = start_rle,        [5] = start_delta,
    [6] = start_delta_length, [7] = start_delta_bytes, [8] = start_dictionary, [9] = start_split,
};

const char *lme_values_start(lme_values *v, int64_t encoding, lme_bytes bytes)
{
    /* Nothing may be left of the page before: its bytes are gone. */
    v->next = NULL;
    v->bytes = bytes;
    v->bit = v->place = 0;
    v->indices = (lme_hybrid){0};
    v->numbers = v->prefixes = (lme_delta){0};
    if (encoding < 0 || (size_t)encoding >= sizeof encodings / sizeof encodings[0] ||
        encodings[encoding] == NULL)
        return "its values are encoded in a way that is not known";
    return encodings[encoding](v);
}
