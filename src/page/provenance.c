/* Where the numbers come from: model, server, tasks, seeds, the command. */
#include "markup.h"
#include "tree.h"
#include "view.h"

#include <math.h>

#include <lmeval/json.h>
#include <lmeval/limits.h>
#include <lmeval/share.h>

/* A row: what it is called, and where it stands in results.json or run.json. */
typedef struct fact {
    const char *name;
    const char *path[3]; /* NULL ends it */
    bool of_run;         /* in run.json */
} fact;

static const fact facts[] = {
    {"model", {"model_name"}, false},
    {"server", {"lmeval", "server"}, false},
    {"address", {"base_url"}, true},
    {"scoring path", {"scoring_path"}, true},
    {"lmeval version", {"lmeval", "version"}, false},
    {"lm_eval version", {"lm_eval_version"}, false},
    {"started", {"started"}, true},
    {"ended", {"ended"}, true},
    {"complete", {"complete"}, true},
    {"limit", {"config", "limit"}, false},
    {"request seed", {"config", "model_args", "seed"}, false},
    {"few-shot seed", {"config", "fewshot_seed"}, false},
    {"generation settings", {"config", "gen_kwargs"}, false},
    {"chat template", {"lmeval", "apply_chat_template"}, false},
    {"system instruction", {"system_instruction"}, false},
    {"bootstrap iterations", {"config", "bootstrap_iters"}, false},
};

static const lme_value *find(const lme_value *results, const lme_value *run, const fact *f)
{
    const lme_value *v = f->of_run ? run : results;
    for (size_t i = 0; v != NULL && i < 3 && f->path[i] != NULL; i++)
        v = lme_value_find(v, f->path[i]);
    return v;
}

/* run.json beside the results; null when there is none that can be read. */
static lme_value read_run(lme_arena *arena, const lme_record *record)
{
    lme_value run = lme_null();
    lme_str text, folder = lme_path_folder(lme_str_from(record->path));
    lme_str path =
        lme_path_join(arena, folder.len > 0 ? folder : LME_STR("."), LME_STR("run.json"));
    if (lme_value_find(&record->tree, "lmeval") == NULL ||
        !lme_file_exists(lme_str_cstr(arena, path)) ||
        !lme_file_read(arena, lme_str_cstr(arena, path), LME_LIMIT_ROW, &text, NULL) ||
        !lme_json_read(arena, NULL, text, NULL, &run, NULL))
        return lme_null();
    return run;
}

/* The command as a shell takes it. */
static lme_str command_of(lme_arena *arena, const lme_value *run)
{
    const lme_value *words = lme_value_find(run, "command");
    lme_builder out = {.arena = arena};
    for (size_t i = 0; words != NULL && words->kind == LME_LIST && i < words->list.len; i++) {
        lme_str word = lme_tree_text(arena, &words->list.items[i]);
        bool plain = word.len > 0;
        for (size_t k = 0; k < word.len; k++) {
            unsigned char c = (unsigned char)word.ptr[k];
            plain = plain &&
                    ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c >= 0x80 || c == '-' || c == '_' || c == '.' || c == '/' || c == '=' ||
                     c == ',' || c == ':' || c == '@' || c == '%' || c == '+');
        }
        if (i > 0)
            lme_builder_char(&out, ' ');
        if (plain)
            lme_builder_add(&out, word);
        else
            lme_builder_format(
                &out, "'%.*s'",
                LME_STR_ARG(lme_str_replace(arena, word, LME_STR("'"), LME_STR("'\\''"))));
    }
    return lme_builder_finish(&out);
}

static void begin_runs(const lme_view *view, lme_str caption, const char *first, lme_builder *out)
{
    size_t n_runs = view->page->n_records;
    const char **columns = LME_ARRAY(view->arena, const char *, n_runs + 1);
    columns[0] = first;
    for (size_t i = 0; i < n_runs; i++)
        columns[i + 1] = lme_str_cstr(view->arena, view->labels[i]);
    lme_page_table_begin(out, "plain facts", caption, columns, n_runs + 1);
    lme_builder_add(out, LME_STR("<tbody role=\"rowgroup\">\n"));
}

static void write_fact(const lme_view *view, const char *name, const lme_str *cells,
                       lme_builder *out)
{
    bool any = false;
    for (size_t i = 0; i < view->page->n_records; i++)
        any = any || cells[i].len > 0;
    if (!any)
        return;
    LME_PUT(out, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">%</th>",
            lme_str_from(name));
    for (size_t i = 0; i < view->page->n_records; i++)
        LME_PUT(out, "<td role=\"cell\">%</td>", cells[i].len > 0 ? cells[i] : LME_STR("-"));
    lme_builder_add(out, LME_STR("</tr>\n"));
}

