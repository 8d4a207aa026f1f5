/* The values of a page, one after another, whatever they are encoded as. An encoding is a row of
 * values.c's table. */
#ifndef LMEVAL_PARQUET_VALUES_H
#define LMEVAL_PARQUET_VALUES_H

#include "bits.h"
#include "schema.h"

/* A value as it is stored; convert.c gives it its meaning. */
typedef struct lme_raw {
    int64_t integer; /* BOOLEAN, INT32, INT64 */
    double number;   /* FLOAT, DOUBLE */
    lme_str bytes;   /* BYTES, FIXED_BYTES, INT96; valid until the next value is read */
} lme_raw;

/* A dictionary page: values of a column that its data pages number. */
typedef struct lme_dictionary {
    lme_bytes bytes;
    const uint32_t *offsets; /* n: where each length stands; NULL: all have one size */
    size_t n;
} lme_dictionary;

/* Errors: false when the bytes do not hold n values. */
bool lme_dictionary_read(lme_arena *arena, const lme_parquet_node *leaf, lme_bytes bytes, size_t n,
                         lme_dictionary *dictionary) LME_MUST_CHECK;

typedef struct lme_values lme_values;
struct lme_values {
    const lme_parquet_node *leaf;
    const lme_dictionary *dictionary; /* NULL: the column has none */
    bool (*next)(lme_values *v, lme_raw *raw);
    uint64_t n_values; /* of the page, nulls included: no more are asked for */
    lme_bytes bytes;
    uint64_t bit;       /* PLAIN booleans */
    uint64_t place;     /* BYTE_STREAM_SPLIT */
    lme_hybrid indices; /* dictionary indices, RLE booleans */
    lme_delta numbers;  /* DELTA_BINARY_PACKED; the lengths of the byte array encodings */
    lme_delta prefixes; /* DELTA_BYTE_ARRAY */
    lme_builder *text;  /* DELTA_BYTE_ARRAY: the value before, reused */
};

/* Starts on the values of a page. v->leaf, dictionary, text and n_values are set by the caller.
 *   encoding  parquet.thrift's Encoding
 * Returns NULL, or why it cannot be read. */
const char *lme_values_start(lme_values *v, int64_t encoding, lme_bytes bytes);

/* Bytes a value takes that is stored plainly; 0 when they differ or are bits. */
size_t lme_physical_size(const lme_parquet_node *leaf);

#endif
