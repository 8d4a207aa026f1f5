/* What the dataset tests share: a temporary folder, and all rows of a source as JSON lines. */
#ifndef LMEVAL_TEST_DATASET_READING_H
#define LMEVAL_TEST_DATASET_READING_H

#include "support.h"

#include <stdlib.h>
#include <string.h>

#include <lmeval/dataset.h>
#include <lmeval/json.h>

typedef struct reading {
    lme_arena *arena;
    const char *folder;
    lme_error err;
} reading;

static inline int reading_setup(void **state)
{
    reading *r = calloc(1, sizeof *r);
    r->arena = lme_arena_new();
    r->folder = test_folder(r->arena);
    *state = r;
    return 0;
}

static inline int reading_teardown(void **state)
{
    reading *r = *state;
    test_folder_remove(r->folder);
    lme_arena_free(r->arena);
    free(r);
    return 0;
}

/* A file in the folder as a source that is named by its path. */
static inline lme_source file_source(reading *r, const char *name, const char *text)
{
    return (lme_source){
        .path = lme_str_from(test_file(r->arena, r->folder, name, text)),
        .split = LME_STR("test"),
    };
}

/* Reads to the end; every row as one JSON line. False: r->err says why. */
static inline bool read_all(reading *r, const lme_source *source, lme_str *text)
{
    lme_builder out = {.arena = r->arena};
    lme_dataset *dataset;
    bool end = false;
    r->err = (lme_error){0};
    if (!lme_dataset_open(r->arena, source, &dataset, &r->err))
        return false;
    for (;;) {
        lme_value row;
        if (!lme_dataset_next(r->arena, dataset, &row, &end, &r->err))
            return false;
        if (end)
            break;
        lme_json_write(&out, &row, &(lme_json_style){0});
        lme_builder_char(&out, '\n');
    }
    lme_dataset_close(dataset);
    *text = lme_builder_finish(&out);
    return true;
}

static inline void assert_rows(reading *r, const lme_source *source, const char *expected)
{
    lme_str text = LME_STR("");
    assert_ok(read_all(r, source, &text), &r->err);
    assert_str(text, expected);
}

static inline void assert_refused(reading *r, const lme_source *source, lme_code code,
                                  const char *part)
{
    lme_str text;
    assert_false(read_all(r, source, &text));
    assert_error(&r->err, code, part);
}

static inline void assert_count(reading *r, const lme_source *source, size_t expected)
{
    lme_dataset *dataset;
    size_t n;
    assert_ok(lme_dataset_open(r->arena, source, &dataset, &r->err), &r->err);
    assert_ok(lme_dataset_count(dataset, &n, &r->err), &r->err);
    assert_int_equal(n, expected);
    lme_dataset_close(dataset);
}

static inline lme_value value_of(reading *r, const char *json)
{
    lme_value value;
    assert_ok(lme_json_read(r->arena, NULL, lme_str_from(json), NULL, &value, &r->err), &r->err);
    return value;
}

#endif
