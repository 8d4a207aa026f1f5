/* Apache Parquet files as a stream of rows, as hub datasets use them.
 *
 *     lme_parquet *file;
 *     lme_parquet_open(arena, "test.parquet", &file, err)
 *     while (lme_parquet_next(arena, file, &row, &end, err) && !end) ...
 *
 * Columns are read side by side, a page at a time, so memory is a page a column whatever the file's
 * size, and the first rows cost only the first pages. Nested lists and structs become lists and
 * maps. A file may be hostile: every length and level in it is checked.
 *
 * Format: the Apache parquet-format specification (parquet.thrift, Encodings.md, LogicalTypes.md).
 * Read: PLAIN, dictionary, RLE and bit-packed, the DELTA encodings and BYTE_STREAM_SPLIT; Snappy,
 * gzip, zstd and none; pages v1 and v2. Not read, and said so: encryption, LZO, LZ4, Brotli.
 */
#ifndef LMEVAL_PARQUET_H
#define LMEVAL_PARQUET_H

#include <lmeval/value.h>

typedef struct lme_parquet lme_parquet;

/* Opens the file and reads its schema.
 *   arena  owns the reader; it is closed with it
 * Errors: LME_ERR_IO; LME_ERR_DATA: no Parquet, broken, or of a kind that is not read. */
bool lme_parquet_open(lme_arena *arena, const char *path, lme_parquet **file,
                      lme_error *err) LME_MUST_CHECK;

/* Rows in the file, as its footer says. */
size_t lme_parquet_rows(const lme_parquet *file);

/* Next row: a map in the schema's order, in `arena`. Texts are UTF-8; dates and times are texts as
 * Python's str() writes them; decimals are floats; a null is null.
 *   end  set when there are no more; row is then untouched
 * Errors: LME_ERR_DATA with the column; bytes that are no text (an image) are one. */
bool lme_parquet_next(lme_arena *arena, lme_parquet *file, lme_value *row, bool *end,
                      lme_error *err) LME_MUST_CHECK;

/* Closes what is open; NULL is a no-op. */
void lme_parquet_close(lme_parquet *file);

#endif
