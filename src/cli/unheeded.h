/* What was asked for and will not be done. */
#ifndef LMEVAL_CLI_UNHEEDED_H
#define LMEVAL_CLI_UNHEEDED_H

#include "measuring.h"

/* A caution on stderr for each option that has no effect on this run. */
void lme_say_unheeded(const lme_measuring *m);

#endif
