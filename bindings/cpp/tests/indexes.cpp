// Guards packed indexes: answers against a look at every box, hits that are filled anew, columns
// that do not fit, files, and handles that are moved.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "support.hpp"

using spatio::Hits;
using spatio::Index;
using spatio::Status;

static_assert(!std::is_copy_constructible_v<Index> && std::is_nothrow_move_constructible_v<Index>);
static_assert(!std::is_copy_constructible_v<Hits> && std::is_nothrow_move_assignable_v<Hits>);

namespace {

// Boxes on whole numbers, so that what touches is not a matter of rounding.
struct Boxes {
  std::size_t n;
  std::uint32_t dims;
  std::vector<double> min, max;

  Boxes(std::size_t count, std::uint32_t axes, unsigned seed) : n(count), dims(axes) {
    std::mt19937 random(seed);
    for (std::size_t at = 0; at < n * dims; at++) {
      min.push_back(static_cast<double>(random() % 200));
      max.push_back(min.back() + static_cast<double>(random() % 9));
    }
  }
  spatio::IndexItems items() const { return {dims, min, max}; }

  bool meet(std::size_t box, const Boxes& others, std::size_t other) const {
    for (std::size_t axis = 0; axis < dims; axis++) {
      const std::size_t a = box * dims + axis, b = other * dims + axis;
      if (min[a] > others.max[b] || max[a] < others.min[b]) return false;
    }
    return true;
  }
  std::vector<std::uint32_t> met_by(const Boxes& windows, std::size_t window) const {
    std::vector<std::uint32_t> ids;
    for (std::size_t box = 0; box < n; box++)
      if (meet(box, windows, window)) ids.push_back(static_cast<std::uint32_t>(box));
    return ids;
  }
  double squared_distance(std::size_t box, const Boxes& others, std::size_t other) const {
    double sum = 0;
    for (std::size_t axis = 0; axis < dims; axis++) {
      const std::size_t a = box * dims + axis, b = other * dims + axis;
      const double gap = std::max({min[a] - others.max[b], others.min[b] - max[a], 0.0});
      sum += gap * gap;
    }
    return sum;
  }
};

std::vector<std::uint32_t> sorted(spatio::span<const std::uint32_t> ids) {
  std::vector<std::uint32_t> found(ids.begin(), ids.end());
  std::sort(found.begin(), found.end());
  return found;
}

template <class Answer>
bool refused(const Answer& answer, const std::string& word) {
  return answer.status() == Status::invalid_argument &&
         answer.error().message().find(word) != std::string_view::npos;
}

}  // namespace

TEST_CASE("an index finds what a look at every box finds") {
  for (const std::uint32_t dims : {2u, 3u, 4u}) {
    const Boxes boxes(900, dims, 11 + dims), asked(60, dims, 91 + dims);
    const auto index = Index::build(boxes.items()).value();
    const spatio::Windows windows{asked.min, asked.max};
    Hits hits;
    std::vector<std::uint64_t> counts(asked.n);
    std::vector<std::uint8_t> any(asked.n);
    index.search(windows, hits).value();
    index.count(windows, counts).value();
    index.any(windows, any).value();
    REQUIRE(hits.queries() == asked.n);
    CHECK(hits.offsets().size() == asked.n + 1);
    for (std::size_t window = 0; window < asked.n; window++) {
      const auto wanted = boxes.met_by(asked, window);
      CHECK(sorted(hits.ids_of(window)) == wanted);
      CHECK(counts[window] == wanted.size());
      CHECK((any[window] == 1) == !wanted.empty());
    }
    index.nearest(windows, 8, {}, hits).value();
    for (std::size_t window = 0; window < asked.n; window++) {
      std::vector<std::pair<double, std::uint32_t>> all;
      for (std::size_t box = 0; box < boxes.n; box++)
        all.emplace_back(boxes.squared_distance(box, asked, window), box);
      std::sort(all.begin(), all.end());
      REQUIRE(hits.ids_of(window).size() == 8);
      for (std::size_t row = 0; row < 8; row++) {
        CHECK(hits.ids_of(window)[row] == all[row].second);
        CHECK(hits.distance_of(window)[row] == doctest::Approx(std::sqrt(all[row].first)));
      }
    }
  }
}

