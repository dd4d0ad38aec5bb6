/* Fixtures: databases, ids and random numbers. */
#include "fixture.h"

fixture fixture_open(uint32_t space)
{
    return fixture_open_with(space, SPATIO_HISTORY_OFF, 0, NULL);
}

fixture fixture_open_with(uint32_t space, uint32_t history, int64_t ttl_us,
                          const spatio_options *options)
{
    fixture made = {NULL, NULL};
    if (OK(spatio_open(NULL, options, &made.db, ERR))) {
        made.ns = make_namespace(made.db, "things", space, history, ttl_us);
    }
    return made;
}

void fixture_close(fixture *fixture)
{
    spatio_namespace_close(fixture->ns);
    OK(spatio_close(fixture->db, ERR));
    fixture->ns = NULL;
    fixture->db = NULL;
}

spatio_namespace *make_namespace(const spatio_db *db, const char *name, uint32_t space,
                                 uint32_t history, int64_t ttl_us)
{
    spatio_namespace *ns = NULL;
    spatio_namespace_options options;
    spatio_namespace_options_init(&options, sizeof options);
    options.space = space;
    options.history = history;
    options.ttl_us = ttl_us;
    OK(spatio_namespace_create(db, name, strlen(name), &options, &ns, ERR));
    return ns;
}

uint64_t put(const spatio_namespace *ns, const char *id, double x, double y, double z,
             int64_t time_us)
{
    uint64_t handle = UINT64_MAX;
    OK(spatio_upsert(ns, id, strlen(id), x, y, z, time_us, NULL, 0, 0, &handle, NULL,
                     ERR));
    return handle;
}

uint64_t put_payload(const spatio_namespace *ns, const char *id, double x, double y,
                     const char *payload)
{
    uint64_t handle = UINT64_MAX;
    OK(spatio_upsert(ns, id, strlen(id), x, y, 0.0, 1, (const uint8_t *)payload, strlen(payload),
                     0, &handle, NULL, ERR));
    return handle;
}

id_list ids_make(const char *prefix, size_t first, size_t count)
{
    id_list ids;
    size_t row, at = 0;
    const size_t most = strlen(prefix) + 20;
    ids.count = count;
    ids.offsets = (uint64_t *)malloc((count + 1) * sizeof *ids.offsets);
    ids.bytes = (char *)malloc(count * most + 1);
    if (!ids.offsets || !ids.bytes) abort();
    ids.offsets[0] = 0;
    for (row = 0; row < count; row++) {
        at += (size_t)snprintf(ids.bytes + at, most, "%s%06lu", prefix,
                               (unsigned long)(first + row));
        ids.offsets[row + 1] = at;
    }
    return ids;
}

void ids_free(id_list *ids)
{
    free(ids->offsets);
    free(ids->bytes);
    ids->offsets = NULL;
    ids->bytes = NULL;
}

/* SplitMix64 by S. Vigna. */
uint64_t prng_next(prng *prng)
{
    uint64_t z = (prng->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

double prng_between(prng *prng, double low, double high)
{
    const double share = (double)(prng_next(prng) >> 11) * (1.0 / 9007199254740992.0);
    return low + (high - low) * share;
}

uint64_t prng_below(prng *prng, uint64_t bound)
{
    return prng_next(prng) % bound;
}

size_t huge_rows(void)
{
    const char *given = getenv("SPATIO_CTEST_ROWS");
    const long rows = given ? atol(given) : 0;
    return rows > 0 ? (size_t)rows : 1000000;
}
