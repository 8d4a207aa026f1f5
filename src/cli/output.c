#include "output.h"

#include "dispatch.h"
#include "profile.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <lmeval/hash.h>
#include <lmeval/json.h>
#include <lmeval/share.h>

struct lme_output {
    lme_str folder;
    FILE *samples;
    const char *samples_path;
    struct stat samples_stat; /* which file it is */
    lme_arena *task_arena;    /* hashes of the task under way */
    lme_arena *sample_arena;  /* one sample's lines */
    lme_builder hashes;
    char buffer[64 << 10]; /* of samples */
};

static const lme_json_style json_file = {.indent = 2};

bool lme_output_open(lme_arena *arena, lme_str folder, lme_output **output, lme_error *err)
{
    if (!lme_folder_make(lme_str_cstr(arena, folder), err)) {
        lme_while(err, "making the output folder");
        return lme_hint(err, "--output-path DIR names one that this user may write to");
    }
    lme_output *made = LME_NEW(arena, lme_output);
    *made = (lme_output){
        .folder = folder, .task_arena = lme_arena_new(), .sample_arena = lme_arena_new()};
    *output = made;
    return true;
}

void lme_output_close(lme_output *output)
{
    if (output == NULL)
        return;
    if (output->samples != NULL)
        fclose(output->samples);
    lme_arena_free(output->task_arena);
    lme_arena_free(output->sample_arena);
}

lme_str lme_output_folder(const lme_output *output)
{
    return output->folder;
}

static const char *path_in(lme_arena *arena, const lme_output *output, lme_str name)
{
    return lme_str_cstr(arena, lme_path_join(arena, output->folder, name));
}

lme_str lme_output_journal(lme_arena *arena, const lme_output *output)
{
    return lme_path_join(arena, output->folder, LME_STR("journal.db"));
}

static bool fail_write(const lme_output *output, lme_error *err)
{
    int code = errno;
    lme_fail(err, LME_ERR_IO, &(lme_place){.file = output->samples_path}, "cannot write: %s",
             strerror(code)); /* NOLINT(concurrency-mt-unsafe): one thread reports */
    if (code == ENOSPC || code == EFBIG || code == EDQUOT)
        return lme_hint(err, "make room on the disk and start the same command again: what was "
                             "answered so far is kept");
    return false;
}

/* A task's name as a file name: path separators and the like become "__". */
static lme_str file_name(lme_arena *arena, lme_str task)
{
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < task.len; i++) {
        if (task.ptr[i] != '\0' && strchr("<>:\"/|\\?*[]", task.ptr[i]) != NULL)
            lme_builder_add(&out, LME_STR("__"));
        else
            lme_builder_char(&out, task.ptr[i]);
    }
    lme_str name = lme_builder_finish(&out);
    return lme_str_format(arena, "samples_%.*s.jsonl", LME_STR_ARG(name));
}

static bool is_one_of(lme_arena *arena, lme_str name, lme_task *const *tasks, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (lme_str_equal(name, file_name(arena, tasks[i]->name)))
            return true;
    }
    return false;
}

/* The next file with samples of other tasks; "" when there is none (more). */
static lme_str next_stranger(lme_arena *arena, DIR *folder, lme_task *const *tasks, size_t n)
{
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) { /* NOLINT(concurrency-mt-unsafe): its own stream */
        lme_str name = lme_str_from(entry->d_name);
        if (lme_str_starts(name, LME_STR("samples_")) && lme_str_ends(name, LME_STR(".jsonl")) &&
            !is_one_of(arena, name, tasks, n))
            return lme_str_copy(arena, name);
    }
    return LME_STR("");
}

static void remove_in(lme_arena *arena, const lme_output *output, lme_str name)
{
    (void)unlink(path_in(arena, output, name));
}

/* The summary of samples that are begun anew is no one's. */
static void remove_summary(lme_arena *arena, const lme_output *output)
{
    remove_in(arena, output, LME_STR("results.json"));
    remove_in(arena, output, LME_STR("run.json"));
}

bool lme_output_claim(lme_arena *arena, const lme_output *output, lme_task *const *tasks, size_t n,
                      bool fresh, lme_error *err)
{
    bool is_known = access(lme_str_cstr(arena, lme_output_journal(arena, output)), F_OK) == 0;
    if (is_known && !fresh)
        return true;
    DIR *folder = opendir(lme_str_cstr(arena, output->folder));
    if (folder == NULL)
        return lme_fail(err, LME_ERR_IO, &(lme_place){.file = output->folder.ptr},
                        "cannot read the output folder");
    lme_str name = next_stranger(arena, folder, tasks, n);
    bool ok = name.len == 0 || fresh;
    if (!ok) {
        lme_fail(err, LME_ERR_USAGE, NULL, "%.*s holds %.*s, of another run",
                 LME_STR_ARG(output->folder), LME_STR_ARG(name));
        lme_hint(err, "choose another --output_path for this one; --fresh throws away what the "
                      "folder holds");
    } else if (name.len > 0) {
        remove_summary(arena, output);
    }
    for (; ok && name.len > 0; name = next_stranger(arena, folder, tasks, n))
        remove_in(arena, output, name);
    closedir(folder);
    return ok;
}