TEST_CASE("pairs and joins are what a look at every two boxes finds") {
  const Boxes boxes(300, 2, 5), others(200, 2, 6);
  const auto index = Index::build(boxes.items()).value();
  const auto other = Index::build(others.items()).value();
  std::size_t wanted = 0;
  for (std::size_t box = 0; box < boxes.n; box++)
    for (std::size_t one = 0; one < others.n; one++) wanted += boxes.meet(box, others, one);
  const Hits joined = index.join(other, 0).value();
  REQUIRE(wanted > 0);
  CHECK(joined.size() == wanted);
  for (std::size_t row = 0; row < joined.size(); row++)
    CHECK(boxes.meet(joined.ids()[row], others, joined.others()[row]));
  const Hits pairs = index.pairs(0).value();
  wanted = 0;
  for (std::size_t box = 0; box < boxes.n; box++)
    for (std::size_t one = box + 1; one < boxes.n; one++) wanted += boxes.meet(box, boxes, one);
  CHECK(pairs.size() == wanted);
  for (std::size_t row = 0; row < pairs.size(); row++)
    CHECK(pairs.ids()[row] < pairs.others()[row]);
  spatio::Cancel cancel;
  cancel.fire();
  CHECK(index.pairs(0, &cancel).status() == Status::cancelled);
}

TEST_CASE("one window, one ray, one payload") {
  const double min[] = {0, 0, 5, 5, 8, 1}, max[] = {2, 2, 6, 9, 9, 2};
  const spatio::TextColumn payloads{"a", "", "see"};
  const double values[] = {1, 2, 4};
  const auto options = spatio::IndexOptions().layout(spatio::IndexLayout::both).interleaved();
  const auto index =
      Index::build({2, min, max, &payloads, values}, options, {"EPSG:4326", {}, "me"}).value();
  CHECK(index.dims() == 2);
  const double from[] = {1, 1}, to[] = {5, 6}, beside[] = {3, 3};
  const Hits hits = index.search({from, to}).value();
  CHECK(sorted(hits.ids()) == std::vector<std::uint32_t>{0, 1});
  CHECK(hits.distance().empty());
  CHECK(index.count({from, to}).value() == 2);
  CHECK(index.any({from, to}).value());
  CHECK(index.any({to}).value());
  CHECK_FALSE(index.any({beside}).value());

  const double origin[] = {-1, 1.5}, direction[] = {1, 0}, back[] = {-1, 0};
  CHECK(index.raycast_any({origin, direction}).value());
  const auto hit = index.raycast_closest({origin, direction}).value();
  REQUIRE(hit);
  CHECK(hit->id == 0);
  CHECK(hit->t == 1);
  CHECK_FALSE(index.raycast_closest({origin, back}).value());

  const Hits texts = index.payloads(std::vector<std::uint32_t>{2, 1}).value();
  CHECK(texts.payload(0).size() == 3);
  CHECK(texts.payload(1).empty());
  CHECK(index.payload(0).value()->size() == 1);
  CHECK(index.payload(3).status() == Status::not_found);
  CHECK(index.metadata()->crs == "EPSG:4326");
  CHECK_FALSE(index.metadata()->content_type);
  std::uint64_t counts = 0;
  double sums = 0;
  index.aggregate({from, to}, {{&counts, 1}, {&sums, 1}, {}, {}}).value();
  CHECK(counts == 2);
  CHECK(sums == 3);
  double low[2], high[2];
  const std::uint32_t last[] = {2};
  index.boxes(last, low, high).value();
  CHECK(std::array<double, 4>{low[0], low[1], high[0], high[1]} ==
        std::array<double, 4>{8, 1, 9, 2});
}

