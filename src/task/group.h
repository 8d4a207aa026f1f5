/* Groups: from a group's settings to its tree of loaded tasks. */
#ifndef LMEVAL_TASK_GROUP_H
#define LMEVAL_TASK_GROUP_H

#include "index.h"

#include <lmeval/hash.h>

/* The loading of one set: what its groups share. */
typedef struct lme_loader {
    lme_arena *arena;
    const lme_index *index;
    const lme_task_options *options;
    lme_task **loaded; /* tasks of the index as they are in their files, each made once */
    size_t n_loaded, capacity;
    lme_table *places;   /* of names in `loaded` */
    lme_settings *files; /* of groups of the index, each read once */
    size_t n_files, files_capacity;
    lme_table *file_places; /* of names in `files` */
    size_t n_members;       /* of all groups: bounded */
    bool check_only;    /* members as they are in their own files are not made, nor Python ones */
    lme_builder python; /* check_only: names of tasks that call Python */
} lme_loader;

lme_loader lme_loader_new(lme_arena *arena, const lme_index *index,
                          const lme_task_options *options);

/* The task of an entry of the index, with settings laid over those of its file.
 *   over  NULL: none */
bool lme_loader_task(lme_loader *loader, const lme_entry *entry, const lme_settings *over,
                     lme_task **task, lme_error *err) LME_MUST_CHECK;

/* A group's alias, version and metrics, after its name is set (group_keys.c). */
bool lme_group_read(lme_arena *arena, const lme_settings *settings, lme_group *group,
                    lme_error *err) LME_MUST_CHECK;

/* The group that the settings describe. */
bool lme_loader_group(lme_loader *loader, const lme_settings *settings, lme_group **group,
                      lme_error *err) LME_MUST_CHECK;

#endif
