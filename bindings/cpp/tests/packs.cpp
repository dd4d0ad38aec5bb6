// Guards packs and fences: what a namespace answered, columns that do not fit, files and bytes,
// handles that are moved, and rows that outlive what they came from.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <type_traits>
#include <utility>

#include "support.hpp"

using spatio::FenceColumns;
using spatio::FenceItems;
using spatio::Fences;
using spatio::Pack;
using spatio::Query;
using spatio::Rows;
using spatio::Space;
using spatio::Status;

static_assert(!std::is_copy_constructible_v<Pack> && std::is_nothrow_move_constructible_v<Pack>);
static_assert(!std::is_copy_constructible_v<Fences> && std::is_nothrow_move_assignable_v<Fences>);

namespace {

std::vector<std::uint8_t> bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> ids_of(const Rows& rows) {
  std::vector<std::string> ids;
  for (const spatio::Row row : rows) ids.emplace_back(row.id());
  return ids;
}

spatio::Polygon square(double x, double y, double size) {
  return spatio::Polygon::make({{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}}})
      .value();
}

}  // namespace

TEST_CASE("a pack finds what looking at each object finds") {
  const TempFolder folder;
  const Crowd crowd(500);
  const std::string path = folder / "crowd.psindex";
  CHECK(crowd.ns.freeze(path, spatio::FreezeOptions().threads(2))->objects == 500);
  const Pack pack = Pack::open(path).value();
  const spatio::Point center{10, -20, 5};
  Rows rows;
  for (const double radius : {5.0, 60.0, 1000.0}) {
    pack.query(Query::sphere(center, radius).with_ids(), rows).value();
    std::vector<std::pair<double, std::string>> wanted;
    for (std::size_t i = 0; i < 500; i++)
      if (crowd.distance(i, center) <= radius)
        wanted.emplace_back(crowd.distance(i, center), "unit:" + std::to_string(i));
    std::sort(wanted.begin(), wanted.end());
    REQUIRE(rows.size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); i++) CHECK(rows[i].id() == wanted[i].second);
  }
  pack.verify().value();
}

TEST_CASE("a pack keeps what was frozen, by its path and by its bytes") {
  const TempFolder folder;
  const std::string path = folder / "fleet.psindex";
  std::optional<Pack> pack;
  {
    auto db = spatio::Database::memory().value();
    auto ns = db.create_namespace("fleet").value();
    ns.upsert("van", {13.4, 52.5}, spatio::Upsert().payload("red")).value();
    ns.upsert("bus", {13.5, 52.5}).value();
    const spatio::Frozen frozen = ns.freeze(path).value();
    CHECK(frozen.objects == 2);
    CHECK(frozen.bytes == bytes_of(path).size());
    ns.remove("van").value();
    pack = Pack::open(path).value();
  }
  const Pack copy = Pack::open_bytes(bytes_of(path)).value();
  Pack moved = std::move(*pack);
  for (const Pack* one : {&copy, const_cast<const Pack*>(&moved)}) {
    const spatio::PackInfo info = one->info().value();
    CHECK(info.objects == 2);
    CHECK(info.dims == 2);
    CHECK(info.space == Space::geographic);
    const spatio::Object van = one->get("van").value();
    CHECK(van.handle == 1);
    CHECK(one->id(van.handle).value() == "van");
    CHECK(one->payload(van.handle)->size() == 3);
    CHECK(one->payload(0)->empty());
    CHECK(one->get("tram").status() == Status::not_found);
    CHECK(one->id(2).status() == Status::not_found);
    const auto near = one->query(Query::nearest(5, spatio::around(1)).exclude_origin().with_ids());
    CHECK(ids_of(*near) == std::vector<std::string>{"bus"});
  }
}