TEST_CASE("an index is written, opened and copied as bytes") {
  const TempFolder folder;
  const Boxes boxes(500, 2, 3), asked(20, 2, 4);
  const std::string path = folder / "boxes.idx";
  const std::uint64_t length = Index::write(path, boxes.items()).value();
  CHECK(std::filesystem::file_size(path) == length);
  const auto file = Index::open(path).value();
  const auto copy = Index::open_bytes(*file.bytes()).value();
  copy.verify().value();
  CHECK(copy.info()->items == 500);
  CHECK(copy.info()->bytes == length);
  const Hits one = file.search({asked.min, asked.max}).value();
  const Hits other = copy.search({asked.min, asked.max}).value();
  CHECK(sorted(one.ids()) == sorted(other.ids()));
  CHECK(refused(Index::open(std::string("a\0b", 3)), "NUL"));
  CHECK(Index::open_bytes({}).status() == Status::corrupt);
}

TEST_CASE("columns that do not fit are refused") {
  const Boxes boxes(10, 2, 3);
  const auto index = Index::build(boxes.items()).value();
  const std::vector<double> three(3), four(4), two(2);
  CHECK(refused(Index::build({2, three}), "no rows of 2"));
  CHECK(refused(Index::build({2, four, two}), "max has 2"));
  CHECK(refused(Index::build({2, four, {}, nullptr, three}), "values has 3"));
  const spatio::TextColumn one{"x"};
  CHECK(refused(Index::build({2, four, {}, &one}), "payloads has 1"));
  CHECK(refused(index.search({three}), "index_search"));
  CHECK(refused(index.search({four, two}), "max has 2"));
  CHECK(refused(index.search_within({four}, three), "max_distance has 3"));
  CHECK(refused(index.nearest({four}, 1, three), "max_distance has 3"));
  CHECK(refused(index.count({four}), "counts has 1"));
  CHECK(refused(index.any({four}), "any has 1"));
  CHECK(refused(index.raycast({four, two}), "direction has 2"));
  CHECK(refused(index.raycast({four, four, three}), "max_t has 3"));
  CHECK(refused(index.raycast_any({four, four}), "any has 1"));
  CHECK(refused(index.raycast_closest({four, four}), "ids has 1"));
  CHECK(refused(index.nearest_great_circle({three, two}, 1), "lat has 2"));
  CHECK(refused(index.search_great_circle({two, two}, three), "max_distance has 3"));
  double room[3];
  const std::uint32_t ids[] = {0, 1};
  CHECK(refused(index.boxes(ids, room), "min has 3"));
  CHECK(refused(index.aggregate({four}, {{}, room, {}, {}}), "sums has 3"));
}

TEST_CASE("hits and indexes are moved, and what is empty is refused") {
  const Boxes boxes(50, 2, 8);
  auto index = Index::build(boxes.items()).value();
  const double from[] = {0, 0}, to[] = {300, 300};
  Hits hits = index.search({from, to}).value();
  const Hits moved = std::move(hits);
  CHECK(moved.size() == 50);
  CHECK(hits.empty());
  const Index other = std::move(index);
  CHECK(other.count({from, to}).value() == 50);
  CHECK(index.dims() == 0);
  CHECK(index.search({from, to}).status() == Status::null_pointer);
  CHECK(Index().verify().status() == Status::null_pointer);
  // A question that is refused leaves no rows of an earlier one.
  hits = other.search({from, to}).value();
  CHECK(other.search({to, from}, hits).status() == Status::invalid_argument);
  CHECK(hits.empty());
  CHECK(hits.offsets().empty());
  CHECK(other.search({from, to}, hits).has_value());
  CHECK(hits.size() == 50);
}

#if defined(SPATIO_EXCEPTIONS)
TEST_CASE("an index that throws gives values") {
  namespace sp = spatio::throwing;
  const double min[] = {0, 0, 5, 5}, at[] = {5, 5};
  const sp::Index index = sp::Index::build({2, min});
  const sp::Hits found = index.search({at});
  CHECK(sorted(found.ids()) == std::vector<std::uint32_t>{1});
  CHECK(index.nearest({at}, 1).size() == 1);
  CHECK_FALSE(index.payload(0));
  CHECK_THROWS_AS(index.payload(2), sp::Exception);
  CHECK_THROWS_AS(sp::Index::open("nowhere.idx"), sp::Exception);
}
#endif
