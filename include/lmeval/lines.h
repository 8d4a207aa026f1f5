/* Bytes that come in pieces, given out as lines from one buffer that grows to the longest of them.
 *
 *     lme_lines lines = {.read = read_file, .context = file, .path = path, .most = LME_LIMIT_ROW,
 *                        .what = "row", .buffer = {.arena = arena}};
 *     while (lme_lines_next(&lines, &line, &end, err) && !end) ...
 */
#ifndef LMEVAL_LINES_H
#define LMEVAL_LINES_H

#include <lmeval/str.h>

typedef struct lme_lines {
    /* Puts at most `size` bytes to `to`; *got is 0 at the end only. */
    bool (*read)(void *context, char *to, size_t size, size_t *got, lme_error *err);
    void *context;
    const char *path;  /* for errors */
    size_t most;       /* bytes of a line */
    const char *what;  /* a line is, for errors: "row" */
    const char *holds; /* what such a file should look like, as a hint */
    bool drops_mark;   /* a byte order mark before the first line is none of its bytes */
    lme_builder buffer;
    /* Where it stands; zero at first. */
    size_t from;     /* where the next line starts in the buffer */
    size_t searched; /* no newline before this byte of it */
    uint64_t offset; /* of the buffer's first byte in all that came */
    uint64_t at;     /* of the line last given, likewise */
    uint32_t number; /* of the line last given, from 1 */
    bool ended;      /* there are no more bytes */
    bool is_open;    /* the line last given has no newline behind it */
} lme_lines;

/* Next line without its end (LF or CRLF).
 *   line  valid until the next call
 *   end   set when there are no more
 * Errors: LME_ERR_LIMIT for a longer line; those of read(). */
bool lme_lines_next(lme_lines *lines, lme_str *line, bool *end, lme_error *err) LME_MUST_CHECK;

#endif
