/* A game's frame loop: 100,000 entities move in every frame, and for each of the 200 that can be
 * seen the loop asks for its neighbours. Two calls a frame, and no memory allocated once it runs.
 *
 *     cc -std=c99 -O2 -I include examples/c/frame_loop.c -L target/release -lspatio -lm -o frames
 *     LD_LIBRARY_PATH=target/release ./frames
 *
 * docs/C-API.md says how the library is built. */
#include <spatio.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ENTITIES 100000
#define VISIBLE 200
/* Frames that an entity takes to walk once round its home. */
#define ROUND 20
#define FRAMES (6 * ROUND)
/* In the first rounds memory still grows to the size that it needs. */
#define WARM_UP (3 * ROUND)

/* ---- Counting allocations: of this program and, as it is linked before them, of its libraries.
 * glibc keeps its own functions under these names too; other systems would need another way. */

static unsigned long allocations;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t align, size_t size);

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    allocations++;
    return __libc_realloc(old, size);
}

int posix_memalign(void **out, size_t align, size_t size)
{
    allocations++;
    *out = __libc_memalign(align, size);
    return *out ? 0 : 12; /* ENOMEM */
}

/* ---- The world: entities walk round their homes on a plain of 4 km by 4 km. */

static double home_x[ENTITIES], home_y[ENTITIES];
static double x[ENTITIES], y[ENTITIES], z[ENTITIES];
static uint64_t handles[ENTITIES];

/* A number from 0 to 1 that looks random and is the same in every run. */
static double noise(uint32_t n)
{
    n = (n ^ 61u) ^ (n >> 16);
    n *= 9u;
    n ^= n >> 4;
    n *= 0x27d4eb2du;
    n ^= n >> 15;
    return n / 4294967296.0;
}

static void settle(void)
{
    uint32_t i;
    for (i = 0; i < ENTITIES; i++) {
        home_x[i] = 4000.0 * noise(2 * i);
        home_y[i] = 4000.0 * noise(2 * i + 1);
    }
}

static void simulate(int frame)
{
    int i;
    for (i = 0; i < ENTITIES; i++) {
        const double angle = 6.283185307179586 * (frame % ROUND) / ROUND + i;
        x[i] = home_x[i] + 3.0 * cos(angle);
        y[i] = home_y[i] + 3.0 * sin(angle);
    }
}

/* ---- The database. */

/* Ends the program with what the library says went wrong. */
static void must(spatio_status status, const spatio_error *error)
{
    if (status == SPATIO_OK) return;
    fprintf(stderr, "%s: %s\n", spatio_status_name(status), error->message);
    exit(1);
}

/* A name for every entity. From here on only its handle is used: a number instead of a text. */
static void name_entities(const spatio_namespace *ns, spatio_error *error)
{
    char id[32];
    int i;
    for (i = 0; i < ENTITIES; i++) {
        const int length = snprintf(id, sizeof id, "entity:%d", i);
        must(spatio_intern(ns, id, (size_t)length, &handles[i], error), error);
    }
}

int main(void)
{
    static spatio_query queries[VISIBLE];
    spatio_error error = {0};
    spatio_namespace_options options;
    spatio_db *db = NULL;
    spatio_namespace *ns = NULL;
    spatio_result *result = NULL;
    spatio_columns columns;
    unsigned long before = 0;
    uint64_t neighbours = 0;
    clock_t start = 0;
    int frame, i;

    if (spatio_abi_version() != SPATIO_ABI_VERSION) {
        fprintf(stderr, "this program was made for another version of libspatio\n");
        return 1;
    }
    /* No path: in memory. Cartesian: metres, not degrees. */
    must(spatio_open(NULL, NULL, &db, &error), &error);
    spatio_namespace_options_init(&options, sizeof options);
    options.space = SPATIO_CARTESIAN;
    must(spatio_namespace_create(db, "world", 5, &options, &ns, &error), &error);
    settle();
    name_entities(ns, &error);

    /* The questions stay the same in all frames: who is within 25 m of this entity, the nearest 16,
     * wherever it is by then, and without itself. */
    for (i = 0; i < VISIBLE; i++) {
        spatio_query_init(&queries[i], sizeof queries[i], SPATIO_QUERY_CIRCLE);
        queries[i].flags = SPATIO_QUERY_AROUND_OBJECT | SPATIO_QUERY_EXCLUDE_ORIGIN;
        queries[i].origin = handles[i * (ENTITIES / VISIBLE)];
        queries[i].radius = 25.0;
        queries[i].limit = 16;
    }

    columns.struct_size = sizeof columns;
    for (frame = 0; frame < FRAMES; frame++) {
        uint64_t row;
        simulate(frame);
        if (frame == WARM_UP) {
            before = allocations;
            neighbours = 0;
            start = clock();
        }
        /* One call moves everybody. */
        must(spatio_move_batch(ns, ENTITIES, handles, x, y, z, NULL, NULL, NULL, &error), &error);
        /* One call asks all questions. `result` is made in the first frame and filled anew in the
         * others; `columns` looks into it until then. */
        must(spatio_query_run(ns, queries, VISIBLE, NULL, &result, &columns, &error), &error);
        for (i = 0; i < VISIBLE; i++) {
            /* The rows of question i, nearest first. */
            for (row = columns.offsets[i]; row < columns.offsets[i + 1]; row++) {
                if (columns.distance[row] > 25.0) abort();
                neighbours++;
            }
        }
    }
    {
        const unsigned long made = allocations - before;
        const double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        printf("%d entities, %d frames measured\n", ENTITIES, FRAMES - WARM_UP);
        printf("%.2f ms a frame: moving all, %d questions, %.1f neighbours each\n",
               1000.0 * seconds / (FRAMES - WARM_UP), VISIBLE,
               (double)neighbours / VISIBLE / (FRAMES - WARM_UP));
        printf("%lu allocations\n", made);
        spatio_result_free(result);
        spatio_namespace_close(ns);
        must(spatio_close(db, &error), &error);
        return made == 0 ? 0 : 1;
    }
}
