/* The journal. Answers come in bursts, so puts gather in one transaction that run commits before it
 * hands samples out: a burst costs one write, and kill -9 loses only what had not counted yet
 * (synchronous NORMAL: WAL frames are with the kernel at commit). Answers are appended: a table in
 * the order of its keys, which are hashes, would touch a page for each. The lock is exclusive for
 * the whole run, so a second lmeval on the same folder is refused instead of mixing two runs.
 */
#include "journal_db.h"
#include "journal_sum.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Runs that share a cache wait for each other's commits. */
enum {
    BUSY_MS = 30000
};

static const char no_room[] =
    "make room on the disk and start the same command again: what was answered so far is kept";
static const char not_writable[] = "this user must be able to write the file and its folder";

/* What to do about an error of the file itself; NULL: nothing better to say. */
static const char *advice(const lme_journal *journal, int code)
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
        return journal->form->when_busy;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return journal->form->when_damaged;
    case SQLITE_IOERR:
        if (journal->path[0] != '\0' && access(journal->path, W_OK) != 0)
            return not_writable;
        return no_room;
    case SQLITE_FULL:
        return no_room;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return not_writable;
    default:
        return NULL;
    }
}

bool lme_journal_fail(const lme_journal *journal, const char *doing, lme_error *err)
{
    int code = sqlite3_errcode(journal->db);
    lme_place at = {.file = journal->path};
    lme_fail(err, LME_ERR_IO, &at, "cannot %s the %s: %s", doing, journal->form->name,
             sqlite3_errmsg(journal->db));
    const char *hint = advice(journal, code);
    return hint != NULL && lme_hint(err, "%s", hint);
}

