#include "score_report.h"

#include <lmeval/json.h>
#include <lmeval/unicode.h>

static lme_str title_of(lme_arena *arena, const lme_text_use *use)
{
    lme_builder title = {.arena = arena};
    if (use->metric->title == NULL)
        return lme_str_from(use->metric->name);
    use->metric->title(&title, use->options);
    return lme_builder_finish(&title);
}

/* "2.6.0" for sacrebleu, whose numbers these are; "rouge_score-0.1.2" for others. */
static lme_str version_of(lme_arena *arena, const lme_text_metric *metric)
{
    lme_str peer = lme_str_from(metric->peer), own = LME_STR("sacrebleu ");
    if (lme_str_starts(peer, own))
        return lme_str_slice(peer, own.len, peer.len);
    return lme_str_replace(arena, peer, LME_STR(" "), LME_STR("-"));
}

static lme_str signature_of(lme_arena *arena, const lme_score_report *r, const lme_text_use *use)
{
    lme_builder out = {.arena = arena};
    if (r->n_references > 0)
        lme_builder_format(&out, "nrefs:%zu|", r->n_references);
    else
        lme_builder_add(&out, LME_STR("nrefs:var|"));
    size_t n_bootstrap = r->pairing == LME_PAIRING_BOOTSTRAP ? r->n_paired : r->n_bootstrap;
    if (n_bootstrap > 0)
        lme_builder_format(&out, "bs:%zu|", n_bootstrap);
    if (r->pairing == LME_PAIRING_RANDOMIZATION)
        lme_builder_format(&out, "ar:%zu|", r->n_paired);
    if (n_bootstrap > 0 || r->pairing != LME_PAIRING_NONE)
        lme_builder_format(&out, "seed:%llu|", (unsigned long long)r->seed);
    size_t before = out.len;
    if (use->metric->signature != NULL)
        use->metric->signature(&out, use->options);
    lme_builder_format(&out, "%sversion:%.*s", out.len > before ? "|" : "",
                       LME_STR_ARG(version_of(arena, use->metric)));
    return lme_builder_finish(&out);
}

static int digits(const lme_score_report *r, const lme_text_use *use)
{
    if (r->width >= 0)
        return (int)r->width;
    return use->metric->is_percent ? 1 : 4;
}

/* "μ = 31.98 ± 24.45"; "" when there is no interval, or as in sacrebleu, its mean is 0. */
static lme_str confidence(lme_arena *arena, const lme_score_report *r, const lme_text_use *use,
                          const lme_scored *s)
{
    if (!s->has_interval || s->interval.mean <= 0.0)
        return LME_STR("");
    int width = digits(r, use);
    return lme_str_format(arena, "\u03bc = %.*f \u00b1 %.*f", width, s->interval.mean, width,
                          s->interval.half_width);
}

static lme_str details_of(lme_arena *arena, const lme_score_report *r, const lme_text_use *use,
                          const lme_scored *s)
{
    lme_builder out = {.arena = arena};
    if (use->metric->details == NULL)
        return LME_STR("");
    use->metric->details(&out, use->options, s->sums, r->n_segments);
    return lme_builder_finish(&out);
}

static void add_value(lme_builder *out, const lme_score_report *r, const lme_text_use *use,
                      const lme_scored *s)
{
    lme_str sure = confidence(out->arena, r, use, s);
    lme_builder_format(out, "%.*f", digits(r, use), s->score);
    if (sure.len > 0)
        lme_builder_format(out, " (%.*s)", LME_STR_ARG(sure));
}

