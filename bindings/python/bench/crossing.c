/* The work of crossing.py as a C program does it: loops over the C interface, each timed as a
   whole. Compiled by crossing.py and loaded into its process, so that both use one database. */
#include "spatio.h"
#include <time.h>

static double now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

double bench_count(const spatio_namespace *ns, size_t times) {
    spatio_error error = {0};
    uint64_t objects = 0;
    double start = now_ns();
    for (size_t i = 0; i < times; i++) {
        if (spatio_count(ns, &objects, &error) != SPATIO_OK) return -1;
    }
    return (now_ns() - start) / times;
}

double bench_move(const spatio_namespace *ns, uint64_t handle, int64_t time_us, size_t times) {
    spatio_error error = {0};
    uint32_t outcome = 0;
    double start = now_ns();
    for (size_t i = 0; i < times; i++) {
        if (spatio_move(ns, handle, 13.4, 52.5, 0, time_us, &outcome, &error) != SPATIO_OK) return -1;
    }
    return (now_ns() - start) / times;
}

double bench_move_batch(const spatio_namespace *ns, size_t n, const uint64_t *handles,
                        const double *x, const double *y, size_t times) {
    spatio_error error = {0};
    uint64_t applied = 0, late = 0;
    double start = now_ns();
    for (size_t i = 0; i < times; i++) {
        if (spatio_move_batch(ns, n, handles, x, y, NULL, NULL, &applied, &late, &error) != SPATIO_OK)
            return -1;
    }
    return (now_ns() - start) / times;
}

double bench_query(const spatio_namespace *ns, const spatio_query *query, size_t rows,
                   size_t times) {
    spatio_error error = {0};
    spatio_result *result = NULL;
    spatio_columns columns = {sizeof columns};
    double start = now_ns();
    for (size_t i = 0; i < times; i++) {
        if (spatio_query_run(ns, query, 1, NULL, &result, &columns, &error) != SPATIO_OK) return -1;
        if (columns.rows != rows) return -2;
    }
    double took = (now_ns() - start) / times;
    spatio_result_free(result);
    return took;
}
