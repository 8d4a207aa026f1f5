/* results.json in lm_eval's schema and order of keys, as far as they apply to a client without
 * Python; what only we know stands under "lmeval". No time stamps: equal runs give equal files. */
#include "hierarchy.h"
#include "order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <lmeval/hash.h>
#include <lmeval/json.h>
#include <lmeval/report.h>

static void add(lme_map_builder *map, const char *key, lme_value value)
{
    lme_map_add(map, lme_str_from(key), value);
}

/* "acc,none", "acc_stderr,none", ... */
static void add_summaries(lme_map_builder *map, const lme_summary *summaries, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const lme_summary *s = &summaries[i];
        lme_map_add(map, lme_summary_key(map->arena, s, ""), lme_float(s->value));
        lme_map_add(map, lme_summary_key(map->arena, s, "_stderr"),
                    isnan(s->stderr_value) ? lme_string(LME_STR("N/A"))
                                           : lme_float(s->stderr_value));
    }
}

/* {"name", "alias", "sample_len", "acc,none", "acc_stderr,none", ...} */
static lme_value scores_of(lme_arena *arena, const lme_result *task)
{
    lme_map_builder map = {.arena = arena};
    add(&map, "name", lme_string(task->task));
    add(&map, "alias", lme_string(lme_result_alias(task)));
    add(&map, "sample_len", lme_int((int64_t)lme_result_sample_len(task)));
    add_summaries(&map, task->summaries, task->n_summaries);
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

static lme_value directions_map(lme_arena *arena, const lme_direction *directions, size_t n)
{
    lme_map_builder map = {.arena = arena};
    for (size_t i = 0; i < n; i++)
        lme_map_add(&map, directions[i].metric,
                    directions[i].agreed ? lme_bool(directions[i].higher_is_better) : lme_null());
    return lme_map_finish(&map);
}

static lme_value directions_of(lme_arena *arena, const lme_result *task)
{
    size_t n;
    const lme_direction *directions = lme_task_directions(arena, task, &n);
    return directions_map(arena, directions, n);
}

static lme_value counts_of(lme_arena *arena, const lme_result *task)
{
    lme_map_builder map = {.arena = arena};
    add(&map, "original", lme_int((int64_t)task->n_original));
    add(&map, "effective", lme_int((int64_t)lme_result_sample_len(task)));
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

static lme_value names_of(lme_arena *arena, const lme_str *names, size_t n)
{
    lme_list_builder list = {.arena = arena};
    for (size_t i = 0; i < n; i++)
        lme_list_add(&list, lme_string(names[i]));
    return lme_list_finish(&list);
}

static lme_value facts_of(lme_arena *arena, const lme_result *task)
{
    lme_map_builder map = {.arena = arena};
    add(&map, "dataset", lme_string(task->dataset));
    add(&map, "sample_data", lme_bool(task->sample_data));
    add(&map, "scoring_path",
        task->scoring_path.len > 0 ? lme_string(task->scoring_path) : lme_null());
    if (task->scoring_caution.len > 0)
        add(&map, "scoring_caution", lme_string(task->scoring_caution));
    add(&map, "n_docs", lme_int((int64_t)task->n_effective));
    if (task->doc_ids != NULL)
        add(&map, "doc_ids", lme_report_doc_ids(arena, task));
    add(&map, "n_failed", lme_int((int64_t)task->n_failed));
    add(&map, "n_straddling", lme_int((int64_t)task->n_straddling));
    if (task->n_no_choice > 0)
        add(&map, "n_no_choice", lme_int((int64_t)task->n_no_choice));
    add(&map, "n_floored", lme_int((int64_t)task->n_floored));
    if (task->n_aside > 0)
        add(&map, "n_by_other_path", lme_int((int64_t)task->n_aside));
    if (task->n_bounded > 0)
        add(&map, "n_bounded", lme_int((int64_t)task->n_bounded));
    if (task->n_unread > 0)
        add(&map, "n_without_letter", lme_int((int64_t)task->n_unread));
    add(&map, "n_cut", lme_int((int64_t)task->n_cut));
    if (task->n_maybe_cut > 0)
        add(&map, "n_maybe_cut", lme_int((int64_t)task->n_maybe_cut));
    if (task->n_thoughts > 0)
        add(&map, "n_with_thoughts", lme_int((int64_t)task->n_thoughts));
    add(&map, "n_too_long", lme_int((int64_t)task->n_too_long));
    add(&map, "n_truncated", lme_int((int64_t)task->n_truncated));
    add(&map, "n_windowed", lme_int((int64_t)task->n_windowed));
    add(&map, "prompt_tokens", lme_int((int64_t)task->n_prompt_tokens));
    add(&map, "completion_tokens", lme_int((int64_t)task->n_completion_tokens));
    if (task->n_finishes > 0)
        add(&map, "finish_reasons", finishes_of(arena, task));
    if (task->n_finishes > 0)
        add(&map, "refused_parameters", names_of(arena, task->refused, task->n_refused));
    if (task->n_left_out > 0)
        add(&map, "metrics_left_out", names_of(arena, task->left_out, task->n_left_out));
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

/* {"alias", "name"}, and of a group with numbers "sample_len", them, "sample_count" */
static lme_value group_scores(lme_arena *arena, const lme_group_result *group)
{
    lme_map_builder map = {.arena = arena}, counts = {.arena = arena};
    add(&map, "alias", lme_string(group->alias));
    add(&map, "name", lme_string(group->name));
    if (!group->has_aggregates)
        return lme_map_finish(&map);
    add(&map, "sample_len", lme_int((int64_t)group->sample_len));
    add_summaries(&map, group->summaries, group->n_summaries);
    for (size_t i = 0; i < group->n_summaries; i++)
        lme_map_add(&counts, lme_summary_key(arena, &group->summaries[i], ""),
                    lme_int((int64_t)group->summaries[i].n_docs));
    if (counts.len > 0)
        add(&map, "sample_count", lme_map_finish(&counts));
    return lme_map_finish(&map);
}

/* Tasks, then groups, each behind the groups in it. */
static lme_value all_scores(lme_arena *arena, const lme_results *results)
{
    lme_map_builder map = {.arena = arena};
    const lme_group_result **groups = lme_groups_bottom_up(arena, results);
    for (size_t i = 0; i < results->n_tasks; i++)
        lme_map_add(&map, results->tasks[i].task, scores_of(arena, &results->tasks[i]));
    for (size_t i = 0; i < results->n_groups; i++)
        lme_map_add(&map, groups[i]->name, group_scores(arena, groups[i]));
    return lme_map_finish(&map);
}

/* Groups that have numbers of their own; the key is there when one has. */
static void add_groups(lme_map_builder *map, const lme_results *results)
{
    lme_arena *arena = map->arena;
    lme_map_builder groups = {.arena = arena};
    const lme_group_result **sorted = lme_groups_bottom_up(arena, results);
    for (size_t i = 0; i < results->n_groups; i++) {
        if (sorted[i]->has_aggregates)
            lme_map_add(&groups, sorted[i]->name, group_scores(arena, sorted[i]));
    }
    if (groups.len > 0)
        add(map, "groups", lme_map_finish(&groups));
}

static lme_value subtasks(lme_arena *arena, const lme_results *results)
{
    lme_map_builder map = {.arena = arena};
    for (size_t i = 0; i < results->n_groups; i++) {
        lme_list_builder list = {.arena = arena};
        for (size_t k = 0; k < results->groups[i].n_members; k++)
            lme_list_add(&list, lme_string(results->groups[i].members[k]));
        lme_map_add(&map, results->groups[i].name, lme_list_finish(&list));
    }
    return lme_map_finish(&map);
}

static int compare_keys(const void *a, const void *b)
{
    const lme_pair *x = a, *y = b;
    return lme_str_compare(x->key.string, y->key.string);
}

/* {name: make(task)} of all tasks, and what `groups` has, sorted by name. */
static lme_value with_groups(const lme_results *results, lme_map_builder *groups,
                             lme_value (*make)(lme_arena *arena, const lme_result *task))
{
    for (size_t i = 0; i < results->n_tasks; i++)
        lme_map_add(groups, results->tasks[i].task, make(groups->arena, &results->tasks[i]));
    if (groups->len > 1)
        qsort(groups->pairs, groups->len, sizeof *groups->pairs, compare_keys);
    return lme_map_finish(groups);
}

/* "versions", "n-shot", "higher_is_better" */
static void add_facts(lme_map_builder *map, const lme_results *results)
{
    lme_arena *arena = map->arena;
    const lme_group_facts *facts = lme_groups_facts(arena, results);
    lme_map_builder versions = {.arena = arena}, shots = {.arena = arena};
    lme_map_builder directions = {.arena = arena};
    for (size_t i = 0; i < results->n_groups; i++) {
        lme_str name = results->groups[i].name;
        lme_map_add(&versions, name, lme_string(results->groups[i].version));
        if (facts[i].has_shots)
            lme_map_add(&shots, name, lme_int((int64_t)facts[i].n_shot));
        if (facts[i].n_directions > 0)
            lme_map_add(&directions, name,
                        directions_map(arena, facts[i].directions, facts[i].n_directions));
    }
    add(map, "versions", with_groups(results, &versions, version_of));
    add(map, "n-shot", with_groups(results, &shots, shots_of));
    add(map, "higher_is_better", with_groups(results, &directions, directions_of));
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
    add(&map, "bos_tokens", info->n_bos >= 0 ? lme_int(info->n_bos) : lme_null());
    add(&map, "max_length", info->max_length > 0 ? lme_int((int64_t)info->max_length) : lme_null());
    add(&map, "truncate", info->truncates ? lme_string(LME_STR("left")) : lme_null());
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
    lme_map_builder map = {.arena = arena};
    add(&map, "results", all_scores(arena, results));
    add_groups(&map, results);
    add(&map, "group_subtasks", subtasks(arena, results));
    add(&map, "configs", by_task(arena, by_name, n, config_of));
    add_facts(&map, results);
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
    bool templated = info->chat_template.len > 0;
    add(&map, "chat_template", templated ? lme_string(info->chat_template) : lme_null());
    add(&map, "chat_template_sha",
        templated ? lme_string(lme_sha256_hex(arena, info->chat_template)) : lme_null());
    add(&map, "lmeval", our_own(arena, info, by_task(arena, as_run, n, facts_of)));
    lme_value tree = lme_map_finish(&map);
    lme_builder out = {.arena = arena};
    lme_json_write(&out, &tree, &(lme_json_style){.indent = 2});
    lme_builder_char(&out, '\n');
    return lme_builder_finish(&out);
}