bool lme_journal_execute(lme_journal *journal, const char *sql, const char *doing, lme_error *err)
{
    if (sqlite3_exec(journal->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return lme_journal_fail(journal, doing, err);
    return true;
}

bool lme_journal_prepare(lme_journal *journal, const char *sql, sqlite3_stmt **statement,
                         lme_error *err)
{
    if (sqlite3_prepare_v3(journal->db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL) !=
        SQLITE_OK)
        return lme_journal_fail(journal, "open", err);
    return true;
}

bool lme_journal_number(lme_journal *journal, const char *sql, int64_t *value, lme_error *err)
{
    sqlite3_stmt *statement = NULL;
    if (!lme_journal_prepare(journal, sql, &statement, err))
        return false;
    bool ok = sqlite3_step(statement) == SQLITE_ROW;
    *value = ok ? sqlite3_column_int64(statement, 0) : 0;
    if (!ok)
        lme_journal_fail(journal, "read", err);
    sqlite3_finalize(statement);
    return ok;
}

lme_str lme_journal_column(lme_arena *arena, sqlite3_stmt *statement, int at)
{
    const void *bytes = sqlite3_column_text(statement, at);
    size_t len = (size_t)sqlite3_column_bytes(statement, at);
    return bytes == NULL ? LME_STR("") : lme_str_copy(arena, (lme_str){bytes, len});
}

/* The answer in a row, as form->get selects it. */
static lme_response answer_of(lme_arena *arena, sqlite3_stmt *row)
{
    return (lme_response){
        .state = LME_RESPONSE_OK,
        .logprob_nats = sqlite3_column_double(row, 0),
        .is_greedy = sqlite3_column_int(row, 1) != 0,
        .straddles = sqlite3_column_int(row, 2) != 0,
        .n_tokens = (size_t)sqlite3_column_int64(row, 3),
        .n_prompt_tokens = (size_t)sqlite3_column_int64(row, 4),
        .text = lme_journal_column(arena, row, 5),
        .finish = lme_journal_column(arena, row, 6),
        .n_truncated = (size_t)sqlite3_column_int64(row, 7),
        .n_windows = (size_t)sqlite3_column_int64(row, 8),
    };
}

static bool check_sum(const lme_journal *journal, lme_str key, const lme_response *response,
                      sqlite3_stmt *row, lme_error *err)
{
    if (lme_journal_sum(key, response) == sqlite3_column_int64(row, 9))
        return true;
    lme_fail(err, LME_ERR_IO, &(lme_place){.file = journal->path},
             "the file is damaged: an answer in it is not the one that was written");
    return lme_hint(err, "remove it; what it holds must be asked again");
}

/* Every answer is held against its checksum: one whose key is damaged would never be found again,
 * and be asked for as if it had not been there. */
static bool read_index(lme_journal *journal, lme_error *err)
{
    sqlite3_stmt *rows = NULL;
    if (!lme_journal_prepare(journal, journal->form->all, &rows, err))
        return false;
    lme_arena *arena = lme_arena_new();
    bool ok = true;
    int step = sqlite3_step(rows);
    for (; ok && step == SQLITE_ROW; step = sqlite3_step(rows)) {
        lme_str key = lme_journal_column(arena, rows, 10);
        lme_response response = answer_of(arena, rows);
        ok = check_sum(journal, key, &response, rows, err);
        lme_journal_index_add(&journal->index, key, sqlite3_column_int64(rows, 11));
        lme_arena_reset(arena);
    }
    ok = ok && (step == SQLITE_DONE || lme_journal_fail(journal, "read", err));
    sqlite3_finalize(rows);
    lme_arena_free(arena);
    journal->len = journal->index.n;
    return ok;
}

static bool count_answers(lme_journal *journal, lme_error *err)
{
    int64_t len;
    if (journal->form->by_row)
        return read_index(journal, err);
    if (!lme_journal_number(journal, "SELECT count(*) FROM answer", &len, err))
        return false;
    journal->len = (size_t)len;
    return true;
}

static bool set_up(lme_journal *journal, bool fresh, lme_error *err)
{
    const lme_journal_form *form = journal->form;
    int64_t finished;
    /* The mode is written into the file: not before we know that it is ours. */
    if ((!form->shared &&
         !lme_journal_execute(journal, "PRAGMA locking_mode=EXCLUSIVE", "open", err)) ||
        !lme_journal_check_format(journal, fresh, err) ||
        !lme_journal_execute(journal, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;", "open",
                             err) ||
        (fresh && !lme_journal_execute(
                      journal, "DELETE FROM answer; DELETE FROM state; DELETE FROM condition;",
                      "empty", err)) ||
        !lme_journal_number(journal, "SELECT count(*) FROM state WHERE name = 'finished'",
                            &finished, err) ||
        !count_answers(journal, err))
        return false;
    journal->finished = finished > 0;
    return lme_journal_prepare(journal, form->get, &journal->get, err) &&
           lme_journal_prepare(journal, form->put, &journal->put, err) &&
           lme_journal_prepare(journal, "BEGIN", &journal->begin, err) &&
           lme_journal_prepare(journal, "COMMIT", &journal->commit, err);
}

/* Opens the file alone; nothing is read of it yet. */
static bool open_file(lme_str path, lme_journal_kind kind, int flags, lme_journal **journal,
                      lme_error *err)
{
    lme_journal *made = calloc(1, sizeof *made);
    char *name = calloc(1, path.len + 1);
    LME_BUG(made == NULL || name == NULL, "out of memory");
    for (size_t i = 0; i < path.len; i++)
        name[i] = path.ptr[i];
    made->path = name;
    made->form = lme_journal_form_of(kind);
    if (sqlite3_open_v2(name, &made->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        lme_journal_fail(made, "open", err);
        lme_journal_close(made);
        return false;
    }
    if (made->form->shared)
        sqlite3_busy_timeout(made->db, BUSY_MS);
    *journal = made;
    return true;
}

bool lme_journal_open(lme_str path, lme_journal_kind kind, bool fresh, lme_journal **journal,
                      lme_error *err)
{
    lme_journal *made;
    /* SQLite reads an empty name as a temporary file of its own, removed on close. */
    if (!open_file(path, kind, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &made, err))
        return false;
    if (!set_up(made, fresh, err)) {
        lme_journal_close(made);
        return false;
    }
    *journal = made;
    return true;
}

static bool has_bytes(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && status.st_size > 0;
}

/* A run that was killed leaves its last answers in the log beside the file: they are read from
 * there, and the log stays (a run that goes on puts them into the file). */
static void keep_log(lme_journal *journal)
{
    lme_arena *arena = lme_arena_new();
    lme_str log = lme_str_format(arena, "%s-wal", journal->path);
    if (has_bytes(log.ptr))
        sqlite3_db_config(journal->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    lme_arena_free(arena);
}

/* The file for reading; NULL when nothing is in it. */
static bool open_to_look(lme_str path, lme_journal_kind kind, lme_journal **journal, lme_error *err)
{
    lme_journal *made;
    int64_t n_tables = 0;
    *journal = NULL;
    if (!open_file(path, kind, SQLITE_OPEN_READWRITE, &made, err))
        return false;
    keep_log(made);
    bool ok = (made->form->shared ||
               lme_journal_execute(made, "PRAGMA locking_mode=EXCLUSIVE", "open", err)) &&
              lme_journal_number(made, "SELECT count(*) FROM sqlite_master", &n_tables, err) &&
              (n_tables == 0 || set_up(made, false, err));
    if (ok && n_tables > 0)
        *journal = made;
    else
        lme_journal_close(made);
    return ok;
}

bool lme_journal_look(lme_str path, lme_journal_kind kind, lme_journal **journal, lme_error *err)
{
    lme_journal *made = NULL;
    lme_arena *arena = lme_arena_new();
    bool is_there = path.len > 0 && has_bytes(lme_str_cstr(arena, path));
    lme_arena_free(arena);
    if ((is_there && !open_to_look(path, kind, &made, err)) ||
        (made == NULL && !lme_journal_open(LME_STR(""), kind, false, &made, err)))
        return false;
    made->looks = true;
    *journal = made;
    return true;
}

void lme_journal_close(lme_journal *journal)
{
    if (journal == NULL)
        return;
    sqlite3_finalize(journal->get);
    sqlite3_finalize(journal->put);
    sqlite3_finalize(journal->begin);
    sqlite3_finalize(journal->commit);
    lme_journal_index_free(&journal->index);
    sqlite3_close(journal->db);
    free(journal->path);
    free(journal);
}

size_t lme_journal_len(const lme_journal *journal)
{
    return journal->len;
}

bool lme_journal_is_finished(const lme_journal *journal)
{
    return journal->finished;
}

void lme_journal_bind(sqlite3_stmt *statement, int at, lme_str text)
{
    sqlite3_bind_text64(statement, at, text.ptr != NULL ? text.ptr : "", text.len, SQLITE_STATIC,
                        SQLITE_UTF8);
}

/* The answer that `get`, bound to the key, finds; found false: none. */
static bool read_answer(lme_arena *arena, lme_journal *journal, lme_str key, bool *found,
                        lme_response *response, lme_error *err)
{
    sqlite3_stmt *get = journal->get;
    int step = sqlite3_step(get);
    bool ok = step == SQLITE_ROW || step == SQLITE_DONE || lme_journal_fail(journal, "read", err);
    *found = step == SQLITE_ROW;
    if (*found) {
        *response = answer_of(arena, get);
        ok = check_sum(journal, key, response, get, err);
    }
    sqlite3_reset(get);
    return ok;
}

bool lme_journal_get(lme_arena *arena, lme_journal *journal, lme_str key, bool *found,
                     lme_response *response, lme_error *err)
{
    *found = false;
    lme_journal_bind(journal->get, 1, key);
    if (!journal->form->by_row)
        return read_answer(arena, journal, key, found, response, err);
    /* Another key may have the same hash, so the row is asked for this one; a key's newest counts.
     */
    lme_journal_hits hits = lme_journal_index_find(&journal->index, key);
    int64_t row, newest = 0;
    while (lme_journal_index_next(&journal->index, &hits, &row)) {
        bool is_key = false;
        lme_response kept;
        sqlite3_bind_int64(journal->get, 2, row);
        if (row < newest)
            continue;
        if (!read_answer(arena, journal, key, &is_key, &kept, err))
            return false;
        if (is_key) {
            *response = kept;
            *found = true;
            newest = row;
        }
    }
    return true;
}

static bool run(lme_journal *journal, sqlite3_stmt *statement, lme_error *err)
{
    bool ok = sqlite3_step(statement) == SQLITE_DONE || lme_journal_fail(journal, "write to", err);
    sqlite3_reset(statement);
    return ok;
}

bool lme_journal_put(lme_journal *journal, lme_str key, const lme_response *response,
                     lme_error *err)
{
    if (!journal->in_transaction && !run(journal, journal->begin, err))
        return false;
    journal->in_transaction = true;
    sqlite3_stmt *put = journal->put;
    lme_journal_bind(put, 1, key);
    sqlite3_bind_double(put, 2, response->logprob_nats);
    sqlite3_bind_int(put, 3, response->is_greedy);
    sqlite3_bind_int(put, 4, response->straddles);
    sqlite3_bind_int64(put, 5, (sqlite3_int64)response->n_tokens);
    sqlite3_bind_int64(put, 6, (sqlite3_int64)response->n_prompt_tokens);
    lme_journal_bind(put, 7, response->text);
    lme_journal_bind(put, 8, response->finish);
    sqlite3_bind_int64(put, 9, (sqlite3_int64)response->n_truncated);
    sqlite3_bind_int64(put, 10, (sqlite3_int64)response->n_windows);
    sqlite3_bind_int64(put, 11, lme_journal_sum(key, response));
    bool ok = run(journal, put, err);
    journal->n_unsaved++;
    if (ok && journal->form->by_row)
        lme_journal_index_add(&journal->index, key, sqlite3_last_insert_rowid(journal->db));
    return ok;
}

size_t lme_journal_unsaved(const lme_journal *journal)
{
    return journal->n_unsaved;
}

bool lme_journal_commit(lme_journal *journal, lme_error *err)
{
    if (!journal->in_transaction)
        return true;
    journal->in_transaction = false;
    journal->n_unsaved = 0;
    return run(journal, journal->commit, err);
}

bool lme_journal_finish(lme_journal *journal, lme_error *err)
{
    return lme_journal_commit(journal, err) &&
           lme_journal_execute(journal, "INSERT OR REPLACE INTO state VALUES ('finished', 'yes')",
                               "write to", err);
}
