/* Thrift's compact protocol, which Parquet's footer and page headers are written in: a cursor over
 * bytes that a caller asks for one field after another. Source: apache/thrift,
 * doc/specs/thrift-compact-protocol.md. */
#ifndef LMEVAL_PARQUET_THRIFT_H
#define LMEVAL_PARQUET_THRIFT_H

#include <lmeval/str.h>

typedef enum lme_thrift_type {
    LME_THRIFT_STOP = 0,
    LME_THRIFT_TRUE = 1,
    LME_THRIFT_FALSE = 2,
    LME_THRIFT_BYTE = 3,
    LME_THRIFT_I16 = 4,
    LME_THRIFT_I32 = 5,
    LME_THRIFT_I64 = 6,
    LME_THRIFT_DOUBLE = 7,
    LME_THRIFT_BINARY = 8,
    LME_THRIFT_LIST = 9,
    LME_THRIFT_SET = 10,
    LME_THRIFT_MAP = 11,
    LME_THRIFT_STRUCT = 12,
} lme_thrift_type;

typedef struct lme_thrift {
    const unsigned char *at, *end;
    bool broken;    /* something did not fit; what was read since is worthless */
    bool truncated; /* of these: the bytes ended */
    unsigned depth; /* of structs and lists being skipped */
} lme_thrift;

/* One field of a struct. A struct is read as
 *
 *     for (lme_thrift_field f = {0}; lme_thrift_next(t, &f);)
 *         switch (f.id) { case 1: x = lme_thrift_int(t, &f); break; default: lme_thrift_skip(t,
 * &f); }
 */
typedef struct lme_thrift_field {
    int id;
    unsigned type; /* lme_thrift_type */
} lme_thrift_field;

/* Moves to the next field of the struct; false at its end and when the input is broken. */
bool lme_thrift_next(lme_thrift *t, lme_thrift_field *field);

/* The value of the field just met. One of another type than asked for marks the input broken. */
int64_t lme_thrift_int(lme_thrift *t, const lme_thrift_field *field);
bool lme_thrift_bool(lme_thrift *t, const lme_thrift_field *field);
lme_str lme_thrift_binary(lme_thrift *t, const lme_thrift_field *field); /* borrows the input */
bool lme_thrift_struct(lme_thrift *t, const lme_thrift_field *field);    /* its fields come next */

/* Where integer fields go. */
typedef struct lme_thrift_slot {
    int id;
    int64_t *to;
} lme_thrift_slot;

/* Reads the field when it is one of the slots'; false when it is not. */
bool lme_thrift_take(lme_thrift *t, const lme_thrift_field *field, const lme_thrift_slot *slots,
                     size_t n);

/* Elements of a list field of that element type; 0 when it is none. Each takes at least a byte, so
 * the number is at most the bytes left. */
size_t lme_thrift_list(lme_thrift *t, const lme_thrift_field *field, unsigned element);

void lme_thrift_skip(lme_thrift *t, const lme_thrift_field *field);

/* A variable-length unsigned integer, and its signed form; 0 when broken. */
uint64_t lme_thrift_varint(lme_thrift *t);
int64_t lme_zigzag(uint64_t value);

#endif
