/* The counters of the test framework, and what it prints. */
#include "test.h"

#include <inttypes.h>

spatio_error test_error;
spatio_error test_last;

static unsigned long passed, failed;
static unsigned long failed_checks;
static char context[160];

/* A code that no call gives, by which it shows whether an error was written to. */
#define UNTOUCHED (-77)

static void refill(void)
{
    memset(&test_error, 0, sizeof test_error);
    test_error.struct_size = (uint32_t)sizeof test_error;
    test_error.code = UNTOUCHED;
}

void test_run(const char *name, void (*test)(void))
{
    const unsigned long before = failed_checks;
    context[0] = '\0';
    refill();
    test();
    if (failed_checks == before) {
        passed++;
    } else {
        failed++;
        printf("FAILED %s\n", name);
    }
    fflush(stdout);
}

void test_context(const char *text)
{
    snprintf(context, sizeof context, "%s", text ? text : "");
}

static int fail(const char *file, int line)
{
    failed_checks++;
    printf("%s:%d: ", file, line);
    if (context[0]) printf("[%s] ", context);
    return 0;
}

int test_check(int holds, const char *file, int line, const char *what)
{
    if (holds) return 1;
    fail(file, line);
    printf("does not hold: %s\n", what);
    return 0;
}

int test_status(spatio_status got, spatio_status wanted, const char *file, int line,
                const char *call)
{
    if (got == wanted) return 1;
    fail(file, line);
    printf("%s (%d), expected %s: %s\n", spatio_status_name(got), (int)got,
           spatio_status_name(wanted), call);
    return 0;
}

int test_ok(spatio_status got, const char *file, int line, const char *call)
{
    int good = test_status(got, SPATIO_OK, file, line, call);
    if (!good) {
        printf("    %s\n", test_error.message);
    } else if (test_error.code != UNTOUCHED) {
        good = fail(file, line);
        printf("the error was written to by a call that succeeded: %s\n", call);
    }
    refill();
    return good;
}

int test_fails(spatio_status got, spatio_status wanted, const char *file, int line,
               const char *call)
{
    int good = test_status(got, wanted, file, line, call);
    test_last = test_error;
    refill();
    if (!good) {
        printf("    %s\n", test_last.code == UNTOUCHED ? "" : test_last.message);
        return 0;
    }
    if (test_last.code != wanted) {
        fail(file, line);
        printf("the error's code is %d, the status %d: %s\n", (int)test_last.code, (int)wanted,
               call);
        return 0;
    }
    if (!memchr(test_last.message, '\0', sizeof test_last.message) || !test_last.message[0]) {
        fail(file, line);
        printf("the error has no message that ends: %s\n", call);
        return 0;
    }
    return 1;
}

int test_says(const char *text, const char *file, int line)
{
    if (strstr(test_last.message, text)) return 1;
    fail(file, line);
    printf("the message is \"%s\", expected \"%s\" in it\n", test_last.message, text);
    return 0;
}

int test_eq_u64(uint64_t a, uint64_t b, const char *file, int line, const char *what)
{
    if (a == b) return 1;
    fail(file, line);
    printf("%" PRIu64 " is not %" PRIu64 ": %s\n", a, b, what);
    return 0;
}

int test_eq_i64(int64_t a, int64_t b, const char *file, int line, const char *what)
{
    if (a == b) return 1;
    fail(file, line);
    printf("%" PRId64 " is not %" PRId64 ": %s\n", a, b, what);
    return 0;
}

int test_eq_f64(double a, double b, const char *file, int line, const char *what)
{
    if (memcmp(&a, &b, sizeof a) == 0 || (a != a && b != b)) return 1;
    fail(file, line);
    printf("%.17g is not %.17g: %s\n", a, b, what);
    return 0;
}

int test_near_f64(double a, double b, double tolerance, const char *file, int line,
                  const char *what)
{
    if (fabs(a - b) <= tolerance) return 1;
    fail(file, line);
    printf("%.17g is not within %g of %.17g: %s\n", a, tolerance, b, what);
    return 0;
}

int test_eq_text(const char *a, const char *b, const char *file, int line, const char *what)
{
    if (a && b && strcmp(a, b) == 0) return 1;
    fail(file, line);
    printf("\"%s\" is not \"%s\": %s\n", a ? a : "(null)", b ? b : "(null)", what);
    return 0;
}

int test_end(void)
{
    printf("%lu passed, %lu failed\n", passed, failed);
    /* A tool that looks for leaks at the end may stop the program before it is written. */
    fflush(stdout);
    return failed == 0 ? 0 : 1;
}
