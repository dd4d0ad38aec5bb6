/* A program outside of this repository: it must find the header and the library where they were
 * installed, get the version it asked for, and be answered. Returns the number of what failed. */
#include <stdio.h>
#include <string.h>

#include <spatio.h>

static int failures = 0;

static void expect(int holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "consumer: not so: %s\n", what);
        failures++;
    }
}

static void ask(const spatio_namespace *ns)
{
    spatio_result *result = NULL;
    spatio_columns columns;
    spatio_error error = {0};

    memset(&columns, 0, sizeof columns);
    columns.struct_size = (uint32_t)sizeof columns;
    error.struct_size = (uint32_t)sizeof error;
    expect(spatio_upsert(ns, "bus:7", 5, 13.4050, 52.5200, 0.0, 1, NULL, 0, 0, NULL,
                         NULL, &error) == SPATIO_OK,
           "bus:7 is written");
    expect(spatio_upsert(ns, "bus:8", 5, 13.9000, 52.5200, 0.0, 1, NULL, 0, 0, NULL,
                         NULL, &error) == SPATIO_OK,
           "bus:8 is written");
    expect(spatio_query_radius(ns, 13.4050, 52.5200, 0.0, 500.0, SPATIO_NO_LIMIT, &result, &columns,
                               &error) == SPATIO_OK,
           "the query is answered");
    expect(columns.rows == 1, "one of them is within 500 m");
    spatio_result_free(result);
    if (error.code != SPATIO_OK) fprintf(stderr, "consumer: %s\n", error.message);
}

int main(void)
{
    spatio_db *db = NULL;
    spatio_namespace *ns = NULL;

    expect(spatio_abi_version() == SPATIO_ABI_VERSION, "the library fits the header");
    expect(strcmp(spatio_version(), CONSUMER_EXPECTS) == 0, "the library has the version told");
    if (spatio_open(NULL, NULL, &db, NULL) != SPATIO_OK) return 1;
    if (spatio_namespace_create(db, "buses", 5, NULL, &ns, NULL) != SPATIO_OK) return 1;
    ask(ns);
    spatio_namespace_close(ns);
    expect(spatio_close(db, NULL) == SPATIO_OK, "the database is closed");
    expect(spatio_live_handles() == 0, "nothing is left open");
    if (failures == 0) printf("consumer in C: libspatio %s\n", spatio_version());
    return failures;
}
