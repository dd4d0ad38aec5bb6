// Guards the exchange by the Arrow C data interface.
#include "arrow.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "support.hpp"

TEST_CASE("rows go out by Arrow, share their memory, and come in again") {
  const Crowd crowd(40);
  auto rows = crowd.ns.query(spatio::Query::everywhere().with_ids()).value();
  ArrowOwned out, again;
  spatio::export_arrow(rows, out.schema, out.array).value();
  spatio::export_arrow(rows, again.schema, again.array).value();
  REQUIRE(out.rows() == 40);
  CHECK(rows.size() == 40);
  for (const spatio::Row row : rows) {
    CHECK(out.real("x", row.index()) == row.x());
    CHECK(out.whole("time", row.index()) == row.time_us());
    CHECK(out.text("id", row.index()) == row.id());
  }
  // The array keeps what it shows, whatever happens to the rows.
  const double first = out.real("x", 0);
  crowd.ns.knn({0, 0}, 3, rows).value();
  rows = spatio::Rows();
  CHECK(out.real("x", 0) == first);

  const Crowd other(0);
  CHECK(other.ns.upsert_arrow(again.schema, again.array).value().applied == 40);
  CHECK(other.ns.get("unit:5")->position.x == crowd.x[5]);
}

TEST_CASE("a table with a column of another type is refused") {
  const Crowd crowd(0);
  const std::vector<std::int32_t> wrong{1, 2};
  const spatio::TextColumn ids{"a", "b"};
  ArrowTable table(2);
  table.texts("id", "U", ids.offsets(), ids.bytes()).fixed("x", "i", wrong.data());
  table.fixed("y", "i", wrong.data());
  CHECK(crowd.ns.upsert_arrow(table.schema(), table.array()).status() ==
        spatio::Status::unsupported);
}

TEST_CASE("rows that were never filled have nothing to show") {
  ArrowOwned out;
  CHECK(spatio::export_arrow(spatio::Rows(), out.schema, out.array).status() ==
        spatio::Status::null_pointer);
}