/* Lines aligned at their " = ". */
static void add_lines(lme_builder *out, const lme_score_report *r)
{
    lme_str *heads = LME_ARRAY(out->arena, lme_str, r->n_metrics);
    size_t widest = 0;
    for (size_t m = 0; m < r->n_metrics; m++) {
        lme_str title = title_of(out->arena, &r->uses[m]);
        lme_str signature = signature_of(out->arena, r, &r->uses[m]);
        heads[m] =
            lme_str_format(out->arena, "%.*s|%.*s", LME_STR_ARG(title), LME_STR_ARG(signature));
        widest = heads[m].len > widest ? heads[m].len : widest;
    }
    for (size_t m = 0; m < r->n_metrics; m++) {
        if (!r->score_only)
            lme_builder_format(out, "%*s%.*s = ", (int)(widest - heads[m].len), "",
                               LME_STR_ARG(heads[m]));
        add_value(out, r, &r->uses[m], &r->scored[m]);
        lme_str details = details_of(out->arena, r, &r->uses[m], &r->scored[m]);
        if (!r->score_only && details.len > 0)
            lme_builder_format(out, " %.*s", LME_STR_ARG(details));
        lme_builder_char(out, '\n');
    }
}

/* The cell of a system and a metric; column 0 is the system's name, row 0 the head. */
static lme_str cell(lme_arena *arena, const lme_score_report *r, size_t row, size_t column)
{
    if (row == 0)
        return column == 0 ? LME_STR("System") : title_of(arena, &r->uses[column - 1]);
    if (column == 0) {
        bool is_baseline = row == 1 && r->pairing != LME_PAIRING_NONE;
        return lme_str_format(arena, "%s%s", is_baseline ? "Baseline: " : "", r->systems[row - 1]);
    }
    const lme_text_use *use = &r->uses[column - 1];
    const lme_scored *s = &r->scored[(row - 1) * r->n_metrics + column - 1];
    lme_builder out = {.arena = arena};
    int width = digits(r, use);
    lme_builder_format(&out, "%.*f", width, s->score);
    if (s->has_interval)
        lme_builder_format(&out, " (%.*f \u00b1 %.*f)", width, s->interval.mean, width,
                           s->interval.half_width);
    if (s->has_p_value)
        lme_builder_format(&out, " p = %.4f%s", s->p_value, s->p_value < 0.05 ? "*" : "");
    return lme_builder_finish(&out);
}

static void add_table(lme_builder *out, const lme_score_report *r)
{
    size_t n_rows = r->n_systems + 1, n_columns = r->n_metrics + 1;
    lme_str *cells = LME_ARRAY(out->arena, lme_str, n_rows * n_columns);
    size_t *widths = LME_ARRAY(out->arena, size_t, n_columns);
    for (size_t i = 0; i < n_rows * n_columns; i++) {
        cells[i] = cell(out->arena, r, i / n_columns, i % n_columns);
        size_t width = lme_display_width(cells[i]);
        widths[i % n_columns] = width > widths[i % n_columns] ? width : widths[i % n_columns];
    }
    for (size_t i = 0; i < n_rows * n_columns; i++) {
        bool is_last = i % n_columns == n_columns - 1;
        size_t padding = is_last ? 0 : widths[i % n_columns] - lme_display_width(cells[i]) + 2;
        lme_builder_format(out, "%.*s%*s%s", LME_STR_ARG(cells[i]), (int)padding, "",
                           is_last ? "\n" : "");
    }
}

static void add_test(lme_builder *out, const lme_score_report *r)
{
    if (r->pairing == LME_PAIRING_NONE)
        return;
    lme_builder_format(out,
                       "\nPaired %s test with %zu trials against the first system.\n"
                       "p: how often chance alone would make a difference as large; below 0.05 "
                       "(*) the\nsystem differs from the baseline, better or worse.\n",
                       r->pairing == LME_PAIRING_BOOTSTRAP ? "bootstrap resampling"
                                                           : "approximate randomization",
                       r->n_paired);
}

void lme_score_report_text(lme_builder *out, const lme_score_report *r)
{
    if (r->n_systems == 1) {
        add_lines(out, r);
        return;
    }
    add_table(out, r);
    if (r->score_only)
        return;
    add_test(out, r);
    lme_builder_char(out, '\n');
    for (size_t m = 0; m < r->n_metrics; m++) {
        lme_str title = title_of(out->arena, &r->uses[m]);
        lme_str signature = signature_of(out->arena, r, &r->uses[m]);
        lme_builder_format(out, "%-10.*s %.*s\n", LME_STR_ARG(title), LME_STR_ARG(signature));
    }
}

