// The database as a whole: namespaces, durability, figures, and what the library says of itself.
#include <algorithm>

#include "args.hpp"
#include "stage.hpp"

namespace {

Json figures(const spatio::Stats& stats) {
  return Json::object({{"namespaces", Json::of(stats.namespaces)},
                       {"objects", Json::of(stats.objects)},
                       {"handles", Json::of(stats.handles)},
                       {"leaves", Json::of(stats.leaves)},
                       {"memory_bytes", Json::of(stats.memory_bytes)},
                       {"disk_bytes", Json::of(stats.disk_bytes)},
                       {"segments", Json::of(stats.segments)},
                       {"records", Json::of(stats.records)},
                       {"last_seq", Json::of(stats.last_seq)},
                       {"durable_seq", Json::of(stats.durable_seq)},
                       {"buffered_records", Json::of(stats.buffered_records)}});
}

Json found(const spatio::Recovery& recovery) {
  const auto& bad = recovery.first_bad_offset;
  return Json::object({{"has_checkpoint", recovery.has_checkpoint},
                       {"segments", Json::of(recovery.segments)},
                       {"records_kept", Json::of(recovery.records_kept)},
                       {"bytes_dropped", Json::of(recovery.bytes_dropped)},
                       {"first_bad_offset", bad ? Json::of(*bad) : Json()},
                       {"text", recovery.text}});
}

spatio::NamespaceOptions settings(const Json& args) {
  using spatio::History;
  spatio::NamespaceOptions options(args::space(args["space"]));
  if (args.has("ttl_us")) options.ttl(std::chrono::microseconds(args::whole(args["ttl_us"])));
  if (args.has("history"))
    options.history(
        args::named<History>(args["history"], {{"on", History::on}, {"off", History::off}}));
  return options;
}

Json names(const std::vector<std::string>& names) {
  Json list = Json::list();
  for (const std::string& name : names) list.items.emplace_back(name);
  return Json::object({{"names", list}});
}

}  // namespace

Played play_whole(const Stage&, spatio::Database& db, const std::string& op, const Json& args) {
  const auto nothing = [](const spatio::Namespace&) { return Json::object(); };
  if (op == "close") return told(db.close());
  if (op == "flush") return told(db.flush());
  if (op == "sync") return told(db.sync());
  if (op == "checkpoint") return told(db.checkpoint());
  if (op == "stats") return told(db.stats(), figures);
  if (op == "recovery" || op == "recovery_text") return told(db.recovery(), found);
  if (op == "namespaces") return told(db.namespaces(), names);
  if (op == "open_namespace") return told(db.open_namespace(args["name"].string), nothing);
  if (op == "create_namespace")
    return told(db.create_namespace(args["name"].string, settings(args)), nothing);
  if (op == "sweep")
    return told(db.sweep(), [](std::uint64_t removed) {
      return Json::object({{"removed", Json::of(removed)}});
    });
  return std::nullopt;
}

Played play_shapes(const std::string& op, const Json& args) {
  if (op == "version") {
    const std::string version = spatio::version();
    const std::int64_t dots = std::count(version.begin(), version.end(), '.');
    return Json::object({{"parts", dots + 1}});
  }
  if (op == "abi_version") {
    spatio::check_library().value();
    return Json::object({{"version", Json::of(std::uint64_t{SPATIO_ABI_VERSION})}});
  }
  if (op == "status_name") {
    const auto status = static_cast<spatio::Status>(args::whole(args["status"]));
    return Json::object({{"name", spatio::status_name(status)}});
  }
  if (op == "polygon")
    return told(args::polygon(args["polygon"]),
                [](const spatio::Polygon&) { return Json::object(); });
  if (op == "polygon_contains") {
    const auto polygon = args::polygon(args["polygon"]);
    if (!polygon) return polygon.error();
    std::vector<double> x, y;
    for (const Json& point : args["points"].items) {
      x.push_back(args::point(point).x);
      y.push_back(args::point(point).y);
    }
    std::vector<std::uint8_t> inside(x.size());
    polygon->contains(x, y, inside).value();
    Json list = Json::list();
    for (std::size_t i = 0; i < x.size(); i++) {
      if (polygon->contains({x[i], y[i]}).value() != (inside[i] != 0)) nonsense("one is not many");
      list.items.emplace_back(inside[i] != 0);
    }
    return Json::object({{"inside", list}});
  }
  if (op == "distance") {
    const auto distance = spatio::distance(args::space(args["space"]), args::metric(args["metric"]),
                                           args::point(args["from"]), args::point(args["to"]));
    return told(distance, [](double metres) { return Json::object({{"distance", metres}}); });
  }
  return std::nullopt;
}
