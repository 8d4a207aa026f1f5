/* How long answers are: their words, code points and bytes. References are not looked at. */
#include "words.h"

#include <lmeval/text.h>
#include <lmeval/unicode.h>

static bool count_words(lme_arena *scratch, const void *given, const lme_segment *segment,
                        double *stats, lme_error *err)
{
    (void)given, (void)err;
    stats[0] = (double)lme_split_words(scratch, segment->hypothesis).n;
    return true;
}

static bool count_code_points(lme_arena *scratch, const void *given, const lme_segment *segment,
                              double *stats, lme_error *err)
{
    (void)scratch, (void)given, (void)err;
    stats[0] = (double)lme_codepoints(segment->hypothesis);
    return true;
}

static bool count_bytes(lme_arena *scratch, const void *given, const lme_segment *segment,
                        double *stats, lme_error *err)
{
    (void)scratch, (void)given, (void)err;
    stats[0] = (double)segment->hypothesis.len;
    return true;
}

static double mean(const void *given, const double *sums, size_t n)
{
    (void)given;
    return sums[0] / (double)n;
}

#define LENGTH_METRIC(id, what, function)                                                          \
    const lme_text_metric lme_text_##id = {                                                        \
        .name = #id,                                                                               \
        .summary = what,                                                                           \
        .peer = "lmeval 0.1.0",                                                                    \
        .is_mean = true,                                                                           \
        .measure = function,                                                                       \
        .score = mean,                                                                             \
    }

LENGTH_METRIC(answer_words, "words of the answer", count_words);
LENGTH_METRIC(answer_code_points, "code points of the answer", count_code_points);
LENGTH_METRIC(answer_bytes, "bytes of the answer", count_bytes);
