/* The journal. Answers come in bursts, so puts gather in one transaction that run commits before it
 * hands samples out: a burst costs one write, and kill -9 loses only what had not counted yet
 * (synchronous NORMAL: WAL frames are with the kernel at commit). The lock is exclusive for the
 * whole run, so a second lmeval on the same folder is refused instead of mixing two runs.
 */
#include "journal.h"

#include <sqlite3.h>
#include <stdlib.h>

struct lme_journal {
    sqlite3 *db;
    sqlite3_stmt *get, *put;
    bool in_transaction;
    size_t len;
    char *path;
};

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS answer ("
    " key TEXT PRIMARY KEY, logprob REAL, is_greedy INTEGER, straddles INTEGER,"
    " n_tokens INTEGER, n_prompt_tokens INTEGER, text TEXT, finish TEXT) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;";

static bool fail_sqlite(const lme_journal *journal, const char *doing, lme_error *err)
{
    int code = sqlite3_errcode(journal->db);
    lme_place at = {.file = journal->path};
    lme_fail(err, LME_ERR_IO, &at, "cannot %s the journal: %s", doing, sqlite3_errmsg(journal->db));
    if (code == SQLITE_BUSY)
        return lme_hint(err, "another lmeval is writing this run: wait for it, or choose another "
                             "--output_path");
    if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
        return lme_hint(err, "the file is not a journal of lmeval or is damaged: remove it, or "
                             "choose another --output_path");
    if (code == SQLITE_FULL)
        return lme_hint(err, "make room on the disk and start the same command again: what was "
                             "answered so far is kept");
    return false;
}

static bool execute(lme_journal *journal, const char *sql, const char *doing, lme_error *err)
{
    if (sqlite3_exec(journal->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return fail_sqlite(journal, doing, err);
    return true;
}

static bool prepare(lme_journal *journal, const char *sql, sqlite3_stmt **statement, lme_error *err)
{
    if (sqlite3_prepare_v3(journal->db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL) !=
        SQLITE_OK)
        return fail_sqlite(journal, "open", err);
    return true;
}

/* Runs a statement that gives one number. */
static bool number(lme_journal *journal, const char *sql, size_t *value, lme_error *err)
{
    sqlite3_stmt *statement = NULL;
    if (!prepare(journal, sql, &statement, err))
        return false;
    bool ok = sqlite3_step(statement) == SQLITE_ROW;
    *value = ok ? (size_t)sqlite3_column_int64(statement, 0) : 0;
    if (!ok)
        fail_sqlite(journal, "read", err);
    sqlite3_finalize(statement);
    return ok;
}

static bool set_up(lme_journal *journal, bool fresh, lme_error *err)
{
    size_t finished = 0;
    if (!execute(journal,
                 "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL;"
                 "PRAGMA synchronous=NORMAL;",
                 "open", err) ||
        !execute(journal, schema, "open", err) ||
        !number(journal, "SELECT count(*) FROM state WHERE name = 'finished'", &finished, err))
        return false;
    if ((fresh || finished > 0) &&
        !execute(journal, "DELETE FROM answer; DELETE FROM state;", "empty", err))
        return false;
    return number(journal, "SELECT count(*) FROM answer", &journal->len, err) &&
           prepare(journal,
                   "SELECT logprob, is_greedy, straddles, n_tokens, n_prompt_tokens, text, finish"
                   " FROM answer WHERE key = ?1",
                   &journal->get, err) &&
           prepare(journal, "INSERT OR REPLACE INTO answer VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                   &journal->put, err);
}

bool lme_journal_open(lme_str path, bool fresh, lme_journal **journal, lme_error *err)
{
    lme_journal *made = calloc(1, sizeof *made);
    char *name = calloc(1, path.len + 1);
    LME_BUG(made == NULL || name == NULL, "out of memory");
    for (size_t i = 0; i < path.len; i++)
        name[i] = path.ptr[i];
    made->path = name;
    /* SQLite reads an empty name as a temporary file of its own, removed on close. */
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    bool ok = sqlite3_open_v2(name, &made->db, flags, NULL) == SQLITE_OK;
    if (!ok)
        fail_sqlite(made, "open", err);
    if (!ok || !set_up(made, fresh, err)) {
        lme_journal_close(made);
        return false;
    }
    *journal = made;
    return true;
}

void lme_journal_close(lme_journal *journal)
{
    if (journal == NULL)
        return;
    sqlite3_finalize(journal->get);
    sqlite3_finalize(journal->put);
    sqlite3_close(journal->db);
    free(journal->path);
    free(journal);
}

size_t lme_journal_len(const lme_journal *journal)
{
    return journal->len;
}

static void bind_text(sqlite3_stmt *statement, int at, lme_str text)
{
    sqlite3_bind_text64(statement, at, text.ptr != NULL ? text.ptr : "", text.len, SQLITE_STATIC,
                        SQLITE_UTF8);
}

static lme_str column_text(lme_arena *arena, sqlite3_stmt *statement, int at)
{
    const void *bytes = sqlite3_column_text(statement, at);
    size_t len = (size_t)sqlite3_column_bytes(statement, at);
    return bytes == NULL ? LME_STR("") : lme_str_copy(arena, (lme_str){bytes, len});
}

bool lme_journal_get(lme_arena *arena, lme_journal *journal, lme_str key, bool *found,
                     lme_response *response, lme_error *err)
{
    sqlite3_stmt *get = journal->get;
    bind_text(get, 1, key);
    int step = sqlite3_step(get);
    *found = step == SQLITE_ROW;
    if (*found) {
        *response = (lme_response){
            .state = LME_RESPONSE_OK,
            .logprob_nats = sqlite3_column_double(get, 0),
            .is_greedy = sqlite3_column_int(get, 1) != 0,
            .straddles = sqlite3_column_int(get, 2) != 0,
            .n_tokens = (size_t)sqlite3_column_int64(get, 3),
            .n_prompt_tokens = (size_t)sqlite3_column_int64(get, 4),
            .text = column_text(arena, get, 5),
            .finish = column_text(arena, get, 6),
        };
    }
    bool ok = step == SQLITE_ROW || step == SQLITE_DONE;
    if (!ok)
        fail_sqlite(journal, "read", err);
    sqlite3_reset(get);
    return ok;
}

bool lme_journal_put(lme_journal *journal, lme_str key, const lme_response *response,
                     lme_error *err)
{
    if (!journal->in_transaction && !execute(journal, "BEGIN", "write to", err))
        return false;
    journal->in_transaction = true;
    sqlite3_stmt *put = journal->put;
    bind_text(put, 1, key);
    sqlite3_bind_double(put, 2, response->logprob_nats);
    sqlite3_bind_int(put, 3, response->is_greedy);
    sqlite3_bind_int(put, 4, response->straddles);
    sqlite3_bind_int64(put, 5, (sqlite3_int64)response->n_tokens);
    sqlite3_bind_int64(put, 6, (sqlite3_int64)response->n_prompt_tokens);
    bind_text(put, 7, response->text);
    bind_text(put, 8, response->finish);
    bool ok = sqlite3_step(put) == SQLITE_DONE;
    if (!ok)
        fail_sqlite(journal, "write to", err);
    sqlite3_reset(put);
    sqlite3_clear_bindings(put);
    return ok;
}

bool lme_journal_commit(lme_journal *journal, lme_error *err)
{
    if (!journal->in_transaction)
        return true;
    journal->in_transaction = false;
    return execute(journal, "COMMIT", "write to", err);
}

bool lme_journal_finish(lme_journal *journal, lme_error *err)
{
    return lme_journal_commit(journal, err) &&
           execute(journal, "INSERT OR REPLACE INTO state VALUES ('finished', 'yes')", "write to",
                   err);
}
