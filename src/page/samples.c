/* Samples are read once more, in the order that they are listed in, and go into packs: lines of
 * JSON, gzip, base64, each in a script element that nothing runs. The page's script unpacks those
 * that a page of the list or a search needs. The first samples stand there as HTML besides. */
#include "samples.h"

#include "markup.h"
#include "pack.h"
#include "sample.h"

#include <math.h>

enum {
    LISTED = 40,            /* samples that are there without JavaScript */
    PACK_SAMPLES = 256,     /* of one pack: five pages of the list */
    PACK_BYTES = 1 << 20,   /* before it is closed; lines are not divided */
    TEXT_BUDGET = 80 << 20, /* bytes that all texts may have before they are packed, about */
    LEAST_TEXT = 500,       /* characters of a text, however many samples there are */
    MOST_TEXT = 20000       /* however few */
};

/* The samples files of one task, open. */
typedef struct readers {
    lme_arena *arena;
    size_t task;       /* of the view; SIZE_MAX: none is open */
    lme_recorded **of; /* n_records; NULL where there is none */
} readers;

typedef struct writing {
    const lme_view *view;
    const lme_entries *entries;
    lme_page_counts *counts;
    readers readers;
    lme_arena *arena;      /* of one sample */
    lme_arena *pack_arena; /* of the lines of one pack */
    lme_builder lines;     /* of the pack that is being filled */
    size_t n_in_pack;
    lme_builder *packs;       /* finished ones, as elements */
    lme_list_builder *starts; /* the first sample of each */
} writing;

static void close_readers(const lme_view *view, readers *r)
{
    for (size_t i = 0; r->of != NULL && i < view->page->n_records; i++)
        lme_recorded_close(r->of[i]);
    r->of = NULL;
    r->task = SIZE_MAX;
    lme_arena_reset(r->arena);
}

static bool open_readers(const lme_view *view, readers *r, size_t task, lme_error *err)
{
    if (r->task == task)
        return true;
    close_readers(view, r);
    r->of = LME_ARRAY(r->arena, lme_recorded *, view->page->n_records);
    for (size_t i = 0; i < view->page->n_records; i++) {
        const lme_record_task *of = view->tasks[task].runs[i];
        if (of != NULL && of->n_documents > 0 && !lme_recorded_open(r->arena, of, &r->of[i], err))
            return false;
    }
    r->task = task;
    return true;
}

static size_t choose_max_text(const lme_view *view, size_t n_samples)
{
    if (view->page->max_text > 0)
        return view->page->max_text;
    size_t most = TEXT_BUDGET / (n_samples > 0 ? n_samples : 1);
    return most < LEAST_TEXT ? LEAST_TEXT : most > MOST_TEXT ? MOST_TEXT : most;
}

static void finish_pack(writing *w, size_t first)
{
    if (w->n_in_pack == 0)
        return;
    lme_list_add(w->starts, lme_int((int64_t)first));
    lme_builder_add(w->packs, LME_STR("<script type=\"text/plain\" class=\"pack\">"));
    lme_pack(w->packs, lme_builder_finish(&w->lines));
    lme_builder_add(w->packs, LME_STR("</script>\n"));
    lme_arena_reset(w->pack_arena);
    w->lines = (lme_builder){.arena = w->pack_arena};
    w->n_in_pack = 0;
}

static bool write_one(writing *w, size_t index, lme_builder *listed, lme_error *err)
{
    const lme_view *view = w->view;
    const lme_entry *e = &w->entries->items[index];
    size_t n_runs = view->page->n_records, n_cut = 0;
    lme_arena_reset(w->arena);
    lme_recorded_sample *samples = LME_ARRAY(w->arena, lme_recorded_sample, n_runs);
    const lme_recorded_sample **runs = LME_ARRAY(w->arena, const lme_recorded_sample *, n_runs);
    if (!open_readers(view, &w->readers, e->task, err))
        return false;
    LME_BUG(w->readers.of == NULL, "no samples file is open");
    for (size_t i = 0; i < n_runs; i++) {
        if (e->documents[i] == NULL)
            continue;
        if (!lme_recorded_read(w->arena, w->readers.of[i], e->documents[i], &samples[i], err))
            return false;
        runs[i] = &samples[i];
    }
    const lme_page_sample sample = {view, &view->tasks[e->task], e,
                                    runs, w->counts->max_text,   &n_cut};
    lme_builder line = {.arena = w->arena}, html = {.arena = w->arena};
    lme_sample_line(&sample, &line);
    w->counts->n_cut += n_cut > 0 ? 1 : 0;
    lme_builder_add(&w->lines, lme_builder_finish(&line));
    lme_builder_char(&w->lines, '\n');
    w->n_in_pack++;
    if (index < LISTED) {
        lme_sample_html(&sample, &html);
        lme_builder_add(listed, lme_builder_finish(&html));
    }
    return true;
}

