/* chrF (Popovic 2015) and chrF++ (2017) as sacrebleu 2.6.0 metrics/chrf.py computes them. A
 * segment's statistics: for each order of characters, then of words, the n-grams of the hypothesis,
 * of the reference, and of both; of several references the one with the best F. */
#include "ngram.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include <lmeval/text.h>
#include <lmeval/unicode.h>

enum {
    MAX_CHAR_ORDER = 8,
    MAX_WORD_ORDER = 4
};

typedef struct chrf {
    int64_t char_order, word_order, beta;
    bool lowercase, whitespace, eps_smoothing;
} chrf;

#define OPTIONS(initial_word_order)                                                                \
    {                                                                                              \
        {"char_order",   LME_TEXT_INT, offsetof(chrf, char_order),    6, 1,                        \
         MAX_CHAR_ORDER, NULL,         "longest n-gram of characters"},                            \
            {"word_order",                                                                         \
             LME_TEXT_INT,                                                                         \
             offsetof(chrf, word_order),                                                           \
             initial_word_order,                                                                   \
             0,                                                                                    \
             MAX_WORD_ORDER,                                                                       \
             NULL,                                                                                 \
             "longest n-gram of words: 0 for chrF, 2 for chrF++"},                                 \
            {"beta",                                                                               \
             LME_TEXT_INT,                                                                         \
             offsetof(chrf, beta),                                                                 \
             2,                                                                                    \
             0,                                                                                    \
             1000,                                                                                 \
             NULL,                                                                                 \
             "weight of recall against precision"},                                                \
            {"lowercase", LME_TEXT_BOOL, offsetof(chrf, lowercase), 0, 0,                          \
             0,           NULL,          "compare in lower case"},                                 \
            {"whitespace",                                                                         \
             LME_TEXT_BOOL,                                                                        \
             offsetof(chrf, whitespace),                                                           \
             0,                                                                                    \
             0,                                                                                    \
             0,                                                                                    \
             NULL,                                                                                 \
             "whitespace is a character too"},                                                     \
            {"eps_smoothing",                                                                      \
             LME_TEXT_BOOL,                                                                        \
             offsetof(chrf, eps_smoothing),                                                        \
             0,                                                                                    \
             0,                                                                                    \
             0,                                                                                    \
             NULL,                                                                                 \
             "smooth as chrF++.py, NLTK and Moses do"},                                            \
            {0},                                                                                   \
    }

static const lme_text_option chrf_options[] = OPTIONS(0);
static const lme_text_option plus_options[] = OPTIONS(2);

static size_t n_orders(const chrf *o)
{
    return (size_t)(o->char_order + o->word_order);
}

static size_t width(const void *given)
{
    return 3 * n_orders(given);
}

/* A text as its characters and its words. */
typedef struct text {
    lme_symbols letters, words;
    lme_words split;
} text;

static bool is_punctuation(char c)
{
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
           (c >= '{' && c <= '~');
}

/* Takes one mark from a word's end, else one from its beginning: "(hi)" gives "(hi" and ")". */
static lme_words without_marks(lme_arena *scratch, lme_words words)
{
    lme_words out = {.items = LME_ARRAY(scratch, lme_str, 2 * words.n)};
    for (size_t i = 0; i < words.n; i++) {
        lme_str w = words.items[i];
        size_t cut = 0;
        if (w.len > 1 && is_punctuation(w.ptr[w.len - 1]))
            cut = w.len - 1;
        else if (w.len > 1 && is_punctuation(w.ptr[0]))
            cut = 1;
        if (cut > 0)
            out.items[out.n++] = lme_str_slice(w, 0, cut);
        out.items[out.n++] = lme_str_slice(w, cut, w.len);
    }
    return out;
}

/* Its words come later: their numbers need the words of all texts. */
static text read_text(lme_arena *scratch, const chrf *o, lme_str from)
{
    if (o->lowercase)
        from = lme_lower(scratch, from);
    text made = {.letters = o->whitespace ? lme_text_codepoints(scratch, from)
                                          : lme_text_letters(scratch, from)};
    if (o->word_order > 0)
        made.split = without_marks(scratch, lme_split_words(scratch, from));
    return made;
}

/* The triples of one kind of symbol. */
static void fill(lme_arena *scratch, lme_symbols hypothesis, lme_symbols reference, size_t order,
                 double *triples)
{
    double matches[MAX_CHAR_ORDER];
    lme_ngram_matches(scratch, hypothesis, &reference, 1, order, matches);
    for (size_t n = 1; n <= order; n++, triples += 3) {
        size_t in_reference = lme_ngram_count(reference.n, n);
        triples[0] = in_reference > 0 ? (double)lme_ngram_count(hypothesis.n, n) : 0.0;
        triples[1] = (double)in_reference;
        triples[2] = matches[n - 1];
    }
}