/* float(f"{value:.{width}f}") */
static lme_value rounded(lme_arena *arena, double value, int width)
{
    double number = value;
    if (!lme_str_to_double(lme_str_format(arena, "%.*f", width, value), &number))
        return lme_null(); /* not a number */
    return lme_float(number);
}

static void add_signature_pairs(lme_map_builder *map, lme_str signature)
{
    for (size_t at = 0; at < signature.len;) {
        size_t end = lme_str_find(signature, LME_STR("|"), at);
        end = end == SIZE_MAX ? signature.len : end;
        size_t colon = lme_str_find(signature, LME_STR(":"), at);
        lme_map_add(map, lme_str_slice(signature, at, colon),
                    lme_string(lme_str_slice(signature, colon + 1, end)));
        at = end + 1;
    }
}

static lme_value one_metric(lme_arena *arena, const lme_score_report *r, size_t m)
{
    const lme_text_use *use = &r->uses[m];
    const lme_scored *s = &r->scored[m];
    int width = digits(r, use);
    lme_map_builder map = {.arena = arena};
    lme_str signature = signature_of(arena, r, use), details = details_of(arena, r, use, s);
    lme_str sure = confidence(arena, r, use, s);
    lme_map_add(&map, LME_STR("name"), lme_string(title_of(arena, use)));
    lme_map_add(&map, LME_STR("score"), rounded(arena, s->score, width));
    lme_map_add(&map, LME_STR("signature"), lme_string(signature));
    if (sure.len > 0) {
        lme_map_add(&map, LME_STR("confidence_mean"), rounded(arena, s->interval.mean, width));
        lme_map_add(&map, LME_STR("confidence_var"), rounded(arena, s->interval.half_width, width));
        lme_map_add(&map, LME_STR("confidence"), lme_string(sure));
    }
    if (details.len > 0)
        lme_map_add(&map, LME_STR("verbose_score"), lme_string(details));
    add_signature_pairs(&map, signature);
    return lme_map_finish(&map);
}

static lme_value one_system(lme_arena *arena, const lme_score_report *r, size_t system)
{
    lme_map_builder map = {.arena = arena};
    lme_map_add(&map, LME_STR("system"), lme_string(cell(arena, r, system + 1, 0)));
    for (size_t m = 0; m < r->n_metrics; m++) {
        const lme_scored *s = &r->scored[system * r->n_metrics + m];
        lme_map_builder numbers = {.arena = arena};
        lme_map_add(&numbers, LME_STR("score"), lme_float(s->score));
        lme_map_add(&numbers, LME_STR("p_value"),
                    s->has_p_value ? lme_float(s->p_value) : lme_null());
        lme_map_add(&numbers, LME_STR("mean"),
                    s->has_interval ? lme_float(s->interval.mean) : lme_null());
        lme_map_add(&numbers, LME_STR("ci"),
                    s->has_interval ? lme_float(s->interval.half_width) : lme_null());
        lme_map_add(&numbers, LME_STR("signature"),
                    lme_string(signature_of(arena, r, &r->uses[m])));
        lme_map_add(&map, title_of(arena, &r->uses[m]), lme_map_finish(&numbers));
    }
    return lme_map_finish(&map);
}

void lme_score_report_json(lme_builder *out, const lme_score_report *r)
{
    bool one = r->n_systems == 1;
    size_t n = one ? r->n_metrics : r->n_systems;
    lme_json_style style = {.indent = one ? 1 : 4, .nan_as_null = true};
    bool brackets = n > 1;
    lme_builder_add(out, brackets ? LME_STR("[\n") : LME_STR(""));
    for (size_t i = 0; i < n; i++) {
        lme_value object = one ? one_metric(out->arena, r, i) : one_system(out->arena, r, i);
        lme_json_write(out, &object, &style);
        lme_builder_add(out, i + 1 < n ? LME_STR(",\n") : LME_STR("\n"));
    }
    lme_builder_add(out, brackets ? LME_STR("]\n") : LME_STR(""));
}

void lme_score_segment_text(lme_builder *out, const lme_score_report *r, double score)
{
    lme_builder_format(out, "%.*f\n", digits(r, &r->uses[0]), score);
}
