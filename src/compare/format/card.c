/* The table of a model card: one line a task, recovery with its interval. */
#include <lmeval/markdown.h>
#include <lmeval/shown.h>

static lme_str model_of(const lme_record *record)
{
    return record->model.len > 0 ? record->model : record->name;
}

static void write_header(lme_arena *arena, const lme_compare_view *view, lme_builder *out)
{
    lme_builder_char(out, '|');
    lme_markdown_cell(out, LME_STR("Task"));
    lme_markdown_cell(out, LME_STR("Metric"));
    lme_markdown_cell(out, model_of(view->comparisons[0].base));
    for (size_t i = 0; i < view->n; i++) {
        const lme_comparison *c = &view->comparisons[i];
        lme_markdown_cell(out, model_of(c->other));
        lme_str sure = lme_shown_percent(arena, c->options.confidence);
        lme_markdown_number(out, lme_str_format(arena, "Recovery %% [%.*s %%]", LME_STR_ARG(sure)));
    }
    lme_builder_char(out, '\n');
    lme_markdown_rule(out, 3 + 2 * view->n, 2);
}

static const lme_comparison_row *row_like(const lme_comparison *c, const lme_comparison_row *row)
{
    for (size_t i = 0; i < c->n_rows; i++) {
        const lme_comparison_row *other = &c->rows[i];
        if (lme_str_equal(other->task, row->task) && lme_str_equal(other->metric, row->metric) &&
            lme_str_equal(other->pipeline, row->pipeline))
            return other;
    }
    return NULL;
}

static void write_row(lme_arena *arena, const lme_compare_view *view, const lme_comparison_row *row,
                      lme_builder *out)
{
    lme_builder_char(out, '|');
    lme_markdown_cell(out, row->task);
    bool plain = row->pipeline.len == 0 || lme_str_equal(row->pipeline, LME_STR("none"));
    lme_markdown_cell(out, plain ? row->metric
                                 : lme_str_format(arena, "%.*s,%.*s", LME_STR_ARG(row->metric),
                                                  LME_STR_ARG(row->pipeline)));
    lme_markdown_cell(out, lme_shown_value(arena, row->base.value, row->is_share));
    for (size_t i = 0; i < view->n; i++) {
        const lme_comparison_row *its = row_like(&view->comparisons[i], row);
        bool judged = its != NULL && its->unsupported == NULL;
        lme_markdown_number(out, its == NULL
                                     ? LME_STR("-")
                                     : lme_shown_value(arena, its->other.value, its->is_share));
        lme_markdown_number(
            out, judged ? lme_shown_recovery(arena, &its->recovery, &its->recovery_interval)
                        : LME_STR("-"));
    }
    lme_builder_char(out, '\n');
}

static lme_str write(lme_arena *arena, const lme_compare_view *view)
{
    lme_builder out = {.arena = arena};
    write_header(arena, view, &out);
    const lme_comparison *first = &view->comparisons[0];
    for (size_t i = 0; i < first->n_rows; i++)
        write_row(arena, view, &first->rows[i], &out);
    for (size_t i = 0; i < view->n; i++) {
        if (view->comparisons[i].forced)
            lme_builder_add(&out, LME_STR("\nThe runs were not comparable; compared by force.\n"));
    }
    return lme_builder_finish(&out);
}

const lme_compare_format lme_compare_format_card = {
    .name = "card",
    .summary = "a model card's table, in Markdown",
    .write = write,
};
