/* What a journal's run asked, under which conditions, against what is asked now. SQL does the
 * comparing: a run of a thousand tasks has some twenty thousand conditions. */
#include "journal_db.h"

#include <lmeval/unicode.h>

enum {
    SHOWN = 6,        /* differences in one message */
    SHOWN_BYTES = 44, /* of a value */
    BEFORE = 12       /* bytes shown before the first that differs */
};

static bool write_all(lme_journal *journal, const char *sql, const lme_condition *conditions,
                      size_t n, lme_error *err)
{
    sqlite3_stmt *insert = NULL;
    if (!lme_journal_prepare(journal, sql, &insert, err))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        lme_journal_bind(insert, 1, conditions[i].name);
        lme_journal_bind(insert, 2, conditions[i].value);
        lme_journal_bind(insert, 3, conditions[i].task);
        sqlite3_bind_int64(insert, 4, (sqlite3_int64)i);
        ok = sqlite3_step(insert) == SQLITE_DONE || lme_journal_fail(journal, "write to", err);
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    return ok;
}

/* Control characters, quotes and length are made fit for a line. */
static lme_str shown(lme_arena *arena, lme_str value, size_t differs_at)
{
    if (value.len == 0)
        return LME_STR("nothing");
    size_t from = differs_at > BEFORE && value.len > SHOWN_BYTES ? differs_at - BEFORE : 0;
    lme_str part = lme_str_slice(value, from, from + SHOWN_BYTES);
    lme_value text = lme_string(lme_utf8_repair(arena, part));
    bool whole = part.len == value.len;
    if (whole && lme_str_find(value, LME_STR("\n"), 0) == SIZE_MAX)
        return value;
    return lme_str_format(arena, "%s%.*s%s", from > 0 ? "..." : "",
                          LME_STR_ARG(lme_value_repr(arena, &text)),
                          from + part.len < value.len ? "..." : "");
}

static size_t first_difference(lme_str a, lme_str b)
{
    size_t i = 0;
    while (i < a.len && i < b.len && a.ptr[i] == b.ptr[i])
        i++;
    return i;
}

/* Rows (name, value then, value now) of what differs, the run's own conditions first. What a task
 * has that is not in both is told by the list of tasks. */
static const char *const differences =
    "SELECT c.name, c.value, a.value, c.task, c.place AS at FROM condition c"
    " LEFT JOIN temp.asked a ON a.name = c.name"
    " WHERE (a.value IS NULL OR a.value <> c.value)"
    "  AND (c.task = '' OR c.task IN (SELECT task FROM temp.asked))"
    " UNION ALL SELECT a.name, NULL, a.value, a.task, a.place AS at FROM temp.asked a"
    " WHERE a.name NOT IN (SELECT name FROM condition)"
    "  AND (a.task = '' OR a.task IN (SELECT task FROM condition))"
    " ORDER BY at";

static lme_str column_or_null(lme_arena *arena, sqlite3_stmt *row, int at)
{
    if (sqlite3_column_type(row, at) == SQLITE_NULL)
        return (lme_str){0};
    return lme_journal_column(arena, row, at);
}

static size_t list_differences(lme_arena *arena, sqlite3_stmt *rows, lme_builder *lines)
{
    size_t n = 0;
    for (; sqlite3_step(rows) == SQLITE_ROW; n++) {
        if (n >= SHOWN)
            continue;
        lme_str name = lme_journal_column(arena, rows, 0);
        lme_str then = column_or_null(arena, rows, 1), now = column_or_null(arena, rows, 2);
        size_t at = first_difference(then, now);
        lme_builder_format(lines, "\n  %.*s: then %.*s, now %.*s", LME_STR_ARG(name),
                           LME_STR_ARG(shown(arena, then, at)), LME_STR_ARG(shown(arena, now, at)));
    }
    if (n > SHOWN)
        lme_builder_format(lines, "\n  and %zu more", n - SHOWN);
    return n;
}

static bool compare(lme_journal *journal, lme_error *err)
{
    sqlite3_stmt *rows = NULL;
    if (!lme_journal_prepare(journal, differences, &rows, err))
        return false;
    lme_arena *arena = lme_arena_new();
    lme_builder lines = {.arena = arena};
    size_t n = list_differences(arena, rows, &lines);
    bool ok = n == 0;
    if (!ok) {
        lme_str text = lme_builder_finish(&lines);
        lme_fail(err, LME_ERR_USAGE, &(lme_place){.file = journal->path},
                 "the %s run in this folder asked something else:%.*s",
                 journal->finished ? "finished" : "broken-off", LME_STR_ARG(text));
        lme_hint(err, "choose another --output_path for this one; --fresh throws away what the "
                      "folder holds");
    }
    sqlite3_finalize(rows);
    lme_arena_free(arena);
    return ok;
}

bool lme_journal_agree(lme_journal *journal, const lme_condition *conditions, size_t n,
                       lme_error *err)
{
    int64_t n_kept;
    if (!lme_journal_number(journal, "SELECT count(*) FROM condition", &n_kept, err))
        return false;
    if (n_kept == 0 && journal->looks)
        return true;
    if (n_kept == 0)
        return lme_journal_execute(journal, "BEGIN", "write to", err) &&
               write_all(journal, "INSERT INTO condition VALUES (?1, ?2, ?3, ?4)", conditions, n,
                         err) &&
               lme_journal_execute(journal, "COMMIT", "write to", err);
    return lme_journal_execute(journal,
                               "CREATE TEMP TABLE asked (name TEXT PRIMARY KEY, value TEXT,"
                               " task TEXT, place INTEGER) WITHOUT ROWID",
                               "read", err) &&
           write_all(journal, "INSERT INTO temp.asked VALUES (?1, ?2, ?3, ?4)", conditions, n,
                     err) &&
           compare(journal, err) && lme_journal_execute(journal, "DROP TABLE asked", "read", err);
}

bool lme_journal_condition(lme_arena *arena, lme_journal *journal, lme_str name, bool *found,
                           lme_str *value, lme_error *err)
{
    sqlite3_stmt *rows = NULL;
    if (!lme_journal_prepare(journal, "SELECT value FROM condition WHERE name = ?1", &rows, err))
        return false;
    lme_journal_bind(rows, 1, name);
    int step = sqlite3_step(rows);
    *found = step == SQLITE_ROW;
    if (*found)
        *value = lme_journal_column(arena, rows, 0);
    bool ok = step == SQLITE_ROW || step == SQLITE_DONE || lme_journal_fail(journal, "read", err);
    sqlite3_finalize(rows);
    return ok;
}
