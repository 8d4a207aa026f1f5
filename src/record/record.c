/* A run's results file and what stands beside it. */
#include <math.h>
#include <string.h>

#include <lmeval/json.h>
#include <lmeval/limits.h>
#include <lmeval/record.h>
#include <lmeval/share.h>

static const char *joined(lme_arena *arena, lme_str folder, lme_str name)
{
    return lme_str_cstr(arena, lme_path_join(arena, folder, name));
}

static bool starts_with(lme_str s, const char *start)
{
    size_t len = strlen(start);
    return s.len >= len && memcmp(s.ptr, start, len) == 0;
}

/* results.json of ours, or the last results_<time>.json; NULL: neither. */
static const char *results_in(lme_arena *arena, const char *folder)
{
    lme_str name = lme_str_from(folder);
    const char *ours = joined(arena, name, LME_STR("results.json"));
    if (lme_file_exists(ours))
        return ours;
    lme_str *names;
    size_t n;
    if (!lme_folder_list(arena, folder, LME_STR(".json"), &names, &n, NULL))
        return NULL;
    for (size_t i = n; i > 0; i--) {
        if (starts_with(names[i - 1], "results_"))
            return joined(arena, name, names[i - 1]);
    }
    return NULL;
}

/* lm_eval's --output_path holds one folder a model. */
static const char *results_below(lme_arena *arena, const char *folder, size_t *n_found)
{
    const char *found = NULL;
    lme_str *names;
    size_t n;
    *n_found = 0;
    if (!lme_folder_list(arena, folder, LME_STR(""), &names, &n, NULL))
        return NULL;
    for (size_t i = 0; i < n; i++) {
        const char *below = joined(arena, lme_str_from(folder), names[i]);
        if (!lme_folder_exists(below))
            continue;
        const char *results = results_in(arena, below);
        *n_found += results != NULL ? 1 : 0;
        found = results != NULL ? results : found;
    }
    return found;
}

/* A mistyped path: what stands beside it and is nearly called so? */
static bool fail_missing(lme_arena *arena, const char *path, lme_error *err)
{
    lme_str whole = lme_str_from(path);
    while (whole.len > 1 && whole.ptr[whole.len - 1] == '/')
        whole.len--;
    lme_str folder = lme_path_folder(whole), nearest = LME_STR("");
    lme_str *names;
    size_t n;
    const char *in_it = folder.len > 0 ? lme_str_cstr(arena, folder) : ".";
    if (lme_folder_list(arena, in_it, LME_STR(""), &names, &n, NULL))
        nearest = lme_str_nearest(lme_path_name(whole), names, n);
    lme_fail(err, LME_ERR_IO, NULL, "there is no run at \"%s\"", path);
    if (nearest.len > 0)
        return lme_hint(err, "did you mean %s?", joined(arena, folder, nearest));
    return lme_hint(err, "give the folder of a run, or a results file");
}

static bool locate(lme_arena *arena, const char *path, const char **results, lme_error *err)
{
    if (!lme_folder_exists(path)) {
        if (!lme_file_exists(path))
            return fail_missing(arena, path, err);
        *results = path;
        return true;
    }
    *results = results_in(arena, path);
    size_t n = 0;
    if (*results == NULL)
        *results = results_below(arena, path, &n);
    if (*results == NULL) {
        lme_fail(err, LME_ERR_IO, NULL, "no results.json or results_*.json in \"%s\"", path);
        return lme_hint(err, "a run that was stopped has none: the same command ends it");
    }
    if (n > 1) {
        lme_fail(err, LME_ERR_IO, NULL, "\"%s\" holds the runs of %zu models", path, n);
        return lme_hint(err, "name one of the folders in it");
    }
    return true;
}

/* What a file's name may not have becomes "__", as where samples files are written. */
static lme_str file_safe(lme_arena *arena, lme_str task)
{
    static const char unsafe[] = "<>:\"/|\\?*[]";
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < task.len; i++) {
        if (memchr(unsafe, task.ptr[i], sizeof unsafe - 1) != NULL)
            lme_builder_add(&out, LME_STR("__"));
        else
            lme_builder_char(&out, task.ptr[i]);
    }
    return lme_builder_finish(&out);
}

/* samples_<task>.jsonl beside results.json; samples_<task>_<time>.jsonl beside results_<time>.json.
 * NULL when it is not there. */