static void write_runs(const lme_view *view, const lme_value *runs, lme_builder *out)
{
    size_t n_runs = view->page->n_records;
    lme_str *cells = LME_ARRAY(view->arena, lme_str, n_runs);
    begin_runs(view, LME_STR("The runs"), "", out);
    for (size_t i = 0; i < n_runs; i++)
        cells[i] = view->page->records[i].name;
    write_fact(view, "folder", cells, out);
    for (size_t f = 0; f < sizeof facts / sizeof facts[0]; f++) {
        for (size_t i = 0; i < n_runs; i++) {
            const lme_value *v = find(&view->page->records[i].tree, &runs[i], &facts[f]);
            cells[i] = lme_tree_text(view->arena, v);
        }
        write_fact(view, facts[f].name, cells, out);
    }
    lme_builder_add(out, LME_STR("</tbody>\n"));
    lme_page_table_end(out);
}

/* "40 of 127" documents; "-" where the file does not tell. */
static lme_str documents_text(lme_arena *arena, const lme_value *tree, lme_str task)
{
    const lme_str path[] = {LME_STR("n-samples"), task};
    const lme_value *counts = lme_tree_at(tree, path, 2);
    if (counts == NULL)
        return LME_STR("-");
    double n = lme_tree_number(lme_value_find(counts, "effective"));
    double all = lme_tree_number(lme_value_find(counts, "original"));
    if (isnan(n) || isnan(all))
        return LME_STR("-");
    return lme_str_format(arena, "%.10g of %.10g", n, all);
}

static void write_task(const lme_view *view, const lme_view_task *task, size_t run,
                       lme_builder *out)
{
    lme_arena *arena = view->arena;
    const lme_record_task *of = task->runs[run];
    const lme_value *tree = &view->page->records[run].tree;
    const lme_str dataset[] = {LME_STR("lmeval"), LME_STR("tasks"), task->name, LME_STR("dataset")};
    lme_str version = lme_tree_text(arena, &of->version);
    lme_str rows = lme_tree_text(arena, lme_tree_at(tree, dataset, 4));
    LME_PUT(out,
            "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">%</th><td role=\"cell\">%</td>"
            "<td role=\"cell\" class=\"number\">%</td><td role=\"cell\" class=\"number\">%</td>"
            "<td role=\"cell\">%%</td><td role=\"cell\" class=\"number\">%</td>"
            "<td role=\"cell\" class=\"number\">%</td><td role=\"cell\">%</td></tr>\n",
            task->name, view->labels[run], version.len > 0 ? version : LME_STR("-"),
            of->n_shot < 0 ? LME_STR("-") : lme_str_format(arena, "%lld", (long long)of->n_shot),
            rows.len > 0 ? rows : LME_STR("-"),
            of->sample_data ? LME_STR(", sample data") : LME_STR(""),
            documents_text(arena, tree, task->name), lme_str_format(arena, "%zu", of->n_failed),
            of->scoring_path.len > 0 ? of->scoring_path : LME_STR("-"));
}

static void write_tasks(const lme_view *view, lme_builder *out)
{
    static const char *const columns[] = {"task",    "run",       "version", "n-shot",
                                          "dataset", "documents", "failed",  "scoring path"};
    lme_page_table_begin(out, "plain", LME_STR("The tasks"), columns,
                         sizeof columns / sizeof columns[0]);
    lme_builder_add(out, LME_STR("<tbody role=\"rowgroup\">\n"));
    for (size_t i = 0; i < view->n_tasks; i++) {
        for (size_t r = 0; r < view->page->n_records; r++) {
            if (view->tasks[i].runs[r] != NULL)
                write_task(view, &view->tasks[i], r, out);
        }
    }
    lme_builder_add(out, LME_STR("</tbody>\n"));
    lme_page_table_end(out);
}

void lme_page_provenance(const lme_view *view, lme_builder *out)
{
    size_t n_runs = view->page->n_records;
    lme_value *runs = LME_ARRAY(view->arena, lme_value, n_runs);
    for (size_t i = 0; i < n_runs; i++)
        runs[i] = read_run(view->arena, &view->page->records[i]);
    lme_builder_add(out, LME_STR("<section id=\"provenance\" aria-labelledby=\"h-provenance\">\n"
                                 "<h2 id=\"h-provenance\">Provenance</h2>\n"));
    write_runs(view, runs, out);
    write_tasks(view, out);
    for (size_t i = 0; i < n_runs; i++) {
        lme_str command = command_of(view->arena, &runs[i]);
        if (command.len > 0)
            LME_PUT(out, "<h3>Command of %</h3>\n<pre>%</pre>\n", view->labels[i], command);
    }
    lme_builder_add(out, LME_STR("</section>\n"));
}