TEST_CASE("a question into columns of one's own") {
  const TempFolder folder;
  const Crowd crowd(50);
  const std::string path = folder / "crowd.psindex";
  crowd.ns.freeze(path).value();
  const Pack pack = Pack::open(path).value();
  std::vector<spatio::Handle> handles(10);
  std::vector<double> x(10), too_few(9);
  CHECK(pack.query_into(Query::everywhere(), {handles, x}).value() == 10);
  const auto refused = pack.query_into(Query::everywhere(), {handles, too_few});
  CHECK(refused.status() == Status::invalid_argument);
  CHECK(refused.error().message() == "query_into: there are 10 rows, but x has 9");
}

TEST_CASE("what holds no pack and no fences refuses") {
  const Pack pack;
  const Fences fences;
  CHECK(pack.query(Query::everywhere()).status() == Status::null_pointer);
  CHECK(pack.verify().status() == Status::null_pointer);
  CHECK(fences.containing({1, 1}).status() == Status::null_pointer);
  CHECK(Pack::open(std::string("a\0b", 3)).status() == Status::invalid_argument);
  CHECK(Fences::open(std::string("a\0b", 3)).status() == Status::invalid_argument);
  CHECK(Pack::open_bytes({}).status() == Status::corrupt);
}

TEST_CASE("fences of many points in one call") {
  const TempFolder folder;
  std::vector<spatio::Polygon> polygons;
  FenceItems items(Space::cartesian);
  for (int n = 0; n < 12; n++) polygons.push_back(square(n, n % 3, 4));
  for (std::size_t n = 0; n < polygons.size(); n++)
    items.add("zone " + std::to_string(10 + n), polygons[n], std::string(n % 2, '!'));
  const std::string path = folder / "zones.psindex";
  const std::uint64_t written = Fences::write(path, items).value();
  CHECK(written == bytes_of(path).size());
  const Fences built = Fences::build(items).value();
  const Fences opened = Fences::open(path).value();
  const Fences copy = Fences::open_bytes(bytes_of(path)).value();
  std::vector<double> x, y;
  for (int at = 0; at < 200; at++) {
    x.push_back(at % 17 + 0.25);
    y.push_back(at % 7 - 0.5);
  }
  Rows rows;
  for (const Fences* fences : {&built, &opened, &copy}) {
    CHECK(fences->info()->fences == 12);
    fences->verify().value();
    fences->containing(x, y, FenceColumns::ids, rows).value();
    REQUIRE(rows.queries() == x.size());
    for (std::size_t point = 0; point < x.size(); point++) {
      std::vector<spatio::Handle> wanted;
      for (std::size_t n = 0; n < polygons.size(); n++)
        if (polygons[n].contains({x[point], y[point]}).value()) wanted.push_back(n);
      const auto found = rows.of(point).handles();
      CHECK(std::vector<spatio::Handle>(found.begin(), found.end()) == wanted);
    }
    for (const spatio::Row row : rows) CHECK(fences->get_by_handle(row.handle())->id == row.id());
    const spatio::Fence eleven = fences->get("zone 11").value();
    CHECK(eleven.handle == 1);
    CHECK(eleven.payload_text() == "!");
    CHECK(fences->get("zone 10")->payload.empty());
    CHECK(fences->get("zone").status() == Status::not_found);
    CHECK(fences->intersecting({3.5, 0, 3.75, 0.5})->size() == 2);
    const std::vector<double> few(3);
    CHECK(fences->containing(x, few).status() == Status::invalid_argument);
    CHECK(fences->intersecting({few, few, few, x}).status() == Status::invalid_argument);
  }
}

TEST_CASE("rows of fences outlive them, and a refused point is named") {
  Rows rows;
  {
    const spatio::Polygon park = square(13, 52, 1);
    const Fences fences =
        Fences::build(FenceItems(Space::geographic).add("park", park, "no cars")).value();
    rows = fences.containing({13.5, 52.5}).value();
    const double x[] = {1, 2, 181}, y[] = {1, 2, 3};
    const auto refused = fences.containing(x, y);
    CHECK(refused.status() == Status::out_of_range);
    CHECK(refused.error().row() == 2);
  }
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].id() == "park");
  CHECK(rows[0].payload_text() == "no cars");
}
