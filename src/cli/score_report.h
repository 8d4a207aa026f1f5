/* What `lmeval score` prints: sacrebleu's lines, tables and JSON. */
#ifndef LMEVAL_CLI_SCORE_REPORT_H
#define LMEVAL_CLI_SCORE_REPORT_H

#include <lmeval/text.h>

/* One system by one metric. */
typedef struct lme_scored {
    double *stats; /* n_segments x width */
    double sums[LME_TEXT_WIDTH_MAX];
    double score;
    bool has_interval, has_p_value;
    lme_text_spread interval;
    double p_value; /* of its difference from the first system */
} lme_scored;

typedef enum lme_pairing {
    LME_PAIRING_NONE,
    LME_PAIRING_BOOTSTRAP,
    LME_PAIRING_RANDOMIZATION,
} lme_pairing;

typedef struct lme_score_report {
    const lme_text_use *uses; /* n_metrics */
    size_t n_metrics;
    const char **systems; /* n_systems names */
    size_t n_systems;
    const lme_scored *scored; /* n_systems x n_metrics */
    size_t n_segments;
    size_t n_references; /* a segment; 0: not the same for all */
    size_t n_bootstrap;  /* replicates of the intervals; 0: none */
    size_t n_paired;     /* trials */
    lme_pairing pairing;
    uint64_t seed;
    int64_t width; /* digits after the point; negative: by the metric */
    bool score_only;
} lme_score_report;

/* One system: a line a metric, "BLEU|nrefs:1|case:mixed|...|version:2.6.0 = 33.9 ...". Several: a
 * table, then what the test was, then the signatures. */
void lme_score_report_text(lme_builder *out, const lme_score_report *report);

/* The same as sacrebleu's JSON: an object, with several metrics or systems a list of them. */
void lme_score_report_json(lme_builder *out, const lme_score_report *report);

/* A line a segment: its score by the one metric. */
void lme_score_segment_text(lme_builder *out, const lme_score_report *report, double score);

#endif
