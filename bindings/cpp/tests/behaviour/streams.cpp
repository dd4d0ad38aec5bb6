// Streamed indexes: opened over the bytes of an index, asked, their rounds counted. Questions are
// asked in both of their forms.
#include <algorithm>

#include "args.hpp"
#include "stage.hpp"

namespace {

using spatio::Hits;
using spatio::StreamIndex;

constexpr double infinity = std::numeric_limits<double>::infinity();

// Reads memory, and counts its calls.
spatio::RangeReader reader_of(std::shared_ptr<Streamed::Memory> memory) {
  return [memory](spatio::span<const spatio::ByteRange> ranges,
                  spatio::RangeParts& parts) -> spatio::Result<void> {
    memory->rounds++;
    for (std::size_t at = 0; at < ranges.size(); at++)
      std::copy_n(memory->file.begin() + static_cast<std::ptrdiff_t>(ranges[at].offset),
                  parts[at].size(), parts[at].begin());
    return {};
  };
}

spatio::StreamOptions options_of(const Json& args) {
  spatio::StreamOptions options;
  const auto whole = [&](const char* name, std::uint64_t otherwise) {
    return args.has(name) ? static_cast<std::uint64_t>(args::whole(args[name])) : otherwise;
  };
  const spatio_stream_options raw = options.raw();
  return options.without_fast(args["without_fast"] == Json(true))
      .gap_bytes(whole("gap_bytes", raw.gap_bytes))
      .read_bytes(whole("read_bytes", raw.read_bytes))
      .round_bytes(whole("round_bytes", raw.round_bytes))
      .kept_bytes(whole("kept_bytes", raw.kept_bytes))
      .max_reads(whole("max_reads", raw.max_reads))
      .max_bytes(whole("max_bytes", raw.max_bytes))
      .max_items(whole("max_items", raw.max_items));
}

Answer open(const Indexes& indexes, Streams& streams, const Json& args) {
  Streamed made;
  if (args.has("bytes")) {
    for (const std::int64_t byte : args::wholes(args["bytes"]))
      made.memory->file.push_back(static_cast<std::uint8_t>(byte));
  } else {
    const auto found = indexes.find(args.has("from") ? args::text(args["from"]) : "index");
    if (found == indexes.end()) nonsense("no index to stream");
    const auto bytes = found->second.bytes();
    if (!bytes) return bytes.error();
    made.memory->file.assign(bytes->begin(), bytes->end());
  }
  auto opened =
      StreamIndex::open(made.memory->file.size(), reader_of(made.memory), options_of(args));
  if (!opened) return opened.error();
  made.index = std::move(opened).value();
  const std::uint64_t rounds = made.memory->rounds;
  if (made.index.spent().rounds != rounds) nonsense("the rounds that are told are others");
  streams[args.has("as") ? args::text(args["as"]) : "stream"] = std::move(made);
  return Json::object({{"rounds", Json::of(rounds)}});
}

Json info_of(const spatio::StreamInfo& info) {
  const auto side = [&](const std::array<double, 4>& corner) {
    Json list = Json::list();
    for (std::uint32_t axis = 0; axis < info.dims; axis++) list.items.emplace_back(corner[axis]);
    return info.items == 0 ? Json() : list;
  };
  return Json::object({{"dims", Json::of(info.dims)},
                       {"items", Json::of(info.items)},
                       {"asks_fast", info.asks_fast},
                       {"has_payloads", info.has_payloads},
                       {"prefix_bytes", Json::of(info.prefix_bytes)},
                       {"has_aggregates", info.has_aggregates},
                       {"min", side(info.min)},
                       {"max", side(info.max)}});
}

// Items and ranks in the order of items.
std::vector<std::pair<std::uint32_t, std::uint32_t>> sorted(const Hits& hits) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> rows;
  for (std::size_t row = 0; row < hits.size(); row++)
    rows.emplace_back(hits.ids()[row], hits.ranks()[row]);
  std::sort(rows.begin(), rows.end());
  return rows;
}

Json items_of(const Hits& hits) {
  Json ids = Json::list();
  for (const auto& [id, rank] : sorted(hits)) ids.items.push_back(Json::of(id));
  return Json::object({{"ids", ids}});
}

Json ranked(const Hits& hits) {
  Json ids = Json::list(), distances = Json::list();
  for (std::size_t row = 0; row < hits.size(); row++) {
    ids.items.push_back(Json::of(hits.ids()[row]));
    distances.items.emplace_back(hits.distance()[row]);
  }
  return Json::object({{"ids", ids}, {"distances", distances}});
}

