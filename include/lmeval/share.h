/* Where the program's own files are (tasks/, datasets/), and reading files whole. */
#ifndef LMEVAL_SHARE_H
#define LMEVAL_SHARE_H

#include <lmeval/str.h>

/* Folder or file `name` of the program's data: $LMEVAL_SHARE, else PREFIX/share/lmeval beside the
 * executable's bin, else the source tree above a build folder.
 * Errors: LME_ERR_IO that says where it looked. */
bool lme_share_path(lme_arena *arena, const char *name, lme_str *path,
                    lme_error *err) LME_MUST_CHECK;

/* Whole file. Errors: LME_ERR_IO with the system's reason; LME_ERR_LIMIT past max bytes. */
bool lme_file_read(lme_arena *arena, const char *path, size_t max, lme_str *text,
                   lme_error *err) LME_MUST_CHECK;

/* Writes beside the target, syncs, renames: readers see the old or the whole new file. */
bool lme_file_write(const char *path, lme_str text, lme_error *err) LME_MUST_CHECK;

bool lme_file_exists(const char *path);
bool lme_file_same(const char *a, const char *b); /* both there, and one file by whatever names */
bool lme_folder_exists(const char *path);
bool lme_folder_make(const char *path, lme_error *err) LME_MUST_CHECK; /* with its parents */

/* "a/b" from "a" and "b"; b alone when it is absolute. */
lme_str lme_path_join(lme_arena *arena, lme_str a, lme_str b);
lme_str lme_path_folder(lme_str path); /* "" when there is none; includes no final slash */
lme_str lme_path_name(lme_str path);   /* after the last slash */

/* Names in a folder that end in `suffix`, sorted by bytes. */
bool lme_folder_list(lme_arena *arena, const char *path, lme_str suffix, lme_str **names, size_t *n,
                     lme_error *err) LME_MUST_CHECK;

#endif
