#include "lines.h"

#include <errno.h>
#include <string.h>
#include <sys/types.h>

#include <lmeval/limits.h>

static bool fail_read(const char *path, lme_error *err)
{
    lme_place at = {.file = path};
    return lme_fail(err, LME_ERR_IO, &at, "cannot read: %s",
                    strerror(errno)); /* NOLINT(concurrency-mt-unsafe): one thread reports */
}

static bool read_file(void *context, char *to, size_t size, size_t *got, lme_error *err)
{
    lme_record_lines *lines = context;
    *got = fread(to, 1, size, lines->file);
    return *got > 0 || ferror(lines->file) == 0 || fail_read(lines->lines.path, err);
}

bool lme_record_lines_open(lme_arena *arena, const char *path, lme_record_lines *lines,
                           lme_error *err)
{
    *lines = (lme_record_lines){
        .file = fopen(path, "rb"),
        .lines =
            {
                .read = read_file,
                .context = lines,
                .path = path,
                .most = LME_LIMIT_SAMPLE_LINE,
                .what = "line",
                .holds = "a samples file holds one JSON object a line",
                .buffer = {.arena = arena},
            },
    };
    return lines->file != NULL || fail_read(path, err);
}

bool lme_record_lines_next(lme_record_lines *lines, lme_str *line, lme_record_place *place,
                           bool *end, lme_error *err)
{
    if (!lme_lines_next(&lines->lines, line, end, err))
        return false;
    if (!*end)
        *place = (lme_record_place){lines->lines.at, line->len, lines->lines.number};
    return true;
}

bool lme_record_lines_read(lme_arena *arena, const lme_record_lines *lines,
                           const lme_record_place *place, lme_str *line, lme_error *err)
{
    char *bytes = LME_ARRAY(arena, char, place->size + 1);
    if (fseeko(lines->file, (off_t)place->offset, SEEK_SET) != 0)
        return fail_read(lines->lines.path, err);
    if (fread(bytes, 1, place->size, lines->file) != place->size) {
        lme_place at = {.file = lines->lines.path, .line = place->number};
        return lme_fail(err, LME_ERR_IO, &at, "the file has become shorter while it was read");
    }
    *line = (lme_str){bytes, place->size};
    return true;
}

void lme_record_lines_close(lme_record_lines *lines)
{
    if (lines->file != NULL)
        fclose(lines->file);
    lines->file = NULL;
}
