/* What the footer says: the tree of columns, and where each column's pages are. */
#ifndef LMEVAL_PARQUET_SCHEMA_H
#define LMEVAL_PARQUET_SCHEMA_H

#include <lmeval/str.h>

/* parquet.thrift's Type. */
typedef enum lme_physical {
    LME_PHYSICAL_BOOLEAN,
    LME_PHYSICAL_INT32,
    LME_PHYSICAL_INT64,
    LME_PHYSICAL_INT96,
    LME_PHYSICAL_FLOAT,
    LME_PHYSICAL_DOUBLE,
    LME_PHYSICAL_BYTES,       /* BYTE_ARRAY */
    LME_PHYSICAL_FIXED_BYTES, /* FIXED_LEN_BYTE_ARRAY */
    LME_PHYSICALS
} lme_physical;

/* What the stored value means: of the newer LogicalType or the older ConvertedType. */
typedef enum lme_logical {
    LME_LOGICAL_NONE,
    LME_LOGICAL_TEXT, /* STRING, ENUM, JSON */
    LME_LOGICAL_LIST,
    LME_LOGICAL_MAP,
    LME_LOGICAL_UNSIGNED,
    LME_LOGICAL_DECIMAL,
    LME_LOGICAL_DATE,
    LME_LOGICAL_TIME,
    LME_LOGICAL_TIMESTAMP,
    LME_LOGICAL_FLOAT16,
    LME_LOGICAL_NULL, /* a column that is null throughout */
} lme_logical;

typedef enum lme_repetition {
    LME_REQUIRED,
    LME_OPTIONAL,
    LME_REPEATED,
} lme_repetition;

/* A node of the schema; leaves are columns. */
typedef struct lme_parquet_node lme_parquet_node;
struct lme_parquet_node {
    lme_str name;
    lme_str path; /* dotted, from the root: for messages */
    lme_repetition repetition;
    lme_logical logical;
    const lme_parquet_node *children; /* n_children; 0: a leaf */
    size_t n_children;
    /* Dremel's levels: what a triple of this node's leaves has when the node is there. */
    unsigned max_definition, max_repetition;
    size_t first_leaf, n_leaves; /* the leaves below it, in the file's order */
    /* leaves only */
    lme_physical physical;
    size_t fixed_size;        /* bytes of a FIXED_BYTES */
    int32_t scale;            /* of a decimal */
    int64_t units_per_second; /* of times and timestamps */
    bool is_utc;              /* of timestamps: str() shows the offset */
};

/* parquet.thrift's CompressionCodec. */
typedef enum lme_compression {
    LME_COMPRESSION_NONE,
    LME_COMPRESSION_SNAPPY,
    LME_COMPRESSION_GZIP,
    LME_COMPRESSION_LZO,
    LME_COMPRESSION_BROTLI,
    LME_COMPRESSION_LZ4,
    LME_COMPRESSION_ZSTD,
    LME_COMPRESSION_LZ4_RAW,
} lme_compression;

/* The pages of one column in one row group. */
typedef struct lme_chunk {
    uint64_t offset, size; /* bytes in the file, dictionary page included */
    uint64_t n_values;     /* triples */
    int64_t compression;   /* lme_compression, unchecked until pages are read */
} lme_chunk;

typedef struct lme_parquet_schema {
    lme_parquet_node root;
    const lme_parquet_node **leaves; /* n_leaves, in the file's order */
    size_t n_leaves;
    uint64_t n_rows;
    const lme_chunk *chunks; /* n_groups x n_leaves */
    size_t n_groups;
} lme_parquet_schema;

/* Reads a footer (the FileMetaData struct).
 *   file_size  every chunk must lie inside it
 * Errors: LME_ERR_DATA, with `path` as its place. */
bool lme_parquet_schema_read(lme_arena *arena, lme_str footer, uint64_t file_size, const char *path,
                             lme_parquet_schema *schema, lme_error *err) LME_MUST_CHECK;

/* The flat list of SchemaElements, as the footer has it; schema.c makes the tree of it. */
typedef struct lme_element {
    lme_str name;
    int64_t physical; /* -1: a group */
    int64_t fixed_size;
    int64_t repetition;
    int64_t n_children;
    int64_t scale;
    lme_logical logical;
    int64_t units_per_second;
    bool is_utc;
} lme_element;

/* Errors: LME_ERR_DATA. */
bool lme_parquet_tree_make(lme_arena *arena, const lme_element *elements, size_t n,
                           const char *path, lme_parquet_schema *schema,
                           lme_error *err) LME_MUST_CHECK;

#endif
