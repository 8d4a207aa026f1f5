/* results.json in lm_eval's schema and order of keys, as far as they apply to a client without
 * Python; what only we know stands under "lmeval". No time stamps: equal runs give equal files. */
#include "order.h"

#include <math.h>
#include <string.h>

#include <lmeval/hash.h>
#include <lmeval/json.h>
#include <lmeval/report.h>

static void add(lme_map_builder *map, const char *key, lme_value value)
{
    lme_map_add(map, lme_str_from(key), value);
}

static size_t n_scored(const lme_result *task)
{
    /* Without metrics every answered document counts. */
    size_t n = task->n_summaries == 0 ? task->n_effective - task->n_failed : 0;
    for (size_t i = 0; i < task->n_summaries; i++)
        n = task->summaries[i].n_docs > n ? task->summaries[i].n_docs : n;
    return n;
}

/* {"name", "alias", "sample_len", "acc,none", "acc_stderr,none", ...} */
static lme_value scores_of(lme_arena *arena, const lme_result *task)
{
    lme_map_builder map = {.arena = arena};
    add(&map, "name", lme_string(task->task));
    add(&map, "alias", lme_string(lme_result_alias(task)));
    add(&map, "sample_len", lme_int((int64_t)n_scored(task)));
    for (size_t i = 0; i < task->n_summaries; i++) {
        const lme_summary *s = &task->summaries[i];
        lme_map_add(&map, lme_summary_key(arena, s, ""), lme_float(s->value));
        lme_map_add(&map, lme_summary_key(arena, s, "_stderr"),
                    isnan(s->stderr_value) ? lme_string(LME_STR("N/A"))
                                           : lme_float(s->stderr_value));
    }
    return lme_map_finish(&map);
}

static lme_value config_of(lme_arena *arena, const lme_result *task)
{
    (void)arena;
    return task->config;
}

static lme_value version_of(lme_arena *arena, const lme_result *task)
{
    (void)arena;
    return task->version.kind == LME_NULL ? lme_string(LME_STR("Yaml")) : task->version;
}

static lme_value shots_of(lme_arena *arena, const lme_result *task)
{
    (void)arena;
    return lme_int((int64_t)task->n_shot);
}

static lme_value directions_of(lme_arena *arena, const lme_result *task)
{
    lme_map_builder map = {.arena = arena};
    for (size_t i = 0; i < task->n_summaries; i++) {
        const lme_summary *s = &task->summaries[i];
        bool is_new = true;
        for (size_t before = 0; before < i; before++)
            is_new = is_new && !lme_str_equal(task->summaries[before].metric, s->metric);
        if (is_new)
            lme_map_add(&map, s->metric, lme_bool(s->higher_is_better));
    }
    return lme_map_finish(&map);
}

static lme_value counts_of(lme_arena *arena, const lme_result *task)
{
    lme_map_builder map = {.arena = arena};
    add(&map, "original", lme_int((int64_t)task->n_original));
    add(&map, "effective", lme_int((int64_t)n_scored(task)));
    return lme_map_finish(&map);
}

static lme_value hash_of(lme_arena *arena, const lme_result *task)
{
    (void)arena;
    return lme_string(task->hash);
}

lme_value lme_report_doc_ids(lme_arena *arena, const lme_result *task)
{
    lme_list_builder ids = {.arena = arena};
    for (size_t i = 0; task->doc_ids != NULL && i < task->n_effective; i++)
        lme_list_add(&ids, lme_int((int64_t)task->doc_ids[i]));
    return lme_list_finish(&ids);
}

static lme_value finishes_of(lme_arena *arena, const lme_result *task)
{
    lme_map_builder map = {.arena = arena};
    for (size_t i = 0; i < task->n_finishes; i++)
        lme_map_add(&map, task->finishes[i].reason, lme_int((int64_t)task->finishes[i].n));
    return lme_map_finish(&map);
}

/* What lm_eval's keys have no room for: how sure the number is, and of how many documents. */
static lme_value certainty_of(lme_arena *arena, const lme_summary *summary)
{
    lme_map_builder map = {.arena = arena};
    add(&map, "n_docs", lme_int((int64_t)summary->n_docs));
    if (!isnan(summary->low)) {
        lme_list_builder interval = {.arena = arena};
        lme_list_add(&interval, lme_float(summary->low));
        lme_list_add(&interval, lme_float(summary->high));
        add(&map, "interval_95", lme_list_finish(&interval));
    }
    if (summary->cluster.len > 0) {
        add(&map, "cluster", lme_string(summary->cluster));
        add(&map, "n_clusters", lme_int((int64_t)summary->n_clusters));
        add(&map, "cluster_stderr",
            isnan(summary->cluster_stderr) ? lme_null() : lme_float(summary->cluster_stderr));
    }
    if (summary->extracts)
        add(&map, "n_unextracted", lme_int((int64_t)summary->n_unextracted));
    return lme_map_finish(&map);
}

static lme_value certainties_of(lme_arena *arena, const lme_result *task)
{
    lme_map_builder map = {.arena = arena};
    for (size_t i = 0; i < task->n_summaries; i++)
        lme_map_add(&map, lme_summary_key(arena, &task->summaries[i], ""),
                    certainty_of(arena, &task->summaries[i]));
    return lme_map_finish(&map);
}

