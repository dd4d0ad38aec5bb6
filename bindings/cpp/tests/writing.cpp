// Guards writes and reads of objects: single and in batches, payloads, and columns whose lengths
// differ.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support.hpp"

using spatio::Outcome;
using spatio::Status;
using spatio::Upsert;
using namespace std::chrono_literals;

namespace {

std::string text(const std::vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

TEST_CASE("an object is where its last update says") {
  const Crowd crowd(0);
  const auto& ns = crowd.ns;
  const auto first = ns.upsert("a", {1, 2, 3}, Upsert().time_us(1000)).value();
  CHECK(first.outcome == Outcome::created);
  CHECK(ns.move(first.handle, {4, 5}, 2000).value() == Outcome::moved);
  CHECK(ns.move(first.handle, {6, 7}, 1500).value() == Outcome::late);

  const auto object = ns.get("a").value();
  CHECK(object.handle == first.handle);
  CHECK(object.position.x == 4);
  CHECK(object.position.y == 5);
  CHECK(object.position.z == 0);
  CHECK(object.time_us == 2000);
  CHECK(object.expires_us == spatio::never_us);
  CHECK(ns.get_by_handle(first.handle)->position.x == 4);
  CHECK(ns.id(first.handle).value() == "a");
  CHECK(ns.find_handle("a").value() == first.handle);
  CHECK(ns.find_handle("b").status() == Status::not_found);
  CHECK(ns.count().value() == 1);
  CHECK(ns.remove("a").value());
  CHECK_FALSE(ns.remove("a").value());
  CHECK(ns.get("a").status() == Status::not_found);
}

TEST_CASE("a payload stays until another comes, and goes when an empty one comes") {
  const Crowd crowd(0);
  const auto& ns = crowd.ns;
  const std::string large(60'000, 'z');
  const auto handle = ns.upsert("a", {1, 1}, Upsert().payload("line 100")).value().handle;
  ns.upsert("a", {2, 2}).value();
  CHECK(text(ns.payload(handle).value()) == "line 100");
  CHECK(ns.get("a")->payload_length == 8);

  std::vector<std::uint8_t> kept(3);
  ns.payload(handle, kept).value();
  CHECK(text(kept) == "line 100");
  ns.upsert("a", {2, 2}, Upsert().payload(large)).value();
  ns.payload(handle, kept).value();
  CHECK(text(kept) == large);
  const std::vector<std::uint8_t> bytes{0, 1, 255};
  ns.upsert("a", {2, 2}, Upsert().payload(bytes)).value();
  ns.payload(handle, kept).value();
  CHECK(kept == bytes);

  ns.upsert("a", {3, 3}, Upsert().payload(spatio::Bytes())).value();
  CHECK(ns.payload(handle).value().empty());
  ns.payload(handle, kept).value();
  CHECK(kept.empty());
  CHECK(ns.payload(handle, kept));
  ns.remove("a").value();
  CHECK(ns.payload(handle).status() == Status::not_found);
}

TEST_CASE("an object lives as long as it was told to") {
  std::int64_t clock_us = 1'000'000;
  const auto db =
      spatio::Database::memory(spatio::Options().clock([&] { return clock_us; })).value();
  const auto ns = db.create_namespace("n", spatio::NamespaceOptions().ttl(10s)).value();
  ns.upsert("short", {1, 1}, Upsert().ttl(2s)).value();
  ns.upsert("long", {1, 1}).value();
  CHECK(ns.settings()->ttl == 10s);
  CHECK(ns.get("short")->expires_us == 3'000'000);
  clock_us += 5'000'000;
  CHECK(ns.get("short").status() == Status::not_found);
  CHECK(ns.get("long"));
  CHECK(db.sweep().value() == 1);
}

TEST_CASE("batches go in and come out by columns") {
  Crowd crowd(100);
  for (std::size_t i = 0; i < 100; i++) crowd.x[i] += 1;
  const std::vector<std::int64_t> times(100, spatio::to_us(std::chrono::system_clock::now()));
  const auto applied = crowd.ns.move_batch({crowd.handles, crowd.x, crowd.y, crowd.z, times});
  CHECK(applied->applied + applied->late == 100);

  std::vector<double> x(100), y(100), z(100);
  std::vector<std::int64_t> time_us(100);
  std::vector<std::uint8_t> found(100);
  crowd.ns.move_batch({crowd.handles, crowd.x, crowd.y, crowd.z}).value();
  crowd.ns.get_batch(crowd.handles, {x, y, z, time_us, found}).value();
  CHECK(x == crowd.x);
  CHECK(y == crowd.y);
  CHECK(z == crowd.z);
  CHECK(found == std::vector<std::uint8_t>(100, 1));

  const spatio::span<const spatio::Handle> half(crowd.handles.data(), 50);
  CHECK(crowd.ns.remove_batch(half).value() == 50);
  crowd.ns.get_batch(crowd.handles, {{}, {}, {}, {}, found}).value();
  CHECK(std::vector<std::uint8_t>(50, 0) == std::vector<std::uint8_t>(&found[0], &found[50]));
  CHECK(found[50] == 1);
}

TEST_CASE("empty batches are fine") {
  const Crowd crowd(2);
  CHECK(crowd.ns.move_batch({}).value().applied == 0);
  CHECK(crowd.ns.upsert_batch({spatio::TextColumn(), {}, {}}).value().applied == 0);
  CHECK(crowd.ns.remove_batch({}).value() == 0);
  CHECK(crowd.ns.get_batch({}, {}));
  CHECK(crowd.ns.ids(spatio::span<const spatio::Handle>()).value().empty());
  CHECK(crowd.ns.run({}).value().queries() == 0);
}

TEST_CASE("columns of different lengths are refused, and the short one is named") {
  const Crowd crowd(3);
  const std::vector<double> three(3), two(2);
  std::vector<double> out(2);
  const std::vector<std::int64_t> times(2);
  const spatio::TextColumn ids{"a", "b", "c"}, texts{"x"};
  const auto names = [](const spatio::Error& error, const char* column) {
    return error.status() == Status::invalid_argument &&
           error.message().find(column) != std::string_view::npos;
  };
  const auto& ns = crowd.ns;
  const auto& handles = crowd.handles;
  CHECK(names(ns.move_batch({handles, two, three}).error(), "but x has 2"));
  CHECK(names(ns.move_batch({handles, three, two}).error(), "y"));
  CHECK(names(ns.move_batch({handles, three, three, two}).error(), "z"));
  CHECK(names(ns.move_batch({handles, three, three, {}, times}).error(), "time_us"));
  spatio::Upserts rows{ids, three, three};
  rows.payloads = &texts;
  CHECK(names(ns.upsert_batch(rows).error(), "payloads"));
  CHECK(names(ns.upsert_batch({ids, two, three}).error(), "x"));
  CHECK(names(ns.insert_trajectory("a", {times, three, two}).error(), "x"));
  CHECK(names(ns.get_batch(handles, {out}).error(), "x"));
  CHECK(names(ns.positions_at(handles, 0, spatio::Interpolation::last, {out, out}).error(), "x"));
  CHECK(names(ns.distance_between(handles, handles, spatio::Metric::euclidean, out).error(),
              "distance"));
  CHECK(names(ns.distance_to(handles, {}, spatio::Metric::euclidean, out).error(), "distance"));
  std::vector<spatio::Handle> four(4);
  CHECK(names(ns.intern_batch(ids, four).error(), "handles"));
  std::vector<double> other(5);
  CHECK(names(ns.query_into(spatio::Query::everywhere(), {four, other}).error(), "handles"));
  const std::vector<std::uint64_t> offsets{0, 3};
  CHECK(names(spatio::Polygon::make_flat(offsets, two).error(), "xy"));
  CHECK(ns.count().value() == 3);
}
