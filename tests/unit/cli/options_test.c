/* Option rows: every kind, both spellings, and what each wrong input is told. */
#include "options.h"
#include "support.h"

#include <stdio.h>
#include <string.h>

typedef struct fields {
    bool flag;
    const char *text;
    lme_option_list list;
    size_t size;
    int64_t integer;
    double number;
    lme_option_list words, notes;
} fields;

static const lme_option rows[] = {
    {.name = "demo",
     .letter = 'd',
     .kind = LME_OPTION_FLAG,
     .offset = offsetof(fields, flag),
     .help = "a flag"},
    {.name = "output-path",
     .letter = 'o',
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, text),
     .arg = "DIR",
     .help = "a text"},
    {.name = "task",
     .letter = 't',
     .kind = LME_OPTION_LIST,
     .offset = offsetof(fields, list),
     .arg = "NAME",
     .help = "a list"},
    {.name = "concurrency",
     .kind = LME_OPTION_SIZE,
     .offset = offsetof(fields, size),
     .arg = "N",
     .help = "a size",
     .min = 1,
     .max = 4096},
    {.name = "seed",
     .kind = LME_OPTION_INT,
     .offset = offsetof(fields, integer),
     .arg = "N",
     .help = "an integer"},
    {.name = "limit",
     .letter = 'L',
     .kind = LME_OPTION_NUMBER,
     .offset = offsetof(fields, number),
     .arg = "N",
     .help = "a number"},
    {.name = "kwargs",
     .kind = LME_OPTION_WORDS,
     .offset = offsetof(fields, words),
     .arg = "K=V",
     .help = "words",
     .many = true},
    {.name = "bare",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, text),
     .arg = "BOOL",
     .help = "may stand alone",
     .bare = "true"},
    {.name = "device",
     .kind = LME_OPTION_NOTE,
     .offset = offsetof(fields, notes),
     .arg = "NAME",
     .instead = "has no effect"},
    {.name = "trust",
     .kind = LME_OPTION_NOTE,
     .offset = offsetof(fields, notes),
     .instead = "is not needed"},
    {.name = "wandb", .kind = LME_OPTION_REFUSE, .arg = "ARGS", .instead = "do it yourself"},
    {.name = "hidden",
     .kind = LME_OPTION_NUMBER,
     .offset = offsetof(fields, number),
     .arg = "N",
     .is_alias = true},
};
enum {
    MAX_WORDS = 24
};

static const lme_option_table table = {rows, sizeof rows / sizeof rows[0]};

/* Splits at blanks and reads; the command's own name is put in front. */
static bool read_line(lme_arena *arena, const char *line, fields *out, lme_option_list *operands,
                      lme_error *err)
{
    static char name[] = "run";
    char *argv[MAX_WORDS + 1] = {name};
    int argc = 1;
    while (*line != '\0') {
        size_t len = strcspn(line, " ");
        char *word = lme_arena_alloc(arena, len + 1);
        memcpy(word, line, len);
        argv[argc++] = word;
        line += len + (line[len] == ' ');
    }
    return lme_options_read(arena, &table, out, argv, operands, err);
}

static void reads_every_kind(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "--demo --output-path=out --task a,b -t c --concurrency 32 --seed -5 --limit 0.5 rest",
        "-d -oout -ta,b -tc --concurrency=32 --seed=-5 -L0.5 rest",
        "rest --demo --output_path out --task a --task b,c --concurrency 32 --seed -5 -L 0.5",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        lme_arena *arena = lme_arena_new();
        lme_error err = {0};
        fields got = {0};
        lme_option_list operands = {0};
        assert_ok(read_line(arena, lines[i], &got, &operands, &err), &err);
        assert_true(got.flag);
        assert_string_equal(got.text, "out");
        assert_int_equal(got.list.n, 3);
        assert_string_equal(got.list.items[0], "a");
        assert_string_equal(got.list.items[2], "c");
        assert_int_equal(got.size, 32);
        assert_int_equal(got.integer, -5);
        assert_true(got.number == 0.5);
        assert_int_equal(operands.n, 1);
        assert_string_equal(operands.items[0], "rest");
        lme_arena_free(arena);
    }
}

