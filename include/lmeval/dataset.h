/* A dataset as a stream of rows.
 *
 * `path` is a hub id (Rowan/hellaswag), a builder (json, csv) with data_files in kwargs, or a path
 * of a .jsonl, .json or .csv file (.gz and .zst too) or of a .parquet file. Hub ids are looked for
 * in the mirror
 *     <data_dir>/<path>/<config or "default">/<split>.jsonl[.gz|.zst]
 * then in the cache ($XDG_CACHE_HOME/lmeval, same layout), then as a folder of that layout beside
 * the task file, and then fetched from the hub into the cache. With `samples` set they are looked
 * for in the sample sets written for this project (datasets/samples.yaml), and only there.
 */
#ifndef LMEVAL_DATASET_H
#define LMEVAL_DATASET_H

#include <lmeval/value.h>

typedef struct lme_source {
    lme_str path;              /* dataset_path of the task */
    lme_str config;            /* dataset_name; "" for the default */
    lme_str split;             /* "validation", ...; slices such as "train[:10]" too */
    const lme_value *kwargs;   /* dataset_kwargs map or NULL: data_files, ... */
    lme_str base_folder;       /* folder of the task file: relative data_files start here, too */
    lme_str data_dir;          /* mirror; "" for none */
    bool samples;              /* use this project's sample rows */
    const struct lme_hub *hub; /* where to fetch what is not on this machine; NULL: nowhere */
    size_t most_rows;          /* no more will be read (fewer are then fetched); 0: maybe all */
} lme_source;

typedef struct lme_dataset lme_dataset;

/* A single file that a task names: below data_dir, else in the cache, else beside the task file.
 * Errors: LME_ERR_DATA that lists where it looked. */
bool lme_dataset_find_file(lme_arena *arena, const lme_source *source, lme_str name, lme_str *path,
                           lme_error *err) LME_MUST_CHECK;

/* Errors: LME_ERR_DATA that lists where it looked and says what to do. */
bool lme_dataset_open(lme_arena *arena, const lme_source *source, lme_dataset **dataset,
                      lme_error *err) LME_MUST_CHECK;

/* Next row, allocated in `arena`.
 *   end  set when there are no more; row is then untouched
 * Errors: LME_ERR_DATA with file:line. */
bool lme_dataset_next(lme_arena *arena, lme_dataset *dataset, lme_value *row, bool *end,
                      lme_error *err) LME_MUST_CHECK;

/* Rows in the whole split; reads the file once, quickly. */
bool lme_dataset_count(lme_dataset *dataset, size_t *n, lme_error *err) LME_MUST_CHECK;

/* File that is read; for messages and run.json. */
lme_str lme_dataset_file(const lme_dataset *dataset);

/* True when the rows are samples written for this project. */
bool lme_dataset_is_sample(const lme_dataset *dataset);

/* True when the file was named without a split (a direct path, data_files as one path), so that it
 * serves every split that is asked for. */
bool lme_dataset_any_split(const lme_dataset *dataset);

/* Also closed with its arena; NULL is a no-op. */
void lme_dataset_close(lme_dataset *dataset);

#endif
