// Guards iteration: rows are a range of random access, for the loops of C++17 and the ranges of
// C++20.
#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "support.hpp"

using spatio::Query;
using spatio::Row;
using spatio::RowRange;
using spatio::Rows;

// Views of a temporary do not compile.
template <class T, class = void>
struct shows_temporary_columns : std::false_type {};
template <class T>
struct shows_temporary_columns<T, std::void_t<decltype(std::declval<T>().x().size())>>
    : std::true_type {};
static_assert(shows_temporary_columns<Rows&>::value);
static_assert(!shows_temporary_columns<Rows>::value);

static_assert(!std::is_copy_constructible_v<Rows>);
static_assert(std::is_nothrow_move_constructible_v<Rows>);
static_assert(!std::is_copy_constructible_v<spatio::Database>);
static_assert(std::is_nothrow_move_constructible_v<spatio::Database>);
static_assert(!std::is_copy_constructible_v<spatio::Namespace>);
static_assert(!std::is_copy_constructible_v<spatio::Polygon>);
static_assert(!std::is_copy_constructible_v<spatio::Cancel>);

TEST_CASE("a loop walks over all rows") {
  const Crowd crowd(30);
  const Rows rows = crowd.ns.knn({0, 0, 0}, 30).value();
  double sum = 0;
  std::size_t n = 0;
  for (const Row row : rows) {
    CHECK(row.index() == n);
    CHECK(row.distance() == rows.distance()[n]);
    CHECK(row.position().x == rows.x()[n]);
    sum += row.distance();
    n++;
  }
  CHECK(n == 30);
  CHECK(sum == std::accumulate(rows.distance().begin(), rows.distance().end(), 0.0));
}

TEST_CASE("iterators of rows go back and forth") {
  const Crowd crowd(10);
  const Rows rows = crowd.ns.query(Query::everywhere()).value();
  auto it = rows.begin();
  CHECK((it + 3)[2].index() == 5);
  CHECK((2 + it) - it == 2);
  it += 4;
  CHECK((*it--).index() == 4);
  CHECK((*--it).index() == 2);
  CHECK((*it++).index() == 2);
  it -= 3;
  CHECK(it == rows.begin());
  CHECK(rows.end() - rows.begin() == 10);
  CHECK(rows.begin() < rows.end());
  CHECK(rows.end() >= rows.begin());
  const auto far = std::find_if(rows.begin(), rows.end(), [](Row row) { return row.x() > 1e9; });
  CHECK(far == rows.end());
}

#if defined(__cpp_lib_ranges)
static_assert(std::random_access_iterator<spatio::RowIterator>);
static_assert(std::ranges::random_access_range<Rows>);
static_assert(std::ranges::sized_range<Rows>);
static_assert(!std::ranges::view<Rows>);
static_assert(std::ranges::view<RowRange>);
static_assert(std::ranges::borrowed_range<RowRange>);
static_assert(std::ranges::random_access_range<RowRange>);

TEST_CASE("algorithms of ranges take rows") {
  const Crowd crowd(100);
  const Rows rows = crowd.ns.query(Query::circle({0, 0}, 70)).value();
  const auto up = [](Row row) { return row.z() > 0; };
  const auto wanted = std::count_if(rows.begin(), rows.end(), up);
  CHECK(std::ranges::count_if(rows, up) == wanted);
  CHECK(std::ranges::is_sorted(rows, {}, &Row::distance));
  const auto highest = std::ranges::max_element(rows, {}, &Row::z);
  CHECK((*highest).z() == *std::ranges::max_element(rows.z()));
}

// Clang took views of the standard library from version 16 on.
#if !defined(__clang__) || __clang_major__ >= 16
TEST_CASE("rows go into views") {
  const Crowd crowd(100);
  const Rows rows = crowd.ns.query(Query::circle({0, 0}, 70).with_ids()).value();
  std::vector<std::string_view> names;
  for (const std::string_view id : rows.of(0) |
                                       std::views::filter([](Row row) { return row.z() > 0; }) |
                                       std::views::transform(&Row::id) | std::views::take(5))
    names.push_back(id);
  std::vector<std::string_view> wanted;
  for (const Row row : rows)
    if (row.z() > 0 && wanted.size() < 5) wanted.push_back(row.id());
  CHECK(names == wanted);
  CHECK(names.size() == 5);
}
#endif
#endif
