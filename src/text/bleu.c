/* BLEU (Papineni et al. 2002) as sacrebleu 2.6.0 metrics/bleu.py computes it. A segment's
 * statistics: length of the hypothesis, of the reference nearest to it, matched n-grams of each
 * order, n-grams of the hypothesis of each order. */
#include "ngram.h"
#include "tokenizer.h"

#include <math.h>
#include <stddef.h>

#include <lmeval/text.h>
#include <lmeval/unicode.h>

enum {
    MAX_ORDER = 8
};

typedef enum smoothing {
    SMOOTH_EXP,
    SMOOTH_FLOOR,
    SMOOTH_ADD_K,
    SMOOTH_NONE
} smoothing;

static const char *const smoothings[] = {"exp", "floor", "add-k", "none", NULL};

typedef struct bleu {
    bool lowercase, force, effective_order;
    size_t tokenize; /* of lme_tokenizers */
    size_t smooth_method;
    double smooth_value; /* NAN: the method's own */
    int64_t max_ngram_order;
} bleu;

static const lme_text_option options[] = {
    {"lowercase", LME_TEXT_BOOL, offsetof(bleu, lowercase), 0, 0, 0, NULL, "compare in lower case"},
    {"tokenize", LME_TEXT_CHOICE, offsetof(bleu, tokenize), 0, 0, 0, lme_tokenizer_names,
     "tokenizer"},
    {"smooth_method", LME_TEXT_CHOICE, offsetof(bleu, smooth_method), 0, 0, 0, smoothings,
     "what an order without a match counts as"},
    {"smooth_value", LME_TEXT_NUMBER, offsetof(bleu, smooth_value), (double)NAN, 0, 1e6, NULL,
     "of floor (0.1) and add-k (1)"},
    {"max_ngram_order", LME_TEXT_INT, offsetof(bleu, max_ngram_order), 4, 1, MAX_ORDER, NULL,
     "longest n-gram"},
    {"effective_order", LME_TEXT_BOOL, offsetof(bleu, effective_order), 0, 0, 0, NULL,
     "leave out orders longer than the hypothesis: for single sentences"},
    {"force", LME_TEXT_BOOL, offsetof(bleu, force), 0, 0, 0, NULL,
     "do not warn of text that looks tokenized"},
    {0},
};

static bool check(const void *given, lme_error *err)
{
    const bleu *o = given;
    const lme_tokenizer *tokenizer = &lme_tokenizers[o->tokenize];
    if (tokenizer->separate != NULL)
        return true;
    lme_fail(err, LME_ERR_TASK, NULL, "tokenizer \"%s\" %s", tokenizer->name, tokenizer->missing);
    return lme_hint(err, "built in: 13a, intl, char, zh, none");
}

static size_t width(const void *given)
{
    const bleu *o = given;
    return 2 + 2 * (size_t)o->max_ngram_order;
}

static lme_words words_of(lme_arena *scratch, const bleu *o, lme_str text)
{
    if (o->lowercase)
        text = lme_lower(scratch, text);
    text = lme_tokenizers[o->tokenize].separate(scratch, lme_rstrip(text));
    return lme_split_words(scratch, text);
}

/* Length of the reference that is nearest in length; of two as near, the shorter. */
static size_t nearest_length(size_t length, const lme_symbols *references, size_t n)
{
    size_t nearest = references[0].n;
    for (size_t i = 1; i < n; i++) {
        size_t candidate = references[i].n;
        size_t old_gap = nearest > length ? nearest - length : length - nearest;
        size_t gap = candidate > length ? candidate - length : length - candidate;
        if (gap < old_gap || (gap == old_gap && candidate < nearest))
            nearest = candidate;
    }
    return nearest;
}

static bool measure(lme_arena *scratch, const void *given, const lme_segment *segment,
                    double *stats, lme_error *err)
{
    (void)err;
    const bleu *o = given;
    size_t n_references = segment->n_references, order = (size_t)o->max_ngram_order;
    lme_words hypothesis = words_of(scratch, o, segment->hypothesis);
    lme_words *words = LME_ARRAY(scratch, lme_words, n_references);
    size_t n_words = hypothesis.n;
    for (size_t i = 0; i < n_references; i++) {
        words[i] = words_of(scratch, o, segment->references[i]);
        n_words += words[i].n;
    }
    lme_interner *interner = lme_interner_new(scratch, n_words);
    lme_symbols symbols = lme_intern_words(scratch, interner, hypothesis);
    lme_symbols *references = LME_ARRAY(scratch, lme_symbols, n_references);
    for (size_t i = 0; i < n_references; i++)
        references[i] = lme_intern_words(scratch, interner, words[i]);
    stats[0] = (double)symbols.n;
    stats[1] = (double)nearest_length(symbols.n, references, n_references);
    lme_ngram_matches(scratch, symbols, references, n_references, order, stats + 2);
    for (size_t n = 1; n <= order; n++)
        stats[1 + order + n] = (double)lme_ngram_count(symbols.n, n);
    return true;
}

