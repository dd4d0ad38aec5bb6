// Packed indexes: built, written, opened, and what they are asked. Ids and pairs that have no order
// are sorted for the comparison.
#include <algorithm>

#include "args.hpp"
#include "stage.hpp"

namespace {

using spatio::Hits;
using spatio::Index;
using spatio::IndexLayout;

const std::string& name_of(const Json& args, std::string_view key) {
  static const std::string by_default = "index";
  return args.has(key) ? args::text(args[key]) : by_default;
}

const Index& index_of(const Indexes& indexes, const Json& args, std::string_view key = "index") {
  const auto found = indexes.find(name_of(args, key));
  if (found == indexes.end()) nonsense("no index " + name_of(args, key));
  return found->second;
}

std::uint32_t whole_or(const Json& args, const char* key, std::uint32_t otherwise) {
  return args.has(key) ? static_cast<std::uint32_t>(args::whole(args[key])) : otherwise;
}

// Rows of numbers, one after the other.
std::vector<double> flat(const Json& rows) {
  std::vector<double> found;
  for (const Json& row : rows.items)
    for (const double number : args::numbers(row)) found.push_back(number);
  return found;
}

Json rows_of(const std::vector<double>& numbers, std::size_t dims) {
  Json rows = Json::list();
  for (std::size_t at = 0; at < numbers.size(); at++) {
    if (at % dims == 0) rows.items.push_back(Json::list());
    rows.items.back().items.emplace_back(numbers[at]);
  }
  return rows;
}

std::vector<std::uint64_t> bits(const Json& masks) {
  std::vector<std::uint64_t> found;
  for (const std::int64_t mask : args::wholes(masks))
    found.push_back(static_cast<std::uint64_t>(mask));
  return found;
}

spatio::IndexOptions options_of(const Json& args) {
  spatio::IndexOptions options;
  if (args.has("layout"))
    options.layout(args::named<IndexLayout>(args["layout"], {{"fast", IndexLayout::fast},
                                                             {"origin", IndexLayout::origin},
                                                             {"both", IndexLayout::both}}));
  options.coordinate_bits(whole_or(args, "bits", options.raw().coordinate_bits));
  options.node_size(whole_or(args, "node_size", options.raw().node_size));
  options.interleaved(args["interleaved"] == Json(true));
  options.threads(whole_or(args, "threads", options.raw().threads));
  options.prefix_bytes(whole_or(args, "prefix_bytes", options.raw().prefix_bytes));
  return options;
}

spatio::IndexMetadata metadata_of(const Json& said) {
  spatio::IndexMetadata metadata;
  if (said.has("crs")) metadata.crs = said["crs"].string;
  if (said.has("content_type")) metadata.content_type = said["content_type"].string;
  if (said.has("attribution")) metadata.attribution = said["attribution"].string;
  return metadata;
}

// What an index is built from, as a case writes it down; it keeps the columns.
struct Recipe {
  std::vector<double> min, max, values;
  std::vector<std::uint64_t> masks;
  spatio::TextColumn payloads;
  spatio::IndexItems items;
  spatio::IndexOptions options;
  spatio::IndexMetadata metadata;