static const char *samples_beside(lme_arena *arena, const char *results, lme_str task)
{
    lme_str folder = lme_path_folder(lme_str_from(results));
    lme_str name = lme_path_name(lme_str_from(results));
    lme_str time = LME_STR("");
    if (starts_with(name, "results_") && lme_str_ends(name, LME_STR(".json")))
        time = lme_str_slice(name, strlen("results"), name.len - strlen(".json"));
    /* lm_eval replaces only the slash */
    lme_str names[] = {file_safe(arena, task),
                       lme_str_replace(arena, task, LME_STR("/"), LME_STR("__"))};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        lme_str file = lme_str_format(arena, "samples_%.*s%.*s.jsonl", LME_STR_ARG(names[i]),
                                      LME_STR_ARG(time));
        const char *path = joined(arena, folder.len > 0 ? folder : LME_STR("."), file);
        if (lme_file_exists(path))
            return path;
    }
    return NULL;
}

static const lme_value *in(const lme_value *map, const char *key, lme_str task)
{
    const lme_value *of = map == NULL ? NULL : lme_value_find(map, key);
    return of == NULL ? NULL : lme_value_get(of, task);
}

static lme_str text_or(const lme_value *v, const char *otherwise)
{
    return v != NULL && v->kind == LME_STRING ? v->string : lme_str_from(otherwise);
}

static bool to_number(const lme_value *v, double *number)
{
    if (v->kind != LME_INT && v->kind != LME_FLOAT)
        return false;
    *number = v->kind == LME_INT ? (double)v->integer : v->number;
    return true;
}

/* The file's word for it. lm_eval always writes one, but null for a metric that it does not know by
 * name and whose task does not say; files of other hands may say nothing at all. Then what the
 * metric's name says, where it says it; else more is taken to be better, and that is noted. */
static void set_direction(const lme_value *said, lme_record_score *score)
{
    static const char *const losses[] = {
        "perplexity", "word_perplexity", "byte_perplexity", "bits_per_byte", "brier_score",
        "ter",        "log_loss",
    };
    static const char *const gains[] = {
        "acc",     "acc_norm",   "acc_bytes",   "acc_mutual_info",
        "acc_all", "likelihood", "exact_match", "f1",
        "mcc",     "bleu",       "chrf",        "chrf++",
        "rouge1",  "rouge2",     "rougeL",      "rougeLsum",
    };
    score->higher_is_better = true;
    score->direction_known = true;
    if (said != NULL && said->kind == LME_BOOL) {
        score->higher_is_better = said->boolean;
        return;
    }
    for (size_t i = 0; i < sizeof losses / sizeof losses[0]; i++) {
        if (lme_str_is(score->metric, losses[i])) {
            score->higher_is_better = false;
            return;
        }
    }
    for (size_t i = 0; i < sizeof gains / sizeof gains[0]; i++) {
        if (lme_str_is(score->metric, gains[i]))
            return;
    }
    score->direction_known = false;
}

/* "acc,none": 0.57 and its "acc_stderr,none". */
static void read_scores(lme_arena *arena, const lme_value *tree, const lme_value *scores,
                        lme_record_task *task)
{
    const lme_value *directions = in(tree, "higher_is_better", task->name);
    lme_record_score *made = LME_ARRAY(arena, lme_record_score, scores->map.len);
    size_t n = 0;
    for (size_t i = 0; i < scores->map.len; i++) {
        lme_str key = scores->map.pairs[i].key.string;
        size_t comma = lme_str_find(key, LME_STR(","), 0);
        double value;
        if (comma == SIZE_MAX || !to_number(&scores->map.pairs[i].value, &value))
            continue;
        lme_str metric = lme_str_slice(key, 0, comma);
        lme_str pipeline = lme_str_slice(key, comma + 1, key.len);
        if (metric.len > 7 &&
            lme_str_equal(lme_str_slice(metric, metric.len - 7, metric.len), LME_STR("_stderr")))
            continue;
        const lme_value *error =
            lme_value_get(scores, lme_str_format(arena, "%.*s_stderr,%.*s", LME_STR_ARG(metric),
                                                 LME_STR_ARG(pipeline)));
        const lme_value *higher = directions == NULL ? NULL : lme_value_get(directions, metric);
        lme_record_score *score = &made[n++];
        *score = (lme_record_score){
            .metric = metric,
            .pipeline = pipeline,
            .value = value,
            .stderr_value = (double)NAN,
        };
        set_direction(higher, score);
        if (error != NULL && !to_number(error, &score->stderr_value))
            score->stderr_value = (double)NAN;
    }
    task->scores = made;
    task->n_scores = n;
}

static const char *cluster_column(lme_arena *arena, const lme_value *config, const char *asked)
{
    const lme_value *own = config == NULL ? NULL : lme_value_find(config, "cluster");
    if (asked != NULL || own == NULL || own->kind != LME_STRING)
        return asked;
    return lme_str_cstr(arena, own->string);
}

