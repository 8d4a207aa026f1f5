#include "view.h"

#include "markup.h"

#include <math.h>

/* The last part of a run's path, or all of it where two runs would have the same. */
static const lme_str *label_runs(lme_arena *arena, const lme_page *page)
{
    lme_str *labels = LME_ARRAY(arena, lme_str, page->n_records);
    bool unique = true;
    for (size_t i = 0; i < page->n_records; i++) {
        lme_str name = page->records[i].name;
        while (name.len > 1 && name.ptr[name.len - 1] == '/')
            name.len--;
        size_t from = name.len;
        while (from > 0 && name.ptr[from - 1] != '/')
            from--;
        labels[i] = lme_str_slice(name, from, name.len);
        for (size_t k = 0; k < i; k++)
            unique = unique && !lme_str_equal(labels[i], labels[k]);
    }
    for (size_t i = 0; !unique && i < page->n_records; i++)
        labels[i] = page->records[i].name;
    return labels;
}

static bool fill_task(lme_arena *arena, const lme_page *page, lme_str name, size_t lead,
                      lme_view_task *task, lme_error *err)
{
    *task = (lme_view_task){.name = name, .lead = lead};
    task->runs = LME_ARRAY(arena, const lme_record_task *, page->n_records);
    task->headlines = LME_ARRAY(arena, lme_headline, page->n_records);
    for (size_t i = lead; i < page->n_records; i++) {
        task->runs[i] = lme_record_find_task(&page->records[i], name);
        if (task->runs[i] != NULL &&
            !lme_headline_find(arena, task->runs[i], LME_STR(""), &task->headlines[i], err))
            return false;
    }
    return true;
}

static bool is_known(const lme_page *page, size_t before, lme_str name)
{
    for (size_t i = 0; i < before; i++) {
        if (lme_record_find_task(&page->records[i], name) != NULL)
            return true;
    }
    return false;
}

bool lme_view_make(lme_arena *arena, const lme_page *page, lme_view *view, lme_error *err)
{
    size_t most = 0;
    for (size_t i = 0; i < page->n_records; i++)
        most += page->records[i].n_tasks;
    lme_view_task *tasks = LME_ARRAY(arena, lme_view_task, most);
    *view = (lme_view){.arena = arena, .page = page, .tasks = tasks};
    view->labels = label_runs(arena, page);
    for (size_t i = 0; i < page->n_records; i++) {
        for (size_t k = 0; k < page->records[i].n_tasks; k++) {
            lme_str name = page->records[i].tasks[k].name;
            if (is_known(page, i, name))
                continue;
            if (!fill_task(arena, page, name, i, &tasks[view->n_tasks++], err))
                return false;
        }
    }
    return true;
}

bool lme_view_is_share(const lme_record_task *task, const lme_record_score *score)
{
    const lme_record_pipeline *pipeline = lme_record_find_pipeline(task, score->pipeline);
    size_t column = pipeline == NULL ? SIZE_MAX : lme_record_metric_column(pipeline, score->metric);
    if (column == SIZE_MAX || !score->higher_is_better)
        return false;
    bool any = false;
    for (size_t i = 0; i < pipeline->n_lines; i++) {
        double value = pipeline->lines[i].scores[column];
        if (value < 0.0 || value > 1.0)
            return false;
        any = any || !isnan(value);
    }
    return any;
}

lme_str lme_view_metric(lme_arena *arena, lme_str metric, lme_str pipeline)
{
    if (pipeline.len == 0 || lme_str_is(pipeline, "none"))
        return metric;
    return lme_str_format(arena, "%.*s, %.*s", LME_STR_ARG(metric), LME_STR_ARG(pipeline));
}

void lme_page_table_begin(lme_builder *out, const char *style, lme_str caption,
                          const char *const *columns, size_t n)
{
    LME_PUT(out,
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%\">\n"
            "<table class=\"%\" role=\"table\">\n<caption>%</caption>\n"
            "<thead role=\"rowgroup\"><tr role=\"row\">",
            caption, lme_str_from(style), caption);
    for (size_t i = 0; i < n; i++)
        LME_PUT(out, "<th scope=\"col\" role=\"columnheader\">%</th>", lme_str_from(columns[i]));
    lme_builder_add(out, LME_STR("</tr></thead>\n"));
}

void lme_page_table_end(lme_builder *out)
{
    lme_builder_add(out, LME_STR("</table>\n</div>\n"));
}