  explicit Recipe(const Json& args)
      : min(flat(args["min"])),
        max(flat(args["max"])),
        values(args::numbers(args["values"])),
        masks(bits(args["masks"])),
        payloads(args::texts(args["payloads"])),
        items{static_cast<std::uint32_t>(args::whole(args["dims"])),
              min,
              max,
              args.has("payloads") ? &payloads : nullptr,
              values,
              masks},
        options(options_of(args)),
        metadata(metadata_of(args["metadata"])) {}
  Recipe(const Recipe&) = delete;
  Recipe& operator=(const Recipe&) = delete;
};

Answer keep(Indexes& indexes, const Json& args, spatio::Result<Index> made) {
  if (!made) return made.error();
  indexes[name_of(args, "as")] = std::move(made).value();
  return Json::object();
}

Answer build(Indexes& indexes, const Json& args) {
  const Recipe recipe(args);
  return keep(indexes, args, Index::build(recipe.items, recipe.options, recipe.metadata));
}

Answer build_triangles(Indexes& indexes, const Json& args) {
  const std::vector<double> corners = flat(args["corners"]);
  const spatio::Triangles triangles{whole_or(args, "dims", 0), corners};
  return keep(indexes, args,
              Index::build_triangles(triangles, options_of(args), metadata_of(args["metadata"])));
}

Answer write(const Stage& stage, const Json& args) {
  const Recipe recipe(args);
  const std::string path = stage.path(args["path"]);
  return told(Index::write(path, recipe.items, recipe.options, recipe.metadata),
              [](std::uint64_t bytes) {
                return Json::object({{"bytes", Json::of(bytes)}});
              });
}

Answer open_bytes(Indexes& indexes, const Json& args) {
  std::vector<std::uint8_t> bytes;
  for (const std::int64_t byte : args::wholes(args["bytes"]))
    bytes.push_back(static_cast<std::uint8_t>(byte));
  if (args.has("bytes")) return keep(indexes, args, Index::open_bytes(bytes));
  const auto of_other = index_of(indexes, args, "from").bytes();
  if (!of_other) return of_other.error();
  return keep(indexes, args, Index::open_bytes(*of_other));
}

Answer info(const Index& index) {
  return told(index.info(), [&](const spatio::IndexInfo& info) {
    static const char* const layouts[] = {"fast", "origin", "both"};
    const auto side = [&](const std::array<double, 4>& corner) {
      Json list = Json::list();
      for (std::uint32_t axis = 0; axis < info.dims; axis++) list.items.emplace_back(corner[axis]);
      return info.items == 0 ? Json() : list;
    };
    return Json::object({{"dims", Json::of(info.dims)},
                         {"items", Json::of(info.items)},
                         {"bytes", Json::of(info.bytes)},
                         {"layout", layouts[static_cast<std::uint32_t>(info.layout)]},
                         {"bits", Json::of(info.coordinate_bits)},
                         {"has_payloads", info.has_payloads},
                         {"has_values", info.has_values},
                         {"has_masks", info.has_masks},
                         {"prefix_bytes", Json::of(info.prefix_bytes)},
                         {"min", side(info.min)},
                         {"max", side(info.max)}});
  });
}

Answer metadata(const Index& index) {
  return told(index.metadata(), [](const spatio::IndexMetadata& said) {
    const auto word = [](const std::optional<std::string_view>& text) {
      return text ? Json(*text) : Json();
    };
    return Json::object({{"crs", word(said.crs)},
                         {"content_type", word(said.content_type)},
                         {"attribution", word(said.attribution)}});
  });
}

Json ids_of(const Hits& hits, bool in_order) {
  Json queries = Json::list();
  for (std::size_t query = 0; query < hits.queries(); query++) {
    const auto found = hits.ids_of(query);
    std::vector<std::uint32_t> ids(found.begin(), found.end());
    if (!in_order) std::sort(ids.begin(), ids.end());
    queries.items.push_back(Json::list());
    for (const std::uint32_t id : ids) queries.items.back().items.push_back(Json::of(id));
  }
  return queries;
}

Json found(const Hits& hits) { return Json::object({{"ids", ids_of(hits, false)}}); }

Json ranked(const Hits& hits) {
  Json distances = Json::list();
  for (std::size_t query = 0; query < hits.queries(); query++) {
    distances.items.push_back(Json::list());
    for (const double one : hits.distance_of(query)) distances.items.back().items.emplace_back(one);
  }
  return Json::object({{"ids", ids_of(hits, true)}, {"distances", distances}});
}

Json paired(const Hits& hits) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (std::size_t row = 0; row < hits.size(); row++)
    pairs.emplace_back(hits.ids()[row], hits.others()[row]);
  std::sort(pairs.begin(), pairs.end());
  Json list = Json::list();
  for (const auto& [one, other] : pairs)
    list.items.push_back(Json::list({Json::of(one), Json::of(other)}));
  return Json::object({{"pairs", list}});
}

// Asks a question in both of its forms, of which the second fills hits that hold another answer;
// gives the second's.
Answer both(const spatio::Result<Hits>& fresh, Hits& kept, const spatio::Result<void>& filled,
            Json (*words)(const Hits&)) {
  if (fresh.has_value() != filled.has_value()) nonsense("the two forms differ");
  if (!filled) return filled.error();
  if (words(*fresh).text() != words(kept).text()) nonsense("the two forms differ");
  return Answer(words(kept));
}

Json truths(const std::vector<std::uint8_t>& any) {
  Json list = Json::list();
  for (const std::uint8_t one : any) list.items.emplace_back(one != 0);
  return Json::object({{"any", list}});
}

