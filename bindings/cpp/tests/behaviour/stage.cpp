#include "stage.hpp"

#include "args.hpp"

namespace {

std::string check_error(const Json& step, const spatio::Error& error) {
  const std::string message(error.message());
  const std::string status = spatio::status_name(error.status());
  if (status != step["error"].string)
    return "expected " + step["error"].text() + ", found " + status + ": " + message;
  for (const Json& word : step["message"].items)
    if (message.find(word.string) == std::string::npos)
      return word.text() + " is not in " + message;
  if (step.has("row") && error.row() != static_cast<std::size_t>(args::whole(step["row"])))
    return "expected row " + step["row"].text() + " of " + message;
  return {};
}

}  // namespace

Json place(spatio::Point at) { return Json::list({at.x, at.y, at.z}); }

Stage::Stage(const Json& test_case) : clock_us_(args::whole(test_case["clock_us"])) {
  Json first = Json::object({{"memory", test_case["where"] == Json("memory")}});
  if (test_case.has("options")) first.set("options", test_case["options"]);
  const Answer opened = open(first);
  if (opened.error) nonsense(std::string(opened.error->message()));
}

std::string Stage::step(const std::string& op, const Json& step) {
  const Answer answer = play(op, step["args"]);
  if (step.has("error")) {
    if (!answer.error) return "expected " + step["error"].text() + ", found " + answer.value.text();
    return check_error(step, *answer.error);
  }
  if (answer.error) {
    // What is not here is an error of its own in this face.
    const bool is_absent = answer.error->status() == spatio::Status::not_found;
    if (is_absent && step["expect"]["found"] == Json(false)) return {};
    return "refused: " + std::string(answer.error->message());
  }
  if (step.has("bind")) {
    const Json& handle = answer.value["handle"];
    if (!handle.is(Json::Kind::whole)) return "no handle to bind";
    bound_[step["bind"].string] = static_cast<spatio::Handle>(handle.integer);
  }
  return difference(step["expect"], answer.value, bound_);
}

Answer Stage::play(const std::string& op, const Json& args) {
  if (op == "clock") {
    clock_us_ += args::whole(args["advance_us"]);
    return Json::object();
  }
  if (op == "open") return open(args);
  if (Played answer = play_files(*this, op, args)) return *answer;
  if (Played answer = play_shapes(op, args)) return *answer;
  if (Played answer = play_indexes(*this, indexes_, hits_, op, args)) return *answer;
  if (Played answer = play_streams(indexes_, streams_, hits_, op, args)) return *answer;
  if (Played answer = play_packs(*this, packs_, op, args)) return *answer;
  if (Played answer = play_fences(*this, fences_, op, args)) return *answer;
  Open& open = database(args);
  if (Played answer = play_whole(*this, open.db, op, args)) return *answer;

  const std::string name = args.has("ns") ? args["ns"].string : "main";
  if (open.spaces.find(name) == open.spaces.end()) {
    auto opened = open.db.open_namespace(name);
    if (!opened) return opened.error();
    open.spaces.emplace(name, std::move(opened).value());
  }
  const spatio::Namespace& ns = open.spaces.at(name);
  for (auto room : {play_objects, play_batches, play_queries, play_past, play_freeze})
    if (Played answer = room(*this, ns, op, args)) return *answer;
  nonsense("no such operation: " + op);
}

// Opens a database under a name; one that was open under it is given up.
Answer Stage::open(const Json& args) {
  const spatio::Options with = options(args["options"]);
  const std::string path = folder_ / (args.has("path") ? args["path"].string : "db");
  auto opened = args["memory"] == Json(true) ? spatio::Database::memory(with)
                                             : spatio::Database::open(path, with);
  if (!opened) return opened.error();
  const std::string name = args.has("as") ? args["as"].string : "db";
  open_[name] = Open{std::move(opened).value(), {}};
  return Json::object();
}

spatio::Options Stage::options(const Json& options) {
  using spatio::OnDamage;
  using spatio::Sync;
  spatio::Options made;
  made.background(false).clock([this] { return clock_us_.load(); });
  for (const auto& [key, value] : options.fields) {
    if (key == "sync") {
      made.sync(args::named<Sync>(
          value, {{"every", Sync::every}, {"always", Sync::always}, {"never", Sync::never}}));
    } else if (key == "recovery") {
      made.on_damage(args::named<OnDamage>(value, {{"salvage", OnDamage::salvage}}));
    } else if (key == "read_only") {
      made.read_only(value.truth);
    } else if (key == "segment_bytes") {
      made.segment_bytes(static_cast<std::uint64_t>(args::whole(value)));
    } else if (key == "buffer_records") {
      made.buffer_records(static_cast<std::uint64_t>(args::whole(value)));
    } else if (key == "sync_period_us") {
      made.sync_period(std::chrono::microseconds(args::whole(value)));
    } else {
      nonsense("option " + key);
    }
  }
  return made;
}

Stage::Open& Stage::database(const Json& args) {
  const std::string name = args.has("db") ? args["db"].string : "db";
  const auto found = open_.find(name);
  if (found == open_.end()) nonsense("no database " + name);
  return found->second;
}

spatio::Handle Stage::handle(const spatio::Namespace& ns, const Json& value) const {
  const std::string& word = args::text(value);
  if (word[0] == '#') return std::strtoull(word.c_str() + 1, nullptr, 10);
  if (word[0] == '@') {
    const auto found = bound_.find(word.substr(1));
    if (found == bound_.end()) nonsense(word + " is not bound");
    return found->second;
  }
  const auto found = ns.find_handle(word);
  if (!found) nonsense(word + " has no handle");
  return *found;
}

std::vector<spatio::Handle> Stage::handles(const spatio::Namespace& ns, const Json& value) const {
  std::vector<spatio::Handle> found;
  for (const Json& item : value.items) found.push_back(handle(ns, item));
  return found;
}