/* A results file on its way into a record. */
typedef struct reading {
    lme_arena *arena;
    const lme_value *tree;
    const char *cluster;
    lme_record *record;
} reading;

/* Keys with commas; "none" for an empty list; "" when there is no list. */
static lme_str keys_text(lme_arena *arena, const lme_value *list)
{
    lme_builder out = {.arena = arena};
    if (list == NULL || list->kind != LME_LIST)
        return LME_STR("");
    for (size_t i = 0; i < list->list.len; i++) {
        lme_builder_add(&out, out.len > 0 ? LME_STR(", ") : LME_STR(""));
        lme_builder_add(&out, text_or(&list->list.items[i], "?"));
    }
    return out.len > 0 ? lme_builder_finish(&out) : LME_STR("none");
}

static int64_t count_of(const lme_value *map, const char *key, int64_t otherwise)
{
    const lme_value *n = map == NULL ? NULL : lme_value_find(map, key);
    return n != NULL && n->kind == LME_INT ? n->integer : otherwise;
}

/* The bound counts where something met it. */
static lme_str cut_text(lme_arena *arena, const lme_value *ours, const lme_value *facts)
{
    int64_t n_cut = count_of(facts, "n_truncated", -1), bound = count_of(ours, "max_length", 0);
    if (n_cut < 0)
        return LME_STR("");
    if (n_cut > 0)
        return lme_str_format(arena, "cut to %lld", (long long)bound);
    if (count_of(facts, "n_windowed", 0) > 0)
        return lme_str_format(arena, "in windows of %lld", (long long)bound);
    return LME_STR("none");
}

static void read_task(const reading *r, const lme_pair *entry, lme_record_task *task)
{
    lme_arena *arena = r->arena;
    const lme_value *tree = r->tree;
    const lme_value *config = in(tree, "configs", entry->key.string);
    const lme_value *ours = lme_value_find(tree, "lmeval");
    const lme_value *facts = in(ours, "tasks", entry->key.string);
    const lme_value *shots = in(tree, "n-shot", entry->key.string);
    const lme_value *version = in(tree, "versions", entry->key.string);
    const lme_value *generation =
        config == NULL ? NULL : lme_value_find(config, "generation_kwargs");
    const lme_value *sample_data = facts == NULL ? NULL : lme_value_find(facts, "sample_data");
    *task = (lme_record_task){
        .name = entry->key.string,
        .alias = text_or(lme_value_find(&entry->value, "alias"), ""),
        .output_type = text_or(config == NULL ? NULL : lme_value_find(config, "output_type"), ""),
        .scoring_path = text_or(facts == NULL ? NULL : lme_value_find(facts, "scoring_path"), ""),
        .generation = generation == NULL ? lme_null() : *generation,
        .refused_parameters =
            keys_text(arena, facts == NULL ? NULL : lme_value_find(facts, "refused_parameters")),
        .cut = cut_text(arena, ours, facts),
        .n_prompt_tokens = count_of(facts, "prompt_tokens", 0),
        .config = config == NULL ? lme_null() : *config,
        .version = version == NULL ? lme_null() : *version,
        .n_shot = shots != NULL && shots->kind == LME_INT ? shots->integer : -1,
        .sample_data = sample_data != NULL && lme_value_truth(sample_data),
        .cluster = cluster_column(arena, config, r->cluster),
    };
    read_scores(arena, tree, &entry->value, task);
    task->samples_path = samples_beside(arena, r->record->path, task->name);
}

/* Groups are results without a task's configuration. */
static bool is_task(const lme_value *tree, const lme_pair *entry)
{
    return entry->key.kind == LME_STRING && entry->value.kind == LME_MAP &&
           in(tree, "configs", entry->key.string) != NULL;
}

static bool read_tree(lme_arena *arena, const char *cluster, lme_record *record, lme_error *err)
{
    const lme_value *tree = &record->tree;
    const lme_value *results = lme_value_find(tree, "results");
    if (results == NULL || results->kind != LME_MAP) {
        lme_place at = {.file = record->path};
        return lme_fail(err, LME_ERR_DATA, &at, "no \"results\" in it: this is no results file");
    }
    const lme_value *ours = lme_value_find(tree, "lmeval");
    const lme_value *demo = ours == NULL ? NULL : lme_value_find(ours, "demo");
    record->model = text_or(lme_value_find(tree, "model_name"), "");
    record->chat_template_hash = text_or(lme_value_find(tree, "chat_template_sha"), "");
    record->n_bos = count_of(ours, "bos_tokens", -1);
    record->demo = demo != NULL && lme_value_truth(demo);
    lme_record_task *tasks = LME_ARRAY(arena, lme_record_task, results->map.len);
    reading r = {arena, tree, cluster, record};
    for (size_t i = 0; i < results->map.len; i++) {
        const lme_pair *entry = &results->map.pairs[i];
        if (is_task(tree, entry))
            read_task(&r, entry, &tasks[record->n_tasks++]);
    }
    record->tasks = tasks;
    record->has_results = true;
    return true;
}

