/* One database used by many threads at once: writers, readers, and those who make and free. */
#include "support/fixture.h"
#include "topics.h"

#include <pthread.h>

#define WRITERS 3
#define READERS 3
#define OBJECTS 64
#define ROUNDS 400

typedef struct worker {
    pthread_t thread;
    const spatio_db *db;
    const spatio_namespace *ns;
    unsigned number;
    /* Calls that failed, and answers that cannot be. */
    unsigned failures, wrong;
} worker;

/* Moves objects of its own within the unit square, so that each is inside all the time. */
static void *move(void *user)
{
    worker *mine = (worker *)user;
    prng prng = {1000 + mine->number};
    uint64_t handles[OBJECTS];
    id_list ids = ids_make(mine->number == 0 ? "a" : mine->number == 1 ? "b" : "c", 0, OBJECTS);
    double x[OBJECTS], y[OBJECTS];
    int round, at;
    mine->failures +=
        spatio_intern_batch(mine->ns, OBJECTS, ids.offsets, ids.bytes, handles, NULL) != SPATIO_OK;
    for (round = 0; round < ROUNDS; round++) {
        for (at = 0; at < OBJECTS; at++) {
            x[at] = prng_between(&prng, 0.0, 1.0);
            y[at] = prng_between(&prng, 0.0, 1.0);
        }
        mine->failures += spatio_move_batch(mine->ns, OBJECTS, handles, x, y, NULL, NULL, NULL,
                                            NULL, NULL) != SPATIO_OK;
        mine->failures += spatio_move(mine->ns, handles[round % OBJECTS], 0.5, 0.5, 0.0, INT64_MIN,
                                      NULL, NULL) != SPATIO_OK;
    }
    ids_free(&ids);
    return NULL;
}

static unsigned count_wrong(const spatio_columns *columns, const uint64_t *fixed)
{
    unsigned wrong = 0;
    uint64_t row, seen = 0, other;
    for (row = 0; row < columns->rows; row++) {
        wrong += !(columns->x[row] >= 0.0 && columns->x[row] <= 1.0);
        wrong += !(columns->y[row] >= 0.0 && columns->y[row] <= 1.0);
        for (other = 0; other < row; other++) {
            wrong += columns->handles[row] == columns->handles[other];
        }
        for (other = 0; other < OBJECTS; other++) seen += columns->handles[row] == fixed[other];
    }
    /* What does not move is in every answer, exactly once. */
    return wrong + (seen != OBJECTS);
}

static uint64_t fixed_handles[OBJECTS];

static void *look(void *user)
{
    worker *mine = (worker *)user;
    spatio_result *result = NULL;
    spatio_columns columns;
    uint64_t handles[4];
    size_t rows;
    int round;
    columns.struct_size = (uint32_t)sizeof columns;
    for (round = 0; round < ROUNDS; round++) {
        spatio_query query;
        spatio_query_init(&query, sizeof query, SPATIO_QUERY_BOX);
        query.max_x = query.max_y = 1.0;
        if (round % 16 == 0) {
            spatio_result_free(result);
            result = NULL;
        }
        if (spatio_query_run(mine->ns, &query, 1, NULL, &result, &columns, NULL) == SPATIO_OK) {
            mine->wrong += count_wrong(&columns, fixed_handles);
        } else {
            mine->failures++;
        }
        query.kind = SPATIO_QUERY_NEAREST;
        query.radius = 10.0;
        mine->failures += spatio_query_into(mine->ns, &query, 4, handles, NULL, NULL, NULL, NULL,
                                            NULL, &rows, NULL) != SPATIO_OK;
        mine->wrong += rows != 4;
    }
    spatio_result_free(result);
    return NULL;
}

/* Opens and closes handles of the same database, and makes it write its figures and files. */
static void *come_and_go(void *user)
{
    worker *mine = (worker *)user;
    int round;
    for (round = 0; round < ROUNDS; round++) {
        spatio_namespace *ns = NULL;
        spatio_stats stats;
        stats.struct_size = (uint32_t)sizeof stats;
        mine->failures += spatio_namespace_open(mine->db, "things", 6, &ns, NULL) != SPATIO_OK;
        mine->failures += spatio_get_stats(mine->db, &stats, NULL) != SPATIO_OK;
        mine->failures += spatio_flush(mine->db, NULL) != SPATIO_OK;
        mine->wrong += stats.namespaces != 1 || stats.objects < OBJECTS;
        spatio_namespace_close(ns);
    }
    return NULL;
}

static void run_together(uint32_t history)
{
    fixture f = fixture_open_with(SPATIO_CARTESIAN, history, 0, NULL);
    worker workers[WRITERS + READERS + 1];
    id_list ids = ids_make("fixed", 0, OBJECTS);
    double x[OBJECTS];
    unsigned at;
    for (at = 0; at < OBJECTS; at++) x[at] = (double)at / OBJECTS;
    OK(spatio_upsert_batch(f.ns, OBJECTS, ids.offsets, ids.bytes, x, x, NULL, NULL, NULL, NULL,
                           NULL, fixed_handles, NULL, NULL, ERR));
    for (at = 0; at < WRITERS + READERS + 1; at++) {
        void *(*work)(void *) = at < WRITERS ? move : at < WRITERS + READERS ? look : come_and_go;
        memset(&workers[at], 0, sizeof workers[at]);
        workers[at].db = f.db;
        workers[at].ns = f.ns;
        workers[at].number = at;
        if (pthread_create(&workers[at].thread, NULL, work, &workers[at]) != 0) abort();
    }
    for (at = 0; at < WRITERS + READERS + 1; at++) {
        pthread_join(workers[at].thread, NULL);
        EQ_U64(workers[at].failures, 0);
        EQ_U64(workers[at].wrong, 0);
    }
    {
        uint64_t objects = 0;
        OK(spatio_count(f.ns, &objects, ERR));
        EQ_U64(objects, (WRITERS + 1) * OBJECTS);
    }
    ids_free(&ids);
    fixture_close(&f);
}

static void threads_on_the_hot_state(void) { run_together(SPATIO_HISTORY_OFF); }
static void threads_on_the_log(void) { run_together(SPATIO_HISTORY_ON); }

void topic_threads(void)
{
    RUN(threads_on_the_hot_state);
    RUN(threads_on_the_log);
}
