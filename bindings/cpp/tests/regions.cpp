// Guards regions, nearness, estimates, masks and triangles: answers against a look at every item,
// and columns that do not fit.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "support.hpp"

using spatio::Hits;
using spatio::Index;
using spatio::Region;
using spatio::Status;

static_assert(!std::is_copy_constructible_v<Region> &&
              std::is_nothrow_move_constructible_v<Region>);

namespace {

// Boxes on whole numbers, so that what touches is not a matter of rounding.
struct Boxes {
  std::size_t n;
  std::uint32_t dims;
  std::vector<double> min, max;

  Boxes(std::size_t count, std::uint32_t axes, unsigned seed, unsigned side = 9)
      : n(count), dims(axes) {
    std::mt19937 random(seed);
    for (std::size_t at = 0; at < n * dims; at++) {
      min.push_back(static_cast<double>(random() % 200));
      max.push_back(min.back() + static_cast<double>(random() % side));
    }
  }
  Index build() const { return Index::build({dims, min, max}).value(); }

  double squared(std::size_t box, const double* low, const double* high) const {
    double sum = 0;
    for (std::size_t axis = 0; axis < dims; axis++) {
      const std::size_t k = box * dims + axis;
      const double gap = std::max({min[k] - high[axis], low[axis] - max[k], 0.0});
      sum += gap * gap;
    }
    return sum;
  }
  double squared(std::size_t box, const Boxes& others, std::size_t other) const {
    return squared(box, &others.min[other * dims], &others.max[other * dims]);
  }
};

// The three questions of a region have the answer that is wanted of each item.
template <class Holds>
void meets_in(const Index& index, std::size_t items, const Region& region, Holds&& holds) {
  std::vector<std::uint32_t> wanted;
  for (std::size_t at = 0; at < items; at++)
    if (holds(at)) wanted.push_back(static_cast<std::uint32_t>(at));
  CHECK_FALSE(wanted.empty());
  CHECK(wanted.size() < items);
  const Hits hits = index.search_region(region).value();
  std::vector<std::uint32_t> found(hits.ids().begin(), hits.ids().end());
  std::sort(found.begin(), found.end());
  CHECK(found == wanted);
  CHECK(index.count_region(region).value() == wanted.size());
  CHECK(index.any_region(region).value());
}

template <class Answer>
bool refused(const Answer& answer, Status status, const std::string& word) {
  return answer.status() == status && answer.error().message().find(word) != std::string_view::npos;
}

}  // namespace

TEST_CASE("regions of any axes hold what a look at every box finds") {
  for (const std::uint32_t dims : {2u, 3u, 4u}) {
    const Boxes boxes(700, dims, 3 + dims);
    const Index index = boxes.build();
    const std::vector<double> at(dims, 70.0);
    const auto near = [&](std::size_t box) {
      return boxes.squared(box, at.data(), at.data()) <= 80.0 * 80.0;
    };
    meets_in(index, boxes.n, Region::ball(at, 80).value(), near);
    // Without length a capsule is a ball.
    meets_in(index, boxes.n, Region::capsule(at, at, 80).value(), near);
    std::vector<double> normal{1, -2, 3, 0.5};
    normal.resize(dims);
    meets_in(index, boxes.n, Region::half_space(normal, 50).value(), [&](std::size_t box) {
      double most = 0;
      for (std::size_t axis = 0; axis < dims; axis++) {
        const std::size_t k = box * dims + axis;
        most += std::max(normal[axis] * boxes.min[k], normal[axis] * boxes.max[k]);
      }
      return most >= 50;
    });
    const auto square = [&](std::size_t box) {
      const double *min = &boxes.min[box * dims], *max = &boxes.max[box * dims];
      return min[0] <= 120 && max[0] >= 50 && min[1] <= 130 && max[1] >= 60;
    };
    const spatio::Ring ring{{50, 60}, {120, 60}, {120, 130}, {50, 130}};
    meets_in(index, boxes.n, Region::convex(ring).value(), square);
    Region of_polygon;
    {
      const auto polygon = spatio::Polygon::make({ring}).value();
      of_polygon = Region::polygon(polygon).value();
    }
    meets_in(index, boxes.n, of_polygon, square);
  }
}

