/* The conformance suite of the C ABI: runs all topics, or those that are named as arguments.
 *
 * `cargo xtask test c` compiles and runs it in every way. By hand, from the root of the clone:
 *
 *     cargo build --features test-panic && ln -sf libspatio.so target/debug/libspatio.so.0
 *     cc -std=c99 -D_DEFAULT_SOURCE -g -I include ctest/?*.c ctest/support/?*.c \
 *         -L target/debug -lspatio -lpthread -lm -o suite
 *     LD_LIBRARY_PATH=target/debug ./suite queries globe
 *
 * The last line is "N passed, N failed". SPATIO_CTEST_ROWS makes the huge batches smaller, for
 * tools that are slow. */
#include "support/test.h"
#include "topics.h"

typedef struct topic {
    const char *name;
    void (*run)(void);
} topic;

static const topic TOPICS[] = {
    {"library", topic_library},
    {"open", topic_open},
    {"namespaces", topic_namespaces},
    {"handles", topic_handles},
    {"writing", topic_writing},
    {"batches", topic_batches},
    {"payloads", topic_payloads},
    {"ttl", topic_ttl},
    {"queries", topic_queries},
    {"origins", topic_origins},
    {"filters", topic_filters},
    {"results", topic_results},
    {"polygons", topic_polygons},
    {"globe", topic_globe},
    {"past", topic_past},
    {"distances", topic_distances},
    {"indexes", topic_indexes},
    {"index_sums", topic_index_sums},
    {"regions", topic_regions},
    {"triangles", topic_triangles},
    {"index_refusals", topic_index_refusals},
    {"streams", topic_streams},
    {"stream_refusals", topic_stream_refusals},
    {"packs", topic_packs},
    {"fences", topic_fences},
    {"pack_refusals", topic_pack_refusals},
    {"upkeep", topic_upkeep},
    {"cancel", topic_cancel},
    {"logging", topic_logging},
    {"arrow_export", topic_arrow_export},
    {"arrow_import", topic_arrow_import},
    {"persistence", topic_persistence},
    {"nulls", topic_nulls},
    {"sizes", topic_sizes},
    {"closed", topic_closed},
    {"refusals", topic_refusals},
    {"huge", topic_huge},
    {"threads", topic_threads},
    {"panic", topic_panic},
};

#define TOPIC_COUNT (sizeof TOPICS / sizeof TOPICS[0])

/* Every topic gives back what it opened; what an earlier one kept is not told again. */
static void nothing_is_left_open(void)
{
    static uint64_t told;
    const uint64_t open = spatio_live_handles();
    EQ_U64(open, told);
    told = open;
}

static int is_chosen(const char *name, int argc, char **argv)
{
    int at;
    for (at = 1; at < argc; at++) {
        if (strcmp(argv[at], name) == 0) return 1;
    }
    return argc < 2;
}

int main(int argc, char **argv)
{
    size_t at;
    int chosen = 0;
    for (at = 0; at < TOPIC_COUNT; at++) {
        if (!is_chosen(TOPICS[at].name, argc, argv)) continue;
        chosen++;
        printf("-- %s\n", TOPICS[at].name);
        fflush(stdout);
        TOPICS[at].run();
        RUN(nothing_is_left_open);
    }
    if (argc > 1 && chosen != argc - 1) {
        printf("a topic that was named does not exist\n");
        return 2;
    }
    return test_end();
}
