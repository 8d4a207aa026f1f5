/* From checked settings to what documents are made with. */
#include "details.h"
#include "keys.h"

static bool need(const lme_settings *settings, const char *name, const char *why, lme_error *err)
{
    if (lme_settings_find(settings, name) != NULL)
        return true;
    lme_place at = {.file = settings->file};
    return lme_fail(err, LME_ERR_TASK, &at, "the task has no %s, which %s", name, why);
}

enum {
    MOST_REPEATS = 10000, /* a document's requests are held at once; lm_eval's tasks go to 64 */
    MOST_EXAMPLES = 100000
};

typedef struct range {
    int64_t least, most;
} range;

static bool read_count(const lme_settings *settings, const char *name, range allowed, size_t *count,
                       lme_error *err)
{
    const lme_setting *setting = lme_settings_find(settings, name);
    if (setting == NULL)
        return true;
    lme_place at = lme_place_of(setting->file, &setting->value);
    if (setting->value.integer < allowed.least || setting->value.integer > allowed.most)
        return lme_fail(err, LME_ERR_TASK, &at, "%s is an integer from %lld to %lld, got %lld",
                        name, (long long)allowed.least, (long long)allowed.most,
                        (long long)setting->value.integer);
    *count = (size_t)setting->value.integer;
    return true;
}

/* The name becomes part of file names. */
static bool read_name(const lme_settings *settings, lme_task *task, lme_error *err)
{
    if (!need(settings, "task", "names it", err))
        return false;
    const lme_setting *setting = lme_settings_find(settings, "task");
    lme_place at = lme_place_of(setting->file, &setting->value);
    task->name = setting->value.string;
    for (size_t i = 0; i < task->name.len; i++) {
        unsigned char c = (unsigned char)task->name.ptr[i];
        if (c == '/' || c < 0x20)
            return lme_fail(err, LME_ERR_TASK, &at,
                            "the task's name holds a slash or a control character, expected "
                            "letters, digits, _ and -");
    }
    if (task->name.len == 0)
        return lme_fail(err, LME_ERR_TASK, &at, "the task's name is empty");
    const lme_setting *alias = lme_settings_find(settings, "task_alias");
    task->alias = alias != NULL ? alias->value.string : task->name;
    return true;
}

static bool unknown_output_type(lme_arena *arena, const lme_setting *setting, lme_error *err)
{
    lme_str name = setting->value.string;
    size_t n;
    const lme_output_type *const *types = lme_output_types(&n);
    lme_str *names = LME_ARRAY(arena, lme_str, n);
    lme_builder known = {.arena = arena};
    for (size_t i = 0; i < n; i++) {
        names[i] = lme_str_from(types[i]->name);
        lme_builder_format(&known, "%s%s", i == 0 ? "" : ", ", types[i]->name);
    }
    lme_place at = lme_place_of(setting->file, &setting->value);
    lme_str all = lme_builder_finish(&known);
    lme_str nearest = lme_str_nearest(name, names, n);
    lme_fail(err, LME_ERR_TASK, &at, "output_type \"%.*s\" is not known; it is one of %.*s",
             LME_STR_ARG(name), LME_STR_ARG(all));
    return nearest.len > 0 && lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
}

static bool read_output_type(lme_arena *arena, const lme_settings *settings, lme_task *task,
                             struct lme_task_details *details, lme_error *err)
{
    const lme_setting *setting = lme_settings_find(settings, "output_type");
    details->output_type =
        setting != NULL ? lme_output_type_find(setting->value.string) : lme_output_type_default();
    if (setting == NULL || details->output_type != NULL) {
        task->output = details->output_type->kind;
        return true;
    }
    return unknown_output_type(arena, setting, err);
}

static bool read_dataset(const lme_settings *settings, struct lme_task_details *details,
                         lme_error *err)
{
    const lme_setting *path = lme_settings_find(settings, "dataset_path");
    const lme_setting *kwargs = lme_settings_find(settings, "dataset_kwargs");
    if (path == NULL) {
        need(settings, "dataset_path", "says where its rows are", err);
        return lme_hint(err, "a file or folder of your own does: docs/task-format.md");
    }
    details->dataset_path = path->value.string;
    details->dataset_at = lme_place_of(path->file, &path->value);
    details->dataset_name = lme_settings_text(settings, "dataset_name");
    details->dataset_kwargs = kwargs != NULL ? &kwargs->value : NULL;
    /* Paths start at the file that spells them: data_files at its own, a folder at dataset_path's.
     */
    bool by_files = kwargs != NULL && lme_value_find(&kwargs->value, "data_files") != NULL;
    details->dataset_file = by_files ? kwargs->file : path->file;
    return true;
}

