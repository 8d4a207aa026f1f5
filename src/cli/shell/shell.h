/* Completions: a shell is a row of list.h, and its script is made of the commands' and options'
 * rows. Names of tasks are asked of the program while the reader types, runs are folders that hold
 * a results.json.
 */
#ifndef LMEVAL_CLI_SHELL_H
#define LMEVAL_CLI_SHELL_H

#include "../command.h"

typedef struct lme_shell {
    const char *name;
    void (*write)(lme_builder *out); /* the whole script */
} lme_shell;

const lme_shell *const *lme_shell_all(size_t *n);
const lme_shell *lme_shell_find(const char *name); /* NULL: none */

/* What stands behind an option, or where a command wants no option. */
typedef enum lme_wanted {
    LME_WANTED_NOTHING, /* nothing that could be listed */
    LME_WANTED_FILE,
    LME_WANTED_FOLDER,
    LME_WANTED_TASK,
    LME_WANTED_RUN,
    LME_WANTED_WORD, /* an option's choices, or the words of the usage: a|b|c */
} lme_wanted;

bool lme_option_is_shown(const lme_option *option);
bool lme_option_takes_value(const lme_option *option);
lme_wanted lme_option_wanted(const lme_option *option);
lme_wanted lme_command_wanted(const lme_command *command);

/* The words of a usage like "get DATASET|list|path", or the names of commands and topics for help:
 * blanks between them, "" when there are none. */
lme_str lme_command_words(lme_arena *arena, const lme_command *command);

#endif