TEST_CASE("regions in space") {
  const Boxes points(400, 3, 21, 1);
  const Index index = Index::build({3, points.min}).value();
  const std::array<double, 16> matrix{2, 0, 1, -200, 0, 2, 1, -200, 0, 0, 2, -100, 0, 0, 1, 0};
  for (const bool from_zero : {false, true}) {
    meets_in(index, points.n, Region::view_projection(matrix, from_zero).value(),
             [&](std::size_t at) {
               const double* p = &points.min[3 * at];
               return std::abs(2 * p[0] + p[2] - 200) <= p[2] &&
                      std::abs(2 * p[1] + p[2] - 200) <= p[2] &&
                      2 * p[2] - 100 >= (from_zero ? 0 : -p[2]) && 2 * p[2] - 100 <= p[2];
             });
  }
  const std::array<double, 24> planes{1, 0,  0, 15,   -1, 0, 0, -140, 0, 1, 0, 9,
                                      0, -1, 0, -150, 0,  0, 1, 12,   1, 1, 1, 200};
  meets_in(index, points.n, Region::frustum(planes).value(), [&](std::size_t at) {
    const double* p = &points.min[3 * at];
    return p[0] >= 15 && p[0] <= 140 && p[1] >= 9 && p[1] <= 150 && p[2] >= 12 &&
           p[0] + p[1] + p[2] >= 200;
  });
  // Its side rises by one for each step along the axis, and its end is a ball that touches it at
  // half of its length. No whole number lies on its border.
  const std::vector<double> apex{0.1234, 0.4321, -0.777}, along{0, 0, 3};
  const Region cone = Region::cone(apex, along, std::acos(-1.0) / 4, 140).value();
  meets_in(index, points.n, cone, [&](std::size_t at) {
    const double* p = &points.min[3 * at];
    const double side = std::hypot(p[0] - apex[0], p[1] - apex[1]), up = p[2] - apex[2];
    return (up <= 70 && side <= up) || side * side + (up - 140) * (up - 140) <= 140 * 140 / 2.0;
  });
}

TEST_CASE("nearness is that of a look at every two items") {
  const Boxes boxes(300, 2, 31), others(100, 2, 32);
  const Index index = boxes.build(), other = others.build();
  for (const double far : {0.0, 5.0}) {
    std::vector<std::uint32_t> alone, labels(boxes.n), wanted(boxes.n);
    for (std::size_t box = 0; box < boxes.n; box++) {
      bool is_alone = true;
      for (std::size_t one = 0; one < others.n; one++)
        is_alone = is_alone && boxes.squared(box, others, one) > far * far;
      if (is_alone) alone.push_back(static_cast<std::uint32_t>(box));
    }
    const Hits hits = index.anti_join(other, far).value();
    std::vector<std::uint32_t> found(hits.ids().begin(), hits.ids().end());
    std::sort(found.begin(), found.end());
    CHECK(found == alone);
    std::iota(wanted.begin(), wanted.end(), 0u);
    for (bool is_changed = true; is_changed;) {
      is_changed = false;
      for (std::size_t a = 0; a < boxes.n; a++)
        for (std::size_t b = 0; b < boxes.n; b++)
          if (wanted[b] < wanted[a] && boxes.squared(a, boxes, b) <= far * far) {
            wanted[a] = wanted[b];
            is_changed = true;
          }
    }
    index.components(far, labels).value();
    CHECK(labels == wanted);
  }
  double least = HUGE_VAL;
  for (std::size_t a = 0; a < boxes.n; a++)
    for (std::size_t b = 0; b < others.n; b++) least = std::min(least, boxes.squared(a, others, b));
  const auto pair = index.closest_pair(other).value();
  REQUIRE(pair.has_value());
  CHECK(boxes.squared(pair->id, others, pair->other) == least);
  CHECK(pair->distance == doctest::Approx(std::sqrt(least)));
  const double at[] = {1, 2};
  const Index one = Index::build({2, at}).value();
  CHECK_FALSE(one.closest_pair().value().has_value());
  CHECK(index.closest_pair(Index()).status() == Status::null_pointer);
  CHECK(index.anti_join(Index(), 1).status() == Status::null_pointer);
  std::vector<std::uint32_t> few(3);
  CHECK(refused(index.components(1, few), Status::invalid_argument, "n is 3"));
}

TEST_CASE("estimates hold the true number") {
  const Boxes boxes(2000, 3, 41), asked(20, 3, 42, 120);
  const Index index = boxes.build();
  const spatio::Windows windows{asked.min, asked.max};
  std::vector<std::uint64_t> counts(asked.n), lower(asked.n), upper(asked.n);
  std::vector<double> guesses(asked.n);
  index.count(windows, counts).value();
  for (const std::uint32_t level : {0u, 1u, 2u, 3u}) {
    index.estimate(windows, level, {lower, upper, guesses}).value();
    for (std::size_t window = 0; window < asked.n; window++) {
      CHECK(lower[window] <= counts[window]);
      CHECK(counts[window] <= upper[window]);
      CHECK(static_cast<double>(lower[window]) <= guesses[window]);
      CHECK(guesses[window] <= static_cast<double>(upper[window]));
      if (level == 0) CHECK(lower[window] == upper[window]);
    }
  }
  index.estimate(windows, 0, {}).value();
  lower.pop_back();
  CHECK(refused(index.estimate(windows, 0, {lower}), Status::invalid_argument, "lower has 19"));
}

