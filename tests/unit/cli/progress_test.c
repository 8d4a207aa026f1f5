/* The progress line: what stands in it, and when. */
#include "progress.h"
#include "support.h"

#include <math.h>

static void says_how_far_it_is(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_summary acc = {.metric = LME_STR("acc"), .value = 0.4512, .stderr_value = (double)NAN};
    lme_progress p = {
        .task = LME_STR("hellaswag"),
        .n_docs_done = 10,
        .n_docs = 40,
        .n_requests_done = 48,
        .seconds = 2,
    };
    assert_str(lme_progress_line(arena, &p),
               "hellaswag 10/40 documents, 48 answers, 24/s, 0:06 left");
    p.n_from_journal = 8;
    p.n_failed = 1;
    p.running = &acc;
    assert_str(lme_progress_line(arena, &p), "hellaswag 10/40 documents, 48 answers (8 kept), 20/s,"
                                             " 0:06 left, 1 failed, acc 0.4512");
    acc.stderr_value = 0.0123;
    p.seconds = 7200;
    assert_str(
        lme_progress_line(arena, &p),
        "hellaswag 10/40 documents, 48 answers (8 kept), 0.0056/s, 6:00:00 left, 1 failed, acc "
        "0.4512 \xc2\xb1 0.0123");
    lme_arena_free(arena);
}

static void has_no_rest_before_the_first_and_after_the_last(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_progress p = {.task = LME_STR("t"), .n_docs = 4};
    assert_str(lme_progress_line(arena, &p), "t 0/4 documents, 0 answers");
    p.n_requests_done = 1;
    assert_str(lme_progress_line(arena, &p), "t 0/4 documents, 1 answer");
    p = (lme_progress){.task = LME_STR("t"), .n_docs = 4, .n_docs_done = 4, .seconds = 1};
    assert_str(lme_progress_line(arena, &p), "t 4/4 documents, 0 answers, 0/s");
    lme_arena_free(arena);
}

/* By what is asked, where that was counted: kept answers take no time. */
static void the_rest_is_of_what_is_to_be_asked(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_progress p = {
        .task = LME_STR("hellaswag"),
        .n_docs_done = 30,
        .n_docs = 40,
        .n_requests_done = 125,
        .n_from_journal = 115,
        .n_to_ask = 45,
        .seconds = 2,
    };
    assert_str(lme_progress_line(arena, &p),
               "hellaswag 30/40 documents, 125 answers (115 kept), 5/s, 0:07 left");
    p.n_to_ask_later = 300;
    assert_str(lme_progress_line(arena, &p),
               "hellaswag 30/40 documents, 125 answers (115 kept), 5/s, 0:07 left (1:07 in all)");
    p.n_requests_done = 160;
    assert_str(lme_progress_line(arena, &p),
               "hellaswag 30/40 documents, 160 answers (115 kept), 22/s");
    lme_arena_free(arena);
}

static void a_terminal_gets_what_it_holds(void **state)
{
    (void)state;
    static const char line[] = "t 3/4 documents, 12 answers, 4/s, acc 0.5 \xc2\xb1 0.01";
    assert_str(lme_progress_fit(LME_STR(line), 48), line);
    assert_str(lme_progress_fit(LME_STR(line), 47), "t 3/4 documents, 12 answers, 4/s");
    assert_str(lme_progress_fit(LME_STR(line), 31), "t 3/4 documents, 12 answers");
    assert_str(lme_progress_fit(LME_STR(line), 10), "t 3/4 docu");
    assert_str(lme_progress_fit(LME_STR("a\xc3\xa4\xc3\xa4"), 2), "a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_how_far_it_is),
        cmocka_unit_test(the_rest_is_of_what_is_to_be_asked),
        cmocka_unit_test(a_terminal_gets_what_it_holds),
        cmocka_unit_test(has_no_rest_before_the_first_and_after_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