static lme_value facts_of(lme_arena *arena, const lme_result *task)
{
    lme_map_builder map = {.arena = arena};
    add(&map, "dataset", lme_string(task->dataset));
    add(&map, "sample_data", lme_bool(task->sample_data));
    add(&map, "scoring_path",
        task->scoring_path.len > 0 ? lme_string(task->scoring_path) : lme_null());
    add(&map, "n_docs", lme_int((int64_t)task->n_effective));
    if (task->doc_ids != NULL)
        add(&map, "doc_ids", lme_report_doc_ids(arena, task));
    add(&map, "n_failed", lme_int((int64_t)task->n_failed));
    add(&map, "n_straddling", lme_int((int64_t)task->n_straddling));
    add(&map, "n_cut", lme_int((int64_t)task->n_cut));
    if (task->n_finishes > 0)
        add(&map, "finish_reasons", finishes_of(arena, task));
    add(&map, "scores", certainties_of(arena, task));
    return lme_map_finish(&map);
}

/* {task: make(task)} in the order of `tasks`. */
static lme_value by_task(lme_arena *arena, const lme_result *const *tasks, size_t n,
                         lme_value (*make)(lme_arena *arena, const lme_result *task))
{
    lme_map_builder map = {.arena = arena};
    for (size_t i = 0; i < n; i++)
        lme_map_add(&map, tasks[i]->task, make(arena, tasks[i]));
    return lme_map_finish(&map);
}

static lme_value model_args(lme_arena *arena, const lme_run_info *info)
{
    lme_map_builder map = {.arena = arena};
    add(&map, "model", lme_string(info->model));
    /* The built-in server's port is another one in every run. */
    add(&map, "base_url", info->demo ? lme_null() : lme_string(info->base_url));
    add(&map, "seed", lme_int(info->seed));
    return lme_map_finish(&map);
}

static lme_value run_config(lme_arena *arena, const lme_run_info *info)
{
    lme_list_builder none = {.arena = arena};
    lme_map_builder empty = {.arena = arena};
    lme_map_builder map = {.arena = arena};
    add(&map, "model", lme_string(LME_STR("lmeval")));
    add(&map, "model_args", model_args(arena, info));
    add(&map, "batch_size", lme_int(1));
    add(&map, "batch_sizes", lme_list_finish(&none));
    add(&map, "device", lme_null());
    add(&map, "use_cache", lme_null());
    add(&map, "limit", info->limit > 0.0 ? lme_float(info->limit) : lme_null());
    add(&map, "bootstrap_iters", lme_int((int64_t)info->bootstrap_iters));
    add(&map, "gen_kwargs",
        info->gen_kwargs.kind == LME_MAP ? info->gen_kwargs : lme_map_finish(&empty));
    add(&map, "fewshot_seed", lme_int(info->fewshot_seed));
    return lme_map_finish(&map);
}

/* re.sub(r"[\"<>:/|\\?*\[\]]+", "__", name) */
static lme_str sanitized(lme_arena *arena, lme_str name)
{
    static const char bad[] = "\"<>:/|\\?*[]";
    lme_builder out = {.arena = arena};
    bool in_run = false;
    for (size_t i = 0; i < name.len; i++) {
        bool is_bad = memchr(bad, name.ptr[i], sizeof bad - 1) != NULL;
        if (!is_bad)
            lme_builder_char(&out, name.ptr[i]);
        else if (!in_run)
            lme_builder_add(&out, LME_STR("__"));
        in_run = is_bad;
    }
    return lme_builder_finish(&out);
}

static lme_value our_own(lme_arena *arena, const lme_run_info *info, lme_value tasks)
{
    lme_map_builder map = {.arena = arena};
    add(&map, "version", lme_string(info->version));
    add(&map, "server", info->server.len > 0 ? lme_string(info->server) : lme_null());
    add(&map, "demo", lme_bool(info->demo));
    add(&map, "apply_chat_template", lme_bool(info->chat));
    add(&map, "tasks", tasks);
    return lme_map_finish(&map);
}

lme_str lme_report_results_json(lme_arena *arena, const lme_results *results)
{
    const lme_run_info *info = &results->info;
    size_t n = results->n_tasks;
    const lme_result **as_run = LME_ARRAY(arena, const lme_result *, n);
    for (size_t i = 0; i < n; i++)
        as_run[i] = &results->tasks[i];
    const lme_result **by_name = lme_tasks_by_name(arena, results);
    lme_map_builder no_groups = {.arena = arena};
    lme_map_builder map = {.arena = arena};
    add(&map, "results", by_task(arena, as_run, n, scores_of));
    add(&map, "group_subtasks", lme_map_finish(&no_groups));
    add(&map, "configs", by_task(arena, by_name, n, config_of));
    add(&map, "versions", by_task(arena, by_name, n, version_of));
    add(&map, "n-shot", by_task(arena, by_name, n, shots_of));
    add(&map, "higher_is_better", by_task(arena, by_name, n, directions_of));
    add(&map, "n-samples", by_task(arena, as_run, n, counts_of));
    add(&map, "config", run_config(arena, info));
    add(&map, "lmeval_version", lme_string(info->version));
    add(&map, "task_hashes", by_task(arena, as_run, n, hash_of));
    add(&map, "model_source", lme_string(LME_STR("lmeval")));
    add(&map, "model_name", lme_string(info->model));
    add(&map, "model_name_sanitized", lme_string(sanitized(arena, info->model)));
    bool instructed = info->system_instruction.len > 0;
    add(&map, "system_instruction", instructed ? lme_string(info->system_instruction) : lme_null());
    add(&map, "system_instruction_sha",
        instructed ? lme_string(lme_sha256_hex(arena, info->system_instruction)) : lme_null());
    add(&map, "fewshot_as_multiturn", info->chat ? lme_bool(info->multi_turn) : lme_null());
    add(&map, "lmeval", our_own(arena, info, by_task(arena, as_run, n, facts_of)));
    lme_value tree = lme_map_finish(&map);
    lme_builder out = {.arena = arena};
    lme_json_write(&out, &tree, &(lme_json_style){.indent = 2});
    lme_builder_char(&out, '\n');
    return lme_builder_finish(&out);
}
