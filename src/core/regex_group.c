/* What begins with "(". Python has fewer kinds of groups than PCRE2: no recursion, no verbs. */
#include "regex_scan.h"

#include <string.h>

static bool unknown(const lme_regex_scan *s)
{
    lme_str rest = lme_str_slice(s->in, s->at + 1, s->at + 3);
    return lme_regex_refuse(s->err, s->in, s->at + 1, "unknown extension %.*s", LME_STR_ARG(rest));
}

static bool push(lme_regex_scan *s, bool verbose)
{
    if (s->depth == LME_LIMIT_DEPTH)
        return lme_regex_refuse(s->err, s->in, s->at, "nested deeper than %d levels",
                                LME_LIMIT_DEPTH);
    s->verbose[++s->depth] = verbose;
    return true;
}

/* Copies n bytes that open a group. */
static bool open_group(lme_regex_scan *s, size_t n)
{
    if (!push(s, s->verbose[s->depth]))
        return false;
    lme_builder_add(&s->out, lme_str_slice(s->in, s->at, s->at + n));
    s->at += n;
    return true;
}

/* The text from `from` up to `close`; false when it is empty or open. */
static bool read_name(const lme_regex_scan *s, size_t from, const char *close, lme_str *name)
{
    size_t end = lme_str_find(s->in, lme_str_from(close), from);
    *name = lme_str_slice(s->in, from, end);
    if (end != SIZE_MAX && name->len > 0)
        return true;
    return lme_regex_refuse(s->err, s->in, from,
                            end == SIZE_MAX ? "missing %s behind a group's name"
                                            : "missing group name before %s",
                            close);
}

/* (?P<name>...) and (?P=name) */
static bool scan_named(lme_regex_scan *s)
{
    lme_str name;
    char kind = lme_regex_peek(s, 3);
    if (kind != '<' && kind != '=')
        return unknown(s);
    if (!read_name(s, s->at + 4, kind == '<' ? ">" : ")", &name))
        return false;
    if (kind == '<') {
        s->n_groups++;
        return open_group(s, 5 + name.len);
    }
    lme_builder_add(&s->out, lme_str_slice(s->in, s->at, s->at + 5 + name.len));
    s->at += 5 + name.len;
    return true;
}

/* (?(1)yes|no) and (?(name)yes|no): without <> PCRE2 would take some names for other tests. */
static bool scan_condition(lme_regex_scan *s)
{
    lme_str name;
    if (!read_name(s, s->at + 3, ")", &name) || !push(s, s->verbose[s->depth]))
        return false;
    bool number = strchr("0123456789", name.ptr[0]) != NULL;
    lme_builder_format(&s->out, number ? "(?(%.*s)" : "(?(<%.*s>)", LME_STR_ARG(name));
    s->at += 4 + name.len;
    return true;
}

static bool skip_comment(lme_regex_scan *s)
{
    size_t end = lme_str_find(s->in, LME_STR(")"), s->at);
    if (end == SIZE_MAX)
        return lme_regex_refuse(s->err, s->in, s->at, "missing ) of a comment");
    s->at = end + 1;
    return true;
}

typedef struct flags {
    bool ignore_case, multiline, dot_all, verbose;
    bool any;
} flags;

/* Letters of flags at s->at. */
static bool read_flags(lme_regex_scan *s, flags *f)
{
    for (;; s->at++) {
        char c = lme_regex_peek(s, 0);
        if (c == 'a' || c == 'L')
            return lme_regex_refuse(s->err, s->in, s->at, "the flag %c is not known here", c);
        if (c == '\0' || strchr("imsux", c) == NULL)
            return true;
        f->ignore_case = f->ignore_case || c == 'i';
        f->multiline = f->multiline || c == 'm';
        f->dot_all = f->dot_all || c == 's';
        f->verbose = f->verbose || c == 'x';
        f->any = true;
    }
}

static void write_flags(lme_regex_scan *s, const flags *f)
{
    lme_builder_add(&s->out, f->ignore_case ? LME_STR("i") : LME_STR(""));
    lme_builder_add(&s->out, f->multiline ? LME_STR("m") : LME_STR(""));
    lme_builder_add(&s->out, f->dot_all ? LME_STR("s") : LME_STR(""));
    lme_builder_add(&s->out, f->verbose ? LME_STR("x") : LME_STR(""));
}

/* (?ims) */
static bool set_flags_for_all(lme_regex_scan *s, size_t begin, const flags *f)
{
    bool behind = s->depth > 0;
    lme_str before = lme_builder_finish(&s->out);
    for (size_t i = 0; i < before.len; i++)
        behind = behind || before.ptr[i] != ' ' || !s->verbose[0];
    if (behind)
        return lme_regex_refuse(s->err, s->in, begin, "flags for all stand behind the beginning");
    s->at++;
    s->verbose[0] = s->verbose[0] || f->verbose;
    s->result->verbose = s->verbose[0];
    s->result->ignore_case = s->result->ignore_case || f->ignore_case;
    s->result->multiline = s->result->multiline || f->multiline;
    s->result->dot_all = s->result->dot_all || f->dot_all;
    return true;
}

/* (?ims) for all, (?ims-ims:...) for a group. */
static bool scan_flags(lme_regex_scan *s)
{
    size_t begin = s->at;
    flags on = {.any = false}, off = {.any = false};
    s->at += 2;
    if (!read_flags(s, &on))
        return false;
    if (on.any && lme_regex_peek(s, 0) == ')')
        return set_flags_for_all(s, begin, &on);
    bool minus = lme_regex_peek(s, 0) == '-';
    s->at += minus;
    if (minus && !read_flags(s, &off))
        return false;
    if ((minus ? !off.any : !on.any) || lme_regex_peek(s, 0) != ':') {
        s->at = begin;
        return unknown(s);
    }
    s->at++;
    lme_builder_add(&s->out, LME_STR("(?"));
    write_flags(s, &on);
    lme_builder_add(&s->out, minus ? LME_STR("-") : LME_STR(""));
    write_flags(s, &off);
    lme_builder_char(&s->out, ':');
    return push(s, (s->verbose[s->depth] || on.verbose) && !off.verbose);
}

bool lme_regex_scan_group(lme_regex_scan *s)
{
    char kind = lme_regex_peek(s, 1), next = lme_regex_peek(s, 2);
    if (kind == '*')
        return lme_regex_refuse(s->err, s->in, s->at + 1, "nothing to repeat");
    if (kind != '?') {
        s->n_groups++;
        return open_group(s, 1);
    }
    switch (next) {
    case 'P':
        return scan_named(s);
    case '(':
        return scan_condition(s);
    case '#':
        return skip_comment(s);
    case '=':
        s->result->looks_ahead = true;
        return open_group(s, 3);
    case '!':
    case ':':
    case '>':
        return open_group(s, 3);
    case '<':
        if (lme_regex_peek(s, 3) != '=' && lme_regex_peek(s, 3) != '!')
            return unknown(s);
        return open_group(s, 4);
    default:
        return scan_flags(s);
    }
}
