// Guards streamed indexes: answers against the index in memory over the same bytes, few reads, what
// a reader does wrong, threads, and handles that are moved.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "support.hpp"

using spatio::Hits;
using spatio::Index;
using spatio::Status;
using spatio::StreamIndex;
using spatio::StreamOptions;

static_assert(!std::is_copy_constructible_v<StreamIndex> &&
              std::is_nothrow_move_constructible_v<StreamIndex>);

namespace {

constexpr std::size_t many = 20000;
const double low[] = {100, 100}, high[] = {180, 150}, everywhere[] = {-9, -9},
             far_off[] = {2e3, 2e3};
const double at[] = {500, 500}, west[] = {-1, 500}, eastward[] = {1, 0}, westward[] = {-1, 0};

// An index in memory with payloads and values.
Index build() {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> place(0, 1000);
  std::vector<double> min, max, values;
  spatio::TextColumn payloads;
  for (std::size_t item = 0; item < many; item++) {
    for (int axis = 0; axis < 2; axis++) {
      min.push_back(place(random));
      max.push_back(min.back() + 3);
    }
    values.push_back(static_cast<double>(item));
    payloads.push_back("item " + std::to_string(item));
  }
  return Index::build({2, min, max, &payloads, values}).value();
}

// Reads memory as a program would read a file, and counts.
struct Memory {
  std::vector<std::uint8_t> file;
  std::atomic<std::size_t> rounds{0}, reads{0};
  std::atomic<bool> is_broken{false};

  explicit Memory(const Index& index) {
    const auto bytes = index.bytes().value();
    file.assign(bytes.begin(), bytes.end());
  }
  spatio::RangeReader reader() {
    return [this](spatio::span<const spatio::ByteRange> ranges,
                  spatio::RangeParts& parts) -> spatio::Result<void> {
      if (is_broken) return spatio::Error(Status::io, "the line is cut");
      rounds++;
      reads += ranges.size();
      for (std::size_t n = 0; n < ranges.size(); n++)
        std::copy_n(file.begin() + static_cast<std::ptrdiff_t>(ranges[n].offset), parts[n].size(),
                    parts[n].begin());
      return {};
    };
  }
};

std::vector<std::uint32_t> sorted(spatio::span<const std::uint32_t> ids) {
  std::vector<std::uint32_t> found(ids.begin(), ids.end());
  std::sort(found.begin(), found.end());
  return found;
}

// How many answers differ from those of the index in memory.
int differences(const StreamIndex& stream, const Index& index) {
  int wrong = 0;
  Hits hits, wanted;
  stream.search({low, high}, hits).value();
  index.search({low, high}, wanted).value();
  wrong += hits.empty() || sorted(hits.ids()) != sorted(wanted.ids());
  wrong += stream.count({low, high}).value() != hits.size();
  const std::vector<std::uint32_t> ids(hits.ids().begin(), hits.ids().end());
  // The ranks are those of the very hits that are filled.
  stream.payloads(hits.ranks(), hits).value();
  wrong += hits.size() != ids.size() || !hits.ids().empty();
  for (std::size_t row = 0; row < hits.size(); row++) {
    const spatio::Bytes bytes = hits.payload(row);
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    wrong += text != "item " + std::to_string(ids[row]);
  }
  stream.nearest(at, 9, 1e9, hits).value();
  index.nearest({at}, 9, {}, wanted).value();
  wrong += !std::equal(hits.ids().begin(), hits.ids().end(), wanted.ids().begin()) ||
           !std::equal(hits.distance().begin(), hits.distance().end(), wanted.distance().begin());
  const auto near = spatio::Region::ball(at, 40).value();
  stream.search_region(near, hits).value();
  index.search_region(near, wanted).value();
  wrong += hits.empty() || sorted(hits.ids()) != sorted(wanted.ids());
  wrong += stream.count_region(near).value() != wanted.size();
  const double reach[] = {30};
  stream.search_within({low, high}, 30, hits).value();
  index.search_within({low, high}, reach, wanted).value();
  wrong += hits.empty() || sorted(hits.ids()) != sorted(wanted.ids());
  wrong += stream.count_within({low, high}, 30).value() != wanted.size();
  // Most items lie beyond a pole, and have gone round.
  const double lon[] = {20}, lat[] = {30}, metres[] = {3e6};
  stream.search_great_circle(20, 30, 3e6, hits).value();
  index.search_great_circle({lon, lat}, metres, wanted).value();
  wrong += hits.empty() || sorted(hits.ids()) != sorted(wanted.ids());
  stream.nearest_great_circle(20, 30, 9, 1e9, hits).value();
  index.nearest_great_circle({lon, lat}, 9, {}, wanted).value();
  wrong += !std::equal(hits.ids().begin(), hits.ids().end(), wanted.ids().begin()) ||
           !std::equal(hits.distance().begin(), hits.distance().end(), wanted.distance().begin());
  const auto hit = stream.raycast_closest(west, eastward).value();
  const auto closest = index.raycast_closest({west, eastward}).value();
  wrong += !hit || !closest || hit->id != closest->id || hit->t != closest->t;
  wrong += stream.raycast_closest(west, westward).value().has_value();
  const auto summed = stream.aggregate({low, high}).value();
  std::uint64_t count = 0;
  double sum = 0;
  index.aggregate({low, high}, {{&count, 1}, {&sum, 1}}).value();
  return wrong + (summed.count != count) + (summed.sum != sum);
}

template <class Answer>
bool refused(const Answer& answer, Status status, const std::string& word) {
  return answer.status() == status && answer.error().message().find(word) != std::string_view::npos;
}

}  // namespace

