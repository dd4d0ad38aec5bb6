// Guards the life of handles: moved, closed, closed twice, used afterwards, destroyed in any order.
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "support.hpp"

using spatio::Database;
using spatio::Namespace;
using spatio::Query;
using spatio::Rows;
using spatio::Status;

TEST_CASE("a database that is closed refuses calls, and is closed twice without harm") {
  Crowd crowd(10);
  CHECK(crowd.db.is_open());
  CHECK(crowd.db.close());
  CHECK(crowd.db.close());
  CHECK_FALSE(crowd.db.is_open());
  CHECK(crowd.db.flush().status() == Status::closed);
  CHECK(crowd.db.sync().status() == Status::closed);
  CHECK(crowd.db.checkpoint().status() == Status::closed);
  CHECK(crowd.db.sweep().status() == Status::closed);
  CHECK(crowd.db.stats().status() == Status::closed);
  CHECK(crowd.db.recovery().status() == Status::closed);
  CHECK(crowd.db.namespaces().status() == Status::closed);
  CHECK(crowd.db.create_namespace("other").status() == Status::closed);
  CHECK(crowd.db.open_namespace("crowd").status() == Status::closed);

  CHECK(crowd.ns.count().status() == Status::closed);
  CHECK(crowd.ns.upsert("a", {1, 1}).status() == Status::closed);
  CHECK(crowd.ns.query(Query::everywhere()).status() == Status::closed);
}

TEST_CASE("what was moved away is closed") {
  Crowd crowd(10);
  Database taken = std::move(crowd.db);
  CHECK(crowd.db.stats().status() == Status::closed);
  CHECK(crowd.db.close());
  CHECK(taken.stats().value().objects == 10);
  taken = std::move(*&taken);
  CHECK(taken.is_open());

  const Namespace ns = std::move(crowd.ns);
  CHECK(crowd.ns.count().status() == Status::null_pointer);
  CHECK(ns.count().value() == 10);

  Rows rows = ns.query(Query::everywhere()).value();
  const Rows moved = std::move(rows);
  CHECK(rows.empty());
  CHECK(moved.size() == 10);
  CHECK(Database().stats().status() == Status::closed);
  CHECK(Namespace().count().status() == Status::null_pointer);
}

TEST_CASE("assignment closes what was there") {
  const TempFolder folder;
  Database db = Database::open(folder / "a").value();
  CHECK(Database::open(folder / "a").status() == Status::locked);
  db = Database::memory().value();
  CHECK(Database::open(folder / "a"));
  Rows rows = Crowd(5).ns.query(Query::everywhere()).value();
  const std::uint64_t before = spatio::live_handles();
  Rows others = Crowd(7).ns.query(Query::everywhere()).value();
  rows = std::move(others);
  CHECK(spatio::live_handles() == before);
  CHECK(rows.size() == 7);
  CHECK(others.empty());
  Rows& same = rows;
  rows = std::move(same);
  CHECK(rows.size() == 7);
  CHECK(rows[6].x() == rows.x()[6]);
}

TEST_CASE("handles may be destroyed in any order") {
  const std::uint64_t before = spatio::live_handles();
  {
    Rows rows;
    Namespace ns;
    {
      Crowd crowd(20);
      ns = std::move(crowd.ns);
      rows = ns.query(Query::everywhere().with_ids()).value();
    }
    // The database is closed; its rows live on, and its namespace says so.
    CHECK(rows.size() == 20);
    CHECK(rows[3].id().substr(0, 5) == "unit:");
    CHECK(ns.count().status() == Status::closed);
  }
  CHECK(spatio::live_handles() == before);
}

TEST_CASE("live handles are counted") {
  const std::uint64_t before = spatio::live_handles();
  {
    const Crowd crowd(3);
    CHECK(spatio::live_handles() == before + 2);
    const Rows rows = crowd.ns.query(Query::everywhere()).value();
    const spatio::Cancel cancel;
    CHECK(spatio::live_handles() == before + 4);
  }
  CHECK(spatio::live_handles() == before);
}

TEST_CASE("a database in a directory keeps everything") {
  const TempFolder folder;
  const std::string path = folder / "fleet";
  {
    Database db = Database::open(path, spatio::Options().sync(spatio::Sync::always)).value();
    const Namespace ns = db.create_namespace("buses").value();
    ns.upsert("bus:7", {13.4, 52.5}, spatio::Upsert().time_us(1000).payload("line 7")).value();
    ns.upsert("bus:7", {13.5, 52.6}, spatio::Upsert().time_us(2000)).value();
    CHECK(db.create_namespace("drones", spatio::NamespaceOptions::cartesian()));
    CHECK(db.flush());
    CHECK(db.sync());
    CHECK(db.checkpoint());
    CHECK(db.close());
  }
  const auto report = Database::check(path).value();
  CHECK(report.is_sound);
  CHECK(report.records > 0);
  CHECK_FALSE(report.text.empty());

  const Database db = Database::open(path).value();
  CHECK(db.namespaces().value() == std::vector<std::string>{"buses", "drones"});
  const Namespace ns = db.open_namespace("buses").value();
  CHECK(ns.get("bus:7")->position.x == 13.5);
  CHECK(ns.trajectory(ns.find_handle("bus:7").value()).value().size() == 2);
  CHECK(ns.settings()->history);
  const auto recovery = db.recovery().value();
  CHECK(recovery.has_checkpoint);
  CHECK(recovery.bytes_dropped == 0);
  CHECK_FALSE(recovery.first_bad_offset);
  CHECK_FALSE(recovery.text.empty());
  CHECK(db.create_namespace("buses", spatio::NamespaceOptions::cartesian()).status() ==
        Status::already_exists);
  CHECK(db.open_namespace("trams").status() == Status::not_found);

  const Database reader = Database::open(path, spatio::Options().read_only()).value();
  CHECK(reader.open_namespace("buses")->get("bus:7"));
  CHECK(reader.create_namespace("trams").status() == Status::read_only);
}

TEST_CASE("salvage carries over what can be read") {
  const TempFolder folder;
  {
    const Database db = Database::open(folder / "old").value();
    db.create_namespace("n").value().upsert("a", {1, 2}).value();
  }
  const auto report = Database::salvage(folder / "old", folder / "new").value();
  CHECK(report.records_kept > 0);
  CHECK(report.damaged == 0);
  CHECK_FALSE(report.text.empty());
  const Database db = Database::open(folder / "new").value();
  CHECK(db.open_namespace("n")->get("a")->position.y == 2);
  CHECK(Database::salvage(folder / "old", folder / "new").status() == Status::already_exists);
  CHECK(Database::check(folder / "nowhere").status() == Status::not_found);
}

TEST_CASE("a path with a NUL inside is refused, and not cut") {
  const TempFolder folder;
  const std::string torn = (folder / "a") + std::string("\0b", 2);
  CHECK(Database::open(torn).status() == Status::invalid_argument);
  CHECK(Database::check(torn).status() == Status::invalid_argument);
  CHECK(Database::salvage(torn, folder / "c").status() == Status::invalid_argument);
  CHECK(Database::salvage(folder / "c", torn).status() == Status::invalid_argument);
}
