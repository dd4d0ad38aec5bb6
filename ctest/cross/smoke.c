/* The core of the library on any target: write, ask, close, open again and find everything.
 *
 * usage: smoke FOLDER, which must not exist yet. The last line says that all went well. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <spatio.h>

#define OBJECTS 1000
#define SECOND_US INT64_C(1000000)

static spatio_error error;

/* Ends the program: what follows a step that failed says nothing. */
static void must(int holds, const char *what, int line)
{
    if (holds) return;
    fprintf(stderr, "smoke.c:%d: not so: %s\n", line, what);
    if (error.code != SPATIO_OK) {
        fprintf(stderr, "  %s: %s\n", spatio_status_name(error.code), error.message);
    }
    exit(1);
}

#define MUST(holds) must((holds) != 0, #holds, __LINE__)
#define OK(call) must((call) == SPATIO_OK, #call, __LINE__)

/* Object `n` stands 0.001 degrees, about 111 m, north of the one before. */
static double latitude(int n)
{
    return 40.0 + 0.001 * n;
}

static void write_all(const spatio_namespace *ns)
{
    int n;
    for (n = 0; n < OBJECTS; n++) {
        char id[16], payload[16];
        uint32_t outcome = 0;
        const int length = snprintf(id, sizeof id, "bus:%d", n);
        const int size = snprintf(payload, sizeof payload, "line %d", n);
        OK(spatio_upsert(ns, id, (size_t)length, 7.0, latitude(n), 0.0, SECOND_US * (n + 1),
                         (const uint8_t *)payload, (size_t)size, 0, NULL, &outcome,
                         &error));
        MUST(outcome == SPATIO_OUTCOME_CREATED);
    }
}

/* Ten metres to the east, by handle, a second later. */
static void move_first(const spatio_namespace *ns)
{
    uint64_t handle = 0;
    uint32_t outcome = 0;
    OK(spatio_find_handle(ns, "bus:0", 5, &handle, &error));
    OK(spatio_move(ns, handle, 7.0001, latitude(0), 0.0, SECOND_US * 2, &outcome, &error));
    MUST(outcome == SPATIO_OUTCOME_MOVED);
}

static void ask(const spatio_namespace *ns)
{
    spatio_result *result = NULL;
    spatio_columns columns;
    spatio_object object;
    uint64_t count = 0;

    memset(&columns, 0, sizeof columns);
    columns.struct_size = (uint32_t)sizeof columns;
    memset(&object, 0, sizeof object);
    object.struct_size = (uint32_t)sizeof object;
    OK(spatio_count(ns, &count, &error));
    MUST(count == OBJECTS);

    /* 350 m reach three neighbours on each side. */
    OK(spatio_query_radius(ns, 7.0, latitude(500), 0.0, 350.0, SPATIO_NO_LIMIT, &result, &columns,
                           &error));
    MUST(columns.rows == 7);
    MUST(columns.y[0] == latitude(500) && columns.distance[0] == 0.0);
    MUST(columns.distance[6] > 333.0 && columns.distance[6] < 334.0);
    OK(spatio_knn(ns, 7.0, 39.0, 0.0, 2, &result, &columns, &error));
    MUST(columns.rows == 2 && columns.x[0] == 7.0001 && columns.y[1] == latitude(1));
    spatio_result_free(result);

    OK(spatio_get(ns, "bus:999", 7, &object, &error));
    MUST(object.y == latitude(999) && object.time_us == SECOND_US * 1000);
    MUST(object.payload_length == 8);
}

static void ask_the_past(const spatio_namespace *ns)
{
    spatio_result *result = NULL;
    spatio_columns columns;
    uint64_t handle = 0;

    memset(&columns, 0, sizeof columns);
    columns.struct_size = (uint32_t)sizeof columns;
    OK(spatio_find_handle(ns, "bus:0", 5, &handle, &error));
    OK(spatio_trajectory(ns, 1, &handle, 0, SECOND_US * 10, SPATIO_OLDEST_FIRST, SPATIO_NO_LIMIT,
                         NULL, &result, &columns, &error));
    MUST(columns.rows == 2 && columns.x[0] == 7.0 && columns.x[1] == 7.0001);
    spatio_result_free(result);
}

static void in_memory(void)
{
    spatio_db *db = NULL;
    spatio_namespace *ns = NULL;
    OK(spatio_open(NULL, NULL, &db, &error));
    OK(spatio_namespace_create(db, "buses", 5, NULL, &ns, &error));
    write_all(ns);
    move_first(ns);
    ask(ns);
    spatio_namespace_close(ns);
    OK(spatio_close(db, &error));
}

static void in_a_folder(const char *folder)
{
    spatio_db *db = NULL, *second = NULL;
    spatio_namespace *ns = NULL;
    OK(spatio_open(folder, NULL, &db, &error));
    OK(spatio_namespace_create(db, "buses", 5, NULL, &ns, &error));
    write_all(ns);
    move_first(ns);
    OK(spatio_sync(db, &error));
    /* The lock of the folder is the operating system's, so it is tried on each. */
    MUST(spatio_open(folder, NULL, &second, NULL) == SPATIO_LOCKED);
    spatio_namespace_close(ns);
    OK(spatio_close(db, &error));

    OK(spatio_open(folder, NULL, &db, &error));
    OK(spatio_namespace_open(db, "buses", 5, &ns, &error));
    ask(ns);
    ask_the_past(ns);
    OK(spatio_checkpoint(db, &error));
    spatio_namespace_close(ns);
    OK(spatio_close(db, &error));
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: smoke FOLDER\n");
        return 2;
    }
    error.struct_size = (uint32_t)sizeof error;
    MUST(spatio_abi_version() == SPATIO_ABI_VERSION);
    in_memory();
    in_a_folder(argv[1]);
    MUST(spatio_live_handles() == 0);
    printf("smoke: libspatio %s, all is well\n", spatio_version());
    return 0;
}
