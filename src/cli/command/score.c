/* lmeval score: texts against references, as the sacrebleu command does it; no server is needed. */
#include "../command.h"
#include "../score_files.h"
#include "../score_report.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <lmeval/text.h>
#include <lmeval/unicode.h>

typedef struct fields {
    lme_option_list metrics, hypotheses, references;
    const char *field, *hypothesis_field, *reference_field, *format;
    bool segments, score_only, confidence, paired_bootstrap, paired_randomization;
    size_t bootstrap_iters, bootstrap_trials, randomization_trials;
    int64_t seed, width;
    /* options of metrics, by their keys */
    const char *tokenize, *smooth_method, *smooth_value, *max_ngram_order, *char_order, *word_order,
        *beta, *value;
    bool lowercase, force, effective_order, whitespace, eps_smoothing, normalized, no_punct,
        asian_support, case_sensitive, use_stemmer, ignore_case;
} fields;

#define FLAG(option, member, text)                                                                 \
    {                                                                                              \
        .name = option, .kind = LME_OPTION_FLAG, .offset = offsetof(fields, member), .help = text  \
    }
#define TEXT(option, member, word, text)                                                           \
    {                                                                                              \
        .name = option, .kind = LME_OPTION_TEXT, .offset = offsetof(fields, member), .arg = word,  \
        .help = text                                                                               \
    }
#define SIZE(option, member, text)                                                                 \
    {                                                                                              \
        .name = option, .kind = LME_OPTION_SIZE, .offset = offsetof(fields, member), .arg = "N",   \
        .help = text, .min = 2, .max = 1e7                                                         \
    }
#define FILES(option, first, member, text)                                                         \
    {                                                                                              \
        .name = option, .letter = first, .kind = LME_OPTION_WORDS,                                 \
        .offset = offsetof(fields, member), .arg = "FILE", .many = true, .help = text              \
    }

static const lme_option rows[] = {
    {.name = "metric",
     .letter = 'm',
     .kind = LME_OPTION_LIST,
     .offset = offsetof(fields, metrics),
     .arg = "NAMES",
     .many = true,
     .help = "bleu (default), chrf, chrf++, ter, rouge ..."},
    FILES("hyp", 'i', hypotheses, "hypotheses, a segment a line; a file a system"),
    FILES("ref", 'r', references, "references; several files are alternatives"),
    TEXT("field", field, "NAME", "files are JSON lines: the field with the text"),
    TEXT("hyp-field", hypothesis_field, "NAME", "the same for hypotheses alone"),
    TEXT("ref-field", reference_field, "NAME", "for references; a list is alternatives"),
    TEXT("format", format, "FORM", "text (default) or json"),
    {.name = "width",
     .letter = 'w',
     .kind = LME_OPTION_INT,
     .offset = offsetof(fields, width),
     .arg = "N",
     .max = 17,
     .help = "digits after the point (1; 4 for 0 to 1)"},
    FLAG("score-only", score_only, "print the numbers alone"),
    FLAG("segments", segments, "a score for each segment, a line each"),
    FLAG("confidence", confidence, "95 % intervals by bootstrap"),
    SIZE("bootstrap-iters", bootstrap_iters, "their replicates (1000)"),
    FLAG("paired-bs", paired_bootstrap, "systems against the first: paired bootstrap"),
    SIZE("paired-bs-n", bootstrap_trials, "its trials (1000)"),
    FLAG("paired-ar", paired_randomization, "the same by approximate randomization"),
    SIZE("paired-ar-n", randomization_trials, "its trials (10000)"),
    {.name = "seed",
     .kind = LME_OPTION_INT,
     .offset = offsetof(fields, seed),
     .arg = "N",
     .max = 9e15,
     .help = "of all resampling (12345)"},
    TEXT("tokenize", tokenize, "NAME", "bleu: 13a, intl, char, zh, none"),
    TEXT("smooth-method", smooth_method, "NAME", "bleu: exp, floor, add-k, none"),
    TEXT("smooth-value", smooth_value, "X", "bleu: of floor (0.1) and add-k (1)"),
    TEXT("max-ngram-order", max_ngram_order, "N", "bleu: longest n-gram (4)"),
    FLAG("effective-order", effective_order, "bleu: leave out orders without n-grams"),
    FLAG("force", force, "bleu: no warning of tokenized text"),
    FLAG("lowercase", lowercase, "bleu, chrf: compare in lower case"),
    TEXT("char-order", char_order, "N", "chrf: longest n-gram of characters (6)"),
    TEXT("word-order", word_order, "N", "chrf: longest n-gram of words (0; chrf++: 2)"),
    TEXT("beta", beta, "N", "chrf: weight of recall (2)"),
    FLAG("whitespace", whitespace, "chrf: whitespace is a character too"),
    FLAG("eps-smoothing", eps_smoothing, "chrf: smooth as chrF++.py and NLTK do"),
    FLAG("normalized", normalized, "ter: set punctuation apart"),
    FLAG("no-punct", no_punct, "ter: leave punctuation out"),
    FLAG("asian-support", asian_support, "ter: both for Chinese and Japanese too"),
    FLAG("case-sensitive", case_sensitive, "ter: compare as written"),
    FLAG("use-stemmer", use_stemmer, "rouge: compare Porter's stems"),
    TEXT("value", value, "NAME", "rouge: fmeasure, precision or recall"),
    FLAG("ignore-case", ignore_case, "contains, prefix_match: in lower case"),
};
enum {
    N_ROWS = sizeof rows / sizeof rows[0],
    N_METRICS_MAX = 32
};
static const lme_option_table table = {rows, N_ROWS};