Answer sums(const Index& index, const spatio::Windows& windows, std::size_t rows) {
  std::vector<std::uint64_t> counts(rows), masks(rows);
  std::vector<double> sums(rows), least(rows), greatest(rows);
  const auto done = index.aggregate(windows, {counts, sums, least, greatest, masks});
  if (!done) return done.error();
  Json answer = Json::object({{"counts", Json::list()},
                              {"sums", Json::list()},
                              {"least", Json::list()},
                              {"greatest", Json::list()},
                              {"masks", Json::list()}});
  for (std::size_t row = 0; row < rows; row++) {
    answer.fields[0].second.items.push_back(Json::of(counts[row]));
    answer.fields[1].second.items.emplace_back(sums[row]);
    answer.fields[2].second.items.emplace_back(least[row]);
    answer.fields[3].second.items.emplace_back(greatest[row]);
    answer.fields[4].second.items.push_back(Json::of(masks[row]));
  }
  return answer;
}

// Questions about windows, boxes and points.
Played ask_windows(const Index& index, Hits& hits, const std::string& op, const Json& args) {
  const std::vector<double> min = flat(args["min"]), max = flat(args["max"]);
  const std::vector<double> far = args::numbers(args["max_distance"]);
  const spatio::Windows windows{min, max};
  const std::size_t rows = args["min"].items.size();
  if (op == "index_search")
    return both(index.search(windows), hits, index.search(windows, hits), found);
  if (op == "index_search_within")
    return both(index.search_within(windows, far), hits, index.search_within(windows, far, hits),
                found);
  if (op == "index_nearest") {
    const std::uint32_t k = whole_or(args, "k", spatio::no_limit);
    return both(index.nearest(windows, k, far), hits, index.nearest(windows, k, far, hits), ranked);
  }
  if (op == "index_aggregate") return sums(index, windows, rows);
  if (op == "index_count") {
    std::vector<std::uint64_t> counts(rows);
    const auto done = index.count(windows, counts);
    if (!done) return Answer(done.error());
    if (rows == 1 && *index.count(windows) != counts[0]) nonsense("the two forms differ");
    Json list = Json::list();
    for (const std::uint64_t count : counts) list.items.push_back(Json::of(count));
    return Answer(Json::object({{"counts", list}}));
  }
  if (op == "index_any") {
    std::vector<std::uint8_t> any(rows);
    const auto done = index.any(windows, any);
    if (!done) return Answer(done.error());
    if (rows == 1 && *index.any(windows) != (any[0] != 0)) nonsense("the two forms differ");
    return Answer(truths(any));
  }
  return std::nullopt;
}

// Questions about the globe, polygons and other indexes.
Played ask_shapes(const Indexes& indexes, const Index& index, Hits& hits, const std::string& op,
                  const Json& args) {
  if (op == "index_nearest_great_circle" || op == "index_search_great_circle") {
    const std::vector<double> lon = args::numbers(args["lon"]), lat = args::numbers(args["lat"]);
    const std::vector<double> far = args::numbers(args["max_distance"]);
    const spatio::Places at{lon, lat};
    if (op == "index_search_great_circle")
      return both(index.search_great_circle(at, far), hits,
                  index.search_great_circle(at, far, hits), found);
    const std::uint32_t k = whole_or(args, "k", spatio::no_limit);
    return both(index.nearest_great_circle(at, k, far), hits,
                index.nearest_great_circle(at, k, far, hits), ranked);
  }
  if (op == "index_search_polygon") {
    const auto polygon = args::polygon(args["polygon"]);
    if (!polygon) return Answer(polygon.error());
    return both(index.search_polygon(*polygon), hits, index.search_polygon(*polygon, hits), found);
  }
  if (op == "index_pairs" || op == "index_join") {
    spatio::Cancel cancel;
    if (args["cancelled"] == Json(true)) cancel.fire();
    const double far = args::number(args["max_distance"]);
    if (op == "index_pairs")
      return both(index.pairs(far, &cancel), hits, index.pairs(far, hits, &cancel), paired);
    const Index& other = index_of(indexes, args, "other");
    return both(index.join(other, far, &cancel), hits, index.join(other, far, hits, &cancel),
                paired);
  }
  return std::nullopt;
}

