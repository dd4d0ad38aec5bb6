// Questions about the present: every kind of query, and the calls with names of their own.
#include <algorithm>
#include <cmath>

#include "../arrow.hpp"
#include "args.hpp"
#include "stage.hpp"

namespace {

using spatio::Namespace;
using spatio::Query;
using spatio::Row;
using spatio::Rows;

Json row_of(const Row& row) {
  Json fields =
      Json::object({{"id", row.id()}, {"at", place(row.position())}, {"time_us", row.time_us()}});
  if (!std::isnan(row.distance())) fields.set("distance", row.distance());
  if (!row.payload().empty()) fields.set("payload", row.payload_text());
  return fields;
}

template <class Range>
Json rows_of(const Range& range) {
  Json list = Json::list();
  for (const Row row : range) list.items.push_back(row_of(row));
  return Json::object({{"rows", list}});
}

// A query as a case writes it down. Its polygon and its texts live here, because it borrows them.
struct Asked {
  Query query{spatio::QueryKind::everywhere};
  std::optional<spatio::Polygon> polygon;
  std::optional<spatio::Error> refused;

  Asked(const Resolve& handle, const Json& args) {
    if (args.has("polygon")) {
      auto made = args::polygon(args["polygon"]);
      if (!made) {
        refused = made.error();
        return;
      }
      polygon = std::move(made).value();
    }
    query = shape(handle, args);
    query.limit(args::limit(args)).with_ids().with_payloads();
    query.exclude_origin(args["exclude_origin"] == Json(true));
    if (args.has("id_prefix")) query.id_prefix(args["id_prefix"].string);
    if (args.has("since_us")) query.since_us(args::whole(args["since_us"]));
    if (args.has("max_age_us"))
      query.max_age(std::chrono::microseconds(args::whole(args["max_age_us"])));
    if (args.has("altitude")) {
      const std::vector<double> span = args::numbers(args["altitude"]);
      query.altitude(span.at(0), span.at(1));
    }
  }

