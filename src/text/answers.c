/* Metrics of question answering: SQuAD's and DROP's exact match and F1, and looser matches. Of
 * several references the best counts. */
#include "ngram.h"
#include "normalize.h"

#include <stddef.h>

#include <lmeval/text.h>
#include <lmeval/unicode.h>

typedef struct matching {
    bool ignore_case;
} matching;

static const lme_text_option match_options[] = {
    {"ignore_case", LME_TEXT_BOOL, offsetof(matching, ignore_case), 0, 0, 0, NULL,
     "compare in lower case"},
    {0},
};

/* Score of one reference. */
typedef bool pair_scorer(lme_arena *scratch, const void *given, lme_str answer, lme_str reference,
                         double *score, lme_error *err);

static bool best_of(lme_arena *scratch, const void *given, const lme_segment *segment,
                    pair_scorer *scorer, double *best, lme_error *err)
{
    *best = 0.0;
    for (size_t i = 0; i < segment->n_references; i++) {
        double one = 0.0;
        if (!scorer(scratch, given, segment->hypothesis, segment->references[i], &one, err))
            return false;
        *best = one > *best ? one : *best;
    }
    return true;
}

/* SQuAD 2.0: an empty side matches an empty side alone. */
static bool squad_f1(lme_arena *scratch, const void *given, lme_str answer, lme_str reference,
                     double *score, lme_error *err)
{
    (void)given, (void)err;
    lme_words said = lme_split_words(scratch, lme_normalize_squad(scratch, answer));
    lme_words right = lme_split_words(scratch, lme_normalize_squad(scratch, reference));
    if (said.n == 0 || right.n == 0) {
        *score = said.n == right.n ? 1.0 : 0.0;
        return true;
    }
    lme_interner *interner = lme_interner_new(scratch, said.n + right.n);
    lme_symbols symbols = lme_intern_words(scratch, interner, said);
    lme_symbols reference_symbols = lme_intern_words(scratch, interner, right);
    double same = 0.0;
    lme_ngram_matches(scratch, symbols, &reference_symbols, 1, 1, &same);
    double precision = same / (double)said.n, recall = same / (double)right.n;
    *score = same == 0.0 ? 0.0 : 2.0 * precision * recall / (precision + recall);
    return true;
}

static bool squad_em(lme_arena *scratch, const void *given, lme_str answer, lme_str reference,
                     double *score, lme_error *err)
{
    (void)given, (void)err;
    *score = lme_str_equal(lme_normalize_squad(scratch, answer),
                           lme_normalize_squad(scratch, reference));
    return true;
}

static bool quasi_exact_match(lme_arena *scratch, const void *given, lme_str answer,
                              lme_str reference, double *score, lme_error *err)
{
    if (lme_strip(answer).len == 0) {
        *score = 0.0;
        return true;
    }
    return squad_em(scratch, given, answer, reference, score, err);
}

/* DROP counts no reference without text; a span is the whole answer here. */
static bool drop_pair(lme_arena *scratch, lme_str answer, lme_str reference, double *exact,
                      double *f1, lme_error *err)
{
    lme_spans said = {&answer, 1}, right = {&reference, 1};
    *exact = *f1 = 0.0;
    return lme_strip(reference).len == 0 || lme_drop_score(scratch, said, right, exact, f1, err);
}

static bool drop_f1(lme_arena *scratch, const void *given, lme_str answer, lme_str reference,
                    double *score, lme_error *err)
{
    (void)given;
    double exact;
    return drop_pair(scratch, answer, reference, &exact, score, err);
}

static bool drop_em(lme_arena *scratch, const void *given, lme_str answer, lme_str reference,
                    double *score, lme_error *err)
{
    (void)given;
    double f1;
    return drop_pair(scratch, answer, reference, score, &f1, err);
}

static void fold_case(lme_arena *scratch, const void *given, lme_str *a, lme_str *b)
{
    const matching *o = given;
    if (!o->ignore_case)
        return;
    *a = lme_lower(scratch, *a);
    *b = lme_lower(scratch, *b);
}

static bool contains(lme_arena *scratch, const void *given, lme_str answer, lme_str reference,
                     double *score, lme_error *err)
{
    (void)err;
    fold_case(scratch, given, &answer, &reference);
    *score = reference.len == 0 || lme_str_find(answer, reference, 0) != SIZE_MAX;
    return true;
}

static bool prefix_match(lme_arena *scratch, const void *given, lme_str answer, lme_str reference,
                         double *score, lme_error *err)
{
    (void)err;
    fold_case(scratch, given, &answer, &reference);
    answer = lme_strip(answer);
    reference = lme_strip(reference);
    *score = answer.len > 0 && reference.len > 0 && lme_str_starts(answer, reference);
    return true;
}

static double mean(const void *given, const double *sums, size_t n)
{
    (void)given;
    return sums[0] / (double)n;
}

static void match_signature(lme_builder *out, const void *given)
{
    const matching *o = given;
    lme_builder_format(out, "case:%s", o->ignore_case ? "lc" : "mixed");
}

static void squad_signature(lme_builder *out, const void *given)
{
    (void)given;
    lme_builder_add(out, LME_STR("norm:squad"));
}

static void drop_signature(lme_builder *out, const void *given)
{
    (void)given;
    lme_builder_add(out, LME_STR("norm:drop"));
}

#define ANSWER_METRIC(id, what, whose, rows, size, sign)                                           \
    static bool measure_##id(lme_arena *scratch, const void *given, const lme_segment *segment,    \
                             double *stats, lme_error *err)                                        \
    {                                                                                              \
        return best_of(scratch, given, segment, id, stats, err);                                   \
    }                                                                                              \
    const lme_text_metric lme_text_##id = {                                                        \
        .name = #id,                                                                               \
        .summary = what,                                                                           \
        .peer = whose,                                                                             \
        .higher_is_better = true,                                                                  \
        .is_mean = true,                                                                           \
        .options = rows,                                                                           \
        .options_size = size,                                                                      \
        .measure = measure_##id,                                                                   \
        .score = mean,                                                                             \
        .signature = sign,                                                                         \
    }

ANSWER_METRIC(squad_f1, "F1 of words after SQuAD's normalisation", "squad evaluate-v2.0", NULL, 0,
              squad_signature);
ANSWER_METRIC(squad_em, "equal after SQuAD's normalisation", "squad evaluate-v2.0", NULL, 0,
              squad_signature);
ANSWER_METRIC(drop_f1, "F1 of word bags, numbers must agree (DROP)", "lm_eval 0.4.13", NULL, 0,
              drop_signature);
ANSWER_METRIC(drop_em, "equal after DROP's normalisation", "lm_eval 0.4.13", NULL, 0,
              drop_signature);
ANSWER_METRIC(contains, "the answer contains the reference", "lmeval 0.1.0", match_options,
              sizeof(matching), match_signature);
ANSWER_METRIC(prefix_match, "the answer begins with the reference, blanks at the ends aside",
              "lmeval 0.1.0", match_options, sizeof(matching), match_signature);

ANSWER_METRIC(quasi_exact_match, "squad_em, but an empty answer is wrong", "lmeval 0.1.0", NULL, 0,
              squad_signature);
