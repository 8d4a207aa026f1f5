/* Fills lme_error. Texts may quote hostile input (file names, server answers), and people read
 * them on terminals: control bytes become '?', and a text that is too long ends in "..." between
 * two code points.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lmeval/error.h>
#include <lmeval/unicode.h>

/* Replaces what a terminal could obey; newlines and tabs are ours. */
static void blunt(char *text)
{
    for (char *c = text; *c != '\0'; c++) {
        unsigned char byte = (unsigned char)*c;
        if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f)
            *c = '?';
        /* U+0080 to U+009F: the eight-bit twins of the escape sequences. */
        if (byte == 0xc2 && (unsigned char)c[1] >= 0x80 && (unsigned char)c[1] < 0xa0)
            c[0] = c[1] = '?';
    }
}

/* Ends a text that filled its buffer in "..." without splitting a code point. */
static void shorten(char *text, size_t size)
{
    lme_str kept = lme_utf8_cut((lme_str){text, size - 1}, size - 4);
    memcpy(text + kept.len, "...", 4);
}

LME_PRINTF(3, 0)
static void print(char *text, size_t size, const char *format, va_list args)
{
    int length = vsnprintf(text, size, format, args);
    if (length < 0)
        text[0] = '\0';
    else if ((size_t)length >= size)
        shorten(text, size);
    blunt(text);
}

/* Of a path that is too long, the end says more than the start. */
static void place(lme_error *err, const lme_place *at)
{
    const char *file = at->file != NULL ? at->file : "";
    size_t length = strlen(file);
    const char *start = file;
    if (length >= sizeof err->file) {
        start = file + length - (sizeof err->file - 4);
        while (((unsigned char)*start & 0xc0) == 0x80)
            start++;
    }
    snprintf(err->file, sizeof err->file, "%s%s", start == file ? "" : "...", start);
    blunt(err->file);
    err->line = at->line;
    err->column = at->column;
}

bool lme_fail(lme_error *err, lme_code code, const lme_place *at, const char *format, ...)
{
    if (err == NULL)
        return false;
    /* The arguments may point into this very error: fill a new one. */
    lme_error filled = {.code = code};
    if (at != NULL)
        place(&filled, at);
    va_list args;
    va_start(args, format);
    print(filled.message, sizeof filled.message, format, args);
    va_end(args);
    *err = filled;
    return false;
}

bool lme_hint(lme_error *err, const char *format, ...)
{
    if (err == NULL)
        return false;
    char hint[sizeof err->hint];
    va_list args;
    va_start(args, format);
    print(hint, sizeof hint, format, args);
    va_end(args);
    memcpy(err->hint, hint, sizeof hint);
    return false;
}

bool lme_while(lme_error *err, const char *format, ...)
{
    if (err == NULL || err->while_at[0] != '\0')
        return false;
    va_list args;
    va_start(args, format);
    print(err->while_at, sizeof err->while_at, format, args);
    va_end(args);
    return false;
}

bool lme_place_error(lme_error *err, const lme_place *at)
{
    if (err != NULL && at != NULL && err->file[0] == '\0' && err->line == 0)
        place(err, at);
    return false;
}

/* snprintf at `length` of a buffer that may already be full. Returns the new length. */
LME_PRINTF(4, 5)
static size_t append(char *text, size_t size, size_t length, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t left = length < size ? size - length : 0;
    int added = vsnprintf(left > 0 ? text + length : NULL, left, format, args);
    va_end(args);
    return length + (added > 0 ? (size_t)added : 0);
}

static size_t write_error(const lme_error *err, bool on_lines, char *text, size_t size)
{
    size_t length = 0;
    if (size > 0)
        text[0] = '\0';
    if (err->file[0] != '\0')
        length = append(text, size, length, "%s:", err->file);
    if (err->line > 0 && err->file[0] == '\0')
        length = append(text, size, length, "line ");
    if (err->line > 0)
        length = append(text, size, length, "%u:", err->line);
    if (err->line > 0 && err->column > 0)
        length = append(text, size, length, "%u:", err->column);
    length = append(text, size, length, "%s%s", length > 0 ? " " : "", err->message);
    if (err->while_at[0] != '\0')
        length = append(text, size, length, "%s while %s", on_lines ? "\n " : ",", err->while_at);
    if (err->hint[0] != '\0')
        length = append(text, size, length, "%s%s", on_lines ? "\n  hint: " : "; ", err->hint);
    return length;
}

size_t lme_error_text(const lme_error *err, char *text, size_t size)
{
    return write_error(err, true, text, size);
}

size_t lme_error_line(const lme_error *err, char *text, size_t size)
{
    return write_error(err, false, text, size);
}

void lme_bug(const char *file, int line, const char *what)
{
    fprintf(stderr, "lmeval: bug at %s:%d: %s\n", file, line, what);
    abort();
}