/* Everything that one call works on. */
typedef struct scoring {
    lme_arena *arena;
    fields given;
    lme_text_use uses[N_METRICS_MAX];
    size_t n_uses;
    lme_text_file *systems, *references;
    lme_segment *segments; /* references set, hypothesis not */
    size_t n_segments;
    lme_scored *scored;
} scoring;

/* The key of a metric's option that a row sets: its name with "_". */
static lme_str key_of(lme_arena *arena, const lme_option *row)
{
    return lme_str_replace(arena, lme_str_from(row->name), LME_STR("-"), LME_STR("_"));
}

static bool has_option(const lme_text_metric *metric, lme_str key)
{
    for (const lme_text_option *o = metric->options; o != NULL && o->key != NULL; o++) {
        if (lme_str_is(key, o->key))
            return true;
    }
    return false;
}

static const lme_value *given_value(const fields *given, const lme_option *row, lme_value *value)
{
    const char *field = (const char *)given + row->offset;
    if (row->kind == LME_OPTION_FLAG) {
        bool is_given;
        memcpy(&is_given, field, sizeof is_given);
        *value = lme_bool(true);
        return is_given ? value : NULL;
    }
    const char *text;
    memcpy(&text, field, sizeof text);
    *value = lme_string(lme_str_from(text));
    return text != NULL ? value : NULL;
}

static size_t first_setting(void)
{
    size_t i = 0;
    while (strcmp(rows[i].name, "tokenize") != 0)
        i++;
    return i;
}

/* The options that were given and that the metric has. */
static lme_value settings_of(const scoring *s, const lme_text_metric *metric)
{
    lme_map_builder map = {.arena = s->arena};
    for (size_t i = first_setting(); i < N_ROWS; i++) {
        lme_value value;
        lme_str key = key_of(s->arena, &rows[i]);
        if (given_value(&s->given, &rows[i], &value) != NULL && has_option(metric, key))
            lme_map_add(&map, key, value);
    }
    /* Without it most single sentences would score 0. */
    lme_str effective = LME_STR("effective_order");
    if (s->given.segments && !s->given.effective_order && has_option(metric, effective))
        lme_map_add(&map, effective, lme_bool(true));
    return lme_map_finish(&map);
}

static bool unused_setting(const scoring *s, lme_error *err)
{
    for (size_t i = first_setting(); i < N_ROWS; i++) {
        lme_value value;
        bool is_used = given_value(&s->given, &rows[i], &value) == NULL;
        for (size_t m = 0; m < s->n_uses && !is_used; m++)
            is_used = has_option(s->uses[m].metric, key_of(s->arena, &rows[i]));
        if (!is_used)
            return lme_fail(err, LME_ERR_USAGE, NULL,
                            "--%s is an option of none of the metrics asked for", rows[i].name);
    }
    return true;
}

