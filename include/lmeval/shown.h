/* Numbers as people read them: shares in percent, other scores in four digits. */
#ifndef LMEVAL_SHOWN_H
#define LMEVAL_SHOWN_H

#include <lmeval/compare.h>

/* "57.5" of 0.575 when it is a share, "12.34" otherwise; "-" for NAN. */
lme_str lme_shown_value(lme_arena *arena, double value, bool is_share);
lme_str lme_shown_signed(lme_arena *arena, double value, bool is_share); /* "+0.8" */

/* "57.5 ± 4.4" */
lme_str lme_shown_estimate(lme_arena *arena, const lme_estimate *e, bool is_share, bool utf8);

/* "-0.8 [-5.1, +3.4]" */
lme_str lme_shown_difference(lme_arena *arena, const lme_comparison_row *row);

/* "98.6 [90.4, 107.9]", in percent */
lme_str lme_shown_recovery(lme_arena *arena, const lme_estimate *e, const lme_interval *i);

lme_str lme_shown_p(lme_arena *arena, double p);           /* "<0.001", "0.042" */
lme_str lme_shown_count(lme_arena *arena, double n);       /* "12,300": two or three digits of it */
lme_str lme_shown_percent(lme_arena *arena, double share); /* "99", "99.5" */

/* "swag acc", "gsm8k exact_match,strict-match" */
lme_str lme_shown_label(lme_arena *arena, const lme_comparison_row *row);

/* "base (model)" */
lme_str lme_shown_record(lme_arena *arena, const lme_record *record);

#endif
