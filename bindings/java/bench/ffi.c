/*
 * What Java is measured against: the same calls from C on the same world. Prints a line for each
 * workload, its name and nanoseconds a call, the best of several rounds. Run by Ffi.java.
 *
 * gcc -O2 -I include bindings/java/bench/ffi.c target/release/libspatio.a \
 *     -lgcc_s -lpthread -lm -ldl -o ffi
 */
#define _POSIX_C_SOURCE 199309L
#include <spatio.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SIDE = 320, OBJECTS = 100000, ROWS = 1000, ROUNDS = 50 };

static uint64_t handles[OBJECTS], who[ROWS];
static double x[ROWS], y[ROWS], z[ROWS], moved[ROWS];

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void must(spatio_status status, const spatio_error *error)
{
    if (status != SPATIO_OK) {
        fprintf(stderr, "%s\n", error->message);
        exit(1);
    }
}

static void fill(spatio_namespace *ns)
{
    spatio_error error = {0};
    char id[16];
    int i;
    for (i = 0; i < OBJECTS; i++) {
        int length = snprintf(id, sizeof id, "o%d", i);
        must(spatio_upsert(ns, id, (size_t)length, i % SIDE, i / SIDE, 0, INT64_MIN, NULL, 0, 0,
                           &handles[i], NULL, &error),
             &error);
    }
    for (i = 0; i < ROWS; i++) {
        int at = i * 97 % OBJECTS;
        who[i] = handles[at];
        x[i] = at % SIDE;
        y[i] = at / SIDE;
    }
}

static spatio_result *result;
static double shift;

static spatio_cancel *cancel;

/* The least that a call can do: what is measured is the call. */
static void scalar(spatio_namespace *ns)
{
    (void)ns;
    spatio_cancel_reset(cancel);
}

static void move(spatio_namespace *ns)
{
    spatio_error error = {0};
    uint32_t outcome;
    shift = 0.25 - shift;
    must(spatio_move(ns, handles[0], shift, shift, 0, INT64_MIN, &outcome, &error), &error);
}

static void move_batch(spatio_namespace *ns)
{
    spatio_error error = {0};
    uint64_t applied, late;
    int row;
    shift = 0.25 - shift;
    for (row = 0; row < ROWS; row++)
        moved[row] = x[row] + shift;
    must(spatio_move_batch(ns, ROWS, who, moved, y, z, NULL, &applied, &late, &error), &error);
}

static void query(spatio_namespace *ns)
{
    spatio_error error = {0};
    spatio_columns columns = {0};
    spatio_query q;
    columns.struct_size = sizeof columns;
    spatio_query_init(&q, sizeof q, SPATIO_QUERY_BOX);
    q.min_x = 99.9, q.max_x = 139.5;
    q.min_y = 99.9, q.max_y = 124.5;
    must(spatio_query_run(ns, &q, 1, NULL, &result, &columns, &error), &error);
    if (columns.rows != ROWS)
        exit(1);
}

static void measure(const char *name, void (*call)(spatio_namespace *), spatio_namespace *ns,
                    int calls)
{
    double best = 1e18;
    int round, i;
    for (round = 0; round < ROUNDS; round++) {
        double start = now_ns(), each;
        for (i = 0; i < calls; i++)
            call(ns);
        each = (now_ns() - start) / calls;
        if (each < best)
            best = each;
    }
    printf("%s %.3f\n", name, best);
}

int main(void)
{
    spatio_error error = {0};
    spatio_namespace_options options;
    spatio_db *db = NULL;
    spatio_namespace *ns = NULL;
    must(spatio_open(NULL, NULL, &db, &error), &error);
    spatio_namespace_options_init(&options, sizeof options);
    options.space = SPATIO_CARTESIAN;
    must(spatio_namespace_create(db, "bench", 5, &options, &ns, &error), &error);
    fill(ns);
    cancel = spatio_cancel_new();
    measure("scalar", scalar, ns, 2000000);
    spatio_cancel_free(cancel);
    measure("move", move, ns, 200000);
    measure("moveBatch", move_batch, ns, 200);
    measure("queryRows", query, ns, 4000);
    spatio_result_free(result);
    spatio_namespace_close(ns);
    must(spatio_close(db, &error), &error);
    return 0;
}
