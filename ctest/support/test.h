/* The test framework of the conformance suite: checks that count, and tests that have names.
 *
 * A topic is a function that RUNs tests. A test is a function without arguments; it passes if all
 * its checks hold. A check that fails prints file and line and what was seen, and the test goes on,
 * unless the check is a REQUIRE or a MUST. Checks belong to one thread: other threads count for
 * themselves and hand their counts over when they were joined. */
#ifndef SPATIO_CTEST_TEST_H
#define SPATIO_CTEST_TEST_H

#include <spatio.h>

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
#define CTEST_C extern "C"
#else
#define CTEST_C extern
#endif

/* Runs one test and says its name if it fails. */
#define RUN(test) test_run(#test, test)

#define CHECK(condition) test_check((condition) ? 1 : 0, __FILE__, __LINE__, #condition)
#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!CHECK(condition)) return;                                                             \
    } while (0)

/* The call gives SPATIO_OK and leaves ERR alone. */
#define OK(call) test_ok((call), __FILE__, __LINE__, #call)
#define MUST(call)                                                                                 \
    do {                                                                                           \
        if (!OK(call)) return;                                                                     \
    } while (0)
/* The call gives this status, and ERR says the same with a message. */
#define FAILS(status, call) test_fails((call), (status), __FILE__, __LINE__, #call)
/* The call gives this status; for calls without an error argument, or with NULL for it. */
#define STATUS(status, call) test_status((call), (status), __FILE__, __LINE__, #call)
/* The message of the last FAILS holds this text. */
#define SAYS(text) test_says((text), __FILE__, __LINE__)
/* The last FAILS named this row of a batch. */
#define ROW(number) EQ_U64(test_last.row, (number))

#define EQ_U64(a, b) test_eq_u64((uint64_t)(a), (uint64_t)(b), __FILE__, __LINE__, #a " == " #b)
#define EQ_I64(a, b) test_eq_i64((int64_t)(a), (int64_t)(b), __FILE__, __LINE__, #a " == " #b)
/* Equal to the last bit (so that -0 is not 0), or both not a number. */
#define EQ_F64(a, b) test_eq_f64((a), (b), __FILE__, __LINE__, #a " == " #b)
#define NEAR_F64(a, b, tolerance)                                                                  \
    test_near_f64((a), (b), (tolerance), __FILE__, __LINE__, #a " near " #b)
#define EQ_TEXT(a, b) test_eq_text((a), (b), __FILE__, __LINE__, #a " == " #b)

/* The error argument of a call that a check looks at. */
#define ERR (&test_error)

extern spatio_error test_error;
/* What ERR held after the last FAILS. */
extern spatio_error test_last;

void test_run(const char *name, void (*test)(void));
int test_check(int holds, const char *file, int line, const char *what);
int test_ok(spatio_status got, const char *file, int line, const char *call);
int test_fails(spatio_status got, spatio_status wanted, const char *file, int line,
               const char *call);
int test_status(spatio_status got, spatio_status wanted, const char *file, int line,
                const char *call);
int test_says(const char *text, const char *file, int line);
int test_eq_u64(uint64_t a, uint64_t b, const char *file, int line, const char *what);
int test_eq_i64(int64_t a, int64_t b, const char *file, int line, const char *what);
int test_eq_f64(double a, double b, const char *file, int line, const char *what);
int test_near_f64(double a, double b, double tolerance, const char *file, int line,
                  const char *what);
int test_eq_text(const char *a, const char *b, const char *file, int line, const char *what);
/* Says which part of a test the next failures belong to; NULL for none. */
void test_context(const char *text);
/* Prints the line of totals; 0 if all passed. */
int test_end(void);

#endif
