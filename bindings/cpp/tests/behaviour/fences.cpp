// Fences: built, written, opened, and asked.
#include "args.hpp"
#include "stage.hpp"

namespace {

using spatio::FenceColumns;
using spatio::Fences;

std::string name_or(const Json& args, std::string_view key) {
  return args.has(key) ? args::text(args[key]) : "fences";
}

Answer keep(AllFences& all, const Json& args, spatio::Result<Fences> made) {
  if (!made) return made.error();
  all[name_or(args, "as")] = std::move(made).value();
  return Json::object();
}

// What fences are built from, as a case writes it down; it keeps the polygons.
struct Recipe {
  std::vector<spatio::Polygon> polygons;
  spatio::FenceItems items;
  std::optional<spatio::Error> refused;

  explicit Recipe(const Json& args) : items(args::space(args["space"])) {
    for (const Json& parts : args["polygons"].items) {
      auto made = args::polygon(parts);
      if (!made) {
        refused = made.error();
        return;
      }
      polygons.push_back(std::move(made).value());
    }
    const spatio::TextColumn ids = args::texts(args["ids"]),
                             payloads = args::texts(args["payloads"]);
    for (std::size_t row = 0; row < ids.size(); row++)
      items.add(ids[row], polygons.at(row), payloads.empty() ? std::string_view() : payloads[row]);
  }
};

Json info_of(const spatio::FencesInfo& info) {
  return Json::object({{"space", word(info.space)},
                       {"fences", Json::of(info.fences)},
                       {"bytes", Json::of(info.bytes)}});
}

Json fence_of(const spatio::Fence& fence) {
  return Json::object(
      {{"found", true}, {"id", fence.id}, {"payload", text_or_null(fence.payload)}});
}

spatio::Handle handle_of(const Fences& fences, const Json& value) {
  const std::string& word = args::text(value);
  if (word[0] == '#') return std::strtoull(word.c_str() + 1, nullptr, 10);
  const auto found = fences.get(word);
  if (!found) nonsense(word + " is no fence");
  return found->handle;
}

// The ids and payloads of each question's fences; their handles must lead to the same ids.
Answer tell(const Fences& fences, const spatio::Result<spatio::Rows>& found) {
  if (!found) return found.error();
  Json ids = Json::list(), payloads = Json::list();
  for (std::size_t question = 0; question < found->queries(); question++) {
    ids.items.push_back(Json::list());
    payloads.items.push_back(Json::list());
    for (const spatio::Row row : found->of(question)) {
      if (fences.get_by_handle(row.handle()).value().id != row.id())
        nonsense("a handle leads elsewhere");
      ids.items.back().items.emplace_back(row.id());
      payloads.items.back().items.emplace_back(row.payload_text());
    }
  }
  return Json::object({{"ids", ids}, {"payloads", payloads}});
}

std::vector<double> axis_of(const Json& points, std::size_t axis) {
  std::vector<double> column;
  for (const Json& point : points.items) column.push_back(args::numbers(point).at(axis));
  return column;
}

Answer ask(const Fences& fences, const std::string& op, const Json& args) {
  if (op == "fences_info") return told(fences.info(), info_of);
  if (op == "fences_verify") return told(fences.verify());
  if (op == "fences_get") return told(fences.get(args::text(args["id"])), fence_of);
  if (op == "fences_get_by_handle")
    return told(fences.get_by_handle(handle_of(fences, args["handle"])), fence_of);
  if (op == "fences_containing") {
    const std::vector<double> x = axis_of(args["points"], 0), y = axis_of(args["points"], 1);
    return tell(fences, fences.containing(x, y, FenceColumns::all));
  }
  if (op != "fences_intersecting") nonsense("no such operation: " + op);
  const std::vector<double> min_x = axis_of(args["min"], 0), min_y = axis_of(args["min"], 1),
                            max_x = axis_of(args["max"], 0), max_y = axis_of(args["max"], 1);
  return tell(fences, fences.intersecting({min_x, min_y, max_x, max_y}, FenceColumns::all));
}

}  // namespace

Played play_fences(const Stage& stage, AllFences& all, const std::string& op, const Json& args) {
  if (op.rfind("fences_", 0) != 0) return std::nullopt;
  if (op == "fences_build" || op == "fences_write") {
    const Recipe recipe(args);
    if (recipe.refused) return *recipe.refused;
    if (op == "fences_build") return keep(all, args, Fences::build(recipe.items));
    const auto bytes = Fences::write(stage.path(args["path"]), recipe.items, freeze_options(args));
    return told(bytes, [](std::uint64_t n) { return Json::object({{"bytes", Json::of(n)}}); });
  }
  if (op == "fences_open") return keep(all, args, Fences::open(stage.path(args["path"])));
  if (op == "fences_open_bytes") return keep(all, args, Fences::open_bytes(bytes_of(stage, args)));
  const auto found = all.find(name_or(args, "fences"));
  if (found == all.end()) nonsense("no fences " + name_or(args, "fences"));
  if (op != "fences_close") return ask(found->second, op, args);
  all.erase(found);
  return Json::object();
}
