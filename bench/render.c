/* How many rows a second a template is rendered for, in processor time of one core.
 * usage: bench_render TEMPLATE_FILE ROWS.jsonl ROUNDS      prints rows a second and bytes made */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <lmeval/json.h>
#include <lmeval/limits.h>
#include <lmeval/share.h>
#include <lmeval/template.h>

static double processor_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void check(bool ok, const lme_error *err)
{
    if (ok)
        return;
    fprintf(stderr, "%s\n", err->message);
    exit(1);
}

/* One row a line. */
static size_t read_rows(lme_arena *arena, const char *path, lme_value **rows)
{
    lme_str text;
    lme_error err = {0};
    lme_list_builder list = {.arena = arena};
    check(lme_file_read(arena, path, LME_LIMIT_TASK_FILE, &text, &err), &err);
    for (size_t at = 0; at < text.len;) {
        size_t end = lme_str_find(text, LME_STR("\n"), at);
        lme_value row;
        check(lme_json_read(arena, NULL, lme_str_slice(text, at, end), NULL, &row, &err), &err);
        lme_list_add(&list, row);
        at = end + 1;
    }
    *rows = list.items;
    return list.len;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    lme_arena *arena = lme_arena_new(), *scratch = lme_arena_new();
    lme_error err = {0};
    lme_str source, text;
    lme_template *t;
    lme_value *rows;
    check(lme_file_read(arena, argv[1], LME_LIMIT_TASK_FILE, &source, &err), &err);
    check(lme_template_compile(arena, source, NULL, &t, &err), &err);
    size_t n = read_rows(arena, argv[2], &rows), made = 0;
    long rounds = strtol(argv[3], NULL, 10);
    double start = processor_seconds();
    for (long round = 0; round < rounds; round++) {
        for (size_t i = 0; i < n; i++) {
            check(lme_template_render(scratch, t, &rows[i], &text, &err), &err);
            made += text.len;
            lme_arena_reset(scratch);
        }
    }
    printf("%.0f %zu\n", (double)n * (double)rounds / (processor_seconds() - start), made);
    lme_arena_free(scratch);
    lme_arena_free(arena);
    return 0;
}
