/* Streams of small numbers: the RLE and bit-packing hybrid of levels and dictionary indices, and
 * DELTA_BINARY_PACKED. Both give one number after another and hold nothing but their place.
 * Source: parquet-format Encodings.md, RLE and DELTA_BINARY_PACKED. */
#ifndef LMEVAL_PARQUET_BITS_H
#define LMEVAL_PARQUET_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct lme_bytes {
    const unsigned char *at, *end;
} lme_bytes;

/* A little-endian number of n <= 8 bytes; the caller has checked that they are there. */
uint64_t lme_little_endian(const unsigned char *at, size_t n);

/* The bits [from, from + width) of a stream packed from the lowest bit on, width <= 64; false when
 * they are not all there. */
bool lme_unpack(lme_bytes bytes, uint64_t from, unsigned width, uint64_t *value);

/* Bits that numbers up to `max` take. */
unsigned lme_bit_width(uint64_t max);

typedef struct lme_hybrid {
    lme_bytes rest;   /* behind the present run */
    lme_bytes packed; /* the present run, when it is packed */
    unsigned width;   /* bits a number, <= 32 */
    uint64_t left;    /* numbers left in the present run */
    uint64_t bit;     /* place in `packed` */
    uint32_t value;   /* of the present run, when it repeats one */
} lme_hybrid;

/* False when the bytes end or do not fit the format. */
bool lme_hybrid_next(lme_hybrid *h, uint32_t *value);

typedef struct lme_delta {
    lme_bytes rest;
    uint64_t left;               /* numbers left in all */
    uint64_t n_per_mini;         /* numbers a miniblock */
    uint64_t n_minis;            /* miniblocks a block */
    uint64_t mini;               /* which miniblock of the block is next */
    uint64_t left_in_mini;       /* numbers left in the present miniblock */
    const unsigned char *widths; /* n_minis bytes */
    lme_bytes packed;            /* the present miniblock */
    uint64_t bit;
    uint64_t least; /* delta of the block */
    uint64_t value; /* the next number; sums wrap, as the format wants it */
    bool is_first;
} lme_delta;

/* Reads the head. False when it does not fit the format. */
bool lme_delta_start(lme_delta *d, lme_bytes bytes);
bool lme_delta_next(lme_delta *d, int64_t *value);

/* Where the stream ends: reads to its last number, of which there may be `most`. */
bool lme_delta_end(lme_delta d, uint64_t most, lme_bytes *behind);

#endif
