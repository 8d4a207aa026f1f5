/* One loop for every command. getopt_long would need a second table and a global state for the same
 * rows, and it can't treat `_` as `-` or name the nearest option.
 */
#include "options.h"

#include "wrap.h"

#include <stdio.h>
#include <string.h>

static const lme_option of_all_rows[] = {
    {.name = "color",
     .kind = LME_OPTION_TEXT,
     .arg = "WHEN",
     .choices = "auto always never",
     .help = "colours: auto (the default), always, never"},
    {.name = "help", .letter = 'h', .kind = LME_OPTION_FLAG, .help = "this text"},
};
static const lme_option_table of_all = {of_all_rows, sizeof of_all_rows / sizeof of_all_rows[0]};

const lme_option_table *lme_options_of_all(void)
{
    return &of_all;
}

/* a == b where `-` and `_` are the same; `len` bytes of a. */
static bool same_name(const char *a, size_t len, const char *b, size_t b_len)
{
    if (b_len != len)
        return false;
    for (size_t i = 0; i < len; i++) {
        char c = a[i];
        if (c == '_')
            c = '-';
        if (c != b[i])
            return false;
    }
    return true;
}

static const lme_option *find_name(const lme_option_table *table, const char *name, size_t len)
{
    for (size_t i = 0; i < table->n; i++) {
        if (same_name(name, len, table->rows[i].name, strlen(table->rows[i].name)))
            return &table->rows[i];
    }
    return NULL;
}

static const lme_option *find_letter(const lme_option_table *table, char letter)
{
    for (size_t i = 0; i < table->n; i++) {
        if (table->rows[i].letter != 0 && table->rows[i].letter == letter)
            return &table->rows[i];
    }
    return NULL;
}

/* The first name that goes on from the word; "" when none does. */
static lme_str beginning_with(lme_str word, const lme_str *names, size_t n)
{
    enum {
        SHORTEST = 3 /* letters that say which one is meant */
    };
    for (size_t i = 0; i < n && word.len >= SHORTEST; i++) {
        if (names[i].len > word.len && same_name(word.ptr, word.len, names[i].ptr, word.len))
            return names[i];
    }
    return LME_STR("");
}

/* What stands behind the name is not shown: it may be a key ("--api-key=..."). */
static bool fail_unknown(lme_arena *arena, const lme_option_table *table, const char *given,
                         lme_error *err)
{
    size_t n = table->n + of_all.n;
    lme_str *names = LME_ARRAY(arena, lme_str, n);
    for (size_t i = 0; i < table->n; i++)
        names[i] = lme_str_from(table->rows[i].name);
    for (size_t i = 0; i < of_all.n; i++)
        names[table->n + i] = lme_str_from(of_all.rows[i].name);
    lme_str word = lme_str_from(given + strspn(given, "-"));
    word.len = strcspn(word.ptr, "=");
    lme_str nearest = lme_str_nearest(word, names, n);
    if (nearest.len == 0)
        nearest = beginning_with(word, names, n);
    lme_fail(err, LME_ERR_USAGE, NULL, "unknown option %.*s", (int)strcspn(given, "="), given);
    if (nearest.len > 0)
        return lme_hint(err, "did you mean --%.*s?", LME_STR_ARG(nearest));
    return lme_hint(err, "--help behind the command lists its options");
}

static bool fail_value(const lme_option *option, const char *value, const char *wanted,
                       lme_error *err)
{
    return lme_fail(err, LME_ERR_USAGE, NULL, "--%s wants %s, got \"%s\"", option->name, wanted,
                    value);
}

static bool check_range(const lme_option *option, double number, const char *value, lme_error *err)
{
    if ((option->min == 0 && option->max == 0) || (number >= option->min && number <= option->max))
        return true;
    if (option->wanted != NULL)
        return fail_value(option, value, option->wanted, err);
    char wanted[128];
    snprintf(wanted, sizeof wanted, "a number from %.15g to %.15g", option->min, option->max);
    return fail_value(option, value, wanted, err);
}

static bool read_number(const lme_option *option, const char *value, void *field, lme_error *err)
{
    lme_str text = lme_str_from(value);
    if (option->kind == LME_OPTION_NUMBER) {
        double number;
        if (!lme_str_to_double(text, &number))
            return fail_value(option, value, "a number", err);
        *(double *)field = number;
        return check_range(option, number, value, err);
    }
    int64_t integer;
    if (option->zero != NULL && lme_str_is(text, option->zero)) {
        *(size_t *)field = 0;
        return true;
    }
    if (!lme_str_to_int(text, &integer))
        return fail_value(option, value, option->zero != NULL ? option->wanted : "a whole number",
                          err);
    if (!check_range(option, (double)integer, value, err))
        return false;
    if (option->kind == LME_OPTION_INT) {
        *(int64_t *)field = integer;
        return true;
    }
    if (integer < 0)
        return fail_value(option, value, "a whole number, 0 or more", err);
    *(size_t *)field = (size_t)integer;
    return true;
}

static void add_item(lme_arena *arena, lme_option_list *list, const char *item)
{
    list->items = lme_arena_grow(arena, list->items, list->n * sizeof *list->items,
                                 (list->n + 1) * sizeof *list->items);
    list->items[list->n++] = item;
}

/* "a,b" adds a and b. */
static void add_items(lme_arena *arena, lme_option_list *list, const char *value)
{
    while (true) {
        size_t len = strcspn(value, ",");
        if (len > 0)
            add_item(arena, list, lme_str_cstr(arena, (lme_str){value, len}));
        if (value[len] == '\0')
            return;
        value += len + 1;
    }
}

