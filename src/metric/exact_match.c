/* exact_match: the answer and the reference are the same text, once both are cleaned as the options
 * say: patterns removed, lower case, no ASCII punctuation, no ASCII digits, in this order and
 * without strip(). With several references one has to match; for a multiple choice, the right
 * choice has to be what the model would have written.
 *
 * lm_eval cleans with numpy arrays of fixed-width text, and two traits of these show in the score:
 * NUL characters at the end vanish, and a text that becomes longer in lower case (U+0130) is cut to
 * the widest text of its array. */
#include "aggregate.h"
#include "choice.h"
#include "option.h"
#include "reference.h"

#include <lmeval/unicode.h>

typedef struct cleaning {
    lme_regex_list ignored;
    bool ignore_case, ignore_punctuation, ignore_numbers;
} cleaning;

static bool prepare(lme_arena *arena, lme_metric_use *use, const char *file, lme_error *err)
{
    cleaning *c = LME_NEW(arena, cleaning);
    use->state = c;
    return lme_metric_option_regexes(arena, use, "regexes_to_ignore", file, &c->ignored, err) &&
           lme_metric_option_bool(use, "ignore_case", file, &c->ignore_case, err) &&
           lme_metric_option_bool(use, "ignore_punctuation", file, &c->ignore_punctuation, err) &&
           lme_metric_option_bool(use, "ignore_numbers", file, &c->ignore_numbers, err);
}

static lme_str trim_nuls(lme_str text)
{
    while (text.len > 0 && text.ptr[text.len - 1] == '\0')
        text.len--;
    return text;
}

static bool is_ascii_punctuation(char c)
{
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
           (c >= '{' && c <= '~');
}

static bool is_ascii_digit(char c)
{
    return c >= '0' && c <= '9';
}

static lme_str without(lme_arena *arena, lme_str text, bool (*is_unwanted)(char c))
{
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < text.len; i++) {
        if (!is_unwanted(text.ptr[i]))
            lme_builder_char(&out, text.ptr[i]);
    }
    return lme_builder_finish(&out);
}

/* Code points of the longest text. */
static size_t widest(const lme_str *texts, size_t n)
{
    size_t width = 0;
    for (size_t i = 0; i < n; i++) {
        size_t length = lme_codepoints(texts[i]);
        width = length > width ? length : width;
    }
    return width;
}

static lme_str lower(lme_arena *arena, lme_str text, size_t width)
{
    lme_str small = lme_lower(arena, text);
    return trim_nuls(lme_str_slice(small, 0, lme_codepoint_offset(small, width)));
}

/* Cleans the texts of one array in place. The array's width is that of its texts before the NULs at
 * their ends are gone. */
static bool clean(lme_arena *arena, const cleaning *c, lme_str *texts, size_t n, lme_error *err)
{
    size_t width = widest(texts, n);
    for (size_t r = 0; r < c->ignored.len; r++) {
        for (size_t i = 0; i < n; i++) {
            if (!lme_regex_sub(arena, c->ignored.items[r], LME_STR(""), texts[i], 0, &texts[i],
                               err))
                return false;
        }
        width = widest(texts, n);
        for (size_t i = 0; i < n; i++)
            texts[i] = trim_nuls(texts[i]);
    }
    for (size_t i = 0; i < n; i++) {
        texts[i] = trim_nuls(texts[i]);
        if (c->ignore_case)
            texts[i] = lower(arena, texts[i], width);
        if (c->ignore_punctuation)
            texts[i] = trim_nuls(without(arena, texts[i], is_ascii_punctuation));
        if (c->ignore_numbers)
            texts[i] = trim_nuls(without(arena, texts[i], is_ascii_digit));
    }
    return true;
}

/* Share of the references that equal the answer. */
static bool match_text(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                       lme_str answer, double *share, lme_error *err)
{
    size_t n;
    lme_str *references = lme_metric_references(arena, sample, &n);
    if (!clean(arena, use->state, &answer, 1, err) || !clean(arena, use->state, references, n, err))
        return false;
    size_t n_equal = 0;
    for (size_t i = 0; i < n; i++)
        n_equal += lme_str_equal(answer, references[i]) ? 1 : 0;
    *share = n == 0 ? 0.0 : (double)n_equal / (double)n;
    return true;
}

/* An answer that a filter made a number of: text options do not apply to it. */
static bool matches_value(const lme_value *answer, const lme_value *target)
{
    int64_t number;
    if (answer->kind == LME_INT && target->kind == LME_STRING)
        return lme_str_to_int(lme_strip(target->string), &number) && number == answer->integer;
    return lme_value_equal(answer, target);
}

static bool match_value(const lme_sample *sample, const lme_value *answer)
{
    lme_value one = lme_metric_reference(sample);
    if (!sample->multiple_targets || one.kind != LME_LIST)
        return matches_value(answer, &one);
    for (size_t i = 0; i < one.list.len; i++) {
        if (matches_value(answer, &one.list.items[i]))
            return true;
    }
    return false;
}

static bool match(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_value *answer, double *share, lme_error *err)
{
    if (answer->kind == LME_STRING)
        return match_text(arena, use, sample, answer->string, share, err);
    *share = match_value(sample, answer) ? 1.0 : 0.0;
    return true;
}

static bool score_text(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                       const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    double share = 0.0;
    if (!match(arena, use, sample, &answer->values[0], &share, err))
        return false;
    if (sample->multiple_targets)
        share = share > 0.0 ? 1.0 : 0.0;
    made->stats[0] = share;
    made->item = lme_float(share);
    return true;
}

static bool score_choice(const lme_metric_use *use, const lme_sample *sample,
                         const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    size_t n_gold = sample->multiple_targets || sample->n_gold == 0 ? sample->n_gold : 1;
    bool any = false;
    for (size_t i = 0; i < n_gold; i++) {
        int64_t index = sample->gold[i];
        double logprob;
        bool greedy;
        if (index < 0 || index >= (int64_t)(answer->n_values - sample->n_unconditional))
            continue;
        if (!lme_metric_pair(use, answer, (size_t)index, &logprob, &greedy, err))
            return false;
        any = any || greedy;
    }
    made->stats[0] = any ? 1.0 : 0.0;
    made->item = lme_int(any ? 1 : 0);
    return true;
}

static bool score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    return sample->output == LME_OUTPUT_MULTIPLE_CHOICE
               ? score_choice(use, sample, answer, made, err)
               : score_text(arena, use, sample, answer, made, err);
}

static const char *const keys[] = {"ignore_case", "ignore_punctuation", "ignore_numbers",
                                   "regexes_to_ignore", NULL};

const lme_metric lme_metric_exact_match = {
    .name = "exact_match",
    .summary = "share of documents whose answer equals the target after the ignore_ options",
    .source = "lm_eval 0.4.13 api/metrics.py, exact_match_hf_evaluate",
    .output_kinds = (1u << LME_OUTPUT_GENERATE_UNTIL) | (1u << LME_OUTPUT_MULTIPLE_CHOICE),
    .aggregation = &lme_aggregation_mean,
    .higher_is_better = true,
    .width = 1,
    .keys = keys,
    .prepare = prepare,
    .score = score,
};
