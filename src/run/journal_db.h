/* The inside of lme_journal: the database, for the files that check it and keep its conditions. */
#ifndef LMEVAL_RUN_JOURNAL_DB_H
#define LMEVAL_RUN_JOURNAL_DB_H

#include "journal.h"
#include "journal_index.h"

#include <sqlite3.h>

/* What a journal and a cache do not have in common. The rows are in journal_kinds.c. */
typedef struct lme_journal_form {
    const char *name;
    int id;              /* SQLite's application_id */
    bool shared;         /* other programs may write to it at the same time */
    bool by_row;         /* answers are found by the index in memory; else by their key on disk */
    const char *answers; /* the table's definition */
    const char *all;     /* the same of every row, then key and row; where they are found by row */
    const char *get;     /* ?1 key, ?2 row where answers are found by it */
    const char *put;     /* ?1 to ?11: key, answer, checksum */
    const char *when_busy, *when_damaged; /* hints */
    const char *otherwise, *other_version;
    const char *foreign; /* what a database is that lmeval did not make */
} lme_journal_form;

const lme_journal_form *lme_journal_form_of(lme_journal_kind kind);

struct lme_journal {
    const lme_journal_form *form;
    sqlite3 *db;
    sqlite3_stmt *get, *put, *begin, *commit;
    lme_journal_index index;
    bool in_transaction, finished;
    bool looks; /* lme_journal_look */
    size_t len, n_unsaved;
    char *path;
};

/* Fills the error with SQLite's last one and what to do about it. Returns false.
 *   doing  "open", "read", "write to" */
bool lme_journal_fail(const lme_journal *journal, const char *doing, lme_error *err);

bool lme_journal_execute(lme_journal *journal, const char *sql, const char *doing,
                         lme_error *err) LME_MUST_CHECK;

bool lme_journal_prepare(lme_journal *journal, const char *sql, sqlite3_stmt **statement,
                         lme_error *err) LME_MUST_CHECK;

/* Runs a statement that gives one number. */
bool lme_journal_number(lme_journal *journal, const char *sql, int64_t *value,
                        lme_error *err) LME_MUST_CHECK;

/* The text is borrowed until the statement is reset. */
void lme_journal_bind(sqlite3_stmt *statement, int at, lme_str text);
lme_str lme_journal_column(lme_arena *arena, sqlite3_stmt *statement, int at);

/* Whether the file is one of ours, of this kind and format, and whole; makes the tables in an empty
 * one (journal_format.c).
 * Errors: LME_ERR_IO: foreign, of the other kind, older, newer, damaged; what to do. */
bool lme_journal_check_format(lme_journal *journal, bool fresh, lme_error *err) LME_MUST_CHECK;

#endif
