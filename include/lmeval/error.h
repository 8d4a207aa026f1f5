/* One error type for the whole program.
 *
 *     static bool read_it(const char *path, lme_error *err)
 *     {
 *         if (...)
 *             return lme_fail(err, LME_ERR_IO, &(lme_place){.file = path}, "cannot read: %s", why);
 *         return true;
 *     }
 *
 * The deepest function that knows what went wrong fills it once; callers may add what they were
 * doing (lme_while) or what to do next (lme_hint), never print. Only cli prints. A function that
 * succeeds does not touch it. A bug of ours is not an lme_error: LME_BUG. One document's failure is
 * not one either once it is recorded in the sample.
 */
#ifndef LMEVAL_ERROR_H
#define LMEVAL_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LME_MUST_CHECK          __attribute__((warn_unused_result))
#define LME_PRINTF(text, first) __attribute__((format(printf, text, first)))

typedef enum lme_code {
    LME_OK,
    LME_ERR_USAGE,    /* command line: unknown option, bad value */
    LME_ERR_TASK,     /* task file: bad YAML, unknown key, wrong type */
    LME_ERR_TEMPLATE, /* template: syntax, undefined name, wrong operand */
    LME_ERR_DATA,     /* dataset row: bad JSON, missing column */
    LME_ERR_IO,       /* file, directory or database */
    LME_ERR_LIMIT,    /* input larger or deeper than limits.h allows */
    LME_ERR_NETWORK,  /* no answer: refused, timed out, broken off */
    LME_ERR_SERVER,   /* an answer that cannot be used for what was asked */
    LME_ERR_COVERAGE, /* finished, but with more failed items than allowed */
    LME_ERR_STOPPED,  /* ended by a signal before its end */
    LME_ERR_GATE,     /* finished, and a threshold was not met */
} lme_code;

/* A place in a file; line and column count from 1, 0 means unknown. The name is borrowed. */
typedef struct lme_place {
    const char *file; /* NULL: no file */
    uint32_t line;
    uint32_t column; /* in code points */
} lme_place;

typedef struct lme_error {
    lme_code code;
    char file[256]; /* "" when the error has no place */
    uint32_t line, column;
    char message[1024]; /* complete: what, got what, expected what */
    char while_at[256]; /* what the caller was doing; "" when the message says it all */
    char hint[512];     /* what to do next; "" when there is nothing better to say */
} lme_error;

/* Fills err (which may be NULL: the caller only wants to know whether).
 *   at  may be NULL
 * Returns false, so that `return lme_fail(...)` reads well. */
bool lme_fail(lme_error *err, lme_code code, const lme_place *at, const char *format, ...)
    LME_PRINTF(4, 5);

/* Adds what to do next to a filled error. Returns false. */
bool lme_hint(lme_error *err, const char *format, ...) LME_PRINTF(2, 3);

/* Adds what the caller was doing, unless a deeper caller already said it. Returns false. */
bool lme_while(lme_error *err, const char *format, ...) LME_PRINTF(2, 3);

/* Gives a filled error a place when it has none. Returns false. */
bool lme_place_error(lme_error *err, const lme_place *at);

/* The error as one or more lines of text, without a final newline:
 *     FILE:LINE:COLUMN: MESSAGE
 *       while WHILE_AT
 *       hint: HINT
 * Returns the length it needs, as snprintf does. */
size_t lme_error_text(const lme_error *err, char *text, size_t size);

/* The same beside other things, as what a document failed by:
 *     FILE:LINE:COLUMN: MESSAGE, while WHILE_AT; HINT */
size_t lme_error_line(const lme_error *err, char *text, size_t size);

/* Says where our own assumption broke and aborts, in every build type. */
#define LME_BUG(broken, what)                                                                      \
    do {                                                                                           \
        if (broken)                                                                                \
            lme_bug(__FILE__, __LINE__, (what));                                                   \
    } while (0)
void lme_bug(const char *file, int line, const char *what) __attribute__((noreturn));

#endif