TEST_CASE("masks are united, and prefixes told") {
  const Boxes boxes(500, 2, 51);
  std::vector<std::uint64_t> masks;
  for (std::size_t item = 0; item < boxes.n; item++) masks.push_back(std::uint64_t{1} << item % 64);
  spatio::TextColumn payloads;
  for (std::size_t item = 0; item < boxes.n; item++) payloads.push_back(item % 2 ? "ab" : "cde");
  const auto index = Index::build({2, boxes.min, boxes.max, &payloads, {}, masks},
                                  spatio::IndexOptions().prefix_bytes(2))
                         .value();
  const auto info = index.info().value();
  CHECK(info.has_masks);
  CHECK_FALSE(info.has_values);
  CHECK(info.prefix_bytes == 2);
  const double low[] = {20, 20}, high[] = {60, 70};
  std::uint64_t united = 0, wanted = 0;
  double sum = 1;
  spatio::Aggregates found;
  found.masks = spatio::span<std::uint64_t>(&united, 1);
  found.sums = spatio::span<double>(&sum, 1);
  index.aggregate({low, high}, found).value();
  for (std::size_t item = 0; item < boxes.n; item++)
    if (boxes.squared(item, low, high) == 0) wanted |= masks[item];
  CHECK(united == wanted);
  CHECK(sum == 0);
  masks.pop_back();
  CHECK(refused(Index::build({2, boxes.min, {}, nullptr, {}, masks}), Status::invalid_argument,
                "masks has 499"));
}

TEST_CASE("triangles are met, and not their boxes") {
  std::vector<double> corners{0, 0, 5, 4, 0, 5, 0, 4, 5, 0, 0, 9, 8, 0, 9, 0, 8, 9};
  const auto index = Index::build_triangles({3, corners}, {}, {"local", {}, {}}).value();
  CHECK(index.metadata().value().crs == "local");
  const double origin[] = {1, 1, 0, 3, 3, 0, 7, 7, 0}, up[] = {0, 0, 1, 0, 0, 1, 0, 0, 1};
  std::vector<std::uint32_t> ids(3);
  std::vector<double> t(3);
  index.raycast_triangles({origin, up}, ids, t).value();
  CHECK(ids == std::vector<std::uint32_t>{0, 1, spatio::no_item});
  CHECK(t[1] == 9);
  CHECK(std::isnan(t[2]));
  const double from[] = {3, 3, 0}, beside[] = {7, 7, 0}, one[] = {0, 0, 1};
  CHECK(index.raycast_triangles({from, one}).value()->id == 1);
  CHECK_FALSE(index.raycast_triangles({beside, one}).value().has_value());
  CHECK(index.raycast_closest({from, one}).value()->id == 0);
  corners[13] = NAN;
  CHECK(Index::build_triangles({3, corners}).error().row() == 1u);
  corners.pop_back();
  CHECK(refused(Index::build_triangles({3, corners}), Status::invalid_argument, "no rows of 9"));
  const Index boxes = Boxes(3, 3, 1).build();
  CHECK(boxes.raycast_triangles({from, one}).status() == Status::unsupported);
}

TEST_CASE("what is no region is refused") {
  const std::vector<double> flat{0, 0}, solid{0, 0, 0}, line{0};
  const Index index = Boxes(3, 2, 1).build();
  CHECK(refused(index.search_region(Region::ball(solid, 1).value()), Status::invalid_argument,
                "index has 2 axes, region has 3"));
  CHECK(index.search_region(Region()).status() == Status::null_pointer);
  CHECK(refused(Region::ball(line, 1), Status::invalid_argument, "dims is 1"));
  CHECK(refused(Region::capsule(flat, solid, 1), Status::invalid_argument, "to has 3"));
  CHECK(refused(Region::cone(flat, line, 1, 1), Status::invalid_argument, "direction has 1"));
  CHECK(refused(Region::cone(flat, flat, 1, 1), Status::invalid_argument, "direction"));
  CHECK(refused(Region::convex({}), Status::invalid_argument, "no point"));
}