Json payloads_of(const Hits& hits) {
  Json list = Json::list();
  for (std::size_t row = 0; row < hits.size(); row++) {
    const spatio::Bytes bytes = hits.payload(row);
    list.items.push_back(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  }
  return Json::object({{"payloads", list}});
}

// The answer of the form that fills kept hits, which the other form must give too.
Answer both(const spatio::Result<Hits>& fresh, Hits& kept, const spatio::Result<void>& filled,
            Json (*words)(const Hits&)) {
  if (fresh.has_value() != filled.has_value()) nonsense("the two forms differ");
  if (!filled) return filled.error();
  if (words(*fresh).text() != words(kept).text()) nonsense("the two forms differ");
  return Answer(words(kept));
}

Answer payloads(const StreamIndex& index, Hits& hits, const std::string& op, const Json& args) {
  std::vector<std::uint32_t> ranks;
  Json ids = Json::list();
  if (args.has("ranks")) {
    for (const std::int64_t rank : args::wholes(args["ranks"]))
      ranks.push_back(static_cast<std::uint32_t>(rank));
  } else {
    const std::vector<double> min = args::numbers(args["min"]), max = args::numbers(args["max"]);
    const auto done = index.search({min, max}, hits);
    if (!done) return done.error();
    for (const auto& [id, rank] : sorted(hits)) {
      ids.items.push_back(Json::of(id));
      ranks.push_back(rank);
    }
  }
  Answer answer = op == "stream_prefixes"
                      ? both(index.prefixes(ranks), hits, index.prefixes(ranks, hits), payloads_of)
                      : both(index.payloads(ranks), hits, index.payloads(ranks, hits), payloads_of);
  if (!answer.error) answer.value.set("ids", ids);
  return answer;
}

std::uint32_t k_of(const Json& args) {
  return args.has("k") ? static_cast<std::uint32_t>(args::whole(args["k"])) : spatio::no_limit;
}

Answer counted(const spatio::Result<std::uint64_t>& count) {
  return told(count, [](std::uint64_t found) {
    return Json::object({{"count", Json::of(found)}});
  });
}

// Regions, radii and places on the globe.
Played ask_shapes(const StreamIndex& index, Hits& hits, const std::string& op, const Json& args,
                  const spatio::Windows& window, double most) {
  if (op == "stream_search_region" || op == "stream_count_region") {
    const auto region = region_of(args["region"]);
    if (!region) return region.error();
    if (op == "stream_count_region") return counted(index.count_region(*region));
    return both(index.search_region(*region), hits, index.search_region(*region, hits), items_of);
  }
  if (op == "stream_search_within")
    return both(index.search_within(window, most), hits, index.search_within(window, most, hits),
                items_of);
  if (op == "stream_count_within") return counted(index.count_within(window, most));
  const bool is_search = op == "stream_search_great_circle";
  if (!is_search && op != "stream_nearest_great_circle") return std::nullopt;
  const double lon = args::number(args["lon"]), lat = args::number(args["lat"]);
  if (is_search)
    return both(index.search_great_circle(lon, lat, most), hits,
                index.search_great_circle(lon, lat, most, hits), items_of);
  const auto k = k_of(args);
  return both(index.nearest_great_circle(lon, lat, k, most), hits,
              index.nearest_great_circle(lon, lat, k, most, hits), ranked);
}

Played ask(const StreamIndex& index, Hits& hits, const std::string& op, const Json& args) {
  const auto far = [&](const char* name) {
    return args.has(name) ? args::number(args[name]) : infinity;
  };
  const std::vector<double> min = args::numbers(args["min"]), max = args::numbers(args["max"]);
  const spatio::Windows window{min, max};
  if (op == "stream_info") return told(index.info(), info_of);
  if (op == "stream_search")
    return both(index.search(window), hits, index.search(window, hits), items_of);
  if (op == "stream_count") return counted(index.count(window));
  if (op == "stream_aggregate")
    return told(index.aggregate(window), [](const spatio::StreamAggregate& found) {
      return Json::object({{"count", Json::of(found.count)},
                           {"sum", found.sum},
                           {"least", found.least},
                           {"greatest", found.greatest},
                           {"mask", Json::of(found.mask)}});
    });
  if (op == "stream_nearest") {
    const std::vector<double> at = args::numbers(args["at"]);
    const auto k = k_of(args);
    const double most = far("max_distance");
    return both(index.nearest(at, k, most), hits, index.nearest(at, k, most, hits), ranked);
  }
  if (op == "stream_raycast_closest")
    return told(index.raycast_closest(args::numbers(args["origin"]),
                                      args::numbers(args["direction"]), far("max_t")),
                [](const std::optional<spatio::StreamHit>& hit) {
                  return Json::object({{"id", hit ? Json::of(hit->id) : Json()},
                                       {"distance", hit ? Json(hit->t) : Json()}});
                });
  if (op == "stream_payloads" || op == "stream_prefixes") return payloads(index, hits, op, args);
  return ask_shapes(index, hits, op, args, window, far("max_distance"));
}

// How many rounds one form of a question takes: those of both forms are twice as many.
// Payloads of what a window holds are told with the search for it, which is asked once.
std::uint64_t forms_of(const std::string& op, const Json& args) {
  const bool has_payloads = op == "stream_payloads" || op == "stream_prefixes";
  const bool has_hits = op.rfind("stream_search", 0) == 0 || op.rfind("stream_nearest", 0) == 0 ||
                        (has_payloads && args.has("ranks"));
  return has_hits ? 2 : 1;
}

}  // namespace

Played play_streams(const Indexes& indexes, Streams& streams, Hits& hits, const std::string& op,
                    const Json& args) {
  if (op.rfind("stream_", 0) != 0) return std::nullopt;
  if (op == "stream_open") return open(indexes, streams, args);
  const std::string name = args.has("stream") ? args::text(args["stream"]) : "stream";
  const auto found = streams.find(name);
  if (found == streams.end()) nonsense("no stream " + name);
  if (op == "stream_close") {
    streams.erase(found);
    return Answer(Json::object());
  }
  Streamed& stream = found->second;
  const std::uint64_t before = stream.memory->rounds, said = stream.index.spent().rounds;
  Played answer = ask(stream.index, hits, op, args);
  const std::uint64_t rounds = stream.memory->rounds - before;
  if (answer && !answer->error) {
    if (stream.index.spent().rounds - said != rounds) nonsense("the rounds that are told differ");
    if (rounds % forms_of(op, args) != 0) nonsense("the two forms take other rounds");
    answer->value.set("rounds", Json::of(rounds / forms_of(op, args)));
  }
  return answer;
}
