/* lmeval report: finished runs as a page for a browser. */
#include "../command.h"
#include "../only_tasks.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <lmeval/page.h>
#include <lmeval/share.h>

typedef struct fields {
    const char *out;
    lme_option_list tasks;
    double confidence, min_recovery;
    size_t max_text;
    bool html, force;
} fields;

static const lme_option rows[] = {
    {.name = "html",
     .kind = LME_OPTION_FLAG,
     .offset = offsetof(fields, html),
     .help = "one self-contained HTML file (the only form, and not needed)"},
    {.name = "out",
     .letter = 'o',
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, out),
     .arg = "FILE",
     .help = "where it goes (report.html); -: standard output"},
    LME_ONLY_TASKS_OPTIONS(fields),
    {.name = "min-recovery",
     .kind = LME_OPTION_NUMBER,
     .offset = offsetof(fields, min_recovery),
     .arg = "PERCENT",
     .help = "what other runs are judged by (99)",
     .min = 1,
     .max = 200},
    {.name = "confidence",
     .kind = LME_OPTION_NUMBER,
     .offset = offsetof(fields, confidence),
     .arg = "SHARE",
     .help = "of the comparison's intervals and verdicts (0.95)",
     .min = 0.5,
     .max = 0.9999},
    {.name = "max-text",
     .kind = LME_OPTION_SIZE,
     .offset = offsetof(fields, max_text),
     .arg = "N",
     .help = "characters of a text that are kept (by their number)",
     .min = 1,
     .max = 1e9},
    {.name = "force",
     .kind = LME_OPTION_FLAG,
     .offset = offsetof(fields, force),
     .help = "compare runs that are not comparable, and say so"},
};
static const lme_option_table options = {rows, sizeof rows / sizeof rows[0]};

static bool read_options(lme_arena *arena, char **argv, fields *given, lme_option_list *paths,
                         lme_error *err)
{
    *given = (fields){.confidence = 0.95, .min_recovery = 99, .out = "report.html"};
    if (!lme_options_read(arena, &options, given, argv, paths, err))
        return false;
    if (paths->n == 0) {
        lme_fail(err, LME_ERR_USAGE, NULL, "report wants the folder of a run");
        return lme_hint(err, "lmeval report runs/base");
    }
    return true;
}

/* A file that is there is replaced when it is such a page, and never when it is something else. */
static bool check_out(const char *path, lme_error *err)
{
    char begin[256];
    if (lme_folder_exists(path)) {
        lme_fail(err, LME_ERR_USAGE, NULL, "--out %s is a folder", path);
        return lme_hint(err, "name a file: --out %s/report.html", path);
    }
    if (strcmp(path, "-") == 0 || !lme_file_exists(path))
        return true;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return lme_fail(err, LME_ERR_IO, NULL, "cannot read '%s': %s", path, strerror(errno));
    size_t n = fread(begin, 1, sizeof begin, file);
    (void)fclose(file);
    if (n == 0 || lme_page_is_one((lme_str){begin, n}))
        return true;
    lme_fail(err, LME_ERR_USAGE, NULL, "--out %s is there and no report of lmeval's", path);
    return lme_hint(err, "name another file, or move that one away");
}

static bool is_asked(const fields *given, lme_str name)
{
    for (size_t i = 0; i < given->tasks.n; i++) {
        if (lme_str_is(name, given->tasks.items[i]))
            return true;
    }
    return given->tasks.n == 0;
}

/* Keeps the tasks that are asked for, and reads their samples. */
static bool read_record(lme_arena *arena, const char *path, const fields *given, lme_record *record,
                        lme_error *err)
{
    if (!lme_record_open_results(arena, path, NULL, record, err))
        return false;
    size_t n = 0;
    for (size_t i = 0; i < record->n_tasks; i++) {
        if (is_asked(given, record->tasks[i].name))
            record->tasks[n++] = record->tasks[i];
    }
    record->n_tasks = n;
    for (size_t i = 0; i < n; i++) {
        if (!lme_record_read_lines(arena, &record->tasks[i], err))
            return false;
    }
    return true;
}