static bool unknown_metric(lme_arena *arena, lme_str name, lme_error *err)
{
    size_t n;
    const lme_text_metric *const *all = lme_text_all(&n);
    lme_str *names = LME_ARRAY(arena, lme_str, n);
    lme_builder known = {.arena = arena};
    for (size_t i = 0; i < n; i++) {
        names[i] = lme_str_from(all[i]->name);
        lme_builder_format(&known, "%s%s", i == 0 ? "" : ", ", all[i]->name);
    }
    lme_str nearest = lme_str_nearest(name, names, n), list = lme_builder_finish(&known);
    lme_fail(err, LME_ERR_USAGE, NULL, "metric \"%.*s\" does not compare texts", LME_STR_ARG(name));
    if (nearest.len > 0)
        return lme_hint(err, "did you mean %.*s? there are rouge (all four), %.*s",
                        LME_STR_ARG(nearest), LME_STR_ARG(list));
    return lme_hint(err, "there are rouge (all four), %.*s", LME_STR_ARG(list));
}

static bool add_metric(scoring *s, lme_str name, lme_error *err)
{
    const lme_text_metric *metric = lme_text_find(name);
    if (metric == NULL)
        return unknown_metric(s->arena, name, err);
    for (size_t i = 0; i < s->n_uses; i++) {
        if (s->uses[i].metric == metric)
            return true;
    }
    LME_BUG(s->n_uses == N_METRICS_MAX, "more metrics than there are");
    lme_value settings = settings_of(s, metric);
    if (lme_text_open(s->arena, name, &settings, NULL, &s->uses[s->n_uses], err)) {
        s->n_uses++;
        return true;
    }
    err->code = LME_ERR_USAGE;
    return false;
}

static bool open_metrics(scoring *s, lme_error *err)
{
    static const char *const rouge[] = {"rouge1", "rouge2", "rougeL", "rougeLsum"};
    lme_option_list *names = &s->given.metrics;
    if (names->n == 0)
        return add_metric(s, LME_STR("bleu"), err) && unused_setting(s, err);
    for (size_t i = 0; i < names->n; i++) {
        lme_str name = lme_str_from(names->items[i]);
        bool is_family = lme_str_is(name, "rouge");
        for (size_t k = 0; k < (is_family ? 4 : 1); k++) {
            if (!add_metric(s, is_family ? lme_str_from(rouge[k]) : name, err))
                return false;
        }
    }
    return unused_setting(s, err);
}

static bool same_length(const lme_text_file *file, const lme_text_file *first, lme_error *err)
{
    if (file->n == first->n)
        return true;
    size_t shorter = file->n < first->n ? file->n : first->n;
    lme_place at = {.file = file->path, .line = (uint32_t)(shorter + (file->n > first->n ? 1 : 0))};
    return lme_fail(err, LME_ERR_DATA, &at, "the file has %zu segment%s, expected %zu as in %s",
                    file->n, file->n == 1 ? "" : "s", first->n, first->path);
}

static bool read_systems(scoring *s, lme_error *err)
{
    const fields *given = &s->given;
    const char *field = given->hypothesis_field != NULL ? given->hypothesis_field : given->field;
    s->systems = LME_ARRAY(s->arena, lme_text_file, given->hypotheses.n);
    for (size_t i = 0; i < given->hypotheses.n; i++) {
        lme_text_file *file = &s->systems[i];
        if (!lme_text_file_read(s->arena, given->hypotheses.items[i], field, file, err) ||
            !same_length(file, &s->references[0], err))
            return false;
        for (size_t line = 0; line < file->n; line++) {
            lme_place at = {.file = file->path, .line = (uint32_t)line + 1};
            if (file->lines[line].n != 1)
                return lme_fail(err, LME_ERR_DATA, &at,
                                "field \"%s\" holds %zu texts, expected one hypothesis", field,
                                file->lines[line].n);
        }
    }
    return true;
}

