/* Any bytes give every text metric finite statistics and a score in its range, twice the same;
 * texts compared with themselves are the best there is. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <lmeval/text.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    MAX_REFERENCES = 4
};

typedef struct setting {
    const char *metric, *key, *value; /* key NULL: no option */
} setting;

static const setting settings[] = {
    {"bleu", NULL, NULL},
    {"bleu", "tokenize", "intl"},
    {"bleu", "tokenize", "char"},
    {"bleu", "tokenize", "zh"},
    {"bleu", "lowercase", "true"},
    {"bleu", "smooth_method", "floor"},
    {"bleu", "smooth_method", "add-k"},
    {"bleu", "max_ngram_order", "8"},
    {"chrf", NULL, NULL},
    {"chrf", "eps_smoothing", "true"},
    {"chrf", "whitespace", "true"},
    {"chrf++", NULL, NULL},
    {"ter", NULL, NULL},
    {"ter", "normalized", "true"},
    {"ter", "asian_support", "true"},
    {"ter", "no_punct", "true"},
    {"rouge1", "use_stemmer", "true"},
    {"rouge2", NULL, NULL},
    {"rougeL", NULL, NULL},
    {"rougeLsum", "use_stemmer", "true"},
    {"squad_f1", NULL, NULL},
    {"squad_em", NULL, NULL},
    {"drop_f1", NULL, NULL},
    {"drop_em", NULL, NULL},
    {"contains", "ignore_case", "true"},
    {"prefix_match", NULL, NULL},
    {"quasi_exact_match", NULL, NULL},
};

/* The texts between NULs: the hypothesis, then references. */
static lme_segment segment_of(lme_arena *arena, const uint8_t *data, size_t size)
{
    lme_str text = {(const char *)data, size}, nul = {"", 1};
    lme_str *references = LME_ARRAY(arena, lme_str, MAX_REFERENCES);
    lme_segment segment = {.references = references};
    size_t end = lme_str_find(text, nul, 0);
    segment.hypothesis = lme_str_slice(text, 0, end);
    while (end != SIZE_MAX && segment.n_references < MAX_REFERENCES) {
        size_t start = end + 1;
        end = lme_str_find(text, nul, start);
        references[segment.n_references++] = lme_str_slice(text, start, end);
    }
    if (segment.n_references == 0)
        references[segment.n_references++] = segment.hypothesis;
    return segment;
}

static lme_text_use open_setting(lme_arena *arena, const setting *s)
{
    lme_map_builder map = {.arena = arena};
    if (s->key != NULL)
        lme_map_add(&map, lme_str_from(s->key), lme_string(lme_str_from(s->value)));
    lme_value options = lme_map_finish(&map);
    lme_text_use use;
    LME_BUG(!lme_text_open(arena, lme_str_from(s->metric), &options, NULL, &use, NULL),
            "a setting is refused");
    return use;
}

/* False when a text is too long for the metric. */
static bool measure(const lme_text_use *use, const lme_segment *segment, double *stats)
{
    lme_arena *scratch = lme_arena_new();
    lme_error err = {.code = LME_OK};
    bool ok = use->metric->measure(scratch, use->options, segment, stats, &err);
    LME_BUG(!ok && err.code != LME_ERR_LIMIT, "an error that is no limit");
    lme_arena_free(scratch);
    return ok;
}

static void check_range(const lme_text_use *use, const double *stats)
{
    for (size_t i = 0; i < use->width; i++)
        LME_BUG(!isfinite(stats[i]) || stats[i] < 0.0, "a statistic below 0, or none");
    double score = use->metric->score(use->options, stats, 1);
    double best = use->metric->is_percent ? 100.0 : 1.0;
    LME_BUG(!isfinite(score) || score < 0.0, "a score below 0, or none");
    LME_BUG(use->metric->higher_is_better && score > best * (1.0 + 1e-12), "better than best");
}

static void check_identity(const lme_text_use *use, lme_str text)
{
    double stats[LME_TEXT_WIDTH_MAX];
    lme_segment same = {text, &text, 1};
    if (!measure(use, &same, stats))
        return;
    double score = use->metric->score(use->options, stats, 1);
    /* Texts without a word have no n-gram to match; TER's references are set apart twice. */
    bool may_miss = strcmp(use->metric->name, "ter") == 0 || score == 0.0;
    bool is_smoothed = strcmp(use->metric->name, "bleu") == 0 || use->metric->is_percent;
    double best = use->metric->is_percent ? 100.0 : 1.0;
    LME_BUG(!may_miss && !is_smoothed && fabs(score - best) > 1e-9, "not like itself");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    lme_arena *arena = lme_arena_new();
    lme_segment segment = segment_of(arena, data, size);
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        lme_text_use use = open_setting(arena, &settings[i]);
        double stats[LME_TEXT_WIDTH_MAX], again[LME_TEXT_WIDTH_MAX];
        if (!measure(&use, &segment, stats))
            continue;
        LME_BUG(!measure(&use, &segment, again), "measured once, refused twice");
        LME_BUG(memcmp(stats, again, use.width * sizeof *stats) != 0, "measured differently");
        check_range(&use, stats);
        check_identity(&use, segment.hypothesis);
    }
    lme_arena_free(arena);
    return 0;
}