static bool write_all(writing *w, lme_builder *listed, lme_error *err)
{
    size_t first = 0;
    for (size_t i = 0; i < w->entries->n; i++) {
        if (!write_one(w, i, listed, err))
            return false;
        if (w->n_in_pack < PACK_SAMPLES && w->lines.len < PACK_BYTES)
            continue;
        finish_pack(w, first);
        first = i + 1;
    }
    finish_pack(w, first);
    return true;
}

static void add(lme_map_builder *map, const char *key, lme_value value)
{
    lme_map_add(map, lme_str_from(key), value);
}

static lme_value scores_of(const lme_view *view, const lme_entries *entries, size_t run)
{
    lme_list_builder list = {.arena = view->arena};
    for (size_t i = 0; i < entries->n; i++) {
        double score = entries->items[i].scores[run];
        lme_list_add(&list, isnan(score) ? lme_null() : lme_float(score));
    }
    return lme_list_finish(&list);
}

/* What the list shows and is filtered by, a column each; places are those of the samples. */
static lme_value make_index(const lme_view *view, const lme_entries *entries, lme_value starts)
{
    lme_arena *arena = view->arena;
    lme_map_builder map = {.arena = arena};
    lme_list_builder runs = {.arena = arena}, kinds = {.arena = arena}, names = {.arena = arena};
    lme_list_builder tasks = {.arena = arena}, ids = {.arena = arena}, of_kind = {.arena = arena};
    lme_list_builder scores = {.arena = arena};
    for (size_t i = 0; i < view->page->n_records; i++) {
        lme_list_add(&runs, lme_string(view->labels[i]));
        lme_list_add(&scores, scores_of(view, entries, i));
    }
    for (int i = 0; i < LME_ENTRY_KINDS; i++)
        lme_list_add(&kinds, lme_string(lme_str_from(lme_page_kind_name((lme_entry_kind)i))));
    for (size_t i = 0; i < view->n_tasks; i++)
        lme_list_add(&names, lme_string(view->tasks[i].name));
    for (size_t i = 0; i < entries->n; i++) {
        const lme_entry *e = &entries->items[i];
        lme_list_add(&tasks, lme_int((int64_t)e->task));
        lme_list_add(&ids, lme_int(e->documents[view->tasks[e->task].lead]->id));
        lme_list_add(&of_kind, lme_int((int64_t)e->kind));
    }
    add(&map, "runs", lme_list_finish(&runs));
    add(&map, "kinds", lme_list_finish(&kinds));
    add(&map, "tasks", lme_list_finish(&names));
    add(&map, "starts", starts);
    add(&map, "task", lme_list_finish(&tasks));
    add(&map, "id", lme_list_finish(&ids));
    add(&map, "kind", lme_list_finish(&of_kind));
    add(&map, "scores", lme_list_finish(&scores));
    return lme_map_finish(&map);
}

/* Hidden until the script is there to make them work. */
static void write_controls(const lme_view *view, const lme_entries *entries, lme_builder *out)
{
    lme_builder_add(out, LME_STR("<form id=\"controls\" role=\"search\" hidden>\n"
                                 "<p><label for=\"words\">Search prompts, choices, answers</label>"
                                 "<input id=\"words\" type=\"search\" autocomplete=\"off\" "
                                 "spellcheck=\"false\"></p>\n"
                                 "<p><label for=\"kind\">Outcome</label><select id=\"kind\">"
                                 "<option value=\"\">all</option>"));
    for (int i = 0; i < LME_ENTRY_KINDS; i++) {
        if (entries->n_of_kind[i] == 0)
            continue;
        LME_PUT(out, "<option value=\"%\">% (%)</option>", lme_str_format(view->arena, "%d", i),
                lme_str_from(lme_page_kind_name((lme_entry_kind)i)),
                lme_str_format(view->arena, "%zu", entries->n_of_kind[i]));
    }
    lme_builder_add(out, LME_STR("</select></p>\n<p><label for=\"task\">Task</label>"
                                 "<select id=\"task\"><option value=\"\">all</option>"));
    for (size_t i = 0; i < view->n_tasks; i++)
        LME_PUT(out, "<option value=\"%\">%</option>", lme_str_format(view->arena, "%zu", i),
                view->tasks[i].name);
    lme_builder_add(out, LME_STR("</select></p>\n</form>\n"));
}

