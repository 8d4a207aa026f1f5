/* Which lmeval, over which libraries. */
#ifndef LMEVAL_CLI_VERSION_H
#define LMEVAL_CLI_VERSION_H

#include <lmeval/str.h>

/* "lmeval 0.1.0", then a line a library: the one that is loaded, where it can tell. */
lme_str lme_version_text(lme_arena *arena);

#endif
