/* Any bytes as a results file and a samples file give a run that can be looked at in full and
 * compared with itself and with its half, or an error with a place and words. The samples begin
 * behind the first line "====". */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lmeval/compare.h>
#include <lmeval/recorded.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char separator[] = "\n====\n";

static void write_file(const char *path, lme_str text)
{
    FILE *file = fopen(path, "wb");
    LME_BUG(file == NULL, "cannot write");
    LME_BUG(fwrite(text.ptr, 1, text.len, file) != text.len, "cannot write");
    LME_BUG(fclose(file) != 0, "cannot write");
}

static void check_error(const lme_error *err)
{
    LME_BUG(err->code == LME_OK || err->message[0] == 0, "an error without words");
    LME_BUG(err->code == LME_ERR_DATA && err->file[0] == 0, "an error without a place");
}

static void look(lme_arena *arena, const lme_record_task *task)
{
    lme_recorded *recorded;
    lme_error err = {.code = LME_OK};
    if (task->n_documents == 0)
        return;
    if (!lme_recorded_open(arena, task, &recorded, &err)) {
        check_error(&err);
        return;
    }
    for (size_t i = 0; i < task->n_documents; i++) {
        lme_recorded_sample sample;
        if (!lme_recorded_read(arena, recorded, &task->documents[i], &sample, &err)) {
            check_error(&err);
            break;
        }
        (void)lme_recorded_pick(&sample, true, LME_STR(" "));
    }
    lme_recorded_close(recorded);
}

/* Whatever a file says: a run is not worse than itself. */
static void check_row(const lme_comparison_row *row, bool with_itself)
{
    LME_BUG(row->verdict == LME_VERDICT_NONE && row->unsupported == NULL,
            "not judged, and nobody says why");
    LME_BUG(with_itself && row->verdict == LME_VERDICT_DEGRADED, "worse than itself");
    LME_BUG(row->p < 0.0 || row->p > 1.0, "a p that is none");
}

static void compare(lme_arena *arena, const lme_record *a, const lme_record *b)
{
    static const lme_compare_options options = {.theta = 0.99, .confidence = 0.95};
    lme_comparison *made = LME_NEW(arena, lme_comparison);
    lme_compare_runs(arena, a, b, &options, made);
    for (size_t i = 0; i < made->n_rows; i++)
        check_row(&made->rows[i], a == b);
    lme_compare_view view = {.comparisons = made, .n = 1, .utf8 = true};
    size_t n;
    const lme_compare_format *const *formats = lme_compare_format_all(&n);
    for (size_t i = 0; i < n; i++)
        (void)formats[i]->write(arena, &view);
}

static void read_run(lme_arena *arena, const char *folder, const char *results)
{
    lme_record *record = LME_NEW(arena, lme_record), *again = LME_NEW(arena, lme_record);
    lme_error err = {.code = LME_OK};
    if (lme_record_open(arena, results, "group", record, &err)) {
        for (size_t i = 0; i < record->n_tasks; i++)
            look(arena, &record->tasks[i]);
        compare(arena, record, record);
        lme_record_task half = {0};
        if (record->n_tasks > 0 && record->tasks[0].n_pipelines > 0) {
            half = record->tasks[0];
            lme_record_pipeline *few = LME_ARRAY(arena, lme_record_pipeline, half.n_pipelines);
            for (size_t i = 0; i < half.n_pipelines; i++) {
                few[i] = half.pipelines[i];
                few[i].n_lines = few[i].n_lines / 2;
            }
            half.pipelines = few;
            *again = *record;
            again->tasks = &half;
            again->n_tasks = 1;
            compare(arena, record, again);
        }
    } else {
        check_error(&err);
    }
    if (!lme_record_open_samples(arena, folder, again, &err))
        check_error(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    lme_arena *arena = lme_arena_new();
    lme_str all = {(const char *)data, size}, tree = all, samples = LME_STR("");
    for (size_t i = 0; i + sizeof separator - 1 <= size; i++) {
        if (memcmp(data + i, separator, sizeof separator - 1) == 0) {
            tree = lme_str_slice(all, 0, i);
            samples = lme_str_slice(all, i + sizeof separator - 1, SIZE_MAX);
            break;
        }
    }
    char folder[] = "/tmp/lmeval-fuzz-record-XXXXXX";
    LME_BUG(mkdtemp(folder) == NULL, "no folder to write to");
    char results[64], lines[64];
    snprintf(results, sizeof results, "%s/results.json", folder);
    snprintf(lines, sizeof lines, "%s/samples_t.jsonl", folder);
    write_file(results, tree);
    write_file(lines, samples);
    read_run(arena, folder, results);
    LME_BUG(unlink(results) != 0 || unlink(lines) != 0 || rmdir(folder) != 0, "left behind");
    lme_arena_free(arena);
    return 0;
}
