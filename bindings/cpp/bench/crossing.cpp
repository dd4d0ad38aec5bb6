// What C++ adds to the C interface: each piece of work once through spatio.h and once through
// spatio.hpp, in turns, in one run. `cargo xtask bench ffi` runs it beside the other languages.
//
//   cc -O2 -Iinclude -c bindings/go/bench/crossing.c -o work.o
//   c++ -std=c++17 -O2 -Iinclude -Ibindings/cpp/include -Ibindings/go/bench -c crossing.cpp
//   c++ crossing.o work.o -lspatio
//   ./a.out [--quick]
//
// Prints a line of JSON for each piece of work: what it is, and the nanoseconds of one operation in
// C++ and in C. Each number is the best of many rounds.
#include "crossing.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>
#include <spatio/spatio.hpp>
#include <string>
#include <vector>

namespace {

// Keeps the compiler from seeing through what is measured, as in C.
volatile double sum;

// The world of crossing.h.
class World {
 public:
  World() : x_{std::vector<double>(C_FOLLOWED), std::vector<double>(C_FOLLOWED)} {
    const auto options = spatio::NamespaceOptions::cartesian().history(spatio::History::off);
    ns_ = db_.create_namespace("world", options).value();
    std::vector<spatio::Handle> handles;
    for (int i = 0; i < C_OBJECTS; i++) {
      const spatio::Point at{static_cast<double>(i % C_SIDE * C_APART),
                             static_cast<double>(i / C_SIDE * C_APART)};
      handles.push_back(ns_.upsert("unit:" + std::to_string(i), at).value().handle);
    }
    for (std::size_t i = 0; i < C_FOLLOWED; i++) {
      const std::size_t at = i * C_STRIDE % C_OBJECTS;
      handles_.push_back(handles[at]);
      x_[0][i] = static_cast<double>(at % C_SIDE * C_APART);
      x_[1][i] = x_[0][i] + C_STEP;
      y_.push_back(static_cast<double>(at / C_SIDE * C_APART));
    }
  }

  void get(std::size_t times) {
    for (std::size_t i = 0, at = 0; i < times; i++) {
      const auto found = ns_.get_by_handle(handles_[at]);
      if (!found.has_value()) std::abort();
      sum = found->position.x;
      if (++at == C_FOLLOWED) at = 0;
    }
  }

  void move(std::size_t times) {
    for (std::size_t i = 0, at = 0; i < times; i++) {
      const auto moved = ns_.move(handles_[at], {x_[turn_][at], y_[at]});
      if (!moved.has_value()) std::abort();
      sum = static_cast<double>(*moved);
      if (++at == C_FOLLOWED) {
        at = 0;
        turn_ ^= 1;
      }
    }
  }

  void move_batch(std::size_t times) {
    for (std::size_t i = 0; i < times; i++) {
      sum = static_cast<double>(ns_.move_batch({handles_, x_[turn_], y_, z_}).value().applied);
      turn_ ^= 1;
    }
  }

  void box(std::size_t times) {
    const auto query = spatio::Query::box({C_MIN_X, C_MIN_Y, C_MAX_X, C_MAX_Y});
    for (std::size_t i = 0; i < times; i++) {
      ns_.query(query, rows_).value();
      if (rows_.size() != C_FOLLOWED) std::abort();
      sum = rows_.x()[rows_.size() - 1] + static_cast<double>(rows_.handles()[0]);
    }
  }

 private:
  spatio::Database db_ = spatio::Database::memory().value();
  spatio::Namespace ns_;
  spatio::Rows rows_;
  std::size_t turn_ = 0;
  std::vector<spatio::Handle> handles_;
  // Where the followed are: at home, and a step away.
  std::vector<double> x_[2], y_, z_ = std::vector<double>(C_FOLLOWED);
};

double ns_of(const std::function<void()>& work) {
  const double start = c_cpu_ns();
  work();
  return c_cpu_ns() - start;
}

// One piece of work: its name, what it is divided into, how often it is done at once.
struct Piece {
  const char* name;
  int units;
  std::size_t times;
  void (World::*ours)(std::size_t);
  spatio_status (*theirs)(c_world*, std::size_t);
};

constexpr Piece pieces[] = {
    {"get by handle", 1, 10'000, &World::get, &c_get},
    {"move by handle", 1, 10'000, &World::move, &c_move},
    {"batch of 1,000 moves", C_FOLLOWED, 20, &World::move_batch, &c_move_batch},
    {"box of 1,000 rows", C_FOLLOWED, 100, &World::box, &c_box},
};

// The best of rounds in which the two take turns.
void measure(const Piece& piece, int rounds, World& world, c_world* c) {
  double ours = std::numeric_limits<double>::infinity(), theirs = ours;
  for (int round = 0; round < rounds; round++) {
    ours = std::min(ours, ns_of([&] { (world.*piece.ours)(piece.times); }));
    theirs = std::min(theirs, ns_of([&] {
                        if (piece.theirs(c, piece.times) != SPATIO_OK) std::abort();
                      }));
  }
  const double ns = 1 / static_cast<double>(piece.times) / piece.units;
  std::printf("{\"work\": \"%s\", \"ours\": %.3f, \"theirs\": %.3f}\n", piece.name, ours * ns,
              theirs * ns);
}

}  // namespace

int main(int argc, char** argv) {
  const bool is_quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  World world;
  c_world* c = c_world_new();
  if (c == nullptr) return 1;
  for (const Piece& piece : pieces) measure(piece, is_quick ? 100 : 400, world, c);
  c_world_free(c);
  return 0;
}
