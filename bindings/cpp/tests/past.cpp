// Guards tracks, positions at an instant, and distances.
#include <doctest/doctest.h>

#include <vector>

#include "support.hpp"

using spatio::During;
using spatio::Interpolation;
using spatio::Metric;
using spatio::Order;
using spatio::Rows;

namespace {

// Two objects that move along x, one unit a second, from 0 s to 9 s.
struct Tracks {
  Crowd crowd{0};
  std::vector<spatio::Handle> handles;

  Tracks() {
    std::vector<std::int64_t> time_us;
    std::vector<double> x, low, high;
    for (int s = 0; s < 10; s++) {
      time_us.push_back(s * 1'000'000);
      x.push_back(s);
      low.push_back(0);
      high.push_back(5);
    }
    CHECK(crowd.ns.insert_trajectory("low", {time_us, x, low}).value() == 10);
    CHECK(crowd.ns.insert_trajectory("high", {time_us, x, low, high}).value() == 10);
    handles = {crowd.ns.find_handle("low").value(), crowd.ns.find_handle("high").value()};
  }
};

}  // namespace

TEST_CASE("tracks come back in the order and the interval that was asked for") {
  const Tracks tracks;
  const auto& ns = tracks.crowd.ns;
  const Rows whole = ns.trajectory(tracks.handles[0]).value();
  REQUIRE(whole.size() == 10);
  for (std::size_t s = 0; s < 10; s++) {
    CHECK(whole.time_us()[s] == static_cast<std::int64_t>(s) * 1'000'000);
    CHECK(whole[s].x() == static_cast<double>(s));
  }
  During during;
  during.start_us = 2'000'000;
  during.end_us = 5'000'000;
  during.order = Order::newest_first;
  during.limit = 3;
  Rows rows;
  ns.trajectory(tracks.handles, during, rows).value();
  REQUIRE(rows.queries() == 2);
  for (std::size_t i = 0; i < 2; i++) {
    REQUIRE(rows.of(i).size() == 3);
    CHECK(rows.of(i)[0].x() == 5);
    CHECK(rows.of(i)[2].x() == 3);
    CHECK(rows.of(i)[0].z() == (i == 0 ? 0 : 5));
  }
  spatio::Cancel cancel;
  cancel.fire();
  CHECK(ns.trajectory(tracks.handles, during, rows, &cancel).status() == spatio::Status::cancelled);
}

TEST_CASE("a position at an instant lies between the known ones") {
  const Tracks tracks;
  const auto& ns = tracks.crowd.ns;
  const auto at = ns.position_at(tracks.handles[1], 2'500'000).value();
  REQUIRE(at);
  CHECK(at->x == doctest::Approx(2.5));
  CHECK(at->z == 5);
  CHECK(ns.position_at(tracks.handles[1], 2'500'000, Interpolation::last).value()->x == 2);
  CHECK_FALSE(ns.position_at(tracks.handles[1], -1).value());
  CHECK(ns.position_at(12345, 0).status() == spatio::Status::not_found);

  std::vector<double> x(2), y(2);
  std::vector<std::uint8_t> found(2);
  const std::vector<double> wanted{9, 9};
  ns.positions_at(tracks.handles, 100'000'000, Interpolation::linear, {x, y, {}, found}).value();
  CHECK(x == wanted);
  CHECK(found[1] == 1);
}

TEST_CASE("distances between objects, to points, and without a database") {
  const Tracks tracks;
  const auto& ns = tracks.crowd.ns;
  const auto [low, high] = std::pair(tracks.handles[0], tracks.handles[1]);
  CHECK(ns.distance_between(low, high, Metric::euclidean).value() == 5);
  CHECK(ns.distance_to(low, {9, 12, 5}, Metric::euclidean).value() == 13);
  std::vector<double> out(2);
  ns.distance_to(tracks.handles, {9, 0, 5}, Metric::euclidean, out).value();
  CHECK(out == std::vector<double>{5, 0});
  ns.distance_between(tracks.handles, tracks.handles, Metric::euclidean, out).value();
  CHECK(out == std::vector<double>{0, 0});
  CHECK(ns.distance_to(low, {}, Metric::rhumb).status() == spatio::Status::unsupported);

  const double degree =
      spatio::distance(spatio::Space::geographic, Metric::haversine, {0, 0}, {1, 0}).value();
  CHECK(degree == doctest::Approx(6371008.8 * 3.14159265358979 / 180));
  CHECK_FALSE(spatio::distance(spatio::Space::geographic, Metric::haversine, {0, 91}, {1, 0}));
}
