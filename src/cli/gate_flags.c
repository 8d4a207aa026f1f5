#include "gate_flags.h"

#include <stdio.h>

#include <lmeval/share.h>

double lme_gate_flags_theta(const lme_gate_flags *flags)
{
    return isnan(flags->min_recovery) ? 0.99 : flags->min_recovery / 100.0;
}

static bool wants_gates(const lme_gate_flags *flags)
{
    return flags->gates != NULL || !isnan(flags->min_recovery) || !isnan(flags->max_drop) ||
           !isnan(flags->max_flips);
}

bool lme_gate_flags_read(lme_arena *arena, const lme_gate_flags *flags, const lme_gate_rule **rules,
                         size_t *n_rules, lme_error *err)
{
    if (flags->junit != NULL && !wants_gates(flags)) {
        lme_fail(err, LME_ERR_USAGE, NULL, "--junit has no thresholds to report");
        return lme_hint(err, "add --min-recovery, --max-drop, --max-flips or --gates FILE");
    }
    lme_gate_rule *one = LME_NEW(arena, lme_gate_rule);
    one->gates = (lme_gates){
        .min_recovery = flags->min_recovery / 100.0,
        .max_drop = flags->max_drop,
        .max_flips = flags->max_flips / 100.0,
        .confidence = flags->confidence,
        .point = flags->point,
    };
    *rules = one;
    *n_rules = 1;
    return flags->gates == NULL ||
           lme_gates_read(arena, flags->gates, &one->gates, rules, n_rules, err);
}

/* The sentences on stderr. Returns how many are not met. */
static size_t print_failures(lme_arena *arena, const lme_gate_suite *suite)
{
    size_t n;
    lme_str text = lme_gates_failures(arena, suite->results, suite->n, &n);
    fprintf(stderr, "%.*s", LME_STR_ARG(text));
    return n;
}

/* A file of thresholds that holds nothing to anything is a mistake, not a pass. */
static bool fail_no_gate(const lme_gate_flags *flags, const lme_comparison *comparison,
                         lme_error *err)
{
    lme_fail(err, LME_ERR_USAGE, NULL, "no threshold applies to %.*s against %.*s",
             LME_STR_ARG(comparison->other->name), LME_STR_ARG(comparison->base->name));
    return lme_hint(err, "%s must hold min_recovery, max_drop or max_flips, for all or a task",
                    flags->gates);
}

bool lme_gate_flags_pass(lme_arena *arena, const lme_gate_flags *flags, const lme_gate_rule *rules,
                         size_t n_rules, const lme_compare_view *view, lme_error *err)
{
    lme_gate_suite *suites = LME_ARRAY(arena, lme_gate_suite, view->n);
    size_t n = 0;
    for (size_t i = 0; i < view->n; i++) {
        suites[i].comparison = &view->comparisons[i];
        suites[i].results =
            lme_gates_check(arena, rules, n_rules, &view->comparisons[i], &suites[i].n);
        if (suites[i].n == 0 && wants_gates(flags))
            return fail_no_gate(flags, &view->comparisons[i], err);
        n += print_failures(arena, &suites[i]);
    }
    if (flags->junit != NULL &&
        !lme_file_write(flags->junit, lme_gates_junit(arena, suites, view->n), err))
        return false;
    return n == 0 ||
           lme_fail(err, LME_ERR_GATE, NULL, "%zu threshold%s not met", n, n == 1 ? "" : "s");
}