/* All references of each segment, file by file. */
static bool read_references(scoring *s, lme_error *err)
{
    const fields *given = &s->given;
    const char *field = given->reference_field != NULL ? given->reference_field : given->field;
    size_t n_files = given->references.n;
    s->references = LME_ARRAY(s->arena, lme_text_file, n_files);
    for (size_t i = 0; i < n_files; i++) {
        if (!lme_text_file_read(s->arena, given->references.items[i], field, &s->references[i],
                                err) ||
            !same_length(&s->references[i], &s->references[0], err))
            return false;
    }
    s->n_segments = s->references[0].n;
    s->segments = LME_ARRAY(s->arena, lme_segment, s->n_segments);
    for (size_t line = 0; line < s->n_segments; line++) {
        size_t n = 0;
        for (size_t i = 0; i < n_files; i++)
            n += s->references[i].lines[line].n;
        lme_str *all = LME_ARRAY(s->arena, lme_str, n);
        s->segments[line] = (lme_segment){.references = all, .n_references = n};
        for (size_t i = 0; i < n_files; i++) {
            const lme_texts *texts = &s->references[i].lines[line];
            for (size_t k = 0; k < texts->n; k++)
                *all++ = texts->items[k];
        }
    }
    return true;
}

static bool check_usage(const fields *given, const lme_option_list *operands, lme_error *err)
{
    if (operands->n > 0)
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "score takes no word \"%s\": files go to --hyp "
                        "and --ref",
                        operands->items[0]);
    if (given->hypotheses.n == 0 || given->references.n == 0)
        return lme_fail(err, LME_ERR_USAGE, NULL, "score wants --hyp FILE and --ref FILE");
    bool known = strcmp(given->format, "text") == 0 || strcmp(given->format, "json") == 0;
    if (!known)
        return lme_fail(err, LME_ERR_USAGE, NULL, "--format is \"%s\", expected text or json",
                        given->format);
    bool paired = given->paired_bootstrap || given->paired_randomization;
    if (given->paired_bootstrap && given->paired_randomization)
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "--paired-bs and --paired-ar are two tests: "
                        "choose one");
    if (paired && given->hypotheses.n < 2)
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "a paired test needs two systems or more: --hyp "
                        "BASELINE OTHER");
    if (given->segments && (paired || given->confidence || given->hypotheses.n > 1))
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "--segments is for one system, without intervals "
                        "and tests");
    return true;
}

/* Statistics of every segment of a system by a metric. */
static bool measure(const scoring *s, lme_arena *scratch, const lme_text_file *system,
                    const lme_text_use *use, lme_scored *scored, lme_error *err)
{
    scored->stats = lme_arena_array(s->arena, s->n_segments, use->width * sizeof(double));
    for (size_t i = 0; i < s->n_segments; i++) {
        double *stats = scored->stats + i * use->width;
        lme_segment segment = s->segments[i];
        segment.hypothesis = system->lines[i].items[0];
        if (!use->metric->measure(scratch, use->options, &segment, stats, err)) {
            lme_place at = {.file = system->path, .line = (uint32_t)i + 1};
            return lme_place_error(err, &at);
        }
        lme_arena_reset(scratch);
        for (size_t w = 0; w < use->width; w++)
            scored->sums[w] += stats[w];
    }
    scored->score = use->metric->score(use->options, scored->sums, s->n_segments);
    return true;
}

static void resample(const scoring *s, const lme_text_use *use, const lme_scored *baseline,
                     lme_scored *scored)
{
    const fields *given = &s->given;
    size_t n = given->paired_bootstrap ? given->bootstrap_trials : given->bootstrap_iters;
    uint64_t seed = (uint64_t)given->seed;
    if (given->confidence || given->paired_bootstrap) {
        lme_text_interval(use, scored->stats, s->n_segments, n, seed, &scored->interval);
        scored->has_interval = true;
    }
    lme_paired paired = {baseline->stats, scored->stats, s->n_segments, n, seed};
    scored->has_p_value =
        scored != baseline && (given->paired_bootstrap || given->paired_randomization);
    if (!scored->has_p_value)
        return;
    if (given->paired_bootstrap) {
        scored->p_value = lme_text_paired_bootstrap(use, &paired);
    } else {
        paired.n_samples = given->randomization_trials;
        scored->p_value = lme_text_paired_randomization(use, &paired);
    }
}

static bool score_all(scoring *s, lme_error *err)
{
    size_t n_systems = s->given.hypotheses.n;
    s->scored = LME_ARRAY(s->arena, lme_scored, n_systems * s->n_uses);
    lme_arena *scratch = lme_arena_new();
    bool ok = true;
    for (size_t i = 0; ok && i < n_systems * s->n_uses; i++) {
        size_t metric = i % s->n_uses;
        ok = measure(s, scratch, &s->systems[i / s->n_uses], &s->uses[metric], &s->scored[i], err);
        if (ok)
            resample(s, &s->uses[metric], &s->scored[metric], &s->scored[i]);
    }
    lme_arena_free(scratch);
    return ok;
}