Played ask_rays(const Index& index, Hits& hits, const std::string& op, const Json& args) {
  const std::vector<double> origin = flat(args["origin"]), direction = flat(args["direction"]);
  const std::vector<double> max_t = args::numbers(args["max_t"]);
  const spatio::Rays rays{origin, direction, max_t};
  const std::size_t count = args["origin"].items.size();
  if (op == "index_raycast")
    return both(index.raycast(rays), hits, index.raycast(rays, hits), ranked);
  if (op == "index_raycast_any") {
    std::vector<std::uint8_t> any(count);
    const auto done = index.raycast_any(rays, any);
    if (!done) return Answer(done.error());
    if (count == 1 && *index.raycast_any(rays) != (any[0] != 0)) nonsense("the two forms differ");
    return Answer(truths(any));
  }
  const bool is_triangles = op == "index_raycast_triangles";
  if (op != "index_raycast_closest" && !is_triangles) return std::nullopt;
  std::vector<std::uint32_t> ids(count);
  std::vector<double> t(count);
  const auto done =
      is_triangles ? index.raycast_triangles(rays, ids, t) : index.raycast_closest(rays, ids, t);
  if (!done) return Answer(done.error());
  Json hit = Json::list(), distances = Json::list();
  for (std::size_t ray = 0; ray < count; ray++) {
    const bool is_hit = ids[ray] != spatio::no_item;
    hit.items.push_back(is_hit ? Json::of(ids[ray]) : Json());
    distances.items.push_back(is_hit ? Json(t[ray]) : Json());
  }
  return Answer(Json::object({{"ids", hit}, {"distances", distances}}));
}

// The three questions of a region.
Answer ask_region(const Index& index, Hits& hits, const Json& args) {
  const auto region = region_of(args["region"]);
  if (!region) return region.error();
  Answer answer =
      both(index.search_region(*region), hits, index.search_region(*region, hits), found);
  if (answer.error) return answer;
  const auto count = index.count_region(*region);
  const auto any = index.any_region(*region);
  if (!count || !any) nonsense("the three questions differ");
  Json told = found(hits);
  told.fields.emplace_back("counts", Json::list({Json::of(*count)}));
  told.fields.emplace_back("any", Json::list({Json(*any)}));
  return told;
}

Played ask_nearness(const Indexes& indexes, const Index& index, Hits& hits, const std::string& op,
                    const Json& args) {
  if (op == "index_estimate") {
    const std::vector<double> min = flat(args["min"]), max = flat(args["max"]);
    const std::size_t rows = args["min"].items.size();
    std::vector<std::uint64_t> lower(rows), upper(rows);
    std::vector<double> guesses(rows);
    const auto done =
        index.estimate({min, max}, whole_or(args, "stop_level", 0), {lower, upper, guesses});
    if (!done) return Answer(done.error());
    Json low = Json::list(), high = Json::list(), guess = Json::list();
    for (std::size_t row = 0; row < rows; row++) {
      low.items.push_back(Json::of(lower[row]));
      high.items.push_back(Json::of(upper[row]));
      guess.items.emplace_back(guesses[row]);
    }
    return Answer(Json::object({{"lower", low}, {"upper", high}, {"estimates", guess}}));
  }
  spatio::Cancel cancel;
  if (args["cancelled"] == Json(true)) cancel.fire();
  if (op == "index_anti_join") {
    const Index& other = index_of(indexes, args, "other");
    const double far = args::number(args["max_distance"]);
    return both(index.anti_join(other, far, &cancel), hits,
                index.anti_join(other, far, hits, &cancel), found);
  }
  if (op == "index_closest_pair") {
    const auto pair = args.has("other")
                          ? index.closest_pair(index_of(indexes, args, "other"), &cancel)
                          : index.closest_pair(&cancel);
    return told(pair, [](const std::optional<spatio::ClosestPair>& one) {
      if (!one) return Json::object({{"pair", Json()}, {"distance", Json()}});
      const Json ids = Json::list({Json::of(one->id), Json::of(one->other)});
      return Json::object({{"pair", ids}, {"distance", one->distance}});
    });
  }
  if (op != "index_components") return std::nullopt;
  std::vector<std::uint32_t> labels(static_cast<std::size_t>(index.info().value().items));
  const auto done = index.components(args::number(args["max_distance"]), labels, &cancel);
  if (!done) return Answer(done.error());
  Json list = Json::list();
  for (const std::uint32_t label : labels) list.items.push_back(Json::of(label));
  return Answer(Json::object({{"labels", list}}));
}

