/* A kind of file that holds rows: one row of list.h. */
#ifndef LMEVAL_DATASET_READER_H
#define LMEVAL_DATASET_READER_H

#include <lmeval/value.h>

typedef struct lme_reader {
    const char *name;    /* also the builder of that name in dataset_path */
    const char *ending;  /* of the file's name, before .gz and .zst */
    const char *summary; /* one line */
    /* Options that a task may give in dataset_kwargs beside data_files, NULL-terminated. */
    const char *const *keys;
    /*   kwargs  dataset_kwargs, may be NULL
     *   state   made in the arena; closed by close() */
    bool (*open)(lme_arena *arena, lme_str path, const lme_value *kwargs, void **state,
                 lme_error *err);
    /* As lme_dataset_next: the row outlives the reader. */
    bool (*next)(lme_arena *arena, void *state, lme_value *row, bool *end, lme_error *err);
    /* Number of rows of the file just opened, in a pass of its own that may leave the state at
     * the end. */
    bool (*count)(void *state, size_t *n, lme_error *err);
    void (*close)(void *state);
} lme_reader;

const lme_reader *const *lme_readers(size_t *n);

/* Reader for a file's name; NULL when its ending is no reader's. */
const lme_reader *lme_reader_of(lme_str path);

/* Reader of that name ("json"); NULL when there is none. */
const lme_reader *lme_reader_find(lme_str name);

/* A row is an object with different columns. Which of two values of one name is meant, nobody
 * knows. Errors: LME_ERR_DATA at the place. */
bool lme_reader_check_row(const lme_value *row, const lme_place *at, lme_error *err) LME_MUST_CHECK;

/* "a list, expected an object": the row is not one. Returns false. */
bool lme_reader_not_object(const lme_value *row, const lme_place *at, lme_error *err);

#endif