void lme_output_begin_task(lme_output *output, lme_str task)
{
    lme_arena_reset(output->task_arena);
    output->hashes = (lme_builder){.arena = output->task_arena};
    lme_str name = file_name(output->task_arena, task);
    output->samples_path = path_in(output->task_arena, output, name);
}

static bool begin_samples(lme_output *output, lme_error *err)
{
    remove_summary(output->sample_arena, output);
    output->samples = fopen(output->samples_path, "wb");
    if (output->samples == NULL || fstat(fileno(output->samples), &output->samples_stat) != 0)
        return fail_write(output, err);
    (void)setvbuf(output->samples, output->buffer, _IOFBF, sizeof output->buffer);
    return true;
}

/* A file that was removed or moved with its folder takes what is written all the same. */
static bool check_place(const lme_output *output, lme_error *err)
{
    struct stat now;
    if (stat(output->samples_path, &now) == 0 && now.st_ino == output->samples_stat.st_ino &&
        now.st_dev == output->samples_stat.st_dev)
        return true;
    lme_fail(err, LME_ERR_IO, &(lme_place){.file = output->samples_path},
             "the file is gone: it or its folder was moved or removed while the run wrote there");
    return lme_hint(err, "put the folder back and start the same command again: what was answered "
                         "is in its journal.db; without it all is asked again");
}

bool lme_output_sample(lme_output *output, const lme_sample *sample, lme_error *err)
{
    lme_arena *arena = output->sample_arena;
    lme_arena_reset(arena);
    if (output->samples == NULL && !begin_samples(output, err))
        return false;
    lme_builder lines = {.arena = arena};
    lme_sample_hashes hashes = lme_report_sample_lines(arena, sample, &lines);
    lme_str text = lme_builder_finish(&lines);
    if (fwrite(text.ptr, 1, text.len, output->samples) != text.len)
        return fail_write(output, err);
    lme_builder_add(&output->hashes, hashes.doc);
    lme_builder_add(&output->hashes, hashes.prompt);
    lme_builder_add(&output->hashes, hashes.target);
    return true;
}

bool lme_output_flush(lme_output *output, lme_error *err)
{
    if (output->samples == NULL)
        return true;
    return (fflush(output->samples) == 0 || fail_write(output, err)) && check_place(output, err);
}

const char *lme_output_samples(const lme_output *output)
{
    return output->samples_path;
}

bool lme_output_end_task(lme_arena *arena, lme_output *output, size_t n_pipelines, lme_str *hash,
                         lme_error *err)
{
    lme_str all = lme_builder_finish(&output->hashes);
    lme_sha256 *sum = lme_sha256_new(arena);
    for (size_t i = 0; i < n_pipelines; i++)
        lme_sha256_add(sum, all);
    *hash = lme_sha256_finish(arena, sum);
    if (output->samples == NULL)
        return true;
    FILE *samples = output->samples;
    output->samples = NULL;
    return fclose(samples) == 0 || fail_write(output, err);
}

static lme_value time_value(lme_arena *arena, double seconds)
{
    time_t whole = (time_t)seconds;
    struct tm utc;
    char text[32] = "";
    if (gmtime_r(&whole, &utc) != NULL)
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return lme_string(lme_str_copy(arena, lme_str_from(text)));
}

static lme_value command_value(lme_arena *arena, const lme_run_record *record)
{
    lme_list_builder list = {.arena = arena};
    for (size_t i = 0; i < record->n_command; i++)
        lme_list_add(&list, lme_string(lme_str_from(record->command[i])));
    return lme_list_finish(&list);
}

