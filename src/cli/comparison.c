#include "comparison.h"

#include "block.h"
#include "color.h"
#include "command.h"

#include <stdio.h>

#include <lmeval/share.h>

lme_str *lme_option_texts(lme_arena *arena, const lme_option_list *list)
{
    lme_str *texts = LME_ARRAY(arena, lme_str, list->n);
    for (size_t i = 0; i < list->n; i++)
        texts[i] = lme_str_from(list->items[i]);
    return texts;
}

bool lme_comparison_format(lme_arena *arena, const char *name, const lme_compare_format **format,
                           lme_error *err)
{
    *format = lme_compare_format_find(lme_str_from(name));
    if (*format != NULL)
        return true;
    size_t n;
    const lme_compare_format *const *all = lme_compare_format_all(&n);
    lme_str *names = LME_ARRAY(arena, lme_str, n);
    lme_builder known = {.arena = arena};
    for (size_t i = 0; i < n; i++) {
        names[i] = lme_str_from(all[i]->name);
        lme_builder_format(&known, "%s%s", i > 0 ? ", " : "", all[i]->name);
    }
    lme_str nearest = lme_str_nearest(lme_str_from(name), names, n);
    lme_fail(err, LME_ERR_USAGE, NULL, "unknown format \"%s\"", name);
    if (nearest.len > 0)
        return lme_hint(err, "did you mean --format %.*s?", LME_STR_ARG(nearest));
    return lme_hint(err, "known are %s", lme_builder_finish(&known).ptr);
}

bool lme_comparison_refuse(lme_arena *arena, const lme_comparison *comparison, lme_error *err)
{
    lme_builder lines = {.arena = arena};
    for (size_t i = 0; i < comparison->n_obstacles; i++) {
        lme_builder_add(&lines, LME_STR("  "));
        lme_fold(&lines, comparison->obstacles[i], 4);
    }
    for (size_t i = 0; i < comparison->n_notes; i++) {
        lme_str note = lme_str_format(arena, "note: %.*s", LME_STR_ARG(comparison->notes[i]));
        lme_builder_add(&lines, LME_STR("  "));
        lme_fold(&lines, note, 4);
    }
    lme_str text = lme_builder_finish(&lines);
    fprintf(stderr, "%.*s", LME_STR_ARG(text));
    lme_fail(err, LME_ERR_USAGE, NULL, "%.*s and %.*s are not comparable",
             LME_STR_ARG(comparison->base->name), LME_STR_ARG(comparison->other->name));
    if (comparison->n_rows == 0)
        return false;
    return lme_hint(err, "--force compares them all the same and says so");
}

bool lme_comparison_noise(lme_arena *arena, const lme_record *base, const lme_record *again,
                          const lme_compare_options *options, const lme_comparison **noise,
                          lme_error *err)
{
    lme_comparison *made = LME_NEW(arena, lme_comparison);
    if (lme_file_same(base->path, again->path)) {
        lme_fail(err, LME_ERR_USAGE, NULL, "--aa %.*s is the base itself: no noise to see",
                 LME_STR_ARG(again->name));
        return lme_hint(err, "run the base once more into another folder and name that one");
    }
    lme_compare_runs(arena, base, again, options, made);
    *noise = made;
    return made->n_obstacles == 0 || lme_comparison_refuse(arena, made, err);
}

bool lme_comparison_print(lme_arena *arena, const lme_compare_format *format,
                          const lme_compare_view *view, lme_error *err)
{
    lme_str text = format->write(arena, view);
    if (format->for_terminals && lme_is_colored(stdout))
        text = lme_verdicts_painted(arena, text);
    return lme_print(text, err);
}
