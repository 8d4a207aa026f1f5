/* Metrics: the row's own words, and what its formula is fed with. */
#include "../block.h"
#include "again.h"
#include "explain.h"

#include <math.h>

#include <lmeval/unicode.h>

static bool has_metric(const lme_recorded_sample *sample, const char *name)
{
    for (size_t i = 0; i < sample->n_answers; i++) {
        for (size_t k = 0; k < sample->answers[i].n_scores; k++) {
            if (lme_str_is(sample->answers[i].scores[k].metric, name))
                return true;
        }
    }
    return false;
}

/* One column of the table of choices: a number of a choice. */
typedef struct input {
    const char *metric; /* that needs it; NULL: each does */
    const char *title;
    int decimals;
    double (*value)(const lme_explanation *e, size_t choice);
} input;

static double logprob(const lme_explanation *e, size_t choice)
{
    return e->sample->responses[choice * e->sample->n_repeats].logprob_nats;
}

static double characters(const lme_explanation *e, size_t choice)
{
    return (double)lme_codepoints(e->sample->choices[choice]);
}

static double per_character(const lme_explanation *e, size_t choice)
{
    return logprob(e, choice) / characters(e, choice);
}

static double bytes(const lme_explanation *e, size_t choice)
{
    return (double)e->sample->choices[choice].len;
}

static double per_byte(const lme_explanation *e, size_t choice)
{
    return logprob(e, choice) / bytes(e, choice);
}

static double without(const lme_explanation *e, size_t choice)
{
    return e->sample->n_unconditional == 0 ? (double)NAN
                                           : logprob(e, choice + e->sample->n_choices);
}

static double difference(const lme_explanation *e, size_t choice)
{
    return logprob(e, choice) - without(e, choice);
}

static const input inputs[] = {
    {NULL, "log-prob", 4, logprob},
    {"acc_norm", "characters", 0, characters},
    {"acc_norm", "per char.", 4, per_character},
    {"acc_bytes", "bytes", 0, bytes},
    {"acc_bytes", "per byte", 4, per_byte},
    {"acc_mutual_info", "no context", 4, without},
    {"acc_mutual_info", "difference", 4, difference},
};
enum {
    N_INPUTS = sizeof inputs / sizeof inputs[0],
    COLUMN = 11
};

static bool is_shown(const lme_explanation *e, const input *in)
{
    return in->metric == NULL || has_metric(e->item->sample, in->metric);
}

static void write_choices(const lme_explanation *e, lme_builder *out)
{
    lme_builder_add(out, LME_STR("\n--- what the metrics work on\nch."));
    for (size_t i = 0; i < N_INPUTS; i++) {
        if (is_shown(e, &inputs[i]))
            lme_builder_format(out, "%*s", COLUMN, inputs[i].title);
    }
    lme_builder_char(out, '\n');
    for (size_t c = 0; c < e->sample->n_choices; c++) {
        lme_builder_format(out, "%3zu", c);
        for (size_t i = 0; i < N_INPUTS; i++) {
            double value = is_shown(e, &inputs[i]) ? inputs[i].value(e, c) : 0;
            if (!is_shown(e, &inputs[i]))
                continue;
            if (isfinite(value))
                lme_builder_format(out, "%*.*f", COLUMN, inputs[i].decimals, value);
            else
                lme_builder_format(out, "%*s", COLUMN, isnan(value) ? "none" : "floor");
        }
        lme_builder_char(out, '\n');
    }
}

