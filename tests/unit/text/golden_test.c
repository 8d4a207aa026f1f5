/* Every text metric against its peer over the same generated pairs, segments and corpora. */
#include "golden_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TOLERANCE 1e-9

typedef struct pairs {
    lme_arena *arena, *scratch;
    const lme_value *items; /* the first one is the header */
    size_t n;
    size_t n_wrong;
} pairs;

static pairs open_pairs(void)
{
    pairs p = {.arena = lme_arena_new(), .scratch = lme_arena_new()};
    p.items = golden_lines(p.arena, "text/pairs.jsonl", &p.n);
    assert_true(p.n > 5000);
    return p;
}

static void close_pairs(pairs *p)
{
    assert_int_equal(p->n_wrong, 0);
    lme_arena_free(p->arena);
    lme_arena_free(p->scratch);
}

/* Says what differs, a few times, and goes on: one wrong rule shows in many pairs. */
static void compare(pairs *p, size_t line, const char *what, double got, double expected)
{
    if (fabs(got - expected) <= TOLERANCE * fmax(1.0, fabs(expected)))
        return;
    if (p->n_wrong++ < 12)
        print_error("line %zu, %s: %.17g, expected %.17g\n", line + 1, what, got, expected);
}

static void measure(pairs *p, const lme_text_use *use, const lme_segment *segment, double *stats)
{
    lme_error err = {0};
    assert_ok(use->metric->measure(p->scratch, use->options, segment, stats, &err), &err);
    lme_arena_reset(p->scratch);
}

static double score_one(pairs *p, const lme_text_use *use, size_t line)
{
    double stats[LME_TEXT_WIDTH_MAX];
    lme_segment segment = golden_segment(p->scratch, &p->items[line]);
    measure(p, use, &segment, stats);
    return use->metric->score(use->options, stats, 1);
}

static void sacrebleu_segments(void **state)
{
    (void)state;
    pairs p = open_pairs();
    size_t n;
    const lme_value *rows = golden_lines(p.arena, "sacrebleu/segments.jsonl", &n);
    assert_int_equal(n, p.n);
    const lme_text_use *uses = golden_settings(p.arena, &rows[0]);
    for (size_t i = 1; i < n; i++) {
        for (size_t k = 0; k + 1 < rows[i].list.len; k += 2) {
            size_t setting = (size_t)rows[i].list.items[k].integer;
            char what[64];
            snprintf(what, sizeof what, "%s, setting %zu", uses[setting].metric->name, setting);
            compare(&p, i, what, score_one(&p, &uses[setting], i),
                    golden_number(&rows[i].list.items[k + 1]));
        }
    }
    close_pairs(&p);
}

/* Statistics of a run of pairs, with all of their references or the first alone. */
static double *measure_run(pairs *p, const lme_text_use *use, size_t from, size_t n,
                           bool first_reference)
{
    double *stats = LME_ARRAY(p->arena, double, n * use->width);
    for (size_t i = 0; i < n; i++) {
        lme_segment segment = golden_segment(p->scratch, &p->items[1 + from + i]);
        if (first_reference)
            segment.n_references = 1;
        measure(p, use, &segment, stats + i * use->width);
    }
    return stats;
}

static void add_up(const double *stats, size_t n, size_t width, double *sums)
{
    memset(sums, 0, width * sizeof *sums);
    for (size_t i = 0; i < n; i++) {
        for (size_t w = 0; w < width; w++)
            sums[w] += stats[i * width + w];
    }
}

/* sacrebleu's printed line, its count of references taken from it. */
static lme_str printed(lme_arena *arena, const lme_text_use *use, const double *sums, size_t n,
                       lme_str expected)
{
    lme_builder out = {.arena = arena};
    use->metric->title(&out, use->options);
    size_t bar = lme_str_find(expected, LME_STR("|"), 0);
    size_t next = lme_str_find(expected, LME_STR("|"), bar + 1);
    lme_builder_add(&out, lme_str_slice(expected, bar, next + 1));
    use->metric->signature(&out, use->options);
    lme_builder_format(&out, "|version:2.6.0 = %.4f", use->metric->score(use->options, sums, n));
    if (use->metric->details != NULL) {
        lme_builder_char(&out, ' ');
        use->metric->details(&out, use->options, sums, n);
    }
    return lme_builder_finish(&out);
}

/* The other system gives its neighbour's answer every 25th time. */
static double *measure_other(pairs *p, const lme_text_use *use, size_t from, size_t n)
{
    double *stats = measure_run(p, use, from, n, true);
    for (size_t i = 7; i < n; i += 25) {
        lme_segment segment = golden_segment(p->scratch, &p->items[1 + from + i]);
        segment.hypothesis = p->items[from + i].list.items[0].string;
        segment.n_references = 1;
        measure(p, use, &segment, stats + i * use->width);
    }
    return stats;
}

