/* Opening a file: magic, footer, schema, then a cursor a column. */
#include "rows.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lmeval/limits.h>
#include <lmeval/parquet.h>

enum {
    MAGIC_SIZE = 4,
    TAIL_SIZE = 8 /* the footer's length and the magic */
};

struct lme_parquet {
    lme_arena *own;
    lme_paged_file file;
    lme_parquet_schema schema;
    lme_assembly assembly;
    size_t n_open; /* columns */
    bool is_started;
    uint64_t at; /* rows handed out */
};

static bool open_file(lme_parquet *p, const char *path, lme_error *err)
{
    struct stat info;
    lme_place at = {.file = path};
    p->file = (lme_paged_file){.path = path, .descriptor = open(path, O_RDONLY | O_CLOEXEC)};
    if (p->file.descriptor < 0 || fstat(p->file.descriptor, &info) != 0)
        return lme_fail(err, LME_ERR_IO, &at, "cannot open: %s", strerror(errno));
    if (!S_ISREG(info.st_mode))
        return lme_fail(err, LME_ERR_IO, &at, "this is no file");
    p->file.size = (uint64_t)info.st_size;
    return true;
}

static bool not_parquet(const char *path, const char *why, lme_error *err)
{
    return lme_fail(err, LME_ERR_DATA, &(lme_place){.file = path}, "this is no Parquet file: %s",
                    why);
}

/* Where the footer is: its length and a magic stand at the very end. */
static bool read_footer(lme_arena *scratch, const lme_parquet *p, lme_str *footer, lme_error *err)
{
    const lme_paged_file *file = &p->file;
    unsigned char tail[TAIL_SIZE];
    if (file->size < MAGIC_SIZE + TAIL_SIZE)
        return not_parquet(file->path, "it is too short", err);
    if (!lme_paged_file_read(file, file->size - TAIL_SIZE, tail, TAIL_SIZE, err))
        return false;
    if (memcmp(tail + 4, "PARE", MAGIC_SIZE) == 0)
        return lme_fail(err, LME_ERR_DATA, &(lme_place){.file = file->path},
                        "the Parquet file is encrypted, which is not read");
    if (memcmp(tail + 4, "PAR1", MAGIC_SIZE) != 0)
        return not_parquet(file->path, "it does not end in PAR1, or was cut off", err);
    uint64_t size = lme_little_endian(tail, 4);
    if (size > file->size - MAGIC_SIZE - TAIL_SIZE)
        return not_parquet(file->path, "its footer would begin before the file does", err);
    if (size > LME_LIMIT_PARQUET_FOOTER)
        return lme_fail(err, LME_ERR_LIMIT, &(lme_place){.file = file->path},
                        "the Parquet file's footer is larger than %u MiB",
                        LME_LIMIT_PARQUET_FOOTER >> 20);
    char *bytes = lme_arena_alloc(scratch, (size_t)size);
    *footer = (lme_str){bytes, (size_t)size};
    return lme_paged_file_read(file, file->size - TAIL_SIZE - size, bytes, (size_t)size, err);
}

static bool prepare(lme_parquet *p, const char *path, lme_error *err)
{
    lme_str footer = {0};
    /* Names in the schema borrow the footer, so both live as long as the reader. */
    if (!open_file(p, path, err) || !read_footer(p->own, p, &footer, err) ||
        !lme_parquet_schema_read(p->own, footer, p->file.size, path, &p->schema, err))
        return false;
    p->assembly = (lme_assembly){
        .schema = &p->schema,
        .file = &p->file,
        .columns = LME_ARRAY(p->own, lme_column, p->schema.n_leaves),
    };
    for (; p->n_open < p->schema.n_leaves; p->n_open++)
        lme_column_open(&p->assembly.columns[p->n_open], &p->file, &p->schema, p->n_open);
    return true;
}

void lme_parquet_close(lme_parquet *file)
{
    if (file == NULL || file->own == NULL)
        return;
    for (size_t i = 0; i < file->n_open; i++)
        lme_column_close(&file->assembly.columns[i]);
    if (file->file.descriptor >= 0)
        close(file->file.descriptor);
    lme_arena_free(file->own);
    file->own = NULL;
}

static void close_at_arena(void *file)
{
    lme_parquet_close(file);
}

bool lme_parquet_open(lme_arena *arena, const char *path, lme_parquet **file, lme_error *err)
{
    lme_parquet *p = LME_NEW(arena, lme_parquet);
    p->own = lme_arena_new();
    if (!prepare(p, lme_str_cstr(p->own, lme_str_from(path)), err)) {
        lme_parquet_close(p);
        return false;
    }
    lme_arena_on_free(arena, close_at_arena, p);
    *file = p;
    return true;
}

size_t lme_parquet_rows(const lme_parquet *file)
{
    return (size_t)file->schema.n_rows;
}

/* The first triple of every column. */
static bool start(lme_parquet *p, lme_error *err)
{
    for (size_t i = 0; i < p->schema.n_leaves; i++) {
        if (!lme_column_advance(&p->assembly.columns[i], err))
            return false;
    }
    p->is_started = true;
    return true;
}

bool lme_parquet_next(lme_arena *arena, lme_parquet *file, lme_value *row, bool *end,
                      lme_error *err)
{
    *end = file->at == file->schema.n_rows;
    if (*end)
        return true;
    if (!file->is_started && !start(file, err))
        return false;
    file->at++;
    return lme_assembly_next(arena, &file->assembly, row, err);
}