typedef struct bleu_score {
    double precisions[MAX_ORDER]; /* percent */
    double brevity_penalty;
    double score;
} bleu_score;

static double smooth_value(const bleu *o)
{
    if (!isnan(o->smooth_value))
        return o->smooth_value;
    return o->smooth_method == SMOOTH_FLOOR ? 0.1 : 1.0;
}

/* Fills the precisions. Returns how many orders the mean is over. */
static size_t fill_precisions(const bleu *o, const double *sums, double *precisions)
{
    size_t order = (size_t)o->max_ngram_order, n_effective = order;
    double halved = 1.0;
    for (size_t n = 0; n < order; n++) {
        double extra = o->smooth_method == SMOOTH_ADD_K && n > 0 ? smooth_value(o) : 0.0;
        double correct = sums[2 + n] + extra, total = sums[2 + order + n] + extra;
        if (total == 0.0)
            break;
        if (o->effective_order)
            n_effective = n + 1;
        if (correct != 0.0) {
            precisions[n] = 100.0 * correct / total;
        } else if (o->smooth_method == SMOOTH_EXP) {
            halved *= 2.0;
            precisions[n] = 100.0 / (halved * total);
        } else if (o->smooth_method == SMOOTH_FLOOR) {
            precisions[n] = 100.0 * smooth_value(o) / total;
        }
    }
    return n_effective;
}

static bool any_match(const bleu *o, const double *sums)
{
    for (int64_t n = 0; n < o->max_ngram_order; n++) {
        if (sums[2 + n] != 0.0)
            return true;
    }
    return false;
}

static bleu_score compute(const bleu *o, const double *sums)
{
    bleu_score made = {.brevity_penalty = 1.0};
    double length = sums[0], reference_length = sums[1];
    if (length < reference_length)
        made.brevity_penalty = length > 0.0 ? exp(1.0 - reference_length / length) : 0.0;
    if (!any_match(o, sums))
        return made;
    size_t n_effective = fill_precisions(o, sums, made.precisions);
    double logs = 0.0;
    for (size_t n = 0; n < n_effective; n++)
        logs += made.precisions[n] == 0.0 ? -9999999999.0 : log(made.precisions[n]);
    made.score = made.brevity_penalty * exp(logs / (double)n_effective);
    return made;
}

static double score(const void *given, const double *sums, size_t n)
{
    (void)n;
    return compute(given, sums).score;
}

static void title(lme_builder *out, const void *given)
{
    (void)given;
    lme_builder_add(out, LME_STR("BLEU"));
}

static void signature(lme_builder *out, const void *given)
{
    const bleu *o = given;
    lme_builder_format(out, "case:%s|eff:%s|tok:%s|smooth:%s", o->lowercase ? "lc" : "mixed",
                       o->effective_order ? "yes" : "no", lme_tokenizer_names[o->tokenize],
                       smoothings[o->smooth_method]);
    if (o->smooth_method == SMOOTH_FLOOR || o->smooth_method == SMOOTH_ADD_K)
        lme_builder_format(out, "[%.2f]", smooth_value(o));
}

static void details(lme_builder *out, const void *given, const double *sums, size_t n)
{
    (void)n;
    const bleu *o = given;
    bleu_score made = compute(o, sums);
    for (int64_t i = 0; i < o->max_ngram_order; i++)
        lme_builder_format(out, "%s%.1f", i == 0 ? "" : "/", made.precisions[i]);
    lme_builder_format(out, " (BP = %.3f ratio = %.3f hyp_len = %.0f ref_len = %.0f)",
                       made.brevity_penalty, sums[1] > 0.0 ? sums[0] / sums[1] : 0.0, sums[0],
                       sums[1]);
}

const lme_text_metric lme_text_bleu = {
    .name = "bleu",
    .summary = "n-gram precision of a corpus, 0 to 100 (sacrebleu)",
    .peer = "sacrebleu 2.6.0",
    .higher_is_better = true,
    .is_percent = true,
    .options = options,
    .options_size = sizeof(bleu),
    .check = check,
    .width = width,
    .measure = measure,
    .score = score,
    .title = title,
    .signature = signature,
    .details = details,
};