  Query shape(const Resolve& handle, const Json& args) const {
    const std::string& kind = args["kind"].string;
    const auto origin = [&]() -> spatio::Origin {
      if (args.has("around")) return spatio::around(handle(args["around"]));
      return args::point(args["at"]);
    };
    const auto number = [&](const char* name) { return args::number(args[name]); };
    const std::vector<double> min = args::numbers(args["min"]), max = args::numbers(args["max"]),
                              size = args::numbers(args["size"]);
    if (kind == "circle") return Query::circle(origin(), number("radius"));
    if (kind == "sphere") return Query::sphere(origin(), number("radius"));
    if (kind == "cylinder")
      return Query::cylinder(origin(), number("radius"), number("min_z"), number("max_z"));
    if (kind == "nearest") {
      Query nearest = Query::nearest(args::limit(args), origin());
      if (args.has("radius")) nearest.radius(number("radius"));
      return nearest;
    }
    if (kind == "box") return Query::box({min.at(0), min.at(1), max.at(0), max.at(1)});
    if (kind == "box_3d")
      return Query::box_3d({{min.at(0), min.at(1), min.at(2)}, {max.at(0), max.at(1), max.at(2)}});
    if (kind == "box_around") return Query::box_around(origin(), size.at(0), size.at(1));
    if (kind == "box_3d_around")
      return Query::box_3d_around(origin(), size.at(0), size.at(1), size.at(2));
    if (kind == "polygon") return Query::polygon(*polygon);
    if (kind == "everywhere") return Query::everywhere();
    if (kind[0] != '#') nonsense("kind " + kind);
    return Query(static_cast<spatio::QueryKind>(std::stoul(kind.substr(1))));
  }
};

// Whether the same question into columns of one's own finds the same.
template <class Source>
bool same_in_own_columns(const Source& source, const Query& query, const Rows& rows) {
  const std::size_t n = rows.size() + 1;
  std::vector<spatio::Handle> handles(n);
  std::vector<double> x(n), y(n), z(n), distance(n);
  std::vector<std::int64_t> time_us(n);
  const auto found = source.query_into(query, {handles, x, y, z, time_us, distance});
  if (!found || *found != rows.size()) return false;
  for (std::size_t i = 0; i < *found; i++) {
    const auto at = std::find(rows.handles().begin(), rows.handles().end(), handles[i]);
    if (at == rows.handles().end()) return false;
    const Row row = rows[static_cast<std::size_t>(at - rows.handles().begin())];
    const bool same_distance = row.distance() == distance[i] || std::isnan(distance[i]);
    if (row.x() != x[i] || row.y() != y[i] || row.z() != z[i] || row.time_us() != time_us[i] ||
        !same_distance)
      return false;
  }
  return true;
}

// Asks three times, into new rows, into used ones, and into columns: all must say the same.
template <class Source>
Answer ask(const Source& source, const Resolve& handle, const Json& args) {
  const Asked asked(handle, args);
  if (asked.refused) return *asked.refused;
  Rows used;
  if (args["cancelled"] == Json(true)) {
    spatio::Cancel cancel;
    cancel.fire();
    const auto done = source.query(asked.query, used, &cancel);
    if (!done) return done.error();
    return rows_of(used);
  }
  const auto fresh = source.query(asked.query);
  static_cast<void>(source.query(Query::everywhere(), used));
  const auto again = source.query(asked.query, used);
  if (fresh.has_value() != again.has_value() || fresh.status() != again.status())
    nonsense("used rows say other than new ones");
  if (!fresh) return fresh.error();
  // With a limit and no order any rows may come, and others each time.
  const Json found = rows_of(*fresh), found_again = rows_of(used);
  if (!args.has("limit") && found != found_again)
    nonsense("used rows " + found_again.text() + ", new rows " + found.text());
  if (!args.has("limit") && !same_in_own_columns(source, asked.query, *fresh))
    nonsense("own columns say other than rows: " + found.text());
  return found;
}

template <class Source>
Answer ask_all(const Source& source, const Resolve& handle, const Json& args) {
  std::vector<Asked> asked;
  for (const Json& query : args["queries"].items) {
    asked.emplace_back(handle, query);
    if (asked.back().refused) return *asked.back().refused;
  }
  std::vector<Query> queries;
  for (Asked& one : asked) {
    // The polygon may have moved with the vector.
    if (one.polygon) one.query = one.shape(handle, args["queries"].items[queries.size()]);
    queries.push_back(one.query.with_ids().with_payloads());
  }
  const auto rows = source.run(queries);
  if (!rows) return rows.error();
  Json results = Json::list();
  for (std::size_t i = 0; i < rows->queries(); i++) results.items.push_back(rows_of(rows->of(i)));
  return Json::object({{"results", results}});
}

// The calls with names of their own give no ids, so that these are fetched by the handles.
Json with_ids(const Namespace& ns, const Rows& rows) {
  const Rows ids = ns.ids(rows.handles()).value();
  Json list = Json::list();
  for (const Row row : rows) {
    Json fields = Json::object(
        {{"id", ids[row.index()].id()}, {"at", place(row.position())}, {"time_us", row.time_us()}});
    if (!std::isnan(row.distance())) fields.set("distance", row.distance());
    const auto payload = ns.payload(row.handle()).value();
    if (!payload.empty()) fields.set("payload", std::string(payload.begin(), payload.end()));
    list.items.push_back(std::move(fields));
  }
  return Json::object({{"rows", list}});
}

spatio::Result<Rows> call(const Stage& stage, const Namespace& ns, const std::string& op,
                          const Json& args) {
  const std::uint32_t limit = args::limit(args);
  if (op == "query_radius")
    return ns.query_radius(args::point(args["at"]), args::number(args["radius"]), limit);
  if (op == "knn")
    return ns.knn(args::point(args["at"]), static_cast<std::uint32_t>(args::whole(args["k"])));
  if (op == "query_near")
    return ns.query_near(stage.handle(ns, args["origin"]), args::number(args["radius"]), limit);
  if (op == "query_box") {
    const std::vector<double> min = args::numbers(args["min"]), max = args::numbers(args["max"]);
    return ns.query_box({min.at(0), min.at(1), max.at(0), max.at(1)}, limit);
  }
  const auto polygon = args::polygon(args["polygon"]);
  if (!polygon) return polygon.error();
  return ns.query_polygon(*polygon, limit);
}

Answer query_arrow(const Namespace& ns, const Resolve& handle, const Json& args) {
  const Asked asked(handle, args);
  const auto rows = ns.query(asked.query);
  if (!rows) return rows.error();
  ArrowOwned out;
  spatio::export_arrow(*rows, out.schema, out.array).value();
  Json list = Json::list();
  for (std::size_t row = 0; row < out.rows(); row++) {
    Json fields =
        Json::object({{"id", out.text("id", row)},
                      {"at", place({out.real("x", row), out.real("y", row), out.real("z", row)})},
                      {"time_us", out.whole("time", row)}});
    if (out.has("distance")) fields.set("distance", out.real("distance", row));
    if (!out.text("payload", row).empty()) fields.set("payload", out.text("payload", row));
    list.items.push_back(std::move(fields));
  }
  return Json::object({{"rows", list}});
}

Json ring_of(const Rows& rows) {
  Json ring = Json::list();
  for (const Row row : rows) ring.items.push_back(Json::list({row.x(), row.y()}));
  return Json::object({{"ring", ring}});
}

Json bounds_of(const spatio::Bounds& bounds) {
  if (bounds.is_empty) return Json::object({{"empty", true}});
  return Json::object({{"empty", false}, {"min", place(bounds.min)}, {"max", place(bounds.max)}});
}

}  // namespace

Answer ask_pack(const spatio::Pack& pack, const Resolve& handle, const Json& args) {
  return ask(pack, handle, args);
}

Answer ask_pack_all(const spatio::Pack& pack, const Resolve& handle, const Json& args) {
  return ask_all(pack, handle, args);
}

Played play_queries(const Stage& stage, const Namespace& ns, const std::string& op,
                    const Json& args) {
  const Resolve handle = [&](const Json& value) { return stage.handle(ns, value); };
  if (op == "query") return ask(ns, handle, args);
  if (op == "query_run") return ask_all(ns, handle, args);
  if (op == "query_arrow") return query_arrow(ns, handle, args);
  if (op == "convex_hull") return told(ns.convex_hull(), ring_of);
  if (op == "bounds") return told(ns.bounds(), bounds_of);
  if (op == "query_radius" || op == "query_box" || op == "query_polygon" || op == "query_near" ||
      op == "knn")
    return told(call(stage, ns, op, args), [&](const Rows& rows) { return with_ids(ns, rows); });
  return std::nullopt;
}
