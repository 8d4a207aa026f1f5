/* What the unit tests share: exact number checks (cmocka's compare floats), error checks, temporary
 * folders, cases kept as data files. */
#ifndef LMEVAL_TEST_SUPPORT_H
#define LMEVAL_TEST_SUPPORT_H

/* cmocka.h wants these four before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <lmeval/error.h>
#include <lmeval/str.h>

/* |a - b| <= tolerance * max(1, |b|); NaN equals NaN, infinities must be the same one. */
#define assert_close(a, b, tolerance) test_assert_close((a), (b), (tolerance), __FILE__, __LINE__)
void test_assert_close(double a, double b, double tolerance, const char *file, int line);

/* The slice has exactly this text. */
#define assert_str(s, expected) test_assert_str((s), (expected), __FILE__, __LINE__)
void test_assert_str(lme_str s, const char *expected, const char *file, int line);

/* The error has this code, and its whole text (lme_error_text) contains `part`. */
#define assert_error(err, code, part) test_assert_error((err), (code), (part), __FILE__, __LINE__)
void test_assert_error(const lme_error *err, lme_code code, const char *part, const char *file,
                       int line);

/* The call succeeded; prints the error otherwise. Use: assert_ok(lme_x(..., &err), &err). */
#define assert_ok(ok, err) test_assert_ok((ok), (err), __FILE__, __LINE__)
void test_assert_ok(bool ok, const lme_error *err, const char *file, int line);

/* A new empty folder under $TMPDIR; removed with all in it by test_folder_remove. */
const char *test_folder(lme_arena *arena);
void test_folder_remove(const char *folder);

/* Writes a file in a folder; returns its path. */
const char *test_file(lme_arena *arena, const char *folder, const char *name, const char *text);

/* Path below the source tree. */
const char *test_source(lme_arena *arena, const char *path);

#endif
