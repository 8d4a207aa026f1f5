/* The page from top to bottom: what to know, scores, what another model kept, where it went, the
 * samples, where the numbers come from. */
#include "markup.h"
#include "pack.h"
#include "samples.h"
#include "survey.h"

#include <lmeval/page.h>

/* src/page/html, put into the program by cmake/embed.cmake. */
extern const unsigned char lme_page_css[];
extern const size_t lme_page_css_size;
extern const unsigned char lme_page_js[];
extern const size_t lme_page_js_size;

static const char BEGIN[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"generator\" content=\"lmeval ";

bool lme_page_is_one(lme_str beginning)
{
    return lme_str_starts(beginning, lme_str_from(BEGIN));
}

static lme_str title_of(const lme_view *view)
{
    lme_builder out = {.arena = view->arena};
    for (size_t i = 0; i < view->page->n_records; i++)
        lme_builder_format(&out, "%s%.*s",
                           i == 0   ? ""
                           : i == 1 ? " against "
                                    : ", ",
                           LME_STR_ARG(view->labels[i]));
    return lme_builder_finish(&out);
}

static void write_head(const lme_view *view, lme_builder *out)
{
    const lme_str css = {(const char *)lme_page_css, lme_page_css_size};
    const lme_str js = {(const char *)lme_page_js, lme_page_js_size};
    lme_builder_add(out, lme_str_from(BEGIN));
    lme_builder_add(out,
                    LME_STR(LMEVAL_VERSION "\">\n"
                                           "<meta http-equiv=\"Content-Security-Policy\" content=\""
                                           "default-src 'none'; style-src "));
    lme_pack_source(out, css);
    lme_builder_add(out, LME_STR("; script-src "));
    lme_pack_source(out, js);
    lme_builder_add(out, LME_STR("; base-uri 'none'; form-action 'none'\">\n"
                                 "<meta name=\"viewport\" content=\"width=device-width, "
                                 "initial-scale=1\">\n"
                                 "<meta name=\"color-scheme\" content=\"light dark\">\n"
                                 "<meta name=\"referrer\" content=\"no-referrer\">\n"));
    LME_PUT(out, "<title>% - lmeval report</title>\n<style>", title_of(view));
    lme_builder_add(out, css);
    lme_builder_add(out, LME_STR("</style>\n</head>\n"));
}

/* Links to the sections that are there. */
static void write_links(lme_str body, lme_builder *out)
{
    static const char *const sections[][2] = {
        {"scores", "Scores"},   {"groups", "Groups"},        {"recovery", "Recovery"},
        {"flips", "Flips"},     {"margins", "Margins"},      {"breakdown", "Breakdown"},
        {"samples", "Samples"}, {"provenance", "Provenance"}};
    lme_builder_add(out, LME_STR("<nav aria-label=\"Sections\"><ul>"));
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        lme_str opening = lme_str_format(out->arena, "<section id=\"%s\" ", sections[i][0]);
        if (lme_str_find(body, opening, 0) != SIZE_MAX)
            LME_PUT(out, "<li><a href=\"#%\">%</a></li>", lme_str_from(sections[i][0]),
                    lme_str_from(sections[i][1]));
    }
    lme_builder_add(out, LME_STR("</ul></nav>\n"));
}

static bool has_sample_data(const lme_page *page)
{
    for (size_t i = 0; i < page->n_records; i++) {
        for (size_t k = 0; k < page->records[i].n_tasks; k++) {
            if (page->records[i].tasks[k].sample_data)
                return true;
        }
    }
    return false;
}

static void write_header(const lme_view *view, lme_builder *out)
{
    const lme_page *page = view->page;
    LME_PUT(out, "<header>\n<p class=\"kicker\">lmeval report</p>\n<h1>%</h1>\n<p>",
            title_of(view));
    for (size_t i = 0; i < page->n_records; i++)
        LME_PUT(out, "%<span class=\"run\">%</span> %", i > 0 ? LME_STR(", ") : LME_STR(""),
                view->labels[i],
                page->records[i].model.len > 0 ? page->records[i].model : LME_STR("unknown model"));
    lme_builder_add(out, LME_STR("</p>\n"));
    if (has_sample_data(page))
        lme_builder_add(out,
                        LME_STR("<p class=\"warning\" role=\"note\"><strong>Sample data.</strong> "
                                "Rows of tasks marked so were written for lmeval: their numbers "
                                "are not the benchmarks'.</p>\n"));
    lme_builder_add(out, LME_STR("</header>\n"));
}

static bool write_body(const lme_view *view, lme_page_counts *counts, lme_builder *body,
                       lme_builder *data, lme_error *err)
{
    lme_entries entries;
    lme_survey *surveys;
    lme_entries_collect(view, &entries);
    if (!lme_survey_make(view, &entries, &surveys, err))
        return false;
    lme_entries_sort(&entries);
    lme_page_scores(view, body);
    lme_page_groups(view, body);
    lme_page_recovery(view, body);
    lme_page_flips(view, body);
    lme_page_margins(view, surveys, body);
    lme_page_breakdown(view, surveys, body);
    if (!lme_page_samples(view, &entries, counts, body, data, err))
        return false;
    lme_page_provenance(view, body);
    return true;
}

bool lme_page_write(const lme_page *page, lme_builder *out, lme_page_counts *counts, lme_error *err)
{
    lme_view view;
    lme_arena *arena = lme_arena_new();
    lme_builder body = {.arena = arena}, data = {.arena = arena};
    *counts = (lme_page_counts){0};
    bool ok =
        lme_view_make(arena, page, &view, err) && write_body(&view, counts, &body, &data, err);
    if (ok) {
        lme_str text = lme_builder_finish(&body);
        write_head(&view, out);
        lme_builder_add(out, LME_STR("<body>\n<a class=\"skip\" href=\"#main\">Skip to the "
                                     "numbers</a>\n"));
        write_header(&view, out);
        write_links(text, out);
        lme_builder_add(out, LME_STR("<main id=\"main\">\n"));
        lme_builder_add(out, text);
        lme_builder_add(out, LME_STR("</main>\n<footer><p>Written by lmeval " LMEVAL_VERSION
                                     ". This file loads nothing.</p></footer>\n"));
        lme_builder_add(out, lme_builder_finish(&data));
        lme_builder_add(out, LME_STR("<script>"));
        lme_builder_add(out, (lme_str){(const char *)lme_page_js, lme_page_js_size});
        lme_builder_add(out, LME_STR("</script>\n</body>\n</html>\n"));
    }
    lme_arena_free(arena);
    return ok;
}
