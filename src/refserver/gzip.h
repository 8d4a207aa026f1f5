/* Answers compressed as servers behind nginx and the like send them. */
#ifndef LMEVAL_REFSERVER_GZIP_H
#define LMEVAL_REFSERVER_GZIP_H

#include <lmeval/str.h>

/* The text as a gzip file, in arena. */
lme_str lme_gzip(lme_arena *arena, lme_str text);

#endif
