/* A command is a row: its name, what it is for, its options, its function. */
#ifndef LMEVAL_CLI_COMMAND_H
#define LMEVAL_CLI_COMMAND_H

#include "options.h"

typedef struct lme_command {
    const char *name;
    const char *summary; /* one line for --help */
    const char *usage;   /* words after the name */
    const char *example; /* lines, each with its newline; NULL for none */
    lme_option_table options;
    /* Runs it. What goes wrong is in err and printed by the caller.
     *   argv[0]  the command's name */
    bool (*run)(lme_arena *arena, char **argv, lme_error *err);
} lme_command;

const lme_command *const *lme_command_all(size_t *n);
const lme_command *lme_command_find(const char *name); /* NULL: none */

/* Text to stdout; LME_ERR_IO when it can't be written (a closed pipe, a full disk). */
bool lme_print(lme_str text, lme_error *err) LME_MUST_CHECK;

bool lme_prints_utf8(void); /* by LC_ALL, LC_CTYPE, LANG; when none is set, yes */

/* Help of one command, or of the whole program (NULL). */
lme_str lme_help(lme_arena *arena, const lme_command *command);

#endif