static void two_dashes_end_the_options(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    fields got = {0};
    lme_option_list operands = {0};
    assert_ok(read_line(arena, "-- --demo -", &got, &operands, &err), &err);
    assert_false(got.flag);
    assert_int_equal(operands.n, 2);
    lme_arena_free(arena);
}

static void says_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *line, *message;
    } cases[] = {
        {"--limmit 20", "did you mean --limit?"},
        {"--limit", "--limit wants a value: --limit N"},
        {"--limit --demo", "--limit wants a value: --limit N"},
        {"--output-path --limit=3", "--output-path wants a value"},
        {"--limit twenty", "--limit wants a number, got \"twenty\""},
        {"--limit 1e", "--limit wants a number, got \"1e\""},
        {"--concurrency 0", "--concurrency wants a number from 1 to 4096, got \"0\""},
        {"--concurrency 5000", "from 1 to 4096"},
        {"--concurrency 1.5", "wants a whole number, got \"1.5\""},
        {"--seed 99999999999999999999", "wants a whole number"},
        {"--demo=yes", "--demo takes no value"},
        {"--wandb project=p", "--wandb is an option of lm_eval that is not taken here"},
        {"--wandb", "do it yourself"},
        {"--wandb=a", "do it yourself"},
        {"-x", "unknown option -x"},
        {"--output", "did you mean --output-path?"},
        {"--ou", "--help behind the command lists its options"},
        {"--", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_arena *arena = lme_arena_new();
        lme_error err = {0};
        fields got = {0};
        lme_option_list operands = {0};
        bool ok = read_line(arena, cases[i].line, &got, &operands, &err);
        assert_int_equal(ok, cases[i].message[0] == '\0');
        if (!ok)
            assert_error(&err, LME_ERR_USAGE, cases[i].message);
        lme_arena_free(arena);
    }
}

static void takes_several_words_or_none(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    fields got = {0};
    lme_option_list operands = {0};
    assert_ok(read_line(arena,
                        "--kwargs a=1,b=2 c=3 --bare --kwargs d=4 -d --device cuda --trust x", &got,
                        &operands, &err),
              &err);
    assert_int_equal(got.words.n, 3);
    assert_string_equal(got.words.items[0], "a=1,b=2");
    assert_string_equal(got.words.items[1], "c=3");
    assert_string_equal(got.words.items[2], "d=4");
    assert_string_equal(got.text, "true");
    assert_true(got.flag);
    assert_int_equal(got.notes.n, 2);
    assert_string_equal(got.notes.items[0], "--device has no effect");
    assert_string_equal(got.notes.items[1], "--trust is not needed");
    assert_int_equal(operands.n, 1);
    assert_ok(read_line(arena, "--bare false", &got, &operands, &err), &err);
    assert_string_equal(got.text, "false");
    assert_ok(read_line(arena, "--bare=no", &got, &operands, &err), &err);
    assert_string_equal(got.text, "no");
    lme_arena_free(arena);
}

static void help_fits_a_terminal(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_builder out = {.arena = arena};
    lme_options_help(&out, &table);
    lme_str text = lme_builder_finish(&out);
    assert_true(lme_str_find(text, LME_STR("-o, --output-path DIR"), 0) != SIZE_MAX);
    assert_true(lme_str_find(text, LME_STR("hidden"), 0) == SIZE_MAX);
    for (size_t from = 0; from < text.len;) {
        size_t end = lme_str_find(text, LME_STR("\n"), from);
        assert_true(end - from <= 80);
        from = end + 1;
    }
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_kind),     cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(says_what_is_wrong),   cmocka_unit_test(takes_several_words_or_none),
        cmocka_unit_test(help_fits_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
