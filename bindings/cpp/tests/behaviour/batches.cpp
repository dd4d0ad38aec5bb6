// Writing and reading many objects at once.
#include <set>

#include "../arrow.hpp"
#include "args.hpp"
#include "stage.hpp"

namespace {

using spatio::Namespace;

// The columns of a step, which live as long as the call.
struct Columns {
  std::vector<double> x, y, z;
  std::vector<std::int64_t> time_us, ttl_us;
  spatio::TextColumn ids, payloads;

  explicit Columns(const Json& args)
      : x(args::numbers(args["x"])),
        y(args::numbers(args["y"])),
        z(args::numbers(args["z"])),
        time_us(args::wholes(args["time_us"])),
        ttl_us(args::wholes(args["ttl_us"])),
        ids(args::texts(args["ids"])),
        payloads(args::texts(args["payloads"])) {}
};

Json told_of(const spatio::Applied& outcome) {
  return Json::object({{"applied", Json::of(outcome.applied)}, {"late", Json::of(outcome.late)}});
}

Answer upsert_batch(const Namespace& ns, const Json& args) {
  const Columns columns(args);
  spatio::Upserts rows{columns.ids, columns.x, columns.y, columns.z, columns.time_us};
  if (args.has("payloads")) rows.payloads = &columns.payloads;
  rows.ttl_us = columns.ttl_us;
  std::vector<spatio::Handle> handles(columns.ids.size());
  rows.handles = handles;
  const auto applied = ns.upsert_batch(rows);
  for (std::size_t row = 0; applied && row < handles.size(); row++)
    if (ns.id(handles[row]).value() != columns.ids[row]) nonsense("a handle of another id");
  return told(applied, told_of);
}

Answer upsert_arrow(const Namespace& ns, const Json& args) {
  const Columns columns(args);
  ArrowTable table(columns.ids.size());
  table.texts("id", "U", columns.ids.offsets(), columns.ids.bytes());
  table.fixed("lon", "g", columns.x.data()).fixed("lat", "g", columns.y.data());
  if (args.has("z")) table.fixed("alt", "g", columns.z.data());
  if (args.has("time_us")) table.fixed("time", "tsu:UTC", columns.time_us.data());
  if (args.has("payloads"))
    table.texts("payload", "Z", columns.payloads.offsets(), columns.payloads.bytes());
  return told(ns.upsert_arrow(table.schema(), table.array()), told_of);
}

Answer insert_trajectory(const Namespace& ns, const Json& args) {
  const Columns columns(args);
  const spatio::Track track{columns.time_us, columns.x, columns.y, columns.z};
  return told(ns.insert_trajectory(args::id(args), track), [](std::uint64_t inserted) {
    return Json::object({{"inserted", Json::of(inserted)}});
  });
}

Answer get_batch(const Namespace& ns, const std::vector<spatio::Handle>& handles) {
  const std::size_t n = handles.size();
  std::vector<double> x(n), y(n), z(n);
  std::vector<std::int64_t> time_us(n);
  std::vector<std::uint8_t> found(n);
  const auto got = ns.get_batch(handles, {x, y, z, time_us, found});
  if (!got) return got.error();
  Json rows[5];
  for (Json& column : rows) column = Json::list();
  for (std::size_t i = 0; i < n; i++) {
    rows[0].items.emplace_back(found[i] != 0);
    rows[1].items.emplace_back(x[i]);
    rows[2].items.emplace_back(y[i]);
    rows[3].items.emplace_back(z[i]);
    rows[4].items.emplace_back(time_us[i]);
  }
  return Json::object(
      {{"found", rows[0]}, {"x", rows[1]}, {"y", rows[2]}, {"z", rows[3]}, {"time_us", rows[4]}});
}

Answer intern_batch(const Namespace& ns, const Json& args) {
  const spatio::TextColumn ids = args::texts(args["ids"]);
  std::vector<spatio::Handle> handles(ids.size());
  const auto done = ns.intern_batch(ids, handles);
  if (!done) return done.error();
  const std::set<spatio::Handle> distinct(handles.begin(), handles.end());
  return Json::object({{"distinct", Json::of(distinct.size())}});
}

Json ids_of(const spatio::Rows& rows) {
  Json ids = Json::list();
  for (const spatio::Row row : rows) ids.items.emplace_back(row.id());
  return Json::object({{"ids", ids}});
}

}  // namespace

Played play_batches(const Stage& stage, const Namespace& ns, const std::string& op,
                    const Json& args) {
  if (op == "upsert_batch") return upsert_batch(ns, args);
  if (op == "upsert_arrow") return upsert_arrow(ns, args);
  if (op == "insert_trajectory") return insert_trajectory(ns, args);
  if (op == "intern_batch") return intern_batch(ns, args);
  if (op != "move_batch" && op != "delete_batch" && op != "get_batch" && op != "ids")
    return std::nullopt;

  const std::vector<spatio::Handle> handles = stage.handles(ns, args["handles"]);
  if (op == "get_batch") return get_batch(ns, handles);
  if (op == "ids") return told(ns.ids(handles), ids_of);
  if (op == "delete_batch")
    return told(ns.remove_batch(handles), [](std::uint64_t deleted) {
      return Json::object({{"deleted", Json::of(deleted)}});
    });
  const Columns columns(args);
  const spatio::Moves moves{handles, columns.x, columns.y, columns.z, columns.time_us};
  return told(ns.move_batch(moves), told_of);
}
