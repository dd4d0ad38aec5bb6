// Guards queries: every kind against looking at all objects, rows and columns, results that are
// filled again.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "support.hpp"

using spatio::Handle;
using spatio::Point;
using spatio::Query;
using spatio::Row;
using spatio::Rows;

namespace {

// The handles of those objects for which `holds(i)`.
template <class Holds>
std::set<Handle> those(const Crowd& crowd, Holds&& holds) {
  std::set<Handle> found;
  for (std::size_t i = 0; i < crowd.handles.size(); i++)
    if (holds(i)) found.insert(crowd.handles[i]);
  return found;
}

std::set<Handle> found(const Rows& rows) { return {rows.handles().begin(), rows.handles().end()}; }

bool is_sorted(const Rows& rows) {
  return std::is_sorted(rows.distance().begin(), rows.distance().end());
}

}  // namespace

TEST_CASE("each kind of query finds what looking at all objects finds") {
  const Crowd crowd(500);
  const Point at{10, -20, 30};
  const auto flat = [&](std::size_t i) { return std::hypot(crowd.x[i] - at.x, crowd.y[i] - at.y); };
  const auto in_box = [&](std::size_t i) {
    return std::fabs(crowd.x[i] - 10) <= 25 && std::fabs(crowd.y[i] + 20) <= 35;
  };
  const auto& ns = crowd.ns;

  const Rows circle = ns.query(Query::circle(at, 60)).value();
  CHECK(found(circle) == those(crowd, [&](std::size_t i) { return flat(i) <= 60; }));
  CHECK(is_sorted(circle));
  const Rows sphere = ns.query(Query::sphere(at, 60)).value();
  const auto in_sphere = those(crowd, [&](std::size_t i) { return crowd.distance(i, at) <= 60; });
  CHECK(found(sphere) == in_sphere);
  CHECK(found(ns.query_radius(at, 60).value()) == in_sphere);
  CHECK(is_sorted(sphere));
  CHECK(found(ns.query(Query::cylinder(at, 60, -10, 10)).value()) ==
        those(crowd, [&](std::size_t i) { return flat(i) <= 60 && std::fabs(crowd.z[i]) <= 10; }));
  CHECK(found(ns.query(Query::box({-15, -55, 35, 15})).value()) == those(crowd, in_box));
  CHECK(found(ns.query_box({-15, -55, 35, 15}).value()) == those(crowd, in_box));
  CHECK(found(ns.query(Query::box_around(at, 50, 70)).value()) == those(crowd, in_box));
  const auto in_box_3d = [&](std::size_t i) {
    return in_box(i) && std::fabs(crowd.z[i] - 30) <= 20;
  };
  CHECK(found(ns.query(Query::box_3d({{-15, -55, 10}, {35, 15, 50}})).value()) ==
        those(crowd, in_box_3d));
  CHECK(found(ns.query(Query::box_3d_around(at, 50, 70, 40)).value()) == those(crowd, in_box_3d));
  CHECK(ns.query(Query::everywhere()).value().size() == 500);
}

TEST_CASE("the nearest are the nearest, around a point and around an object") {
  const Crowd crowd(300);
  const Point at{5, 5, 5};
  std::vector<double> all;
  for (std::size_t i = 0; i < 300; i++) all.push_back(crowd.distance(i, at));
  std::sort(all.begin(), all.end());
  const Rows nearest = crowd.ns.knn(at, 10).value();
  REQUIRE(nearest.size() == 10);
  for (std::size_t k = 0; k < 10; k++) CHECK(nearest.distance()[k] == doctest::Approx(all[k]));
  CHECK(found(crowd.ns.query(Query::nearest(10, at)).value()) == found(nearest));

  const Handle origin = crowd.handles[7];
  const Rows around = crowd.ns.query(Query::nearest(5, spatio::around(origin))).value();
  CHECK(around.size() == 5);
  CHECK(around[0].handle() == origin);
  CHECK(around[0].distance() == 0);
  Query others = Query::nearest(5, spatio::around(origin)).exclude_origin();
  CHECK(found(crowd.ns.query(others).value()).count(origin) == 0);
  others.exclude_origin(false).origin(at);
  CHECK(crowd.ns.query(others).value()[0].distance() == doctest::Approx(all[0]));
  CHECK(crowd.ns.query_near(origin, 1000, 3).value()[0].handle() == origin);
}

TEST_CASE("a polygon finds what lies in it") {
  const Crowd crowd(400);
  const auto polygon = spatio::Polygon::make({{{-50, -50}, {50, -50}, {50, 50}, {-50, 50}},
                                              {{-10, -10}, {10, -10}, {10, 10}, {-10, 10}}})
                           .value();
  const auto inside = those(crowd, [&](std::size_t i) {
    const double edge = std::max(std::fabs(crowd.x[i]), std::fabs(crowd.y[i]));
    return edge <= 50 && edge >= 10;
  });
  CHECK(found(crowd.ns.query(Query::polygon(polygon)).value()) == inside);
  CHECK(found(crowd.ns.query_polygon(polygon).value()) == inside);
  CHECK(polygon.contains({50, 0}).value());
  CHECK_FALSE(polygon.contains({0, 0}).value());

  const auto two =
      spatio::Polygon::make_multi({{{{0, 0}, {1, 0}, {0, 1}}}, {{{5, 5}, {6, 5}, {5, 6}}}}).value();
  CHECK(two.contains({5.1, 5.1}).value());
  CHECK_FALSE(two.contains({3, 3}).value());
  CHECK(spatio::Polygon::make({{{0, 0}, {1, 1}}}).status() == spatio::Status::invalid_argument);
  CHECK(spatio::Polygon::make({}).status() == spatio::Status::invalid_argument);
  CHECK_FALSE(crowd.ns.query_polygon(spatio::Polygon()));
}

