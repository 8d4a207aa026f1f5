/* Options as rows: what a row says (name, argument, where it goes, default, help) is all there is
 * to know of an option; parsing, --help, errors and nearest names come from the rows.
 */
#ifndef LMEVAL_CLI_OPTIONS_H
#define LMEVAL_CLI_OPTIONS_H

#include <lmeval/str.h>

typedef enum lme_option_kind {
    LME_OPTION_FLAG,   /* bool: true when given */
    LME_OPTION_TEXT,   /* const char * */
    LME_OPTION_JOIN,   /* const char *: given several times, with commas between */
    LME_OPTION_LIST,   /* lme_option_list: given several times, or comma separated */
    LME_OPTION_WORDS,  /* lme_option_list: given several times, each word as it is */
    LME_OPTION_NOTE,   /* lme_option_list: what `instead` says goes there; its value is dropped */
    LME_OPTION_REFUSE, /* an error that says `instead`; the field is not used */
    LME_OPTION_SIZE,   /* size_t */
    LME_OPTION_INT,    /* int64_t */
    LME_OPTION_NUMBER, /* double */
} lme_option_kind;

typedef struct lme_option_list {
    const char **items;
    size_t n;
} lme_option_list;

typedef struct lme_option {
    const char *name; /* with "-"; "_" means the same on the command line */
    char letter;      /* 0: none */
    lme_option_kind kind;
    size_t offset;       /* of the field in the command's struct */
    const char *arg;     /* word for the value in help; NULL for flags */
    const char *help;    /* one line */
    double min, max;     /* for numbers; both 0: no bound */
    const char *zero;    /* of SIZE: a word that stands for 0, beside the range, with `wanted`;
                            NULL: none */
    const char *wanted;  /* what they are, where that says it better; NULL: from min to max */
    bool is_alias;       /* another name of the row above it: left out of help */
    bool many;           /* takes the words behind its value, too, up to the next option */
    const char *choices; /* all words that it takes, blanks between; NULL: they are not listed */
    const char *bare;    /* its value when it stands alone; NULL: it cannot */
    const char *instead; /* of NOTE and REFUSE: why, and what to do; both are left out of help */
} lme_option;

typedef struct lme_option_table {
    const lme_option *rows;
    size_t n;
} lme_option_table;

/* Reads argv[1..] (argv[0] is the command, NULL ends it) into the struct `fields`; options and
 * operands may be mixed.
 *   arena     for lists and copies
 *   operands  what is no option, in order
 * Errors: LME_ERR_USAGE naming the option and what it wants, or the nearest name. */
bool lme_options_read(lme_arena *arena, const lme_option_table *table, void *fields, char **argv,
                      lme_option_list *operands, lme_error *err) LME_MUST_CHECK;

/* What every command takes beside its own: help, and what lme_cli_main takes out of argv before the
 * command sees it. Their fields are not used. */
const lme_option_table *lme_options_of_all(void);

/* The options as help lines, at most 80 columns. */
void lme_options_help(lme_builder *out, const lme_option_table *table);

#endif