/* Draws are numpy's, bit for bit; sacrebleu then sums in float32. */
static void compare_resampling(pairs *p, const lme_text_use *use, const lme_value *row, size_t line)
{
    size_t from = (size_t)lme_value_find(row, "from")->integer;
    size_t n = (size_t)lme_value_find(row, "n")->integer;
    double *stats = measure_run(p, use, from, n, true);
    double *other = measure_other(p, use, from, n);
    double sums[LME_TEXT_WIDTH_MAX];
    add_up(other, n, use->width, sums);
    compare(p, line, "other system", use->metric->score(use->options, sums, n),
            golden_number(lme_value_find(row, "other")));
    lme_text_spread interval;
    lme_text_interval(use, stats, n, 1000, 12345, &interval);
    assert_close(interval.mean, golden_number(lme_value_find(row, "mean")), 1e-5);
    assert_close(interval.half_width, golden_number(lme_value_find(row, "ci")), 1e-4);
    lme_paired paired = {stats, other, n, 1000, 12345};
    assert_close(lme_text_paired_bootstrap(use, &paired),
                 golden_number(lme_value_find(row, "p_bs")), 1e-12);
    paired.n_samples = 2000;
    assert_close(lme_text_paired_randomization(use, &paired),
                 golden_number(lme_value_find(row, "p_ar")), 1e-12);
}

static void sacrebleu_corpora(void **state)
{
    (void)state;
    pairs p = open_pairs();
    size_t n, n_resampled = 0;
    const lme_value *rows = golden_lines(p.arena, "sacrebleu/corpora.jsonl", &n);
    const lme_text_use *uses = golden_settings(p.arena, &rows[0]);
    for (size_t i = 1; i < n; i++) {
        const lme_text_use *use = &uses[lme_value_find(&rows[i], "setting")->integer];
        size_t from = (size_t)lme_value_find(&rows[i], "from")->integer;
        size_t n_segments = (size_t)lme_value_find(&rows[i], "n")->integer;
        const lme_value *line = lme_value_find(&rows[i], "line");
        double sums[LME_TEXT_WIDTH_MAX];
        add_up(measure_run(&p, use, from, n_segments, line == NULL), n_segments, use->width, sums);
        compare(&p, i, use->metric->name, use->metric->score(use->options, sums, n_segments),
                golden_number(lme_value_find(&rows[i], "score")));
        if (line == NULL) {
            compare_resampling(&p, use, &rows[i], i);
            n_resampled++;
            continue;
        }
        assert_str(printed(p.arena, use, sums, n_segments, line->string),
                   lme_str_cstr(p.arena, line->string));
    }
    assert_int_equal(n_resampled, 4);
    close_pairs(&p);
}

static void rouge_segments(void **state)
{
    (void)state;
    pairs p = open_pairs();
    size_t n;
    const lme_value *rows = golden_lines(p.arena, "rouge_score/segments.jsonl", &n);
    assert_int_equal(n, p.n);
    const lme_text_use *uses = golden_settings(p.arena, &rows[0]);
    for (size_t i = 1; i < n; i++) {
        const lme_text_use *use = &uses[rows[i].list.items[0].integer];
        double stats[LME_TEXT_WIDTH_MAX];
        lme_segment segment = golden_segment(p.scratch, &p.items[i]);
        measure(&p, use, &segment, stats);
        for (size_t k = 1; k <= 3; k++)
            compare(&p, i, use->metric->name, stats[k], golden_number(&rows[i].list.items[k]));
    }
    close_pairs(&p);
}

static void answer_segments(void **state)
{
    (void)state;
    static const char *const names[] = {"squad_f1", "squad_em", "drop_em", "drop_f1"};
    pairs p = open_pairs();
    size_t n;
    const lme_value *rows = golden_lines(p.arena, "lm_eval_answers/segments.jsonl", &n);
    assert_int_equal(n, p.n);
    for (size_t k = 0; k < 4; k++) {
        lme_error err = {0};
        lme_text_use use;
        assert_ok(lme_text_open(p.arena, lme_str_from(names[k]), NULL, NULL, &use, &err), &err);
        for (size_t i = 1; i < n; i++)
            compare(&p, i, names[k], score_one(&p, &use, i), golden_number(&rows[i].list.items[k]));
    }
    close_pairs(&p);
}

static lme_spans spans_of(lme_arena *arena, const lme_value *list)
{
    lme_str *items = LME_ARRAY(arena, lme_str, list->list.len);
    for (size_t i = 0; i < list->list.len; i++)
        items[i] = list->list.items[i].string;
    return (lme_spans){items, list->list.len};
}

static void drop_spans(void **state)
{
    (void)state;
    pairs p = open_pairs();
    size_t n;
    const lme_value *rows = golden_lines(p.arena, "lm_eval_answers/spans.jsonl", &n);
    for (size_t i = 1; i < n; i++) {
        lme_error err = {0};
        double exact, f1;
        const lme_value *row = rows[i].list.items;
        assert_ok(lme_drop_score(p.scratch, spans_of(p.scratch, &row[0]),
                                 spans_of(p.scratch, &row[1]), &exact, &f1, &err),
                  &err);
        compare(&p, i, "em", exact, golden_number(&row[2]));
        compare(&p, i, "f1", f1, golden_number(&row[3]));
        lme_arena_reset(p.scratch);
    }
    close_pairs(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sacrebleu_segments), cmocka_unit_test(sacrebleu_corpora),
        cmocka_unit_test(rouge_segments),     cmocka_unit_test(answer_segments),
        cmocka_unit_test(drop_spans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