static double f_score(const chrf *o, const double *triples)
{
    const double eps = 1e-16;
    double factor = (double)(o->beta * o->beta);
    double sum = 0.0, precision = 0.0, recall = 0.0;
    size_t n_effective = 0;
    for (size_t i = 0; i < n_orders(o); i++, triples += 3) {
        double p = triples[0] > 0.0 ? triples[2] / triples[0] : eps;
        double r = triples[1] > 0.0 ? triples[2] / triples[1] : eps;
        double denominator = factor * p + r;
        sum += denominator > 0.0 ? (1.0 + factor) * p * r / denominator : eps;
        if (triples[0] > 0.0 && triples[1] > 0.0) {
            precision += p;
            recall += r;
            n_effective++;
        }
    }
    if (o->eps_smoothing)
        return 100.0 * sum / (double)n_orders(o);
    if (n_effective == 0 || precision + recall == 0.0)
        return 0.0;
    precision /= (double)n_effective;
    recall /= (double)n_effective;
    return 100.0 * ((1.0 + factor) * precision * recall / (factor * precision + recall));
}

static bool measure(lme_arena *scratch, const void *given, const lme_segment *segment,
                    double *stats, lme_error *err)
{
    (void)err;
    const chrf *o = given;
    size_t n_stats = width(o), n_references = segment->n_references;
    text hypothesis = read_text(scratch, o, segment->hypothesis);
    text *references = LME_ARRAY(scratch, text, n_references);
    size_t n_words = hypothesis.split.n;
    for (size_t i = 0; i < n_references; i++) {
        references[i] = read_text(scratch, o, segment->references[i]);
        n_words += references[i].split.n;
    }
    lme_interner *interner = lme_interner_new(scratch, n_words);
    hypothesis.words = lme_intern_words(scratch, interner, hypothesis.split);
    double best = -1.0, candidate[3 * (MAX_CHAR_ORDER + MAX_WORD_ORDER)];
    memset(stats, 0, n_stats * sizeof *stats);
    for (size_t i = 0; i < n_references; i++) {
        text reference = references[i];
        reference.words = lme_intern_words(scratch, interner, reference.split);
        fill(scratch, hypothesis.letters, reference.letters, (size_t)o->char_order, candidate);
        fill(scratch, hypothesis.words, reference.words, (size_t)o->word_order,
             candidate + 3 * o->char_order);
        double f = f_score(o, candidate);
        if (f > best) {
            best = f;
            memcpy(stats, candidate, n_stats * sizeof *stats);
        }
    }
    return true;
}

static double score(const void *given, const double *sums, size_t n)
{
    (void)n;
    return f_score(given, sums);
}

static void title(lme_builder *out, const void *given)
{
    const chrf *o = given;
    lme_builder_format(out, "chrF%lld", (long long)o->beta);
    for (int64_t i = 0; i < o->word_order; i++)
        lme_builder_char(out, '+');
}

static void signature(lme_builder *out, const void *given)
{
    const chrf *o = given;
    lme_builder_format(out, "case:%s|eff:%s|nc:%lld|nw:%lld|space:%s",
                       o->lowercase ? "lc" : "mixed", o->eps_smoothing ? "no" : "yes",
                       (long long)o->char_order, (long long)o->word_order,
                       o->whitespace ? "yes" : "no");
}

const lme_text_metric lme_text_chrf = {
    .name = "chrf",
    .summary = "F2 of character 6-grams, 0 to 100 (sacrebleu)",
    .peer = "sacrebleu 2.6.0",
    .higher_is_better = true,
    .is_percent = true,
    .options = chrf_options,
    .options_size = sizeof(chrf),
    .width = width,
    .measure = measure,
    .score = score,
    .title = title,
    .signature = signature,
};

const lme_text_metric lme_text_chrf_plus_plus = {
    .name = "chrf++",
    .summary = "chrF with word 2-grams beside the characters' (sacrebleu)",
    .peer = "sacrebleu 2.6.0",
    .higher_is_better = true,
    .is_percent = true,
    .options = plus_options,
    .options_size = sizeof(chrf),
    .width = width,
    .measure = measure,
    .score = score,
    .title = title,
    .signature = signature,
};
