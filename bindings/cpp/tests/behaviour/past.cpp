// Questions about the past, and distances between objects.
#include <cmath>

#include "args.hpp"
#include "stage.hpp"

namespace {

using spatio::Namespace;
using Handles = std::vector<spatio::Handle>;

Answer trajectory(const Namespace& ns, const Handles& handles, const Json& args) {
  using spatio::Order;
  spatio::During during;
  during.start_us = args::whole(args["start_us"]);
  during.end_us = args::whole(args["end_us"]);
  during.order = args::named<Order>(args["order"], {{"oldest_first", Order::oldest_first},
                                                    {"newest_first", Order::newest_first}});
  during.limit = args::limit(args);
  spatio::Cancel cancel;
  if (args["cancelled"] == Json(true)) cancel.fire();
  const auto found = ns.trajectory(handles, during, &cancel);
  if (!found) return found.error();
  Json tracks = Json::list();
  for (std::size_t i = 0; i < found->queries(); i++) {
    Json track = Json::list();
    for (const spatio::Row row : found->of(i))
      track.items.push_back(Json::list({row.time_us(), row.x(), row.y(), row.z()}));
    tracks.items.push_back(std::move(track));
  }
  return Json::object({{"tracks", tracks}});
}

Answer positions_at(const Namespace& ns, const Handles& handles, const Json& args) {
  using spatio::Interpolation;
  const auto how = args::named<Interpolation>(
      args["interpolation"], {{"linear", Interpolation::linear}, {"last", Interpolation::last}});
  const std::int64_t time_us = args::whole(args["time_us"]);
  std::vector<double> x(handles.size()), y(handles.size()), z(handles.size());
  std::vector<std::uint8_t> found(handles.size());
  const auto done = ns.positions_at(handles, time_us, how, {x, y, z, found});
  if (!done) return done.error();
  Json positions = Json::list();
  for (std::size_t i = 0; i < handles.size(); i++) {
    const auto one = ns.position_at(handles[i], time_us, how).value();
    if (one.has_value() != (found[i] != 0) || (one && one->x != x[i])) nonsense("one is not many");
    positions.items.push_back(found[i] != 0 ? place({x[i], y[i], z[i]}) : Json());
  }
  return Json::object({{"positions", positions}});
}

Answer distances_of(const spatio::Result<void>& done, const std::vector<double>& distances) {
  if (!done) return done.error();
  Json list = Json::list();
  for (double distance : distances)
    list.items.push_back(std::isnan(distance) ? Json() : Json(distance));
  return Json::object({{"distances", list}});
}

}  // namespace

Played play_past(const Stage& stage, const Namespace& ns, const std::string& op, const Json& args) {
  if (op == "trajectory") return trajectory(ns, stage.handles(ns, args["handles"]), args);
  if (op == "positions_at") return positions_at(ns, stage.handles(ns, args["handles"]), args);
  if (op == "distance_between") {
    const Handles a = stage.handles(ns, args["a"]), b = stage.handles(ns, args["b"]);
    std::vector<double> distances(a.size());
    const auto done = ns.distance_between(a, b, args::metric(args["metric"]), distances);
    return distances_of(done, distances);
  }
  if (op == "distance_to") {
    const Handles handles = stage.handles(ns, args["handles"]);
    std::vector<double> distances(handles.size());
    const auto done =
        ns.distance_to(handles, args::point(args["at"]), args::metric(args["metric"]), distances);
    return distances_of(done, distances);
  }
  return std::nullopt;
}
