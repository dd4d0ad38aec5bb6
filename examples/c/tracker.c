/* A tracker that survives kill -9 and a power cut: every position that it has acknowledged is
 * there when it is started again.
 *
 *     cc -std=c99 -O2 -I include examples/c/tracker.c -L target/release -lspatio -lm -o tracker
 *     LD_LIBRARY_PATH=target/release ./tracker tracks.spatio          # until it is killed
 *     LD_LIBRARY_PATH=target/release ./tracker tracks.spatio 0        # what is there?
 *
 * It prints "ack N" once step N of all ships is on disk. Started again it reads every track,
 * compares it with what must have been written, says "recovered N", and goes on from there. The
 * second argument is the number of steps to make.
 */
#include <spatio.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHIPS 5
#define SECOND_US INT64_C(1000000)

/* Ends the program with what the library says went wrong. */
static void must(spatio_status status, const spatio_error *error)
{
    if (status == SPATIO_OK) return;
    fprintf(stderr, "%s: %s\n", spatio_status_name(status), error->message);
    exit(1);
}

/* Where a ship is at a step: some way through the North Sea, the same in every run. */
static double lon_of(int ship, int64_t step)
{
    return 3.0 + 0.1 * ship + sin(0.001 * (double)step);
}

static double lat_of(int ship, int64_t step)
{
    return 54.0 + 0.1 * ship + cos(0.0013 * (double)step);
}

/* Steps begin at 1, a second apart; as times of the database they are microseconds. */
static int64_t time_of(int64_t step)
{
    return step * SECOND_US;
}

/* Reads the whole track of every ship, compares it with what must have been written, and tells how
 * many steps each has made. Ends the program if one is missing or different. */
static void recover(const spatio_namespace *ns, const uint64_t *handles, int64_t *steps,
                    spatio_error *error)
{
    spatio_result *result = NULL;
    spatio_columns columns;
    int ship;
    columns.struct_size = sizeof columns;
    /* Oldest first: the rows offsets[ship] to offsets[ship + 1] are the track of one ship. */
    must(spatio_trajectory(ns, SHIPS, handles, INT64_MIN, INT64_MAX, SPATIO_OLDEST_FIRST,
                           SPATIO_NO_LIMIT, NULL, &result, &columns, error), error);
    for (ship = 0; ship < SHIPS; ship++) {
        uint64_t row;
        steps[ship] = 0;
        for (row = columns.offsets[ship]; row < columns.offsets[ship + 1]; row++) {
            const int64_t step = ++steps[ship];
            if (columns.time_us[row] != time_of(step) || columns.x[row] != lon_of(ship, step)
                || columns.y[row] != lat_of(ship, step)) {
                fprintf(stderr, "step %ld of ship %d is not what was written\n", (long)step, ship);
                exit(2);
            }
        }
    }
    spatio_result_free(result);
}

/* The crash may have come between the ships of one step: those that lack it make it now. Returns
 * the step that all have made. */
static int64_t catch_up(const spatio_namespace *ns, const uint64_t *handles, const int64_t *steps,
                        spatio_error *error)
{
    int64_t last = 0;
    int ship;
    for (ship = 0; ship < SHIPS; ship++) {
        if (steps[ship] > last) last = steps[ship];
    }
    for (ship = 0; ship < SHIPS; ship++) {
        if (steps[ship] == last) continue;
        if (steps[ship] != last - 1) {
            fprintf(stderr, "ship %d lacks more than one step\n", ship);
            exit(2);
        }
        must(spatio_move(ns, handles[ship], lon_of(ship, last), lat_of(ship, last), 0.0,
                         time_of(last), NULL, error), error);
    }
    return last;
}

/* Writes one step of all ships. When the call returns, it is on disk. */
static void sail(const spatio_namespace *ns, const uint64_t *handles, int64_t step,
                 spatio_error *error)
{
    double lon[SHIPS], lat[SHIPS];
    int64_t times[SHIPS];
    int ship;
    for (ship = 0; ship < SHIPS; ship++) {
        lon[ship] = lon_of(ship, step);
        lat[ship] = lat_of(ship, step);
        times[ship] = time_of(step);
    }
    must(spatio_move_batch(ns, SHIPS, handles, lon, lat, NULL, times, NULL, NULL, error), error);
}

int main(int argc, char **argv)
{
    spatio_error error = {0};
    spatio_options options;
    spatio_db *db = NULL;
    spatio_namespace *ns = NULL;
    uint64_t handles[SHIPS];
    int64_t made[SHIPS], step, steps;
    char text[1024];
    int ship;

    if (argc < 2) {
        fprintf(stderr, "usage: tracker DIRECTORY [STEPS]\n");
        return 1;
    }
    steps = argc > 2 ? atol(argv[2]) : INT64_MAX;

    /* SPATIO_SYNC_ALWAYS: a call that writes returns once the disk has it. */
    spatio_options_init(&options, sizeof options);
    options.sync_policy = SPATIO_SYNC_ALWAYS;
    must(spatio_open(argv[1], &options, &db, &error), &error);
    must(spatio_recovery_text(db, text, sizeof text, NULL, &error), &error);
    printf("opened: %s\n", text);

    /* NULL for the options: geographic, and a database in a directory keeps every position. */
    must(spatio_namespace_create(db, "ships", 5, NULL, &ns, &error), &error);
    for (ship = 0; ship < SHIPS; ship++) {
        const int length = snprintf(text, sizeof text, "ship:%d", ship);
        must(spatio_intern(ns, text, (size_t)length, &handles[ship], &error), &error);
    }
    recover(ns, handles, made, &error);
    step = catch_up(ns, handles, made, &error);
    printf("recovered %ld\n", (long)step);

    for (; steps > 0; steps--) {
        step++;
        sail(ns, handles, step, &error);
        printf("ack %ld\n", (long)step);
        fflush(stdout);
    }
    spatio_namespace_close(ns);
    must(spatio_close(db, &error), &error);
    return 0;
}
