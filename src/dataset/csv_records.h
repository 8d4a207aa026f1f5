/* CSV as RFC 4180 has it: quoted fields may hold delimiters, line ends and "" for a quote. One
 * record at a time, in one buffer. */
#ifndef LMEVAL_DATASET_CSV_RECORDS_H
#define LMEVAL_DATASET_CSV_RECORDS_H

#include "stream.h"

typedef struct lme_csv_records {
    lme_arena *arena;
    lme_stream *stream;
    char delimiter;
    /* bytes read and not yet consumed */
    char *bytes;
    size_t n_bytes, at;
    bool ended;
    bool after_cr; /* a carriage return ended the last line: a line feed belongs to it */
    /* the record last given; its texts are valid until the next one */
    lme_builder text;
    lme_str *fields;
    size_t n_fields, capacity;
    uint32_t record_line;  /* where the record starts, from 1 */
    uint32_t line, column; /* of the next byte, from 1 */
} lme_csv_records;

bool lme_csv_open(lme_arena *arena, lme_str path, char delimiter, lme_csv_records *records,
                  lme_error *err) LME_MUST_CHECK;

/* Next record; empty lines are passed over.
 * Errors: LME_ERR_DATA with file:line:column; LME_ERR_LIMIT past LME_LIMIT_ROW bytes. */
bool lme_csv_next(lme_csv_records *records, bool *end, lme_error *err) LME_MUST_CHECK;

void lme_csv_close(lme_csv_records *records);

#endif
