/* ROUGE-N, -L and -Lsum (Lin 2004) as rouge_score 0.1.2 rouge_scorer.py computes them. A segment's
 * statistics: the value that was asked for, then precision, recall and F; of several references
 * those of the one with the best F. */
#include "lcs.h"
#include "ngram.h"
#include "porter.h"

#include <stddef.h>
#include <string.h>

#include <lmeval/text.h>

typedef struct rouge {
    bool use_stemmer, split_summaries;
    size_t value; /* of values */
} rouge;

static const char *const values[] = {"fmeasure", "precision", "recall", NULL};

static const lme_text_option options[] = {
    {"use_stemmer", LME_TEXT_BOOL, offsetof(rouge, use_stemmer), 0, 0, 0, NULL,
     "compare Porter's stems of words longer than 3 letters"},
    {"value", LME_TEXT_CHOICE, offsetof(rouge, value), 0, 0, 0, values, "which number it is"},
    {"split_summaries", LME_TEXT_BOOL, offsetof(rouge, split_summaries), 0, 0, 0, NULL,
     "not built in: sentences are lines"},
    {0},
};

static bool check(const void *given, lme_error *err)
{
    const rouge *o = given;
    if (!o->split_summaries)
        return true;
    lme_fail(err, LME_ERR_TASK, NULL,
             "split_summaries needs NLTK's trained sentence splitter, which is not built in");
    return lme_hint(err, "write one sentence a line, as rouge_score expects without it");
}

static size_t width(const void *given)
{
    (void)given;
    return 4;
}

/* The letter or digit that a byte is in lower case; 0 for all others. */
static const char folded[256] = {
    ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6',
    ['7'] = '7', ['8'] = '8', ['9'] = '9', ['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd',
    ['e'] = 'e', ['f'] = 'f', ['g'] = 'g', ['h'] = 'h', ['i'] = 'i', ['j'] = 'j', ['k'] = 'k',
    ['l'] = 'l', ['m'] = 'm', ['n'] = 'n', ['o'] = 'o', ['p'] = 'p', ['q'] = 'q', ['r'] = 'r',
    ['s'] = 's', ['t'] = 't', ['u'] = 'u', ['v'] = 'v', ['w'] = 'w', ['x'] = 'x', ['y'] = 'y',
    ['z'] = 'z', ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd', ['E'] = 'e', ['F'] = 'f',
    ['G'] = 'g', ['H'] = 'h', ['I'] = 'i', ['J'] = 'j', ['K'] = 'k', ['L'] = 'l', ['M'] = 'm',
    ['N'] = 'n', ['O'] = 'o', ['P'] = 'p', ['Q'] = 'q', ['R'] = 'r', ['S'] = 's', ['T'] = 't',
    ['U'] = 'u', ['V'] = 'v', ['W'] = 'w', ['X'] = 'x', ['Y'] = 'y', ['Z'] = 'z',
};

/* Of all other characters, U+212A and U+0130 alone have a lower case with an ASCII letter in it:
 * "k", and "i" with a mark behind that ends the run. Returns the letter, or 0; *i moves to the
 * character's last byte. */
static char fold_other(lme_str text, size_t *i, bool *ends)
{
    if (lme_str_starts(lme_str_slice(text, *i, text.len), LME_STR("\u212A"))) {
        *i += 2;
        return 'k';
    }
    if (lme_str_starts(lme_str_slice(text, *i, text.len), LME_STR("\u0130"))) {
        *i += 1;
        *ends = true;
        return 'i';
    }
    return 0;
}

/* Runs of a-z and 0-9 of the lower-cased text. */
static lme_words runs_of(lme_arena *scratch, lme_str text)
{
    lme_words words = {.items = LME_ARRAY(scratch, lme_str, text.len / 2 + 1)};
    char *out = lme_arena_alloc(scratch, text.len + 1);
    size_t n = 0, start = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = folded[(unsigned char)text.ptr[i]];
        bool ends = false;
        if ((unsigned char)text.ptr[i] >= 0x80)
            c = fold_other(text, &i, &ends);
        if (c != 0)
            out[n++] = c;
        if ((c == 0 || ends) && n > start) {
            words.items[words.n++] = (lme_str){out + start, n - start};
            start = n;
        }
    }
    if (n > start)
        words.items[words.n++] = (lme_str){out + start, n - start};
    return words;
}

static lme_words tokens_of(lme_arena *scratch, const rouge *o, lme_str text)
{
    lme_words words = runs_of(scratch, text);
    if (!o->use_stemmer)
        return words;
    size_t n = 0;
    for (size_t i = 0; i < words.n; i++) {
        lme_str word = words.items[i];
        if (word.len > 3)
            word = lme_porter_stem(scratch, word);
        if (word.len > 0)
            words.items[n++] = word;
    }
    words.n = n;
    return words;
}