static void join(lme_arena *arena, const char **field, const char *value)
{
    *field = *field == NULL ? value : lme_str_format(arena, "%s,%s", *field, value).ptr;
}

static bool store(lme_arena *arena, const lme_option *option, const char *value, void *fields,
                  lme_error *err)
{
    void *field = (char *)fields + option->offset;
    switch (option->kind) {
    case LME_OPTION_FLAG:
        *(bool *)field = true;
        return true;
    case LME_OPTION_TEXT:
        *(const char **)field = value;
        return true;
    case LME_OPTION_JOIN:
        join(arena, field, value);
        return true;
    case LME_OPTION_LIST:
        add_items(arena, field, value);
        return true;
    case LME_OPTION_WORDS:
        add_item(arena, field, value);
        return true;
    case LME_OPTION_NOTE:
        add_item(arena, field, lme_str_format(arena, "--%s %s", option->name, option->instead).ptr);
        return true;
    case LME_OPTION_REFUSE:
        lme_fail(err, LME_ERR_USAGE, NULL, "--%s is an option of lm_eval that is not taken here",
                 option->name);
        return lme_hint(err, "%s", option->instead);
    case LME_OPTION_SIZE:
    case LME_OPTION_INT:
    case LME_OPTION_NUMBER:
        break;
    }
    return read_number(option, value, field, err);
}

static bool is_word(const char *word)
{
    return word != NULL && (word[0] != '-' || word[1] == '\0');
}

static bool takes_value(const lme_option *option)
{
    return option->kind != LME_OPTION_FLAG && option->kind != LME_OPTION_REFUSE &&
           option->arg != NULL;
}

/* What stands between the words of a command line. */
typedef struct reading {
    lme_arena *arena;
    const lme_option_table *table;
    void *fields;
    char **argv;
    size_t at; /* the word under way */
} reading;

/* The words behind an option: its value when it has none yet, and more where it takes several. */
static bool read_words(reading *r, const lme_option *option, const char *value, lme_error *err)
{
    if (value == NULL && option->bare != NULL && !is_word(r->argv[r->at + 1]))
        return store(r->arena, option, option->bare, r->fields, err);
    if (value == NULL) {
        value = r->argv[r->at + 1];
        bool is_option = value != NULL && strncmp(value, "--", 2) == 0 &&
                         find_name(r->table, value + 2, strcspn(value + 2, "=")) != NULL;
        if (value == NULL || is_option)
            return lme_fail(err, LME_ERR_USAGE, NULL, "--%s wants a value: --%s %s", option->name,
                            option->name, option->arg);
        r->at++;
    }
    if (!store(r->arena, option, value, r->fields, err))
        return false;
    while (option->many && is_word(r->argv[r->at + 1])) {
        if (!store(r->arena, option, r->argv[++r->at], r->fields, err))
            return false;
    }
    return true;
}

/* One word that begins with "-". */
static bool read_option(reading *r, lme_error *err)
{
    const char *word = r->argv[r->at];
    bool is_long = word[1] == '-';
    const char *name = word + (is_long ? 2 : 1);
    size_t len = is_long ? strcspn(name, "=") : 1;
    const lme_option *option =
        is_long ? find_name(r->table, name, len) : find_letter(r->table, name[0]);
    if (option == NULL)
        return fail_unknown(r->arena, r->table, word, err);

    const char *value = name[len] == '\0' ? NULL : name + len + (is_long ? 1 : 0);
    if (takes_value(option))
        return read_words(r, option, value, err);
    if (value != NULL && option->kind == LME_OPTION_FLAG)
        return lme_fail(err, LME_ERR_USAGE, NULL, "--%s takes no value", option->name);
    return store(r->arena, option, "", r->fields, err);
}

bool lme_options_read(lme_arena *arena, const lme_option_table *table, void *fields, char **argv,
                      lme_option_list *operands, lme_error *err)
{
    bool only_operands = false;
    reading r = {.arena = arena, .table = table, .fields = fields, .argv = argv, .at = 1};
    for (; argv[0] != NULL && argv[r.at] != NULL; r.at++) {
        const char *word = argv[r.at];
        if (!only_operands && strcmp(word, "--") == 0) {
            only_operands = true;
        } else if (only_operands || is_word(word)) {
            add_item(arena, operands, word);
        } else if (!read_option(&r, err)) {
            return false;
        }
    }
    return true;
}

enum {
    LEFT_COLUMNS = 28 /* of names; a longer one has its help on the next line */
};

void lme_options_help(lme_builder *out, const lme_option_table *table)
{
    for (size_t i = 0; i < table->n; i++) {
        const lme_option *option = &table->rows[i];
        if (option->is_alias || option->instead != NULL)
            continue;
        char left[64];
        char letter[8] = "    ";
        if (option->letter != 0)
            snprintf(letter, sizeof letter, "-%c, ", option->letter);
        snprintf(left, sizeof left, "%s--%s %s", letter, option->name,
                 option->arg != NULL ? option->arg : "");
        if (strlen(left) < LEFT_COLUMNS)
            lme_builder_format(out, "  %-*s", LEFT_COLUMNS, left);
        else
            lme_builder_format(out, "  %s\n  %*s", left, LEFT_COLUMNS, "");
        lme_wrap(out, lme_str_from(option->help), LEFT_COLUMNS + 2, LEFT_COLUMNS + 2);
        lme_builder_char(out, '\n');
    }
}
