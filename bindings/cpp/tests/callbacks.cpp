// Guards callbacks: what they are told, what they tell, and that nothing they throw gets through.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include "support.hpp"

using spatio::Database;
using spatio::LogLevel;
using spatio::Options;

namespace {

// A database with a torn end, of which opening has something to tell.
std::string torn(const TempFolder& folder) {
  const std::string path = folder / "torn";
  {
    const Database db = Database::open(path, Options().background(false)).value();
    const auto ns = db.create_namespace("n").value();
    for (int i = 0; i < 50; i++) ns.upsert("a" + std::to_string(i), {1, 2}).value();
  }
  std::string last;
  for (const auto& entry : std::filesystem::directory_iterator(path))
    if (entry.path().extension() == ".log") last = std::max(last, entry.path().string());
  std::ofstream(last, std::ios::binary | std::ios::app) << "half a frame";
  return path;
}

}  // namespace

TEST_CASE("messages reach the callback with their level") {
  const TempFolder folder;
  std::mutex gate;
  std::vector<std::pair<LogLevel, std::string>> told;
  {
    const auto options = Options().log([&](LogLevel level, std::string_view message) {
      const std::lock_guard<std::mutex> held(gate);
      told.emplace_back(level, std::string(message));
    });
    const Database db = Database::open(torn(folder), options).value();
    CHECK(db.recovery()->bytes_dropped > 0);
  }
  REQUIRE_FALSE(told.empty());
  for (const auto& [level, message] : told) {
    CHECK((level == LogLevel::error || level == LogLevel::warning || level == LogLevel::info));
    CHECK_FALSE(message.empty());
  }
}

TEST_CASE("the clock of the program tells the time of updates") {
  std::int64_t now_us = 5'000'000;
  const Database db = Database::memory(Options().clock([&] { return now_us; })).value();
  const auto ns = db.create_namespace("n").value();
  ns.upsert("a", {1, 1}).value();
  CHECK(ns.get("a")->time_us == 5'000'000);
  now_us = 6'000'000;
  ns.upsert("a", {1, 1}).value();
  CHECK(ns.get("a")->time_us == 6'000'000);
}

TEST_CASE("callbacks outlive the options and the database for its namespaces") {
  spatio::Namespace ns;
  {
    auto owned = std::make_shared<std::int64_t>(1'000);
    Database db = Database::memory(Options().clock([owned] { return *owned; })).value();
    ns = db.create_namespace("n").value();
    ns.upsert("a", {1, 1}).value();
  }
  CHECK(ns.upsert("a", {1, 1}).status() == spatio::Status::closed);
}

#if defined(__cpp_exceptions)
TEST_CASE("an exception of the clock does not get through, and is counted") {
  bool is_broken = false;
  const auto clock = [&]() -> std::int64_t {
    if (is_broken) throw 42;
    return 7'000'000;
  };
  const Database db = Database::memory(Options().clock(clock)).value();
  const auto ns = db.create_namespace("n").value();
  ns.upsert("a", {1, 1}).value();
  CHECK(db.callback_exceptions() == 0);
  is_broken = true;
  ns.upsert("b", {2, 2}).value();
  CHECK(ns.get("b").value().time_us == 7'000'000);
  CHECK(db.callback_exceptions() > 0);
}

TEST_CASE("a clock that throws at once refuses to open") {
  const auto clock = []() -> std::int64_t { throw std::string("no clock"); };
  const auto refused = Database::memory(Options().clock(clock));
  REQUIRE_FALSE(refused);
  CHECK(refused.status() == spatio::Status::invalid_argument);
  CHECK(refused.error().message().find("clock") != std::string_view::npos);
}

TEST_CASE("an exception of the log does not get through, and is counted") {
  const TempFolder folder;
  const auto log = [](LogLevel, std::string_view) { throw std::string("full"); };
  const Database db = Database::open(torn(folder), Options().log(log)).value();
  CHECK(db.callback_exceptions() > 0);
  CHECK(db.open_namespace("n")->count().value() == 50);
}
#endif
