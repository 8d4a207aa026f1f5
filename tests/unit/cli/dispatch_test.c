/* When a run says that the server waited for the client. */
#include "dispatch.h"
#include "support.h"

#include <stdio.h>
#include <unistd.h>

/* What lme_say_dispatch writes. */
static lme_str said(lme_arena *arena, lme_client_time client)
{
    char *text = lme_arena_alloc(arena, 1000);
    lme_run_record record = {.client = client, .n_servers = 1};
    FILE *file = tmpfile();
    assert_non_null(file);
    fflush(stderr);
    int kept = dup(STDERR_FILENO);
    assert_int_equal(dup2(fileno(file), STDERR_FILENO), STDERR_FILENO);
    lme_say_dispatch(&record);
    fflush(stderr);
    assert_int_equal(dup2(kept, STDERR_FILENO), STDERR_FILENO);
    close(kept);
    rewind(file);
    size_t n = fread(text, 1, 999, file);
    fclose(file);
    return (lme_str){text, n};
}

static bool was_bottleneck(lme_arena *arena, lme_client_time client)
{
    lme_run_record record = {.client = client};
    lme_value value = lme_dispatch_client(arena, &record);
    const lme_value *was = lme_value_find(&value, "was_bottleneck");
    assert_non_null(was);
    return was->boolean;
}

static void a_busy_client_is_told_of(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_client_time busy = {.seconds = 10, .worked = 9.3};
    assert_str(said(arena, busy),
               "lmeval: the server waited for lmeval, which worked 93 % of the time: scores are"
               "\n    right, but the speed is this machine's; --batch asks more in one request\n");
    assert_true(was_bottleneck(arena, busy));
    lme_arena_free(arena);
}

static void a_waiting_client_is_not(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const lme_client_time quiet[] = {
        {0}, {.seconds = 10, .worked = 7.9}, {.seconds = 0.5, .worked = 0.5}};
    for (size_t i = 0; i < sizeof quiet / sizeof quiet[0]; i++) {
        assert_str(said(arena, quiet[i]), "");
        assert_false(was_bottleneck(arena, quiet[i]));
    }
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_busy_client_is_told_of),
        cmocka_unit_test(a_waiting_client_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