TEST_CASE("a reader is asked for few parts") {
  const Index index = build();
  Memory memory(index);
  const auto stream = StreamIndex::open(memory.file.size(), memory.reader()).value();
  CHECK(stream.dims() == 2);
  CHECK(stream.info().value().items == many);
  CHECK(differences(stream, index) == 0);
  const spatio::Spent before = stream.spent();
  CHECK(before.rounds == memory.rounds);
  CHECK(before.reads == memory.reads);
  CHECK(stream.count({everywhere, far_off}).value() == many);
  CHECK(stream.spent().rounds == before.rounds);
  const auto point = stream.search({at}).value();
  CHECK(stream.spent().rounds == before.rounds + 1);
  CHECK(stream.spent().bytes - before.bytes < memory.file.size() / 4);
}

TEST_CASE("many threads ask one stream") {
  const Index index = build();
  Memory memory(index);
  const auto options = StreamOptions().kept_bytes(0).gap_bytes(0);
  const auto stream = StreamIndex::open(memory.file.size(), memory.reader(), options).value();
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int n = 0; n < 4; n++)
    threads.emplace_back([&] {
      for (int round = 0; round < 3; round++) wrong += differences(stream, index);
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("what a reader does wrong ends the question alone") {
  const Index index = build();
  Memory memory(index);
  const auto options = StreamOptions().kept_bytes(0);
  const auto stream = StreamIndex::open(memory.file.size(), memory.reader(), options).value();
  Hits hits = stream.search({low, high}).value();
  memory.is_broken = true;
  CHECK(refused(stream.search({low, high}, hits), Status::io, "stream_search: the line is cut"));
  CHECK(hits.empty());
  memory.is_broken = false;
  CHECK(differences(stream, index) == 0);
  const spatio::RangeReader odd = [](spatio::span<const spatio::ByteRange>,
                                     spatio::RangeParts& parts) -> spatio::Result<void> {
    parts.resize(1);
    parts[0] = {1, 2, 3};
    return {};
  };
  CHECK(refused(StreamIndex::open(memory.file.size(), odd), Status::io, "3 bytes came"));
}

TEST_CASE("what cannot be asked of a stream is refused") {
  const Index index = build();
  Memory memory(index);
  const auto stream = StreamIndex::open(memory.file.size(), memory.reader()).value();
  const double three[] = {1, 2, 3};
  const std::uint32_t beyond[] = {many};
  CHECK(refused(stream.search({three}), Status::invalid_argument, "3 numbers"));
  CHECK(refused(stream.search({low, three}), Status::invalid_argument, "max has 3"));
  CHECK(refused(stream.count({high, low}), Status::invalid_argument, "axis 0"));
  CHECK(refused(stream.nearest(three, 1), Status::invalid_argument, "point has 3"));
  CHECK(refused(stream.search_within({three}, 1), Status::invalid_argument, "min has 3"));
  CHECK(refused(stream.count_within({low, three}, 1), Status::invalid_argument, "max has 3"));
  CHECK(refused(stream.nearest_great_circle(181, 0, 1), Status::out_of_range, "lon"));
  CHECK(refused(stream.search_region(spatio::Region()), Status::null_pointer, "region"));
  CHECK(refused(stream.raycast_closest(west, three), Status::invalid_argument, "direction has 3"));
  CHECK(refused(stream.payloads(beyond), Status::invalid_argument, "rank"));
  CHECK(stream.prefixes(beyond).status() == Status::not_found);
  CHECK(StreamIndex().search({low}).status() == Status::null_pointer);
  CHECK(StreamIndex().spent().rounds == 0);
  memory.file.assign(200, 0);
  CHECK(StreamIndex::open(200, memory.reader()).status() == Status::corrupt);
}

TEST_CASE("a stream is moved with its reader") {
  const Index index = build();
  Memory memory(index);
  StreamIndex first = StreamIndex::open(memory.file.size(), memory.reader()).value();
  StreamIndex second = std::move(first);
  CHECK(differences(second, index) == 0);
  CHECK(first.dims() == 0);
  first = std::move(second);
  Hits hits = first.search({low, high}).value();
  first = StreamIndex();
  const Hits wanted = index.search({low, high}).value();
  CHECK(sorted(hits.ids()) == sorted(wanted.ids()));
}