bool lme_record_open_results(lme_arena *arena, const char *path, const char *cluster,
                             lme_record *record, lme_error *err)
{
    *record = (lme_record){.name = lme_str_from(path)};
    lme_str text;
    if (!locate(arena, path, &record->path, err) ||
        !lme_file_read(arena, record->path, LME_LIMIT_RESPONSE, &text, err))
        return false;
    lme_place at = {.file = record->path, .line = 1, .column = 1};
    if (!lme_json_read(arena, NULL, text, &at, &record->tree, err))
        return lme_while(err, "reading a results file");
    return read_tree(arena, cluster, record, err);
}

/* samples_<task>.jsonl */
static bool is_samples(lme_str name)
{
    return starts_with(name, "samples_") && lme_str_ends(name, LME_STR(".jsonl"));
}

static void add_samples(lme_arena *arena, lme_record *record, const char *path)
{
    lme_str name = lme_path_name(lme_str_from(path));
    record->tasks[record->n_tasks++] = (lme_record_task){
        .name = lme_str_slice(name, strlen("samples_"), name.len - strlen(".jsonl")),
        .alias = LME_STR(""),
        .output_type = LME_STR(""),
        .scoring_path = LME_STR(""),
        .refused_parameters = LME_STR(""),
        .cut = LME_STR(""),
        .n_shot = -1,
        .samples_path = lme_str_cstr(arena, lme_str_from(path)),
        .is_growing = true,
    };
}

/* The samples files of a folder; none is no error. */
static void list_samples(lme_arena *arena, const char *folder, lme_record *record)
{
    lme_str *names;
    size_t n;
    if (!lme_folder_list(arena, folder, LME_STR(".jsonl"), &names, &n, NULL))
        return;
    record->tasks = LME_ARRAY(arena, lme_record_task, n);
    for (size_t i = 0; i < n; i++) {
        if (is_samples(names[i]))
            add_samples(arena, record, joined(arena, lme_str_from(folder), names[i]));
    }
}

bool lme_record_open_samples(lme_arena *arena, const char *path, lme_record *record, lme_error *err)
{
    bool is_folder = lme_folder_exists(path);
    *record =
        (lme_record){.name = lme_str_from(path), .path = path, .model = LME_STR(""), .n_bos = -1};
    if (is_folder && results_in(arena, path) == NULL) {
        list_samples(arena, path, record);
    } else if (!is_folder && lme_file_exists(path) && is_samples(lme_path_name(record->name))) {
        record->tasks = LME_NEW(arena, lme_record_task);
        add_samples(arena, record, path);
    }
    return record->n_tasks > 0 || lme_record_open_results(arena, path, NULL, record, err);
}

bool lme_record_open(lme_arena *arena, const char *path, const char *cluster, lme_record *record,
                     lme_error *err)
{
    if (!lme_record_open_results(arena, path, cluster, record, err))
        return false;
    for (size_t i = 0; i < record->n_tasks; i++) {
        if (!lme_record_read_lines(arena, &record->tasks[i], err))
            return false;
    }
    return true;
}

const lme_record_task *lme_record_find_task(const lme_record *record, lme_str name)
{
    for (size_t i = 0; i < record->n_tasks; i++) {
        if (lme_str_equal(record->tasks[i].name, name))
            return &record->tasks[i];
    }
    return NULL;
}

const lme_record_pipeline *lme_record_find_pipeline(const lme_record_task *task, lme_str name)
{
    for (size_t i = 0; i < task->n_pipelines; i++) {
        if (lme_str_equal(task->pipelines[i].name, name))
            return &task->pipelines[i];
    }
    return NULL;
}

const lme_record_score *lme_record_find_score(const lme_record_task *task, lme_str metric,
                                              lme_str pipeline)
{
    for (size_t i = 0; i < task->n_scores; i++) {
        const lme_record_score *score = &task->scores[i];
        if (lme_str_equal(score->metric, metric) && lme_str_equal(score->pipeline, pipeline))
            return score;
    }
    return NULL;
}

size_t lme_record_metric_column(const lme_record_pipeline *pipeline, lme_str metric)
{
    for (size_t i = 0; i < pipeline->n_metrics; i++) {
        if (lme_str_equal(pipeline->metrics[i], metric))
            return i;
    }
    return SIZE_MAX;
}
