// Guards the use of handles by many threads, and closing while others work.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "support.hpp"

using spatio::Query;
using spatio::Rows;
using spatio::Status;

namespace {

// Counts what came of calls: only `ok` and `closed` may.
struct Tally {
  std::atomic<int> done{0}, closed{0}, wrong{0};

  void take(Status status) {
    (status == Status::ok ? done : status == Status::closed ? closed : wrong)++;
  }
};

}  // namespace

TEST_CASE("a database is closed while other threads ask and write") {
  for (int round = 0; round < 10; round++) {
    Crowd crowd(300);
    Tally tally;
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; t++) {
      threads.emplace_back([&, t] {
        Rows rows;
        while (tally.closed < 30 && tally.wrong == 0) {
          tally.take(crowd.ns.query(Query::circle({0, 0}, 80), rows).status());
          tally.take(crowd.ns.move(crowd.handles[static_cast<std::size_t>(t)], {1, 1}).status());
          tally.take(crowd.db.stats().status());
          tally.take(crowd.db.flush().status());
          tally.take(crowd.db.namespaces().status());
          tally.take(crowd.db.open_namespace("crowd").status());
        }
      });
    }
    while (tally.done < 50) std::this_thread::yield();
    CHECK(crowd.db.close());
    for (std::thread& thread : threads) thread.join();
    CHECK(tally.wrong == 0);
    CHECK(tally.closed >= 30);
  }
}

TEST_CASE("closing does not wait for as long as others keep calling") {
  // Locks that prefer readers let no writer in while there is always one reader more.
  Crowd crowd(2000);
  std::atomic<bool> is_closed{false};
  std::atomic<int> running{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; t++) {
    threads.emplace_back([&] {
      running++;
      while (!is_closed) static_cast<void>(crowd.db.stats());
    });
  }
  while (running < 8) std::this_thread::yield();
  CHECK(crowd.db.close());
  is_closed = true;
  for (std::thread& thread : threads) thread.join();
  CHECK(crowd.db.stats().status() == Status::closed);
}

TEST_CASE("many threads close one database") {
  Crowd crowd(10);
  std::atomic<int> closed{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; t++)
    threads.emplace_back([&] { closed += crowd.db.close().has_value() ? 1 : 0; });
  for (std::thread& thread : threads) thread.join();
  CHECK(closed == 8);
}

TEST_CASE("threads write and ask at the same time, each with rows of its own") {
  const Crowd crowd(400);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; t++) {
    threads.emplace_back([&, t] {
      Rows rows;
      for (int i = 0; i < 200; i++) {
        const std::vector<spatio::Handle> mine(
            crowd.handles.begin() + static_cast<long>(t) * 100,
            crowd.handles.begin() + static_cast<long>(t) * 100 + 100);
        const std::vector<double> at(100, static_cast<double>(i % 50));
        if (!crowd.ns.move_batch({mine, at, at})) wrong++;
        if (!crowd.ns.query(Query::everywhere(), rows) || rows.size() != 400) wrong++;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("a cancel is fired by another thread while queries run") {
  const Crowd crowd(2000);
  spatio::Cancel cancel;
  std::atomic<bool> is_cancelled{false}, is_wrong{false};
  std::thread worker([&] {
    const std::vector<Query> many(200, Query::everywhere());
    Rows rows;
    while (!is_cancelled && !is_wrong) {
      const Status status = crowd.ns.run(many, rows, &cancel).status();
      is_cancelled = status == Status::cancelled;
      is_wrong = status != Status::ok && !is_cancelled;
    }
  });
  std::this_thread::yield();
  cancel.fire();
  worker.join();
  CHECK(is_cancelled);
  CHECK_FALSE(is_wrong);
}
