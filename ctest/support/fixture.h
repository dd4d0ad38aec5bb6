/* What most tests begin with: an open database, a namespace, and objects at random places. */
#ifndef SPATIO_CTEST_FIXTURE_H
#define SPATIO_CTEST_FIXTURE_H

#include "test.h"

#define SECOND_US INT64_C(1000000)

/* A database in memory with the namespace "things". */
typedef struct fixture {
    spatio_db *db;
    spatio_namespace *ns;
} fixture;

/* History is off. */
fixture fixture_open(uint32_t space);
fixture fixture_open_with(uint32_t space, uint32_t history, int64_t ttl_us,
                          const spatio_options *options);
void fixture_close(fixture *fixture);

/* Makes or opens a namespace by a name that ends in NUL; NULL if that failed. */
spatio_namespace *make_namespace(const spatio_db *db, const char *name, uint32_t space,
                                 uint32_t history, int64_t ttl_us);
/* Writes one object and tells its handle. */
uint64_t put(const spatio_namespace *ns, const char *id, double x, double y, double z,
             int64_t time_us);
/* Writes one object with a payload. */
uint64_t put_payload(const spatio_namespace *ns, const char *id, double x, double y,
                     const char *payload);

/* Ids one after the other, as the batch calls take them. */
typedef struct id_list {
    size_t count;
    uint64_t *offsets;
    char *bytes;
} id_list;

/* `count` ids: the prefix with the number, from `first` on. */
id_list ids_make(const char *prefix, size_t first, size_t count);
void ids_free(id_list *ids);

/* The same numbers on every machine and in every run. */
typedef struct prng {
    uint64_t state;
} prng;

uint64_t prng_next(prng *prng);
/* From `low` up to but without `high`. */
double prng_between(prng *prng, double low, double high);
uint64_t prng_below(prng *prng, uint64_t bound);

/* How many rows a huge batch has: SPATIO_CTEST_ROWS, or a million. */
size_t huge_rows(void);

#endif
