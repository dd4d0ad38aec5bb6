// A C++ program outside of this repository: it must find the header and the library where they were
// installed, get the version it asked for, and be answered. Returns the number of what failed.
#include <cstdio>
#include <memory>
#include <string_view>

#include <spatio.h>

namespace {

int failures = 0;

void expect(bool holds, const char *what)
{
    if (!holds) {
        std::fprintf(stderr, "consumer: not so: %s\n", what);
        failures++;
    }
}

struct Closer {
    void operator()(spatio_db *db) const { expect(spatio_close(db, nullptr) == SPATIO_OK, "closes"); }
    void operator()(spatio_namespace *ns) const { spatio_namespace_close(ns); }
    void operator()(spatio_result *result) const { spatio_result_free(result); }
};

template <class T> using Handle = std::unique_ptr<T, Closer>;

spatio_status upsert(const Handle<spatio_namespace> &ns, std::string_view id, double x, double y)
{
    return spatio_upsert(ns.get(), id.data(), id.size(), x, y, 0.0, 1, nullptr, 0, 0,
                         nullptr, nullptr, nullptr);
}

void ask()
{
    spatio_db *opened = nullptr;
    expect(spatio_open(nullptr, nullptr, &opened, nullptr) == SPATIO_OK, "opens in memory");
    const Handle<spatio_db> db(opened);
    constexpr std::string_view name = "buses";
    spatio_namespace *created = nullptr;
    expect(spatio_namespace_create(db.get(), name.data(), name.size(), nullptr, &created, nullptr) ==
               SPATIO_OK,
           "makes a namespace");
    const Handle<spatio_namespace> ns(created);
    expect(upsert(ns, "bus:7", 13.4050, 52.5200) == SPATIO_OK, "bus:7 is written");
    expect(upsert(ns, "bus:8", 13.9000, 52.5200) == SPATIO_OK, "bus:8 is written");

    spatio_result *found = nullptr;
    spatio_columns columns = {};
    columns.struct_size = sizeof columns;
    expect(spatio_query_radius(ns.get(), 13.4050, 52.5200, 0.0, 500.0, SPATIO_NO_LIMIT, &found,
                               &columns, nullptr) == SPATIO_OK,
           "the query is answered");
    const Handle<spatio_result> result(found);
    expect(columns.rows == 1, "one of them is within 500 m");
}

} // namespace

int main()
{
    expect(spatio_abi_version() == SPATIO_ABI_VERSION, "the library fits the header");
    expect(std::string_view(spatio_version()) == CONSUMER_EXPECTS, "it has the version told");
    ask();
    expect(spatio_live_handles() == 0, "nothing is left open");
    if (failures == 0) std::printf("consumer in C++: libspatio %s\n", spatio_version());
    return failures;
}
