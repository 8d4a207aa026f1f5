/* fewshot_config.samples_file: examples that belong to a benchmark but are other people's text, so
 * they are not shipped. The file is rows (.jsonl, .json, .csv), or YAML: a list of rows or a task
 * file whose fewshot_config.samples they are. */
#include "docs.h"

#include <lmeval/limits.h>
#include <lmeval/share.h>
#include <lmeval/yaml.h>

static bool read_yaml(lme_arena *arena, lme_str file, lme_value *rows, lme_error *err)
{
    lme_str text;
    lme_value whole;
    if (!lme_file_read(arena, file.ptr, LME_LIMIT_TASK_FILE, &text, err) ||
        !lme_yaml_read(arena, text, file.ptr, &whole, err))
        return false;
    const lme_value *config = lme_value_find(&whole, "fewshot_config");
    const lme_value *list = config == NULL ? &whole : lme_value_find(config, "samples");
    lme_place at = lme_place_of(file.ptr, config == NULL ? &whole : config);
    if (list == NULL || list->kind != LME_LIST) {
        lme_fail(err, LME_ERR_DATA, &at, "the file of examples has no list of rows");
        return lme_hint(err, "write a list, or fewshot_config: {samples: [...]}");
    }
    *rows = *list;
    for (size_t i = 0; i < list->list.len; i++) {
        at = lme_place_of(file.ptr, &list->list.items[i]);
        if (list->list.items[i].kind != LME_MAP)
            return lme_fail(err, LME_ERR_DATA, &at, "an example is a row (a map), got %s",
                            lme_kind_name(list->list.items[i].kind));
    }
    return true;
}

static bool read_rows(lme_arena *arena, lme_str file, lme_value *rows, lme_error *err)
{
    lme_source source = {.path = file, .split = LME_STR("samples")};
    lme_dataset *dataset;
    lme_list_builder list = {.arena = arena};
    bool end = false;
    if (!lme_dataset_open(arena, &source, &dataset, err))
        return false;
    while (!end) {
        lme_value row;
        if (!lme_dataset_next(arena, dataset, &row, &end, err))
            return false;
        if (!end)
            lme_list_add(&list, row);
    }
    *rows = lme_list_finish(&list);
    return true;
}

bool lme_samples_file_read(lme_arena *arena, const lme_task *task, const lme_docs_options *options,
                           lme_value *rows, lme_error *err)
{
    const lme_value *name = task->details->samples_name;
    const char *task_file = task->details->samples_file;
    lme_source source = {.data_dir = options->data_dir,
                         .base_folder = lme_path_folder(lme_str_from(task_file))};
    lme_str file;
    lme_place at = lme_place_of(task_file, name);
    if (!lme_dataset_find_file(arena, &source, name->string, &file, err)) {
        lme_place_error(err, &at);
        return lme_hint(err,
                        "put it at DIR/%.*s and give --data-dir DIR; for a task of lmeval's own "
                        "docs/tasks.md says where its examples, other people's text, are had",
                        LME_STR_ARG(name->string));
    }
    return lme_str_ends(file, LME_STR(".yaml")) ? read_yaml(arena, file, rows, err)
                                                : read_rows(arena, file, rows, err);
}
