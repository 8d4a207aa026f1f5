/* Thresholds on the command line: what `compare` and `ab` take alike. */
#ifndef LMEVAL_CLI_GATE_FLAGS_H
#define LMEVAL_CLI_GATE_FLAGS_H

#include "options.h"

#include <math.h>

#include <lmeval/compare.h>

/* Filled by the options below. */
typedef struct lme_gate_flags {
    const char *gates, *junit;
    double min_recovery, confidence, max_drop, max_flips; /* NAN: not asked; percent and points */
    bool point;
} lme_gate_flags;

#define LME_GATE_DEFAULTS                                                                          \
    {                                                                                              \
        .confidence = 0.95, .min_recovery = (double)NAN, .max_drop = (double)NAN,                  \
        .max_flips = (double)NAN                                                                   \
    }

/* The option rows; `type` has a field `gates`. */
#define LME_GATE_OPTIONS(type)                                                                     \
    {.name = "confidence",                                                                         \
     .kind = LME_OPTION_NUMBER,                                                                    \
     .offset = offsetof(type, gates.confidence),                                                   \
     .arg = "SHARE",                                                                               \
     .help = "of intervals and verdicts (0.95)",                                                   \
     .min = 0.5,                                                                                   \
     .max = 0.9999},                                                                               \
        {.name = "min-recovery",                                                                   \
         .kind = LME_OPTION_NUMBER,                                                                \
         .offset = offsetof(type, gates.min_recovery),                                             \
         .arg = "PERCENT",                                                                         \
         .help = "exit 1 unless it is shown that so much is kept",                                 \
         .min = 1,                                                                                 \
         .max = 200},                                                                              \
        {.name = "max-drop",                                                                       \
         .kind = LME_OPTION_NUMBER,                                                                \
         .offset = offsetof(type, gates.max_drop),                                                 \
         .arg = "POINTS",                                                                          \
         .help = "exit 1 unless it is shown that no more is lost",                                 \
         .min = 0,                                                                                 \
         .max = 1e9},                                                                              \
        {.name = "max-flips",                                                                      \
         .kind = LME_OPTION_NUMBER,                                                                \
         .offset = offsetof(type, gates.max_flips),                                                \
         .arg = "PERCENT",                                                                         \
         .help = "exit 1 unless it is shown that no more flip",                                    \
         .min = 0,                                                                                 \
         .max = 100},                                                                              \
        {.name = "gates",                                                                          \
         .kind = LME_OPTION_TEXT,                                                                  \
         .offset = offsetof(type, gates.gates),                                                    \
         .arg = "FILE",                                                                            \
         .help = "YAML with these thresholds, also for single tasks"},                             \
        {.name = "junit",                                                                          \
         .kind = LME_OPTION_TEXT,                                                                  \
         .offset = offsetof(type, gates.junit),                                                    \
         .arg = "FILE",                                                                            \
         .help = "write the thresholds' results as JUnit XML"},                                    \
    {                                                                                              \
        .name = "point", .kind = LME_OPTION_FLAG, .offset = offsetof(type, gates.point),           \
        .help = "let the numbers themselves pass, without proof"                                   \
    }

enum {
    LME_GATE_OPTION_ROWS = 7
};

/* Recovery that verdicts are about: --min-recovery, else 0.99. */
double lme_gate_flags_theta(const lme_gate_flags *flags);

/* The rules of the command line and of --gates.
 * Errors: LME_ERR_USAGE for --junit without thresholds; those of lme_gates_read. */
bool lme_gate_flags_read(lme_arena *arena, const lme_gate_flags *flags, const lme_gate_rule **rules,
                         size_t *n_rules, lme_error *err) LME_MUST_CHECK;

/* Checks them, says on stderr what is not met, writes --junit's file.
 * Errors: LME_ERR_GATE when one is not met; LME_ERR_USAGE when none applies; LME_ERR_IO. */
bool lme_gate_flags_pass(lme_arena *arena, const lme_gate_flags *flags, const lme_gate_rule *rules,
                         size_t n_rules, const lme_compare_view *view,
                         lme_error *err) LME_MUST_CHECK;

#endif
