/* DROP (Dua et al. 2019): both answers are sets of spans, each span a bag of words. Spans are
 * paired so that the sum of their F1 is largest; a pair counts only if the bags share a number or
 * the gold one has none. */
#include "assignment.h"
#include "normalize.h"
#include "words.h"

#include <math.h>
#include <string.h>

#include <lmeval/text.h>

enum {
    MAX_SPANS = 256 /* pairing takes the cube of it */
};

/* A span: its normal form and the distinct words in it, by number. */
typedef struct bag {
    lme_str text;
    uint32_t *words;
    size_t n_words;
    bool has_number;
} bag;

/* The words of all spans of both answers. */
typedef struct vocabulary {
    lme_interner *interner;
    bool *is_number;  /* by word */
    uint32_t *last;   /* by word: the bag, or pair of bags, that saw it last */
    uint32_t n_looks; /* bags and pairs looked at so far */
} vocabulary;

static bool is_number(lme_str word)
{
    double number;
    return lme_python_float(word, &number);
}

static void read_bag(lme_arena *scratch, vocabulary *v, lme_str normal, bag *b)
{
    lme_words words = lme_split_words(scratch, normal);
    *b = (bag){.text = normal, .words = LME_ARRAY(scratch, uint32_t, words.n)};
    v->n_looks++;
    for (size_t i = 0; i < words.n; i++) {
        uint32_t word = lme_intern(v->interner, words.items[i]);
        if (v->last[word] == v->n_looks)
            continue;
        v->last[word] = v->n_looks;
        v->is_number[word] = is_number(words.items[i]);
        b->has_number = b->has_number || v->is_number[word];
        b->words[b->n_words++] = word;
    }
}

static double bag_f1(vocabulary *v, const bag *predicted, const bag *gold)
{
    double common = 0.0;
    bool agrees = !gold->has_number;
    v->n_looks++;
    for (size_t i = 0; i < predicted->n_words; i++)
        v->last[predicted->words[i]] = v->n_looks;
    for (size_t i = 0; i < gold->n_words; i++) {
        if (v->last[gold->words[i]] != v->n_looks)
            continue;
        common += 1.0;
        agrees = agrees || v->is_number[gold->words[i]];
    }
    if (!agrees)
        return 0.0;
    double precision = predicted->n_words == 0 ? 1.0 : common / (double)predicted->n_words;
    double recall = gold->n_words == 0 ? 1.0 : common / (double)gold->n_words;
    return precision == 0.0 && recall == 0.0 ? 0.0
                                             : 2.0 * precision * recall / (precision + recall);
}

/* The bags of the predicted spans, then of the gold ones. */
static bag *read_bags(lme_arena *scratch, lme_spans predicted, lme_spans gold, vocabulary *v)
{
    size_t n = predicted.n + gold.n, n_words = 0;
    lme_str *normal = LME_ARRAY(scratch, lme_str, n);
    for (size_t i = 0; i < n; i++) {
        const lme_str *span = i < predicted.n ? &predicted.items[i] : &gold.items[i - predicted.n];
        normal[i] = lme_normalize_drop(scratch, *span);
        n_words += normal[i].len / 2 + 1;
    }
    *v = (vocabulary){
        .interner = lme_interner_new(scratch, n_words),
        .is_number = LME_ARRAY(scratch, bool, n_words + 1),
        .last = LME_ARRAY(scratch, uint32_t, n_words + 1),
    };
    bag *bags = LME_ARRAY(scratch, bag, n);
    for (size_t i = 0; i < n; i++)
        read_bag(scratch, v, normal[i], &bags[i]);
    return bags;
}

static bool all_in(const bag *these, size_t n_these, const bag *those, size_t n_those)
{
    for (size_t i = 0; i < n_these; i++) {
        bool found = false;
        for (size_t k = 0; k < n_those && !found; k++)
            found = lme_str_equal(these[i].text, those[k].text);
        if (!found)
            return false;
    }
    return true;
}

/* numpy's mean of the pairs' F1, unpaired spans counting 0, then its round to two digits: not
 * Python's, which looks at the exact decimal. */
static double mean_f1(lme_arena *scratch, vocabulary *v, const bag *bags, size_t n_predicted,
                      size_t n_gold)
{
    const bag *predicted = bags, *gold = bags + n_predicted;
    double *scores = LME_ARRAY(scratch, double, n_gold *n_predicted);
    for (size_t g = 0; g < n_gold; g++) {
        for (size_t p = 0; p < n_predicted; p++)
            scores[g * n_predicted + p] = bag_f1(v, &predicted[p], &gold[g]);
    }
    size_t *partner = LME_ARRAY(scratch, size_t, n_gold);
    lme_best_assignment(scratch, scores, n_gold, n_predicted, partner);
    double sum = 0.0;
    for (size_t g = 0; g < n_gold; g++) {
        if (partner[g] != SIZE_MAX)
            sum += scores[g * n_predicted + partner[g]];
    }
    size_t n = n_gold > n_predicted ? n_gold : n_predicted;
    return rint(sum / (double)n * 100.0) / 100.0;
}

bool lme_drop_score(lme_arena *scratch, lme_spans predicted, lme_spans gold, double *exact,
                    double *f1, lme_error *err)
{
    if (predicted.n > MAX_SPANS || gold.n > MAX_SPANS)
        return lme_fail(err, LME_ERR_LIMIT, NULL, "an answer of %zu spans, limit %d",
                        predicted.n > gold.n ? predicted.n : gold.n, MAX_SPANS);
    *exact = *f1 = 0.0;
    if (predicted.n == 0 || gold.n == 0)
        return true;
    vocabulary v;
    const bag *said = read_bags(scratch, predicted, gold, &v), *right = said + predicted.n;
    *exact = predicted.n == gold.n && all_in(said, predicted.n, right, gold.n) &&
             all_in(right, gold.n, said, predicted.n);
    *f1 = mean_f1(scratch, &v, said, predicted.n, gold.n);
    return true;
}
