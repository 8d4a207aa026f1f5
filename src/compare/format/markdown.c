/* A summary for a build's page: verdicts first, then the numbers. */
#include <lmeval/markdown.h>
#include <lmeval/shown.h>

static void write_rows(lme_arena *arena, const lme_compare_view *view, const lme_comparison *c,
                       lme_builder *out)
{
    static const char *const headers[] = {"Task and metric", "Verdict",    "n",          "Base",
                                          "Other",           "Difference", "Recovery %", "Lost",
                                          "Gained",          "p (Holm)"};
    const size_t n = sizeof headers / sizeof headers[0];
    lme_builder_char(out, '|');
    for (size_t i = 0; i < n; i++)
        lme_markdown_cell(out, lme_str_from(headers[i]));
    lme_builder_char(out, '\n');
    lme_markdown_rule(out, n, 2);
    for (size_t i = 0; i < c->n_rows; i++) {
        const lme_comparison_row *row = &c->rows[i];
        bool judged = row->unsupported == NULL;
        const lme_str none = LME_STR("-");
        lme_builder_char(out, '|');
        lme_markdown_cell(out, lme_shown_label(arena, row));
        lme_markdown_number(out, judged ? lme_str_from(lme_verdict_name(row->verdict))
                                        : LME_STR("not judged"));
        lme_markdown_cell(out, lme_str_format(arena, "%zu", row->n));
        lme_markdown_cell(out, lme_shown_estimate(arena, &row->base, row->is_share, view->utf8));
        lme_markdown_cell(out, lme_shown_estimate(arena, &row->other, row->is_share, view->utf8));
        lme_markdown_number(out, lme_shown_difference(arena, row));
        lme_markdown_number(
            out,
            judged ? lme_shown_recovery(arena, &row->recovery, &row->recovery_interval) : none);
        lme_markdown_number(out, judged ? lme_str_format(arena, "%zu", row->flips.lost) : none);
        lme_markdown_number(out, judged ? lme_str_format(arena, "%zu", row->flips.gained) : none);
        lme_markdown_number(
            out, judged ? lme_shown_p(arena, row->pairs != NULL ? row->p_adjusted : row->p) : none);
        lme_builder_char(out, '\n');
    }
}

static void write_list(lme_arena *arena, const char *title, const lme_str *items, size_t n,
                       lme_builder *out)
{
    (void)arena;
    if (n == 0)
        return;
    lme_builder_format(out, "\n%s\n\n", title);
    for (size_t i = 0; i < n; i++)
        lme_builder_format(out, "- %.*s\n", LME_STR_ARG(items[i]));
}

static void write_noise(lme_arena *arena, const lme_compare_view *view, const lme_comparison *c,
                        lme_builder *out)
{
    for (size_t i = 0; i < c->n_rows; i++) {
        lme_str noise = lme_noise_sentence(arena, &c->rows[i], view->noise, c->options.confidence);
        if (noise.len > 0)
            lme_builder_format(out, "\n%.*s\n", LME_STR_ARG(noise));
    }
}

static lme_str write(lme_arena *arena, const lme_compare_view *view)
{
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < view->n; i++) {
        const lme_comparison *c = &view->comparisons[i];
        lme_builder_format(&out, "%s### %.*s against %.*s\n\n", i > 0 ? "\n" : "",
                           LME_STR_ARG(lme_shown_record(arena, c->other)),
                           LME_STR_ARG(lme_shown_record(arena, c->base)));
        write_rows(arena, view, c, &out);
        if (c->forced)
            write_list(arena, "**Not comparable, compared by force:**", c->obstacles,
                       c->n_obstacles, &out);
        write_noise(arena, view, c, &out);
        write_list(arena, "Notes:", c->notes, c->n_notes, &out);
    }
    return lme_builder_finish(&out);
}

const lme_compare_format lme_compare_format_markdown = {
    .name = "markdown",
    .summary = "a summary for a build's page, GitHub-flavoured",
    .write = write,
};
