// Guards the face that throws: values come as they are, failures as exceptions, what is absent as
// an empty optional.
#if defined(SPATIO_EXCEPTIONS)
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "arrow.hpp"
#include "support.hpp"

namespace sp = spatio::throwing;

namespace {

template <class Call>
sp::Status refused(Call&& call) {
  try {
    call();
  } catch (const sp::Exception& exception) {
    CHECK(std::string(exception.what()) == exception.error().message());
    return exception.status();
  }
  return sp::Status::ok;
}

}  // namespace

TEST_CASE("calls that throw give values") {
  const sp::Database db = sp::Database::memory();
  const sp::Namespace ns = db.create_namespace("units", sp::NamespaceOptions::cartesian());
  const sp::Handle tank = ns.upsert("tank", {1, 2}, sp::Upsert().payload("T-34")).handle;
  ns.upsert("plane", {3, 4, 100});
  CHECK(ns.count() == 2);
  CHECK(ns.get("tank")->position.y == 2);
  CHECK_FALSE(ns.get("ship"));
  CHECK_FALSE(ns.find_handle("ship"));
  CHECK_FALSE(ns.get_by_handle(99));
  CHECK_FALSE(ns.payload(99));
  CHECK(ns.payload(tank)->size() == 4);
  CHECK(ns.move(tank, {5, 6}) == sp::Outcome::moved);

  std::vector<std::string> ids;
  for (const sp::Row row : ns.query(sp::Query::circle({0, 0}, 50).with_ids()))
    ids.emplace_back(row.id());
  CHECK(ids == std::vector<std::string>{"plane", "tank"});
  sp::Rows rows;
  ns.query(sp::Query::everywhere(), rows);
  CHECK(rows.size() == 2);
  CHECK(ns.remove("tank"));
  CHECK(ns.bounds().max.z == 100);
  CHECK(sp::distance(sp::Space::cartesian, sp::Metric::euclidean, {0, 0}, {3, 4}) == 5);
  sp::check_library();
  const sp::Polygon polygon = sp::Polygon::make({{{0, 0}, {10, 0}, {10, 10}, {0, 10}}});
  CHECK(polygon.contains({5, 5}));
  CHECK(ns.query_polygon(polygon).size() == 1);
}

TEST_CASE("calls that throw throw what went wrong") {
  sp::Database db = sp::Database::memory();
  const sp::Namespace ns = db.create_namespace("n");
  CHECK(refused([&] { ns.upsert("a", {0, 91}); }) == sp::Status::out_of_range);
  CHECK(refused([&] { ns.upsert("", {0, 0}); }) == sp::Status::invalid_argument);
  CHECK(refused([&] { ns.get(std::string(300, 'x')); }) == sp::Status::limit_exceeded);
  CHECK(refused([&] { ns.query_near(5, 10); }) == sp::Status::not_found);
  CHECK(refused([&] { ns.id(5); }) == sp::Status::not_found);
  CHECK(refused([&] { db.open_namespace("other"); }) == sp::Status::not_found);
  CHECK(refused([&] { sp::Polygon::make({{{0, 0}}}); }) == sp::Status::invalid_argument);
  CHECK(refused([&] { sp::Database::check("nowhere"); }) == sp::Status::not_found);
  std::vector<std::uint8_t> payload;
  CHECK(refused([&] { ns.payload(5, payload); }) == sp::Status::not_found);
  ArrowOwned out;
  CHECK(refused([&] { sp::export_arrow(sp::Rows(), out.schema, out.array); }) ==
        sp::Status::null_pointer);
  db.close();
  db.close();
  CHECK(refused([&] { ns.count(); }) == sp::Status::closed);
  CHECK(refused([&] { db.flush(); }) == sp::Status::closed);
  CHECK(refused([&] { sp::Database().flush(); }) == sp::Status::closed);
}

TEST_CASE("an exception is caught as one of the standard library") {
  CHECK_THROWS_AS(sp::Database::memory().open_namespace("none"), std::exception);
}
#endif
