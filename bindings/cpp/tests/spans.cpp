// Guards the columns: the span of this header before C++20, and texts in columns.
#include <doctest/doctest.h>

#include <array>
#include <list>
#include <string>
#include <vector>

#include "support.hpp"

using spatio::span;
using spatio::TextColumn;

static_assert(std::is_convertible_v<std::vector<double>&, span<const double>>);
static_assert(std::is_convertible_v<const std::vector<double>&, span<const double>>);
static_assert(std::is_convertible_v<std::vector<double>&, span<double>>);
static_assert(std::is_convertible_v<span<double>, span<const double>>);
static_assert(std::is_convertible_v<std::array<double, 3>&, span<const double>>);
static_assert(!std::is_convertible_v<const std::vector<double>&, span<double>>);
static_assert(!std::is_convertible_v<std::vector<float>&, span<const double>>);
static_assert(!std::is_convertible_v<std::list<double>&, span<const double>>);

TEST_CASE("a span looks at what it was made from") {
  std::vector<double> numbers{1, 2, 3, 4};
  const span<double> all = numbers;
  all[1] = 20;
  CHECK(numbers[1] == 20);
  CHECK(all.size() == 4);
  CHECK(all.front() == 1);
  CHECK(all.back() == 4);
  const span<const double> middle = all.subspan(1, 2);
  CHECK(middle.data() == numbers.data() + 1);
  CHECK(std::vector<double>(middle.begin(), middle.end()) == std::vector<double>{20, 3});
  CHECK(all.first(1).size() == 1);
  CHECK(span<double>().empty());
  const double plain[] = {5, 6};
  CHECK(span<const double>(plain).size() == 2);
}

TEST_CASE("texts in a column come back") {
  TextColumn column{"one", "", "three"};
  CHECK(column.size() == 3);
  CHECK(column[0] == "one");
  CHECK(column[1].empty());
  CHECK(column[2] == "three");
  CHECK(column.offsets()[3] == 8);
  column.clear();
  CHECK(column.empty());
  column.push_back("four");
  CHECK(column[0] == "four");

  const std::list<std::string> texts{"a", "bc"};
  const TextColumn from_range(texts);
  CHECK(from_range.size() == 2);
  CHECK(from_range[1] == "bc");
}

TEST_CASE("times of the standard library come back") {
  using std::chrono::microseconds;
  for (std::int64_t time_us : {std::int64_t{0}, std::int64_t{1'700'000'000'123'456},
                               std::int64_t{-1}, std::int64_t{-1'000'001}})
    CHECK(spatio::to_us(spatio::from_us(time_us)) == time_us);
  CHECK(spatio::to_us(spatio::from_us(5) - std::chrono::nanoseconds(1)) == 4);
}