/* The document through the metric once more; false: it cannot be, for the reason in err. */
static bool score_again(lme_arena *arena, const lme_explanation *e,
                        const lme_recorded_answer *recorded, const lme_metric_use *use,
                        lme_score *score, lme_error *err)
{
    const lme_traced *traced =
        lme_trace_named(e->item->pipelines, e->item->n_pipelines, recorded->pipeline);
    lme_answer answer;
    if (traced == NULL || traced->failure.len > 0)
        return lme_fail(err, LME_ERR_TASK, NULL, "its filters are not known here");
    for (size_t i = 0; i < e->sample->n_requests; i++) {
        if (e->sample->responses[i].state != LME_RESPONSE_OK)
            return lme_fail(err, LME_ERR_DATA, NULL, "an answer is missing");
    }
    if (e->sample->n_requests == 0)
        return lme_fail(err, LME_ERR_DATA, NULL, "the file has no requests");
    return lme_filter_apply(arena, &traced->pipeline, e->sample, &answer, err) &&
           lme_metric_score(arena, use, e->sample, &answer, score, err);
}

static lme_str statistics(lme_arena *arena, const lme_score *score)
{
    lme_builder text = {.arena = arena};
    for (size_t i = 0; i < score->width; i++)
        lme_builder_format(&text, "%s%.6g", i > 0 ? ", " : "", score->stats[i]);
    return lme_builder_finish(&text);
}

/* What is compared, of a generated answer. */
static void write_texts(const lme_explanation *e, const lme_recorded_answer *answer,
                        lme_builder *out)
{
    const lme_recorded_sample *sample = e->item->sample;
    bool generated = sample->n_requests > 0 && sample->requests[0].kind == LME_RECORDED_GENERATE;
    if (!generated || answer->n_values == 0)
        return;
    lme_value target = lme_string(sample->target);
    lme_explain_row(out, "  answer", lme_trace_text(out->arena, &answer->values[0]));
    lme_explain_row(out, "  target", lme_trace_text(out->arena, &target));
}

static void write_formula(const lme_explanation *e, const lme_recorded_answer *answer,
                          const lme_recorded_score *recorded, lme_builder *out)
{
    lme_arena *arena = out->arena;
    lme_error err = {0};
    lme_metric_use use;
    lme_score score = {0};
    lme_output_kind output = e->sample->output;
    bool known = lme_again_metric(arena, e->item->task, recorded->metric, output, &use, &err);
    if (known && use.metric != NULL) {
        lme_explain_row(out, "  is", lme_str_from(use.metric->summary));
        lme_explain_row(out, "  source", lme_str_from(use.metric->source));
        if (use.options.kind == LME_MAP && use.options.map.len > 0)
            lme_explain_row(out, "  options", lme_trace_text(arena, &use.options));
    }
    write_texts(e, answer, out);
    bool again = known && !use.is_left_out && score_again(arena, e, answer, &use, &score, &err);
    if (!again) {
        lme_explain_row(out, "  scored again", lme_str_format(arena, "no: %s", err.message));
        return;
    }
    lme_explain_row(out, "  statistics", statistics(arena, &score));
    bool same =
        lme_str_equal(lme_value_str(arena, &score.item), lme_value_str(arena, &recorded->item)) ||
        (score.width == 1 && score.stats[0] == recorded->value);
    lme_explain_row(out, "  scored again",
                    same ? LME_STR("the same")
                         : lme_str_format(arena,
                                          "%.*s: the file does not hold all that it was "
                                          "scored with (targets are texts there)",
                                          LME_STR_ARG(lme_trace_text(arena, &score.item))));
}

void lme_explain_metrics(const lme_explanation *e, lme_builder *out)
{
    const lme_recorded_sample *sample = e->item->sample;
    if (e->sample != NULL && sample->n_choices > 0)
        write_choices(e, out);
    for (size_t i = 0; i < sample->n_answers; i++) {
        const lme_recorded_answer *answer = &sample->answers[i];
        for (size_t k = 0; k < answer->n_scores; k++) {
            const lme_recorded_score *score = &answer->scores[k];
            lme_str label =
                lme_metric_label(out->arena, e->item->task, score->metric, answer->pipeline);
            lme_builder_format(out, "\n--- metric %.*s\n",
                               LME_STR_ARG(lme_visible(out->arena, label)));
            lme_explain_row(out, "  value", lme_trace_text(out->arena, &score->item));
            if (e->sample != NULL)
                write_formula(e, answer, score, out);
        }
    }
}
