/* key=value words of the command line, as lm_eval reads them. */
#ifndef LMEVAL_CLI_PAIRS_H
#define LMEVAL_CLI_PAIRS_H

#include "options.h"

#include <lmeval/value.h>

/* A map of what was given: null when nothing was.
 *   option  its name, for messages
 *   words   each a JSON object, or pairs with commas between; commas in brackets and quotes do not
 *           count. A later value of a key wins.
 * A value is true, false, a number, a Python literal ([1, "a"], None), else the text itself.
 * Errors: LME_ERR_USAGE. Source: lm_eval 0.4.13 _cli/utils.py, MergeDictAction; but "-1" is a whole
 * number here, and 1.0 of lm_eval's making. */
bool lme_pairs_read(lme_arena *arena, const char *option, const lme_option_list *words,
                    lme_value *map, lme_error *err) LME_MUST_CHECK;

#endif