static bool read_splits(const lme_settings *settings, lme_splits *splits, lme_error *err)
{
    *splits = (lme_splits){
        .training = lme_settings_text(settings, "training_split"),
        .validation = lme_settings_text(settings, "validation_split"),
        .test = lme_settings_text(settings, "test_split"),
        .fewshot = lme_settings_text(settings, "fewshot_split"),
        .has_test = lme_settings_find(settings, "test_split") != NULL,
        .has_fewshot = lme_settings_find(settings, "fewshot_split") != NULL,
    };
    if (splits->has_test || splits->validation.len > 0)
        return true;
    lme_place at = {.file = settings->file};
    lme_fail(err, LME_ERR_TASK, &at,
             "the task has neither test_split nor validation_split: nothing says which rows to "
             "evaluate");
    return lme_hint(err, "add test_split: NAME");
}

static bool read_field(lme_arena *arena, const lme_settings *settings, const char *key,
                       lme_field *field, lme_error *err)
{
    const lme_setting *setting = lme_settings_find(settings, key);
    if (setting == NULL)
        return lme_field_read(arena, key, settings->file, NULL, field, err);
    return lme_field_read(arena, key, setting->file, &setting->value, field, err);
}

static lme_str delimiter(const lme_settings *settings, const char *key, const char *fallback)
{
    const lme_setting *setting = lme_settings_find(settings, key);
    return setting != NULL ? setting->value.string : lme_str_from(fallback);
}

static bool read_format(lme_arena *arena, const lme_settings *settings,
                        struct lme_task_details *details, lme_error *err)
{
    lme_format *format = &details->format;
    format->target_delimiter = delimiter(settings, "target_delimiter", " ");
    format->fewshot_delimiter = delimiter(settings, "fewshot_delimiter", "\n\n");
    if (!read_field(arena, settings, "doc_to_text", &format->text, err) ||
        !read_field(arena, settings, "doc_to_choice", &format->choice, err) ||
        !read_field(arena, settings, "doc_to_target", &format->target, err) ||
        !read_field(arena, settings, "gen_prefix", &format->gen_prefix, err) ||
        !read_field(arena, settings, "description", &details->description, err))
        return false;
    const lme_output_type *type = details->output_type;
    return (!type->needs_text || need(settings, "doc_to_text", "makes the question", err)) &&
           (!type->needs_choices || need(settings, "doc_to_choice", "makes the choices", err)) &&
           need(settings, "doc_to_target", "says what is right", err);
}

static bool read_steps(lme_arena *arena, const lme_settings *settings, lme_steps *steps,
                       lme_error *err)
{
    const lme_setting *setting = lme_settings_find(settings, "process_docs");
    return setting == NULL || lme_steps_read(arena, &setting->value, setting->file, steps, err);
}

static size_t num_fewshot(const lme_settings *settings, const lme_task_options *options,
                          size_t written)
{
    /* A task that says 0 keeps it: its prompt has no place for examples. */
    bool says_zero = lme_settings_find(settings, "num_fewshot") != NULL && written == 0;
    return options->has_num_fewshot && !says_zero ? options->num_fewshot : written;
}

static lme_value read_metadata(lme_arena *arena, const lme_settings *settings,
                               const lme_value *given)
{
    const lme_setting *setting = lme_settings_find(settings, "metadata");
    lme_value metadata = setting != NULL ? setting->value : *given;
    for (size_t i = 0; given->kind == LME_MAP && i < given->map.len; i++)
        metadata = lme_value_with(arena, &metadata, given->map.pairs[i].key.string,
                                  given->map.pairs[i].value);
    return metadata;
}

bool lme_task_compile(lme_arena *arena, const lme_settings *settings,
                      const lme_task_options *options, lme_task *task,
                      struct lme_task_details *details, lme_error *err)
{
    size_t written = 0;
    details->metadata = read_metadata(arena, settings, &options->metadata);
    const lme_value *version = lme_value_find(&details->metadata, "version");
    task->file = lme_str_from(settings->file);
    task->version = version != NULL ? *version : lme_null();
    task->repeats = 1;
    details->system_instruction = options->system_instruction;
    details->chat = options->chat;
    task->chat = options->chat;
    if (!read_name(settings, task, err) || !read_output_type(arena, settings, task, details, err) ||
        !read_count(settings, "num_fewshot", (range){0, MOST_EXAMPLES}, &written, err) ||
        !read_count(settings, "repeats", (range){1, MOST_REPEATS}, &task->repeats, err) ||
        !read_dataset(settings, details, err) || !read_splits(settings, &details->splits, err) ||
        !read_format(arena, settings, details, err) ||
        !read_steps(arena, settings, &details->steps, err) ||
        !lme_fewshot_read(arena, settings, details, err) ||
        !lme_generation_read(arena, settings, &options->gen_kwargs, &details->generation, err))
        return false;
    task->num_fewshot = num_fewshot(settings, options, written);
    if (!lme_scoring_read(arena, settings, task, err))
        return false;
    if (options->predict_only)
        task->n_metrics = 0;
    return true;
}