TEST_CASE("many queries are answered in one call, each by rows of its own") {
  const Crowd crowd(300);
  std::vector<Query> queries;
  for (std::size_t i = 0; i < 20; i++)
    queries.push_back(Query::circle(spatio::around(crowd.handles[i]), 40).limit(8));
  queries[0].with_ids();
  Rows rows;
  crowd.ns.run(queries, rows).value();
  REQUIRE(rows.queries() == 20);
  std::size_t total = 0;
  for (std::size_t q = 0; q < 20; q++) {
    const Rows alone = crowd.ns.query(queries[q]).value();
    const auto part = rows.of(q);
    total += part.size();
    REQUIRE(part.size() == alone.size());
    for (std::size_t i = 0; i < part.size(); i++) {
      CHECK(part[i].handle() == alone[i].handle());
      CHECK(part.distance()[i] == alone.distance()[i]);
      CHECK(part[i].id() == crowd.ns.id(part.handles()[i]).value());
    }
  }
  CHECK(total == rows.size());
}

TEST_CASE("rows that are filled again keep their memory") {
  const Crowd crowd(200);
  Rows rows;
  for (int i = 0; i < 3; i++) crowd.ns.query(Query::everywhere(), rows).value();
  const double* memory = rows.x().data();
  const std::uint64_t handles = spatio::live_handles();
  for (int i = 0; i < 10; i++) {
    crowd.ns.knn({0, 0}, 5, rows).value();
    CHECK(rows.x().data() == memory);
  }
  CHECK(spatio::live_handles() == handles);
}

TEST_CASE("a refused call leaves rows empty") {
  const Crowd crowd(20);
  Rows rows = crowd.ns.query(Query::everywhere()).value();
  CHECK(rows.size() == 20);
  CHECK_FALSE(crowd.ns.query(Query::circle({0, 0}, -1), rows));
  CHECK(rows.empty());
  CHECK(rows.x().empty());
  CHECK(rows.queries() == 0);
  CHECK(rows.begin() == rows.end());
  crowd.ns.query(Query::everywhere(), rows).value();
  CHECK(rows.size() == 20);
}

TEST_CASE("columns that were not asked for are not there") {
  const Crowd crowd(5);
  const Rows plain = crowd.ns.query(Query::everywhere()).value();
  CHECK_FALSE(plain.has_ids());
  CHECK_FALSE(plain.has_payloads());
  CHECK(plain.distance().empty());
  CHECK(std::isnan(plain[0].distance()));
  const Rows full = crowd.ns.query(Query::everywhere().with_ids().with_payloads()).value();
  CHECK(full.has_ids());
  CHECK(full.has_payloads());
  CHECK(full[0].payload().empty());
  const Rows hull = crowd.ns.convex_hull().value();
  CHECK(hull.handles().empty());
  CHECK(hull[0].x() == hull[hull.size() - 1].x());
  CHECK(Rows().empty());
  CHECK(Rows().begin() == Rows().end());
}

TEST_CASE("filters leave out what they say") {
  const Crowd crowd(200);
  const auto& ns = crowd.ns;
  CHECK(found(ns.query(Query::everywhere().altitude(0, 50)).value()) ==
        those(crowd, [&](std::size_t i) { return crowd.z[i] >= 0 && crowd.z[i] <= 50; }));
  CHECK(ns.query(Query::everywhere().id_prefix("unit:19")).value().size() == 11);
  CHECK(ns.query(Query::everywhere().since_us(INT64_MAX)).value().empty());
  CHECK(ns.query(Query::everywhere().max_age(std::chrono::hours(1))).value().size() == 200);
  CHECK(ns.query(Query::everywhere().limit(7)).value().size() == 7);
  CHECK(ns.query(Query::everywhere().limit(0)).value().empty());
}

TEST_CASE("a query into columns of one's own finds no more than there is room for") {
  const Crowd crowd(100);
  std::vector<Handle> handles(8);
  std::vector<double> distance(8);
  const Query nearby = Query::sphere({0, 0, 0}, 1000);
  const Rows all = crowd.ns.query(nearby).value();
  spatio::OwnColumns out;
  out.handles = handles;
  out.distance = distance;
  CHECK(crowd.ns.query_into(nearby, out).value() == 8);
  for (std::size_t i = 0; i < 8; i++) {
    CHECK(handles[i] == all[i].handle());
    CHECK(distance[i] == all[i].distance());
  }
}

TEST_CASE("a query that was cancelled gives nothing, and can be asked again") {
  const Crowd crowd(50);
  spatio::Cancel cancel;
  cancel.fire();
  CHECK(crowd.ns.query(Query::everywhere(), &cancel).status() == spatio::Status::cancelled);
  Rows rows;
  CHECK(crowd.ns.query(Query::everywhere(), rows, &cancel).status() == spatio::Status::cancelled);
  cancel.reset();
  CHECK(crowd.ns.query(Query::everywhere(), &cancel).value().size() == 50);
}

TEST_CASE("bounds and hull hold everything") {
  const Crowd crowd(60);
  const auto bounds = crowd.ns.bounds().value();
  CHECK_FALSE(bounds.is_empty);
  CHECK(bounds.min.x == *std::min_element(crowd.x.begin(), crowd.x.end()));
  CHECK(bounds.max.z == *std::max_element(crowd.z.begin(), crowd.z.end()));
  CHECK(Crowd(0).ns.bounds().value().is_empty);
  CHECK(Crowd(0).ns.convex_hull().value().empty());
}
