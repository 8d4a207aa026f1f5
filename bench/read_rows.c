/* bench_read_rows FILE: reads all rows of a file and drops them; prints "SECONDS s, N rows". */
#include <stdio.h>
#include <time.h>

#include <lmeval/dataset.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static bool read_all(const char *path, size_t *n, lme_error *err)
{
    lme_arena *arena = lme_arena_new(), *rows = lme_arena_new();
    lme_source source = {.path = lme_str_from(path), .split = LME_STR("test")};
    lme_dataset *dataset;
    bool end = false;
    bool ok = lme_dataset_open(arena, &source, &dataset, err);
    while (ok && !end) {
        lme_value row;
        lme_arena_reset(rows);
        ok = lme_dataset_next(rows, dataset, &row, &end, err);
        *n += ok && !end;
    }
    lme_arena_free(rows);
    lme_arena_free(arena);
    return ok;
}

int main(int argc, char **argv)
{
    lme_error err = {0};
    size_t n = 0;
    double start = now();
    if (argc != 2 || !read_all(argv[1], &n, &err)) {
        fprintf(stderr, "bench_read_rows: %s\n", argc != 2 ? "one file, please" : err.message);
        return 2;
    }
    printf("%.4f s, %zu rows\n", now() - start, n);
    return 0;
}