/* References a segment; 0 when they differ. */
static size_t count_references(const scoring *s)
{
    size_t n = s->segments[0].n_references;
    for (size_t i = 1; i < s->n_segments; i++) {
        if (s->segments[i].n_references != n)
            return 0;
    }
    return n;
}

/* sacrebleu's warning: BLEU's tokenizers want text as people write it. */
static void warn_of_tokenized(const scoring *s)
{
    enum {
        SUSPICIOUS = 100
    };
    if (s->given.force || lme_text_find(LME_STR("bleu")) != s->uses[0].metric)
        return;
    for (size_t k = 0; k < s->given.hypotheses.n; k++) {
        size_t n = 0;
        for (size_t i = 0; i < s->n_segments; i++)
            n += lme_str_ends(s->systems[k].lines[i].items[0], LME_STR(" ."));
        if (n >= SUSPICIOUS)
            fprintf(stderr,
                    "lmeval: %s: %zu segments end in \" .\": is it tokenized? bleu wants plain "
                    "text (--force: no warning)\n",
                    s->systems[k].path, n);
    }
}

static bool report(scoring *s, lme_error *err)
{
    const fields *given = &s->given;
    bool paired = given->paired_bootstrap || given->paired_randomization;
    lme_score_report r = {
        .uses = s->uses,
        .n_metrics = s->n_uses,
        .systems = given->hypotheses.items,
        .n_systems = given->hypotheses.n,
        .scored = s->scored,
        .n_segments = s->n_segments,
        .n_references = count_references(s),
        .n_bootstrap = given->confidence ? given->bootstrap_iters : 0,
        .n_paired = given->paired_bootstrap ? given->bootstrap_trials : given->randomization_trials,
        .seed = (uint64_t)given->seed,
        .width = given->width,
        .score_only = given->score_only,
    };
    if (paired)
        r.pairing = given->paired_bootstrap ? LME_PAIRING_BOOTSTRAP : LME_PAIRING_RANDOMIZATION;
    lme_builder out = {.arena = s->arena};
    if (given->segments) {
        for (size_t i = 0; i < s->n_segments; i++) {
            const double *stats = s->scored[0].stats + i * s->uses[0].width;
            lme_score_segment_text(&out, &r,
                                   s->uses[0].metric->score(s->uses[0].options, stats, 1));
        }
    } else if (strcmp(given->format, "json") == 0) {
        lme_score_report_json(&out, &r);
    } else {
        lme_score_report_text(&out, &r);
    }
    return lme_print(lme_builder_finish(&out), err);
}

static bool run_score(lme_arena *arena, char **argv, lme_error *err)
{
    scoring s = {
        .arena = arena,
        .given =
            {
                .format = "text",
                .width = -1,
                .seed = 12345,
                .bootstrap_iters = 1000,
                .bootstrap_trials = 1000,
                .randomization_trials = 10000,
            },
    };
    lme_option_list operands = {0};
    if (!lme_options_read(arena, &table, &s.given, argv, &operands, err) ||
        !check_usage(&s.given, &operands, err) || !open_metrics(&s, err))
        return false;
    if (s.given.segments && s.n_uses > 1)
        return lme_fail(err, LME_ERR_USAGE, NULL, "--segments is for one metric, got %zu",
                        s.n_uses);
    if (!read_references(&s, err) || !read_systems(&s, err))
        return false;
    warn_of_tokenized(&s);
    return score_all(&s, err) && report(&s, err);
}

const lme_command lme_command_score = {
    .name = "score",
    .summary = "compare texts with references: BLEU, chrF, TER, ROUGE ...",
    .usage = "--hyp FILE [FILE...] --ref FILE [FILE...] [--metric NAMES]",
    .example = "  lmeval score --metric bleu,chrf --hyp answers.txt --ref references.txt\n"
               "  lmeval score --metric rouge --hyp samples.jsonl --hyp-field answer \\\n"
               "      --ref samples.jsonl --ref-field summary\n"
               "  lmeval score --hyp base.txt quantized.txt --ref references.txt --paired-bs\n",
    .options = {rows, N_ROWS},
    .run = run_score,
};