Json text_of(spatio::Bytes bytes) {
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

Json payloads_of(const Hits& hits) {
  Json list = Json::list();
  for (std::size_t row = 0; row < hits.size(); row++)
    list.items.push_back(text_of(hits.payload(row)));
  return Json::object({{"payloads", list}});
}

// What stands in an index.
Played ask_contents(const Index& index, Hits& hits, const std::string& op, const Json& args) {
  if (op == "index_info") return info(index);
  if (op == "index_metadata") return metadata(index);
  if (op == "index_verify") return told(index.verify());
  if (op == "index_payload")
    return told(index.payload(whole_or(args, "id", 0)),
                [](const std::optional<spatio::Bytes>& payload) {
                  return Json::object({{"payload", payload ? text_of(*payload) : Json()}});
                });
  std::vector<std::uint32_t> ids;
  for (const std::int64_t id : args::wholes(args["ids"]))
    ids.push_back(static_cast<std::uint32_t>(id));
  if (op == "index_payloads")
    return both(index.payloads(ids), hits, index.payloads(ids, hits), payloads_of);
  if (op != "index_boxes") return std::nullopt;
  std::vector<double> min(ids.size() * index.dims()), max(min.size());
  const auto done = index.boxes(ids, min, max);
  if (!done) return Answer(done.error());
  return Answer(
      Json::object({{"min", rows_of(min, index.dims())}, {"max", rows_of(max, index.dims())}}));
}

}  // namespace

spatio::Result<spatio::Region> region_of(const Json& given) {
  using spatio::Region;
  const std::string& shape = args::text(given["shape"]);
  const auto column = [&](const char* name) { return args::numbers(given[name]); };
  const auto size = [&](const char* name) { return args::number(given[name]); };
  if (shape == "ball") return Region::ball(column("centre"), size("radius"));
  if (shape == "capsule") return Region::capsule(column("from"), column("to"), size("radius"));
  if (shape == "cone")
    return Region::cone(column("apex"), column("direction"), size("half_angle_rad"),
                        size("length"));
  if (shape == "half_space") return Region::half_space(column("normal"), size("offset"));
  if (shape == "convex") {
    std::vector<spatio::Corner> points;
    const std::vector<double> xy = flat(given["points"]);
    for (std::size_t at = 0; at < xy.size(); at += 2) points.push_back({xy[at], xy[at + 1]});
    return Region::convex(points);
  }
  if (shape == "polygon") {
    const auto polygon = args::polygon(given["polygon"]);
    if (!polygon) return polygon.error();
    return Region::polygon(*polygon);
  }
  if (shape == "frustum") {
    std::array<double, 24> planes{};
    const std::vector<double> numbers = flat(given["planes"]);
    std::copy(numbers.begin(), numbers.end(), planes.begin());
    return Region::frustum(planes);
  }
  if (shape != "view_projection") nonsense("no shape " + shape);
  std::array<double, 16> matrix{};
  const std::vector<double> numbers = flat(given["matrix"]);
  std::copy(numbers.begin(), numbers.end(), matrix.begin());
  return Region::view_projection(matrix, given["depth_from_zero"] == Json(true));
}

Played play_indexes(const Stage& stage, Indexes& indexes, Hits& hits, const std::string& op,
                    const Json& args) {
  if (op.rfind("index_", 0) != 0) return std::nullopt;
  if (op == "index_build") return build(indexes, args);
  if (op == "index_build_triangles") return build_triangles(indexes, args);
  if (op == "index_write") return write(stage, args);
  if (op == "index_open") return keep(indexes, args, Index::open(stage.path(args["path"])));
  if (op == "index_open_bytes") return open_bytes(indexes, args);
  const Index& index = index_of(indexes, args);
  if (op == "index_close") {
    indexes.erase(name_of(args, "index"));
    return Answer(Json::object());
  }
  if (Played answer = ask_windows(index, hits, op, args)) return answer;
  if (Played answer = ask_shapes(indexes, index, hits, op, args)) return answer;
  if (Played answer = ask_rays(index, hits, op, args)) return answer;
  if (op == "index_region") return ask_region(index, hits, args);
  if (Played answer = ask_nearness(indexes, index, hits, op, args)) return answer;
  return ask_contents(index, hits, op, args);
}