/* precision, recall, F of `hits` among the tokens of both sides. */
static void fill(double hits, size_t n_predicted, size_t n_reference, double *prf)
{
    double p = hits / (n_predicted > 0 ? (double)n_predicted : 1.0);
    double r = hits / (n_reference > 0 ? (double)n_reference : 1.0);
    prf[0] = p;
    prf[1] = r;
    prf[2] = p + r > 0.0 ? 2.0 * p * r / (p + r) : 0.0;
}

typedef bool scorer(lme_arena *scratch, const rouge *o, lme_str prediction, lme_str reference,
                    double *prf, lme_error *err);

static void read_both(lme_arena *scratch, const rouge *o, const lme_str texts[2],
                      lme_symbols symbols[2])
{
    lme_words prediction = tokens_of(scratch, o, texts[0]);
    lme_words reference = tokens_of(scratch, o, texts[1]);
    lme_interner *interner = lme_interner_new(scratch, prediction.n + reference.n);
    symbols[0] = lme_intern_words(scratch, interner, prediction);
    symbols[1] = lme_intern_words(scratch, interner, reference);
}

static void score_ngrams(lme_arena *scratch, const rouge *o, const lme_str texts[2], size_t order,
                         double *prf)
{
    lme_symbols both[2];
    double matches[2];
    read_both(scratch, o, texts, both);
    lme_ngram_matches(scratch, both[0], &both[1], 1, order, matches);
    fill(matches[order - 1], lme_ngram_count(both[0].n, order), lme_ngram_count(both[1].n, order),
         prf);
}

static bool score_1(lme_arena *scratch, const rouge *o, lme_str prediction, lme_str reference,
                    double *prf, lme_error *err)
{
    (void)err;
    score_ngrams(scratch, o, (lme_str[]){prediction, reference}, 1, prf);
    return true;
}

static bool score_2(lme_arena *scratch, const rouge *o, lme_str prediction, lme_str reference,
                    double *prf, lme_error *err)
{
    (void)err;
    score_ngrams(scratch, o, (lme_str[]){prediction, reference}, 2, prf);
    return true;
}

static bool check_cells(size_t a, size_t b, size_t limit, lme_error *err)
{
    if (b == 0 || a <= limit / b)
        return true;
    return lme_fail(err, LME_ERR_LIMIT, NULL,
                    "texts of %zu and %zu words are too long for their common subsequence", a, b);
}

static bool score_l(lme_arena *scratch, const rouge *o, lme_str prediction, lme_str reference,
                    double *prf, lme_error *err)
{
    lme_symbols both[2];
    read_both(scratch, o, (lme_str[]){prediction, reference}, both);
    if (!check_cells(both[0].n, both[1].n, LME_LCS_LENGTH_CELLS, err))
        return false;
    size_t length = lme_lcs_length(scratch, both[1], both[0], both[0].n + both[1].n);
    fill((double)length, both[0].n, both[1].n, prf);
    return true;
}

typedef struct sentences {
    lme_symbols *items;
    size_t n, n_tokens;
    size_t longest;
} sentences;

static sentences sentences_of(lme_arena *scratch, const rouge *o, lme_interner *interner,
                              lme_str text)
{
    size_t n_lines = 1;
    for (size_t i = 0; i < text.len; i++)
        n_lines += text.ptr[i] == '\n';
    sentences made = {.items = LME_ARRAY(scratch, lme_symbols, n_lines)};
    for (size_t at = 0; at < text.len;) {
        size_t end = lme_str_find(text, LME_STR("\n"), at);
        end = end == SIZE_MAX ? text.len : end;
        lme_words words = tokens_of(scratch, o, lme_str_slice(text, at, end));
        made.items[made.n] = lme_intern_words(scratch, interner, words);
        made.n_tokens += words.n;
        made.longest = words.n > made.longest ? words.n : made.longest;
        made.n++;
        at = end + 1;
    }
    return made;
}

static uint32_t *count_tokens(lme_arena *scratch, const sentences *s, size_t n_symbols)
{
    uint32_t *counts = LME_ARRAY(scratch, uint32_t, n_symbols + 1);
    for (size_t i = 0; i < s->n; i++) {
        for (size_t k = 0; k < s->items[i].n; k++)
            counts[s->items[i].items[k]]++;
    }
    return counts;
}

/* Tokens of the reference that are in the union of its sentences' common subsequences with all
 * sentences of the prediction, none counted more often than either text has it. */
