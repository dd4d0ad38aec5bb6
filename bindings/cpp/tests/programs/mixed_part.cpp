// One part of a program whose parts are compiled by different standards, with and without
// exceptions: each uses the same names of the header in its own way.
#include <spatio/spatio.hpp>
#include <vector>

int PART() {
  const auto db = spatio::Database::memory().value();
  const auto ns = db.create_namespace("part", spatio::NamespaceOptions::cartesian()).value();
  const std::vector<double> x{1, 2, 3}, y{1, 2, 3};
  const spatio::TextColumn ids{"a", "b", "c"};
  ns.upsert_batch({ids, x, y}).value();
  const spatio::Rows rows = ns.query_radius({0, 0}, 3).value();
  double sum = 0;
  for (double distance : rows.distance()) sum += distance;
  return sum > 4.2 && sum < 4.3 ? static_cast<int>(rows.size()) : -1;
}
