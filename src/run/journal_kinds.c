#include "journal_db.h"

#define ANSWER                                                                                     \
    " logprob REAL, is_greedy INTEGER, straddles INTEGER, n_tokens INTEGER,"                       \
    " n_prompt_tokens INTEGER, text TEXT, finish TEXT, n_truncated INTEGER, n_windows INTEGER,"    \
    " checksum INTEGER)"

#define SELECT                                                                                     \
    "SELECT logprob, is_greedy, straddles, n_tokens, n_prompt_tokens, text, finish, n_truncated,"  \
    " n_windows, checksum"
#define GET SELECT " FROM answer WHERE key = ?1"

static const lme_journal_form forms[] = {
    [LME_JOURNAL_OF_RUN] =
        {
            .name = "journal",
            .id = 0x6c6d656a, /* "lmej" */
            .by_row = true,
            .answers =
                "CREATE TABLE IF NOT EXISTS answer (id INTEGER PRIMARY KEY, key TEXT," ANSWER ";",
            .all = SELECT ", key, id FROM answer",
            .get = GET " AND id = ?2",
            .put = "INSERT INTO answer VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            .when_busy = "another lmeval is writing this run: wait for it, or choose another "
                         "--output_path",
            .when_damaged = "the file is not a journal of lmeval or is damaged: remove it, or "
                            "choose another --output_path",
            .otherwise = "choose another --output_path, or remove the file",
            .other_version = "go on with that version, choose another --output_path, or throw its "
                             "answers away with --fresh",
            .foreign = "this database was not made by lmeval, or by a version that did not write "
                       "down what its run asked",
        },
    /* Found by key on disk: other programs add to it meanwhile. */
    [LME_JOURNAL_OF_CACHE] =
        {
            .name = "cache",
            .id = 0x6c6d6563, /* "lmec" */
            .shared = true,
            .answers =
                "CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY," ANSWER " WITHOUT ROWID;",
            .get = GET,
            .put = "INSERT OR REPLACE INTO answer VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
                   "?11)",
            .when_busy = "another program holds the cache: wait for it, or name another file with "
                         "--cache",
            .when_damaged = "the file is not a cache of lmeval or is damaged: remove it, or name "
                            "another one with --cache",
            .otherwise = "name another file with --cache",
            .other_version = "use that version, or name another file with --cache",
            .foreign = "this database was not made as a cache by lmeval",
        },
};

const lme_journal_form *lme_journal_form_of(lme_journal_kind kind)
{
    return &forms[kind];
}
