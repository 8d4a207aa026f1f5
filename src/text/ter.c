/* TER (Snover et al. 2006) as sacrebleu 2.6.0 metrics/ter.py computes it. A segment's statistics:
 * the fewest edits to any reference, and the mean length of the references. */
#include "edits.h"
#include "tokenizer_ter.h"

#include <stddef.h>

#include <lmeval/text.h>

static const lme_text_option options[] = {
    {"normalized", LME_TEXT_BOOL, offsetof(lme_tercom, normalized), 0, 0, 0, NULL,
     "set punctuation apart, decode XML's escapes"},
    {"no_punct", LME_TEXT_BOOL, offsetof(lme_tercom, no_punct), 0, 0, 0, NULL,
     "leave punctuation out"},
    {"asian_support", LME_TEXT_BOOL, offsetof(lme_tercom, asian_support), 0, 0, 0, NULL,
     "both of these for Chinese and Japanese too"},
    {"case_sensitive", LME_TEXT_BOOL, offsetof(lme_tercom, case_sensitive), 0, 0, 0, NULL,
     "compare as written"},
    {0},
};

static size_t width(const void *given)
{
    (void)given;
    return 2;
}

static bool check_length(size_t n_words, lme_error *err)
{
    if (n_words <= LME_EDITS_WORDS_MAX)
        return true;
    return lme_fail(err, LME_ERR_LIMIT, NULL, "a text of %zu words is too long for ter, limit %d",
                    n_words, LME_EDITS_WORDS_MAX);
}

static lme_words words_of(lme_arena *scratch, const lme_tercom *o, lme_str text)
{
    return lme_split_words(scratch, lme_tercom_separate(scratch, o, text));
}

/* sacrebleu prepares a reference twice, and what the first time set apart can come apart further:
 * "it's's" gives "it's" and "'s", then "it" and "'s" twice. */
static lme_words reference_words(lme_arena *scratch, const lme_tercom *o, lme_str text)
{
    lme_words words = words_of(scratch, o, text);
    if (!o->normalized)
        return words;
    lme_builder again = {.arena = scratch};
    for (size_t i = 0; i < words.n; i++) {
        if (i > 0)
            lme_builder_char(&again, ' ');
        lme_builder_add(&again, words.items[i]);
    }
    return words_of(scratch, o, lme_builder_finish(&again));
}

static bool measure(lme_arena *scratch, const void *given, const lme_segment *segment,
                    double *stats, lme_error *err)
{
    lme_words hypothesis = words_of(scratch, given, segment->hypothesis);
    if (!check_length(hypothesis.n, err))
        return false;
    size_t fewest = SIZE_MAX, length = 0;
    for (size_t i = 0; i < segment->n_references; i++) {
        lme_words reference = reference_words(scratch, given, segment->references[i]);
        if (!check_length(reference.n, err))
            return false;
        lme_interner *interner = lme_interner_new(scratch, hypothesis.n + reference.n);
        lme_symbols words = lme_intern_words(scratch, interner, reference);
        size_t n_edits =
            lme_count_edits(scratch, lme_intern_words(scratch, interner, hypothesis), words);
        fewest = n_edits < fewest ? n_edits : fewest;
        length += reference.n;
    }
    stats[0] = (double)fewest;
    stats[1] = (double)length / (double)segment->n_references;
    return true;
}

static double score(const void *given, const double *sums, size_t n)
{
    (void)given, (void)n;
    if (sums[1] > 0.0)
        return 100.0 * (sums[0] / sums[1]);
    return sums[0] > 0.0 ? 100.0 : 0.0;
}

static void title(lme_builder *out, const void *given)
{
    (void)given;
    lme_builder_add(out, LME_STR("TER"));
}

static void signature(lme_builder *out, const void *given)
{
    const lme_tercom *o = given;
    lme_builder_format(out, "case:%s|tok:tercom|norm:%s|punct:%s|asian:%s",
                       o->case_sensitive ? "mixed" : "lc", o->normalized ? "yes" : "no",
                       o->no_punct ? "no" : "yes", o->asian_support ? "yes" : "no");
}

const lme_text_metric lme_text_ter = {
    .name = "ter",
    .summary = "edits and shifts per reference word, in percent; lower is better (sacrebleu)",
    .peer = "sacrebleu 2.6.0",
    .higher_is_better = false,
    .is_percent = true,
    .options = options,
    .options_size = sizeof(lme_tercom),
    .width = width,
    .measure = measure,
    .score = score,
    .title = title,
    .signature = signature,
};