/* What says right or wrong: the tasks' metrics, each once. */
static lme_str headline_metrics(const lme_view *view)
{
    lme_builder out = {.arena = view->arena};
    lme_str *seen = LME_ARRAY(view->arena, lme_str, view->n_tasks);
    size_t n = 0;
    for (size_t i = 0; i < view->n_tasks; i++) {
        const lme_headline *headline = &view->tasks[i].headlines[view->tasks[i].lead];
        if (headline->pipeline == NULL)
            continue;
        lme_str name = lme_view_metric(view->arena, headline->metric, headline->pipeline->name);
        size_t k = 0;
        while (k < n && !lme_str_equal(seen[k], name))
            k++;
        if (k < n)
            continue;
        seen[n++] = name;
        lme_builder_format(&out, "%s%.*s", n > 1 ? "; " : "", LME_STR_ARG(name));
    }
    return lme_builder_finish(&out);
}

static void write_remarks(const lme_view *view, const lme_entries *entries,
                          const lme_page_counts *counts, lme_builder *out)
{
    lme_arena *arena = view->arena;
    LME_PUT(
        out, "<p>% samples, % first. The numbers of a line are the scores of %.",
        lme_str_format(arena, "%zu", entries->n),
        view->page->n_records > 1 ? LME_STR("what the other runs lost") : LME_STR("the wrong ones"),
        view->page->n_records > 1 ? LME_STR("the runs in their order") : LME_STR("its document"));
    lme_str metrics = headline_metrics(view);
    if (metrics.len > 0)
        LME_PUT(out, " Outcomes go by %.", metrics);
    if (counts->n_cut > 0)
        LME_PUT(out,
                " Of % samples texts longer than % characters are cut: prompts at their beginning, "
                "others at their end.",
                lme_str_format(arena, "%zu", counts->n_cut),
                lme_str_format(arena, "%zu", counts->max_text));
    if (entries->n_unlisted > 0)
        LME_PUT(out, " % documents that only other runs have are not listed.",
                lme_str_format(arena, "%zu", entries->n_unlisted));
    lme_builder_add(out, LME_STR("</p>\n"));
    if (counts->n_listed < entries->n)
        LME_PUT(out,
                "<noscript><p class=\"warning\">Without JavaScript the first % samples are listed; "
                "search and the others need it.</p></noscript>\n",
                lme_str_format(arena, "%zu", counts->n_listed));
}

static void write_section(const writing *w, lme_str listed, lme_builder *out, lme_builder *data)
{
    lme_builder_add(out, LME_STR("<section id=\"samples\" aria-labelledby=\"h-samples\">\n"
                                 "<h2 id=\"h-samples\">Samples</h2>\n"));
    write_remarks(w->view, w->entries, w->counts, out);
    write_controls(w->view, w->entries, out);
    lme_builder_add(out, LME_STR("<p id=\"status\" role=\"status\"></p>\n<div id=\"list\">\n"));
    lme_builder_add(out, listed);
    lme_builder_add(out, LME_STR("</div>\n<nav id=\"pages\" aria-label=\"Pages of samples\" hidden>"
                                 "<button type=\"button\" id=\"previous\">Previous</button> "
                                 "<span id=\"place\"></span> "
                                 "<button type=\"button\" id=\"next\">Next</button></nav>\n"
                                 "</section>\n"));
    lme_builder_add(data, LME_STR("<script type=\"application/json\" id=\"index\">"));
    lme_value index = make_index(w->view, w->entries, lme_list_finish(w->starts));
    lme_page_json(data, &index);
    lme_builder_add(data, LME_STR("</script>\n"));
    lme_builder_add(data, lme_builder_finish(w->packs));
}

bool lme_page_samples(const lme_view *view, const lme_entries *entries, lme_page_counts *counts,
                      lme_builder *out, lme_builder *data, lme_error *err)
{
    lme_arena *arena = lme_arena_new();
    lme_builder packs = {.arena = arena}, listed = {.arena = arena};
    lme_list_builder starts = {.arena = arena};
    writing w = {
        .view = view, .entries = entries, .counts = counts, .packs = &packs, .starts = &starts};
    w.readers = (readers){.arena = lme_arena_new(), .task = SIZE_MAX};
    w.arena = lme_arena_new();
    w.pack_arena = lme_arena_new();
    w.lines = (lme_builder){.arena = w.pack_arena};
    counts->n_samples = entries->n;
    counts->n_listed = entries->n < LISTED ? entries->n : LISTED;
    counts->max_text = choose_max_text(view, entries->n);
    bool ok = write_all(&w, &listed, err);
    if (ok && entries->n > 0)
        write_section(&w, lme_builder_finish(&listed), out, data);
    close_readers(view, &w.readers);
    lme_arena_free(w.readers.arena);
    lme_arena_free(w.pack_arena);
    lme_arena_free(w.arena);
    lme_arena_free(arena);
    return ok;
}
