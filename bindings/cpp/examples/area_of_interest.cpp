// Entities of a game, and an area of interest for each player: what a game server sends to whom.
//
// In each frame all entities move in one call, one call asks for the surroundings of all players,
// and each player is told what came into its area and what left it. Everything that the frame needs
// is kept from frame to frame. It compiles with -fno-exceptions -fno-rtti.
//
//   area_of_interest [ENTITIES] [FRAMES]
//
// At the end it looks at all entities for each player, and fails if the areas are not the same.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <random>
#include <spatio/spatio.hpp>
#include <string>
#include <vector>

namespace {

constexpr double world_size = 2000;   // metres
constexpr double sight = 120;         // metres
constexpr double frame_s = 1.0 / 30;  // seconds
constexpr std::size_t player_count = 50;
constexpr std::uint32_t most_seen = 256;

// The entities of the game, as columns. The first ones are the players.
struct Entities {
  std::vector<spatio::Handle> handles;
  std::vector<double> x, y, z, speed_x, speed_y;

  Entities(const spatio::Namespace& ns, std::size_t count) : handles(count) {
    std::mt19937 random(1);
    std::uniform_real_distribution<double> place(0, world_size), speed(-8, 8), height(0, 30);
    spatio::TextColumn ids;
    for (std::size_t i = 0; i < count; i++) {
      ids.push_back((i < player_count ? "player:" : "npc:") + std::to_string(i));
      x.push_back(place(random));
      y.push_back(place(random));
      z.push_back(height(random));
      speed_x.push_back(speed(random));
      speed_y.push_back(speed(random));
    }
    spatio::Upserts rows{ids, x, y, z};
    rows.handles = handles;
    ns.upsert_batch(rows).value();
  }

  // Straight on, and back from the edge of the world.
  void step() {
    for (std::size_t i = 0; i < x.size(); i++) {
      x[i] += speed_x[i] * frame_s;
      y[i] += speed_y[i] * frame_s;
      if (x[i] < 0 || x[i] > world_size) speed_x[i] = -speed_x[i];
      if (y[i] < 0 || y[i] > world_size) speed_y[i] = -speed_y[i];
    }
  }
};

// What one player has in sight.
struct Area {
  std::vector<spatio::Handle> seen, before, came, left;

  // Takes what is in sight now, and works out what is new and what is gone.
  void update(spatio::span<const spatio::Handle> now) {
    seen.swap(before);
    seen.assign(now.begin(), now.end());
    std::sort(seen.begin(), seen.end());
    came.clear();
    left.clear();
    std::set_difference(seen.begin(), seen.end(), before.begin(), before.end(),
                        std::back_inserter(came));
    std::set_difference(before.begin(), before.end(), seen.begin(), seen.end(),
                        std::back_inserter(left));
  }
};

// The same by looking at all entities: every one in sight but the player itself.
std::vector<spatio::Handle> look_at_all(const Entities& all, std::size_t player) {
  std::vector<spatio::Handle> seen;
  for (std::size_t i = 0; i < all.x.size(); i++) {
    const double distance = std::hypot(all.x[i] - all.x[player], all.y[i] - all.y[player]);
    if (i != player && distance <= sight) seen.push_back(all.handles[i]);
  }
  std::sort(seen.begin(), seen.end());
  return seen;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count =
      std::max(player_count, argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10'000);
  const unsigned long frames = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 300;

  const auto db = spatio::Database::memory().value();
  const auto options = spatio::NamespaceOptions::cartesian().history(spatio::History::off);
  const auto ns = db.create_namespace("world", options).value();
  Entities entities(ns, count);

  // One question for each player, asked again in every frame: the origin moves by itself.
  std::vector<spatio::Query> questions;
  for (std::size_t p = 0; p < player_count; p++) {
    questions.push_back(spatio::Query::circle(spatio::around(entities.handles[p]), sight)
                            .exclude_origin()
                            .limit(most_seen));
  }
  std::vector<Area> areas(player_count);
  spatio::Rows rows;

  std::size_t came = 0, left = 0, seen = 0;
  for (unsigned long frame = 0; frame < frames; frame++) {
    entities.step();
    ns.move_batch({entities.handles, entities.x, entities.y, entities.z}).value();
    ns.run(questions, rows).value();
    for (std::size_t p = 0; p < player_count; p++) {
      areas[p].update(rows.of(p).handles());
      came += areas[p].came.size();
      left += areas[p].left.size();
      seen += areas[p].seen.size();
    }
  }
  std::printf("%zu entities, %zu players, %lu frames: %zu came into sight, %zu left it\n", count,
              player_count, frames, came, left);

  std::size_t in_sight = 0;
  for (std::size_t p = 0; p < player_count; p++) {
    in_sight += areas[p].seen.size();
    if (areas[p].seen.size() < most_seen && areas[p].seen != look_at_all(entities, p)) {
      std::printf("player %zu does not see what is there\n", p);
      return 1;
    }
  }
  // Whoever came and did not leave is there.
  return came - left == in_sight && seen > 0 ? 0 : 1;
}