static lme_value traffic_value(lme_arena *arena, const lme_run_record *record)
{
    const lme_traffic *traffic = &record->traffic;
    lme_map_builder map = {.arena = arena};
    lme_map_add(&map, LME_STR("requests_sent"), lme_int((int64_t)traffic->n_sent));
    lme_map_add(&map, LME_STR("answers"), lme_int((int64_t)traffic->n_answered));
    lme_map_add(&map, LME_STR("answers_from_journal"), lme_int((int64_t)record->n_resumed));
    lme_map_add(&map, LME_STR("answers_from_cache"), lme_int((int64_t)record->n_cached));
    lme_map_add(&map, LME_STR("asked_again"), lme_int((int64_t)record->rechecked.n));
    if (record->rechecked.n > 0)
        lme_map_add(&map, LME_STR("asked_again_largest_nats"),
                    lme_float(record->rechecked.largest_nats));
    lme_map_add(&map, LME_STR("retries"), lme_int((int64_t)traffic->n_retried));
    lme_map_add(&map, LME_STR("failed"), lme_int((int64_t)traffic->n_failed));
    lme_map_add(&map, LME_STR("status_429"), lme_int((int64_t)traffic->n_status_429));
    lme_map_add(&map, LME_STR("status_5xx"), lme_int((int64_t)traffic->n_status_5xx));
    lme_map_add(&map, LME_STR("crowded"), lme_int((int64_t)traffic->n_crowded));
    lme_map_add(&map, LME_STR("connection_faults"), lme_int((int64_t)traffic->n_connection_faults));
    lme_map_add(&map, LME_STR("absences"), lme_int((int64_t)traffic->n_absences));
    lme_map_add(&map, LME_STR("absences_seconds"), lme_float((double)traffic->waited_ms / 1000));
    lme_map_add(&map, LME_STR("secrets_hidden"), lme_int((int64_t)traffic->n_hidden));
    lme_map_add(&map, LME_STR("bytes_received"), lme_int((int64_t)traffic->bytes_in));
    lme_map_add(&map, LME_STR("bytes_sent"), lme_int((int64_t)traffic->bytes_out));
    lme_map_add(&map, LME_STR("http_version"), lme_float(traffic->http_version / 10.0));
    return lme_map_finish(&map);
}

/* {task: [id, ...]} of the tasks whose documents were selected. */
static lme_value documents_value(lme_arena *arena, const lme_results *results)
{
    lme_map_builder map = {.arena = arena};
    for (size_t i = 0; i < results->n_tasks; i++) {
        const lme_result *task = &results->tasks[i];
        if (task->doc_ids != NULL)
            lme_map_add(&map, task->task, lme_report_doc_ids(arena, task));
    }
    return lme_map_finish(&map);
}

static lme_str run_json(lme_arena *arena, const lme_results *results, const lme_run_record *record)
{
    lme_map_builder map = {.arena = arena};
    lme_map_add(&map, LME_STR("lmeval_version"), lme_string(results->info.version));
    lme_map_add(&map, LME_STR("command"), command_value(arena, record));
    lme_map_add(&map, LME_STR("complete"), lme_bool(record->complete));
    lme_map_add(&map, LME_STR("started"), time_value(arena, record->started));
    lme_map_add(&map, LME_STR("ended"), time_value(arena, record->ended));
    lme_map_add(&map, LME_STR("seconds"), lme_float(record->seconds));
    lme_map_add(&map, LME_STR("base_url"), lme_string(results->info.base_url));
    lme_map_add(&map, LME_STR("model"), lme_string(results->info.model));
    lme_map_add(&map, LME_STR("server"), lme_string(results->info.server));
    lme_map_add(&map, LME_STR("scoring_path"), lme_string(record->profile->scoring_path));
    lme_map_add(&map, LME_STR("probe"),
                lme_profile_value(arena, results->info.base_url, record->profile));
    lme_map_add(&map, LME_STR("documents"), documents_value(arena, results));
    if (record->verified.len > 0)
        lme_map_add(&map, LME_STR("verified_path"), lme_string(record->verified));
    if (record->reworded.len > 0)
        lme_map_add(&map, LME_STR("refused_parameters"), lme_string(record->reworded));
    if (record->n_fingerprints > 0)
        lme_map_add(&map, LME_STR("system_fingerprints"), lme_dispatch_fingerprints(arena, record));
    lme_map_add(&map, LME_STR("traffic"), traffic_value(arena, record));
    lme_map_add(&map, LME_STR("client"), lme_dispatch_client(arena, record));
    lme_map_add(&map, LME_STR("concurrency"), lme_dispatch_concurrency(arena, record));
    if (record->n_servers > 1)
        lme_map_add(&map, LME_STR("servers"), lme_dispatch_servers(arena, record));
    lme_value value = lme_map_finish(&map);
    lme_builder out = {.arena = arena};
    lme_json_write(&out, &value, &json_file);
    lme_builder_char(&out, '\n');
    return lme_builder_finish(&out);
}

bool lme_output_finish(lme_arena *arena, lme_output *output, const lme_results *results,
                       const lme_run_record *record, lme_error *err)
{
    if (record->complete && !lme_file_write(path_in(arena, output, LME_STR("results.json")),
                                            lme_report_results_json(arena, results), err))
        return false;
    return lme_file_write(path_in(arena, output, LME_STR("run.json")),
                          run_json(arena, results, record), err);
}
