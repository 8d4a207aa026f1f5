/* From what a task names (hub id, builder, path) to the files that hold its rows. */
#ifndef LMEVAL_DATASET_LOCATE_H
#define LMEVAL_DATASET_LOCATE_H

#include "reader.h"

#include <lmeval/dataset.h>

typedef struct lme_located {
    lme_str *files; /* n_files, read one after another */
    size_t n_files;
    const lme_reader *reader; /* a builder's; NULL: by each file's ending */
    size_t n_total;           /* rows in the split when the file holds only its beginning; else 0 */
    bool is_sample;
    bool any_split; /* the file was named without a split */
} lme_located;

/* Every place that was looked at, for the error. */
typedef struct lme_trail {
    lme_builder text;
} lme_trail;

void lme_trail_add(lme_trail *trail, lme_str place);

/* Files of dataset_kwargs.data_files (builders.c).
 *   split  without its slice */
bool lme_locate_data_files(lme_arena *arena, const lme_source *source, lme_str split,
                           lme_located *located, lme_error *err) LME_MUST_CHECK;

/* File of a split in one folder of the mirror layout (mirror.c); "" when there is none, and the
 * trail then says where it was looked for. */
bool lme_locate_split(lme_arena *arena, lme_str folder, lme_str split, lme_trail *trail,
                      lme_str *file, lme_error *err) LME_MUST_CHECK;

/* Hub ids and folders: mirror, cache, folder beside the task, or the samples (mirror.c). */
bool lme_locate_mirror(lme_arena *arena, const lme_source *source, lme_str split,
                       lme_located *located, lme_error *err) LME_MUST_CHECK;

/* A file of a hub repository, "OWNER/NAME/FILE": in the mirror, else in the cache (mirror.c). */
bool lme_locate_hub_file(lme_arena *arena, const lme_source *source, lme_str path, lme_trail *trail,
                         lme_str *found);

/* An existing file or folder by a path that is relative to the current folder or else to the task
 * file's; false and a trail when there is neither. */
bool lme_locate_path(lme_arena *arena, const lme_source *source, lme_str path,
                     bool (*exists)(const char *), lme_trail *trail, lme_str *found);

#endif
