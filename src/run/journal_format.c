/* Which file this is. SQLite's header has two numbers for the programs that use it: whose file it
 * is, and which format. Nothing is written, and nothing emptied, in a file that is not ours. */
#include "journal_db.h"

#include <sys/stat.h>

enum {
    FORMAT = 5 /* 4: alternatives are in a key where the answer rests on them alone; 5: checksums */
};

static const char *const other_tables =
    "CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS condition"
    " (name TEXT PRIMARY KEY, value TEXT, task TEXT, place INTEGER) WITHOUT ROWID;";

static bool refuse(const lme_journal *journal, const char *what, lme_error *err)
{
    lme_fail(err, LME_ERR_IO, &(lme_place){.file = journal->path}, "%s", what);
    return lme_hint(err, "%s", journal->form->otherwise);
}

static bool make(lme_journal *journal, lme_error *err)
{
    char sql[160];
    sqlite3_snprintf((int)sizeof sql, sql, "PRAGMA application_id=%d; PRAGMA user_version=%d;",
                     journal->form->id, FORMAT);
    return lme_journal_execute(journal, "BEGIN IMMEDIATE", "open", err) &&
           lme_journal_execute(journal, journal->form->answers, "open", err) &&
           lme_journal_execute(journal, other_tables, "open", err) &&
           lme_journal_execute(journal, sql, "open", err) &&
           lme_journal_execute(journal, "COMMIT", "open", err);
}

static bool check_id(const lme_journal *journal, int64_t id, lme_error *err)
{
    if (id == journal->form->id)
        return true;
    if (id == lme_journal_form_of(LME_JOURNAL_OF_RUN)->id)
        return refuse(journal, "this is the journal of a run, not a cache", err);
    if (id == lme_journal_form_of(LME_JOURNAL_OF_CACHE)->id)
        return refuse(journal, "this is a cache, not the journal of a run", err);
    return refuse(journal, journal->form->foreign, err);
}

static bool check_version(const lme_journal *journal, int64_t version, lme_error *err)
{
    if (version == FORMAT)
        return true;
    lme_place at = {.file = journal->path};
    lme_fail(err, LME_ERR_IO, &at, "written by %s lmeval (format %lld, this one writes %d)",
             version > FORMAT ? "a newer" : "an older", (long long)version, (int)FORMAT);
    return lme_hint(err, "%s", journal->form->other_version);
}

static lme_str last_line(lme_str text)
{
    for (size_t at = lme_str_find(text, LME_STR("\n"), 0); at != SIZE_MAX;
         at = lme_str_find(text, LME_STR("\n"), 0))
        text = lme_str_slice(text, at + 1, text.len);
    return text;
}

/* The first thing that SQLite finds wrong with the pages. */
static bool check_pages(lme_journal *journal, lme_error *err)
{
    sqlite3_stmt *statement = NULL;
    if (!lme_journal_prepare(journal, "PRAGMA quick_check(1)", &statement, err))
        return false;
    lme_arena *arena = lme_arena_new();
    bool ok = sqlite3_step(statement) == SQLITE_ROW;
    if (!ok) {
        lme_journal_fail(journal, "read", err);
    } else {
        lme_str said = last_line(lme_journal_column(arena, statement, 0));
        ok = lme_str_is(said, "ok");
        if (!ok) {
            lme_fail(err, LME_ERR_IO, &(lme_place){.file = journal->path},
                     "the file is damaged: %.*s", LME_STR_ARG(said));
            lme_hint(err, "remove it; what it holds must be asked again");
        }
    }
    sqlite3_finalize(statement);
    lme_arena_free(arena);
    return ok;
}

/* SQLite takes a last page that is short for one that ends with zeros. As long as changes wait
 * beside the file it may be short; then the last page is among them. */
static bool check_size(lme_journal *journal, lme_error *err)
{
    int64_t page_bytes;
    struct stat file, beside;
    if (!lme_journal_number(journal, "PRAGMA page_size", &page_bytes, err))
        return false;
    lme_arena *arena = lme_arena_new();
    lme_str wal = lme_str_format(arena, "%s-wal", journal->path);
    bool is_settled = stat(wal.ptr, &beside) != 0 || beside.st_size == 0;
    bool is_cut = is_settled && page_bytes > 0 && stat(journal->path, &file) == 0 &&
                  file.st_size % page_bytes != 0;
    lme_arena_free(arena);
    if (!is_cut)
        return true;
    lme_fail(err, LME_ERR_IO, &(lme_place){.file = journal->path},
             "the file is cut off: it ends within a page");
    return lme_hint(err, "%s", journal->form->when_damaged);
}

/* What an earlier or later version wrote is thrown away as that of this one is. */
static bool make_anew(lme_journal *journal, lme_error *err)
{
    return lme_journal_execute(journal,
                               "DROP TABLE IF EXISTS answer; DROP TABLE IF EXISTS state;"
                               "DROP TABLE IF EXISTS condition;",
                               "empty", err) &&
           make(journal, err);
}

bool lme_journal_check_format(lme_journal *journal, bool fresh, lme_error *err)
{
    int64_t id, version, n_tables;
    if (!lme_journal_number(journal, "PRAGMA application_id", &id, err) ||
        !lme_journal_number(journal, "PRAGMA user_version", &version, err) ||
        !lme_journal_number(journal, "SELECT count(*) FROM sqlite_master", &n_tables, err))
        return false;
    if (!fresh && !check_size(journal, err))
        return false;
    if (n_tables == 0 && id == 0)
        return make(journal, err);
    if (!check_id(journal, id, err))
        return false;
    if (fresh && version != FORMAT)
        return make_anew(journal, err);
    return check_version(journal, version, err) && (fresh || check_pages(journal, err));
}
