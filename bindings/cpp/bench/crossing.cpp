// What C++ adds to the C interface: each piece of work once through spatio.h and once through
// spatio.hpp, in turns, in one run.
//
//   c++ -std=c++17 -O2 -Ibindings/cpp/include -Iinclude bindings/cpp/bench/crossing.cpp -lspatio
//   ./a.out [--quick]
//
// Prints JSON, one row of an array for each piece of work:
//   {"workload","metric","unit","ours","peer","theirs","ratio","target"}
// where `ours` is C++, `theirs` the C interface, and `target` is what C++ may add (of scalar calls,
// in ns) or the greatest ratio (of batches). Each number is the best of many rounds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <limits>
#include <random>
#include <spatio/spatio.hpp>
#include <string>
#include <vector>

namespace {

constexpr std::size_t objects = 10'000;
constexpr std::size_t batch = 1'000;

struct World {
  spatio::Database db = spatio::Database::memory().value();
  spatio::Namespace ns;
  std::vector<spatio::Handle> handles = std::vector<spatio::Handle>(objects);
  std::vector<double> x, y, z = std::vector<double>(objects);
  const spatio_namespace* raw = nullptr;

  World() {
    const auto options = spatio::NamespaceOptions::cartesian().history(spatio::History::off);
    ns = db.create_namespace("world", options).value();
    std::mt19937 random(3);
    std::uniform_real_distribution<double> place(0, 1000);
    spatio::TextColumn ids;
    for (std::size_t i = 0; i < objects; i++) {
      ids.push_back("unit:" + std::to_string(i));
      x.push_back(place(random));
      y.push_back(place(random));
    }
    spatio::Upserts rows{ids, x, y, z};
    rows.handles = handles;
    ns.upsert_batch(rows).value();
    raw = ns.raw();
  }
};

// The compiler must not see through what is measured.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

double seconds_of(std::size_t times, const std::function<void(std::size_t)>& work) {
  const auto start = std::chrono::steady_clock::now();
  work(times);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct Pair {
  double ours = std::numeric_limits<double>::infinity();
  double theirs = std::numeric_limits<double>::infinity();
};

// Nanoseconds of one piece of work each way: the best of rounds that take turns.
Pair measure(int rounds, std::size_t times, const std::function<void(std::size_t)>& ours,
             const std::function<void(std::size_t)>& theirs) {
  Pair best;
  for (int round = 0; round < rounds; round++) {
    best.ours = std::min(best.ours, seconds_of(times, ours));
    best.theirs = std::min(best.theirs, seconds_of(times, theirs));
  }
  const double ns = 1e9 / static_cast<double>(times);
  return {best.ours * ns, best.theirs * ns};
}

bool is_first = true;

void print(const char* workload, const char* metric, const char* unit, Pair pair,
           const char* target) {
  std::printf(
      "%s\n  {\"workload\": \"%s\", \"metric\": \"%s\", \"unit\": \"%s\", \"ours\": %.3f, "
      "\"peer\": \"C\", \"theirs\": %.3f, \"ratio\": %.3f, \"target\": \"%s\"}",
      is_first ? "[" : ",", workload, metric, unit, pair.ours, pair.theirs, pair.ours / pair.theirs,
      target);
  is_first = false;
}

// One call of a few numbers: the count of objects, and a move by handle.
void scalar(const World& world, int rounds, std::size_t times) {
  const auto count = measure(
      rounds, times,
      [&](std::size_t n) {
        for (std::size_t i = 0; i < n; i++) {
          const auto found = world.ns.find_handle("unit:77");
          keep(*found);
        }
      },
      [&](std::size_t n) {
        for (std::size_t i = 0; i < n; i++) {
          spatio_error error;
          error.struct_size = sizeof error;
          std::uint64_t found = 0;
          if (spatio_find_handle(world.raw, "unit:77", 7, &found, &error) != SPATIO_OK) return;
          keep(found);
        }
      });
  print("find_handle", "one call", "ns", count, "+1 ns");
  const auto move = measure(
      rounds, times,
      [&](std::size_t n) {
        for (std::size_t i = 0; i < n; i++) {
          const std::size_t at = i % objects;
          const auto moved =
              world.ns.move(world.handles[at], {world.x[at], world.y[at]}, static_cast<long>(i));
          keep(*moved);
        }
      },
      [&](std::size_t n) {
        for (std::size_t i = 0; i < n; i++) {
          const std::size_t at = i % objects;
          spatio_error error;
          error.struct_size = sizeof error;
          std::uint32_t outcome = 0;
          if (spatio_move(world.raw, world.handles[at], world.x[at], world.y[at], 0,
                          static_cast<long>(i), &outcome, &error) != SPATIO_OK)
            return;
          keep(outcome);
        }
      });
  print("move", "one call", "ns", move, "+1 ns");
}

void moves(const World& world, int rounds, std::size_t times) {
  const spatio::Moves rows{{world.handles.data(), batch},
                           {world.x.data(), batch},
                           {world.y.data(), batch},
                           {world.z.data(), batch}};
  Pair pair = measure(
      rounds, times,
      [&](std::size_t n) {
        for (std::size_t i = 0; i < n; i++) keep(world.ns.move_batch(rows)->applied);
      },
      [&](std::size_t n) {
        for (std::size_t i = 0; i < n; i++) {
          spatio_error error;
          error.struct_size = sizeof error;
          std::uint64_t applied = 0, late = 0;
          if (spatio_move_batch(world.raw, batch, world.handles.data(), world.x.data(),
                                world.y.data(), world.z.data(), nullptr, &applied, &late,
                                &error) != SPATIO_OK)
            return;
          keep(applied);
        }
      });
  pair.ours /= batch;
  pair.theirs /= batch;
  print("move_batch of 1,000", "per row", "ns", pair, "1.0x");
}

// A thousand rows, asked for and walked over: by columns, and by rows.
void answers(const World& world, int rounds, std::size_t times) {
  const auto query = spatio::Query::circle({500, 500}, 5000).limit(batch);
  spatio::Rows rows;
  spatio_result* result = nullptr;
  spatio_columns columns{};
  columns.struct_size = sizeof columns;
  const auto theirs = [&](std::size_t n) {
    for (std::size_t i = 0; i < n; i++) {
      spatio_error error;
      error.struct_size = sizeof error;
      if (spatio_query_run(world.raw, &query.raw(), 1, nullptr, &result, &columns, &error) !=
          SPATIO_OK)
        return;
      double sum = 0;
      for (std::uint64_t row = 0; row < columns.rows; row++)
        sum += columns.x[row] + columns.distance[row];
      keep(sum);
    }
  };
  const auto by_columns = measure(
      rounds, times,
      [&](std::size_t n) {
        for (std::size_t i = 0; i < n; i++) {
          world.ns.query(query, rows).value();
          const auto x = rows.x(), distance = rows.distance();
          double sum = 0;
          for (std::size_t row = 0; row < rows.size(); row++) sum += x[row] + distance[row];
          keep(sum);
        }
      },
      theirs);
  const auto by_rows = measure(
      rounds, times,
      [&](std::size_t n) {
        for (std::size_t i = 0; i < n; i++) {
          world.ns.query(query, rows).value();
          double sum = 0;
          for (const spatio::Row row : rows) sum += row.x() + row.distance();
          keep(sum);
        }
      },
      theirs);
  spatio_result_free(result);
  print("query of 1,000 rows into columns", "one answer", "ns", by_columns, "1.0x");
  print("query of 1,000 rows, row by row", "one answer", "ns", by_rows, "1.0x");
}

}  // namespace

int main(int argc, char** argv) {
  const bool is_quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  const World world;
  const int rounds = is_quick ? 2 : 40;
  scalar(world, rounds, is_quick ? 100 : 200'000);
  moves(world, rounds, is_quick ? 2 : 500);
  answers(world, rounds, is_quick ? 2 : 300);
  std::printf("\n]\n");
  return spatio::live_handles() > 0 ? 0 : 1;
}