/* Each task that is asked for must be in some run. */
static bool check_tasks(const fields *given, const lme_record *base, const lme_str *known,
                        size_t n_known, lme_error *err)
{
    for (size_t i = 0; i < given->tasks.n; i++) {
        lme_str name = lme_str_from(given->tasks.items[i]);
        if (lme_record_find_task(base, name) != NULL)
            continue;
        lme_str nearest = lme_str_nearest(name, known, n_known);
        lme_fail(err, LME_ERR_USAGE, NULL, "%.*s has no task \"%.*s\"", LME_STR_ARG(base->name),
                 LME_STR_ARG(name));
        if (nearest.len > 0)
            return lme_hint(err, "did you mean --task %.*s?", LME_STR_ARG(nearest));
        return lme_hint(err, "lmeval report %.*s has them all", LME_STR_ARG(base->name));
    }
    return true;
}

static bool read_records(lme_arena *arena, const fields *given, const lme_option_list *paths,
                         lme_record *records, lme_error *err)
{
    lme_record all;
    if (!lme_record_open_results(arena, paths->items[0], NULL, &all, err))
        return false;
    lme_str *known = LME_ARRAY(arena, lme_str, all.n_tasks);
    for (size_t i = 0; i < all.n_tasks; i++)
        known[i] = all.tasks[i].name;
    if (!check_tasks(given, &all, known, all.n_tasks, err))
        return false;
    for (size_t i = 0; i < paths->n; i++) {
        if (!read_record(arena, paths->items[i], given, &records[i], err))
            return false;
        for (size_t k = 0; k < i; k++) {
            if (!lme_file_same(records[k].path, records[i].path))
                continue;
            lme_fail(err, LME_ERR_USAGE, NULL, "%s and %s are one run", paths->items[k],
                     paths->items[i]);
            return lme_hint(err, "name each run once");
        }
    }
    return true;
}

static lme_comparison *compare(lme_arena *arena, const fields *given, const lme_record *records,
                               size_t n)
{
    lme_comparison *comparisons = LME_ARRAY(arena, lme_comparison, n);
    const lme_compare_options asked = {
        .theta = given->min_recovery / 100.0,
        .confidence = given->confidence,
    };
    for (size_t i = 1; i < n; i++) {
        lme_comparison *c = &comparisons[i - 1];
        lme_compare_runs(arena, &records[0], &records[i], &asked, c);
        c->forced = given->force && c->n_obstacles > 0;
        if (c->n_obstacles > 0 && !given->force)
            fprintf(stderr, "lmeval: %.*s and %.*s are not comparable; the page says why\n",
                    LME_STR_ARG(records[0].name), LME_STR_ARG(records[i].name));
    }
    return comparisons;
}

/* What the file holds, on stderr. */
static void tell(const fields *given, const lme_page_counts *counts, size_t size)
{
    fprintf(stderr, "lmeval: %s: %zu samples, %.1f MB\n", given->out, counts->n_samples,
            (double)size / 1e6);
    if (counts->n_cut > 0)
        fprintf(stderr, "lmeval: texts of %zu samples are cut to %zu characters (--max-text N)\n",
                counts->n_cut, counts->max_text);
}

static bool run_report(lme_arena *arena, char **argv, lme_error *err)
{
    fields given;
    lme_option_list paths = {0};
    lme_page_counts counts;
    if (!read_options(arena, argv, &given, &paths, err) || !check_out(given.out, err))
        return false;
    lme_record *records = LME_ARRAY(arena, lme_record, paths.n);
    if (!read_records(arena, &given, &paths, records, err))
        return false;
    const lme_page page = {
        .records = records,
        .n_records = paths.n,
        .comparisons = compare(arena, &given, records, paths.n),
        .max_text = given.max_text,
    };
    lme_builder out = {.arena = arena};
    if (!lme_page_write(&page, &out, &counts, err))
        return false;
    lme_str text = lme_builder_finish(&out);
    if (strcmp(given.out, "-") == 0)
        return lme_print(text, err);
    if (!lme_file_write(given.out, text, err))
        return false;
    tell(&given, &counts, text.len);
    return true;
}

const lme_command lme_command_report = {
    .name = "report",
    .summary = "finished runs as a page for a browser",
    .usage = "RUN [OTHER...] [options]",
    .example = "  lmeval report runs/base\n"
               "  lmeval report runs/base runs/w4a16 --out both.html\n",
    .options = {rows, sizeof rows / sizeof rows[0]},
    .run = run_report,
};
