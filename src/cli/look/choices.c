/* Choices as a table: marks, log-probability, margin to the best, the choice itself. */
#include "../block.h"
#include "form.h"

#include <math.h>

#include <lmeval/unicode.h>

enum {
    MARKS = 3, /* pick, pick by length, target */
    NUMBER_COLUMNS = 11,
    INDEX_COLUMNS = 5 /* "  12 " */
};

/* One run's numbers of an item. */
typedef struct side {
    const lme_recorded_sample *sample;
    size_t pick, pick_by_length;
} side;

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

static side side_of(const lme_recorded_sample *sample, lme_str delimiter)
{
    side s = {sample, lme_recorded_pick(sample, false, delimiter), SIZE_MAX};
    if (has_metric(sample, "acc_norm"))
        s.pick_by_length = lme_recorded_pick(sample, true, delimiter);
    return s;
}

static double logprob_of(const lme_recorded_sample *sample, size_t choice)
{
    const lme_recorded_request *request = &sample->requests[choice];
    return request->n_responses > 0 ? request->responses[0].logprob_nats : (double)NAN;
}

static void write_number(lme_builder *out, double value)
{
    if (isnan(value))
        lme_builder_format(out, "%*s", NUMBER_COLUMNS, "no answer");
    else if (isinf(value))
        lme_builder_format(out, "%*s", NUMBER_COLUMNS, "floor");
    else
        lme_builder_format(out, "%*.4f", NUMBER_COLUMNS, value);
}

static void write_side(const side *s, size_t choice, bool with_target, lme_builder *out)
{
    if (choice >= s->sample->n_choices) {
        lme_builder_format(out, "%*s", MARKS + NUMBER_COLUMNS, "not asked");
        return;
    }
    lme_builder_char(out, choice == s->pick ? '>' : ' ');
    lme_builder_char(out, choice == s->pick_by_length ? '~' : ' ');
    lme_builder_char(out, with_target && lme_recorded_is_gold(s->sample, choice) ? '*' : ' ');
    write_number(out, logprob_of(s->sample, choice));
}

static void write_margin(const lme_recorded_sample *sample, const lme_record *record,
                         lme_builder *out)
{
    double margin;
    if (!lme_recorded_margin(sample, &margin))
        return;
    lme_builder_format(out, "margin %+.4f: the target is %s the best of the others", margin,
                       margin >= 0 ? "above" : "below");
    if (record != NULL)
        lme_builder_format(out, ", in %.*s", LME_STR_ARG(lme_visible(out->arena, record->name)));
    lme_builder_char(out, '\n');
}

/* Which column is whose. */
static void write_names(const lme_look_view *view, lme_builder *out)
{
    lme_builder_add(out, LME_STR("  "));
    lme_fold(out,
             lme_str_format(out->arena, "of %.*s, then of %.*s", LME_STR_ARG(view->record->name),
                            LME_STR_ARG(view->other->name)),
             2);
}

static bool differs(const side *s)
{
    return s->pick_by_length != SIZE_MAX && s->pick_by_length != s->pick;
}

void lme_look_choices(const lme_look_view *view, const lme_look_item *item, lme_builder *out)
{
    lme_str delimiter = lme_record_delimiter(item->task);
    bool both = item->other != NULL;
    side base = side_of(item->sample, delimiter), other = {0};
    if (both)
        other = side_of(item->other, delimiter);
    bool by_length = differs(&base) || (both && differs(&other));
    if (!by_length)
        base.pick_by_length = other.pick_by_length = SIZE_MAX;
    lme_builder_format(out, "choices, log-probabilities in nats (> picked%s, * target)\n",
                       by_length ? ", ~ picked by length" : "");
    if (both)
        write_names(view, out);
    size_t columns = INDEX_COLUMNS + MARKS + NUMBER_COLUMNS + 2;
    columns += both ? 1 + MARKS + NUMBER_COLUMNS : 0;
    for (size_t i = 0; i < item->sample->n_choices; i++) {
        lme_builder_format(out, "%*zu ", INDEX_COLUMNS - 1, i);
        write_side(&base, i, true, out);
        if (both) {
            lme_builder_char(out, ' ');
            write_side(&other, i, false, out);
        }
        lme_builder_add(out, LME_STR("  "));
        lme_fold(out, lme_recorded_choice_text(out->arena, item->sample, i, delimiter), columns);
    }
    write_margin(item->sample, both ? view->record : NULL, out);
    if (both)
        write_margin(item->other, view->other, out);
}
