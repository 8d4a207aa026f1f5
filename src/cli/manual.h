/* Manual pages, made of the same rows as --help. */
#ifndef LMEVAL_CLI_MANUAL_H
#define LMEVAL_CLI_MANUAL_H

#include "command.h"

/* lmeval-COMMAND(1), or lmeval(1) for NULL, in the macros of man(7). */
lme_str lme_manual(lme_arena *arena, const lme_command *command);

#endif