static size_t union_hits(lme_arena *scratch, const sentences *predicted, const sentences *reference,
                         size_t n_symbols)
{
    uint32_t *left = count_tokens(scratch, predicted, n_symbols);
    uint32_t *left_reference = count_tokens(scratch, reference, n_symbols);
    bool *is_common = LME_ARRAY(scratch, bool, reference->longest);
    uint64_t *room =
        LME_ARRAY(scratch, uint64_t, lme_lcs_room(reference->longest, predicted->longest));
    size_t hits = 0;
    for (size_t i = 0; i < reference->n; i++) {
        lme_symbols sentence = reference->items[i];
        memset(is_common, 0, sentence.n * sizeof *is_common);
        for (size_t k = 0; k < predicted->n; k++)
            lme_lcs_mark(room, sentence, predicted->items[k], is_common);
        for (size_t t = 0; t < sentence.n; t++) {
            uint32_t symbol = sentence.items[t];
            if (!is_common[t] || left[symbol] == 0 || left_reference[symbol] == 0)
                continue;
            hits++;
            left[symbol]--;
            left_reference[symbol]--;
        }
    }
    return hits;
}

static bool score_lsum(lme_arena *scratch, const rouge *o, lme_str prediction, lme_str reference,
                       double *prf, lme_error *err)
{
    size_t n_symbols = (prediction.len + reference.len) / 2 + 2;
    lme_interner *interner = lme_interner_new(scratch, n_symbols);
    sentences predicted = sentences_of(scratch, o, interner, prediction);
    sentences expected = sentences_of(scratch, o, interner, reference);
    if (!check_cells(predicted.n_tokens, expected.n_tokens, LME_LCS_TABLE_CELLS, err))
        return false;
    fill((double)union_hits(scratch, &predicted, &expected, n_symbols), predicted.n_tokens,
         expected.n_tokens, prf);
    return true;
}

static bool best_of(lme_arena *scratch, const rouge *o, const lme_segment *segment, scorer *score,
                    double *stats, lme_error *err)
{
    for (size_t i = 0; i < segment->n_references; i++) {
        double prf[3];
        if (!score(scratch, o, segment->hypothesis, segment->references[i], prf, err))
            return false;
        if (i == 0 || prf[2] > stats[3])
            memcpy(stats + 1, prf, sizeof prf);
    }
    static const size_t column[] = {3, 1, 2}; /* of values */
    stats[0] = stats[column[o->value]];
    return true;
}

static bool measure_1(lme_arena *scratch, const void *given, const lme_segment *segment,
                      double *stats, lme_error *err)
{
    return best_of(scratch, given, segment, score_1, stats, err);
}

static bool measure_2(lme_arena *scratch, const void *given, const lme_segment *segment,
                      double *stats, lme_error *err)
{
    return best_of(scratch, given, segment, score_2, stats, err);
}

static bool measure_l(lme_arena *scratch, const void *given, const lme_segment *segment,
                      double *stats, lme_error *err)
{
    return best_of(scratch, given, segment, score_l, stats, err);
}

static bool measure_lsum(lme_arena *scratch, const void *given, const lme_segment *segment,
                         double *stats, lme_error *err)
{
    return best_of(scratch, given, segment, score_lsum, stats, err);
}

static double mean(const void *given, const double *sums, size_t n)
{
    (void)given;
    return sums[0] / (double)n;
}

static void signature(lme_builder *out, const void *given)
{
    const rouge *o = given;
    lme_builder_format(out, "stem:%s|value:%s", o->use_stemmer ? "porter" : "no", values[o->value]);
}

static void details(lme_builder *out, const void *given, const double *sums, size_t n)
{
    (void)given;
    lme_builder_format(out, "(P = %.4f R = %.4f F = %.4f)", sums[1] / (double)n,
                       sums[2] / (double)n, sums[3] / (double)n);
}

#define ROUGE(id, shown, what, function)                                                           \
    const lme_text_metric lme_text_##id = {                                                        \
        .name = shown,                                                                             \
        .summary = what,                                                                           \
        .peer = "rouge_score 0.1.2",                                                               \
        .higher_is_better = true,                                                                  \
        .is_mean = true,                                                                           \
        .options = options,                                                                        \
        .options_size = sizeof(rouge),                                                             \
        .check = check,                                                                            \
        .width = width,                                                                            \
        .measure = function,                                                                       \
        .score = mean,                                                                             \
        .signature = signature,                                                                    \
        .details = details,                                                                        \
    }

ROUGE(rouge1, "rouge1", "F of words in common with the reference (rouge_score)", measure_1);
ROUGE(rouge2, "rouge2", "F of word pairs in common with the reference (rouge_score)", measure_2);
ROUGE(rouge_l, "rougeL", "F of the longest common subsequence of words (rouge_score)", measure_l);
ROUGE(rouge_lsum, "rougeLsum", "rougeL by lines, their unions summed (rouge_score)", measure_lsum);
